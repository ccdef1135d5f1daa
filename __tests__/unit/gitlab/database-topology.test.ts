import { type TerraformStack, TerraformVariable } from "cdktf";
import {
  DatabaseEngine,
  DatabaseLogin,
  type IDatabase,
  PoolMode,
  PostgresVersion,
  TerraformData,
} from "../../../lib/database";
import {
  type DatabaseTopology,
  type DatabaseTopologyProps,
  type GitlabReadReplica,
  GitlabVersion,
  RegistryMetadata,
} from "../../../lib/gitlab";
import { ClientTls, PgBouncer, type PoolEntry } from "../../../lib/pooling";
import { problemsOf, type Synthesized, synthesize } from "../../support/synth";
import { ciOn, database, login, mainOn, serverIn, topologyIn } from "./model-fixtures";

type Databases = { readonly [name in "main" | "registry" | "zoekt" | "other"]: IDatabase };
type Build = (stack: TerraformStack) => Partial<DatabaseTopologyProps> & Pick<DatabaseTopologyProps, "main">;

function made(build: Build): { topology: DatabaseTopology; output: Synthesized } {
  let topology: DatabaseTopology | undefined;
  const output = synthesize((stack) => {
    topology = topologyIn(stack, build(stack));
  });
  return { topology: topology as DatabaseTopology, output };
}
const problems = (build: Build): string[] => problemsOf((stack) => void topologyIn(stack, build(stack)));
const tasks = (topology: DatabaseTopology) =>
  Object.fromEntries(topology.entries.map((e) => [e.name, [e.databaseTasks, e.sharesWith]]));

