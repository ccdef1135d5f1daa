import { type TerraformStack, TerraformVariable } from "cdktf";
import { Construct } from "constructs";
import { parse } from "yaml";
import { CoderClassicRelease, type CoderClassicReleaseProps } from "../../../lib/coder";
import {
  Cloud,
  DatabaseEngine,
  DatabaseLogin,
  PoolMode,
  PostgresVersion,
  SslMode,
} from "../../../lib/database";
import { EnvironmentVariable } from "../../../lib/kubernetes";
import { type Json, problemsOf, synthesize, treeOf } from "../../support/synth";
import { type DatabaseCase, databaseIn, identityIn, PEM, secret } from "./fixtures";

interface Case extends DatabaseCase {
  readonly props?:
    | Partial<CoderClassicReleaseProps>
    | ((stack: TerraformStack) => Partial<CoderClassicReleaseProps>);
}

function make(stack: TerraformStack, { props, ...database }: Case): CoderClassicRelease {
  return new CoderClassicRelease(stack, "coder", {
    database: databaseIn(stack, database),
    chartVersion: "1.44.3",
    ...(typeof props === "function" ? props(stack) : props),
  });
}

function build(options: Case = {}) {
  const built = synthesize((stack) => {
    make(stack, options);
  });
  const release = built.resource("helm_release");
  return {
    ...built,
    release,
    known: parse(release.values[0]),
    late: release.values.slice(1),
    secrets: (name: string) =>
      built.resources("kubernetes_secret_v1").find((each: Json) => each.metadata.name === name),
  };
}

const problems = (options: Case) => problemsOf((stack) => void make(stack, options));

test("disables the chart's temporary database and sets every value that the chart does not check", () => {
  const { known, release } = build();
  expect(release).toMatchObject({ chart: "coder", repository: "https://helm.coder.com", version: "1.44.3" });
  expect(known).toEqual({
    coderd: {
      securityContext: { capabilities: { drop: ["ALL"] } },
      replicas: 1,
      extraEnvs: [],
      annotations: { "checksum/secrets": expect.stringMatching(/^[0-9a-f]{64}$/) },
    },
    postgres: {
      default: { enable: false },
      host: "db.internal",
      port: "5432",
      user: "coder",
      database: "coder",
      connector: "postgres",
      passwordSecret: "coder-db-password",
      noPasswordEnv: true,
      sslMode: "verify-full",
      ssl: { rootCertSecret: { name: "coder-db-ca", key: "ca.crt" } },
    },
  });
});

test("stores the password under the chart's fixed key, without a line break", () => {
  const { secrets } = build();
  expect(secrets("coder-db-password").data_wo).toEqual({
    password: "${trimspace(ephemeral.random_password.owner.result)}",
  });
  expect(secrets("coder-db-ca").data).toEqual({ "ca.crt": `${PEM}\n` });
});

test("of two users that alternate each has a secret, and the values name the one in use", () => {
  const { known, secrets } = build({
    props: (stack) => {
      const login = (name: string) => DatabaseLogin.withPassword(name, secret(name));
      const owner = DatabaseLogin.alternating({
        owner: login("coder"),
        clone: login("coder_clone"),
        cloneInUse: true,
      });
      const { server } = databaseIn(new Construct(stack, "second"), {});
      return { database: server.database("alternating", { owner }) };
    },
  });
  expect(known.postgres).toMatchObject({
    user: "coder_clone",
    passwordSecret: "coder-db-password-clone",
  });
  for (const [name, user] of [
    ["coder-db-password", "coder"],
    ["coder-db-password-clone", "coder_clone"],
  ]) {
    expect(secrets(name as string).data_wo).toEqual({
      password: `\${trimspace(ephemeral.random_password.${user}.result)}`,
    });
  }
});

test("the port is a string, also if it is known to Terraform only", () => {
  const { late, known } = build({
    props: (stack) => {
      const port = new TerraformVariable(stack, "port", { type: "number" }).numberValue;
      return { database: databaseIn(new Construct(stack, "second"), { server: { port } }) };
    },
  });
  expect(known.postgres.port).toBeUndefined();
  // To Terraform "${var.port}" alone is the number.
  expect(late).toEqual(['${jsonencode({"postgres" = {"port" = tostring(var.port)}})}']);
});

test.each([
  ["1.44.3", undefined, true],
  ["1.44.3", false, false],
  ["1.34.0", undefined, false],
])("chart %s with noPasswordEnv %s mounts a file: %s", (chartVersion, noPasswordEnv, expected) => {
  expect(build({ props: { chartVersion, noPasswordEnv } }).known.postgres.noPasswordEnv).toBe(expected);
});

