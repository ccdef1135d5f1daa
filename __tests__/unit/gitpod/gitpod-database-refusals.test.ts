import {
  Cloud,
  DatabaseEngine,
  DatabaseLogin,
  DatabaseServer,
  MysqlVersion,
  PostgresVersion,
  SecretValue,
} from "../../../lib/database";
import {
  GitpodConnection,
  GitpodDatabase,
  GitpodEncryptionKeys,
  GitpodServerParameters,
  GitpodSql,
} from "../../../lib/gitpod";
import { DatabaseObjects } from "../../../lib/sql";
import { RecordingBackend } from "../../support/sql/sql-program";
import { problemsOf } from "../../support/synth";
import {
  build,
  type Case,
  CLOUD_SQL,
  databaseIn,
  gitpodIn,
  keys,
  PEM,
  PUBLISHED,
  problems,
  proxyIn,
  secret,
  serverIn,
} from "./database-fixture";

const literal = (text: string) => SecretValue.fromEphemeral(text, { version: 1 });
const bundled = GitpodConnection.bundledProxy({
  connectionName: "platform:europe-west1:gitpod",
  credentials: secret("credentials"),
});

test("the case that all others change one thing of has no problems", () => {
  expect(problems({})).toBe("");
});

const REFUSALS: [string, Case, string][] = [
  [
    "a PostgreSQL server",
    {
      server: { engine: DatabaseEngine.postgres(PostgresVersion.V17), acceptExtendedSupport: undefined },
    },
    'GITPOD-DATABASE-SERVER-ENGINE: database.server.engine must be MySQL (got "PostgreSQL 17"); use a server with MySQL 8.0',
  ],
  [
    "a database of another name",
    { databaseName: "gitpod_db" },
    'GITPOD-DATABASE-DATABASE-NAME: database.databaseName must be gitpod, the only name that Gitpod supports (got "gitpod_db")',
  ],
  [
    "MySQL 8.4 without opt-in",
    { server: { engine: DatabaseEngine.mysql(MysqlVersion.V8_4), acceptExtendedSupport: undefined } },
    'GITPOD-DATABASE-SERVER-ENGINE-VERSION: database.server.engine must be MySQL 5.7, 8.0 (got "MySQL 8.4"); Gitpod 2022.11 is proven with MySQL 5.7; its driver only supports mysql_native_password, which MySQL 8.4 disables (mysqljs/mysql#2005); use 8.0, or set acceptUnprovenVersion',
  ],
  [
    "a server without the flag",
    { server: { parameters: {} } },
    "GITPOD-DATABASE-SERVER-PARAMETERS-EXPLICIT-DEFAULTS-FOR-TIMESTAMP: database.server.parameters.explicit_defaults_for_timestamp must be OFF on test/server, because Gitpod would store no timestamps (got not set); set parameters: GitpodServerParameters.forCloud(...) on the server",
  ],
  [
    "a server with the flag the other way round",
    { server: { parameters: { EXPLICIT_DEFAULTS_FOR_TIMESTAMP: "ON" } } },
    "GITPOD-DATABASE-SERVER-PARAMETERS-EXPLICIT-DEFAULTS-FOR-TIMESTAMP: database.server.parameters.explicit_defaults_for_timestamp must be OFF on test/server, because Gitpod would store no timestamps (got not set); set parameters: GitpodServerParameters.forCloud(...) on the server",
  ],
  [
    "a server of which nobody knows the flag, and nobody looks",
    { server: { parameters: undefined }, props: { preflight: { enabled: false } } },
    "GITPOD-DATABASE-SERVER-PARAMETERS-EXPLICIT-DEFAULTS-FOR-TIMESTAMP-UNKNOWN: database.server.parameters.explicit_defaults_for_timestamp must be known to be OFF on test/server without a preflight (got not set); set parameters: GitpodServerParameters.forCloud(...) on the server, or enable the preflight",
  ],
  [
    "a login that the cloud makes with the wrong kind of password",
    {
      server: {
        adminLogin: undefined,
        parameters: {
          ...GitpodServerParameters.forCloud(Cloud.GOOGLE),
          default_authentication_plugin: "caching_sha2_password",
        },
      },
    },
    "GITPOD-DATABASE-SERVER-PARAMETERS-DEFAULT-AUTHENTICATION-PLUGIN: database.server.parameters.default_authentication_plugin must be mysql_native_password, the only plugin that Gitpod's driver supports, because the cloud's API creates the login with the default plugin of the server (got \"caching_sha2_password\"); leave it out, or give the server an administrator login (adminLogin), with which SQL sets the plugin",
  ],
  [
    "a login by identity",
    {
      server: { acceptsCloudIdentity: true },
      owner: DatabaseLogin.withCloudIdentity("gitpod"),
    },
    'GITPOD-DATABASE-OWNER-AUTHENTICATION: database.owner.authentication must be a password, the only authentication that Gitpod supports (got "cloud-identity")',
  ],
  [
    "a user's name that a shell would read",
    { owner: DatabaseLogin.withPassword("git pod$", secret("owner")) },
    'GITPOD-DATABASE-OWNER-USERNAME: database.owner.username must be 1 to 32 letters, digits, underscores, dots and hyphens, because Gitpod passes it to a shell without quotes (got "git pod$")',
  ],
  [
    "a password that a shell would read",
    { owner: DatabaseLogin.withPassword("gitpod", literal("0123456789abc$def")) },
    'GITPOD-DATABASE-OWNER-PASSWORD: database.owner.password must be 16 to 41 letters and digits, since Gitpod hands it to a shell and into a URI without quotes (got "(not shown)")',
  ],
  [
    "a password of 42 characters",
    { owner: DatabaseLogin.withPassword("gitpod", literal("a".repeat(42))) },
    'GITPOD-DATABASE-OWNER-PASSWORD: database.owner.password must be 16 to 41 letters and digits, since Gitpod hands it to a shell and into a URI without quotes (got "(not shown)")',
  ],
  [
    "no key",
    { props: { encryptionKeys: GitpodEncryptionKeys.of([]) } },
    'GITPOD-ENCRYPTION-KEYS-PRIMARY: encryptionKeys.primary must be true for exactly one key, with which Gitpod encrypts (got "0 of 0")',
  ],
  [
    "no primary key",
    { props: { encryptionKeys: GitpodEncryptionKeys.of([{ version: 1, material: secret("key") }]) } },
    'GITPOD-ENCRYPTION-KEYS-PRIMARY: encryptionKeys.primary must be true for exactly one key, with which Gitpod encrypts (got "0 of 1")',
  ],
  [
    "two primary keys",
    {
      props: {
        encryptionKeys: GitpodEncryptionKeys.of([
          { version: 1, primary: true, material: secret("a") },
          { version: 2, primary: true, material: secret("b") },
        ]),
      },
    },
    'GITPOD-ENCRYPTION-KEYS-PRIMARY: encryptionKeys.primary must be true for exactly one key, with which Gitpod encrypts (got "2 of 2")',
  ],
  [
    "a key of 16 bytes",
    {
      props: {
        encryptionKeys: GitpodEncryptionKeys.single(literal(Buffer.alloc(16, 7).toString("base64"))),
      },
    },
    "GITPOD-ENCRYPTION-KEYS-MATERIAL: encryptionKeys[general].material must be 32 random bytes in base64, so 44 characters with one = at the end",
  ],
  [
    "a key of 33 bytes, which has 44 characters too",
    {
      props: {
        encryptionKeys: GitpodEncryptionKeys.single(literal(Buffer.alloc(33, 7).toString("base64"))),
      },
    },
    "GITPOD-ENCRYPTION-KEYS-MATERIAL: encryptionKeys[general].material must be 32 random bytes in base64, so 44 characters with one = at the end",
  ],
  [
    "a key encoded twice",
    {
      props: {
        encryptionKeys: GitpodEncryptionKeys.single(literal(Buffer.from(PUBLISHED).toString("base64"))),
      },
    },
    "GITPOD-ENCRYPTION-KEYS-MATERIAL: encryptionKeys[general].material must be 32 random bytes in base64, so 44 characters with one = at the end",
  ],
  [
    "a good key in the program",
    {
      props: {
        encryptionKeys: GitpodEncryptionKeys.single(literal(Buffer.alloc(32, 7).toString("base64"))),
      },
    },
    'GITPOD-ENCRYPTION-KEYS-IN-PROGRAM: encryptionKeys[general].material must not be in the program, and so in the synthesized output (got "(not shown)"); use a variable or a secret store',
  ],
  [
    "the published key",
    { props: { encryptionKeys: GitpodEncryptionKeys.single(literal(PUBLISHED)) } },
    'GITPOD-ENCRYPTION-KEYS-PUBLISHED: encryptionKeys[general].material must not be the key that Gitpod published and many installations share (got "(not shown)"); generate one, or set acceptPublishedKey',
  ],
  [
    "a key that differs in each run",
    {
      props: {
        encryptionKeys: GitpodEncryptionKeys.single(
          GitpodEncryptionKeys.material(
            SecretValue.fromEphemeral("${ephemeral.random_password.k.result}", {
              version: 1,
              changesEachRun: true,
            }),
          ),
        ),
      },
    },
    'GITPOD-ENCRYPTION-KEYS-MATERIAL: encryptionKeys[general].material must be the same in every run, because Gitpod\'s data would be lost with the first update of its secret (got "a value that differs in each run"); use a variable (SecretValue.fromVariable) or a secret in the store of AWS or Azure (GeneratedSecret)',
  ],
  [
    "a key that is missing",
    {
      props: {
        encryptionKeys: GitpodEncryptionKeys.of([{ version: 3, primary: true, material: secret("c") }]),
      },
    },
    'GITPOD-ENCRYPTION-KEYS-MISSING: encryptionKeys.version must include version 1, 2, whose data would be unreadable (got "3 of general"); keep old keys in the list, or set acceptLostKeys',
  ],
  [
    "a version twice",
    {
      props: {
        encryptionKeys: GitpodEncryptionKeys.of([
          { version: 1, primary: true, material: secret("a") },
          { version: 1, material: secret("b") },
        ]),
      },
    },
    "GITPOD-ENCRYPTION-KEYS-VERSION: encryptionKeys.version must be unique among the versions of the key general (got 1)",
  ],
  [
    "a version that is none",
    {
      props: {
        encryptionKeys: GitpodEncryptionKeys.of([{ version: 0.5, primary: true, material: secret("a") }]),
      },
    },
    "encryptionKeys.version must be a whole number from 1",
  ],
  [
    "a key's name with a blank",
    {
      props: {
        encryptionKeys: GitpodEncryptionKeys.of([
          { name: "my key", version: 1, primary: true, material: secret("a") },
        ]),
      },
    },
    'GITPOD-ENCRYPTION-KEYS-NAME: encryptionKeys.name must be 1 to 64 letters, digits, dots, underscores and hyphens (got "my key")',
  ],
  [
    "a private server with the bundled proxy",
    { server: CLOUD_SQL, props: { connection: bundled } },
    'GITPOD-CONNECTION-BUNDLED-PROXY-PRIVATE: connection must not be the bundled proxy for a server with a private IP address, because the version 1.11 in Gitpod 2022.11 only supports public ones (got "bundledProxy"); use a database proxy with GitpodConnection.proxyService(proxy)',
  ],
  [
    "the bundled proxy on another cloud",
    { props: { connection: bundled } },
    'GITPOD-CONNECTION-BUNDLED-PROXY-CLOUD: connection must not be the bundled proxy, which only supports Cloud SQL (got "bundledProxy on aws"); leave connection out',
  ],
  [
    "the bundled proxy, and a look that nobody can take",
    {
      server: { ...CLOUD_SQL, isPrivate: false },
      props: { connection: bundled, preflight: { enabled: true } },
    },
    "GITPOD-PREFLIGHT-ENABLED: preflight.enabled must not be true with the bundled proxy, which is installed after the job and is the only way to the server (got true); use a proxy service",
  ],
  [
    "an instance's name that is none",
    {
      server: { ...CLOUD_SQL, isPrivate: false },
      props: {
        connection: GitpodConnection.bundledProxy({
          connectionName: "gitpod",
          credentials: secret("credentials"),
        }),
      },
    },
    'GITPOD-CONNECTION-CONNECTION-NAME: connection.connectionName must be project:region:instance (got "gitpod")',
  ],
  [
    "a host by its address, when the certificate is checked",
    { server: { host: "10.0.0.7" } },
    'GITPOD-DATABASE-SERVER-ENDPOINT-HOST: database.server.endpoint.host must be a host name in the server\'s certificate, because Gitpod verifies it (VERIFY_IDENTITY), and not an IP address (got "10.0.0.7"); connect by a DNS name of the certificate, or set acceptPlainText',
  ],
  [
    "Cloud SQL by its address",
    { server: CLOUD_SQL },
    'GITPOD-DATABASE-SERVER-ENDPOINT-HOST: database.server.endpoint.host must be a host name in the server\'s certificate, because Gitpod verifies it (VERIFY_IDENTITY), and not an IP address (got "10.1.2.3"); connect by a DNS name of the certificate, or use a database proxy with GitpodConnection.proxyService(proxy)',
  ],
  [
    "a certificate that does not name the host",
    { server: { tls: { enforced: true, hostnameVerifiable: false, caCertificatesPem: PEM } } },
    'GITPOD-DATABASE-SERVER-ENDPOINT-HOST: database.server.endpoint.host must be a host name in the server\'s certificate, because Gitpod verifies it (VERIFY_IDENTITY) (got "db.internal"); connect by a DNS name of the certificate, or set acceptPlainText',
  ],
  [
    "a server that public authorities vouch for, elsewhere than on Azure",
    { server: { tls: { enforced: true, hostnameVerifiable: true } } },
    "GITPOD-CONNECTION-CA-CERTIFICATES-PEM: connection.caCertificatesPem must be set, because Gitpod ignores the system's certificate authorities and does not use TLS without explicit ones (got not set); use GitpodConnection.direct({ caCertificatesPem })",
  ],
  [
    "a server that wants a client certificate",
    {
      server: {
        tls: {
          enforced: true,
          hostnameVerifiable: true,
          caCertificatesPem: PEM,
          clientCertificate: { certificatePem: PEM, privateKeyPem: secret("client") },
        },
      },
    },
    'GITPOD-DATABASE-SERVER-TLS-CLIENT-CERTIFICATE: database.server.tls.clientCertificate must not be set, because Gitpod supports no client certificates (got "a certificate"); disable them on the server, or use a database proxy with GitpodConnection.proxyService(proxy)',
  ],
  [
    "no TLS where the server wants it",
    { props: { connection: GitpodConnection.direct({ acceptPlainText: true }) } },
    "GITPOD-CONNECTION-ACCEPT-PLAIN-TEXT: connection.acceptPlainText must not be true, because the server enforces TLS (got true)",
  ],
  [
    "a secret's name for authorities that are not there",
    {
      server: { tls: { enforced: false, hostnameVerifiable: false } },
      props: {
        connection: GitpodConnection.direct({ acceptPlainText: true }),
        caSecretName: "database-ca",
      },
    },
    'GITPOD-CA-SECRET-NAME: caSecretName must not be set without TLS (got "database-ca")',
  ],
  ["half a replica", { props: { replicas: 0.5 } }, "replicas must be a whole number from 1 to 100 (got 0.5)"],
  [
    "more replicas than the server has connections for",
    { props: { replicas: 20 } },
    "connectionBudget must be at most",
  ],
  [
    "a namespace that is none",
    { props: { namespace: "Git pod" } },
    'K8S-NAMESPACE: namespace must be 1 to 63 lower-case letters, digits and hyphens, with no hyphen first or last (got "Git pod")',
  ],
  [
    "an image for the look without a tag",
    { props: { preflight: { image: "mysql" } } },
    'SQL-MYSQL-IMAGE: mysqlImage must be an image with an exact tag or digest, not latest (got "mysql")',
  ],
];

