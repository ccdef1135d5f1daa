// Makes the provider's resource for a server or a replica, and what clients need to reach it.

import {
  SqlDatabaseInstance,
  type SqlDatabaseInstanceConfig,
} from "@cdktf/provider-google/lib/sql-database-instance";
import type { ITerraformDependable } from "cdktf";
import type { Construct, IConstruct } from "constructs";
import {
  Cloud,
  type ConnectionCapacity,
  type DatabaseEngine,
  DeletionPolicy,
  defaultConnectionCapacity,
  type Endpoint,
  type MachineClass,
  reservedConnections,
  type TlsTrust,
} from "../../database";
import { physicalName, type SynthChecks, terraformCall } from "../../database/private";
import { EncryptionGrant } from "../secrets/encryption-grant";
import { type BackupIntents, backupPreconditions, checkBackups } from "./cloud-sql-backup";
import { machineOf } from "./cloud-sql-edition";
import { checkInstance, storagePreconditions } from "./cloud-sql-instance-checks";
import { type CloudSqlInstanceSpec, grows } from "./cloud-sql-instance-spec";
import { settingsOf } from "./cloud-sql-settings";
import { CloudSqlCertificateAuthority, TlsMode } from "./cloud-sql-tls";
import { InstanceName } from "./instance-name";

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
  const { hostnameVerifiable } = options.certificateAuthority ?? CloudSqlCertificateAuthority.PER_INSTANCE;
  const { host, dependables } = network.connect(scope, {
    instance: resource,
    region,
    namePrefix: physicalName(scope, 50),
    hostnameVerifiable,
    tags: options.tags,
    provider: options.provider,
  });
  return {
    endpoint: { host, port: spec.engine.defaultPort, isPrivate: true },
    tls: {
      enforced: options.tlsMode !== TlsMode.OPTIONAL,
      // The provider marks the certificate sensitive, which it is not, and which would hide half of every plan.
      caCertificatesPem: terraformCall("nonsensitive", resource.serverCaCert.get(0).cert),
      hostnameVerifiable,
    },
    dependables,
  };
}
