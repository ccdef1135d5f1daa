/** What the chart refuses half-way or ignores without a word: an error at synth, with the property's name. */
import { type TerraformStack, TerraformVariable, Token } from "cdktf";
import { Construct } from "constructs";
import { DatabaseEngine, DatabaseLogin, type IDatabase, PostgresVersion } from "../../../lib/database";
import {
  ConnectionPlanner,
  type DatabaseTopologyProps,
  type GitlabBackupSchedule,
  GitlabObjectStorage,
  GitlabRedis,
  GitlabSecrets,
} from "../../../lib/gitlab";
import type { HelmValues } from "../../../lib/kubernetes";
import { ObjectStoreKey } from "../../../lib/storage";
import { type Json, problemsOf, synthesize } from "../../support/synth";
import {
  behindPooler,
  CA,
  databaseOn,
  GOOGLE,
  identityIn,
  mainOn,
  OTHER_CA,
  poolerIn,
  type ReleaseCase,
  releaseIn,
  secret,
  serverIn,
  storesIn,
} from "./release-fixtures";

const problems = (options: ReleaseCase) =>
  problemsOf((stack) => {
    releaseIn(stack, options);
  });

const values = (own: HelmValues): ReleaseCase => ({ props: { values: own } });
const psql = (own: HelmValues): ReleaseCase => values({ global: { psql: own } });
const main = (tls: Json): ReleaseCase => ({
  topology: (stack) => ({ main: mainOn(serverIn(stack, "server", { tls })) }),
});
const beside = (
  more: (stack: TerraformStack) => Partial<DatabaseTopologyProps>,
  chart?: string,
): ReleaseCase => ({
  chart,
  topology: (stack) => ({ main: mainOn(serverIn(stack, "server", engineFor(chart))), ...more(stack) }),
});
const engineFor = (chart = "9") =>
  chart.startsWith("8") ? { engine: DatabaseEngine.postgres(PostgresVersion.V16) } : {};
const mutual = (certificatePem = CA) => ({
  enforced: true,
  hostnameVerifiable: true,
  caCertificatesPem: CA,
  clientCertificate: { certificatePem, privateKeyPem: secret("key") },
});

