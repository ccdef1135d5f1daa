import type { TerraformStack } from "cdktf";
import { type DatabaseTopology, GitlabVersion, MigrationKind, SchemaDictionary } from "../../../lib/gitlab";
import { synthesize } from "../../support/synth";
import { ciOn, database, mainOn, serverIn, topologyIn, V18 } from "./model-fixtures";

const dictionary = SchemaDictionary.of(V18);

/** Comparison with the documented tables: a line for each pair with joins, transactions and foreign keys. */
const SHARED = "gitlab_shared";
const S3 = "gitlab_shared gitlab_shared_org gitlab_shared_cell_local";
const INTERNAL = "gitlab_internal";
const DOCUMENTED: { readonly [schema: string]: readonly [string, string, string] } = {
  gitlab_internal: ["", "", ""],
  gitlab_shared: [INTERNAL, INTERNAL, ""],
  gitlab_shared_org: [INTERNAL, INTERNAL, ""],
  gitlab_shared_cell_local: [INTERNAL, INTERNAL, ""],
  gitlab_ci: [SHARED, `${INTERNAL} ${SHARED}`, ""],
  gitlab_sec: [SHARED, `${INTERNAL} ${SHARED}`, ""],
  gitlab_pm: [SHARED, `${INTERNAL} ${SHARED}`, ""],
  gitlab_main: [SHARED, `${INTERNAL} ${SHARED}`, ""],
  gitlab_main_cell: [
    `${SHARED} gitlab_main gitlab_main_clusterwide`,
    `${INTERNAL} ${SHARED} gitlab_main gitlab_main_clusterwide`,
    "gitlab_main gitlab_main_clusterwide",
  ],
  gitlab_main_clusterwide: [
    `${SHARED} gitlab_main gitlab_main_cell`,
    `${INTERNAL} ${SHARED} gitlab_main gitlab_main_cell`,
    "gitlab_main gitlab_main_cell",
  ],
  gitlab_main_clusterwide_setting: [
    `${SHARED} gitlab_main gitlab_main_cell`,
    `${INTERNAL} ${SHARED} gitlab_main gitlab_main_cell gitlab_main_clusterwide`,
    "gitlab_main",
  ],
  gitlab_main_org: [
    `${SHARED} gitlab_main gitlab_main_cell gitlab_main_clusterwide gitlab_main_cell_local gitlab_main_jh`,
    `${INTERNAL} ${SHARED} gitlab_main gitlab_main_cell gitlab_main_clusterwide gitlab_main_cell_local gitlab_main_jh`,
    "gitlab_main gitlab_main_cell",
  ],
  gitlab_main_user: [
    `${S3} gitlab_main gitlab_main_cell gitlab_main_org gitlab_main_clusterwide gitlab_main_cell_local`,
    `${INTERNAL} ${S3} gitlab_main gitlab_main_cell gitlab_main_org gitlab_main_cell_local gitlab_main_clusterwide gitlab_main_cell_setting`,
    "gitlab_main gitlab_main_cell gitlab_main_org",
  ],
  gitlab_main_cell_local: [
    `${S3} gitlab_main gitlab_main_clusterwide gitlab_main_cell gitlab_main_org`,
    `${INTERNAL} ${S3} gitlab_main gitlab_main_clusterwide gitlab_main_cell gitlab_main_org`,
    "",
  ],
  gitlab_main_cell_setting: [
    `${S3} gitlab_main gitlab_main_cell gitlab_main_org`,
    `${INTERNAL} ${S3} gitlab_main gitlab_main_cell gitlab_main_org gitlab_main_clusterwide`,
    "gitlab_main",
  ],
  gitlab_main_jh: [
    `${S3} gitlab_main gitlab_main_cell gitlab_main_cell_local`,
    `${INTERNAL} ${S3} gitlab_main gitlab_main_cell gitlab_main_cell_local`,
    "",
  ],
  gitlab_ci_cell_local: [`${S3} gitlab_ci`, `${INTERNAL} ${S3} gitlab_ci`, ""],
  gitlab_sec_cell_local: [`${S3} gitlab_sec`, `${INTERNAL} ${S3} gitlab_sec`, ""],
  gitlab_geo: ["", INTERNAL, ""],
  gitlab_embedding: ["", INTERNAL, ""],
};