test.each(REFUSALS)("%s is refused", (_, options, message) => {
  expect(problems(options)).toContain(message);
});

test("no message shows a key or a password", () => {
  for (const [, options] of REFUSALS) {
    const said = problems(options);
    for (const text of [PUBLISHED, Buffer.alloc(32, 7).toString("base64"), "0123456789abc$def"]) {
      expect(said).not.toContain(text);
    }
  }
});

describe("certificate authorities of more than 128 KiB", () => {
  const bundle = (bytes: number) =>
    `-----BEGIN CERTIFICATE-----\n${"A".repeat(bytes - 55)}\n-----END CERTIFICATE-----\n`;
  const of = (bytes: number): Case => {
    const pem = bundle(bytes);
    expect(Buffer.byteLength(pem)).toBe(bytes);
    return { props: { connection: GitpodConnection.direct({ caCertificatesPem: pem }) } };
  };

  test("are refused", () => {
    expect(problems(of(131_061))).toContain(
      'GITPOD-CONNECTION-CA-CERTIFICATES-PEM: connection.caCertificatesPem must be at most 131060 bytes, because Gitpod passes it in one environment variable of at most 128 KiB including its name (got "131061 bytes"); give those of the server\'s region, or its root alone',
    );
  });

  test("and one byte less is taken", () => {
    expect(problems(of(131_060))).toBe("");
  });
});

