// First chart version of each feature. The chart has no schema: an older version accepts a newer value and ignores it
// silently, so each such property is checked against chartVersion.
//
// Sources, read 2026-11: github.com/coder/coder pull requests and their dates. Coder releases a minor version at the
// beginning of each month; where only the date of the merge is known the next minor is written here, marked [inf].

/** Oldest major version of PostgreSQL for Coder v1 and v2 (coder.com/docs/admin/infrastructure "PostgreSQL 13+", read 2026-11). */
export const OLDEST_POSTGRES = 13;

export const CODER_SINCE = {
  /** `coder.podSecurityContext`: PR #19041, 2025-07 [inf]. */
  podSecurityContext: "2.25.0",
  /** `CODER_PG_AUTH=awsiamrds`: requested in issue #11669 (2024-01), in use in issue #14210 (2024-08) [inf]. */
  awsIamLogin: "2.13.0",
  /** `CODER_PG_CONN_MAX_OPEN` and `_IDLE`: PR #21403, opened 2025-12-30 [inf]. Before: 10 open and 3 idle, fixed. */
  poolSettings: "2.30.0",
  /** `coder.strategy`: PR #29652, 2026-09-21; the release of that day, 2.37.2, does not have it. */
  strategy: "2.38.0",
  /** `provisionerDaemon.keySecretName` usable beside the default pre-shared key: PR #15417, 2024-11 [inf]. */
  provisionerKey: "2.18.0",
};

/** Coder v1, from docs' changelogs (coder/docs, changelog/1.27.0.md and following). */
export const CODER_CLASSIC_SINCE = {
  /** `postgres.default.enable`, `postgres.connector` and `postgres.ssl`; earlier charts use other keys. */
  postgresKeys: "1.27.0",
  /** `postgres.noPasswordEnv`. */
  noPasswordEnv: "1.35.0",
  /** `postgres.searchPath`; in the chart of 1.44.3, 1.37.0 by the changelog. */
  searchPath: "1.37.0",
};
