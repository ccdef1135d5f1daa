// What the three Coder architectures share: everything but the cloud's own part.

import { HelmProvider } from "@cdktf/provider-helm/lib/provider";
import { KubernetesProvider } from "@cdktf/provider-kubernetes/lib/provider";
import { TerraformOutput, TerraformStack } from "cdktf";
import type { Construct } from "constructs";
import { CoderRelease, CoderSize } from "../lib/coder";
import {
  type Availability,
  type BackupPolicy,
  DatabaseEngine,
  DeletionPolicy,
  type IDatabaseServer,
  type MachineSize,
  type MaintenanceWindow,
  PostgresVersion,
  type StorageProps,
} from "../lib/database";
import type { IClusterConnection } from "../lib/kubernetes";

/** Properties of a Coder architecture on any cloud. */
export interface CoderStackProps {
  /** The address at which people reach Coder, such as `https://coder.example.com`; may be a token. */
  readonly accessUrl: string;
  /** The exact version of Coder's chart. @default "2.33.6", the stable release of 2026-11 */
  readonly chartVersion?: string;
  /** How many people use Coder. @default CoderSize.UP_TO_1K */
  readonly size?: CoderSize;
  /** The database's machine. @default - what Coder recommends for the size */
  readonly databaseSize?: MachineSize;
  /** The database's disk. @default - what Coder recommends for the size, growing to twice as much */
  readonly storage?: StorageProps;
  /** The PostgreSQL version. @default PostgresVersion.V17 */
  readonly postgres?: PostgresVersion;
  /** What the database survives. @default Availability.ZONE_REDUNDANT */
  readonly availability?: Availability;
  /** How the database is backed up. @default - 14 days */
  readonly backup?: BackupPolicy;
  /** When the cloud may change the database. @default - Sunday, from 04:30 UTC */
  readonly maintenanceWindow?: MaintenanceWindow;
  /** What happens to the data when the stack is destroyed. @default DeletionPolicy.RETAIN */
  readonly deletionPolicy?: DeletionPolicy;
  /** Tags, or labels, for everything on the cloud. @default - application=coder */
  readonly tags?: { readonly [name: string]: string };
}

/** What a database server is asked for, in the words that every cloud's server takes. */
export interface CoderDatabaseIntent {
  readonly engine: DatabaseEngine;
  readonly size: MachineSize;
  readonly storage: StorageProps;
  readonly availability?: Availability;
  readonly backup?: BackupPolicy;
  readonly maintenanceWindow?: MaintenanceWindow;
  readonly deletionPolicy?: DeletionPolicy;
}

/** A stack with Coder on a cluster that you have and a PostgreSQL server of its own. */
export abstract class CoderStack extends TerraformStack {
  /** The tags, or labels, of everything on the cloud. */
  protected readonly cloudTags: { [name: string]: string };
  /** What the cloud's part asks of its server. */
  protected readonly databaseIntent: CoderDatabaseIntent;
  private readonly coderProps: CoderStackProps;

  protected constructor(scope: Construct, id: string, props: CoderStackProps) {
    super(scope, id);
    this.coderProps = props;
    this.cloudTags = { ...(props.tags ?? { application: "coder" }) };
    const { database } = props.size ?? CoderSize.UP_TO_1K;
    this.databaseIntent = {
      engine: DatabaseEngine.postgres(props.postgres ?? PostgresVersion.V17),
      size: props.databaseSize ?? database.machine,
      storage: props.storage ?? { sizeGiB: database.storageGiB, maxSizeGiB: database.storageGiB * 2 },
      availability: props.availability,
      backup: props.backup,
      maintenanceWindow: props.maintenanceWindow,
      deletionPolicy: props.deletionPolicy,
    };
    // Ephemeral values and write-only arguments came with 1.11.
    this.addOverride("terraform.required_version", ">= 1.11.0");
  }

  /** Installs Coder on the cluster, with a database on the server. */
  protected installCoder(cluster: IClusterConnection, server: IDatabaseServer): CoderRelease {
    const { accessUrl, chartVersion, size, deletionPolicy } = this.coderProps;
    new KubernetesProvider(this, "kubernetes", cluster.kubernetes);
    new HelmProvider(this, "helm", { kubernetes: cluster.helm });
    const release = new CoderRelease(this, "coder", {
      database: server.database("coder"),
      accessUrl,
      chartVersion: chartVersion ?? "2.33.6",
      size: size ?? CoderSize.UP_TO_1K,
      // The workspaces' volumes are data too. A namespace has no snapshots: short of DELETE, it stays.
      namespaceDeletionPolicy: deletionPolicy === DeletionPolicy.DELETE ? deletionPolicy : undefined,
    });
    new TerraformOutput(this, "database_host", {
      staticId: true,
      description: "Where the database listens",
      value: server.endpoint.host,
    });
    return release;
  }
}
