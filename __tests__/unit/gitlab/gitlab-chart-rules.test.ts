import { DatabaseEngine, DatabaseLogin, PostgresVersion } from "../../../lib/database";
import { GitlabObjectStorage, GitlabRedis } from "../../../lib/gitlab";
import { mergeValues } from "../../../lib/kubernetes/private";
import { complaints, databaseYml, serviceAccounts } from "../../support/kubernetes/gitlab-chart-rules";
import type { Json } from "../../support/synth";
import {
  behindPooler,
  build,
  CA,
  databaseOn,
  GOOGLE,
  identityIn,
  mainOn,
  merged,
  poolerIn,
  type ReleaseCase,
  secret,
  serverIn,
  storesIn,
} from "./release-fixtures";

const postgres16 = { engine: DatabaseEngine.postgres(PostgresVersion.V16) };
const client = { certificatePem: CA, privateKeyPem: secret("key") };

const CASES: [string, ReleaseCase][] = [
  ["one database", {}],
  [
    "one database on chart 8",
    { chart: "8.3.0", topology: (s) => ({ main: mainOn(serverIn(s, "server", postgres16)) }) },
  ],
  ["one database on chart 10", { chart: "10.0.2" }],
  [
    "three servers, with replicas of main",
    {
      topology: (stack) => ({
        main: mainOn(serverIn(stack)),
        ci: databaseOn(serverIn(stack, "second"), "gitlabhq_production", "gitlab_ci"),
        sec: databaseOn(serverIn(stack, "third"), "gitlabhq_production", "gitlab_sec"),
        allowSeparateCiDatabase: true,
        settings: { connectTimeoutSeconds: 5 },
        entrySettings: { main: { loadBalancing: { hosts: ["a", "b"] } } },
      }),
    },
  ],
  [
    "three databases on one server, behind a pooler",
    {
      topology: (stack) => {
        const [server, pooler] = [serverIn(stack), poolerIn(stack)];
        const on = (name: string, database: string) =>
          behindPooler(databaseOn(server, database, "gitlab"), pooler, name);
        return {
          main: on("main", "gitlabhq_production"),
          ci: on("ci", "gitlabhq_production_ci"),
          sec: on("sec", "gitlabhq_production_sec"),
          allowSeparateCiDatabase: true,
          registry: databaseOn(server, "registry", "registry"),
        };
      },
    },
  ],
  [
    "one database under two names of a pooler, which the chart's own comparison would take for two",
    {
      topology: (stack) => {
        const [main, pooler] = [mainOn(serverIn(stack)), poolerIn(stack)];
        return { main: behindPooler(main, pooler, "main"), ci: behindPooler(main, pooler, "ci") };
      },
    },
  ],
  [
    "only ci behind a pooler, with a login that differs from the owner",
    {
      topology: (stack) => {
        const tls = { enforced: true, hostnameVerifiable: true, caCertificatesPem: CA };
        const ci = databaseOn(serverIn(stack, "second"), "gitlabhq_production_ci", "gitlab_ci");
        const pooled = Object.create(behindPooler(ci, poolerIn(stack, { tls }), "ci"), {
          owner: { value: DatabaseLogin.withPassword("pooled_ci", secret("pooled_ci")) },
        });
        return { main: mainOn(serverIn(stack)), ci: pooled, allowSeparateCiDatabase: true };
      },
    },
  ],
  [
    "single-database mode",
    { topology: (stack) => ({ main: mainOn(serverIn(stack)), singleDatabaseMode: true }) },
  ],
  [
    "mutual TLS",
    {
      topology: (stack) => ({
        main: mainOn(
          serverIn(stack, "server", {
            tls: {
              enforced: true,
              hostnameVerifiable: true,
              caCertificatesPem: CA,
              clientCertificate: client,
            },
          }),
        ),
      }),
    },
  ],
  [
    "a Geo secondary site",
    {
      topology: (stack) => ({
        main: mainOn(serverIn(stack)),
        geo: databaseOn(serverIn(stack, "tracking"), "gitlabhq_geo_production", "gitlab_geo"),
      }),
    },
  ],
  [
    "OpenBao and Praefect",
    {
      chart: "10.0.2",
      topology: (stack) => ({
        main: mainOn(serverIn(stack)),
        openbao: databaseOn(serverIn(stack, "second"), "openbao", "openbao"),
        praefect: databaseOn(serverIn(stack, "third"), "praefect", "praefect"),
      }),
    },
  ],
  ["the chart's own Redis", { props: { redis: GitlabRedis.bundled() } }],
  [
    "default credentials of Google",
    {
      props: (stack) => ({
        objectStorage: GitlabObjectStorage.withIdentity({
          stores: storesIn(stack, GOOGLE),
          identity: identityIn(stack, { cloud: GOOGLE.cloud, serviceAccountAnnotations: {} }),
        }),
      }),
    },
  ],
];

