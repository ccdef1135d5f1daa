/** What the chart takes without a word and Coder, or its users, find out later: an error at synth, with the property's name. */
import { type TerraformStack, TerraformVariable, Token } from "cdktf";
import {
  CoderPasswordDelivery,
  CoderRelease,
  type CoderReleaseProps,
  ProvisionerKey,
} from "../../../lib/coder";
import {
  Cloud,
  DatabaseEngine,
  type IDatabase,
  MysqlVersion,
  PoolMode,
  PostgresVersion,
  SslMode,
} from "../../../lib/database";
import { EnvironmentVariable } from "../../../lib/kubernetes";
import { problemsOf } from "../../support/synth";
import { type DatabaseCase, databaseIn, identityIn, PEM, secret } from "./fixtures";

interface Case extends DatabaseCase {
  readonly props?: Partial<CoderReleaseProps> | ((stack: TerraformStack) => Partial<CoderReleaseProps>);
  readonly pooling?: PoolMode;
}

const problems = ({ props, pooling, ...database }: Case) =>
  problemsOf((stack) => {
    const own = databaseIn(stack, database);
    new CoderRelease(stack, "coder", {
      database: pooling ? behindPooler(own, pooling) : own,
      accessUrl: "https://coder.example.com",
      chartVersion: "2.33.6",
      ...(typeof props === "function" ? props(stack) : props),
    });
  });

const behindPooler = (direct: IDatabase, mode: PoolMode): IDatabase =>
  Object.create(direct, { pooling: { value: { mode, preparedStatements: true, direct } } });

const plain = (name: string, value = "x") => ({ env: [EnvironmentVariable.plain(name, value)] });
const tls = { enforced: true, hostnameVerifiable: true, caCertificatesPem: PEM };