test.each<[string, ReleaseCase, string]>([
  // Versions.
  [
    "a chart of another line",
    { chart: "7.11.0" },
    'chartVersion is "7.11.0": allowed is a version of the lines 8 to 10, which install GitLab 17 to 19',
  ],
  [
    "a chart that is none yet",
    { chart: "11.0.0" },
    'chartVersion is "11.0.0": allowed is a version of the lines 8 to 10',
  ],
  ["a range", { props: { chartVersion: "^9.5.0" } }, 'chartVersion is "^9.5.0"'],
  [
    "a chart of another GitLab than the topology's",
    { props: { chartVersion: "9.6.0" } },
    'chartVersion is "9.6.0": it installs GitLab 18.6, and the topology is for 18.5; give both the same',
  ],
  [
    "a chart version that only Terraform knows",
    { props: (stack) => ({ chartVersion: new TerraformVariable(stack, "v", {}).stringValue }) },
    "chartVersion is not known at synth: the values follow from it, so it has to be known at synth",
  ],
  [
    "a registry database before it left beta",
    beside(
      (stack) => ({ registry: databaseOn(serverIn(stack, "b", engineFor("8")), "registry", "registry") }),
      "8.2.0",
    ),
    'topology.registry is "registry": it needs chart version 8.3.0 or later, and chartVersion is 8.2.0',
  ],
  [
    "sec on a chart that leaves it out without a word",
    beside(
      (stack) => ({
        sec: databaseOn(serverIn(stack, "b", engineFor("8")), "gitlab_sec", "gitlab_sec"),
        allowSeparateCiDatabase: true,
      }),
      "8.3.0",
    ),
    'topology.sec is "sec": it needs chart version 9.0.0 or later, and chartVersion is 8.3.0',
  ],
  [
    "OpenBao before the chart knows its database",
    beside((stack) => ({ openbao: databaseOn(serverIn(stack, "b"), "openbao", "openbao") })),
    'topology.openbao is "openbao": it needs chart version 10.0.0 or later, and chartVersion is 9.5.2',
  ],
  [
    "mutual TLS of the registry where its migrations get no certificate",
    beside((stack) => ({
      registry: databaseOn(serverIn(stack, "b", { tls: mutual() }), "registry", "registry"),
    })),
    'topology.registry.clientCertificate is "a certificate": it needs chart version 10.0.0 or later, and chartVersion is 9.5.2',
  ],
  ["PostgreSQL of another time", { chart: "8.3.0" }, "GitLab 17.3 takes PostgreSQL 14.14 to 16"],
  // Databases.
  [
    "a login without a password",
    {
      topology: (stack) => ({
        main: serverIn(stack, "server", { acceptsCloudIdentity: true }).database("gitlabhq_production", {
          owner: DatabaseLogin.withCloudIdentity("gitlab"),
        }),
      }),
    },
    'topology.main.owner is "cloud-identity": GitLab and its components log in by password only; give the owner one',
  ],
  [
    "a public server",
    { topology: (stack) => ({ main: mainOn(serverIn(stack, "server", { isPrivate: false })) }) },
    'topology.main is "server.internal": the server has a public address; take it into the cluster\'s network, or set acceptPublicDatabase',
  ],
  [
    "prepared statements behind a pooler in transaction mode",
    {
      topology: (stack) => ({
        main: behindPooler(mainOn(serverIn(stack)), poolerIn(stack), "main"),
        settings: { preparedStatements: true },
      }),
    },
    "topology.main.preparedStatements is true: the pooler in front is in transaction mode, in which Rails' prepared statements get lost; leave it out",
  ],
  [
    "a setting that the chart has no value for",
    beside(() => ({ settings: { statementTimeoutMs: 15_000 } })),
    "topology.main.statementTimeoutMs is 15000: the chart has no value for it and would ignore it; set it on the database or the role, as the SQL presets do",
  ],
  [
    "load balancing without replicas",
    beside(() => ({ settings: { loadBalancing: {} } })),
    "topology.main.loadBalancing is not set: give hosts or discover, and not both",
  ],
  [
    "load balancing by two ways",
    beside(() => ({ settings: { loadBalancing: { hosts: ["a"], discover: { record: "b" } } } })),
    'topology.main.loadBalancing is "hosts and discover": give hosts or discover, and not both',
  ],
  [
    "an empty list of replicas",
    beside(() => ({ settings: { loadBalancing: { hosts: [] } } })),
    "topology.main.loadBalancing.hosts is []: there has to be a replica",
  ],
  // TLS.
  [
    "a server without TLS beside one with it",
    beside((stack) => ({
      ci: databaseOn(
        serverIn(stack, "b", { tls: { offered: false, enforced: false, hostnameVerifiable: false } }),
        "gitlabhq_production_ci",
        "gitlab_ci",
      ),
      allowSeparateCiDatabase: true,
    })),
    'topology is "test/b": the server speaks no TLS and others that the same pods connect to do; libpq has one setting for all, so give it TLS, as with the pooler\'s clientTls',
  ],
  [
    "two client certificates",
    {
      topology: (stack) => ({
        main: mainOn(serverIn(stack, "server", { tls: mutual() })),
        ci: databaseOn(
          serverIn(stack, "b", { tls: mutual(OTHER_CA) }),
          "gitlabhq_production_ci",
          "gitlab_ci",
        ),
        allowSeparateCiDatabase: true,
      }),
    },
    'topology is "2 client certificates": the chart takes one for all databases of Rails; let the servers accept the same one',
  ],
  [
    "a client certificate without the server's authorities",
    main({ ...mutual(), caCertificatesPem: undefined }),
    'topology is "test/server": with a client certificate the chart needs the server\'s authorities as a file, all four keys or none; set tls.caCertificatesPem',
  ],
  [
    "a client certificate and a tracking database without TLS",
    {
      topology: (stack) => ({
        main: mainOn(serverIn(stack, "server", { tls: mutual() })),
        geo: databaseOn(
          serverIn(stack, "geo", { tls: { offered: false, enforced: false, hostnameVerifiable: false } }),
          "gitlabhq_geo_production",
          "gitlab_geo",
        ),
      }),
    },
    'topology is "test/geo": another server of Rails wants a client certificate, and the chart then uses TLS for all; this one speaks none',
  ],
  [
    "a client certificate and a pooler without TLS",
    {
      topology: (stack) => ({
        main: behindPooler(mainOn(serverIn(stack, "server", { tls: mutual() })), poolerIn(stack), "main"),
      }),
    },
    'topology is "test/pooler": another server of Rails wants a client certificate, and the chart then uses TLS for all; this one speaks none',
  ],
  [
    "a client certificate for Praefect",
    beside((stack) => ({
      praefect: databaseOn(serverIn(stack, "b", { tls: mutual() }), "praefect", "praefect"),
    })),
    'topology.praefect is "test/b": the chart gives this component no client certificate',
  ],
  [
    "the one further file of the registry taken twice",
    {
      ...beside((stack) => ({ registry: databaseOn(serverIn(stack, "b"), "registry", "registry") })),
      props: (stack) => ({
        objectStorage: GitlabObjectStorage.withKey({
          stores: storesIn(stack, GOOGLE),
          key: ObjectStoreKey.gcs(secret("gcs")),
        }),
      }),
    },
    'objectStorage.registryKey is "a key file": the chart takes one file beside the registry\'s storage',
  ],
  // Redis, certificates, Geo.
  [
    "the chart's Redis on chart 10",
    { chart: "10.0.2", props: { redis: GitlabRedis.bundled() } },
    'redis is "bundled": chart 10 brings no Redis; use GitlabRedis.fromRedisAttributes',
  ],
  [
    "a Redis with a scheme",
    { props: { redis: GitlabRedis.fromRedisAttributes({ host: "redis://r" }) } },
    'redis.host is "redis://r": allowed is a DNS name or an address',
  ],
  [
    "no address for certificates",
    { props: { certificateEmail: undefined } },
    "certificateEmail is not set: the chart registers certificates with Let's Encrypt and needs an address; give one, or set global.ingress.configureCertmanager to false in values and say there where certificates come from",
  ],
  [
    "no address for certificates on chart 10",
    { chart: "10.0.2", props: { certificateEmail: undefined } },
    "or set global.gatewayApi.configureCertmanager to false",
  ],
  [
    "an address that is none",
    { props: { certificateEmail: "me" } },
    'certificateEmail is "me": allowed is an e-mail address',
  ],
  [
    "a part in a deployment that is none",
    { props: { geo: { nodeName: "one" } } },
    'geo is {"nodeName":"one"}: the topology is of no Geo deployment',
  ],
  [
    "a domain with a scheme",
    { props: { domain: "https://example.com" } },
    'domain is "https://example.com": allowed is a domain such as example.com',
  ],
  // Pods.
  [
    "no pods",
    { props: { webservice: { maxReplicas: 0 } } },
    "webservice.maxReplicas is 0: allowed is a whole number from 1 to 1000",
  ],
  [
    "fewer than the fewest",
    { props: { sidekiq: { minReplicas: 3, maxReplicas: 2 } } },
    "sidekiq.minReplicas is 3: allowed is at most maxReplicas, which is 2",
  ],
  [
    "half a worker",
    { props: { webservice: { workerProcesses: 1.5 } } },
    "webservice.workerProcesses is 1.5: allowed is a whole number from 1 to 128",
  ],
  [
    "a pool of nothing",
    { props: { registry: { poolMaxOpen: 0 } } },
    "registry.poolMaxOpen is 0: allowed is a whole number from 1 to 1000",
  ],
  // The user's values.
  [
    "a decomposition that the chart does not know",
    psql({ analytics: { host: "x" } }),
    'values.global.psql.analytics is "a database": the chart ignores it; it knows main, ci, embedding, sec',
  ],
  [
    "databaseTasks where ci inherits it",
    psql({ databaseTasks: true }),
    "values.global.psql.databaseTasks is true: ci would inherit it, and migrations would run twice in one database; leave it out",
  ],
  [
    "databaseTasks in main",
    psql({ main: { databaseTasks: true } }),
    "values.global.psql.main.databaseTasks is true: ci would inherit it",
  ],
  [
    "replicas where no component inherits them",
    psql({ load_balancing: { hosts: ["a"] } }),
    'values.global.psql.load_balancing is "a map": components do not inherit it; use the topology\'s settings.loadBalancing',
  ],
  [
    "half a map for mutual TLS",
    psql({ ssl: { secret: "x", serverCA: "ca" } }),
    'values.global.psql.ssl is "without clientCertificate, clientKey": mutual TLS needs all four keys or none; give the server\'s tls a clientCertificate instead',
  ],
  [
    "half a map for the registry",
    values({ registry: { database: { ssl: { secret: "x", serverCA: "a", clientKey: "b" } } } }),
    'values.registry.database.ssl is "without clientCertificate"',
  ],
  [
    "an address beside the topology's",
    psql({ host: "other" }),
    'values.global.psql.host is "set by the construct as well": this value belongs to the construct; use its property, or leave it out',
  ],
  [
    "an address of ci beside the topology's",
    psql({ ci: { host: "other" } }),
    'values.global.psql.ci.host is "set by the construct as well"',
  ],
  [
    "bundled PostgreSQL",
    values({ postgresql: { install: true } }),
    'values.postgresql.install is "set by the construct as well"',
  ],
  [
    "authorities that are no list",
    values({ global: { certificates: { customCAs: Token.asString({}) } } }),
    'values.global.certificates.customCAs is "not a list"',
  ],
  // Secrets.
  [
    "a name that is none",
    { props: { secrets: GitlabSecrets.fromSecretName("No Name") } },
    'secrets.secretName is "No Name"',
  ],
])("%s", (_, options, message) => {
  const found = problems(options);
  expect(found.map((problem) => problem.includes(message))).toContain(true);
});