describe("two database modes", () => {
  test("two installations of one cluster on one database are refused", () => {
    const said = problemsOf((stack) => {
      const server = serverIn(stack, { server: CLOUD_SQL });
      const database = server.database("gitpod", {
        owner: DatabaseLogin.withPassword("gitpod", secret("owner")),
      });
      const connection = GitpodConnection.proxyService(proxyIn(stack, server));
      for (const namespace of ["one", "two"]) {
        new GitpodDatabase(stack, namespace, { database, namespace, encryptionKeys: keys(), connection });
      }
    });
    expect(said.join("\n")).toBe(
      '[two] GITPOD-DATABASE: database must not be used by another Gitpod, and test/one uses it (got "test/server/Database-gitpod"); ' +
        "since Gitpod only supports the name gitpod, use one server for each Gitpod",
    );
  });

  test("two databases in one namespace are refused", () => {
    const said = problemsOf((stack) => {
      gitpodIn(stack);
      const second = DatabaseServer.fromServerAttributes(stack, "second-server", {
        engine: DatabaseEngine.mysql(MysqlVersion.V8_0),
        acceptExtendedSupport: "8.0",
        maxConnections: 1000,
        ...CLOUD_SQL,
        host: "10.9.9.9",
        isPrivate: false,
      });
      new GitpodDatabase(stack, "second", {
        database: second.database("gitpod", {
          owner: DatabaseLogin.withPassword("gitpod", secret("second")),
        }),
        namespace: "gitpod",
        encryptionKeys: keys(),
        connection: bundled,
      });
    });
    expect(said).toEqual([
      '[second] GITPOD-NAMESPACE: namespace must have one database, since Gitpod supports one in one mode (external or cloudSQL), and test/gitpod is in it (got "gitpod"); remove one of the two',
    ]);
  });

  test("the bundled proxy in front of a proxy service is refused", () => {
    const said = problemsOf((stack) => {
      const server = serverIn(stack, { server: CLOUD_SQL });
      server.database("gitpod", { owner: DatabaseLogin.withPassword("gitpod", secret("owner")) });
      const database = proxyIn(stack, server).server.database("gitpod");
      gitpodIn(stack, { props: { database, connection: bundled } });
    }).join("\n");
    expect(said).toContain(
      'GITPOD-CONNECTION-TWO-PROXIES: connection must not be the bundled proxy for a database behind another proxy, because Gitpod has one database mode (got "bundledProxy"); give the database of the server itself, or leave connection out',
    );
  });

  test("two proxies are refused", () => {
    const said = problemsOf((stack) => {
      const server = serverIn(stack, { server: CLOUD_SQL });
      server.database("gitpod", { owner: DatabaseLogin.withPassword("gitpod", secret("owner")) });
      const database = proxyIn(stack, server).server.database("gitpod");
      const connection = GitpodConnection.proxyService(proxyIn(stack, server, "second"));
      gitpodIn(stack, { props: { database, connection } });
    }).join("\n");
    expect(said).toContain(
      'GITPOD-CONNECTION-TWO-PROXIES: connection must be the proxy of the database, test/proxy/Server (got "test/second/Server"); give one of the two',
    );
  });

  test("a proxy to another server is refused", () => {
    const said = problemsOf((stack) => {
      const other = DatabaseServer.fromServerAttributes(stack, "other", {
        engine: DatabaseEngine.mysql(MysqlVersion.V8_0),
        acceptExtendedSupport: "8.0",
        host: "10.9.9.9",
      });
      const connection = GitpodConnection.proxyService(proxyIn(stack, other));
      gitpodIn(stack, { server: CLOUD_SQL, props: { connection } });
    }).join("\n");
    expect(said).toContain(
      'GITPOD-CONNECTION-OTHER-SERVER: connection must be a proxy of the server of the database, test/server (got "test/proxy/Server")',
    );
  });
});

