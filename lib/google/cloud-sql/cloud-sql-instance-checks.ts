// Checks of an instance at synth, and its opt-outs.

import { DeletionPolicy } from "../../database";
import { isResolved, type SynthChecks } from "../../database/private";
import { checkEncryptionKey } from "../kms/crypto-key";

import { checkFlags } from "./cloud-sql-flags";
import type { CloudSqlInstanceSpec } from "./cloud-sql-instance";
import { checkMaintenance } from "./cloud-sql-maintenance";
import { checkCloudSqlStorage, grows } from "./cloud-sql-storage";
import type { CloudSqlMachine } from "./cloud-sql-tier";
import { isEnterprisePlus } from "./cloud-sql-tier";
import { TlsMode } from "./cloud-sql-tls";
import { CONNECTION_NAME_LENGTH } from "./data/limits";
import { SERVER_NAME } from "./data/names";

/** Refuses what Cloud SQL refuses of an instance, and records the opt-outs. @internal */
export function checkInstance(
  checks: SynthChecks,
  spec: CloudSqlInstanceSpec,
  machine: CloudSqlMachine,
): void {
  const { options, engine, region } = spec;
  checks.matches("region", region, /^[a-z]+-[a-z]+[0-9]+$/, "must be a region, such as europe-west1");
  checks.matches("instanceName", options.instanceName, SERVER_NAME.pattern, SERVER_NAME.rule);
  checkConnectionName(checks, options.project, options.instanceName);
  checkCloudSqlStorage(checks, spec.storage);
  checkFlags(checks, engine, options);
  checkMaintenance(checks, options.maintenanceWindow, options.denyMaintenance);
  checkEncryptionKey(checks, options.encryptionKey, "instance", [region]);
  checkServiceAgent(checks, spec);
  checkZones(checks, spec);
  checks.matches(
    "certificateAuthority",
    options.certificateAuthority?.caPool,
    /^projects\/[^/]+\/locations\/[^/]+\/caPools\/[^/]+$/,
    "must be projects/PROJECT/locations/REGION/caPools/POOL",
  );
  if (options.autoMinorVersionUpgrade === false) {
    checks.fail(
      "autoMinorVersionUpgrade",
      false,
      "must be left out or true: Cloud SQL installs minor versions in the maintenance window, and that cannot be disabled",
    );
  }
  if (options.dataCache === true && !isEnterprisePlus(machine)) {
    checks.fail(
      "dataCache",
      true,
      "must be left out on ENTERPRISE machines; use size memory() for a data cache",
    );
  }
  if (options.applyStorageSize && !grows(spec.storage)) {
    checks.fail(
      "applyStorageSize",
      true,
      "must be left out: without storage.maxSizeGiB the size is always applied",
    );
  }
  recordOptOuts(checks, spec, machine);
}

function checkConnectionName(
  checks: SynthChecks,
  project: string | undefined,
  name: string | undefined,
): void {
  if (name === undefined || project === undefined || !isResolved([name, project])) return;
  const whole = `${project}:${name}`;
  checks.check(
    "instanceName",
    whole,
    () => whole.length <= CONNECTION_NAME_LENGTH,
    `must have at most ${CONNECTION_NAME_LENGTH} characters together with the project`,
  );
}

function checkServiceAgent(checks: SynthChecks, { options }: CloudSqlInstanceSpec): void {
  const { encryptionKey, encryptionServiceAgent } = options;
  if (encryptionKey === undefined && encryptionServiceAgent !== undefined) {
    checks.fail("encryptionServiceAgent", encryptionServiceAgent, "must be left out without encryptionKey");
  }
  checks.matches(
    "encryptionServiceAgent",
    encryptionServiceAgent,
    /^[^@\s]+@[^@\s]+$/,
    "must be an e-mail address, such as service-1234@gcp-sa-cloud-sql.iam.gserviceaccount.com",
  );
}

function checkZones(checks: SynthChecks, { options, region, regional }: CloudSqlInstanceSpec): void {
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
      `must be a zone of the region, such as ${region}-b`,
    );
  }
  if (secondaryZone === undefined) return;
  if (zone === undefined) {
    checks.fail("secondaryZone", secondaryZone, "must be left out without zone; set both");
  }
  if (!regional) {
    checks.fail(
      "secondaryZone",
      secondaryZone,
      "must be left out without a standby instance; set availability to ZONE_REDUNDANT",
    );
  }
  checks.check("secondaryZone", secondaryZone, () => secondaryZone !== zone, "must differ from zone");
}

function recordOptOuts(checks: SynthChecks, spec: CloudSqlInstanceSpec, machine: CloudSqlMachine): void {
  const { options } = spec;
  if (!spec.regional && spec.primary === undefined) {
    checks.optOut("availability: no high availability; the outage of a zone is an outage of the server");
  }
  if (options.deletionPolicy === DeletionPolicy.DELETE) {
    checks.optOut("deletionPolicy: the instance can be deleted, together with its automated backups");
  }
  if (options.deletionPolicy === DeletionPolicy.SNAPSHOT) {
    checks.optOut(
      "deletionPolicy: the instance can be deleted; Cloud SQL retains its automated backups until they expire, and takes no final backup",
    );
  }
  if (options.tlsMode === TlsMode.OPTIONAL) checks.optOut("tlsMode: connections without TLS are accepted");
  if (options.queryInsights === false) checks.optOut("queryInsights: Query Insights is disabled");
  if (options.connectorRequired) {
    checks.warn(
      "connectorRequired: clients cannot connect directly; give applications a database of CloudSqlSidecar or CloudSqlAuthProxy",
      "connectorRequired",
    );
  }
  if (options.iamAuthentication === false) {
    checks.optOut("iamAuthentication: IAM database authentication is disabled");
  }
  if (machine.burstable) {
    checks.optOut(
      `size: ${machine.name} is a shared-core machine type, which the SLA does not cover; use it only for tests`,
    );
  }
}