describe("what only Terraform knows is neither refused nor passed by accident", () => {
  const known = (options: ReleaseCase) => problems(options);
  const text = (stack: TerraformStack, name: string) => new TerraformVariable(stack, name, {}).stringValue;
  const number = (stack: TerraformStack, name: string) =>
    new TerraformVariable(stack, name, { type: "number" }).numberValue;

  test("domain, e-mail, Redis, pods, replicas of databases", () => {
    expect(
      known({
        topology: (stack) => ({
          main: mainOn(serverIn(stack)),
          settings: {
            loadBalancing: { hosts: Token.asList(new TerraformVariable(stack, "hosts", {}).value) },
            connectTimeoutSeconds: number(stack, "timeout"),
          },
        }),
        props: (stack) => ({
          domain: text(stack, "domain"),
          certificateEmail: text(stack, "email"),
          redis: GitlabRedis.fromRedisAttributes({ host: text(stack, "redis"), port: number(stack, "port") }),
          webservice: { minReplicas: number(stack, "min"), maxReplicas: number(stack, "max") },
          sidekiq: { concurrency: number(stack, "concurrency") },
          registry: { poolMaxOpen: number(stack, "pool") },
        }),
      }),
    ).toEqual([]);
  });

  test("a replica list that only Terraform knows moves as a whole", () => {
    const { resource } = synthesize((stack) => {
      releaseIn(stack, {
        topology: () => ({
          main: mainOn(serverIn(stack)),
          settings: { loadBalancing: { hosts: [text(stack, "replica"), "known"] } },
        }),
      });
    });
    const { values: documents } = resource("helm_release");
    expect(
      documents.filter((each: string) => each.includes('"hosts" = [var.replica, "known"]')),
    ).toHaveLength(4);
  });
});