test("IAM database authentication: connector, no password, annotated service account", () => {
  const { known, late, secrets } = build({
    identity: true,
    props: (stack) => ({ identity: identityIn(stack, { podLabels: { a: "b" } }) }),
  });
  expect(known.postgres).toMatchObject({ connector: "awsiamrds", passwordSecret: "", noPasswordEnv: false });
  expect(known.coderd.extraLabels).toEqual({ a: "b" });
  expect(secrets("coder-db-password")).toBeUndefined();
  expect(late).toEqual([
    '${jsonencode({"coderd" = {"builtinProviderServiceAccount" = {"annotations" = {"eks.amazonaws.com/role-arn" = var.role_arn}}}})}',
  ]);
});

test("mutual TLS: client certificate and key", () => {
  const { known, secrets } = build({
    server: {
      tls: {
        enforced: true,
        hostnameVerifiable: false,
        caCertificatesPem: PEM,
        clientCertificate: { certificatePem: PEM, privateKeyPem: secret("key") },
      },
    },
  });
  expect(known.postgres).toMatchObject({
    sslMode: "verify-ca",
    ssl: {
      rootCertSecret: { name: "coder-db-ca", key: "ca.crt" },
      certSecret: { name: "coder-db-client", key: "client.crt" },
      keySecret: { name: "coder-db-client", key: "client.key" },
    },
  });
  expect(Object.keys(secrets("coder-db-client").data_wo)).toEqual(["client.crt", "client.key"]);
});

test("the pool is set in Coder and in the connection budget, which counts 30 per replica by default", () => {
  const { known } = build({ props: { maxConnectionsPerReplica: 40 } });
  expect(known.coderd.extraEnvs).toEqual([{ name: "CODER_MAX_DB_CONNECTIONS", value: "40" }]);
  const needed = (props: Partial<CoderClassicReleaseProps>) => {
    let total: number | undefined;
    synthesize((stack) => {
      const release = make(stack, { props });
      total = (stack.node.tryFindChild("server") as never as { connectionBudget: { needed?: number } })
        .connectionBudget.needed;
      expect(release.release.values).toBeDefined();
    });
    return total;
  };
  // The worked example of the docs, 3 x 30 = 90, and the pod more that a rolling update starts.
  expect(needed({ replicas: 3, otherConnections: 0 })).toBe(120);
  expect(needed({ replicas: 3, otherConnections: 0, maxConnectionsPerReplica: 40 })).toBe(160);
});

test("every other property sets its value of the chart", () => {
  const { known, secrets } = build({
    props: {
      replicas: 3,
      resources: { cpu: "4", memory: "8Gi" },
      searchPath: "own",
      certificateAuthorities: { name: "corp-ca", key: "ca.pem" },
      databaseSecretName: "pg",
      env: [EnvironmentVariable.fromSecretValue("CODER_X", secret("x"))],
      values: { coderd: { devurlsHost: "*.dev.example.com", annotations: { mine: "yes" } } },
    },
  });
  expect(known).toMatchObject({
    coderd: {
      replicas: 3,
      resources: { requests: { cpu: "4", memory: "8Gi" }, limits: { cpu: "4", memory: "8Gi" } },
      devurlsHost: "*.dev.example.com",
      annotations: { mine: "yes", "checksum/secrets": expect.any(String) },
      extraEnvs: [{ name: "CODER_X", valueFrom: { secretKeyRef: { name: "coder-env", key: "CODER_X" } } }],
    },
    postgres: { searchPath: "own", passwordSecret: "pg" },
    certs: { secret: { name: "corp-ca", key: "ca.pem" } },
  });
  expect(secrets("coder-env").data_wo).toEqual({
    CODER_X: "${trimspace(ephemeral.random_password.x.result)}",
  });
});

test("construct tree", () => {
  expect(treeOf(build().stack)).toContain(
    "coder\n  Namespace\n    Resource\n  DatabaseSecret\n    Resource\n  DatabaseCa\n    Resource\n  Release\n    Resource\n",
  );
});

const plain = (name: string) => ({ env: [EnvironmentVariable.plain(name, "canary")] });

