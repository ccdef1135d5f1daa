/** Mistakes that the chart accepts silently are reported at synth, with the property. */
import { type TerraformStack, TerraformVariable, Token } from "cdktf";
import {
  CoderPasswordDelivery,
  CoderProvisionerKey,
  CoderRelease,
  type CoderReleaseProps,
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
    'CODER-DATABASE-SERVER-ENGINE: database.server.engine must be PostgreSQL 13 or later (got "MySQL 8.4")',
  ],
  [
    "PostgreSQL 12",
    { server: { engine: DatabaseEngine.postgres(PostgresVersion.of("12.20")), acceptExtendedSupport: "12" } },
    'CODER-DATABASE-SERVER-ENGINE: database.server.engine must be PostgreSQL 13 or later (got "PostgreSQL 12.20")',
  ],
  [
    "a public endpoint",
    { server: { isPrivate: false } },
    'CODER-DATABASE-SERVER-ENDPOINT: database.server.endpoint must be private (got "db.internal"); move the server into the network of the cluster, or set acceptPublicDatabase',
  ],
  [
    "another region",
    { props: { clusterRegion: "us-east-1" } },
    'CODER-CLUSTER-REGION: clusterRegion must be the region of the database, eu-central-1, since Coder requires a latency of at most 10 ms (got "us-east-1"); move one of them, or set acceptOtherRegion',
  ],
  [
    "a pooler in transaction mode",
    { pooling: PoolMode.TRANSACTION },
    'CODER-DATABASE-POOLING-MODE: database.pooling.mode must not be transaction mode, which loses the notifications that Coder listens for (got "transaction"); use session mode or the server itself',
  ],
  // TLS.
  [
    "require with a root certificate",
    { props: { sslMode: SslMode.REQUIRE } },
    'CODER-SSL-MODE-REQUIRE: sslMode must not be require for a server with certificate authorities, which the driver then ignores or only half verifies (got "require"); use verify-ca or verify-full',
  ],
  [
    "no TLS where the server enforces it",
    { props: { sslMode: SslMode.DISABLE } },
    'CODER-SSL-MODE-ENFORCED: sslMode must not be disable, because the server enforces TLS (got "disable")',
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
    'CODER-SSL-MODE-CLIENT-CERTIFICATE: sslMode must not be disable, because the server requires a client certificate (got "disable")',
  ],
  [
    "verify-full against a certificate that does not name the host",
    { server: { tls: { ...tls, hostnameVerifiable: false } }, props: { sslMode: SslMode.VERIFY_FULL } },
    'CODER-SSL-MODE-HOSTNAME: sslMode must not be verify-full for a certificate that does not include the host name, since every connection would fail (got "verify-full"); use verify-ca',
  ],
  [
    "TLS where the server offers none",
    {
      server: { tls: { offered: false, enforced: false, hostnameVerifiable: false } },
      props: { sslMode: SslMode.VERIFY_CA },
    },
    'CODER-SSL-MODE-NOT-OFFERED: sslMode must not be set, because the server does not offer TLS (got "verify-ca")',
  ],
  [
    "a client certificate on a chart that cannot give Coder the key",
    {
      server: { tls: { ...tls, clientCertificate: { certificatePem: PEM, privateKeyPem: secret("key") } } },
      props: { chartVersion: "2.24.0" },
    },
    "CODER-DATABASE-SERVER-TLS-CLIENT-CERTIFICATE: database.server.tls.clientCertificate must not be set before chart version 2.25.0",
  ],
  // Identity.
  [
    "an owner with an identity off AWS",
    {
      identity: true,
      server: { location: { cloud: Cloud.GOOGLE, region: "europe-west1" } },
      props: (stack) => ({ identity: identityIn(stack) }),
    },
    'CODER-DATABASE-OWNER-CLOUD: database.owner must have a password on clouds other than AWS, because Coder only supports RDS IAM authentication (got "coder")',
  ],
  [
    "an identity without IAM authentication on the server",
    {
      identity: true,
      server: { acceptsCloudIdentity: false },
      props: (stack) => ({ identity: identityIn(stack) }),
    },
    'CODER-DATABASE-OWNER-IAM: database.owner must have a password, because IAM database authentication is disabled on the server (got "coder"); enable it there',
  ],
  [
    "an owner with an identity and pods without",
    { identity: true },
    "CODER-IDENTITY: identity must be an AWS identity of Coder's service account, because the database owner has no password (got not set)",
  ],
  [
    "an identity of another cloud",
    { identity: true, props: (stack) => ({ identity: identityIn(stack, { cloud: Cloud.AZURE }) }) },
    'CODER-IDENTITY: identity must be an AWS identity of Coder\'s service account, because the database owner has no password (got "azure")',
  ],
  [
    "the identity of another namespace",
    { props: (stack) => ({ identity: identityIn(stack, { namespace: "elsewhere" }) }) },
    'CODER-IDENTITY-NAMESPACE: identity.namespace must be the namespace of Coder\'s pods, coder (got "elsewhere")',
  ],
  [
    "the identity of another service account",
    { props: (stack) => ({ identity: identityIn(stack), serviceAccountName: "other" }) },
    'CODER-SERVICE-ACCOUNT-NAME: serviceAccountName must be the service account of the identity, coder (got "other")',
  ],
  [
    "passwordDelivery without a password",
    {
      identity: true,
      props: (stack) => ({ identity: identityIn(stack), passwordDelivery: CoderPasswordDelivery.PGPASSWORD }),
    },
    'CODER-PASSWORD-DELIVERY: passwordDelivery must not be set, because the database owner has no password (got "pgpassword")',
  ],
  [
    "IAM on a chart that is too old",
    { identity: true, props: (stack) => ({ identity: identityIn(stack), chartVersion: "2.5.0" }) },
    'CODER-DATABASE-OWNER: database.owner must not be set before chart version 2.13.0 (got "a cloud identity"); chartVersion is 2.5.0',
  ],
  // The chart and its options.
  [
    "a range",
    { props: { chartVersion: "^2.33.0" } },
    "HELM-CHART-VERSION: chartVersion must be an exact version such as 2.33.6: ranges and latest would upgrade without a change of the program",
  ],
  [
    "latest",
    { props: { chartVersion: "latest" } },
    "HELM-CHART-VERSION: chartVersion must be an exact version such as 2.33.6: ranges and latest would upgrade without a change of the program",
  ],
  [
    "v1's chart",
    { props: { chartVersion: "1.44.3" } },
    'CODER-CHART-VERSION: chartVersion must be a version 2 of the chart (got "1.44.3"); use CoderClassicRelease for Coder v1',
  ],
  [
    "a pool on a chart that is too old",
    { props: { chartVersion: "2.29.1", pool: { maxOpen: 20 } } },
    'CODER-POOL: pool must not be set before chart version 2.30.0 (got {"maxOpen":20}); chartVersion is 2.29.1',
  ],
  [
    "a surge on a chart that is too old",
    { props: { surge: 0.5 } },
    "CODER-SURGE: surge must not be set before chart version 2.38.0 (got 0.5); chartVersion is 2.33.6",
  ],
  ["a short timeout", { props: { timeoutSeconds: 300 } }, "timeoutSeconds must be a whole number from 900"],
  // Numbers.
  ["no replicas", { props: { replicas: 0 } }, "replicas must be a whole number from 1"],
  [
    "half a replica",
    { props: { replicas: 1.5 } },
    "DB-REPLICAS-OF-TEST-CODER: replicas of test/coder must be a whole number from 0 to 1000000 (got 1.5)",
  ],
  [
    "too much surge",
    { props: { surge: 1.5, chartVersion: "2.38.0" } },
    "surge must be a number from 0 to 1 (got 1.5)",
  ],
  [
    "an empty pool",
    { props: { pool: { maxOpen: 0 } } },
    "CODER-POOL-MAX-OPEN: pool.maxOpen must be a whole number from 1 to 10000 (got 0)",
  ],
  [
    "more idle connections than open ones",
    { props: { pool: { maxOpen: 5, maxIdle: 6 } } },
    "CODER-POOL-MAX-IDLE: pool.maxIdle must be at most pool.maxOpen, which is 5 (got 6)",
  ],
  [
    "less than no other connections",
    { props: { otherConnections: -1 } },
    "CODER-OTHER-CONNECTIONS: otherConnections must be a whole number from 0 to 100000 (got -1)",
  ],
  [
    "an invalid quantity",
    { props: { resources: { cpu: "two", memory: "8 GB" } } },
    'CODER-RESOURCES-CPU: resources.cpu must be a Kubernetes quantity such as 2000m or 8Gi (got "two")',
  ],
  [
    "more connections than there are",
    { server: { maxConnections: 100 }, props: { replicas: 10 } },
    "connectionBudget must be at most 97 connections, 100 (maxConnections) less 3 reserved (got 153)",
  ],
  // Names.
  [
    "a wrong secret name",
    { props: { databaseSecretName: "coder_db" } },
    "CODER-DATABASE-SECRET-NAME: databaseSecretName must be 1 to 253 lower-case letters, digits, hyphens and dots, with a letter or digit at both ends of each part",
  ],
  [
    "a wrong key",
    { props: { databaseSecretKey: "a/b" } },
    'CODER-DATABASE-SECRET-KEY: databaseSecretKey must be 1 to 253 letters, digits, hyphens, underscores and dots (got "a/b")',
  ],
  [
    "the password's key",
    { props: { databaseSecretKey: "password" } },
    'CODER-DATABASE-SECRET-KEY: databaseSecretKey must not be the key of the password (got "password")',
  ],
  [
    "a wrong namespace",
    { props: { namespace: "Coder" } },
    'K8S-NAMESPACE-NAME: namespaceName must be 1 to 63 lower-case letters, digits and hyphens, with no hyphen first or last (got "Coder")',
  ],
  [
    "a wrong service account",
    { props: { serviceAccountName: "a b" } },
    'CODER-SERVICE-ACCOUNT-NAME: serviceAccountName must be 1 to 253 lower-case letters, digits, hyphens and dots, with a letter or digit at both ends of each part (got "a b")',
  ],
  [
    "a secret with a dot, of which the chart makes a volume",
    { props: { certificateAuthorities: [{ name: "corp.ca", key: "ca.pem" }] } },
    "CODER-CERTIFICATE-AUTHORITIES-NAME: certificateAuthorities.name must be 1 to 55 lower-case letters, digits and hyphens, without dots and with no hyphen last: the chart",
  ],
  [
    "a secret that is too long for a volume",
    { props: { certificateAuthorities: [{ name: "a".repeat(56), key: "ca.pem" }] } },
    "CODER-CERTIFICATE-AUTHORITIES-NAME: certificateAuthorities.name must be 1 to 55 lower-case letters, digits and hyphens, without dots and with no hyphen last: the chart",
  ],
  [
    "a TLS secret with a dot",
    { props: { tlsSecretNames: ["coder.tls"] } },
    "CODER-TLS-SECRET-NAMES: tlsSecretNames must be 1 to 59 lower-case letters, digits and hyphens, without dots and with no hyphen last: the chart names a volume tls-<name>",
  ],
  // Addresses.
  [
    "no scheme",
    { props: { accessUrl: "coder.example.com" } },
    'CODER-ACCESS-URL: accessUrl must be a URL such as https://coder.example.com, without user, query and fragment (got "coder.example.com")',
  ],
  [
    "another scheme",
    { props: { accessUrl: "ftp://coder.example.com" } },
    "CODER-ACCESS-URL: accessUrl must be a URL such as https://coder.example.com, without user, query and fragment",
  ],
  [
    "one slash",
    { props: { accessUrl: "https:/coder.example.com" } },
    "CODER-ACCESS-URL: accessUrl must be a URL such as https://coder.example.com, without user, query and fragment",
  ],
  [
    "a password in the URL",
    { props: { accessUrl: "https://a:b@coder.example.com" } },
    "without user, query and fragment",
  ],
  ["a query", { props: { accessUrl: "https://coder.example.com/?a=b" } }, "without user, query and fragment"],
  [
    "localhost",
    { props: { accessUrl: "http://localhost:3000" } },
    "CODER-ACCESS-URL: accessUrl must be reachable from workspaces, for which localhost is the workspace itself",
  ],
  [
    "white space",
    { props: { accessUrl: "https://coder.example.com " } },
    "CODER-ACCESS-URL: accessUrl must be a URL such as https://coder.example.com, without user, query and fragment",
  ],
  [
    "a wildcard with a scheme",
    { props: { wildcardAccessUrl: "https://*.coder.example.com" } },
    'CODER-WILDCARD-ACCESS-URL: wildcardAccessUrl must be a host that begins with an asterisk, without scheme, such as *.coder.example.com (got "https://*.coder.example.com")',
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
    'CODER-ENV-CHART: env must not set a variable of the chart, which supports no other value (got "CODER_HTTP_ADDRESS")',
  ],
  [
    "another variable of the chart's",
    { props: plain("CODER_CLUSTER_HOST") },
    'CODER-ENV-CHART: env must not set a variable of the chart, which supports no other value (got "CODER_CLUSTER_HOST")',
  ],
  [
    "a variable of the construct's",
    { props: plain("CODER_PG_CONNECTION_URL") },
    'CODER-ENV-OWNED: env must not set a variable of the construct (got "CODER_PG_CONNECTION_URL"); use database',
  ],
  [
    "the access URL",
    { props: plain("CODER_ACCESS_URL") },
    'CODER-ENV-OWNED: env must not set a variable of the construct (got "CODER_ACCESS_URL"); use accessUrl',
  ],
  [
    "the pool",
    { props: plain("CODER_PG_CONN_MAX_OPEN") },
    'CODER-ENV-OWNED: env must not set a variable of the construct (got "CODER_PG_CONN_MAX_OPEN"); use pool.maxOpen',
  ],
  [
    "a variable that the driver reads",
    { props: plain("PGSSLMODE") },
    'CODER-ENV-PG: env must not set a PG variable, because Coder\'s database driver reads it (got "PGSSLMODE"); use database',
  ],
  [
    "the same variable twice",
    { props: { env: [...plain("CODER_X").env, ...plain("CODER_X", "y").env] } },
    'CODER-ENV-DUPLICATE: env must not set a variable twice, since the last one would win (got "CODER_X")',
  ],
  [
    "Coder's own provisioners beside others",
    {
      props: {
        ...plain("CODER_PROVISIONER_DAEMONS", "3"),
        provisioners: { key: CoderProvisionerKey.fromSecretName("key", "key") },
      },
    },
    'CODER-ENV-OWNED: env must not set a variable of the construct (got "CODER_PROVISIONER_DAEMONS"); use provisioners',
  ],
  [
    "an invalid variable name",
    { props: plain("CODER-X") },
    'CODER-ENV-NAME: env.name must be letters, digits and underscores, with no digit first (got "CODER-X")',
  ],
  [
    "a secret as plain text, which is not shown",
    { props: plain("CODER_OIDC_CLIENT_SECRET", "canary") },
    'CODER-ENV-SECRET: env must not hold a secret as a plain value, which the output, the state and the release would show (got "CODER_OIDC_CLIENT_SECRET"); use EnvironmentVariable.fromSecretValue or fromSecret',
  ],
  [
    "a key of AI Bridge as plain text",
    { props: plain("CODER_AIBRIDGE_OPENAI_KEY", "canary") },
    'CODER-ENV-SECRET: env must not hold a secret as a plain value, which the output, the state and the release would show (got "CODER_AIBRIDGE_OPENAI_KEY"); use EnvironmentVariable.fromSecretValue or fromSecret',
  ],
  [
    "a secret of an init container in the values",
    { props: { values: { coder: { initContainers: [{ env: [{ name: "GIT_TOKEN", value: "canary" }] }] } } } },
    'HELM-VALUES-SECRET: values.coder.initContainers[0].env[0] must not be a secret as plain text, which the output, the state and the release would show (got "(not shown)"); use a reference to a Secret (valueFrom.secretKeyRef)',
  ],
  [
    "Prometheus by reference, which the chart's template cannot read",
    { props: { env: [EnvironmentVariable.fromSecret("CODER_PROMETHEUS_ENABLE", "a", "b")] } },
    'CODER-ENV-PLAIN: env must be a plain value, because the chart\'s template reads it (got "CODER_PROMETHEUS_ENABLE"); use EnvironmentVariable.plain',
  ],
  // Values.
  [
    "an environment in the values",
    { props: { values: { coder: { env: [{ name: "A", value: "b" }] } } } },
    'CODER-VALUES-CODER-ENV: values.coder.env must not be set, because it would replace the variables of the database (got "a list"); use env',
  ],
  [
    "replicas in the values, past the budget",
    { props: { values: { coder: { replicaCount: 50 } } } },
    'HELM-VALUES-REQUIRED: values.coder.replicaCount must not be set: the construct sets this value (got "another value"); use its property, or leave the value out',
  ],
  [
    "volumes that are not known at synth",
    { props: { values: { coder: { volumes: Token.asList({ resolve: () => "x" })[0] } } } },
    "CODER-VALUES-CODER-VOLUMES: values.coder.volumes must be a list known at synth, because the construct appends it to its own (got not known at synth)",
  ],
])("%s", (_, options, message) => {
  const found = problems(options).join("\n");
  expect(found).toContain(message);
  // Helm's check leaves a value to the release's message, which names the property to use.
  const values = found.match(/(?<=: )values\.\S+/g) ?? [];
  expect(values).toEqual([...new Set(values)]);
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
    }).map((problem) => problem.split(/ is | must /)[0]),
  ).toEqual([
    "[coder] CODER-ACCESS-URL: accessUrl",
    "[coder] CODER-REPLICAS: replicas",
    "[coder] CODER-DATABASE-SERVER-ENDPOINT: database.server.endpoint",
    "[coder] CODER-SSL-MODE-REQUIRE: sslMode",
    "[coder] CODER-ENV-OWNED: env",
    "[coder/Release] HELM-CHART-VERSION: chartVersion",
  ]);
});

test("values known to Terraform only are not checked at synth", () => {
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