describe("accepted, and said", () => {
  const notes = (options: ReleaseCase) => {
    const { infos, warnings } = synthesize((stack) => {
      releaseIn(stack, options);
    });
    return [...infos, ...warnings].map((each) => each.message);
  };

  test("a public address", () => {
    expect(
      notes({
        topology: (stack) => ({ main: mainOn(serverIn(stack, "server", { isPrivate: false })) }),
        props: { acceptPublicDatabase: true },
      }),
    ).toEqual(
      expect.arrayContaining(["opt-out: acceptPublicDatabase: the database of main has a public address"]),
    );
  });

  test("a host name that is not checked since another server's certificate names none", () => {
    expect(
      notes({
        topology: (stack) => ({
          main: mainOn(serverIn(stack)),
          ci: databaseOn(
            serverIn(stack, "b", {
              tls: { enforced: true, hostnameVerifiable: false, caCertificatesPem: CA },
            }),
            "gitlabhq_production_ci",
            "gitlab_ci",
          ),
          allowSeparateCiDatabase: true,
        }),
      }),
    ).toEqual([
      expect.stringContaining("opt-out: allowSeparateCiDatabase:"),
      "opt-out: TLS: no host name is checked, since the certificate of test/b names none",
    ]);
  });

  test("a registry behind a pooler, whose migrations have no address of their own", () => {
    expect(
      notes({
        topology: (stack) => {
          const server = serverIn(stack);
          const tls = { enforced: true, hostnameVerifiable: true, caCertificatesPem: CA };
          return {
            main: mainOn(server),
            registry: behindPooler(
              databaseOn(server, "registry", "registry"),
              poolerIn(stack, { tls }),
              "registry",
            ),
          };
        },
      }),
    ).toContainEqual(expect.stringContaining("these go through the pooler as well"));
  });

  test("certificates from elsewhere need no address", () => {
    const ingress = { configureCertmanager: false, tls: { secretName: "wildcard" } };
    expect(notes({ props: { certificateEmail: undefined, values: { global: { ingress } } } })).toEqual([]);
    expect(
      notes({
        props: { certificateEmail: undefined, values: { "certmanager-issuer": { email: "a@example.com" } } },
      }),
    ).toEqual([]);
  });

  test("images in which the file of authorities was not tried, and pods that are not counted", () => {
    expect(
      notes(
        values({ global: { image: { tagSuffix: "-ubi" } }, gitlab: { sidekiq: { pods: [{ name: "a" }] } } }),
      ),
    ).toEqual([
      expect.stringContaining("values.global.image.tagSuffix: where the databases' authorities are"),
      expect.stringContaining("values.gitlab.sidekiq.pods: pods said there are not counted"),
    ]);
  });
});

