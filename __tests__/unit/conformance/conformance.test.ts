/** One suite for every implementation of the contract: the same intent gives the documented result or a said difference. */
import { readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { type IDatabaseServer, LoginAuthentication } from "../../../lib/database";
import { isResolved } from "../../../lib/database/private";
import { DIFFERENCES } from "../../../tools/conformance/differences";
import { type Outcome, ROWS } from "../../../tools/conformance/intents";
import { conformanceTable } from "../../../tools/conformance/page";
import { propertyRows } from "../../../tools/conformance/properties";
import { problemsOf, synthesize } from "../../support/synth";
import { attribute } from "./attribute";
import { IMPLEMENTATIONS, type Implementation } from "./implementations";

describe.each(IMPLEMENTATIONS)("$label", (implementation: Implementation) => {
  const rows = ROWS.flatMap((row) => {
    const outcome = row.outcomes[implementation.id];
    return outcome ? [{ intent: row.intent, props: row.props, outcome }] : [];
  });

  test.each(rows)("$intent", ({ props, outcome }) => {
    let server: IDatabaseServer | undefined;
    const build = (stack: Parameters<Implementation["build"]>[0]) => {
      server = implementation.build(stack, props);
    };
    if (outcome.refuses) {
      expect(problemsOf(build).join("\n")).toMatch(outcome.refuses);
      return;
    }
    const { json, warnings, infos } = synthesize(build);
    if (outcome.says) {
      expect([...warnings, ...infos].map(({ message }) => message).join("\n")).toMatch(outcome.says);
    }
    for (const [path, value] of Object.entries(outcome.writes ?? {})) {
      expect({ [path]: attribute(json, path) }).toEqual({ [path]: value });
    }
    for (const [path, value] of Object.entries(outcome.answers ?? {})) {
      expect({ [path]: answer(server, path) }).toEqual({ [path]: value });
    }
  });

  test("no row for it asserts nothing", () => {
    const fields = (outcome: Outcome) => [outcome.writes, outcome.refuses, outcome.says, outcome.answers];
    for (const { outcome } of rows)
      expect(fields(outcome).filter((field) => field !== undefined)).toHaveLength(1);
  });

  test("answers what an application asks", () => {
    synthesize((stack) => {
      const server = implementation.build(stack, {});
      expect(server.engine.family).toBe(implementation.family);
      expect(server.location.cloud).toBe(implementation.cloud);
      expect(server.endpoint.isPrivate).toBe(true);
      expect(server.endpoint.host).toBeTruthy();
      expect(isResolved(server.endpoint.port) ? server.endpoint.port : undefined).toBe(
        server.engine.defaultPort,
      );
      expect(server.tls.enforced).toBe(true);
      expect(server.connectionBudget.available).toBeGreaterThan(50);
    });
  });

  test("gives a database an owner of its own, and the same one when asked again", () => {
    synthesize((stack) => {
      const server = implementation.build(stack, {});
      const given = implementation.id.startsWith("existing") ? { owner: server.adminLogin } : undefined;
      if (given) {
        // A server that exists has no place to keep a new password, and an application never gets the administrator's.
        expect(() => server.database("app")).toThrow(/owner/);
        return;
      }
      const database = server.database("app");
      expect(database.owner.username).toBe("app");
      expect(database.owner.authentication).toBe(LoginAuthentication.PASSWORD);
      expect(database.owner.password?.version).toBeDefined();
      expect(server.database("app")).toBe(database);
    });
  });

  test("never hands out the administrator as an owner", () => {
    const problems = problemsOf((stack) => {
      const server = implementation.build(stack, {});
      const owner = server.adminLogin;
      if (owner) server.database("app", { owner });
      else server.database("app", { ownerName: "cloudsqlsuperuser" });
    });
    expect(problems.join("\n")).toMatch(/must not be the administrator's login|reserved/);
  });

  test("counts who connects, and refuses what does not fit", () => {
    const problems = problemsOf((stack) => {
      const server = implementation.build(stack, {});
      server.connectionBudget.add({ name: "app", replicas: 1_000, poolMax: 50 });
    });
    expect(problems.join("\n")).toMatch(/connectionBudget must be .*got 62500/);
  });
});

test("every cloud of lib has an implementation", () => {
  const files = readdirSync(join(__dirname, "../../../lib"), { recursive: true, encoding: "utf8" });
  const clouds = files.flatMap((file) => /^(\w+)[\\/].*data[\\/]engine-support\.ts$/.exec(file)?.[1] ?? []);
  const implemented = new Set(IMPLEMENTATIONS.map(({ cloud }) => cloud.name));
  expect(clouds.length).toBeGreaterThan(2);
  expect(clouds.filter((cloud) => !implemented.has(cloud))).toEqual([]);
});

function answer(server: IDatabaseServer | undefined, path: string): unknown {
  return path.split(".").reduce<unknown>((value, name) => (value as Record<string, unknown>)?.[name], server);
}

test("the table in docs/conformance.md is that of today", () => {
  const written = readFileSync(join(__dirname, "../../../docs/conformance.md"), "utf8");
  expect(written).toBe(conformanceTable());
});

describe("the properties of the servers", () => {
  const rows = propertyRows();

  test("are read", () => {
    expect(rows.length).toBeGreaterThan(40);
    expect(rows.filter((row) => row.same).map((row) => row.name)).toEqual(
      expect.arrayContaining(["engine", "size", "storage", "availability", "deletionPolicy", "parameters"]),
    );
  });

  test.each(rows)("$name is the same on every cloud, or a reason is listed", ({ name, same }) => {
    expect({ [name]: DIFFERENCES[name] !== undefined }).toEqual({ [name]: !same });
  });

  test("no reason is listed for a property that does not exist", () => {
    const names = rows.map((row) => row.name);
    expect(Object.keys(DIFFERENCES).filter((name) => !names.includes(name))).toEqual([]);
  });
});