describe("entries and physical databases", () => {
  test("main alone gets ci over a separate connection, and migrations run once", () => {
    const { topology } = made((stack) => ({ main: mainOn(serverIn(stack)) }));
    expect(tasks(topology)).toEqual({ main: [true, undefined], ci: [false, "main"] });
    expect(topology.isSplit).toBe(false);
    expect(topology.rails.map(({ name }) => name)).toEqual(["main", "ci"]);
    expect(topology.ci?.physical).toBe(topology.main.physical);
    expect(topology.preconditions()).toEqual([]);
  });

  test("the identity is the server's path and the database's name, not an address", () => {
    const { topology } = made((stack) => ({ main: mainOn(serverIn(stack)) }));
    expect(topology.main.physical).toBe("test/postgres/gitlabhq_production");
  });

  test("three servers: separate databases, each entry with migrations", () => {
    const { topology } = made((stack) => ({
      main: mainOn(serverIn(stack, "one")),
      ci: ciOn(serverIn(stack, "two")),
      sec: database(serverIn(stack, "three"), "gitlabhq_production_sec", "gitlab"),
      registry: database(stack.node.findChild("one") as never, "registry"),
      allowSeparateCiDatabase: true,
    }));
    expect(tasks(topology)).toEqual({
      main: [true, undefined],
      ci: [true, undefined],
      sec: [true, undefined],
      registry: [true, undefined],
    });
    expect(topology.isSplit).toBe(true);
    expect(new Set(topology.entries.map((e) => e.physical)).size).toBe(4);
  });

  test("a second construct with the same host and port is the same server, however the host is written", () => {
    const { topology } = made((stack) => ({
      main: mainOn(serverIn(stack, "one", { host: "db.internal" })),
      ci: mainOn(serverIn(stack, "two", { host: "DB.Internal" })),
    }));
    expect(tasks(topology).ci).toEqual([false, "main"]);
  });

  test("another port is another server", () => {
    const { topology } = made((stack) => ({
      main: mainOn(serverIn(stack, "one", { host: "db.internal" })),
      ci: mainOn(serverIn(stack, "two", { host: "db.internal", port: 5433 })),
      allowSeparateCiDatabase: true,
    }));
    expect(tasks(topology).ci).toEqual([true, undefined]);
  });

  test("the same token is the same server, and so is one attribute read twice", () => {
    const { topology } = made((stack) => {
      const host = new TerraformVariable(stack, "host", {});
      return {
        main: mainOn(serverIn(stack, "one", { host: host.stringValue })),
        // Each reading of an attribute makes a token of its own.
        ci: mainOn(serverIn(stack, "two", { host: host.stringValue })),
      };
    });
    expect(tasks(topology).ci).toEqual([false, "main"]);
    expect(topology.preconditions()).toEqual([]);
  });

  test("two tokens are two servers, with a precondition for the case that Terraform finds them equal", () => {
    const { topology } = made((stack) => ({
      main: mainOn(serverIn(stack, "one", { host: new TerraformVariable(stack, "a", {}).stringValue })),
      ci: mainOn(serverIn(stack, "two", { host: new TerraformVariable(stack, "b", {}).stringValue })),
      allowSeparateCiDatabase: true,
    }));
    expect(tasks(topology).ci).toEqual([true, undefined]);
    expect(topology.preconditions()).toEqual([
      expect.objectContaining({
        errorMessage: expect.stringContaining("main and ci must not be the same database"),
      }),
    ]);
    const { resource } = synthesize((stack) => {
      const own = topologyIn(stack, {
        main: mainOn(serverIn(stack, "one", { host: new TerraformVariable(stack, "a", {}).stringValue })),
        ci: mainOn(serverIn(stack, "two", { host: new TerraformVariable(stack, "b", {}).stringValue })),
        allowSeparateCiDatabase: true,
      });
      new TerraformData(stack, "release", { lifecycle: { precondition: own.preconditions() } });
    });
    expect(resource("terraform_data").lifecycle.precondition).toEqual([
      expect.objectContaining({ condition: "${(lower(var.a) != lower(var.b))}" }),
    ]);
  });

  test("databases with different names need no precondition", () => {
    const { topology } = made((stack) => ({
      main: mainOn(serverIn(stack, "one", { host: new TerraformVariable(stack, "a", {}).stringValue })),
      ci: ciOn(serverIn(stack, "two", { host: new TerraformVariable(stack, "b", {}).stringValue })),
      allowSeparateCiDatabase: true,
    }));
    expect(topology.preconditions()).toEqual([]);
  });

  test("an alias says that another DNS name is the same server", () => {
    const { topology } = made((stack) => {
      const [server, alias] = [serverIn(stack, "one"), serverIn(stack, "two")];
      return { main: mainOn(server), ci: mainOn(alias), aliases: [{ alias, server }] };
    });
    expect(tasks(topology).ci).toEqual([false, "main"]);
  });

  test("aliases in a circle terminate", () => {
    const build: Build = (stack) => {
      const [one, two] = [serverIn(stack, "one"), serverIn(stack, "two")];
      const aliases = [
        { alias: one, server: two },
        { alias: two, server: one },
      ];
      return { main: mainOn(one), ci: mainOn(two), aliases };
    };
    const { topology } = made(build);
    expect(tasks(topology).main).toEqual([true, undefined]);
    // They stand for each other, so they are one: migrations run once.
    expect(tasks(topology).ci).toEqual([false, "main"]);
  });

  test("a program without types cannot leave main out", () => {
    expect(() =>
      problemsOf((stack) => {
        topologyIn(stack, { main: undefined as unknown as IDatabase });
      }),
    ).toThrow("[test/topology] GITLAB-DB-MAIN: main must be set (got not set)");
  });

  test("two entries behind poolers share a database if their databases past the poolers are one", () => {
    const { topology } = made((stack) => {
      const main = mainOn(serverIn(stack));
      const pooler = new PgBouncer(stack, "pooler", {
        namespace: "gitlab",
        clientTls: ClientTls.none(),
        entries: [
          { database: main, name: "main", component: "gitlab", poolSize: 20 },
          { database: main, name: "ci", component: "gitlab", poolSize: 20 },
        ],
      });
      return { main: pooler.database("main"), ci: pooler.database("ci") };
    });
    expect(tasks(topology).ci).toEqual([false, "main"]);
    expect(topology.ci?.database.databaseName).toBe("ci");
    expect(topology.ci?.direct.databaseName).toBe("gitlabhq_production");
  });

  test("main through the pooler and ci past it are one database", () => {
    const { topology } = made((stack) => {
      const main = mainOn(serverIn(stack));
      const pooler = new PgBouncer(stack, "pooler", {
        namespace: "gitlab",
        clientTls: ClientTls.none(),
        entries: [{ database: main, name: "main", poolSize: 20 }],
      });
      return { main: pooler.database("main"), ci: main };
    });
    expect(tasks(topology).ci).toEqual([false, "main"]);
  });

  test("with any combination of addresses each physical database has exactly one entry with migrations", () => {
    const ways = (stack: TerraformStack): { readonly [way: string]: IDatabase } => {
      const [server, other] = [serverIn(stack, "one"), serverIn(stack, "other")];
      const main = mainOn(server);
      const pooler = new PgBouncer(stack, "pooler", {
        namespace: "gitlab",
        clientTls: ClientTls.none(),
        entries: [{ database: main, name: "main", component: "gitlab", poolSize: 10 }],
      });
      const twin = serverIn(stack, "twin", { host: "one.internal" });
      const alias = serverIn(stack, "alias");
      return {
        direct: main,
        pooled: pooler.database("main"),
        twin: mainOn(twin),
        alias: mainOn(alias),
        own: ciOn(server),
        away: mainOn(other),
      };
    };
    const names = ["direct", "pooled", "twin", "alias", "own", "away"];
    const apart = ["own", "away"];
    for (const a of names) {
      for (const b of names) {
        const split = a !== b && (apart.includes(a) || apart.includes(b));
        let topology: DatabaseTopology | undefined;
        const found = problemsOf((stack) => {
          const of = ways(stack);
          const server = stack.node.findChild("one") as never;
          const aliases = [{ alias: stack.node.findChild("alias") as never, server }];
          topology = topologyIn(stack, {
            main: of[a] as IDatabase,
            ci: of[b],
            aliases,
            ...(split ? { allowSeparateCiDatabase: true } : {}),
          });
        });
        expect([a, b, found]).toEqual([a, b, []]);
        const entries = topology?.entries ?? [];
        for (const physical of new Set(entries.map((e) => e.physical))) {
          const withTasks = entries.filter((e) => e.physical === physical && e.databaseTasks);
          expect([a, b, withTasks.length]).toEqual([a, b, 1]);
        }
        expect([a, b, entries[1]?.databaseTasks]).toEqual([a, b, split]);
      }
    }
  });

  test("two tokens for the user of one database are not compared", () => {
    const build = (stack: TerraformStack) => {
      const owner = (name: string) =>
        DatabaseLogin.throughProxy(new TerraformVariable(stack, name, {}).stringValue);
      const on = (id: string) =>
        serverIn(stack, id, { host: "db.internal" }).database("gitlabhq_production", {
          owner: owner(`user-${id}`),
        });
      return { main: on("one"), ci: on("two") };
    };
    expect(problems(build)).toEqual([]);
  });

  test("sec in main's database has no entry, so that Rails falls back to main", () => {
    const { topology } = made((stack) => {
      const main = mainOn(serverIn(stack));
      return { main, sec: main };
    });
    expect(topology.sec).toBeUndefined();
    expect(topology.isSplit).toBe(false);
  });

  test("entries in the order of the properties, then components as given", () => {
    const { topology } = made((stack) => {
      const server = serverIn(stack);
      return {
        components: [{ name: "zoekt", database: database(server, "zoekt") }],
        openbao: database(server, "openbao"),
        praefect: database(server, "praefect"),
        registry: database(server, "registry"),
        main: mainOn(server),
      };
    });
    expect(topology.entries.map(({ name, kind }) => `${name} ${kind}`)).toEqual([
      "main rails",
      "ci rails",
      "registry component",
      "praefect component",
      "openbao component",
      "zoekt component",
    ]);
  });

  test("settings fall back to the global ones, one by one", () => {
    const { topology } = made((stack) => ({
      main: mainOn(serverIn(stack)),
      settings: { statementTimeoutMs: 30_000, applicationName: "gitlab" },
      entrySettings: { ci: { statementTimeoutMs: 60_000, applicationName: undefined } },
    }));
    expect(topology.main.settings).toEqual({ statementTimeoutMs: 30_000, applicationName: "gitlab" });
    expect(topology.ci?.settings).toEqual({ statementTimeoutMs: 60_000, applicationName: "gitlab" });
  });

  test("hosts of replicas are added to the list of hosts, each once", () => {
    const endpoint = { host: "replica.internal", port: 5432, isPrivate: true };
    const { topology } = made((stack) => ({
      main: mainOn(serverIn(stack)),
      settings: {
        loadBalancing: {
          hosts: ["first.internal"],
          replicas: [
            { endpoint, parameters: { hot_standby_feedback: "on" } },
            { endpoint, parameters: { hot_standby_feedback: "1" } },
          ],
        },
      },
    }));
    expect(topology.main.settings.loadBalancing?.hosts).toEqual(["first.internal", "replica.internal"]);
  });

  test("a split is an opt-out, recorded once and not again behind a pooler; without a split there is none", () => {
    const note = expect.objectContaining({
      path: "topology",
      message:
        "opt-out: GITLAB-DB-ALLOW-SEPARATE-CI-DATABASE: allowSeparateCiDatabase: ci or sec in a separate database is a beta feature of GitLab that cannot be undone",
    });
    const split = (stack: TerraformStack) => {
      const server = serverIn(stack);
      const [main, ci] = [mainOn(server), ciOn(server)];
      const topology = topologyIn(stack, { main, ci, allowSeparateCiDatabase: true });
      const pooler = new PgBouncer(stack, "pooler", {
        namespace: "gitlab",
        clientTls: ClientTls.none(),
        entries: [main, ci].map((each) => ({ database: each, component: "gitlab", poolSize: 10 })),
      });
      return topology.pooledBy(pooler).pooledBy(pooler);
    };
    const notes = ({ infos }: Synthesized) => infos.filter(({ path }) => path !== "pooler");
    expect(notes(synthesize((stack) => void split(stack)))).toEqual([note]);
    expect(made((stack) => ({ main: mainOn(serverIn(stack)) })).output.infos).toEqual([]);
  });

  test("it creates no resources", () => {
    const { output } = made((stack) => ({ main: mainOn(serverIn(stack)) }));
    expect(output.json.resource).toBeUndefined();
  });
});

