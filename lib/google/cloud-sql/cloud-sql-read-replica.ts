import type { SqlDatabaseInstance } from "@cdktf/provider-google/lib/sql-database-instance";
import type { ITerraformDependable } from "cdktf";
import { Construct } from "constructs";
import {
  Availability,
  type BackupPolicy,
  Cloud,
  type ConnectionCapacity,
  type DatabaseEngine,
  type DatabaseLocation,
  type Endpoint,
  EngineFamily,
  type IReadReplica,
  type MachineSize,
  type StorageProps,
  type TlsTrust,
} from "../../database";
import { checkReplicaEngine, isResolved, requireProps, SynthChecks } from "../../database/private";
import type { ICloudSqlNetwork } from "../network/cloud-sql-network";
import { connectInstance } from "./cloud-sql-endpoint";
import { type CloudSqlInstanceOptions, createInstance, type ICloudSqlInstance } from "./cloud-sql-instance";
import type { CloudSqlServerProps, ICloudSqlServer } from "./cloud-sql-server";
import { grows } from "./cloud-sql-storage";
import type { CloudSqlMachine } from "./cloud-sql-tier";
import { databaseVersion } from "./cloud-sql-version";
import { existingDiskSize } from "./source-disk-size";

/** Properties of a `CloudSqlReadReplica`. */
export interface CloudSqlReadReplicaProps extends CloudSqlInstanceOptions {
  /**
   * The primary instance.
   *
   * @see https://cloud.google.com/sql/docs/postgres/replication
   */
  readonly source: ICloudSqlServer;
  /**
   * Engine and version of a MySQL replica. For a major version upgrade, set the new version here and apply, then upgrade the source: a
   * replica can read from an older source, not from a newer one. PostgreSQL does not replicate between major versions. @default - the
   * source's
   *
   * @see https://cloud.google.com/sql/docs/mysql/upgrade-major-db-version-inplace
   */
  readonly engine?: DatabaseEngine;
  /**
   * Region of the replica; another region makes it a cross-region replica.
   * @default - the source's region
   *
   * @see https://cloud.google.com/sql/docs/postgres/replication/cross-region-replicas
   */
  readonly region?: string;
  /**
   * Private connectivity; for Private Service Connect in another region, one of that region. Required if the source's is not
   * known. @default - the source's network
   *
   * @see https://cloud.google.com/sql/docs/postgres/private-ip
   */
  readonly network?: ICloudSqlNetwork;
  /**
   * Machine type; a replica smaller than its source lags. Required if the source's is not known.
   * @default - the source's size
   *
   * @see https://cloud.google.com/sql/docs/postgres/instance-settings#machine-type-2ndgen
   */
  readonly size?: MachineSize;
  /**
   * Storage, with automatic storage increase if the source has it; at creation the disk is at least as large as the source's is then.
   * Required if the source's is not known.
   * @default - the source's storage
   *
   * @see https://cloud.google.com/sql/docs/postgres/instance-settings#storage-capacity-2ndgen
   */
  readonly storage?: StorageProps;
  /**
   * Availability type of the replica.
   * @default Availability.ZONAL
   *
   * @see https://cloud.google.com/sql/docs/postgres/high-availability
   */
  readonly availability?: Availability;
  /**
   * Automated backups after the promotion.
   * @default - 14 backups, from 03:00 UTC
   *
   * @see https://cloud.google.com/sql/docs/postgres/backup-recovery/backups
   */
  readonly backup?: BackupPolicy;
  /**
   * Promotes the replica to a standalone instance: replication stops for good, and the instance accepts writes and is backed up.
   * @default false
   *
   * @see https://cloud.google.com/sql/docs/postgres/replication/manage-replicas#promote-replica
   */
  readonly promoted?: boolean;
}