test.each<[string, Case, string]>([
  [
    "a chart with other keys",
    { props: { chartVersion: "1.26.0" } },
    'CODER-CLASSIC-CHART-VERSION: chartVersion must be 1.27.0 or later, because earlier charts use other keys for the database (got "1.26.0")',
  ],
  [
    "v2's chart",
    { props: { chartVersion: "2.33.6" } },
    'CODER-CLASSIC-CHART-VERSION: chartVersion must be a version 1 of the chart (got "2.33.6"); use CoderRelease for Coder v2',
  ],
  [
    "latest",
    { props: { chartVersion: "latest" } },
    'HELM-CHART-VERSION: chartVersion must be an exact version such as 2.33.6: ranges and latest would upgrade without a change of the program (got "latest")',
  ],
  [
    "a password file on a chart that is too old",
    { props: { chartVersion: "1.34.0", noPasswordEnv: true } },
    "CODER-CLASSIC-NO-PASSWORD-ENV: noPasswordEnv must not be set before chart version 1.35.0 (got true); chartVersion is 1.34.0",
  ],
  [
    "a schema on a chart that is too old",
    { props: { chartVersion: "1.36.0", searchPath: "own" } },
    'CODER-CLASSIC-SEARCH-PATH: searchPath must not be set before chart version 1.37.0 (got "own"); chartVersion is 1.36.0',
  ],
  [
    "a secret with a dot, of which the chart makes a volume",
    { props: { databaseSecretName: "coder.db" } },
    "CODER-CLASSIC-DATABASE-SECRET-NAME: databaseSecretName must be 1 to 63 lower-case letters, digits and hyphens, without dots and with no hyphen first or last: the chart",
  ],
  [
    "a secret with the name of a volume of the chart",
    { props: { databaseSecretName: "pgcert" } },
    'CODER-CLASSIC-DATABASE-SECRET-NAME: databaseSecretName must not be the name of a volume of the chart (got "pgcert")',
  ],
  [
    "authorities in a secret with a dot",
    { props: { certificateAuthorities: { name: "corp.ca", key: "k" } } },
    "CODER-CLASSIC-CERTIFICATE-AUTHORITIES-NAME: certificateAuthorities.name must be 1 to 63 lower-case letters, digits and hyphens, without dots and with no hyphen first or",
  ],
  [
    "authorities in the password's secret",
    { props: { certificateAuthorities: { name: "coder-db-password", key: "k" } } },
    "two volumes of one name",
  ],
  [
    "require with a root certificate",
    { props: { sslMode: SslMode.REQUIRE } },
    'CODER-CLASSIC-SSL-MODE-REQUIRE: sslMode must not be require for a server with certificate authorities, which the driver then ignores or only half verifies (got "require"); use verify-ca or verify-full',
  ],
  [
    "verification without certificate authorities",
    { server: { tls: { enforced: true, hostnameVerifiable: true } } },
    "CODER-CLASSIC-DATABASE-SERVER-TLS-CA-CERTIFICATES-PEM: database.server.tls.caCertificatesPem must be set for verify-full, because Coder v1 verifies a server only with a certificate file (got not set)",
  ],
  [
    "an identity without TLS",
    {
      identity: true,
      server: { tls: { enforced: false, hostnameVerifiable: true } },
      props: (stack) => ({ identity: identityIn(stack), sslMode: SslMode.DISABLE }),
    },
    'CODER-CLASSIC-SSL-MODE: sslMode must not be disable, because IAM database authentication requires TLS (got "disable")',
  ],
  [
    "an owner with an identity and pods without",
    { identity: true },
    "CODER-CLASSIC-IDENTITY: identity must be an AWS identity of Coder's service account, because the database owner has no password (got not set)",
  ],
  [
    "an owner with an identity off AWS",
    {
      identity: true,
      server: { location: { cloud: Cloud.AZURE } },
      props: (stack) => ({ identity: identityIn(stack) }),
    },
    'CODER-CLASSIC-DATABASE-OWNER-CLOUD: database.owner must have a password on clouds other than AWS, because Coder only supports RDS IAM authentication (got "coder")',
  ],
  [
    "an identity without IAM authentication on the server",
    {
      identity: true,
      server: { acceptsCloudIdentity: false },
      props: (stack) => ({ identity: identityIn(stack) }),
    },
    'owner.authentication must be PASSWORD, because the server accepts no cloud identities (got "cloud-identity")',
  ],
  [
    "another service account",
    { props: (stack) => ({ identity: identityIn(stack, { serviceAccountName: "other" }) }) },
    'CODER-CLASSIC-IDENTITY-SERVICE-ACCOUNT-NAME: identity.serviceAccountName must be coder, the fixed name of the chart\'s service account (got "other")',
  ],
  [
    "another namespace",
    { props: (stack) => ({ identity: identityIn(stack, { namespace: "other" }) }) },
    'CODER-CLASSIC-IDENTITY-NAMESPACE: identity.namespace must be the namespace of Coder\'s pods, coder (got "other")',
  ],
  [
    "a password file without a password",
    { identity: true, props: (stack) => ({ identity: identityIn(stack), noPasswordEnv: true }) },
    "CODER-CLASSIC-NO-PASSWORD-ENV: noPasswordEnv must not be true, because the database owner has no password (got true)",
  ],
  [
    "PostgreSQL 12",
    { server: { engine: DatabaseEngine.postgres(PostgresVersion.of("12")), acceptExtendedSupport: "12" } },
    'CODER-CLASSIC-DATABASE-SERVER-ENGINE: database.server.engine must be PostgreSQL 13 or later (got "PostgreSQL 12")',
  ],
  [
    "a public endpoint",
    { server: { isPrivate: false } },
    'CODER-CLASSIC-DATABASE-SERVER-ENDPOINT: database.server.endpoint must be private (got "db.internal"); move the server into the network of the cluster, or set acceptPublicDatabase',
  ],
  [
    "another region",
    { props: { clusterRegion: "us-east-1" } },
    'CODER-CLASSIC-CLUSTER-REGION: clusterRegion must be the region of the database, eu-central-1, since Coder requires a latency of at most 10 ms (got "us-east-1"); move one of them, or set acceptOtherRegion',
  ],
  [
    "the pool in the environment",
    { props: plain("CODER_MAX_DB_CONNECTIONS") },
    "use maxConnectionsPerReplica",
  ],
  [
    "a variable of the chart's",
    { props: plain("DB_HOST") },
    'CODER-CLASSIC-ENV-CHART: env must not set a variable of the chart, which supports no other value (got "DB_HOST")',
  ],
  [
    "a variable that the driver reads",
    { props: plain("PGSSLMODE") },
    'CODER-CLASSIC-ENV-PG: env must not set a PG variable, because Coder\'s database driver reads it (got "PGSSLMODE"); use database',
  ],
  [
    "a secret as plain text",
    { props: plain("MY_API_TOKEN") },
    'CODER-CLASSIC-ENV-SECRET: env must not hold a secret as a plain value, which the output, the state and the release would show (got "MY_API_TOKEN"); use EnvironmentVariable.fromSecretValue or fromSecret',
  ],
  [
    "a variable twice",
    { props: { env: [...plain("A").env, ...plain("A").env] } },
    'CODER-CLASSIC-ENV-DUPLICATE: env must not set a variable twice, since the last one would win (got "A")',
  ],
  [
    "variables in the values",
    { props: { values: { coderd: { extraEnvs: [] } } } },
    "values.coderd.extraEnvs",
  ],
  [
    "the throw-away database in the values",
    { props: { values: { postgres: { default: { enable: true } } } } },
    'HELM-VALUES-REQUIRED: values.postgres.default.enable must not be set: the construct sets this value (got "another value"); use its property, or leave the value out',
  ],
  [
    "no replicas",
    { props: { replicas: 0 } },
    "CODER-CLASSIC-REPLICAS: replicas must be a whole number from 1 to 1000 (got 0)",
  ],
  [
    "a pool of none",
    { props: { maxConnectionsPerReplica: 0 } },
    "CODER-CLASSIC-MAX-CONNECTIONS-PER-REPLICA: maxConnectionsPerReplica must be a whole number from 1 to 10000 (got 0)",
  ],
  [
    "more connections than there are",
    { server: { maxConnections: 100 }, props: { replicas: 3 } },
    "connectionBudget must be at most 97 connections, 100 (maxConnections) less 3 reserved (got 130)",
  ],
])("%s is refused", (_, options, message) => {
  const found = problems(options).join("\n");
  expect(found).toContain(message);
  expect(found).not.toContain("canary");
});

