/** Databases of a release: given as such or by a topology, and created in SQL where their servers leave it to SQL. */
import type { TerraformStack } from "cdktf";
import { DatabaseProvisioning, type IDatabaseServer } from "../../../lib/database";
import {
  DatabaseTopology,
  GitlabObjectStorage,
  GitlabObjects,
  GitlabRedis,
  GitlabRelease,
  type GitlabReleaseProps,
  GitlabVersion,
} from "../../../lib/gitlab";
import { ClientTls, PgBouncer } from "../../../lib/pooling";
import { RecordingBackend } from "../../support/sql/sql-program";
import { type Json, problemsOf, synthesize } from "../../support/synth";
import { login } from "./model-fixtures";
import { CA, identityIn, secret, serverIn, storesIn } from "./release-fixtures";

const CHART = "9.5.2";

/** A server whose databases are created in SQL, by its administrator. */
const managed = (stack: TerraformStack, id = "managed") =>
  serverIn(stack, id, { adminLogin: login("dbadmin") });

const databasesOn = (server: IDatabaseServer) => ({
  main: server.database("gitlabhq_production", { owner: login("gitlab") }),
  registry: server.database("registry", { owner: login("registry") }),
});

function release(stack: TerraformStack, props: Partial<GitlabReleaseProps>): GitlabRelease {
  return new GitlabRelease(stack, "gitlab", {
    domain: "example.com",
    chartVersion: CHART,
    objectStorage: GitlabObjectStorage.withIdentity({
      stores: storesIn(stack),
      identity: identityIn(stack),
    }),
    redis: GitlabRedis.fromRedisAttributes({ host: "redis.internal", password: secret("redis") }),
    certificateEmail: "platform@example.com",
    ...props,
  });
}

const jobs = (resources: (type: string) => Json[]) =>
  resources("kubernetes_job_v1").map(({ metadata }) => metadata.namespace);

test("databases alone are enough: the topology follows the chart's version, and jobs create them before GitLab", () => {
  let made: GitlabRelease | undefined;
  const { resources, resource } = synthesize((stack) => {
    made = release(stack, { databases: databasesOn(managed(stack)) });
  });
  expect(made?.topology.version.version).toBe("18.5");
  expect(made?.topology.entries.map(({ name }) => name)).toEqual(["main", "ci", "registry"]);
  expect(made?.databaseObjects.map(({ node }) => node.path)).toEqual([
    "test/gitlab/DatabaseSetup/Server-main",
  ]);
  expect(jobs(resources)).toEqual(["gitlab-database-setup"]);
  expect(resource("helm_release").depends_on).toContainEqual(
    expect.stringMatching(/^kubernetes_job_v1\.gitlab_DatabaseSetup_Server-main_/),
  );
});

test("a server whose databases exist already gets no SQL, beside one that leaves them to SQL", () => {
  const backend = new RecordingBackend();
  let made: GitlabRelease | undefined;
  synthesize((stack) => {
    const existing = serverIn(stack, "existing");
    made = release(stack, {
      databases: {
        main: existing.database("gitlabhq_production", { owner: login("gitlab") }),
        registry: managed(stack).database("registry", { owner: login("registry") }),
      },
      databaseSetup: { backend },
    });
  });
  const provisioning = made?.topology.entries.map(({ direct }) => direct.provisioning);
  expect(provisioning).toEqual([
    DatabaseProvisioning.CLOUD_API,
    DatabaseProvisioning.CLOUD_API,
    DatabaseProvisioning.SQL_JOB,
  ]);
  expect(made?.databaseObjects.map(({ server }) => server.node.id)).toEqual(["managed"]);
  expect(made?.databaseObjects[0]?.components.map(({ component }) => component)).toEqual(["gitlab-registry"]);
});

test("databases that all exist need no SQL", () => {
  let made: GitlabRelease | undefined;
  const { resources } = synthesize((stack) => {
    made = release(stack, { databases: databasesOn(serverIn(stack)) });
  });
  expect([made?.databaseObjects, jobs(resources)]).toEqual([[], []]);
});

