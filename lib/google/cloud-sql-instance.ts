// Makes the provider's resource for a server or a replica, and checks what went into it.

import {
  SqlDatabaseInstance,
  type SqlDatabaseInstanceConfig,
  type SqlDatabaseInstanceSettings,
} from "@cdktf/provider-google/lib/sql-database-instance";
import { Fn, type ITerraformDependable, Op, type Precondition } from "cdktf";
import type { Construct, IConstruct } from "constructs";
import {
  Availability,
  Cloud,
  type ConnectionCapacity,
  checkServerName,
  checkStorage,
  type DatabaseEngine,
  DeletionPolicy,
  defaultConnectionCapacity,
  type Endpoint,
  isKnown,
  type MachineClass,
  type MachineSize,
  reservedConnections,
  type StorageProps,
  type SynthChecks,
  stableName,
  type TlsTrust,
} from "../database";
import {
  type BackupIntents,
  type BackupWishes,
  backupConfiguration,
  backupPreconditions,
  checkBackups,
} from "./cloud-sql-backup";
import { isEnterprisePlus, machineOf } from "./cloud-sql-edition";
import { checkFlags, databaseFlags, type FlagIntents } from "./cloud-sql-flags";
import type { CloudSqlInstanceOptions } from "./cloud-sql-instance-options";
import { checkLabels } from "./cloud-sql-labels";
import {
  checkMaintenance,
  denyMaintenance,
  MaintenanceTrack,
  maintenanceWindow,
} from "./cloud-sql-maintenance";
import type { ICloudSqlNetwork } from "./cloud-sql-network";
import { CloudSqlCertificateAuthority, TlsMode } from "./cloud-sql-tls";
import { CONNECTION_NAME_LENGTH } from "./data/cloud-sql-limits";
import { checkEncryptionKey, EncryptionGrant } from "./encryption-grant";
import { InstanceName } from "./instance-name";

/** An instance to be made. @internal */
export interface CloudSqlInstanceSpec {
  readonly engine: DatabaseEngine;
  readonly databaseVersion: string;
  readonly size: MachineSize;
  readonly storage: StorageProps;
  readonly network: ICloudSqlNetwork;
  readonly region: string;
  readonly options: CloudSqlInstanceOptions;
  /** Left out for replicas, which are not backed up. */
  readonly backups?: BackupWishes;
  readonly primary?: string;
  readonly dependsOn?: ITerraformDependable[];
}

/** What was made. @internal */
export interface CloudSqlInstanceParts {
  readonly resource: SqlDatabaseInstance;
  readonly machine: MachineClass;
  readonly capacity?: ConnectionCapacity;
}

/** A server or a replica. */
export interface ICloudSqlInstance extends IConstruct {
  /** The instance. */
  readonly resource: SqlDatabaseInstance;
  /** The engine and version. */
  readonly engine: DatabaseEngine;
  /** The machine. */
  readonly machine: MachineClass;
  /** How many connections it takes; not set for a machine whose memory is not known. */
  readonly connectionCapacity?: ConnectionCapacity;
  /** Whether it follows another one. */
  readonly isReplica: boolean;
}

/** Makes the instance as the main child of its construct. @internal */
export function createInstance(
  scope: Construct,
  checks: SynthChecks,
  spec: CloudSqlInstanceSpec,
): CloudSqlInstanceParts {
  const { options, engine, region, network } = spec;
  const machine = machineOf(checks, engine, spec.size, options.edition);
  checkInstance(checks, spec, machine);
  const backups: BackupIntents | undefined = spec.backups && { ...spec.backups, engine, machine };
  if (backups) checkBackups(checks, backups);
  const { encryptionKeyName, provider, project } = options;
  const grant =
    encryptionKeyName && (options.grantEncryptionKey ?? true)
      ? new EncryptionGrant(scope, "EncryptionGrant", {
          keyName: encryptionKeyName,
          serviceAgent: options.encryptionServiceAgent,
          project,
          provider,
          dependsOn: options.dependsOn,
        }).resource
      : undefined;
  const dependsOn = [
    ...network.dependables,
    ...(grant ? [grant] : []),
    ...(options.dependsOn ?? []),
    ...(spec.dependsOn ?? []),
  ];
  const name =
    options.instanceName ??
    new InstanceName(scope, "Name", {
      // What makes Terraform or Google want another instance.
      keepers: {
        engine: engine.family,
        region,
        encryptionKey: encryptionKeyName ?? "",
        reach: network.ipConfiguration.pscConfig ? "private-service-connect" : "private-service-access",
      },
    }).name;
  const retain = (options.deletionPolicy ?? DeletionPolicy.RETAIN) === DeletionPolicy.RETAIN;
  const preconditions = [
    ...storagePreconditions(spec.storage),
    ...(backups ? backupPreconditions(backups) : []),
  ];
  const config: SqlDatabaseInstanceConfig = {
    name,
    project,
    region,
    databaseVersion: spec.databaseVersion,
    masterInstanceName: spec.primary,
    encryptionKeyName,
    deletionProtection: retain,
    settings: settingsOf(spec, machine, backups, retain),
    lifecycle: {
      // The provider's own protection speaks up in the middle of an apply; this one does in the plan.
      preventDestroy: retain ? true : undefined,
      ignoreChanges: grows(spec.storage) && !options.applyStorageSize ? ["settings[0].disk_size"] : undefined,
      precondition: preconditions.length > 0 ? preconditions : undefined,
    },
    provider,
    dependsOn: dependsOn.length > 0 ? dependsOn : undefined,
  };
  const capacity =
    options.maxConnections === undefined
      ? defaultConnectionCapacity(Cloud.GOOGLE, engine, machine)
      : {
          maximum: options.maxConnections,
          reserved: reservedConnections(Cloud.GOOGLE),
          basis: "maxConnections",
        };
  return { resource: new SqlDatabaseInstance(scope, "Resource", config), machine, capacity };
}