test("a pooler in transaction mode is refused", () => {
  const found = problemsOf((stack) => {
    const direct = databaseIn(stack);
    const pooling = { mode: PoolMode.TRANSACTION, preparedStatements: true, direct };
    const database = Object.create(direct, { pooling: { value: pooling } });
    new CoderClassicRelease(stack, "coder", { database, chartVersion: "1.44.3" });
  });
  expect(found.join()).toContain(
    'CODER-CLASSIC-DATABASE-POOLING-MODE: database.pooling.mode must not be transaction mode, which loses the notifications that Coder listens for (got "transaction"); use session mode or the server itself',
  );
});

test("values known to Terraform only are not checked at synth", () => {
  expect(
    problems({
      host: "variable",
      props: (stack) => {
        const text = (name: string) => new TerraformVariable(stack, name, {}).stringValue;
        const number = (name: string) => new TerraformVariable(stack, name, { type: "number" }).numberValue;
        return {
          chartVersion: text("chart"),
          replicas: number("replicas"),
          maxConnectionsPerReplica: number("pool"),
          otherConnections: number("other"),
          namespace: text("namespace"),
          releaseName: text("release"),
          databaseSecretName: text("secret"),
          searchPath: text("schema"),
          clusterRegion: text("region"),
          certificateAuthorities: { name: text("ca"), key: text("ca_key") },
          identity: identityIn(stack, { namespace: text("ns2"), serviceAccountName: text("sa2") }),
        };
      },
    }),
  ).toEqual([]);
});
