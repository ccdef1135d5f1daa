/** Mistakes that the chart refuses half-way or ignores silently are errors at synth with the property's name. */
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

test.each<[string, ReleaseCase, string | RegExp]>([
  // Versions.
  [
    "a chart of another line",
    { chart: "7.11.0" },
    'GITLAB-CHART-CHART-VERSION: chartVersion must be a version of the lines 8 to 10, which install GitLab 17 to 19 (got "7.11.0")',
  ],
  [
    "a chart that does not exist yet",
    { chart: "11.0.0" },
    'GITLAB-CHART-CHART-VERSION: chartVersion must be a version of the lines 8 to 10, which install GitLab 17 to 19 (got "11.0.0")',
  ],
  [
    "a range",
    { props: { chartVersion: "^9.5.0" } },
    'chartVersion must be a version of the lines 8 to 10, which install GitLab 17 to 19 (got "^9.5.0")',
  ],
  [
    "a chart of another GitLab than the topology's",
    { props: { chartVersion: "9.6.0" } },
    'GITLAB-CHART-CHART-VERSION-TOPOLOGY: chartVersion must install GitLab 18.5, the version of the topology (got "9.6.0"); it installs GitLab 18.6',
  ],
  [
    "a chart version that is a token",
    { props: (stack) => ({ chartVersion: new TerraformVariable(stack, "v", {}).stringValue }) },
    "GITLAB-CHART-CHART-VERSION: chartVersion must be known at synth, since the values depend on it (got not known at synth)",
  ],
  [
    "a registry database before it left beta",
    beside(
      (stack) => ({ registry: databaseOn(serverIn(stack, "b", engineFor("8")), "registry", "registry") }),
      "8.2.0",
    ),
    /topology\.registry .*before chart version 8\.3\.0 .*8\.2\.0/,
  ],
  [
    "sec on a chart that silently ignores it",
    beside(
      (stack) => ({
        sec: databaseOn(serverIn(stack, "b", engineFor("8")), "gitlab_sec", "gitlab_sec"),
        allowSeparateCiDatabase: true,
      }),
      "8.3.0",
    ),
    /topology\.sec .*before chart version 8\.9\.0 .*8\.3\.0/,
  ],
  [
    "OpenBao on a chart without its database",
    beside((stack) => ({ openbao: databaseOn(serverIn(stack, "b"), "openbao", "openbao") })),
    /topology\.openbao .*before chart version 9\.11\.0 .*9\.5\.2/,
  ],
  [
    "mutual TLS of the registry on a chart whose migrations get no certificate",
    beside(
      (stack) => ({
        registry: databaseOn(serverIn(stack, "b", { tls: mutual() }), "registry", "registry"),
      }),
      "8.9.0",
    ),
    /topology\.registry\.clientCertificate .*before chart version 8\.9\.2 .*8\.9\.0/,
  ],
  [
    "a version of PostgreSQL that GitLab does not support",
    { chart: "8.3.0" },
    'GITLAB-DB-SERVER-ENGINE: main, ci.server.engine must be PostgreSQL 14.14 to 16.x for GitLab 17.3 (got "PostgreSQL 17")',
  ],
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
    'GITLAB-CHART-TOPOLOGY-OWNER: topology.main.owner must have a password, the only way in which GitLab and its components log in (got "cloud-identity")',
  ],
  [
    "a public server",
    { topology: (stack) => ({ main: mainOn(serverIn(stack, "server", { isPrivate: false })) }) },
    'GITLAB-CHART-TOPOLOGY-PUBLIC: topology.main must have a private address (got "server.internal"); move the server into the cluster\'s network, or set acceptPublicDatabase',
  ],
  [
    "prepared statements behind a pooler in transaction mode",
    {
      topology: (stack) => ({
        main: behindPooler(mainOn(serverIn(stack)), poolerIn(stack), "main"),
        settings: { preparedStatements: true },
      }),
    },
    "GITLAB-CHART-TOPOLOGY-PREPARED-STATEMENTS: topology.main.preparedStatements must be false behind a pooler in transaction mode, in which Rails loses its prepared statements (got true)",
  ],
  [
    "a setting without a value in the chart",
    beside(() => ({ settings: { statementTimeoutMs: 15_000 } })),
    "GITLAB-CHART-TOPOLOGY-STATEMENT-TIMEOUT-MS: topology.main.statementTimeoutMs must not be set, since the chart has no value for it (got 15000); set it on the database or the role, as GitlabObjects does",
  ],
  [
    "load balancing without replicas",
    beside(() => ({ settings: { loadBalancing: {} } })),
    "GITLAB-CHART-TOPOLOGY-LOAD-BALANCING: topology.main.loadBalancing must have either hosts or discover (got not set)",
  ],
  [
    "load balancing by hosts and by discovery",
    beside(() => ({ settings: { loadBalancing: { hosts: ["a"], discover: { record: "b" } } } })),
    'GITLAB-CHART-TOPOLOGY-LOAD-BALANCING: topology.main.loadBalancing must have either hosts or discover (got "hosts and discover")',
  ],
  [
    "an empty list of replicas",
    beside(() => ({ settings: { loadBalancing: { hosts: [] } } })),
    "GITLAB-CHART-TOPOLOGY-MAIN-LOAD-BALANCING-HOSTS: topology.main.loadBalancing.hosts must not be empty (got [])",
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
    'GITLAB-CHART-TOPOLOGY-TLS: topology must offer TLS, since other servers of the same pods do and libpq has one setting for all (got "test/b"); set its tls, or clientTls of the pooler',
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
    'GITLAB-CHART-TOPOLOGY-CLIENT-CERTIFICATE: topology must require the same client certificate on all servers of Rails, since the chart has one for all (got "2 client certificates")',
  ],
  [
    "a client certificate without the server's authorities",
    main({ ...mutual(), caCertificatesPem: undefined }),
    'GITLAB-CHART-TOPOLOGY-CLIENT-CERTIFICATE-AUTHORITIES: topology must have tls.caCertificatesPem, since with a client certificate the chart needs the server\'s authorities as a file (got "test/server")',
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
    'GITLAB-CHART-TOPOLOGY-CLIENT-CERTIFICATE-TLS: topology must offer TLS, since another server of Rails requires a client certificate and the chart then uses TLS for all (got "test/geo")',
  ],
  [
    "a client certificate and a pooler without TLS",
    {
      topology: (stack) => ({
        main: behindPooler(mainOn(serverIn(stack, "server", { tls: mutual() })), poolerIn(stack), "main"),
      }),
    },
    'GITLAB-CHART-TOPOLOGY-CLIENT-CERTIFICATE-TLS: topology must offer TLS, since another server of Rails requires a client certificate and the chart then uses TLS for all (got "test/pooler")',
  ],
  [
    "a client certificate for Praefect",
    beside((stack) => ({
      praefect: databaseOn(serverIn(stack, "b", { tls: mutual() }), "praefect", "praefect"),
    })),
    'GITLAB-CHART-TOPOLOGY-PRAEFECT-CLIENT-CERTIFICATE: topology.praefect must not require a client certificate, since the chart has no value for one (got "test/b")',
  ],
  [
    "the one extra file of the registry used twice",
    {
      ...beside((stack) => ({ registry: databaseOn(serverIn(stack, "b"), "registry", "registry") })),
      props: (stack) => ({
        objectStorage: GitlabObjectStorage.withKey({
          stores: storesIn(stack, GOOGLE),
          key: ObjectStoreKey.gcs(secret("gcs")),
        }),
      }),
    },
    "GITLAB-CHART-OBJECT-STORAGE-REGISTRY-KEY: objectStorage.registryKey must not be a key file, since the chart mounts one file beside the registry's storage and the certificate authorities of its database need it (got \"a key file\"); use an identity for the registry's store",
  ],
  // Redis, certificates, Geo.
  [
    "the chart's Redis on chart 10",
    { chart: "10.0.2", props: { redis: GitlabRedis.bundled() } },
    'GITLAB-CHART-REDIS: redis must be external with chart 10, which has no Redis (got "bundled"); use GitlabRedis.fromRedisAttributes',
  ],
  [
    "a Redis with a scheme",
    { props: { redis: GitlabRedis.fromRedisAttributes({ host: "redis://r" }) } },
    'GITLAB-CHART-REDIS-HOST: redis.host must be a DNS name or an address (got "redis://r")',
  ],
  [
    "no e-mail address for certificates",
    { props: { certificateEmail: undefined } },
    "GITLAB-CHART-CERTIFICATE-EMAIL: certificateEmail must be set, since the chart registers certificates with Let's Encrypt (got not set); or set global.ingress.configureCertmanager to false in values and configure certificates there",
  ],
  [
    "no e-mail address for certificates on chart 10",
    { chart: "10.0.2", props: { certificateEmail: undefined } },
    "or set global.gatewayApi.configureCertmanager to false",
  ],
  [
    "an invalid e-mail address",
    { props: { certificateEmail: "me" } },
    'GITLAB-CHART-CERTIFICATE-EMAIL: certificateEmail must be an e-mail address (got "me")',
  ],
  [
    "Geo settings for a topology that is no site",
    { props: { geo: { nodeName: "one" } } },
    'GITLAB-CHART-GEO: geo must not be set for a topology that is no Geo site (got {"nodeName":"one"}); set its geoSites, or its tracking database geo',
  ],
  [
    "a domain with a scheme",
    { props: { domain: "https://example.com" } },
    'GITLAB-CHART-DOMAIN: domain must be a lower-case domain such as example.com, without scheme and path (got "https://example.com")',
  ],
  // Pods.
  [
    "no pods",
    { props: { webservice: { maxReplicas: 0 } } },
    /webservice\.maxReplicas .*a whole number from 1 to 1000/,
  ],
  [
    "a maximum below the minimum",
    { props: { sidekiq: { minReplicas: 3, maxReplicas: 2 } } },
    "GITLAB-CHART-SIDEKIQ-MIN-REPLICAS: sidekiq.minReplicas must be at most maxReplicas, which is 2 (got 3)",
  ],
  [
    "a fraction of a worker",
    { props: { webservice: { workerProcesses: 1.5 } } },
    /webservice\.workerProcesses .*a whole number from 1 to 128/,
  ],
  [
    "an empty pool",
    { props: { registry: { poolMaxOpen: 0 } } },
    /registry\.poolMaxOpen .*a whole number from 1 to 1000/,
  ],
  // The user's values.
  [
    "a decomposition that the chart does not know",
    psql({ analytics: { host: "x" } }),
    'GITLAB-CHART-VALUES-GLOBAL-PSQL: values.global.psql.analytics must be one of main, ci, embedding, sec, since the chart ignores others (got "a database")',
  ],
  [
    "databaseTasks at the level from which ci inherits",
    psql({ databaseTasks: true }),
    "GITLAB-CHART-VALUES-GLOBAL-PSQL-DATABASE-TASKS: values.global.psql.databaseTasks must not be set, since ci would inherit it and migrations would run twice in one database (got true)",
  ],
  [
    "databaseTasks in main",
    psql({ main: { databaseTasks: true } }),
    "GITLAB-CHART-VALUES-GLOBAL-PSQL-MAIN-DATABASE-TASKS: values.global.psql.main.databaseTasks must not be set, since ci would inherit it and migrations would run twice in one database (got true)",
  ],
  [
    "replicas at a level from which no component inherits",
    psql({ load_balancing: { hosts: ["a"] } }),
    'GITLAB-CHART-VALUES-GLOBAL-PSQL-LOAD-BALANCING: values.global.psql.load_balancing must not be set, since components do not inherit it (got "a map"); use settings.loadBalancing of the topology',
  ],
  [
    "an incomplete map for mutual TLS",
    psql({ ssl: { secret: "x", serverCA: "ca" } }),
    'GITLAB-CHART-VALUES-GLOBAL-PSQL-SSL: values.global.psql.ssl must have all four keys or none (got "without clientCertificate, clientKey"); set tls.clientCertificate of the server instead',
  ],
  [
    "an incomplete map for the registry",
    values({ registry: { database: { ssl: { secret: "x", serverCA: "a", clientKey: "b" } } } }),
    'GITLAB-CHART-VALUES-REGISTRY-DATABASE-SSL: values.registry.database.ssl must have all four keys or none (got "without clientCertificate"); set tls.clientCertificate of the server instead',
  ],
  [
    "an address beside the topology's",
    psql({ host: "other" }),
    /values\.global\.psql\.host must not be set: the construct sets this value/,
  ],
  [
    "an address of ci beside the topology's",
    psql({ ci: { host: "other" } }),
    /values\.global\.psql\.ci\.host must not be set: the construct sets this value/,
  ],
  [
    "accounts of all components, which the chart would not create",
    values({ global: { serviceAccount: { enabled: true } } }),
    "GITLAB-CHART-VALUES-GLOBAL-SERVICE-ACCOUNT-ENABLED: values.global.serviceAccount.enabled must be set with the name of an existing account, since the chart creates none beside those of the identity (got true); or set enabled and create of each component",
  ],
  [
    "an account of one component, which the chart would not create",
    values({ gitlab: { kas: { serviceAccount: { enabled: true } } } }),
    "GITLAB-CHART-VALUES-GITLAB-SERVICE-ACCOUNT-CREATE: values.gitlab.kas.serviceAccount.create must be true where enabled is true without a name, since the global value is false with an identity (got not set)",
  ],
  [
    "the new key of cert-manager with an old chart",
    { ...beside(() => ({}), "8.11.0"), ...values({ installCertmanager: false }) },
    "GITLAB-CHART-VALUES-INSTALL-CERTMANAGER: values.installCertmanager must not be set before chart 9, which ignores it (got false); use certmanager.install",
  ],
  [
    "the old key of cert-manager with a new chart",
    values({ certmanager: { install: false } }),
    "GITLAB-CHART-VALUES-CERTMANAGER-INSTALL: values.certmanager.install must not be set with chart 9 or later, which has another switch (got false); use installCertmanager",
  ],
  [
    "bundled PostgreSQL",
    values({ postgresql: { install: true } }),
    /values\.postgresql\.install must not be set: the construct sets this value/,
  ],
  [
    "certificate authorities that are no list",
    values({ global: { certificates: { customCAs: Token.asString({}) } } }),
    /values\.global\.certificates\.customCAs must be a list known at synth, since it is joined to that of the construct/,
  ],
  // Secrets.
  [
    "an invalid name of a secret",
    { props: { secrets: GitlabSecrets.fromSecretName("No Name") } },
    /secrets\.secretName must be .*\(got "No Name"\)/,
  ],
])("%s", (_, options, message) => {
  const found = problems(options);
  expect(found).toContainEqual(
    typeof message === "string" ? expect.stringContaining(message) : expect.stringMatching(message),
  );
});

