import { Password } from "@cdktf/provider-random/lib/password";
import { TerraformVariable } from "cdktf";
import { describeInstanceClass } from "../../../lib/aws/rds/instance-class";
import {
  Cloud,
  DatabaseEngine,
  DatabaseLogin,
  DatabaseProvisioning,
  DatabaseServer,
  type DatabaseServerAttributes,
  DatabaseService,
  type IDatabaseServer,
  LoginAuthentication,
  MysqlVersion,
  PostgresVersion,
  SecretValue,
} from "../../../lib/database";
import { problemsOf, synthesize, treeOf } from "../../support/synth";

const ENGINE = DatabaseEngine.postgres(PostgresVersion.V17);
const secret = SecretValue.fromEphemeral("${ephemeral.a.b.c}", { version: 1 });
const coder = DatabaseLogin.withPassword("coder", secret);
const admin = DatabaseLogin.withPassword("dbadmin", secret);
const base: DatabaseServerAttributes = { engine: ENGINE, host: "db.example.com" };

/** The server, in a stack that was synthesized without a complaint. */
function server(props: Partial<DatabaseServerAttributes> = {}, use: (s: IDatabaseServer) => void = () => {}) {
  let made: IDatabaseServer | undefined;
  const { json, stack } = synthesize((s) => {
    made = DatabaseServer.fromServerAttributes(s, "postgres", { ...base, ...props });
    use(made);
  });
  return { server: made as IDatabaseServer, json, stack };
}
const problems = (props: Partial<DatabaseServerAttributes>, use: (s: IDatabaseServer) => void = () => {}) =>
  problemsOf((stack) => use(DatabaseServer.fromServerAttributes(stack, "postgres", { ...base, ...props })));