describe("a topology behind a pooler", () => {
  const build = (stack: TerraformStack, entries: (databases: Databases) => PoolEntry[]) => {
    const server = serverIn(stack);
    const databases = {
      main: mainOn(server),
      registry: database(server, "registry"),
      zoekt: database(server, "zoekt"),
      other: database(server, "other"),
    };
    const { main, registry, zoekt } = databases;
    const direct = topologyIn(stack, { main, registry, components: [{ name: "zoekt", database: zoekt }] });
    const pooler = new PgBouncer(stack, "pooler", {
      namespace: "gitlab",
      clientTls: ClientTls.none(),
      entries: entries(databases),
    });
    return { direct, pooler, pooled: direct.pooledBy(pooler) };
  };

  test("entries change their address and nothing else; each takes the pooler's entry with its name", () => {
    synthesize((stack) => {
      const { direct, pooled } = build(stack, ({ main, zoekt }) => [
        { database: main, name: "main", component: "gitlab", poolSize: 10 },
        { database: main, name: "ci", component: "gitlab", poolSize: 10 },
        { database: zoekt, poolSize: 5 },
      ]);
      expect(pooled.entries.map((e) => [e.name, e.physical, e.databaseTasks])).toEqual(
        direct.entries.map((e) => [e.name, e.physical, e.databaseTasks]),
      );
      expect(pooled.entries.map((e) => e.database.pooling !== undefined)).toEqual([true, true, false, true]);
      expect(pooled.entries.map((e) => e.direct)).toEqual(direct.entries.map((e) => e.direct));
      expect(pooled.entries.map((e) => e.database.databaseName)).toEqual(["main", "ci", "registry", "zoekt"]);
      expect([pooled.main, pooled.ci, pooled.registry]).toEqual(pooled.entries.slice(0, 3));
      expect(pooled.components).toEqual(pooled.entries.slice(3));
    });
  });

  test("the same pooler gives the same topology; the databases without a pooler stay as they are", () => {
    synthesize((stack) => {
      const { direct, pooler, pooled } = build(stack, ({ main }) => [
        { database: main, component: "gitlab", poolSize: 10 },
      ]);
      expect(direct.pooledBy(pooler)).toBe(pooled);
      expect(direct.main.database).toBe(direct.main.direct);
      expect(pooled.ci?.database).toBe(pooled.main.database);
    });
  });

  test("a pooler without a database of the topology, and one with an ambiguous entry, are refused", () => {
    const found = (entries: (databases: Databases) => PoolEntry[]) =>
      problemsOf((stack) => void build(stack, entries)).filter((each) => !each.startsWith("[pooler]"));
    expect(found(({ other }) => [{ database: other, poolSize: 5 }])).toEqual([
      "[topology/pooler] GITLAB-DB-POOLER-ENTRIES: pooler.entries must have a database of the topology (got test/pooler)",
    ]);
    expect(
      found(({ registry }) => [
        { database: registry, name: "one", component: "registry", poolSize: 5 },
        { database: registry, name: "two", component: "registry", poolSize: 5 },
      ]),
    ).toEqual([
      "[topology/pooler] GITLAB-DB-POOLER-ENTRIES: pooler.entries must have one entry for the database registry, or one named registry (got test/pooler)",
    ]);
  });
});

