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
  type MachineClass,
  type MachineSize,
  type StorageProps,
  type TlsTrust,
} from "../../database";
import { isResolved, SynthChecks } from "../../database/private";
import { createInstance, type ICloudSqlInstance, reachInstance } from "./cloud-sql-instance";
import type { CloudSqlInstanceOptions } from "./cloud-sql-instance-options";
import type { ICloudSqlNetwork } from "./cloud-sql-network";
import type { CloudSqlServer } from "./cloud-sql-server";
import { databaseVersion } from "./cloud-sql-version";

/** Properties of a `CloudSqlReadReplica`. */
export interface CloudSqlReadReplicaProps extends CloudSqlInstanceOptions {
  /** The server that it follows. */
  readonly source: CloudSqlServer;
  /** The region. @default - the source's */
  readonly region?: string;
  /** How clients reach it; with Private Service Connect in another region one of that region. @default - the source's */
  readonly network?: ICloudSqlNetwork;
  /** The machine. A replica smaller than its source falls behind. @default - the source's */
  readonly size?: MachineSize;
  /** The disk. @default - the source's, and it may grow as the source's may */
  readonly storage?: StorageProps;
  /** Whether the replica has a standby in another zone. @default Availability.ZONAL */
  readonly availability?: Availability;
  /** Backups, once it is promoted. @default - 14 backups, from 03:00 UTC */
  readonly backup?: BackupPolicy;
  /**
   * Whether the replica becomes a server of its own: it stops following its source for good, takes writes and is backed
   * up. @default false
   */
  readonly promoted?: boolean;
}

/**
 * A copy of a server that follows it and answers queries, in the same region or another one. Logins, passwords,
 * databases and, unless told otherwise, flags are the source's. Cloud SQL takes no backups of it.
 *
 * @example
 * const replica = new CloudSqlReadReplica(this, "replica", { source: server, region: "europe-west4" });
 */
export class CloudSqlReadReplica extends Construct implements ICloudSqlInstance {
  public readonly resource: SqlDatabaseInstance;
  public readonly engine: DatabaseEngine;
  public readonly machine: MachineClass;
  public readonly connectionCapacity?: ConnectionCapacity;
  public readonly isReplica: boolean;
  /** Where it listens. */
  public readonly endpoint: Endpoint;
  /** What a client needs to trust it. */
  public readonly tls: TlsTrust;
  /** Where it runs. */
  public readonly location: DatabaseLocation;
  /** What has to exist before anybody connects. */
  public readonly dependables: ITerraformDependable[];

  public constructor(scope: Construct, id: string, props: CloudSqlReadReplicaProps) {
    super(scope, id);
    const checks = new SynthChecks(this);
    const from = props.source._props;
    const region = props.region ?? from.region;
    const network = props.network ?? from.network;
    const sameRegion = region === from.region;
    const promoted = props.promoted ?? false;
    const options: CloudSqlInstanceOptions = {
      ...props,
      project: props.project ?? from.project,
      provider: props.provider ?? from.provider,
      availability: props.availability ?? Availability.ZONAL,
      edition: props.edition ?? (props.size ? undefined : from.edition),
      // PostgreSQL refuses a replica that takes fewer connections than its source.
      maxConnections: props.maxConnections ?? from.maxConnections,
      parameters: props.parameters ?? from.parameters,
      slowQueryMs: props.slowQueryMs ?? from.slowQueryMs,
      iamAuthentication: props.iamAuthentication ?? from.iamAuthentication,
      tlsMode: props.tlsMode ?? from.tlsMode,
      certificateAuthority: props.certificateAuthority ?? from.certificateAuthority,
      encryptionKeyName: props.encryptionKeyName ?? (sameRegion ? from.encryptionKeyName : undefined),
      // In its region the source has been granted the key already.
      grantEncryptionKey:
        props.grantEncryptionKey ?? (sameRegion && props.encryptionKeyName === undefined ? false : undefined),
    };
    checkReplica(checks, props, region);
    const { resource, machine, capacity } = createInstance(this, checks, {
      engine: from.engine,
      databaseVersion: databaseVersion(from.engine),
      size: props.size ?? from.size,
      storage: props.storage ?? from.storage,
      network,
      region,
      options,
      backups: promoted ? { backup: props.backup } : undefined,
      primary: promoted ? undefined : props.source.resource.name,
    });
    // The provider promotes a replica when it becomes this type and loses its primary.
    if (promoted) resource.instanceType = "CLOUD_SQL_INSTANCE";
    this.resource = resource;
    this.engine = from.engine;
    this.machine = machine;
    this.connectionCapacity = capacity;
    this.isReplica = !promoted;
    this.location = { cloud: Cloud.GOOGLE, region };
    const reach = reachInstance(this, resource, { options, engine: from.engine, network, region });
    this.endpoint = reach.endpoint;
    this.tls = { ...reach.tls, clientCertificate: props.source.tls.clientCertificate };
    this.dependables = [resource, ...reach.dependables];
  }
}

function checkReplica(checks: SynthChecks, props: CloudSqlReadReplicaProps, region: string): void {
  const { source, maxConnections } = props;
  const from = source._props;
  const known = isResolved([region, from.region]);
  if (known && region !== from.region && from.encryptionKeyName && props.encryptionKeyName === undefined) {
    checks.fail(
      "encryptionKeyName",
      undefined,
      `the source is encrypted with a key of ${from.region}; a replica in ${region} needs one of its own region`,
    );
  }
  if (source.engine.family === EngineFamily.POSTGRES && isResolved(from.maxConnections)) {
    checks.check(
      "maxConnections",
      maxConnections,
      () => (maxConnections as number) >= (from.maxConnections ?? 0),
      `PostgreSQL refuses a replica that takes fewer connections than its source, ${from.maxConnections}`,
    );
  }
  const storage = props.storage;
  if (storage && isResolved([storage.sizeGiB, from.storage.sizeGiB])) {
    checks.check(
      "storage.sizeGiB",
      storage.sizeGiB,
      () => storage.sizeGiB >= from.storage.sizeGiB,
      `the source's data has to fit: allowed is at least ${from.storage.sizeGiB}`,
    );
  }
  for (const property of ["maintenanceWindow", "denyMaintenance"] as const) {
    if (props[property] !== undefined && !props.promoted) {
      checks.fail(
        property,
        props[property],
        "Cloud SQL updates a replica together with its source; leave it out",
      );
    }
  }
  if (props.backup !== undefined && !props.promoted) {
    checks.fail("backup", props.backup, "Cloud SQL backs up no replica; leave it out until it is promoted");
  }
}