/**
 * A read replica of a server, in the same region or another one. It has the source's logins, passwords, databases and, by
 * default, flags. Cloud SQL takes no backups of it.
 *
 * @see https://cloud.google.com/sql/docs/postgres/replication
 *
 * @example
 * const replica = new CloudSqlReadReplica(this, "replica", { source: server, region: "europe-west4" });
 */
export class CloudSqlReadReplica extends Construct implements ICloudSqlInstance, IReadReplica {
  public readonly engine: DatabaseEngine;
  public readonly machine: CloudSqlMachine;
  public readonly connectionCapacity?: ConnectionCapacity;
  public readonly isReplica: boolean;
  public readonly replicaOf?: ICloudSqlServer;
  public readonly instanceName: string;
  public readonly projectId: string;
  public readonly location: DatabaseLocation;
  /** The instance. */
  public readonly resource: SqlDatabaseInstance;
  /** Host and port. */
  public readonly endpoint: Endpoint;
  /** TLS settings for clients. */
  public readonly tls: TlsTrust;
  /** Resources that must exist before a client connects. */
  public readonly dependables: ITerraformDependable[];

  public constructor(scope: Construct, id: string, props: CloudSqlReadReplicaProps) {
    super(scope, id);
    requireProps(this.node.path, "CLOUDSQL-REPLICA", props, { source: true });
    const checks = new SynthChecks(this, "CLOUDSQL-REPLICA");
    const { source } = props;
    const engine = props.engine ?? source.engine;
    const from = source._replicaDefaults;
    const sourceRegion = source.location.region ?? "";
    const region = props.region ?? sourceRegion;
    const network = this.required("network", props.network ?? from.network);
    const promoted = props.promoted ?? false;
    const storage = this.required("storage", props.storage ?? from.storage);
    const options = replicaOptions(props, from, region === sourceRegion);
    checkReplica(checks, props, region);
    const { resource, machine, capacity } = createInstance(this, checks, {
      engine,
      databaseVersion: databaseVersion(engine),
      size: this.required("size", props.size ?? from.size),
      storage,
      sourceDiskSize: promoted || !grows(storage) ? undefined : this.sourceDiskSize(props),
      network,
      region,
      options,
      regional: props.availability === Availability.ZONE_REDUNDANT,
      backups: promoted ? { backup: props.backup } : undefined,
      primary: promoted ? undefined : source.instanceName,
    });
    // The provider promotes a replica that becomes this type and loses its primary.
    if (promoted) resource.instanceType = "CLOUD_SQL_INSTANCE";
    this.resource = resource;
    this.instanceName = resource.name;
    this.projectId = resource.project;
    this.engine = engine;
    this.machine = machine;
    this.connectionCapacity = capacity;
    this.isReplica = !promoted;
    this.replicaOf = promoted ? undefined : source;
    this.location = { cloud: Cloud.GOOGLE, region };
    const connection = connectInstance(this, resource, { options, engine, network, region });
    this.endpoint = connection.endpoint;
    this.tls = { ...connection.tls, clientCertificate: source.tls.clientCertificate };
    this.dependables = [resource, ...connection.dependables];
  }

  private sourceDiskSize({ source, provider }: CloudSqlReadReplicaProps): number {
    const { instanceName, projectId: project, _replicaDefaults: from } = source;
    return (
      source._diskSize ??
      existingDiskSize(this, { instanceName, project, provider: provider ?? from.provider })
    );
  }

  private required<T>(property: string, value: T | undefined): T {
    if (value !== undefined) return value;
    throw new Error(
      `[${this.node.path}] CLOUDSQL-REPLICA-${property.toUpperCase()}: ${property} must be set, since the source's is not known (got not set)`,
    );
  }
}

