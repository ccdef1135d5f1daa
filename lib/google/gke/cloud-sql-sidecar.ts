// The container of the Cloud SQL Auth Proxy v2, as a sidecar of an application (Kubernetes 1.29 or later) or in separate pods. The
// proxy speaks TLS to Cloud SQL with a client certificate that it renews, so the application speaks none. Flags and probes were
// compared with the help text of version 2.27.0.

import { Construct } from "constructs";
import type { IDatabaseServer } from "../../database";
import { requireProps, SynthChecks } from "../../database/private";
import type { IDatabaseSidecar } from "../../kubernetes";
import { ProxiedServer } from "../../kubernetes/private";
import type { ICloudSqlServer } from "../cloud-sql/cloud-sql-server";

/** Default image of the Cloud SQL Auth Proxy. */
export const CLOUD_SQL_PROXY_IMAGE = "gcr.io/cloud-sql-connectors/cloud-sql-proxy:2.27.0";

/** The image's user, "nonroot" of distroless. */
const USER_ID = 65_532;

/** The port of the probes. */
const HEALTH_PORT = 9090;

/**
 * Kind of address with which the Auth Proxy connects to an instance; by default it uses the public one.
 *
 * @see https://cloud.google.com/sql/docs/postgres/connect-auth-proxy
 */
export enum CloudSqlAddressKind {
  /** Private IP address (private services access). */
  PRIVATE = "--private-ip",
  /** Private Service Connect endpoint, by the instance's DNS name. */
  PRIVATE_SERVICE_CONNECT = "--psc",
}

/** Options of the Cloud SQL Auth Proxy. */
export interface CloudSqlProxyOptions {
  /**
   * Connection name of the instance, `project:region:instance`; may be a token.
   *
   * @see https://cloud.google.com/sql/docs/postgres/instance-info
   */
  readonly connectionName: string;
  /**
   * Kind of address with which the proxy connects.
   * @default - that of the server's network; PRIVATE if it is not known
   *
   * @see https://cloud.google.com/sql/docs/postgres/connect-auth-proxy
   */
  readonly addressKind?: CloudSqlAddressKind;
  /**
   * Port on which the proxy listens, 1024 to 65535. @default - the port of the server's engine
   *
   * @see https://cloud.google.com/sql/docs/postgres/connect-auth-proxy
   */
  readonly port?: number;
  /**
   * Image of the Auth Proxy v2, with an exact tag or a digest. @default - Google's image, version 2.27.0
   *
   * @see https://cloud.google.com/sql/docs/postgres/sql-proxy
   */
  readonly image?: string;
  /**
   * Seconds to wait for open connections when the pod stops (`--max-sigterm-delay`), 0 to 600.
   * @default 30
   *
   * @see https://cloud.google.com/sql/docs/postgres/sql-proxy
   */
  readonly drainSeconds?: number;
}

/** The server behind the proxy. @internal */
export interface ProxiedTarget {
  readonly server: IDatabaseServer;
}

/** Settings of the container that depend on where it runs. @internal */
export interface CloudSqlProxyMode {
  /** True for a sidecar: only the pod's other containers can connect. */
  readonly localOnly: boolean;
  /** True for automatic IAM database authentication with the pod's identity, for all clients. */
  readonly automaticLogin: boolean;
}

/** The container, in the fields of the Kubernetes API. @internal */
export function cloudSqlProxyContainer(
  options: CloudSqlProxyOptions & ProxiedTarget,
  mode: CloudSqlProxyMode,
): { readonly [field: string]: unknown } {
  const port = options.port ?? 5432;
  const probe = (path: string) => ({ httpGet: { path, port: HEALTH_PORT } });
  return {
    name: "cloud-sql-proxy",
    image: options.image ?? CLOUD_SQL_PROXY_IMAGE,
    imagePullPolicy: "IfNotPresent",
    // Makes an init container a sidecar: it starts first and keeps running.
    ...(mode.localOnly ? { restartPolicy: "Always" } : {}),
    args: [
      ...(mode.automaticLogin ? ["--auto-iam-authn"] : []),
      options.addressKind ?? addressKindOf(options.server) ?? CloudSqlAddressKind.PRIVATE,
      "--structured-logs",
      "--exit-zero-on-sigterm",
      `--max-sigterm-delay=${options.drainSeconds ?? 30}s`,
      "--health-check",
      // Probes come from the node, not from inside the pod.
      "--http-address=0.0.0.0",
      `--http-port=${HEALTH_PORT}`,
      `--address=${mode.localOnly ? "127.0.0.1" : "0.0.0.0"}`,
      `--port=${port}`,
      options.connectionName,
    ],
    ports: mode.localOnly ? undefined : [{ name: "database", containerPort: port }],
    startupProbe: { ...probe("/startup"), periodSeconds: 1, failureThreshold: 60, timeoutSeconds: 5 },
    livenessProbe: { ...probe("/liveness"), periodSeconds: 10, failureThreshold: 6, timeoutSeconds: 5 },
    ...(mode.localOnly
      ? {}
      : { readinessProbe: { ...probe("/readiness"), periodSeconds: 10, timeoutSeconds: 5 } }),
    resources: { requests: { cpu: "100m", memory: "64Mi" }, limits: { memory: "256Mi" } },
    securityContext: {
      runAsNonRoot: true,
      runAsUser: USER_ID,
      runAsGroup: USER_ID,
      readOnlyRootFilesystem: true,
      allowPrivilegeEscalation: false,
      capabilities: { drop: ["ALL"] },
      seccompProfile: { type: "RuntimeDefault" },
    },
  };
}