describe("DatabaseServer.fromServerAttributes", () => {
  test("creates nothing", () => {
    const { json, stack } = server({}, (s) => s.database("coder", { owner: coder }));
    expect(Object.keys(json)).toEqual(["terraform"]);
    expect(treeOf(stack)).toBe("postgres\n  Database-coder\nbackend\n");
  });

  test("has safe defaults", () => {
    const { server: s } = server();
    expect(s.endpoint).toEqual({ host: "db.example.com", port: 5432, isPrivate: true });
    expect(s.tls).toEqual({ enforced: true, hostnameVerifiable: true });
    expect(s.location).toEqual({ cloud: Cloud.SELF_MANAGED });
    expect(s.acceptsCloudIdentity).toBe(false);
    expect(s.adminLogin).toBeUndefined();
    expect(s.dependables).toEqual([]);
    expect(s.connectionBudget.capacity).toEqual({
      maximum: 100,
      reserved: 3,
      basis: "the default of PostgreSQL 17",
    });
  });

  test("says what it is only when it is told", () => {
    const { server: silent } = server();
    expect([silent.service, silent.machine, silent.backupRetentionDays]).toEqual([
      undefined,
      undefined,
      undefined,
    ]);
    const told = {
      service: DatabaseService.AURORA,
      machine: describeInstanceClass("db.t4g.large"),
      backupRetentionDays: 0,
    };
    expect(server(told).server).toMatchObject(told);
    expect(problems({ backupRetentionDays: -1 })).toEqual([
      "[postgres] DB-BACKUP-RETENTION-DAYS: backupRetentionDays must be a whole number from 0 to 3650 days (got -1)",
    ]);
    expect(
      problemsOf((stack) => {
        const backupRetentionDays = new TerraformVariable(stack, "days", {}).numberValue;
        DatabaseServer.fromServerAttributes(stack, "postgres", { ...base, backupRetentionDays });
      }),
    ).toEqual([]);
  });

  test("takes what it is told", () => {
    const tls = { enforced: false, hostnameVerifiable: false, caCertificatesPem: "PEM" };
    synthesize((stack) => {
      const first = new Password(stack, "first", { length: 20 });
      const s = DatabaseServer.fromServerAttributes(stack, "mysql", {
        engine: DatabaseEngine.mysql(MysqlVersion.V8_4),
        host: "10.0.0.5",
        port: 3307,
        isPrivate: false,
        tls,
        location: { cloud: Cloud.AWS, region: "eu-central-1" },
        maxConnections: 500,
        adminLogin: admin,
        acceptsCloudIdentity: true,
        dependsOn: [first],
      });
      expect(s.endpoint).toEqual({ host: "10.0.0.5", port: 3307, isPrivate: false });
      expect(s.tls).toBe(tls);
      expect(s.location).toEqual({ cloud: Cloud.AWS, region: "eu-central-1" });
      expect(s.adminLogin).toBe(admin);
      expect(s.acceptsCloudIdentity).toBe(true);
      expect(s.dependables).toEqual([first]);
      expect(s.connectionBudget.capacity).toEqual({ maximum: 500, reserved: 3, basis: "maxConnections" });
    });
  });

  test("knows MySQL's own defaults", () => {
    const { server: s } = server({ engine: DatabaseEngine.mysql(MysqlVersion.V8_4) });
    expect(s.endpoint.port).toBe(3306);
    expect(s.connectionBudget.capacity?.maximum).toBe(151);
  });

  test.each([
    "db.example.com",
    "postgres",
    "a",
    "my_host.internal",
    "10.0.0.5",
    "::1",
    "2001:db8::1",
    "db.abc.eu-central-1.rds.amazonaws.com",
  ])("takes host %p", (host) => {
    expect(problems({ host })).toEqual([]);
  });

  test.each([
    "",
    "https://db.example.com",
    "db.example.com:5432",
    "[::1]",
    "db.example.com/coder",
    "coder@db.example.com",
    "db example",
    "-db",
    "db.",
    "db\n",
  ])("refuses host %p", (host) => {
    expect(problems({ host })).toEqual([
      `[postgres] DB-HOST: host must be a DNS name or an IP address, without scheme, port and brackets (got "${host}")`,
    ]);
  });

  test("reports all mistakes at once", () => {
    expect(
      problems({
        engine: DatabaseEngine.postgres(PostgresVersion.V13),
        host: "",
        port: 0,
        maxConnections: 0,
      }),
    ).toEqual([
      "[postgres] DB-PORT: port must be a whole number from 1 to 65535 (got 0)",
      "[postgres] DB-MAX-CONNECTIONS: maxConnections must be a whole number from 1 to 262143 (got 0)",
      expect.stringMatching(/^\[postgres\] DB-HOST: host must be .*got ""/),
      expect.stringMatching(
        /^\[postgres\] DB-ENGINE: engine must be in standard support: in the community it ended/,
      ),
    ]);
  });

  test("an old server goes on when its version is accepted by name", () => {
    const engine = DatabaseEngine.postgres(PostgresVersion.V13);
    expect(problems({ engine, acceptExtendedSupport: "13" })).toEqual([]);
  });

  test("takes tokens for host, port and connections", () => {
    expect(
      problemsOf((stack) => {
        const v = new TerraformVariable(stack, "v", {});
        DatabaseServer.fromServerAttributes(stack, "postgres", {
          engine: ENGINE,
          host: v.stringValue,
          port: v.numberValue,
          maxConnections: v.numberValue,
        });
      }),
    ).toEqual([]);
  });
});

