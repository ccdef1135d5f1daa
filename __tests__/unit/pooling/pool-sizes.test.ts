import { readFileSync } from "node:fs";
import { join } from "node:path";
import { TerraformVariable } from "cdktf";
import { type IDatabase, PoolMode } from "../../../lib/database";
import { ClientTls, PgBouncer, type PoolEntry } from "../../../lib/pooling";
import { repository } from "../../../tools/machine/repository";
import { problemsOf, type Synthesized, synthesize } from "../../support/synth";
import { database, login, pooler, server } from "./fixture";

/** The figures of the server's line: `main 40`. */
const sizes = (result: Synthesized): Record<string, number> =>
  Object.fromEntries(
    [
      ...(
        Object.values(
          result.resources("kubernetes_config_map_v1").find((c) => "hba.conf" in c.data).data,
        ) as string[]
      )
        .join("\n")
        .matchAll(/^([\w-]+) = host=.* pool_size=(\d+)/gm),
    ].map((m) => [m[1], Number(m[2])]),
  );
const maxClients = (result: Synthesized) =>
  Number(
    /max_client_conn = (\d+)/.exec(
      result.resources("kubernetes_config_map_v1").find((c) => "hba.conf" in c.data).data["pgbouncer.ini"],
    )?.[1],
  );
const app = (name: string, database: IDatabase, replicas: number, poolMax: number) =>
  database.server.connectionBudget.add({ name, replicas, poolMax, surge: 0 });

// 203 connections less 3 reserved; the pooler of two pods may have four at the worst moment.
test("one pooler uses 80 per cent of the budget, over all pods of a rolling update", () => {
  expect(sizes(synthesize((s) => pooler(s)))).toEqual({ main: 40 });
  expect(sizes(synthesize((s) => pooler(s, { replicas: 6 })))).toEqual({ main: 20 });
});

test("the figures in docs/pooling.md match the example", () => {
  const result = synthesize((s) => {
    const on = server(s, "server", { maxConnections: 400 });
    const p = pooler(s, {
      entries: [
        { database: database(s, "main", on), share: 3 },
        { database: database(s, "registry", on), mode: PoolMode.SESSION },
      ],
    });
    p.database("main").server.connectionBudget.add({ name: "gitlab", replicas: 4, poolMax: 28 });
  });
  const page = readFileSync(join(repository, "docs", "pooling.md"), "utf8");
  const found = sizes(result);
  expect(found).toEqual({ main: 59, registry: 19 });
  expect([...page.matchAll(/`pool_size=(\d+)`/g)].map((m) => Number(m[1]))).toEqual(Object.values(found));
  // 175 for GitLab; nobody speaks for the registry.
  expect(maxClients(result)).toBe(175 + 500 + 10);
  expect(page).toContain("so 175 clients may connect");
});

test("entries divide by weight the connections left by given sizes and other consumers", () => {
  const result = synthesize((s) => {
    const on = server(s);
    // Added by somebody else: a registry that goes to the server directly.
    pooler(s, {
      entries: [
        { database: database(s, "main", on), share: 3 },
        { database: database(s, "ci", on) },
        { database: database(s, "sec", on), poolSize: 4 },
      ],
    });
    on.connectionBudget.add({ name: "added later", replicas: 1, surge: 0, poolMax: 80 });
  });
  // (160 - 80) / 4 pods = 20, less 4.
  expect(sizes(result)).toEqual({ main: 12, ci: 4, sec: 4 });
});

test("the server's budget has the pooler at its rolling-update peak", () => {
  synthesize((s) => {
    const on = server(s);
    pooler(s, {}, { poolSize: 10 }, on);
    expect(on.connectionBudget.needed).toBe(40);
  });
  expect(problemsOf((s) => pooler(s, {}, { poolSize: 51 }, server(s)))).toEqual([
    expect.stringContaining("(got 204)"),
  ]);
});

test("no pool is larger than the number of its clients", () => {
  const result = synthesize((s) => {
    const p = pooler(s);
    app("small", p.database("main"), 2, 3);
  });
  expect(sizes(result)).toEqual({ main: 6 });
});

