import { type TerraformStack, TerraformVariable } from "cdktf";
import { Cloud, TerraformData } from "../../../lib/database";
import { type DatabaseTopology, GitlabObjects, type GitlabObjectsOptions } from "../../../lib/gitlab";
import { ComponentObjects } from "../../../lib/sql";
import { RecordingBackend } from "../../support/sql/sql-program";
import { problemsOf, synthesize, treeOf } from "../../support/synth";
import { ciOn, database, login, mainOn, serverIn, topologyIn } from "./model-fixtures";

const RAILS = ["amcheck", "btree_gist", "pg_trgm"];

function described(build: (stack: TerraformStack) => DatabaseTopology, options?: GitlabObjectsOptions) {
  let found: ReturnType<typeof GitlabObjects.describe> = [];
  synthesize((stack) => {
    found = GitlabObjects.describe(build(stack), options);
  });
  return found;
}
const short = (found: ReturnType<typeof described>) =>
  Object.fromEntries(
    found.map(({ name, components }) => [
      name,
      components.map((c) => ({
        component: c.component,
        logins: c.logins.map((l) => l.login.username),
        databases: c.databases.map((d) => [d.name, (d.extensions ?? []).map((e) => e.name)]),
      })),
    ]),
  );

const all = (stack: TerraformStack) => {
  const server = serverIn(stack);
  return topologyIn(stack, {
    main: mainOn(server),
    ci: ciOn(server),
    registry: database(server, "registry"),
    praefect: database(server, "praefect"),
    openbao: database(server, "openbao"),
    components: [{ name: "zoekt", database: database(server, "zoekt") }],
    allowSeparateCiDatabase: true,
  });
};

test("one server: a login for each component, GitLab's extensions in each Rails database and nowhere else", () => {
  expect(short(described(all))).toEqual({
    main: [
      {
        component: "gitlab",
        logins: ["gitlab"],
        databases: [
          ["gitlabhq_production", RAILS],
          ["gitlabhq_production_ci", RAILS],
        ],
      },
      { component: "gitlab-registry", logins: ["registry"], databases: [["registry", []]] },
      { component: "praefect", logins: ["praefect"], databases: [["praefect", []]] },
      { component: "openbao", logins: ["openbao"], databases: [["openbao", []]] },
      { component: "zoekt", logins: ["zoekt"], databases: [["zoekt", []]] },
    ],
  });
});

test("a database that two entries share is described once", () => {
  const found = short(described((s) => topologyIn(s, { main: mainOn(serverIn(s)) })));
  expect(found.main?.[0]?.databases).toEqual([["gitlabhq_production", RAILS]]);
});

test("several servers: each gets the objects of its databases", () => {
  const found = described((s) => {
    const [one, two] = [serverIn(s, "one"), serverIn(s, "two")];
    return topologyIn(s, {
      main: mainOn(one),
      ci: ciOn(two),
      sec: database(two, "gitlabhq_production_sec", "gitlab"),
      registry: database(two, "registry"),
      allowSeparateCiDatabase: true,
    });
  });
  expect(short(found)).toEqual({
    main: [{ component: "gitlab", logins: ["gitlab"], databases: [["gitlabhq_production", RAILS]] }],
    ci: [
      {
        component: "gitlab",
        logins: ["gitlab"],
        databases: [
          ["gitlabhq_production_ci", RAILS],
          ["gitlabhq_production_sec", RAILS],
        ],
      },
      { component: "gitlab-registry", logins: ["registry"], databases: [["registry", []]] },
    ],
  });
});

test("the tracking database of Geo gets no extensions", () => {
  const found = described((s) => {
    const geo = database(serverIn(s, "tracking"), "gitlabhq_geo_production", "gitlab_geo");
    return topologyIn(s, { main: mainOn(serverIn(s)), geo });
  });
  expect(short(found).geo).toEqual([
    { component: "gitlab-geo", logins: ["gitlab_geo"], databases: [["gitlabhq_geo_production", []]] },
  ]);
});

