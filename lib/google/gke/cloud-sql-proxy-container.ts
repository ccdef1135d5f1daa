// Google's Auth Proxy v2 as a container: beside an application (a native sidecar, Kubernetes 1.29 or later) or in pods of
// its own. It speaks TLS to Cloud SQL with a certificate of its own that it renews, so the application speaks none.
// Flags and probes were compared with the help text of version 2.27.0.

import type { Construct } from "constructs";
import { SynthChecks } from "../../database/private";

/** The image unless another is named. */
export const CLOUD_SQL_PROXY_IMAGE = "gcr.io/cloud-sql-connectors/cloud-sql-proxy:2.27.0";

/** The user of the image, which is "distroless nonroot". */
const USER_ID = 65_532;

/** The port of the probes. */
const HEALTH_PORT = 9090;

/** By which of its addresses the proxy reaches an instance; without being told it takes the public one. */
export enum CloudSqlAddressKind {
  /** The address in the VPC, by private service access. */
  PRIVATE = "--private-ip",
  /** The endpoint of Private Service Connect, by the instance's DNS name. */
  PRIVATE_SERVICE_CONNECT = "--psc",
}

/** What a proxy is told. */
export interface CloudSqlProxyOptions {
  /** The instance, as `project:region:name`; may be a token. */
  readonly connectionName: string;
  /** By which address it is reached. @default CloudSqlAddressKind.PRIVATE */
  readonly addressKind?: CloudSqlAddressKind;
  /** The port on which the proxy listens, 1024 to 65535. @default 5432 */
  readonly port?: number;
  /** An image of the proxy, version 2, by an exact tag or digest. @default - Google's, version 2.27.0 */
  readonly image?: string;
  /** How long connections may end by themselves when the pod stops, in seconds, 0 to 600. @default 30 */
  readonly drainSeconds?: number;
}

/** How the proxy is run. @internal */
export interface CloudSqlProxyMode {
  /** Whether the pod's other containers alone may connect. */
  readonly localOnly: boolean;
  /** Whether the proxy logs in by the pod's identity, for whoever connects. */
  readonly automaticLogin: boolean;
}

/** The container, in the words of the Kubernetes API. @internal */
export function cloudSqlProxyContainer(
  options: CloudSqlProxyOptions,
  mode: CloudSqlProxyMode,
): { readonly [field: string]: unknown } {
  const port = options.port ?? 5432;
  const probe = (path: string) => ({ httpGet: { path, port: HEALTH_PORT } });
  return {
    name: "cloud-sql-proxy",
    image: options.image ?? CLOUD_SQL_PROXY_IMAGE,
    imagePullPolicy: "IfNotPresent",
    // What makes an init container a sidecar: it starts first and goes on.
    ...(mode.localOnly ? { restartPolicy: "Always" } : {}),
    args: [
      ...(mode.automaticLogin ? ["--auto-iam-authn"] : []),
      options.addressKind ?? CloudSqlAddressKind.PRIVATE,
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

/** Reports options that the proxy refuses. @internal */
export function checkCloudSqlProxy(scope: Construct, options: CloudSqlProxyOptions): SynthChecks {
  const checks = new SynthChecks(scope);
  checks.matches(
    "connectionName",
    options.connectionName,
    /^([a-z0-9.-]+:)?[a-z][a-z0-9-]{4,28}[a-z0-9]:[a-z]+-[a-z]+[0-9]+:[a-z][a-z0-9-]*$/,
    "allowed is project:region:instance",
  );
  checks.wholeNumber("port", options.port, 1024, 65_535);
  checks.check(
    "port",
    options.port,
    () => options.port !== HEALTH_PORT,
    `${HEALTH_PORT} is the port of the probes`,
  );
  checks.wholeNumber("drainSeconds", options.drainSeconds, 0, 600, "seconds");
  checks.matches(
    "image",
    options.image,
    /^[^\s:@]+(:\d+)?[^\s:@]*(:(?!latest$|1\.)[\w][\w.-]{0,127}|@sha256:[0-9a-f]{64}|:[\w.-]+@sha256:[0-9a-f]{64})$/,
    "allowed is an image of version 2 with an exact tag or a digest, not latest",
  );
  return checks;
}