describe("single-database mode", () => {
  const split: Build = (stack) => ({
    main: mainOn(serverIn(stack, "one")),
    ci: ciOn(serverIn(stack, "two")),
    registry: database(serverIn(stack, "three"), "registry"),
    allowSeparateCiDatabase: true,
  });

  test("the view leaves out ci and lists it as hidden", () => {
    const view = made(split).topology.singleDatabase();
    expect(view.entries.map(({ name }) => name)).toEqual(["main", "registry"]);
    expect(view.hidden.map(({ name }) => name)).toEqual(["ci"]);
    expect(view.hidden[0]?.holds).toContain("pipelines");
  });

  test("nothing is hidden when ci is main's database", () => {
    const view = made((stack) => ({ main: mainOn(serverIn(stack)) })).topology.singleDatabase();
    expect(view.entries.map(({ name }) => name)).toEqual(["main"]);
    expect(view.hidden).toEqual([]);
  });

  test("when enabled, entries change and the synth warns", () => {
    const { topology, output } = made((stack) => ({ ...split(stack), singleDatabaseMode: true }));
    expect(topology.rails.map(({ name }) => name)).toEqual(["main"]);
    expect(topology.isSplit).toBe(false);
    expect(topology.hidden.map(({ name }) => name)).toEqual(["ci"]);
    expect(topology.singleDatabase().hidden).toHaveLength(1);
    const warnings = output.warnings.map(({ message }) => message);
    expect(warnings).toContainEqual(expect.stringContaining("does not see the database of ci"));
    expect(warnings).toContainEqual(
      expect.stringContaining(
        "singleDatabaseMode: GitLab does not support a single database connection since 17.0; use it for a short time only",
      ),
    );
  });

  test("GitLab 16 supports it without a warning", () => {
    const { output } = made((stack) => ({
      main: mainOn(serverIn(stack, "postgres", { engine: DatabaseEngine.postgres(PostgresVersion.V15) })),
      version: GitlabVersion.of("16.11"),
      singleDatabaseMode: true,
    }));
    expect(output.warnings.filter(({ path }) => path === "topology")).toEqual([]);
  });
});