describe("tokens are neither refused nor accepted by accident", () => {
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

  test("a list of replicas that is a token is passed on as a whole", () => {
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

describe("accepted with a note", () => {
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
      expect.arrayContaining([
        "opt-out: GITLAB-CHART-ACCEPT-PUBLIC-DATABASE: acceptPublicDatabase: the server of the main database has a public address",
      ]),
    );
  });

  test("a host name that is not verified since another server's certificate names none", () => {
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
      expect.stringContaining(
        "opt-out: GITLAB-DB-ALLOW-SEPARATE-CI-DATABASE: allowSeparateCiDatabase: ci or sec in a separate database is a beta feature of GitLab that cannot be undone",
      ),
      "opt-out: GITLAB-CHART-TOPOLOGY-TLS: topology.tls: host names are not verified, since the certificate of test/b names none",
    ]);
  });

  test("a registry behind a pooler, whose migrations have no separate address", () => {
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
    ).toContainEqual(
      expect.stringContaining(
        "topology.registry: the chart has one address for the registry and its migrations, so migrations connect through the pooler too; leave the registry out of the pooler to be safe",
      ),
    );
  });

  test("other certificates need no e-mail address", () => {
    const ingress = { configureCertmanager: false, tls: { secretName: "wildcard" } };
    expect(notes({ props: { certificateEmail: undefined, values: { global: { ingress } } } })).toEqual([]);
    expect(
      notes({
        props: { certificateEmail: undefined, values: { "certmanager-issuer": { email: "a@example.com" } } },
      }),
    ).toEqual([]);
  });

  test("images with an untested path of authorities, and pods that are not counted", () => {
    expect(
      notes(
        values({ global: { image: { tagSuffix: "-ubi" } }, gitlab: { sidekiq: { pods: [{ name: "a" }] } } }),
      ),
    ).toEqual([
      expect.stringContaining(
        "values.global.image.tagSuffix: the path of the databases' certificate authorities in these images is untested; look for the file PGSSLROOTCERT in a toolbox pod before you rely on it",
      ),
      expect.stringContaining(
        "values.gitlab.sidekiq.pods: pods set there are not counted in the connection budgets of the databases",
      ),
    ]);
  });
});