/** The replica's options, with the source's where they must or should be equal. */
function replicaOptions(
  props: CloudSqlReadReplicaProps,
  from: Partial<CloudSqlServerProps>,
  sameRegion: boolean,
): CloudSqlInstanceOptions {
  return {
    ...props,
    project: props.project ?? from.project,
    provider: props.provider ?? from.provider,
    edition: props.edition ?? (props.size ? undefined : from.edition),
    // PostgreSQL refuses a replica with fewer connections than its source.
    maxConnections: props.maxConnections ?? from.maxConnections,
    connectorRequired: props.connectorRequired ?? from.connectorRequired,
    parameters: props.parameters ?? from.parameters,
    slowQueryMs: props.slowQueryMs ?? from.slowQueryMs,
    iamAuthentication: props.iamAuthentication ?? from.iamAuthentication,
    tlsMode: props.tlsMode ?? from.tlsMode,
    certificateAuthority: props.certificateAuthority ?? from.certificateAuthority,
    encryptionKey: props.encryptionKey ?? (sameRegion ? from.encryptionKey : undefined),
    // In its region the source has the grant of the key already.
    grantEncryptionKey:
      props.grantEncryptionKey ?? (sameRegion && props.encryptionKey === undefined ? false : undefined),
  };
}

function checkReplica(checks: SynthChecks, props: CloudSqlReadReplicaProps, region: string): void {
  const { source, maxConnections, storage } = props;
  const from = source._replicaDefaults;
  if (props.engine) checkReplicaEngine(checks, props.engine, source.engine);
  const sourceRegion = source.location.region ?? "";
  const resolved = isResolved([region, sourceRegion]);
  if (resolved && region !== sourceRegion && from.encryptionKey && props.encryptionKey === undefined) {
    checks.fail(
      "encryptionKey",
      undefined,
      `must be set to a key of ${region}, since the source is encrypted with a key of ${sourceRegion}`,
    );
  }
  if (source.engine.family === EngineFamily.POSTGRES && isResolved(from.maxConnections)) {
    checks.check(
      "maxConnections",
      maxConnections,
      () => (maxConnections as number) >= (from.maxConnections ?? 0),
      `must be at least the source's, ${from.maxConnections}, since PostgreSQL refuses a replica with fewer connections`,
    );
  }
  const least = from.storage?.sizeGiB;
  if (storage && least !== undefined && isResolved([storage.sizeGiB, least])) {
    checks.check(
      "storage.sizeGiB",
      storage.sizeGiB,
      () => storage.sizeGiB >= least,
      `must be at least the source's, ${least}`,
    );
  }
  if (storage && !props.promoted && from.storage && grows(from.storage) && !grows(storage)) {
    checks.fail(
      "storage.maxSizeGiB",
      undefined,
      "must be set, since the source's disk grows and a replica's must not be smaller; leave storage out, or set both sizes",
    );
  }
  const sourceReach = from.network?.ipConfiguration;
  if (from.connectorRequired === true && sourceReach?.pscConfig !== undefined && !props.promoted) {
    // https://cloud.google.com/sql/docs/postgres/language-connectors (read 2026-11): "If the instance has connector enforcement
    // enabled, then you can't create read replicas", nor the other way round, for instances with Private Service Connect.
    checks.fail(
      "source",
      source.node.path,
      "must not have both connectorRequired and Private Service Connect, of which Cloud SQL creates no read replica; leave connectorRequired out at the source, or connect it with DatabaseNetwork (private services access)",
    );
  } else if (from.connectorRequired && props.connectorRequired === false) {
    checks.optOut(
      "connectorRequired: clients can connect to the replica directly, although not to its source",
    );
  }
  for (const property of ["maintenanceWindow", "denyMaintenance"] as const) {
    if (props[property] !== undefined && !props.promoted) {
      checks.fail(
        property,
        props[property],
        "must be left out, since Cloud SQL updates a replica together with its source",
      );
    }
  }
  if (props.backup !== undefined && !props.promoted) {
    checks.fail(
      "backup",
      props.backup,
      "must be left out until the replica is promoted, since Cloud SQL takes no backups of replicas",
    );
  }
}