describe("existing objects", () => {
  test("of another database are refused", () => {
    const said = problemsOf((stack) => {
      const database = databaseIn(stack);
      const wiki = database.server.database("wiki", {
        owner: DatabaseLogin.withPassword("wiki", secret("wiki")),
      });
      const objects = new DatabaseObjects(stack, "mine", {
        server: database.server,
        components: [GitpodSql.objects(wiki)],
        backend: new RecordingBackend(),
      });
      gitpodIn(stack, { props: { database, databaseSetup: { objects, backend: new RecordingBackend() } } });
    }).join("\n");
    expect(said).toContain(
      'GITPOD-DATABASE-SETUP-OBJECTS: databaseSetup.objects must describe the database gitpod of test/server (got "test/mine"); add GitpodSql.objects(database, { nativePassword: true })',
    );
    expect(said).toContain(
      'GITPOD-DATABASE-SETUP-BACKEND: databaseSetup.backend must not be set with objects, which have a backend (got "a backend")',
    );
  });

  test("a session database with another owner is refused", () => {
    const said = problemsOf((stack) => {
      const server = serverIn(stack, { server: { adminLogin: undefined } });
      server.database("gitpod-sessions", { owner: DatabaseLogin.withPassword("other", secret("other")) });
      const owner = DatabaseLogin.withPassword("gitpod", secret("owner"));
      gitpodIn(stack, { props: { database: server.database("gitpod", { owner }) } });
    }).join("\n");
    expect(said).toContain(
      'GITPOD-DATABASE-OWNER: database.owner must be the owner of the database gitpod-sessions as well, because Gitpod has one login: gitpod (got "other")',
    );
  });
});