describe("objects made elsewhere", () => {
  const build = (stack: TerraformStack, servers: (all: IDatabaseServer[]) => IDatabaseServer[]) => {
    const [one, two] = [managed(stack, "one"), managed(stack, "two")];
    const topology = new DatabaseTopology(stack, "topology", {
      version: GitlabVersion.ofChart(CHART),
      main: one.database("gitlabhq_production", { owner: login("gitlab") }),
      registry: two.database("registry", { owner: login("registry") }),
    });
    const backend = new RecordingBackend();
    const { objects } = new GitlabObjects(stack, "objects", {
      topology,
      backend,
      servers: servers([one, two]),
    });
    return { topology, objects, backend };
  };

  test("the release waits for them and creates none", () => {
    let made: GitlabRelease | undefined;
    const { resources } = synthesize((stack) => {
      const { topology, objects } = build(stack, (all) => all);
      made = release(stack, { topology, databaseSetup: { objects } });
    });
    expect(made?.databaseObjects.map(({ node }) => node.path)).toEqual([
      "test/objects/Server-main",
      "test/objects/Server-registry",
    ]);
    expect(jobs(resources)).toEqual([]);
  });

  test("a database that they leave out is refused, and so is a back end beside them", () => {
    const found = problemsOf((stack) => {
      const { topology, objects, backend } = build(stack, ([one]) => [one as IDatabaseServer]);
      release(stack, { topology, databaseSetup: { objects, backend } });
    });
    expect(found).toEqual([
      '[gitlab] GITLAB-CHART-DATABASE-SETUP-OBJECTS: databaseSetup.objects must describe the database of registry, registry on test/two (got ["test/objects/Server-main"]); use GitlabObjects',
      '[gitlab] GITLAB-CHART-DATABASE-SETUP-BACKEND: databaseSetup.backend must not be set with objects, which have a back end (got "set")',
    ]);
  });
});

test("behind a pooler the objects must be created before the pooler, which needs their users", () => {
  const found = (given: boolean) =>
    problemsOf((stack) => {
      const databases = databasesOn(managed(stack));
      const topology = new DatabaseTopology(stack, "topology", {
        version: GitlabVersion.ofChart(CHART),
        ...databases,
      });
      const backend = new RecordingBackend();
      const { objects, dependables } = given
        ? new GitlabObjects(stack, "objects", { topology, backend })
        : { objects: undefined, dependables: [] };
      const pooler = new PgBouncer(stack, "pooler", {
        namespace: "gitlab",
        clientTls: ClientTls.fromSecret("pgbouncer-tls", CA),
        entries: [{ database: databases.main, component: "gitlab", poolSize: 100, maxClients: 10_000 }],
        dependsOn: dependables,
      });
      release(stack, { topology: topology.pooledBy(pooler), databaseSetup: { objects } });
    });
  expect(found(true)).toEqual([]);
  // The pooler refuses its part of the mistake itself.
  expect(found(false).filter((each) => !each.startsWith("[pooler]"))).toEqual([
    "[gitlab] GITLAB-CHART-DATABASE-SETUP-OBJECTS-POOLER: databaseSetup.objects must be set for databases behind a pooler (main), which needs their users before it starts (got not set); create GitlabObjects and add their dependables to dependsOn of the pooler",
  ]);
});

test("neither databases nor a topology, and both, are refused at once", () => {
  const both = (stack: TerraformStack) => {
    const databases = databasesOn(serverIn(stack));
    const version = GitlabVersion.ofChart(CHART);
    return { databases, topology: new DatabaseTopology(stack, "topology", { version, ...databases }) };
  };
  expect(() => synthesize((stack) => void release(stack, {}))).toThrow(
    "[test/gitlab] GITLAB-CHART-DATABASES: either databases or topology must be set (got not set)",
  );
  expect(() => synthesize((stack) => void release(stack, both(stack)))).toThrow(
    "either databases or topology must be set (got both)",
  );
});
