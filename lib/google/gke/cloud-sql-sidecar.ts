import { Construct } from "constructs";
import type { IDatabaseServer } from "../../database";
import { type IDatabaseSidecar, ProxiedServer } from "../../kubernetes";
import {
  type CloudSqlProxyOptions,
  checkCloudSqlProxy,
  cloudSqlProxyContainer,
} from "./cloud-sql-proxy-container";

/** Properties of a `CloudSqlSidecar`. */
export interface CloudSqlSidecarProps extends CloudSqlProxyOptions {
  /** The server. */
  readonly server: IDatabaseServer;
  /** Whether the proxy logs in by the pod's identity, so that the database's owner needs no password. @default false */
  readonly automaticLogin?: boolean;
}

/**
 * Google's Auth Proxy beside an application, in the same pod. Makes no object of its own: the application's pod gets
 * `container` among its init containers, and the application a database of `server`.
 *
 * @example
 * const sidecar = new CloudSqlSidecar(this, "proxy", {
 *   server: cloudSql, connectionName: cloudSql.connectionName,
 * });
 * new CoderRelease(this, "coder", {
 *   database: sidecar.server.database("coder"), sidecars: [sidecar], identity,
 *   accessUrl: "https://coder.example.com", chartVersion: "2.33.6",
 * });
 */
export class CloudSqlSidecar extends Construct implements IDatabaseSidecar {
  /** The container, in the words of the Kubernetes API. */
  public readonly container: { readonly [field: string]: unknown };
  /** The server as the pod's other containers see it. */
  public readonly server: IDatabaseServer;

  public constructor(scope: Construct, id: string, props: CloudSqlSidecarProps) {
    super(scope, id);
    checkCloudSqlProxy(this, props);
    const port = props.port ?? props.server.engine.defaultPort;
    const automaticLogin = props.automaticLogin ?? false;
    this.container = cloudSqlProxyContainer({ ...props, port }, { localOnly: true, automaticLogin });
    this.server = new ProxiedServer(this, "Server", {
      server: props.server,
      endpoint: { host: "127.0.0.1", port, isPrivate: true },
      automaticLogin,
    });
  }
}
