// The contract of database proxies: applications see these interfaces, a cloud's proxy implements one of them.

import type { ITerraformDependable } from "cdktf";
import type { IConstruct } from "constructs";
import type { IDatabaseServer } from "../database";

/** A container that starts before an application's containers in the same pod and runs beside them. */
export interface ISidecar {
  /**
   * The container in the fields of the Kubernetes API, with `restartPolicy: Always`; it goes among the pod's init containers.
   * Needs Kubernetes 1.29.
   *
   * @see https://kubernetes.io/docs/concepts/workloads/pods/sidecar-containers/
   */
  readonly container: { readonly [field: string]: unknown };
}

/** A proxy between clients in a cluster and a database server; it speaks TLS to the server for them. */
export interface IDatabaseProxy extends IConstruct {
  /** The server as clients of the proxy see it. */
  readonly server: IDatabaseServer;
}

/** A database proxy in the application's pod, such as `CloudSqlSidecar`. */
export interface IDatabaseSidecar extends IDatabaseProxy, ISidecar {}

/** A database proxy behind a Service, such as `CloudSqlAuthProxy`; for applications that take no sidecar. */
export interface IDatabaseProxyService extends IDatabaseProxy {
  /** The namespace of the Service. */
  readonly namespace: string;
  /** The resources that must exist before a client connects. */
  readonly dependables: ITerraformDependable[];
}
