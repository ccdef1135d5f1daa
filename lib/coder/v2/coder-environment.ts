// Coder is configured by environment variables. Kubernetes accepts duplicates silently and the last one wins, so the user must
// not set a variable that the chart or this library sets.

import type { SynthChecks } from "../../database/private";
import { EnvironmentVariable } from "../../kubernetes";
import type { DatabaseAccess } from "../database/database-access";
import { checkVariables } from "../environment/user-variables";
import type { CoderProvisionerOptions } from "./coder-provisioners";

/** Variables that the chart's templates set (helm/coder/templates/_coder.tpl and helm/libcoder, read 2026-11). */
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

/** Variables that the construct sets, each with the property to use instead. */
const CONSTRUCT_OWNED: { readonly [name: string]: string } = {
  CODER_ACCESS_URL: "accessUrl",
  CODER_WILDCARD_ACCESS_URL: "wildcardAccessUrl",
  CODER_PG_CONNECTION_URL: "database",
  CODER_PG_AUTH: "database, with an owner that has a cloud identity",
  CODER_PG_CONN_MAX_OPEN: "pool.maxOpen",
  CODER_PG_CONN_MAX_IDLE: "pool.maxIdle",
};

/**
 * Reports invalid variables of the user.
 *
 * @param owned additional names that the construct sets, each with the property to use instead.
 */
export function checkEnvironment(
  checks: SynthChecks,
  variables: EnvironmentVariable[],
  owned: { readonly [name: string]: string } = {},
): void {
  checkVariables(checks, variables, {
    owned: { ...CONSTRUCT_OWNED, ...owned },
    isOfChart: (name) => CHART_OWNED.includes(name),
  });
  // The template compares the literal text; with a reference it would not open the port.
  const prometheus = variables.find(({ name }) => name === "CODER_PROMETHEUS_ENABLE");
  if (prometheus && prometheus.plainText === undefined) {
    checks.fail(
      "env",
      prometheus.name,
      "must be a plain value, because the chart's template reads it; use EnvironmentVariable.plain",
      "env.plain",
    );
  }
}

/**
 * Database connection pool of each Coder replica.
 *
 * @see https://coder.com/docs/reference/cli/server
 */
export interface CoderPool {
  /**
   * Maximum number of open connections (`CODER_PG_CONN_MAX_OPEN`), 1 or more. Requires chart version 2.30.0.
   */
  readonly maxOpen: number;
  /**
   * Maximum number of idle connections (`CODER_PG_CONN_MAX_IDLE`), 0 to `maxOpen`.
   * @default - Coder's: a third of `maxOpen`
   */
  readonly maxIdle?: number;
}

/** Properties from which Coder's environment is made. */
export interface CoderEnvironmentProps {
  readonly accessUrl: string;
  readonly wildcardAccessUrl?: string;
  readonly pool?: CoderPool;
  readonly provisioners?: CoderProvisionerOptions;
  readonly env?: EnvironmentVariable[];
}

/** Environment of Coder: the database connection, the properties, then the user's variables. */
export function coderEnvironment(
  props: CoderEnvironmentProps,
  access: DatabaseAccess,
): EnvironmentVariable[] {
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
