// What Cloud SQL would refuse of an instance, and what a program gave up.

import { Op, type Precondition } from "cdktf";
import { Cloud, checkStorage, DeletionPolicy, type MachineClass, type StorageProps } from "../../database";
import { checkServerName, isResolved, type SynthChecks } from "../../database/private";
import { checkEncryptionKey } from "../secrets/encryption-grant";
import { isEnterprisePlus } from "./cloud-sql-edition";
import { checkFlags } from "./cloud-sql-flags";
import { type CloudSqlInstanceSpec, flagIntents, grows, isRegional } from "./cloud-sql-instance-spec";
import { checkLabels } from "./cloud-sql-labels";
import { checkMaintenance } from "./cloud-sql-maintenance";
import { TlsMode } from "./cloud-sql-tls";
import { CONNECTION_NAME_LENGTH } from "./data/cloud-sql-limits";

/** Reports what Cloud SQL refuses of an instance. @internal */
export function checkInstance(checks: SynthChecks, spec: CloudSqlInstanceSpec, machine: MachineClass): void {
  const { options, engine, region } = spec;
  checks.matches("region", region, /^[a-z]+-[a-z]+[0-9]+$/, "allowed is a region such as europe-west1");
  checkServerName(checks, "instanceName", Cloud.GOOGLE, options.instanceName);
  const { instanceName, project } = options;
  if (instanceName !== undefined && project !== undefined && isResolved([instanceName, project])) {
    const whole = `${project}:${instanceName}`;
    checks.check(
      "instanceName",
      whole,
      () => whole.length <= CONNECTION_NAME_LENGTH,
      `project and name together have at most ${CONNECTION_NAME_LENGTH} characters`,
    );
  }
  checkStorage(checks, Cloud.GOOGLE, engine, spec.storage);
  checkFlags(checks, flagIntents(engine, options));
  checkMaintenance(checks, options.maintenanceWindow, options.denyMaintenance);
  checkEncryptionKey(checks, options.encryptionKeyName, options.encryptionServiceAgent, region);
  checkLabels(checks, options.tags);
  checkZones(checks, spec);
  const authority = options.certificateAuthority;
  checks.matches(
    "certificateAuthority",
    authority?.caPool,
    /^projects\/[^/]+\/locations\/[^/]+\/caPools\/[^/]+$/,
    "allowed is projects/PROJECT/locations/REGION/caPools/POOL",
  );
  if (options.autoMinorVersionUpgrade === false) {
    checks.fail(
      "autoMinorVersionUpgrade",
      false,
      "Cloud SQL installs minor versions in the maintenance window and that cannot be switched off; leave it out",
    );
  }
  if (options.dataCache === true && !isEnterprisePlus(machine)) {
    checks.fail(
      "dataCache",
      true,
      "only machines of ENTERPRISE_PLUS have one; leave it out or take size memory()",
    );
  }
  if (options.applyStorageSize && !grows(spec.storage)) {
    checks.fail(
      "applyStorageSize",
      true,
      "without storage.maxSizeGiB the size is always applied; leave it out",
    );
  }
  noteOptOuts(checks, spec, machine);
}

function checkZones(checks: SynthChecks, { options, region }: CloudSqlInstanceSpec): void {
  const { zone, secondaryZone } = options;
  for (const [property, value] of [
    ["zone", zone],
    ["secondaryZone", secondaryZone],
  ] as const) {
    if (value === undefined || !isResolved([value, region])) continue;
    checks.check(
      property,
      value,
      () => value.startsWith(`${region}-`) && /-[a-z]$/.test(value),
      `allowed is a zone of the region, such as ${region}-b`,
    );
  }
  if (secondaryZone === undefined) return;
  if (zone === undefined)
    checks.fail("secondaryZone", secondaryZone, "it is of use with zone only; give both");
  if (!isRegional(options)) {
    checks.fail("secondaryZone", secondaryZone, "there is a standby with Availability.ZONE_REDUNDANT only");
  }
  checks.check("secondaryZone", secondaryZone, () => secondaryZone !== zone, "it has to differ from zone");
}

function noteOptOuts(checks: SynthChecks, spec: CloudSqlInstanceSpec, machine: MachineClass): void {
  const { options } = spec;
  if (!isRegional(options) && spec.primary === undefined) {
    checks.optOut("availability: the server does not survive the loss of its zone");
  }
  if (options.deletionPolicy === DeletionPolicy.DELETE) {
    checks.optOut("deletionPolicy: the instance goes with its automated backups");
  }
  if (options.deletionPolicy === DeletionPolicy.SNAPSHOT) {
    checks.optOut(
      "deletionPolicy: the instance can be destroyed; Cloud SQL keeps its last automated backups for as long as they are retained, and makes no further one",
    );
  }
  if (options.tlsMode === TlsMode.OPTIONAL) checks.optOut("tlsMode: connections without TLS are let in");
  if (options.queryInsights === false)
    checks.optOut("queryInsights: nobody sees what the server is busy with");
  if (options.connectorRequired) {
    checks.warn(
      "connectorRequired: nobody connects directly; give applications a database by CloudSqlSidecar or CloudSqlAuthProxy",
    );
  }
  if (options.iamAuthentication === false)
    checks.optOut("iamAuthentication: nobody logs in by a Google identity");
  if (machine.burstable) {
    checks.optOut(`size: ${machine.name} shares its processor and has no SLA; for trials only`);
  }
}

/** The rules of storage for what only Terraform knows. @internal */
export function storagePreconditions({ sizeGiB, maxSizeGiB }: StorageProps): Precondition[] {
  const conditions: Precondition[] = [];
  if (!isResolved(sizeGiB)) {
    conditions.push({
      condition: Op.gte(sizeGiB, 10),
      errorMessage: "storage.sizeGiB has to be at least 10 on Cloud SQL.",
    });
  }
  if (maxSizeGiB !== undefined && !isResolved([sizeGiB, maxSizeGiB])) {
    conditions.push({
      condition: Op.gt(maxSizeGiB, sizeGiB),
      errorMessage: "storage.maxSizeGiB has to be more than storage.sizeGiB.",
    });
  }
  return conditions;
}
