// Facts of GitLab's database dictionary, not of its code. Sources, read 2026-11: gitlabhq/gitlabhq
// db/gitlab_schemas/*.yaml (ci, ci_cell_local, main_cell_local, main_cell_setting, main_user, shared_cell_local at commit 9f2fc39e or
// later; main_org 017a6c12; main_cell, ci bc7f4d7d; main_clusterwide, pm, internal bf715779; sec 800235cc; sec_cell_local 41946e65;
// shared_org 0079cb93; main_jh a1af262e; main_clusterwide_setting ba00d505), db/database_connections/*.yaml (main 017a6c12, ci and sec
// 094a8a97) and the development page "Multiple databases".
//
// `inferred`: gitlab_geo and gitlab_embedding have no such files in the public copy; the databases that hold gitlab_sec_cell_local,
// gitlab_shared_org and gitlab_shared_cell_local, and which release brought the schemas with `since`, follow from their names and
// from the dates of the files.

/** A database of GitLab's dictionary. */
export interface DatabaseFacts {
  readonly name: string;
  /** Schemas whose tables are in it. */
  readonly holds: readonly string[];
  /** Schemas whose tables are in it but locked for writes. */
  readonly locks: readonly string[];
  /** Connection class. */
  readonly connectionClass: string;
  /** Database that is used while this one is not configured. */
  readonly fallback?: string;
  readonly usesLoadBalancing: boolean;
  /** True if its structure is that of main: one structure for all decomposed databases, with different data in each. */
  readonly sameStructureAsMain: boolean;
  readonly inferred?: boolean;
}

/** A value of `gitlab_schema`. */
export interface SchemaFacts {
  readonly name: string;
  /** Base class of the models; not set for tables without models. */
  readonly baseClass?: string;
  /** Schemas that a query may join with this one. */
  readonly joins: readonly string[];
  /** Schemas that a transaction may write together with this one. */
  readonly transactions: readonly string[];
  /** Schemas that a foreign key may reference. */
  readonly references: readonly string[];
  readonly requiresShardingKey: boolean;
  readonly shardingRoots?: readonly string[];
  /** Major version of GitLab in which it was introduced. */
  readonly since?: number;
  readonly inferred?: boolean;
}

const INTERNAL = "gitlab_internal";
const SHARED = "gitlab_shared";
const SHARED_ALL = [SHARED, "gitlab_shared_org", "gitlab_shared_cell_local"];
const EVERYWHERE = [INTERNAL, ...SHARED_ALL];

export const DATABASES: readonly DatabaseFacts[] = [
  {
    name: "main",
    holds: [
      ...EVERYWHERE,
      "gitlab_main",
      "gitlab_main_org",
      "gitlab_main_cell",
      "gitlab_main_cell_local",
      "gitlab_main_jh",
      "gitlab_pm",
      "gitlab_main_clusterwide",
      "gitlab_main_clusterwide_setting",
      "gitlab_main_cell_setting",
      "gitlab_main_user",
    ],
    locks: ["gitlab_ci", "gitlab_ci_cell_local", "gitlab_sec", "gitlab_sec_cell_local"],
    connectionClass: "ActiveRecord::Base",
    usesLoadBalancing: true,
    sameStructureAsMain: true,
  },
  {
    name: "ci",
    holds: [...EVERYWHERE, "gitlab_ci", "gitlab_ci_cell_local"],
    locks: [
      "gitlab_main",
      "gitlab_main_clusterwide",
      "gitlab_main_clusterwide_setting",
      "gitlab_main_cell",
      "gitlab_main_cell_local",
      "gitlab_pm",
      "gitlab_sec",
    ],
    connectionClass: "Ci::ApplicationRecord",
    fallback: "main",
    usesLoadBalancing: true,
    sameStructureAsMain: true,
  },
  {
    name: "sec",
    holds: [...EVERYWHERE, "gitlab_sec", "gitlab_sec_cell_local"],
    locks: [
      "gitlab_main",
      "gitlab_main_clusterwide",
      "gitlab_main_clusterwide_setting",
      "gitlab_main_cell",
      "gitlab_main_cell_local",
      "gitlab_ci",
      "gitlab_ci_cell_local",
      "gitlab_pm",
    ],
    connectionClass: "Gitlab::Database::SecApplicationRecord",
    fallback: "main",
    usesLoadBalancing: true,
    sameStructureAsMain: true,
  },
  {
    name: "geo",
    holds: [INTERNAL, "gitlab_geo"],
    locks: [],
    connectionClass: "Geo::TrackingBase",
    usesLoadBalancing: false,
    sameStructureAsMain: false,
    inferred: true,
  },
  {
    name: "embedding",
    holds: [INTERNAL, "gitlab_embedding"],
    locks: [],
    connectionClass: "Embedding::ApplicationRecord",
    usesLoadBalancing: false,
    sameStructureAsMain: false,
    inferred: true,
  },
];

const APPLICATION = "ApplicationRecord";
const own = (name: string, baseClass: string, requiresShardingKey: boolean): SchemaFacts => ({
  name,
  baseClass,
  joins: [SHARED],
  transactions: [INTERNAL, SHARED],
  references: [],
  requiresShardingKey,
});

