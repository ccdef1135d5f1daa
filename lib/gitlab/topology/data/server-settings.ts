// Parameters of GitLab's servers by cloud. Sources, read 2026-11: tune.md (required settings), GitLab Environment Toolkit
// (settings on RDS and Cloud SQL), the package's defaults (omnibus-gitlab files/gitlab-cookbooks/postgresql/attributes/default.rb).
//
// `maintenance_work_mem` and `shared_buffers` follow the machine on every cloud, at GitLab's minimum or above it from 8 GiB of memory
// on [rec], so they are set for a self-managed server only. Cloud SQL has no flag `statement_timeout`, and preloads
// pg_stat_statements by itself, as Azure does [rec].

/** Milliseconds and KiB without a unit, as RDS, Cloud SQL and Azure take them. */
export const COMMON_PARAMETERS: { readonly [name: string]: string } = {
  deadlock_timeout: "5000",
  idle_in_transaction_session_timeout: "60000",
  random_page_cost: "2",
  work_mem: "16384",
};

export const REPLICA_PARAMETERS: { readonly [name: string]: string } = { hot_standby_feedback: "on" };

/** RDS writes a boolean as a number. */
export const RDS_REPLICA_PARAMETERS: { readonly [name: string]: string } = { hot_standby_feedback: "1" };

export const SELF_MANAGED_PARAMETERS: { readonly [name: string]: string } = {
  maintenance_work_mem: "65536",
  shared_buffers: "2GB",
};

export const PRELOAD = "pg_stat_statements";
export const EXTENSIONS = ["amcheck", "btree_gist", "pg_trgm", "pg_stat_statements"];