function releaseOf(options: ReleaseCase) {
  const { made, documents } = build(options);
  const { topology } = made;
  const accounts = made.serviceAccounts.map(({ metadata }) => String(metadata.name));
  return {
    rails: topology.rails,
    accounts,
    values: merged(documents.filter((each) => !each.startsWith("${"))),
  };
}

describe.each(CASES)("%s", (_, options) => {
  let made: ReturnType<typeof releaseOf>;
  beforeAll(() => {
    made = releaseOf(options);
  });

  test.each([
    ["webservice", false],
    ["sidekiq", false],
    ["gitlab-exporter", false],
    ["migrations", true],
    ["toolbox", true],
  ])("database.yml of %s matches the topology", (subchart, past) => {
    const { rails, values } = made;
    const entries = databaseYml(values, subchart);
    expect(Object.keys(entries).sort()).toEqual(rails.map(({ name }) => name).sort());
    for (const { name, database, direct, databaseTasks, settings } of rails) {
      const { server, databaseName, owner } = past ? direct : database;
      const otherLogin = past && direct.owner !== database.owner;
      expect([name, entries[name]]).toEqual([
        name,
        {
          host: server.endpoint.host,
          port: server.endpoint.port,
          database: databaseName,
          username: owner.username,
          password: `gitlab-postgresql-password/${name}${otherLogin ? "-direct" : ""}-gitlab-password`,
          databaseTasks,
          preparedStatements: false,
          replicas:
            settings.loadBalancing && ["webservice", "sidekiq"].includes(subchart)
              ? { hosts: settings.loadBalancing.hosts }
              : undefined,
          mutualTls: server.tls.clientCertificate !== undefined,
        },
      ]);
    }
  });

  test("the chart creates none of the service accounts that the release creates", () => {
    const { accounts, values } = made;
    expect(accounts).not.toEqual([]);
    expect(serviceAccounts(values).filter((name) => accounts.includes(name))).toEqual([]);
  });

  test("the chart's own checks", () => {
    expect(complaints(made.values, Number((options.chart ?? "9").split(".")[0]))).toEqual([]);
  });
});

describe("the model of the chart detects mistakes", () => {
  const { values } = releaseOf({});
  const without = (path: string): Json => {
    const copy = structuredClone(values);
    const keys = path.split(".");
    const last = keys.pop() as string;
    let node = copy;
    for (const key of keys) node = node[key];
    delete node[last];
    return copy;
  };

  test.each([
    "global.psql.host",
    "global.psql.password.secret",
    "global.redis.host",
    "global.appConfig.lfs.bucket",
    "registry.storage.secret",
    "gitlab.toolbox.backups.objectStorage.config.secret",
    "certmanager-issuer.email",
    "postgresql.install",
    "global.minio.enabled",
    "registry.database.enabled",
  ])("%s", (path) => {
    expect(complaints(without(path), 9)).toEqual([path]);
  });

  test("a subchart creates its account as long as the global value says so, whatever its own says", () => {
    expect(serviceAccounts(without("global.serviceAccount.create"))).toEqual([
      "gitlab-objects",
      "gitlab-objects",
      "gitlab-objects",
      "gitlab-objects",
      "gitlab-objects",
    ]);
  });

  test("databaseTasks in main is inherited by ci, whatever the chart compares", () => {
    const plain = mergeValues(without("global.psql.ci.databaseTasks")) as Json;
    expect(databaseYml(plain, "migrations").ci?.databaseTasks).toBe(false);
    const trapped = mergeValues(plain, { global: { psql: { main: { databaseTasks: true } } } }) as Json;
    expect(databaseYml(trapped, "migrations").ci?.databaseTasks).toBe(true);
  });

  test("an entry that the chart does not know is left out", () => {
    const more = mergeValues(values, { global: { psql: { analytics: { host: "x" } } } }) as Json;
    expect(Object.keys(databaseYml(more, "webservice"))).toEqual(["main", "ci"]);
  });

  test("without a key for ci the chart adds one, in main's database", () => {
    expect(databaseYml(without("global.psql.ci"), "webservice").ci).toMatchObject({
      host: "server.internal",
      databaseTasks: false,
    });
  });
});
