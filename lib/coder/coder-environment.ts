// Coder is set up by environment variables. Kubernetes takes a duplicate without a word and the last one wins, so a variable
// that the chart or this library sets must not come from the user as well.

import type { SynthChecks } from "../database/private";
import { EnvironmentVariable } from "../kubernetes";
import type { DatabaseAccess } from "./coder-database-access";
import { checkVariables } from "./coder-variables";
import type { CoderReleaseProps } from "./v2/coder-release-props";

/** Set by the chart's template (helm/coder/templates/_coder.tpl and helm/libcoder, read 2026-11). */
const CHART_OWNED = [
  "CODER_HTTP_ADDRESS",
  "CODER_TLS_ENABLE",
  "CODER_TLS_ADDRESS",
  "CODER_TLS_CERT_FILE",
  "CODER_TLS_KEY_FILE",
  "CODER_PROMETHEUS_ADDRESS",
  "CODER_PPROF_ADDRESS",
  "CODER_DERP_SERVER_RELAY_URL",
  "CODER_CLUSTER_HOST",
  "CODER_PROVISIONER_DAEMON_PSK",
  "KUBE_POD_IP",
];

/** Set by the construct, with the property to use instead. */
const CONSTRUCT_OWNED: { readonly [name: string]: string } = {
  CODER_ACCESS_URL: "accessUrl",
  CODER_WILDCARD_ACCESS_URL: "wildcardAccessUrl",
  CODER_PG_CONNECTION_URL: "database",
  CODER_PG_AUTH: "database, with an owner that has a cloud identity",
  CODER_PG_CONN_MAX_OPEN: "pool.maxOpen",
  CODER_PG_CONN_MAX_IDLE: "pool.maxIdle",
};

/** Names whose values are secrets by the option list (docs/reference/cli/server.md). */
const SECRET_NAME =
  /(_SECRET|_PASSWORD|_PSK|_ENCRYPTION_KEYS|_AUTH_HEADER|_API_KEY|_SESSION_TOKEN|_DAEMON_KEY)$/;

/**
 * Reports what is wrong with the variables that a user adds.
 *
 * @param owned further names that the construct sets, with the property to use instead.
 */
export function checkEnvironment(
  checks: SynthChecks,
  variables: EnvironmentVariable[],
  owned: { readonly [name: string]: string } = {},
): void {
  checkVariables(checks, variables, {
    owned: { ...CONSTRUCT_OWNED, ...owned },
    isOfChart: (name) => CHART_OWNED.includes(name),
    secretName: SECRET_NAME,
  });
  // The template compares the literal text; with a reference the port stays closed.
  const prometheus = variables.find(({ name }) => name === "CODER_PROMETHEUS_ENABLE");
  if (prometheus && prometheus.plainText === undefined) {
    checks.fail("env", prometheus.name, "the chart reads this one itself, so it has to be a plain text");
  }
}

/** Coder's environment: how it reaches its database, what its properties say, and what the user adds. */
export function coderEnvironment(props: CoderReleaseProps, access: DatabaseAccess): EnvironmentVariable[] {
  const { pool, provisioners, wildcardAccessUrl } = props;
  const plain = (name: string, value: string | number | undefined) =>
    value === undefined ? [] : [EnvironmentVariable.plain(name, `${value}`)];
  return [
    EnvironmentVariable.plain("CODER_ACCESS_URL", props.accessUrl),
    ...plain("CODER_WILDCARD_ACCESS_URL", wildcardAccessUrl),
    ...access.environment,
    ...plain("CODER_PG_CONN_MAX_OPEN", pool?.maxOpen),
    ...plain("CODER_PG_CONN_MAX_IDLE", pool?.maxIdle),
    ...plain("CODER_PROVISIONER_DAEMONS", provisioners && 0),
    ...(props.env ?? []),
  ];
}