export const SCHEMAS: readonly SchemaFacts[] = [
  { name: INTERNAL, joins: [], transactions: [], references: [], requiresShardingKey: false },
  shared(SHARED, false),
  { ...shared("gitlab_shared_org", true), shardingRoots: ["organizations"], since: 18 },
  { ...shared("gitlab_shared_cell_local", false), since: 18 },
  own("gitlab_main", APPLICATION, false),
  own("gitlab_pm", APPLICATION, false),
  own("gitlab_ci", "Ci::ApplicationRecord", true),
  own("gitlab_sec", "Gitlab::Database::SecApplicationRecord", true),
  {
    name: "gitlab_main_cell",
    baseClass: APPLICATION,
    joins: [SHARED, "gitlab_main", "gitlab_main_clusterwide"],
    transactions: [INTERNAL, SHARED, "gitlab_main", "gitlab_main_clusterwide"],
    references: ["gitlab_main", "gitlab_main_clusterwide"],
    requiresShardingKey: true,
  },
  {
    name: "gitlab_main_clusterwide",
    baseClass: APPLICATION,
    joins: [SHARED, "gitlab_main", "gitlab_main_cell"],
    transactions: [INTERNAL, SHARED, "gitlab_main", "gitlab_main_cell"],
    references: ["gitlab_main", "gitlab_main_cell"],
    requiresShardingKey: false,
  },
  {
    name: "gitlab_main_clusterwide_setting",
    baseClass: APPLICATION,
    joins: [SHARED, "gitlab_main", "gitlab_main_cell"],
    transactions: [INTERNAL, SHARED, "gitlab_main", "gitlab_main_cell", "gitlab_main_clusterwide"],
    references: ["gitlab_main"],
    requiresShardingKey: false,
    since: 18,
  },
  {
    name: "gitlab_main_org",
    baseClass: APPLICATION,
    joins: [
      SHARED,
      "gitlab_main",
      "gitlab_main_cell",
      "gitlab_main_clusterwide",
      "gitlab_main_cell_local",
      "gitlab_main_jh",
    ],
    transactions: [
      INTERNAL,
      SHARED,
      "gitlab_main",
      "gitlab_main_cell",
      "gitlab_main_clusterwide",
      "gitlab_main_cell_local",
      "gitlab_main_jh",
    ],
    references: ["gitlab_main", "gitlab_main_cell"],
    requiresShardingKey: true,
    shardingRoots: ["projects", "organizations", "namespaces"],
    since: 18,
  },
  {
    name: "gitlab_main_user",
    baseClass: APPLICATION,
    joins: [
      ...SHARED_ALL,
      "gitlab_main",
      "gitlab_main_cell",
      "gitlab_main_org",
      "gitlab_main_clusterwide",
      "gitlab_main_cell_local",
    ],
    transactions: [
      ...EVERYWHERE,
      "gitlab_main",
      "gitlab_main_cell",
      "gitlab_main_org",
      "gitlab_main_cell_local",
      "gitlab_main_clusterwide",
      "gitlab_main_cell_setting",
    ],
    references: ["gitlab_main", "gitlab_main_cell", "gitlab_main_org"],
    requiresShardingKey: true,
    shardingRoots: ["organizations", "users"],
    since: 18,
  },
  {
    name: "gitlab_main_cell_local",
    baseClass: APPLICATION,
    joins: [...SHARED_ALL, "gitlab_main", "gitlab_main_clusterwide", "gitlab_main_cell", "gitlab_main_org"],
    transactions: [
      ...EVERYWHERE,
      "gitlab_main",
      "gitlab_main_clusterwide",
      "gitlab_main_cell",
      "gitlab_main_org",
    ],
    references: [],
    requiresShardingKey: false,
    since: 18,
  },
  {
    name: "gitlab_main_cell_setting",
    baseClass: APPLICATION,
    joins: [...SHARED_ALL, "gitlab_main", "gitlab_main_cell", "gitlab_main_org"],
    transactions: [
      ...EVERYWHERE,
      "gitlab_main",
      "gitlab_main_cell",
      "gitlab_main_org",
      "gitlab_main_clusterwide",
    ],
    references: ["gitlab_main"],
    requiresShardingKey: false,
    since: 18,
  },
  {
    name: "gitlab_main_jh",
    baseClass: APPLICATION,
    joins: [...SHARED_ALL, "gitlab_main", "gitlab_main_cell", "gitlab_main_cell_local"],
    transactions: [...EVERYWHERE, "gitlab_main", "gitlab_main_cell", "gitlab_main_cell_local"],
    references: [],
    requiresShardingKey: false,
  },
  cellLocal("gitlab_ci_cell_local", "gitlab_ci", "Ci::ApplicationRecord"),
  cellLocal("gitlab_sec_cell_local", "gitlab_sec", "Gitlab::Database::SecApplicationRecord"),
  // Neither has a file with allow-lists in the public copy, and what is not listed is forbidden.
  {
    name: "gitlab_geo",
    baseClass: "Geo::TrackingBase",
    joins: [],
    transactions: [INTERNAL],
    references: [],
    requiresShardingKey: false,
    inferred: true,
  },
  {
    name: "gitlab_embedding",
    baseClass: "Embedding::ApplicationRecord",
    joins: [],
    transactions: [INTERNAL],
    references: [],
    requiresShardingKey: false,
    inferred: true,
  },
];

/** Tables of Rails itself, which are in every database and in no dictionary. */
export const INTERNAL_TABLES: readonly string[] = ["schema_migrations", "ar_internal_metadata"];

function shared(name: string, requiresShardingKey: boolean): SchemaFacts {
  return {
    name,
    baseClass: "Gitlab::Database::SharedModel",
    joins: [INTERNAL],
    transactions: [INTERNAL],
    references: [],
    requiresShardingKey,
  };
}

function cellLocal(name: string, of: string, baseClass: string): SchemaFacts {
  return {
    name,
    baseClass,
    joins: [...SHARED_ALL, of],
    transactions: [...EVERYWHERE, of],
    references: [],
    requiresShardingKey: false,
    since: 18,
  };
}