describe("when backups run", () => {
  const found = (backups: GitlabBackupSchedule) => problems({ props: { backups } });

  test.each(["0 1 * * *", "*/15 0-6,22 1,15 JAN-MAR mon-fri", "5/10 * ? * 0"])("%s", (cron) => {
    expect(found({ cron, diskGiB: 100 })).toEqual([]);
  });

  test.each([
    "",
    "daily",
    "0 1 * *",
    "60 1 * * *",
    "0 24 * * *",
    "0 1 0 * *",
    "0 1 * 13 *",
    "0 1 * * 7",
    "0 1 * * */0",
    "5-1 * * * *",
    "0 JAN * * *",
  ])("never %p", (cron) => {
    expect(found({ cron })).toEqual([
      `[gitlab] backups.cron is ${JSON.stringify(cron)}: allowed are five fields: minute 0 to 59, hour 0 to 23, day 1 to 31, month 1 to 12, day of the week 0 to 6, such as 0 1 * * *`,
    ]);
  });

  test("a disk of no size, and no time at all", () => {
    expect(found({ cron: "0 1 * * *", diskGiB: -5 })).toEqual([
      "[gitlab] backups.diskGiB is -5: allowed is a whole number from 1 to 65536 GiB",
    ]);
    expect(found({} as GitlabBackupSchedule)).toEqual([
      "[gitlab] backups.cron is not set: say when, or leave backups out",
    ]);
  });

  test("a time that only Terraform knows", () => {
    const cron = Token.asString({ resolve: () => "${var.cron}" });
    expect(found({ cron })).toEqual([]);
  });
});

describe("two GitLabs", () => {
  const two = (main: (stack: TerraformStack) => IDatabase[]) =>
    problemsOf((stack) => {
      const databases = main(stack);
      for (const [index, id] of ["blue", "green"].entries()) {
        const scope = new Construct(stack, id) as TerraformStack;
        const identity = identityIn(scope, { namespace: id });
        releaseIn(scope, {
          topology: () => ({ main: databases[index] as IDatabase }),
          props: {
            namespace: id,
            objectStorage: GitlabObjectStorage.withIdentity({ stores: storesIn(scope), identity }),
          },
        });
      }
    });

  test("of one cluster never have one database: both would migrate it", () => {
    const found = two((stack) => {
      const main = mainOn(serverIn(stack));
      return [main, main];
    });
    expect(found).toContain(
      '[green/gitlab] topology.main is "test/server/Database-gitlabhq_production": test/blue/gitlab has this database already; give each GitLab databases of its own',
    );
  });

  test("may have databases of their own on one server", () => {
    const found = two((stack) => {
      const server = serverIn(stack);
      return ["blue", "green"].map((name) => databaseOn(server, name, name));
    });
    expect(found).toEqual([]);
  });
});

test("the connections agree with GitLab's own arithmetic", () => {
  let steady = 0;
  synthesize((stack) => {
    const server = serverIn(stack);
    releaseIn(stack, {
      topology: () => ({ main: mainOn(server) }),
      props: { webservice: { maxReplicas: 2, workerProcesses: 8 }, sidekiq: { maxReplicas: 4 } },
    });
    steady = server.connectionBudget.consumers.reduce((sum, c) => sum + c.replicas * c.poolMax, 0);
  });
  const planner = new ConnectionPlanner({
    pumaWorkers: 8,
    railsNodes: 2,
    sidekiqProcesses: 1,
    sidekiqNodes: 4,
  });
  // The example of GitLab's page.
  expect(planner.demand).toBe(696);
  expect(steady).toBe(planner.demand);
});