/** Makes what clients need to reach an instance and to trust it. @internal */
export function reachInstance(
  scope: Construct,
  resource: SqlDatabaseInstance,
  spec: Pick<CloudSqlInstanceSpec, "engine" | "network" | "region" | "options">,
): { endpoint: Endpoint; tls: TlsTrust; dependables: ITerraformDependable[] } {
  const { options, network, region } = spec;
  const { certifiesHost } = options.certificateAuthority ?? CloudSqlCertificateAuthority.PER_INSTANCE;
  const { host, dependables } = network.connect(scope, {
    instance: resource,
    region,
    namePrefix: stableName(scope, 50),
    certifiesHost,
    tags: options.tags,
    provider: options.provider,
  });
  return {
    endpoint: { host, port: spec.engine.defaultPort, isPrivate: true },
    tls: {
      enforced: options.tlsMode !== TlsMode.OPTIONAL,
      // The provider marks the certificate sensitive, which it is not, and which would hide half of every plan.
      caCertificatesPem: Fn.nonsensitive(resource.serverCaCert.get(0).cert),
      certifiesHost,
    },
    dependables,
  };
}

/** What the flags of an instance follow from. @internal */
export function flagIntents(engine: DatabaseEngine, options: CloudSqlInstanceOptions): FlagIntents {
  const { maxConnections, slowQueryMs, parameters } = options;
  return {
    engine,
    iamAuthentication: options.iamAuthentication ?? true,
    maxConnections,
    slowQueryMs,
    parameters,
  };
}

function settingsOf(
  spec: CloudSqlInstanceSpec,
  machine: MachineClass,
  backups: BackupIntents | undefined,
  retain: boolean,
): SqlDatabaseInstanceSettings {
  const { options, storage, engine } = spec;
  const authority = options.certificateAuthority ?? CloudSqlCertificateAuthority.PER_INSTANCE;
  return {
    tier: machine.name,
    edition: machine.edition,
    availabilityType: isRegional(options) ? "REGIONAL" : "ZONAL",
    diskType: "PD_SSD",
    diskSize: storage.sizeGiB,
    diskAutoresize: grows(storage),
    diskAutoresizeLimit: storage.maxSizeGiB,
    deletionProtectionEnabled: retain,
    retainBackupsOnDelete: backups && options.deletionPolicy !== DeletionPolicy.DELETE,
    connectorEnforcement: options.connectorRequired ? "REQUIRED" : "NOT_REQUIRED",
    userLabels: options.tags,
    backupConfiguration: backups && backupConfiguration(backups),
    databaseFlags: databaseFlags(flagIntents(engine, options)),
    dataCacheConfig: options.dataCache === undefined ? undefined : { dataCacheEnabled: options.dataCache },
    insightsConfig: {
      queryInsightsEnabled: options.queryInsights ?? true,
      queryPlansPerMinute: 5,
      queryStringLength: 1024,
      recordApplicationTags: true,
      recordClientAddress: false,
    },
    ipConfiguration: {
      ...spec.network.ipConfiguration,
      sslMode: options.tlsMode ?? TlsMode.ENCRYPTED,
      serverCaMode: authority.mode,
      serverCaPool: authority.caPool,
    },
    locationPreference: options.zone
      ? { zone: options.zone, secondaryZone: options.secondaryZone }
      : undefined,
    // Replicas are updated together with their primary.
    maintenanceWindow:
      spec.primary === undefined
        ? maintenanceWindow(options.maintenanceWindow, options.maintenanceTrack ?? MaintenanceTrack.STABLE)
        : undefined,
    denyMaintenancePeriod: spec.primary === undefined ? denyMaintenance(options.denyMaintenance) : undefined,
  };
}

function checkInstance(checks: SynthChecks, spec: CloudSqlInstanceSpec, machine: MachineClass): void {
  const { options, engine, region } = spec;
  checks.matches("region", region, /^[a-z]+-[a-z]+[0-9]+$/, "allowed is a region such as europe-west1");
  checkServerName(checks, "instanceName", Cloud.GOOGLE, options.instanceName);
  const { instanceName, project } = options;
  if (instanceName !== undefined && project !== undefined && isKnown([instanceName, project])) {
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
    if (value === undefined || !isKnown([value, region])) continue;
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

function isRegional(options: CloudSqlInstanceOptions): boolean {
  return (options.availability ?? Availability.ZONE_REDUNDANT) === Availability.ZONE_REDUNDANT;
}

/** Whether Cloud SQL may enlarge the disk by itself. */
function grows({ maxSizeGiB }: StorageProps): boolean {
  return maxSizeGiB !== undefined;
}

function storagePreconditions({ sizeGiB, maxSizeGiB }: StorageProps): Precondition[] {
  const conditions: Precondition[] = [];
  if (!isKnown(sizeGiB)) {
    conditions.push({
      condition: Op.gte(sizeGiB, 10),
      errorMessage: "storage.sizeGiB has to be at least 10 on Cloud SQL.",
    });
  }
  if (maxSizeGiB !== undefined && !isKnown([sizeGiB, maxSizeGiB])) {
    conditions.push({
      condition: Op.gt(maxSizeGiB, sizeGiB),
      errorMessage: "storage.maxSizeGiB has to be more than storage.sizeGiB.",
    });
  }
  return conditions;
}