describe("all pairs, compared with the documented tables", () => {
  const names = Object.keys(DOCUMENTED);
  const pairs = names.flatMap((a) => names.map((b): [string, string] => [a, b]));
  const lists = (a: string, b: string, column: 0 | 1 | 2) =>
    a === b ||
    (DOCUMENTED[a]?.[column].split(" ").includes(b) ?? false) ||
    (DOCUMENTED[b]?.[column].split(" ").includes(a) ?? false);

  test("the dictionary has exactly the documented schemas", () => {
    expect(dictionary.schemas.map(({ name }) => name).sort()).toEqual([...names].sort());
  });

  test.each(["mayJoin", "mayShareTransaction", "mayReference"] as const)("%s", (question) => {
    const column = ({ mayJoin: 0, mayShareTransaction: 1, mayReference: 2 } as const)[question];
    const wrong = pairs.filter(([a, b]) => dictionary[question](a, b) !== lists(a, b, column));
    expect(wrong).toEqual([]);
    expect(pairs).toHaveLength(400);
  });

  test("main, ci and sec must not be combined", () => {
    const across = (name: string) => /^gitlab_(main|pm|ci|sec)/.exec(name)?.[1]?.replace("pm", "main");
    for (const [a, b] of pairs) {
      if (across(a) === undefined || across(b) === undefined || across(a) === across(b)) continue;
      expect([
        a,
        b,
        dictionary.mayJoin(a, b),
        dictionary.mayShareTransaction(a, b),
        dictionary.mayReference(a, b),
      ]).toEqual([a, b, false, false, false]);
    }
  });

  test("three schemas: one of them has to allow both others", () => {
    expect(dictionary.mayShareTransaction("gitlab_main", "gitlab_main_cell", "gitlab_shared")).toBe(true);
    expect(dictionary.mayShareTransaction("gitlab_main", "gitlab_ci", "gitlab_shared")).toBe(false);
    // Each pair is allowed, and yet none of the three allows both others.
    expect(dictionary.mayJoin("gitlab_ci", "gitlab_shared")).toBe(true);
    expect(dictionary.mayJoin("gitlab_shared", "gitlab_internal")).toBe(true);
    expect(dictionary.mayJoin("gitlab_ci", "gitlab_shared", "gitlab_internal")).toBe(false);
  });

  test("an unknown schema is forbidden", () => {
    expect(dictionary.mayJoin("gitlab_main", "gitlab_new")).toBe(false);
    expect(dictionary.mayReference("gitlab_new", "gitlab_new")).toBe(false);
  });
});