describe("schedule of backups", () => {
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
  ])("refused: %p", (cron) => {
    expect(found({ cron })).toEqual([
      `[gitlab] GITLAB-CHART-BACKUPS-CRON: backups.cron must be five fields: minute 0 to 59, hour 0 to 23, day 1 to 31, month 1 to 12, day of the week 0 to 6, such as 0 1 * * * (got ${JSON.stringify(cron)})`,
    ]);
  });

  test("an invalid disk size, and a missing schedule", () => {
    expect(found({ cron: "0 1 * * *", diskGiB: -5 })).toEqual([expect.stringContaining("backups.diskGiB")]);
    expect(found({} as GitlabBackupSchedule)).toEqual([
      "[gitlab] GITLAB-CHART-BACKUPS-CRON: backups.cron must be set (got not set); for no backups leave backups out",
    ]);
  });

  test("arguments of backup-utility that a shell would read otherwise, all at once", () => {
    const refused = [
      "--skip artifacts",
      "",
      "$(id)",
      "a;b",
      "'7'",
      "`id`",
      "a|b",
      "~",
      "--s3tool",
      "--s3tool=awscli",
    ];
    const accepted = ["--maximum-backups", "7", "--skip=artifacts,lfs", "-t", "daily_1.0", "/srv/a:b@c+d"];
    expect(found({ cron: "0 1 * * *", utilityArguments: [...accepted, ...refused] })).toEqual(
      refused.map(
        (argument) =>
          `[gitlab] GITLAB-CHART-BACKUPS-UTILITY-ARGUMENTS: backups.utilityArguments must be words without spaces and quotes, since the job passes them to a shell, and not --s3tool, which follows from the object storage (got ${JSON.stringify(argument)}); write an argument and its value as two entries`,
      ),
    );
    expect(found({ cron: "0 1 * * *", utilityArguments: accepted })).toEqual([]);
  });

  test("arguments of backup-utility that are tokens", () => {
    const token = Token.asString({ resolve: () => "${var.kept}" });
    expect(found({ cron: "0 1 * * *", utilityArguments: ["--maximum-backups", token] })).toEqual([]);
  });

  test("a schedule that is a token", () => {
    const cron = Token.asString({ resolve: () => "${var.cron}" });
    expect(found({ cron })).toEqual([]);
  });
});

describe("two releases", () => {
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

  test("of one cluster must not share a database", () => {
    const found = two((stack) => {
      const main = mainOn(serverIn(stack));
      return [main, main];
    });
    expect(found).toContain(
      '[green/gitlab] GITLAB-CHART-TOPOLOGY-TAKEN: topology.main must not be used by two releases of a cluster, since test/blue/gitlab uses it already (got "test/server/Database-gitlabhq_production"); give each GitLab separate databases',
    );
  });

  test("may have separate databases on one server", () => {
    const found = two((stack) => {
      const server = serverIn(stack);
      return ["blue", "green"].map((name) => databaseOn(server, name, name));
    });
    expect(found).toEqual([]);
  });
});

test("the connections match GitLab's arithmetic", () => {
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