test("statement_timeout of the entry, else of the server, else of GitLab; on Rails databases only", () => {
  const timeouts = (found: ReturnType<typeof described>) =>
    found.flatMap(({ components }) =>
      components.flatMap((c) => c.databases.map((d) => [d.name, d.settings?.[0]?.values[0]])),
    );
  expect(timeouts(described(all))).toEqual([
    ["gitlabhq_production", "60000"],
    ["gitlabhq_production_ci", "60000"],
    ["registry", undefined],
    ["praefect", undefined],
    ["openbao", undefined],
    ["zoekt", undefined],
  ]);
  expect(timeouts(described(all, { statementTimeoutMs: 0 }))[0]).toEqual(["gitlabhq_production", undefined]);
  const own = (s: TerraformStack, more = {}) =>
    topologyIn(s, {
      main: mainOn(serverIn(s, "postgres", { parameters: { statement_timeout: "15000" } })),
      ...more,
    });
  expect(timeouts(described((s) => own(s)))).toEqual([["gitlabhq_production", undefined]]);
  expect(
    timeouts(described((s) => own(s, { entrySettings: { main: { statementTimeoutMs: 20_000 } } }))),
  ).toEqual([["gitlabhq_production", "20000"]]);
});

test("a login for the registry's backups, and components of the user", () => {
  const found = described(all, { registryBackupLogin: login("registry_backup") });
  expect(found[0]?.components[1]?.logins.map((l) => l.login.username)).toEqual([
    "registry",
    "registry_backup",
  ]);
  synthesize((stack) => {
    const topology = all(stack);
    const [server] = GitlabObjects.describe(topology);
    const source = database(server?.server as never, "wiki");
    const wiki = new ComponentObjects({
      component: "wiki",
      logins: [{ login: login("wiki") }],
      databases: [{ name: "wiki", owner: "wiki" }],
      sources: [source],
    });
    const [again] = GitlabObjects.describe(topology, { furtherComponents: [wiki] });
    expect(again?.components.at(-1)).toBe(wiki);
  });
});

test("the construct creates the objects of each server, under the name of its first entry", () => {
  const backend = new RecordingBackend();
  const { stack } = synthesize((s) => {
    const administrator = { adminLogin: login("dbadmin") };
    const [one, two] = [serverIn(s, "one", administrator), serverIn(s, "two", administrator)];
    const topology = topologyIn(s, { main: mainOn(one), registry: database(two, "registry") });
    new GitlabObjects(s, "objects", { topology, backend });
  });
  expect(treeOf(stack.node.findChild("objects"))).toBe("Server-main\nServer-registry\n");
  expect(backend.program?.server.node.path).toBe("test/two");
});

test.each([Cloud.AWS, Cloud.AZURE, Cloud.GOOGLE])("the descriptions are accepted on %s", (cloud) => {
  const backend = new RecordingBackend();
  expect(
    problemsOf((s) => {
      const server = serverIn(s, "postgres", { adminLogin: login("dbadmin"), location: { cloud } });
      const topology = topologyIn(s, {
        main: mainOn(server),
        ci: ciOn(server),
        registry: database(server, "registry"),
        praefect: database(server, "praefect"),
        allowSeparateCiDatabase: true,
      });
      new GitlabObjects(s, "objects", { topology, backend, registryBackupLogin: login("registry_backup") });
    }),
  ).toEqual([]);
});

test("a timeout out of range is refused, 0 disables it, and a token is accepted", () => {
  const build = (statementTimeoutMs: (s: TerraformStack) => number) => (s: TerraformStack) => {
    const topology = topologyIn(s, {
      main: mainOn(serverIn(s, "postgres", { adminLogin: login("dbadmin") })),
    });
    const backend = new RecordingBackend();
    new GitlabObjects(s, "objects", { topology, backend, statementTimeoutMs: statementTimeoutMs(s) });
    new TerraformData(s, "seen", { input: { desired: backend.program?.environment.SQL_DESIRED } });
  };
  for (const wrong of [14_999, 60_001, -1, 20_000.5]) {
    expect(problemsOf(build(() => wrong))).toEqual([
      `[objects] GITLAB-DB-STATEMENT-TIMEOUT-MS: statementTimeoutMs must be 0 or a whole number from 15000 to 60000 ms (got ${wrong})`,
    ]);
  }
  for (const right of [0, 15_000, 60_000]) expect(problemsOf(build(() => right))).toEqual([]);
  const { resource } = synthesize(build((s) => new TerraformVariable(s, "timeout", {}).numberValue));
  expect(resource("terraform_data").input.desired).toContain("tostring(var.timeout)");
});

test("a server without an administrator is refused", () => {
  expect(
    problemsOf((s) => {
      const topology = topologyIn(s, { main: mainOn(serverIn(s)) });
      new GitlabObjects(s, "objects", { topology, backend: new RecordingBackend() });
    }),
  ).toEqual([
    expect.stringContaining("[objects/Server-main] SQL-SERVER-ADMIN-LOGIN: server.adminLogin must be set"),
  ]);
});
