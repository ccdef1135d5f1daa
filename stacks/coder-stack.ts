// The cloud-independent part of the Coder architectures.

import { HelmProvider } from "@cdktf/provider-helm/lib/provider";
import { KubernetesProvider } from "@cdktf/provider-kubernetes/lib/provider";
import { type TerraformBackend, TerraformOutput, TerraformStack } from "cdktf";
import type { Construct } from "constructs";
import {
  type CoderProvisionerOptions,
  CoderRehearsal,
  CoderRelease,
  type CoderResources,
  CoderSize,
} from "../lib/coder";
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
import type {
  EnvironmentVariable,
  HelmValues,
  IClusterConnection,
  KubernetesNamespace,
} from "../lib/kubernetes";
import type { RecoveryPlan, RestoreRunbook } from "../lib/recovery";
import { CODER_CHART_VERSION } from "./data/default-versions";
import { type BackupCloud, newestRowHours, StackBackups } from "./shared/backups";
import type { DatabaseStackProps } from "./shared/database-props";
import { backendOrLocalState } from "./shared/local-state";
import { type StackRecovery, stackRecovery } from "./shared/recovery";

/** Properties of a Coder architecture on any cloud. */
export interface CoderStackProps extends DatabaseStackProps {
  /** URL at which users reach Coder, such as `https://coder.example.com`; may be a token. */
  readonly accessUrl: string;
  /** Wildcard host name for workspace applications, such as `*.coder.example.com`; may be a token. @default - none */
  readonly wildcardAccessUrl?: string;
  /** Exact version of Coder's Helm chart. @default "2.36.6", the newest stable release that was found in 2026-11 */
  readonly chartVersion?: string;
  /** Number of users, which decides replicas, resources and the database's size. @default CoderSize.UP_TO_1K */
  readonly size?: CoderSize;
  /** Number of Coder's replicas. @default - Coder's recommendation for the size */
  readonly replicas?: number;
  /** CPU and memory of each replica. @default - Coder's recommendation for the size */
  readonly resources?: CoderResources;
  /** Additional environment variables of Coder, such as `EnvironmentVariable.plain("CODER_TELEMETRY_ENABLE", "false")`. @default - none */
  readonly env?: EnvironmentVariable[];
  /** External provisioners. @default - Coder's built-in ones */
  readonly provisioners?: CoderProvisionerOptions;
  /** Values of Coder's Helm chart for settings without a property here, such as ingress. @default - none */
  readonly values?: HelmValues;
  /** PostgreSQL version. @default PostgresVersion.V17 */
  readonly postgres?: PostgresVersion;
}

/** The properties of the database server that are the same on each cloud. */
export interface CoderDatabaseIntent {
  readonly engine: DatabaseEngine;
  readonly size: MachineSize;
  readonly storage: StorageProps;
  readonly availability?: Availability;
  readonly backup?: BackupPolicy;
  readonly maintenanceWindow?: MaintenanceWindow;
  readonly deletionPolicy?: DeletionPolicy;
  readonly passwordVersion?: number;
  readonly maxConnections?: number;
  readonly parameters?: { readonly [name: string]: string };
}

/** A stack with Coder on an existing Kubernetes cluster and a new PostgreSQL server. */
export abstract class CoderStack extends TerraformStack {
  /** Tags of all cloud resources; labels on Google Cloud. */
  protected readonly cloudTags: { [name: string]: string };
  /** The properties of the database server that are the same on each cloud. */
  protected readonly databaseIntent: CoderDatabaseIntent;
  /** True with DeletionPolicy.DELETE: the stack's resources are destroyed with it. */
  protected readonly disposable: boolean;
  private readonly coderProps: CoderStackProps;
  private release?: CoderRelease;
  private recoveryParts?: StackRecovery;
  private backupParts?: StackBackups;

  protected constructor(scope: Construct, id: string, props: CoderStackProps) {
    super(scope, id);
    this.coderProps = props;
    this.disposable = props.deletionPolicy === DeletionPolicy.DELETE;
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
      passwordVersion: props.passwordVersion,
      maxConnections: props.maxConnections,
      parameters: props.parameters,
    };
    // Ephemeral values and write-only arguments need Terraform 1.11.
    this.addOverride("terraform.required_version", ">= 1.11.0");
  }

  /** Backend of the stack: the one that the program added, or local state beside the output folder, with a warning. */
  public override ensureBackendExists(): TerraformBackend {
    return backendOrLocalState(this);
  }

  /** The Coder release. */
  public get coder(): CoderRelease {
    if (!this.release) throw new Error(`[${this.node.path}] CODER: installCoder must be called first`);
    return this.release;
  }

  /** Recovery plan: the data of Coder, its backups, and what is not covered. */
  public get recoveryPlan(): RecoveryPlan {
    return this.recovery.plan;
  }

  /** Restore runbook, which `npm start` writes to `RESTORE.md`. */
  public get runbook(): RestoreRunbook {
    return this.recovery.runbook;
  }

  /** Velero, dumps of the database, and rehearsals of their restore. */
  public get backups(): StackBackups {
    if (!this.backupParts) throw new Error(`[${this.node.path}] CODER: installCoder must be called first`);
    return this.backupParts;
  }

  private get recovery(): StackRecovery {
    if (!this.recoveryParts) throw new Error(`[${this.node.path}] CODER: installCoder must be called first`);
    return this.recoveryParts;
  }

  /** Namespace of Coder and its workspaces. */
  public get namespace(): KubernetesNamespace | undefined {
    return this.coder.namespace;
  }

  /** Installs Coder on the cluster with a database on the server. A cloud's constructor calls it once, at its end. */
  protected installCoder(cluster: IClusterConnection, server: IDatabaseServer, cloud: BackupCloud): void {
    const { accessUrl, chartVersion, size, deletionPolicy, recovery } = this.coderProps;
    const { wildcardAccessUrl, replicas, resources, env, provisioners, values } = this.coderProps;
    new KubernetesProvider(this, "kubernetes", cluster.kubernetes);
    new HelmProvider(this, "helm", { kubernetes: cluster.helm });
    const database = server.database("coder");
    this.release = new CoderRelease(this, "coder", {
      database,
      accessUrl,
      wildcardAccessUrl,
      chartVersion: chartVersion ?? CODER_CHART_VERSION,
      size: size ?? CoderSize.UP_TO_1K,
      replicas,
      resources,
      env,
      provisioners,
      values,
      // Workspace volumes are in the namespace. A namespace has no snapshots, so only DELETE allows its destruction.
      namespaceDeletionPolicy: deletionPolicy === DeletionPolicy.DELETE ? deletionPolicy : undefined,
    });
    new TerraformOutput(this, "database_host", {
      staticId: true,
      description: "Host name of the database server",
      value: server.endpoint.host,
    });
    this.backupParts = new StackBackups(this, "protection", {
      application: "coder",
      namespace: this.release.recovery.namespace,
      data: ["secrets", "release", "workspaces"],
      volumes: true,
      dumps: [
        {
          name: "database",
          data: "database",
          databases: [database],
          checks: [
            CoderRehearsal.newestHeartbeat(database, newestRowHours(recovery, 48)),
            CoderRehearsal.users(database),
          ],
        },
      ],
      cloud,
      recovery,
      disposable: this.disposable,
      inNamespace: this.release.namespace?.dependables ?? [],
      databaseSetup: this.release.databaseSetup?.dependables,
    });
    this.recoveryParts = stackRecovery(this, this.release, recovery, this.backupParts);
  }
}