test.each<[string, Case, string]>([
  // The database.
  [
    "MySQL",
    { server: { engine: DatabaseEngine.mysql(MysqlVersion.V8_4), maxConnections: 500 } },
    'database.server.engine is "MySQL 8.4": Coder needs PostgreSQL 13 or later',
  ],
  [
    "PostgreSQL 12",
    { server: { engine: DatabaseEngine.postgres(PostgresVersion.of("12.20")), acceptExtendedSupport: "12" } },
    'database.server.engine is "PostgreSQL 12.20": Coder needs PostgreSQL 13 or later',
  ],
  [
    "a public endpoint",
    { server: { isPrivate: false } },
    'database.server is "db.internal": the server has a public address; take it into the cluster\'s network, or set acceptPublicDatabase',
  ],
  [
    "another region",
    { props: { clusterRegion: "us-east-1" } },
    'clusterRegion is "us-east-1": the database is in eu-central-1, and Coder wants it within 10 ms; move one of them, or set acceptOtherRegion',
  ],
  [
    "a pooler in transaction mode",
    { pooling: PoolMode.TRANSACTION },
    'database is "transaction": Coder listens for notifications, which a pooler in transaction mode loses; use session mode or the server itself',
  ],
  // TLS.
  [
    "require with a root certificate",
    { props: { sslMode: SslMode.REQUIRE } },
    'sslMode is "require": the server has certificate authorities, and under require the driver ignores them or checks half; use verify-ca or verify-full',
  ],
  [
    "no TLS where the server insists",
    { props: { sslMode: SslMode.DISABLE } },
    'sslMode is "disable": the server refuses connections without TLS',
  ],
  [
    "no TLS with a client certificate",
    {
      server: {
        tls: {
          ...tls,
          enforced: false,
          clientCertificate: { certificatePem: PEM, privateKeyPem: secret("key") },
        },
      },
      props: { sslMode: SslMode.DISABLE },
    },
    'sslMode is "disable": the server wants a client certificate, which goes with TLS only',
  ],
  [
    "verify-full against a certificate that does not name the host",
    { server: { tls: { ...tls, hostnameVerifiable: false } }, props: { sslMode: SslMode.VERIFY_FULL } },
    'sslMode is "verify-full": the server\'s certificate does not name the host, so every connection would fail; use verify-ca',
  ],
  [
    "TLS where there is none",
    {
      server: { tls: { offered: false, enforced: false, hostnameVerifiable: false } },
      props: { sslMode: SslMode.VERIFY_CA },
    },
    'sslMode is "verify-ca": the server speaks no TLS; leave it out',
  ],
  [
    "a client certificate on a chart that cannot give Coder the key",
    {
      server: { tls: { ...tls, clientCertificate: { certificatePem: PEM, privateKeyPem: secret("key") } } },
      props: { chartVersion: "2.24.0" },
    },
    'database.server.tls.clientCertificate is "a certificate": it needs chart version 2.25.0 or later, and chartVersion is 2.24.0',
  ],
  // Identity.
  [
    "an owner with an identity off AWS",
    {
      identity: true,
      server: { location: { cloud: Cloud.GOOGLE, region: "europe-west1" } },
      props: (stack) => ({ identity: identityIn(stack) }),
    },
    'database.owner is "coder": Coder logs in by identity on AWS only; give the owner a password',
  ],
  [
    "an identity that the server does not take",
    {
      identity: true,
      server: { acceptsCloudIdentity: false },
      props: (stack) => ({ identity: identityIn(stack) }),
    },
    'database.owner is "coder": the server takes no cloud identity; turn IAM authentication on there, or give the owner a password',
  ],
  [
    "an owner with an identity and pods without",
    { identity: true },
    "identity is not set: an owner without a password needs an AWS identity for Coder's service account",
  ],
  [
    "the identity of another cloud",
    { identity: true, props: (stack) => ({ identity: identityIn(stack, { cloud: Cloud.AZURE }) }) },
    'identity is "azure": an owner without a password needs an AWS identity',
  ],
  [
    "the identity of another namespace",
    { props: (stack) => ({ identity: identityIn(stack, { namespace: "elsewhere" }) }) },
    'identity.namespace is "elsewhere": the pods are in coder, so the identity would not be theirs',
  ],
  [
    "the identity of another service account",
    { props: (stack) => ({ identity: identityIn(stack), serviceAccountName: "other" }) },
    'serviceAccountName is "other": the identity is for the service account coder',
  ],
  [
    "a password's delivery without a password",
    {
      identity: true,
      props: (stack) => ({ identity: identityIn(stack), passwordDelivery: CoderPasswordDelivery.PGPASSWORD }),
    },
    'passwordDelivery is "pgpassword": the database\'s owner has no password',
  ],
  [
    "IAM on a chart that is too old",
    { identity: true, props: (stack) => ({ identity: identityIn(stack), chartVersion: "2.5.0" }) },
    'database.owner is "a cloud identity": it needs chart version 2.13.0 or later',
  ],
  // The chart and its options.
  ["a range", { props: { chartVersion: "^2.33.0" } }, "allowed is one exact version"],
  ["latest", { props: { chartVersion: "latest" } }, "allowed is one exact version"],
  [
    "v1's chart",
    { props: { chartVersion: "1.44.3" } },
    "allowed is a version 2; Coder v1 is CoderClassicRelease",
  ],
  [
    "a pool on a chart that is too old",
    { props: { chartVersion: "2.29.1", pool: { maxOpen: 20 } } },
    'pool is {"maxOpen":20}: it needs chart version 2.30.0 or later, and chartVersion is 2.29.1',
  ],
  [
    "a surge on a chart that is too old",
    { props: { surge: 0.5 } },
    "surge is 0.5: it needs chart version 2.38.0 or later, and chartVersion is 2.33.6",
  ],
  [
    "a short timeout",
    { props: { timeoutSeconds: 300 } },
    "timeoutSeconds is 300: allowed is a whole number from 900",
  ],
  // Numbers.
  ["no replicas", { props: { replicas: 0 } }, "replicas is 0: allowed is a whole number from 1"],
  ["half a replica", { props: { replicas: 1.5 } }, "replicas is 1.5"],
  [
    "too much surge",
    { props: { surge: 1.5, chartVersion: "2.38.0" } },
    "surge is 1.5: allowed is a share from 0 to 1",
  ],
  ["an empty pool", { props: { pool: { maxOpen: 0 } } }, "pool.maxOpen is 0"],
  [
    "more idle connections than open ones",
    { props: { pool: { maxOpen: 5, maxIdle: 6 } } },
    "pool.maxIdle is 6: allowed is at most maxOpen, which is 5",
  ],
  ["less than no other connections", { props: { otherConnections: -1 } }, "otherConnections is -1"],
  [
    "a quantity that is none",
    { props: { resources: { cpu: "two", memory: "8 GB" } } },
    'resources.cpu is "two"',
  ],
  [
    "more connections than there are",
    { server: { maxConnections: 100 }, props: { replicas: 10 } },
    "connection budget is 153: the server takes 100",
  ],
  // Names.
  ["a wrong secret name", { props: { databaseSecretName: "coder_db" } }, 'databaseSecretName is "coder_db"'],
  ["a wrong key", { props: { databaseSecretKey: "a/b" } }, 'databaseSecretKey is "a/b"'],
  ["the password's key", { props: { databaseSecretKey: "password" } }, "this key is the password's"],
  ["a wrong namespace", { props: { namespace: "Coder" } }, 'namespaceName is "Coder"'],
  ["a wrong service account", { props: { serviceAccountName: "a b" } }, 'serviceAccountName is "a b"'],
  [
    "a secret with a dot, of which the chart makes a volume",
    { props: { certificateAuthorities: [{ name: "corp.ca", key: "ca.pem" }] } },
    'certificateAuthorities.name is "corp.ca": the chart names a volume ca-cert-<name>, so allowed are 1 to 55',
  ],
  [
    "a secret that is too long for a volume",
    { props: { certificateAuthorities: [{ name: "a".repeat(56), key: "ca.pem" }] } },
    "allowed are 1 to 55 lower-case letters",
  ],
  ["a TLS secret with a dot", { props: { tlsSecretNames: ["coder.tls"] } }, 'tlsSecretNames is "coder.tls"'],
  // Addresses.
  [
    "no scheme",
    { props: { accessUrl: "coder.example.com" } },
    'accessUrl is "coder.example.com": allowed is a URL',
  ],
  ["another scheme", { props: { accessUrl: "ftp://coder.example.com" } }, "allowed is a URL such as https"],
  ["one slash", { props: { accessUrl: "https:/coder.example.com" } }, "allowed is a URL such as https"],
  ["a password in the URL", { props: { accessUrl: "https://a:b@coder.example.com" } }, "without user"],
  ["a query", { props: { accessUrl: "https://coder.example.com/?a=b" } }, "without user, query and fragment"],
  ["localhost", { props: { accessUrl: "http://localhost:3000" } }, "localhost is themselves"],
  ["white space", { props: { accessUrl: "https://coder.example.com " } }, "allowed is a URL such as https"],
  [
    "a wildcard with a scheme",
    { props: { wildcardAccessUrl: "https://*.coder.example.com" } },
    'wildcardAccessUrl is "https://*.coder.example.com": allowed is a host that begins with an asterisk',
  ],
  [
    "a wildcard without an asterisk",
    { props: { wildcardAccessUrl: "coder.example.com" } },
    "begins with an asterisk",
  ],
  // The environment.
  [
    "a variable of the chart's",
    { props: plain("CODER_HTTP_ADDRESS") },
    'env is "CODER_HTTP_ADDRESS": the chart sets this variable itself and does not support another value',
  ],
  [
    "another variable of the chart's",
    { props: plain("CODER_CLUSTER_HOST") },
    "the chart sets this variable itself",
  ],
  [
    "a variable of the construct's",
    { props: plain("CODER_PG_CONNECTION_URL") },
    'env is "CODER_PG_CONNECTION_URL": the construct sets this variable; use database',
  ],
  ["the access URL", { props: plain("CODER_ACCESS_URL") }, "the construct sets this variable; use accessUrl"],
  [
    "the pool",
    { props: plain("CODER_PG_CONN_MAX_OPEN") },
    "the construct sets this variable; use pool.maxOpen",
  ],
  [
    "a variable that the driver reads",
    { props: plain("PGSSLMODE") },
    "Coder's database driver reads PG variables",
  ],
  [
    "the same variable twice",
    { props: { env: [...plain("CODER_X").env, ...plain("CODER_X", "y").env] } },
    'env is "CODER_X": each variable may be there once; the last one would win',
  ],
  [
    "Coder's own provisioners beside others",
    {
      props: {
        ...plain("CODER_PROVISIONER_DAEMONS", "3"),
        provisioners: { key: ProvisionerKey.fromSecret("key", "key") },
      },
    },
    "the construct sets this variable; use provisioners",
  ],
  ["a name that no shell takes", { props: plain("CODER-X") }, 'env.name is "CODER-X"'],
  [
    "a secret as plain text, which is not shown",
    { props: plain("CODER_OIDC_CLIENT_SECRET", "canary") },
    'env is "CODER_OIDC_CLIENT_SECRET": a secret as plain text would be in the output',
  ],
  [
    "Prometheus by reference, which the chart's template cannot read",
    { props: { env: [EnvironmentVariable.fromSecret("CODER_PROMETHEUS_ENABLE", "a", "b")] } },
    "the chart reads this one itself, so it has to be a plain text",
  ],
  // Values.
  [
    "an environment in the values",
    { props: { values: { coder: { env: [{ name: "A", value: "b" }] } } } },
    'values.coder.env is "a list": it would replace the database\'s variables; use env',
  ],
  [
    "replicas in the values, past the budget",
    { props: { values: { coder: { replicaCount: 50 } } } },
    "values.coder.replicaCount is",
  ],
  [
    "volumes that nobody can join",
    { props: { values: { coder: { volumes: Token.asList({ resolve: () => "x" })[0] } } } },
    "values.coder.volumes is not known at synth: allowed is a list known at synth",
  ],
])("%s", (_, options, message) => {
  const found = problems(options).join("\n");
  expect(found).toContain(message);
  expect(found).toMatch(/^\[(coder|server)/);
  expect(found).not.toContain("canary");
});

test("all mistakes are reported at once", () => {
  expect(
    problems({
      server: { isPrivate: false },
      props: {
        accessUrl: "nowhere",
        chartVersion: "latest",
        replicas: 0,
        sslMode: SslMode.REQUIRE,
        ...plain("CODER_PG_AUTH"),
      },
    }).map((problem) => problem.split(" is ")[0]),
  ).toEqual([
    "[coder] accessUrl",
    "[coder] replicas",
    "[coder] database.server",
    "[coder] sslMode",
    "[coder] env",
    "[coder/Release] chartVersion",
  ]);
});

test("what only Terraform knows passes no check and fails none", () => {
  expect(
    problems({
      props: (stack) => {
        const text = (name: string) => new TerraformVariable(stack, name, {}).stringValue;
        const number = (name: string) => new TerraformVariable(stack, name, { type: "number" }).numberValue;
        return {
          accessUrl: text("url"),
          wildcardAccessUrl: `*.${text("domain")}`,
          chartVersion: text("chart"),
          replicas: number("replicas"),
          surge: number("surge"),
          pool: { maxOpen: number("open"), maxIdle: number("idle") },
          otherConnections: number("other"),
          namespace: text("namespace"),
          releaseName: text("release"),
          databaseSecretName: text("secret"),
          databaseSecretKey: text("key"),
          serviceAccountName: text("account"),
          clusterRegion: text("region"),
          searchPath: text("schema"),
          tlsSecretNames: new TerraformVariable(stack, "tls", {}).listValue,
          certificateAuthorities: [{ name: text("ca"), key: text("ca_key") }],
          timeoutSeconds: number("timeout"),
          resources: { cpu: text("cpu"), memory: text("memory") },
          env: [EnvironmentVariable.plain("CODER_X", text("x"))],
          identity: identityIn(stack, { namespace: text("ns2"), serviceAccountName: text("sa2") }),
        };
      },
    }),
  ).toEqual([]);
});