describe("refused", () => {
  test("a separate ci database without allowSeparateCiDatabase", () => {
    expect(
      problems((s) => ({ main: mainOn(serverIn(s)), ci: ciOn(s.node.findChild("postgres") as never) })),
    ).toEqual([
      "[topology] GITLAB-DB-ALLOW-SEPARATE-CI-DATABASE: allowSeparateCiDatabase must be true for ci or sec in a separate database, a beta feature of GitLab that cannot be undone (got false); GitLab refuses it without GITLAB_ALLOW_SEPARATE_CI_DATABASE",
    ]);
  });

  test("allowSeparateCiDatabase without a separate database", () => {
    expect(problems((s) => ({ main: mainOn(serverIn(s)), allowSeparateCiDatabase: true }))).toEqual([
      "[topology] GITLAB-DB-ALLOW-SEPARATE-CI-DATABASE-UNUSED: allowSeparateCiDatabase must be false while ci and sec are in main's database (got true); leave it out",
    ]);
  });

  test("a separate ci database with Geo, on a secondary and on a primary site", () => {
    const split = (s: TerraformStack) => {
      const server = serverIn(s);
      return { main: mainOn(server), ci: ciOn(server), allowSeparateCiDatabase: true };
    };
    const message =
      "[topology] GITLAB-DB-GEO-SITES: geoSites must be false with ci or sec in a separate database: GitLab does not support Geo with it (epic 8631) (got true)";
    expect(problems((s) => ({ ...split(s), geoSites: true }))).toEqual([message]);
    expect(
      problems((s) => ({
        ...split(s),
        geo: database(s.node.findChild("postgres") as never, "gitlabhq_geo_production", "gitlab_geo"),
      })),
    ).toEqual([message]);
  });

  test.each(["geo", "registry", "praefect", "openbao"])("%s in main's database", (name) => {
    const found = problems((s) => {
      const main = mainOn(serverIn(s));
      return { main, [name]: main };
    });
    expect(found).toContain(
      `[topology] GITLAB-DB-SHARED-DATABASE: ${name} must not be the database of main, since both create tables in it (got "gitlabhq_production"); give ${name} a separate database`,
    );
  });

  test("the state of a registry's database without the database", () => {
    expect(
      problems((s) => ({ main: mainOn(serverIn(s)), registryMetadata: RegistryMetadata.IMPORT })),
    ).toEqual([
      '[topology] GITLAB-DB-REGISTRY-METADATA: registryMetadata must not be set without registry, the database of the metadata (got "import")',
    ]);
  });

  test("embedding in main's database", () => {
    const found = problems((s) => {
      const main = mainOn(serverIn(s));
      return { main, embedding: main };
    });
    expect(found[0]).toContain(
      'GITLAB-DB-SHARED-DATABASE: embedding must not be main\'s database, since its structure differs (got "gitlabhq_production"); give embedding a separate database',
    );
  });

  test("two components in one database", () => {
    const found = problems((s) => {
      const server = serverIn(s);
      const registry = database(server, "registry");
      return { main: mainOn(server), registry, components: [{ name: "pages", database: registry }] };
    });
    expect(found).toContainEqual(
      expect.stringContaining(
        'GITLAB-DB-SHARED-DATABASE: pages must not be the database of registry, since both create tables in it (got "registry"); give pages a separate database',
      ),
    );
  });

  test("sec in a separate ci database, since sec falls back to main", () => {
    const found = problems((s) => {
      const server = serverIn(s);
      const ci = ciOn(server);
      return { main: mainOn(server), ci, sec: ci, allowSeparateCiDatabase: true };
    });
    expect(found).toContainEqual(expect.stringContaining("falls back to main's, and GitLab validates that"));
  });

  test("two components with one owner, by name on one server and by login on two", () => {
    const message = "GITLAB-DB-OWNER: registry.owner must not be the login of main";
    const byName = problems((s) => {
      const server = serverIn(s);
      return { main: mainOn(server), registry: database(server, "registry", "gitlab") };
    });
    expect(byName).toEqual([expect.stringContaining(message)]);
    const owner = login("gitlab");
    const byLogin = problems((s) => ({
      main: serverIn(s, "one").database("gitlabhq_production", { owner }),
      registry: serverIn(s, "two").database("registry", { owner }),
    }));
    expect(byLogin).toEqual([expect.stringContaining(message)]);
  });

  test("equal login names on two servers are two logins", () => {
    expect(
      problems((s) => ({
        main: mainOn(serverIn(s, "one")),
        registry: database(serverIn(s, "two"), "registry", "gitlab"),
      })),
    ).toEqual([]);
  });

  test("main and ci in one database with two users", () => {
    const found = problems((s) => ({
      main: mainOn(serverIn(s, "one", { host: "db.internal" })),
      ci: database(serverIn(s, "two", { host: "db.internal" }), "gitlabhq_production", "gitlab_ci"),
    }));
    expect(found).toEqual([
      expect.stringContaining(
        'GITLAB-DB-SHARED-OWNER: ci.owner must be the owner of main, which is the same database (got "gitlab_ci"); otherwise neither could read the other\'s tables',
      ),
    ]);
  });

  test("names of components: reserved, duplicate, invalid; settings of a missing entry", () => {
    const found = problems((s) => {
      const server = serverIn(s);
      return {
        main: mainOn(server),
        components: [
          { name: "registry", database: database(server, "a") },
          { name: "x", database: database(server, "b") },
          { name: "x", database: database(server, "c") },
          { name: "X Y", database: database(server, "d") },
        ],
        entrySettings: { sec: {} },
      };
    });
    expect(found).toEqual([
      '[topology] GITLAB-DB-COMPONENTS-NAME: components.name must not be that of a property (got "registry"); use the property registry',
      '[topology] GITLAB-DB-COMPONENTS-NAME: components.name must be unique (got "x")',
      '[topology] GITLAB-DB-COMPONENTS-NAME: components.name must be lower-case letters, digits, _ and -, beginning with a letter (got "X Y")',
      '[topology] GITLAB-DB-ENTRY-SETTINGS: entrySettings must be for an entry of the topology: main, ci, registry, x, x, X Y (got "sec")',
    ]);
  });

  test("prepared statements behind a pooler in transaction mode, and not in session mode", () => {
    const pooled =
      (mode: PoolMode): Build =>
      (s) => ({
        main: new PgBouncer(s, "pooler", {
          namespace: "gitlab",
          clientTls: ClientTls.none(),
          entries: [{ database: mainOn(serverIn(s)), name: "main", mode, poolSize: 10, maxClients: 10 }],
        }).database("main"),
        entrySettings: { main: { preparedStatements: true } },
      });
    expect(problems(pooled(PoolMode.TRANSACTION))).toEqual([
      "[topology] GITLAB-DB-PREPARED-STATEMENTS: main.preparedStatements must be false behind a pooler in transaction mode, as GitLab requires (got true)",
    ]);
    expect(problems(pooled(PoolMode.SESSION))).toEqual([]);
  });

  test("settings out of range, all at once; tokens are accepted", () => {
    const build =
      (settings: DatabaseTopologyProps["settings"]): Build =>
      (s) => ({ main: mainOn(serverIn(s)), settings });
    expect(
      problems(
        build({
          statementTimeoutMs: 14_999,
          connectTimeoutSeconds: 1,
          keepalivesCount: -1,
          tcpUserTimeoutMs: 1.5,
          applicationName: "é",
          loadBalancing: { hosts: [] },
        }),
      ).map((p) => p.split(":")[0]),
    ).toEqual([
      "[topology] GITLAB-DB-SETTINGS-STATEMENT-TIMEOUT-MS",
      "[topology] GITLAB-DB-SETTINGS-CONNECT-TIMEOUT-SECONDS",
      "[topology] GITLAB-DB-SETTINGS-KEEPALIVES-COUNT",
      "[topology] GITLAB-DB-SETTINGS-TCP-USER-TIMEOUT-MS",
      "[topology] GITLAB-DB-SETTINGS-APPLICATION-NAME",
      "[topology] GITLAB-DB-SETTINGS-LOAD-BALANCING",
    ]);
    expect(
      problems((s) => ({
        main: mainOn(serverIn(s)),
        settings: { statementTimeoutMs: new TerraformVariable(s, "timeout", {}).numberValue },
      })),
    ).toEqual([]);
    expect(problems(build({ statementTimeoutMs: 60_001 }))).toHaveLength(1);
    expect(problems(build({ statementTimeoutMs: 15_000 }))).toEqual([]);
  });

  test("a list of hosts that is a token stays unchanged, and cannot be joined with replicas", () => {
    const endpoint = { host: "replica.internal", port: 5432, isPrivate: true };
    const build =
      (replicas?: GitlabReadReplica[]): Build =>
      (s) => ({
        main: mainOn(serverIn(s)),
        settings: { loadBalancing: { hosts: new TerraformVariable(s, "hosts", {}).listValue, replicas } },
      });
    expect(problems(build())).toEqual([]);
    expect(problems(build([{ endpoint }]))).toEqual([
      "[topology] GITLAB-DB-SETTINGS-LOAD-BALANCING-HOSTS: settings.loadBalancing.hosts must be known at synth to be joined with replicas (got not known at synth); set only one of them",
    ]);
  });

  test("a login through a proxy is compared by its name", () => {
    const owner = DatabaseLogin.throughProxy("gitlab");
    const found = problems((s) => {
      const server = serverIn(s);
      const main: IDatabase = server.database("gitlabhq_production", { owner });
      return { main, praefect: server.database("praefect", { owner: login("gitlab") }) };
    });
    expect(found).toEqual([expect.stringContaining("praefect.owner")]);
  });

  test("an unknown version", () => {
    expect(problems((s) => ({ main: mainOn(serverIn(s)), version: GitlabVersion.of("15.11") }))).toEqual([
      expect.stringContaining(
        'GITLAB-DB-VERSION: version must be a version such as 18.5, known at synth, of one of these lines: 19.x (chart 10.x), 18.x (chart 9.x), 17.x (chart 8.x), 16.x (chart 7.x) (got "15.11")',
      ),
    ]);
  });
});
