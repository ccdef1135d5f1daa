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
  EncryptionKeys,
  GitpodConnection,
  GitpodDatabase,
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
    'database is "PostgreSQL 17": Gitpod\'s database is MySQL',
  ],
  [
    "a database of another name",
    { databaseName: "gitpod_db" },
    'database is "gitpod_db": Gitpod knows its database by the name gitpod only',
  ],
  [
    "MySQL 8.4 without opt-in",
    { server: { engine: DatabaseEngine.mysql(MysqlVersion.V8_4), acceptExtendedSupport: undefined } },
    'database.server.engine is "MySQL 8.4": Gitpod 2022.11 was shown to work with MySQL 5.7, and can with 5.7, 8.0; its driver knows mysql_native_password only, which MySQL 8.4 has switched off (mysqljs/mysql#2005); take 8.0, or set acceptUnprovenVersion',
  ],
  [
    "a server without the flag",
    { server: { parameters: {} } },
    'database.server.parameters is "test/server": the server does not set explicit_defaults_for_timestamp to OFF, and Gitpod would store no times; give it parameters: GitpodServerParameters.on(...)',
  ],
  [
    "a server with the flag the other way round",
    { server: { parameters: { EXPLICIT_DEFAULTS_FOR_TIMESTAMP: "ON" } } },
    "the server does not set explicit_defaults_for_timestamp to OFF",
  ],
  [
    "a server of which nobody knows the flag, and nobody looks",
    { server: { parameters: undefined }, props: { preflight: { enabled: false } } },
    "nobody knows whether the server has explicit_defaults_for_timestamp set to OFF, and no preflight looks",
  ],
  [
    "a login that the cloud makes with the wrong kind of password",
    {
      server: {
        adminLogin: undefined,
        parameters: {
          ...GitpodServerParameters.on(Cloud.GOOGLE),
          default_authentication_plugin: "caching_sha2_password",
        },
      },
    },
    "Gitpod's driver knows mysql_native_password only, and the cloud's API makes the login with the server's default",
  ],
  [
    "a login by identity",
    {
      server: { acceptsCloudIdentity: true },
      owner: DatabaseLogin.withCloudIdentity("gitpod"),
    },
    'database.owner is "cloud-identity": Gitpod logs in by password only',
  ],
  [
    "a user's name that a shell would read",
    { owner: DatabaseLogin.withPassword("git pod$", secret("owner")) },
    'database.owner.username is "git pod$": allowed are 1 to 32 letters, digits, underscores, dots and hyphens',
  ],
  [
    "a password that a shell would read",
    { owner: DatabaseLogin.withPassword("gitpod", literal("0123456789abc$def")) },
    'database.owner.password is "(not shown)": allowed are 16 to 41 letters and digits, since Gitpod hands it to a shell',
  ],
  [
    "a password of 42 characters",
    { owner: DatabaseLogin.withPassword("gitpod", literal("a".repeat(42))) },
    "allowed are 16 to 41 letters and digits",
  ],
  [
    "no key",
    { props: { encryptionKeys: EncryptionKeys.of([]) } },
    'encryptionKeys is "0 primary keys among 0": exactly one key is primary',
  ],
  [
    "no primary key",
    { props: { encryptionKeys: EncryptionKeys.of([{ version: 1, material: secret("key") }]) } },
    'encryptionKeys is "0 primary keys among 1": exactly one key is primary',
  ],
  [
    "two primary keys",
    {
      props: {
        encryptionKeys: EncryptionKeys.of([
          { version: 1, primary: true, material: secret("a") },
          { version: 2, primary: true, material: secret("b") },
        ]),
      },
    },
    'encryptionKeys is "2 primary keys among 2": exactly one key is primary',
  ],
  [
    "a key of 16 bytes",
    {
      props: {
        encryptionKeys: EncryptionKeys.single(literal(Buffer.alloc(16, 7).toString("base64"))),
      },
    },
    'encryptionKeys.material of general is "a text of 24 characters": a key is 32 random bytes as base64, so 44 characters',
  ],
  [
    "a key of 33 bytes, which has 44 characters too",
    {
      props: {
        encryptionKeys: EncryptionKeys.single(literal(Buffer.alloc(33, 7).toString("base64"))),
      },
    },
    "a key is 32 random bytes as base64",
  ],
  [
    "a key encoded twice",
    {
      props: {
        encryptionKeys: EncryptionKeys.single(literal(Buffer.from(PUBLISHED).toString("base64"))),
      },
    },
    "a key is 32 random bytes as base64",
  ],
  [
    "a good key in the program",
    {
      props: {
        encryptionKeys: EncryptionKeys.single(literal(Buffer.alloc(32, 7).toString("base64"))),
      },
    },
    "it is written in the program, and so in the synthesized output",
  ],
  [
    "the published key",
    { props: { encryptionKeys: EncryptionKeys.single(literal(PUBLISHED)) } },
    'encryptionKeys.material of general is "(not shown)": it is the key that Gitpod published and many installations share; make one of your own, or set acceptPublishedKey',
  ],
  [
    "a key that differs in each run",
    {
      props: {
        encryptionKeys: EncryptionKeys.single(
          EncryptionKeys.material(
            SecretValue.fromEphemeral("${ephemeral.random_password.k.result}", {
              version: 1,
              changesEachRun: true,
            }),
          ),
        ),
      },
    },
    "Gitpod's data would be lost with the first rewrite of its secret",
  ],
  [
    "a key that is missing",
    {
      props: {
        encryptionKeys: EncryptionKeys.of([{ version: 3, primary: true, material: secret("c") }]),
      },
    },
    'encryptionKeys.version is "3 of general": version 1, 2 is missing, and what it encrypted could not be read; leave old keys in the list, or set acceptLostKeys',
  ],
  [
    "a version twice",
    {
      props: {
        encryptionKeys: EncryptionKeys.of([
          { version: 1, primary: true, material: secret("a") },
          { version: 1, material: secret("b") },
        ]),
      },
    },
    "encryptionKeys.version is 1: the key general has this version twice",
  ],
  [
    "a version that is none",
    {
      props: {
        encryptionKeys: EncryptionKeys.of([{ version: 0.5, primary: true, material: secret("a") }]),
      },
    },
    "encryptionKeys.version is 0.5: allowed is a whole number from 1",
  ],
  [
    "a key's name with a blank",
    {
      props: {
        encryptionKeys: EncryptionKeys.of([
          { name: "my key", version: 1, primary: true, material: secret("a") },
        ]),
      },
    },
    'encryptionKeys.name is "my key": allowed are 1 to 64 letters',
  ],
  [
    "a private server with the bundled proxy",
    { server: CLOUD_SQL, props: { connection: bundled } },
    'connection is "bundledProxy": the server has a private address only, and Gitpod 2022.11 brings Google\'s proxy 1.11 along, which reaches public ones only; put a CloudSqlAuthProxy in front and give it with GitpodConnection.ownProxy(proxy)',
  ],
  [
    "the bundled proxy on another cloud",
    { props: { connection: bundled } },
    'connection is "bundledProxy on aws": the proxy that Gitpod brings along is for Cloud SQL',
  ],
  [
    "the bundled proxy, and a look that nobody can take",
    {
      server: { ...CLOUD_SQL, isPrivate: false },
      props: { connection: bundled, preflight: { enabled: true } },
    },
    "the job would come before Gitpod and its proxy",
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
    'connection.connectionName is "gitpod": allowed is project:region:instance',
  ],
  [
    "a host by its address, when the certificate is checked",
    { server: { host: "10.0.0.7" } },
    'database.server.endpoint.host is "10.0.0.7": Gitpod checks that the server\'s certificate names the host (VERIFY_IDENTITY), which an address does not pass; connect by a DNS name that the certificate has, or give acceptPlainText',
  ],
  [
    "Cloud SQL by its address",
    { server: CLOUD_SQL },
    "connect by a DNS name that the certificate has, or put a CloudSqlAuthProxy in front",
  ],
  [
    "a certificate that does not name the host",
    { server: { tls: { enforced: true, hostnameVerifiable: false, caCertificatesPem: PEM } } },
    "which this server's certificate does not pass",
  ],
  [
    "a server that public authorities vouch for, elsewhere than on Azure",
    { server: { tls: { enforced: true, hostnameVerifiable: true } } },
    "connection.caCertificatesPem is not set: a public authority signs the server's certificate, and Gitpod does not know the system's list",
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
    'database.server.tls is "with a client certificate": Gitpod presents none',
  ],
  [
    "no TLS where the server wants it",
    { props: { connection: GitpodConnection.direct({ acceptPlainText: true }) } },
    "connection.acceptPlainText is true: the server refuses connections without TLS",
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
    'caSecretName is "database-ca": there is no TLS',
  ],
  [
    "half a replica",
    { props: { replicas: 0.5 } },
    "replicas is 0.5: allowed is a whole number from 1 to 100",
  ],
  ["more replicas than the server has connections for", { props: { replicas: 20 } }, "connection budget is"],
  ["a namespace that is none", { props: { namespace: "Git pod" } }, "allowed are 1 to 63 lower-case letters"],
  [
    "an image for the look without a tag",
    { props: { preflight: { image: "mysql" } } },
    'mysqlImage is "mysql": allowed is an image with an exact tag or a digest',
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

describe("authorities of more than 128 KiB, which no variable takes", () => {
  const bundle = (bytes: number) =>
    `-----BEGIN CERTIFICATE-----\n${"A".repeat(bytes - 55)}\n-----END CERTIFICATE-----\n`;
  const of = (bytes: number): Case => {
    const pem = bundle(bytes);
    expect(Buffer.byteLength(pem)).toBe(bytes);
    return { props: { connection: GitpodConnection.direct({ caCertificatesPem: pem }) } };
  };

  test("are refused", () => {
    expect(problems(of(131_061))).toContain(
      'connection.caCertificatesPem is "131061 bytes": Gitpod hands it to its pods in one variable, which takes 128 KiB less its name, so 131060 bytes; give those of the server\'s region, or its root alone',
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
      const connection = GitpodConnection.ownProxy(proxyIn(stack, server));
      for (const namespace of ["one", "two"]) {
        new GitpodDatabase(stack, namespace, { database, namespace, encryptionKeys: keys(), connection });
      }
    });
    expect(said.join("\n")).toBe(
      '[two] database is "test/server/Database-gitpod": test/one has it already, and Gitpod knows no other name than gitpod; ' +
        "give each Gitpod a server of its own",
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
      '[second] namespace is "gitpod": it has a database already, test/gitpod, and Gitpod has one database in one mode (external or cloudSQL); leave one of the two out',
    ]);
  });

  test("the bundled proxy in front of a proxy of the user's own is refused", () => {
    const said = problemsOf((stack) => {
      const server = serverIn(stack, { server: CLOUD_SQL });
      server.database("gitpod", { owner: DatabaseLogin.withPassword("gitpod", secret("owner")) });
      const database = proxyIn(stack, server).server.database("gitpod");
      gitpodIn(stack, { props: { database, connection: bundled } });
    }).join("\n");
    expect(said).toContain(
      'connection is "bundledProxy": the database is behind a proxy of yours already, and Gitpod has one database mode',
    );
  });

  test("two proxies are refused", () => {
    const said = problemsOf((stack) => {
      const server = serverIn(stack, { server: CLOUD_SQL });
      server.database("gitpod", { owner: DatabaseLogin.withPassword("gitpod", secret("owner")) });
      const database = proxyIn(stack, server).server.database("gitpod");
      const connection = GitpodConnection.ownProxy(proxyIn(stack, server, "second"));
      gitpodIn(stack, { props: { database, connection } });
    }).join("\n");
    expect(said).toContain("the database is behind another proxy, test/proxy/Server; give one of the two");
  });

  test("a proxy to another server is refused", () => {
    const said = problemsOf((stack) => {
      const other = DatabaseServer.fromServerAttributes(stack, "other", {
        engine: DatabaseEngine.mysql(MysqlVersion.V8_0),
        acceptExtendedSupport: "8.0",
        host: "10.9.9.9",
      });
      const connection = GitpodConnection.ownProxy(proxyIn(stack, other));
      gitpodIn(stack, { server: CLOUD_SQL, props: { connection } });
    }).join("\n");
    expect(said).toContain("the proxy leads to another server than test/server, which has the database");
  });
});