describe("databases", () => {
  test("schemas of each database", () => {
    expect(dictionary.databasesOf("gitlab_ci")).toEqual(["ci"]);
    expect(dictionary.databasesOf("gitlab_sec")).toEqual(["sec"]);
    expect(dictionary.databasesOf("gitlab_geo")).toEqual(["geo"]);
    expect(dictionary.databasesOf("gitlab_embedding")).toEqual(["embedding"]);
    // Package metadata lives in main for now.
    expect(dictionary.databasesOf("gitlab_pm")).toEqual(["main"]);
    expect(dictionary.databasesOf("gitlab_shared")).toEqual(["main", "ci", "sec"]);
    expect(dictionary.databasesOf("gitlab_internal")).toEqual(["main", "ci", "sec", "geo", "embedding"]);
    for (const { name } of dictionary.schemas.filter((s) => s.name.startsWith("gitlab_main"))) {
      expect(dictionary.databasesOf(name)).toEqual(["main"]);
    }
    expect(dictionary.databasesOf("gitlab_new")).toEqual([]);
  });

  test("write-locks, fallback, class and load balancing as documented", () => {
    const of = (name: string) => dictionary.databases.find((each) => each.name === name);
    expect(of("main")).toMatchObject({
      connectionClass: "ActiveRecord::Base",
      fallback: undefined,
      usesLoadBalancing: true,
      inferred: false,
    });
    expect(of("main")?.writeLocks).toEqual(expect.arrayContaining(["gitlab_ci", "gitlab_sec"]));
    expect(of("ci")).toMatchObject({ connectionClass: "Ci::ApplicationRecord", fallback: "main" });
    expect(of("ci")?.writeLocks).toEqual(
      expect.arrayContaining([
        "gitlab_main",
        "gitlab_main_clusterwide",
        "gitlab_main_cell",
        "gitlab_pm",
        "gitlab_sec",
      ]),
    );
    expect(of("sec")).toMatchObject({
      connectionClass: "Gitlab::Database::SecApplicationRecord",
      fallback: "main",
    });
    expect(of("sec")?.writeLocks).toEqual(
      expect.arrayContaining([
        "gitlab_main",
        "gitlab_main_clusterwide",
        "gitlab_main_cell",
        "gitlab_ci",
        "gitlab_pm",
      ]),
    );
    expect(of("geo")).toMatchObject({
      connectionClass: "Geo::TrackingBase",
      fallback: undefined,
      inferred: true,
    });
  });

  test("no schema is held and locked in one database", () => {
    for (const { holds, writeLocks } of dictionary.databases) {
      expect(holds.filter((name) => writeLocks.includes(name))).toEqual([]);
    }
  });

  test("base classes and sharding keys", () => {
    const of = (name: string) => dictionary.schema(name);
    expect(of("gitlab_main")?.baseClass).toBe("ApplicationRecord");
    expect(of("gitlab_ci")?.baseClass).toBe("Ci::ApplicationRecord");
    expect(of("gitlab_geo")?.baseClass).toBe("Geo::TrackingBase");
    expect(of("gitlab_internal")?.baseClass).toBeUndefined();
    const keyed = dictionary.schemas.filter((s) => s.requiresShardingKey).map((s) => s.name);
    expect(keyed).toEqual([
      "gitlab_shared_org",
      "gitlab_ci",
      "gitlab_sec",
      "gitlab_main_cell",
      "gitlab_main_org",
      "gitlab_main_user",
    ]);
    expect(dictionary.schemas.filter((s) => s.visitedOneByOne).map((s) => s.name)).toEqual(S3.split(" "));
  });

  test("an older GitLab does not have the newer schemas", () => {
    const older = SchemaDictionary.of(GitlabVersion.of("17.3"));
    expect(older.schema("gitlab_main_org")).toBeUndefined();
    expect(older.databases[0]?.holds).not.toContain("gitlab_main_org");
    expect(older.mayJoin("gitlab_main_org", "gitlab_main")).toBe(false);
    expect(older.mayJoin("gitlab_main_cell", "gitlab_main")).toBe(true);
  });
});

describe("tables", () => {
  const filled = dictionary.withTables({
    projects: "gitlab_main_org",
    p_ci_builds: "gitlab_ci",
    loose_foreign_keys_deleted_records: "gitlab_shared",
    odd_1: "gitlab_sec",
  });
  test.each([
    ["projects", "gitlab_main_org"],
    ["public.projects", "gitlab_main_org"],
    ["ci_builds", "gitlab_ci"],
    ["gitlab_partitions_dynamic.ci_builds_101", "gitlab_ci"],
    ["loose_foreign_keys_deleted_records_84", "gitlab_shared"],
    ["odd_1", "gitlab_sec"],
    ["odd", undefined],
    ["pg_class", "gitlab_internal"],
    ["information_schema.tables", "gitlab_internal"],
    ["schema_migrations", "gitlab_internal"],
    ["nobody_knows", undefined],
  ])("%s is in %s", (table, schema) => {
    expect(filled.schemaOf(table)).toBe(schema);
  });

  test("databases of a table", () => {
    expect(filled.databasesOf("ci_builds")).toEqual(["ci"]);
    expect(filled.databasesOf("nobody_knows")).toEqual([]);
    expect(dictionary.databasesOf("projects")).toEqual([]);
  });
});