describe("opt-outs are recorded", () => {
  const notes = (options: Case) =>
    build(options)
      .infos.map((i) => i.message)
      .join("\n");

  test("MySQL 8.4", () => {
    const made = {
      server: { engine: DatabaseEngine.mysql(MysqlVersion.V8_4), acceptExtendedSupport: undefined },
      props: { acceptUnprovenVersion: true },
    };
    expect(notes(made)).toContain(
      "opt-out: GITPOD-ACCEPT-UNPROVEN-VERSION: acceptUnprovenVersion: the server has MySQL 8.4, not MySQL 5.7, 8.0; Gitpod 2022.11 is proven with MySQL 5.7; its driver only supports mysql_native_password, which MySQL 8.4 disables (mysqljs/mysql#2005)",
    );
    // The look does not mind then.
    const job = build(made)
      .resources("kubernetes_job_v1")
      .find((j: { metadata: { name: string } }) => j.metadata.name.endsWith("preflight"));
    expect(JSON.stringify(job)).toContain('{"name":"GITPOD_MYSQL","value":""}');
  });

  test("the published key", () => {
    const made = {
      props: { encryptionKeys: GitpodEncryptionKeys.single(literal(PUBLISHED)), acceptPublishedKey: true },
    };
    expect(notes(made)).toContain(
      "opt-out: GITPOD-ACCEPT-PUBLISHED-KEY: acceptPublishedKey: Gitpod's data may be encrypted with a published key",
    );
  });

  test("lost keys", () => {
    const encryptionKeys = GitpodEncryptionKeys.of([{ version: 3, primary: true, material: secret("c") }]);
    expect(notes({ props: { encryptionKeys, acceptLostKeys: true } })).toContain(
      "opt-out: GITPOD-ACCEPT-LOST-KEYS: acceptLostKeys: data that a missing or changed key encrypted becomes unreadable",
    );
  });

  test("no TLS", () => {
    const made: Case = {
      server: { tls: { enforced: false, hostnameVerifiable: true, caCertificatesPem: PEM } },
      props: { connection: GitpodConnection.direct({ acceptPlainText: true }) },
    };
    expect(notes(made)).toContain(
      "opt-out: GITPOD-CONNECTION: connection: the database connection is not encrypted",
    );
  });
});

test("a flag that nobody knows is left to the look, and a token too", () => {
  expect(problems({ server: { parameters: undefined } })).toBe("");
  expect(problems({ server: { parameters: { explicit_defaults_for_timestamp: "${var.flag}" } } })).toBe("");
});