test("maxClients of each pod is the declared number of clients plus 25 per cent", () => {
  const result = synthesize((s) => {
    const on = server(s);
    const p = pooler(s, {
      entries: [{ database: database(s, "main", on) }, { database: database(s, "ci", on) }],
    });
    app("web", p.database("main"), 10, 40);
  });
  expect(maxClients(result)).toBe(500 + 500 + 10);
  expect(result.warnings).toEqual([]);
});

test("a pooler with too few client connections is refused in transaction mode", () => {
  const found = problemsOf((s) => {
    const p = pooler(s, {}, { maxClients: 100 });
    app("web", p.database("main"), 3, 40);
  });
  expect(found).toEqual([
    expect.stringContaining(
      "connectionBudget must be at most 100 connections, 100 (maxClients of the pooler's entry main) less 0 reserved (got 120)",
    ),
  ]);
});

test("a pooler with too few server connections is refused in session mode", () => {
  const build = (poolSize: number) => (s: never) => {
    const p = pooler(s, {}, { mode: PoolMode.SESSION, poolSize });
    app("praefect", p.database("main"), 3, 20);
  };
  expect(problemsOf(build(29) as never)).toEqual([
    expect.stringContaining(
      "connectionBudget must be at most 58 connections, 58 (pool sizes of 2 pods: in session mode each client keeps a server connection) less 0 reserved (got 60); peak",
    ),
  ]);
  expect(problemsOf(build(38) as never)).toEqual([]);
});

test("clients are consumers of the entry's budget, not of the server's", () => {
  synthesize((s) => {
    const on = server(s);
    const p = pooler(s, {}, {}, on);
    app("web", p.database("main"), 10, 100);
    expect(on.connectionBudget.consumers.map((c) => c.name)).toEqual(["test/pooler"]);
  });
});

test("each server of a pooler has separate pool sizes", () => {
  const result = synthesize((s) => {
    pooler(s, {
      entries: [
        { database: database(s, "main", server(s, "a")) },
        { database: database(s, "ci", server(s, "b", { maxConnections: 103 })) },
      ],
    });
  });
  expect(sizes(result)).toEqual({ main: 40, ci: 20 });
});

test("a server without available connections leaves one connection and is reported", () => {
  const found = problemsOf((s) => {
    const on = server(s);
    on.connectionBudget.add({ name: "greedy", replicas: 1, surge: 0, poolMax: 198 });
    pooler(s, {}, {}, on);
  });
  expect(found).toEqual([expect.stringContaining("(got 202)")]);
});

test("two poolers on one server must set their sizes, without endless recursion", () => {
  const both = (entry: Partial<PoolEntry>) => (s: never) => {
    const on = server(s);
    pooler(s, {}, entry, on);
    new PgBouncer(s, "second", {
      namespace: "gitlab",
      poolerName: "second",
      clientTls: ClientTls.none(),
      entries: [{ database: on.database("other", { owner: login(s, "other") }), ...entry }],
    });
  };
  expect(problemsOf(both({}) as never)).toEqual([
    expect.stringContaining(
      "[pooler] PGBOUNCER-ENTRIES-POOL-SIZE: entries.poolSize must be set for main: two poolers share test/server (got not set)",
    ),
    expect.stringContaining(
      "[second] PGBOUNCER-ENTRIES-POOL-SIZE: entries.poolSize must be set for other: two poolers share test/server (got not set)",
    ),
  ]);
  expect(problemsOf(both({ poolSize: 5 }) as never)).toEqual([]);
});

test("with a budget known only at apply, sizes must be set and preconditions check them", () => {
  const build = (entry: Partial<PoolEntry>) => (s: never) => {
    const maxConnections = new TerraformVariable(s, "max", { type: "number" }).numberValue;
    pooler(s, {}, entry, server(s, "server", { maxConnections }));
  };
  expect(problemsOf(build({}) as never)).toEqual([
    expect.stringContaining(
      "PGBOUNCER-ENTRIES-POOL-SIZE: entries.poolSize must be set for main: the connection budget of test/server is not known at synth (got not set)",
    ),
  ]);
  const [condition] = synthesize(build({ poolSize: 5 }) as never).resource("kubernetes_deployment_v1")
    .lifecycle.precondition;
  expect(condition.condition).toContain("var.max");
});