describe("databases of migrations", () => {
  const topology = (build: (stack: TerraformStack) => DatabaseTopology): DatabaseTopology => {
    let made: DatabaseTopology | undefined;
    synthesize((stack) => {
      made = build(stack);
    });
    return made as DatabaseTopology;
  };
  const one = topology((s) => topologyIn(s, { main: mainOn(serverIn(s)) }));
  const two = topology((s) => {
    const server = serverIn(s);
    return topologyIn(s, { main: mainOn(server), ci: ciOn(server), allowSeparateCiDatabase: true });
  });
  const three = topology((s) => {
    const server = serverIn(s);
    const sec = database(server, "gitlabhq_production_sec", "gitlab");
    const embedding = database(server, "gitlab_embedding");
    return topologyIn(s, {
      main: mainOn(server),
      ci: ciOn(server),
      sec,
      embedding,
      allowSeparateCiDatabase: true,
    });
  });
  const secondary = topology((s) => {
    const server = serverIn(s);
    const geo = database(server, "gitlabhq_geo_production", "gitlab_geo");
    return topologyIn(s, { main: mainOn(server), geo, registry: database(server, "registry") });
  });
  const { DDL, DML } = MigrationKind;

  test.each([
    ["structure of ci, one database", DDL, "gitlab_ci", one, ["main"]],
    ["structure of ci, two", DDL, "gitlab_ci", two, ["main", "ci"]],
    ["structure of main, three", DDL, "gitlab_main", three, ["main", "ci", "sec"]],
    ["structure of shared tables, three", DDL, "gitlab_shared", three, ["main", "ci", "sec"]],
    ["structure of embedding", DDL, "gitlab_embedding", three, ["embedding"]],
    ["structure of main on a secondary", DDL, "gitlab_main", secondary, ["main"]],
    ["structure of geo on a secondary", DDL, "gitlab_geo", secondary, ["geo"]],
    ["structure of geo, nowhere to be", DDL, "gitlab_geo", one, []],
    ["rows of ci, one", DML, "gitlab_ci", one, ["main"]],
    ["rows of ci, two", DML, "gitlab_ci", two, ["ci"]],
    ["rows of main, two", DML, "gitlab_main", two, ["main"]],
    ["rows of package metadata, two", DML, "gitlab_pm", two, ["main"]],
    ["rows of sec, two: it falls back to main", DML, "gitlab_sec", two, ["main"]],
    ["rows of sec, three", DML, "gitlab_sec", three, ["sec"]],
    ["rows of shared tables, one", DML, "gitlab_shared", one, ["main"]],
    ["rows of shared tables, three: one after the other", DML, "gitlab_shared", three, ["main", "ci", "sec"]],
    ["rows of geo", DML, "gitlab_geo", secondary, ["geo"]],
    ["internal tables on a secondary", DML, "gitlab_internal", secondary, ["main", "geo"]],
    ["an unknown schema", DDL, "gitlab_new", three, []],
    ["rows of an unknown schema", DML, "gitlab_new", three, []],
  ])("%s", (_, kind, schema, where, expected) => {
    expect(dictionary.migrationRunsOn(kind, schema, where)).toEqual(expected);
  });

  test("physical databases of a schema", () => {
    expect(dictionary.physicalOf("gitlab_ci", one)).toEqual(["test/postgres/gitlabhq_production"]);
    expect(dictionary.physicalOf("gitlab_ci", two)).toEqual(["test/postgres/gitlabhq_production_ci"]);
    expect(dictionary.physicalOf("gitlab_geo", two)).toEqual([]);
  });
});