describe("database()", () => {
  test("is done when nobody can set it up, and left to SQL when an administrator is there", () => {
    server({}, (s) => {
      const database = s.database("coder", { owner: coder });
      expect(database).toMatchObject({
        databaseName: "coder",
        owner: coder,
        provisioning: DatabaseProvisioning.CLOUD_API,
        server: s,
      });
      expect(database.dependables).toBe(s.dependables);
    });
    server({ adminLogin: admin }, (s) => {
      expect(s.database("coder", { owner: coder }).provisioning).toBe(DatabaseProvisioning.SQL_JOB);
    });
  });

  test("gives the same database again", () => {
    server({}, (s) => {
      const database = s.database("coder", { owner: coder });
      expect(s.database("coder")).toBe(database);
      expect(s.database("other", { owner: DatabaseLogin.withPassword("other", secret) })).not.toBe(database);
    });
  });

  test("reports options for a database that exists already", () => {
    expect(
      problems({}, (s) => {
        s.database("coder", { owner: coder });
        s.database("coder", { owner: coder });
      }),
    ).toEqual([
      '[postgres/Database-coder] DB-OPTIONS: options must be set the first time that the database is requested (got "owner"); request it without options',
    ]);
  });

  test("has no place to keep a new password", () => {
    server({}, (s) => {
      expect(() => s.database("coder")).toThrow(
        '[test/postgres] DB-OPTIONS-OWNER: options.owner of database "coder" must be set on an existing server',
      );
    });
  });

  test("takes an owner with the cloud's identity, where the server does", () => {
    const options = { ownerAuthentication: LoginAuthentication.CLOUD_IDENTITY };
    server({ acceptsCloudIdentity: true }, (s) => {
      expect(s.database("coder", options).owner).toMatchObject({
        username: "coder",
        authentication: LoginAuthentication.CLOUD_IDENTITY,
        password: undefined,
      });
      expect(s.database("two", { ...options, ownerName: "someone" }).owner.username).toBe("someone");
    });
    expect(problems({}, (s) => s.database("coder", options))).toEqual([
      "[postgres/Database-coder] DB-OWNER-AUTHENTICATION: owner.authentication must be PASSWORD, because the server accepts no " +
        'cloud identities (got "cloud-identity"); enable them on the server or give the owner a password',
    ]);
  });

  test("never with the administrator's login", () => {
    expect(problems({ adminLogin: admin }, (s) => s.database("coder", { owner: admin }))).toEqual([
      '[postgres/Database-coder] DB-OWNER: owner must not be the administrator\'s login (got "dbadmin"); give the database another owner',
    ]);
    const sameName = DatabaseLogin.withPassword("dbadmin", secret);
    expect(problems({ adminLogin: admin }, (s) => s.database("coder", { owner: sameName }))).toHaveLength(1);
    expect(
      problemsOf((stack) => {
        const user = new TerraformVariable(stack, "user", {}).stringValue;
        const login = DatabaseLogin.withPassword(user, secret);
        DatabaseServer.fromServerAttributes(stack, "postgres", { ...base, adminLogin: login }).database(
          "coder",
          {
            owner: login,
          },
        );
      }),
    ).toEqual([expect.stringContaining("must not be the administrator's login")]);
  });

  test("checks the names of database and owner", () => {
    expect(
      problems({}, (s) => {
        s.database("postgres", { owner: DatabaseLogin.withPassword("pg_coder", secret) });
        s.database("a b", { owner: coder });
      }),
    ).toEqual([
      '[postgres/Database-postgres] DB-DATABASE-NAME: databaseName must not be a database that the server reserves (got "postgres"); choose another name',
      '[postgres/Database-postgres] DB-OWNER: owner must not begin with pg_, which PostgreSQL reserves (got "pg_coder"); choose another name',
      expect.stringMatching(
        /^\[postgres\/Database-a b\] DB-DATABASE-NAME: databaseName must be 1 to 63 .*got "a b"/,
      ),
    ]);
  });

  test("needs a name that is known, since the construct's id follows from it", () => {
    synthesize((stack) => {
      const s = DatabaseServer.fromServerAttributes(stack, "postgres", base);
      const name = new TerraformVariable(stack, "name", {}).stringValue;
      for (const unknown of [name, `x${name}`, "${var.name}"]) {
        expect(() => s.database(unknown, { owner: coder })).toThrow(
          "[test/postgres] DB-NAME: the name of a database must be known at synth",
        );
      }
    });
  });
});