/** Kind of address of a server, if its network is known. */
function addressKindOf(server: IDatabaseServer): CloudSqlAddressKind | undefined {
  const network = (server as Partial<ICloudSqlServer>)._replicaDefaults?.network;
  if (network === undefined) return undefined;
  return network.ipConfiguration.pscConfig
    ? CloudSqlAddressKind.PRIVATE_SERVICE_CONNECT
    : CloudSqlAddressKind.PRIVATE;
}

/** Refuses options that the proxy refuses. @internal */
export function checkCloudSqlProxy(
  scope: Construct,
  options: CloudSqlProxyOptions & ProxiedTarget,
): SynthChecks {
  const checks = new SynthChecks(scope, "CLOUDSQL-PROXY");
  const kind = addressKindOf(options.server);
  checks.check(
    "addressKind",
    options.addressKind,
    () => kind === undefined || options.addressKind === kind,
    kind === CloudSqlAddressKind.PRIVATE
      ? "must be CloudSqlAddressKind.PRIVATE, since the server has a private IP address; leave it out"
      : "must be CloudSqlAddressKind.PRIVATE_SERVICE_CONNECT, since the server has no other address; leave it out",
  );
  checks.matches(
    "connectionName",
    options.connectionName,
    /^([a-z0-9.-]+:)?[a-z][a-z0-9-]{4,28}[a-z0-9]:[a-z]+-[a-z]+[0-9]+:[a-z][a-z0-9-]*$/,
    "must be project:region:instance",
  );
  checks.wholeNumber("port", options.port, 1024, 65_535);
  checks.check(
    "port",
    options.port,
    () => options.port !== HEALTH_PORT,
    `must not be ${HEALTH_PORT}, the port of the probes`,
  );
  checks.wholeNumber("drainSeconds", options.drainSeconds, 0, 600, "seconds");
  checks.matches(
    "image",
    options.image,
    /^[^\s:@]+(:\d+)?[^\s:@]*(:(?!latest$|1\.)[\w][\w.-]{0,127}|@sha256:[0-9a-f]{64}|:[\w.-]+@sha256:[0-9a-f]{64})$/,
    "must be an image of the Auth Proxy v2 with an exact tag or a digest, and not latest",
  );
  return checks;
}

/** Properties of a `CloudSqlSidecar`. */
export interface CloudSqlSidecarProps extends CloudSqlProxyOptions {
  /** The server. */
  readonly server: IDatabaseServer;
  /**
   * Enables automatic IAM database authentication with the pod's identity, so that the database's owner needs no password.
   * @default false
   *
   * @see https://cloud.google.com/sql/docs/postgres/iam-logins
   */
  readonly automaticLogin?: boolean;
}

/**
 * The Cloud SQL Auth Proxy as a sidecar of an application. Creates no objects: give the application the sidecar, and a database of
 * `server`.
 *
 * @see https://cloud.google.com/sql/docs/postgres/connect-kubernetes-engine
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
  public readonly container: { readonly [field: string]: unknown };
  /** The server as the pod's other containers see it. */
  public readonly server: IDatabaseServer;

  public constructor(scope: Construct, id: string, props: CloudSqlSidecarProps) {
    super(scope, id);
    requireProps(this.node.path, "CLOUDSQL-PROXY", props, { server: true, connectionName: true });
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