describe("objects of the user's", () => {
  test("that describe something else are refused", () => {
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
    expect(said).toContain("they do not describe the database gitpod of test/server");
    expect(said).toContain("databaseSetup.backend is not set: the objects have a back end of their own");
  });

  test("a session database of somebody else's is refused", () => {
    const said = problemsOf((stack) => {
      const server = serverIn(stack, { server: { adminLogin: undefined } });
      server.database("gitpod-sessions", { owner: DatabaseLogin.withPassword("other", secret("other")) });
      const owner = DatabaseLogin.withPassword("gitpod", secret("owner"));
      gitpodIn(stack, { props: { database: server.database("gitpod", { owner }) } });
    }).join("\n");
    expect(said).toContain(
      "the database gitpod-sessions has it as its owner, and Gitpod has one login for all: gitpod",
    );
  });
});

describe("what is accepted by name leaves a note for the review", () => {
  const notes = (options: Case) =>
    build(options)
      .infos.map((i) => i.message)
      .join("\n");

  test("MySQL 8.4", () => {
    const made = {
      server: { engine: DatabaseEngine.mysql(MysqlVersion.V8_4), acceptExtendedSupport: undefined },
      props: { acceptUnprovenVersion: true },
    };
    expect(notes(made)).toContain("opt-out: acceptUnprovenVersion: MySQL 8.4");
    // The look does not mind then.
    const job = build(made)
      .resources("kubernetes_job_v1")
      .find((j: { metadata: { name: string } }) => j.metadata.name.endsWith("preflight"));
    expect(JSON.stringify(job)).toContain('{"name":"GITPOD_MYSQL","value":""}');
  });

  test("the published key", () => {
    const made = {
      props: { encryptionKeys: EncryptionKeys.single(literal(PUBLISHED)), acceptPublishedKey: true },
    };
    expect(notes(made)).toContain("opt-out: acceptPublishedKey");
  });

  test("lost keys", () => {
    const encryptionKeys = EncryptionKeys.of([{ version: 3, primary: true, material: secret("c") }]);
    expect(notes({ props: { encryptionKeys, acceptLostKeys: true } })).toContain("opt-out: acceptLostKeys");
  });

  test("no TLS", () => {
    const made: Case = {
      server: { tls: { enforced: false, hostnameVerifiable: true, caCertificatesPem: PEM } },
      props: { connection: GitpodConnection.direct({ acceptPlainText: true }) },
    };
    expect(notes(made)).toContain("opt-out: connection: Gitpod speaks to its database without TLS");
  });
});

test("a flag that nobody knows is left to the look, and a token too", () => {
  expect(problems({ server: { parameters: undefined } })).toBe("");
  expect(problems({ server: { parameters: { explicit_defaults_for_timestamp: "${var.flag}" } } })).toBe("");
});
