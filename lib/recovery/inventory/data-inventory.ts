import type { IConstruct } from "constructs";
import type { Protection, RecoveryKey, RecoveryScenario, RestoreStep } from "../../database";

/** Kind of data of an application. */
export enum DataKind {
  /** Logical databases on a server. */
  DATABASE = "database",
  /** Objects of a bucket or blob container. */
  OBJECT_STORE = "object store",
  /** Container images of a registry. */
  IMAGE_REGISTRY = "image registry",
  /** Git repositories. */
  REPOSITORIES = "repositories",
  /** Passwords and keys. */
  SECRETS = "secrets and keys",
  /** Settings and objects of the application in the cluster. */
  APPLICATION_CONFIGURATION = "application configuration",
  /** The cluster and the cloud resources, as code. */
  CLUSTER_CONFIGURATION = "cluster configuration",
  /** Persistent volumes. */
  VOLUMES = "volumes",
}

/** One piece of data of an application. */
export interface DataItem {
  /** Id within the application: lower-case letters, digits and hyphens. Reports, acceptances and rehearsals refer to it. */
  readonly id: string;
  /** Kind of the data. */
  readonly kind: DataKind;
  /** Description: `Database coder on RDS`. May be a token. */
  readonly description: string;
  /** Place of the data: a host, a bucket, a namespace. May be a token. */
  readonly location: string;
  /** True if its loss cannot be made good by configuration or by a rebuild. */
  readonly holdsUserData: boolean;
  /** Scenarios that lose the data, and that a mechanism has to cover. @default - those of the kind */
  readonly lostIn?: readonly RecoveryScenario[];
  /** Mechanisms that the program knows. Not set if nothing is known of them, as for an existing server. */
  readonly protections?: readonly Protection[];
  /** Keys that reading the restored data needs, such as encryption keys of the application. @default - none */
  readonly keys?: readonly RecoveryKey[];
}

/** Data of an application and the steps of its restore that only the application knows. */
export interface ApplicationRecovery {
  /** Name of the application: `Coder`. */
  readonly application: string;
  /** Kubernetes namespace of the application; may be a token. */
  readonly namespace: string;
  /** All data of the application, one item for each piece. */
  readonly data: readonly DataItem[];
  /** Steps that stop all writes, before databases and objects are restored. */
  readonly stop: readonly RestoreStep[];
  /** Steps that return the release to the version of the restored data, after a bad migration. */
  readonly rollback: readonly RestoreStep[];
  /** Steps that bring the release back in a new cluster or region, after databases, objects and secrets. */
  readonly release: readonly RestoreStep[];
  /**
   * True if the release has to run before repositories and objects are restored, because its own tools restore them, as GitLab's do.
   * @default false
   */
  readonly installsFirst?: boolean;
  /** Steps that start the workloads that `stop` has stopped. */
  readonly start: readonly RestoreStep[];
  /** Steps that show that the application works and that its data fits together. */
  readonly checks: readonly RestoreStep[];
}

/** An application that declares its data. */
export interface IRecoverable extends IConstruct {
  /** Data of the application and the steps of its restore. */
  readonly recovery: ApplicationRecovery;
}
