/**
 * Databases with data go the whole way on real servers: the job of a `LogicalBackup` writes them to a real store, and the job of a
 * `RestoreRehearsal` brings them back into a second server. Both run as the stack has them, with the addresses replaced.
 */
import { chmodSync, mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import type { IDatabase, SecretValue } from "../../../lib/database";
import { RehearsalCheck } from "../../../lib/recovery";
import { ObjectStoreKind } from "../../../lib/storage";
import { Postgres } from "../../../tools/machine/postgres";
import type { Finished } from "../../../tools/machine/processes";
import { describeWith } from "../../support/describe-with";
import {
  RecoveryPrograms,
  type RecoveryTools,
  recoveryTools,
} from "../../support/recovery/recovery-programs";
import { DATA_KEY, type Source, Way } from "../../support/recovery/whole-way";
import { Mysql, type MysqlTools } from "../../support/servers/mysql";
import { type RunningStore, startAzure, startGcs, startS3 } from "../../support/servers/object-stores";

jest.setTimeout(300_000);

/** Shows what a job said when it failed. */
function succeeded({ code, stderr }: Finished): void {
  expect([code, code === 0 ? "" : stderr]).toEqual([0, ""]);
}

const SECOND = "coder-second";

function postgresSource(postgres: Postgres, programs: RecoveryPrograms): Source {
  const root = { user: "rds_superuser_of_test", password: "superuser" };
  postgres.query("CREATE ROLE coder LOGIN PASSWORD 'pa''ss \\ %1'; CREATE ROLE reader NOLOGIN", root);
  for (const name of ["coder", SECOND]) {
    postgres.query("SELECT format('CREATE DATABASE %I OWNER coder', :'name') \\gexec", {
      ...root,
      variables: { name },
    });
    postgres.query(
      `CREATE TABLE users (id bigserial PRIMARY KEY, name text NOT NULL, created_at timestamptz NOT NULL DEFAULT now());
       INSERT INTO users (name) SELECT 'user ' || n FROM generate_series(1, 2000) n;
       CREATE VIEW names AS SELECT name FROM users; GRANT SELECT ON names TO reader;
       CREATE FUNCTION twice(i int) RETURNS int LANGUAGE sql AS 'SELECT i * 2';
       SELECT lo_create(4711) IS NULL`,
      { user: "coder", password: "pa'ss \\ %1", database: name },
    );
  }
  return {
    family: "postgres",
    port: postgres.port,
    ca: postgres.ca,
    user: "coder",
    password: "pa'ss \\ %1",
    databases: ["coder", SECOND],
    image: programs.postgres(),
  };
}

const postgresChecks = ([coder, other]: IDatabase[], secret: (name: string) => SecretValue) => {
  const newest = "SELECT extract(epoch FROM max(created_at)) FROM users";
  const [first, second] = [coder as IDatabase, other as IDatabase];
  return [
    RehearsalCheck.newestRow(first, newest, 48),
    RehearsalCheck.atLeast("users", second, "SELECT count(*) FROM users", 2000),
    RehearsalCheck.isTrue("the key", first, `SELECT :'secret' = '${DATA_KEY.replace(/'/g, "''")}'`, {
      secret: secret("data_key"),
    }),
    RehearsalCheck.together(
      "both of the same moment",
      { database: first, sql: newest },
      { database: second, sql: newest },
      600,
    ),
    RehearsalCheck.isTrue(
      "owners, grants and large objects",
      first,
      `SELECT count(*) = 1 FROM pg_class WHERE relname = 'users' AND relowner = 'coder'::regrole
       AND has_table_privilege('reader', 'names', 'SELECT') AND EXISTS (SELECT FROM pg_largeobject_metadata WHERE oid = 4711) AND twice(2) = 4`,
    ),
  ];
};

function mysqlSource(mysql: Mysql, programs: RecoveryPrograms, product: "MySQL" | "MariaDB"): Source {
  // A row as Gitpod encrypts it: AES-256-CBC with a key of 32 bytes.
  mysql.query(`CREATE DATABASE gitpod CHARACTER SET utf8mb4;
    CREATE USER gitpod@'%' IDENTIFIED BY 'pa''ss \\\\ %1'; GRANT ALL ON gitpod.* TO gitpod@'%';
    USE gitpod; CREATE TABLE users (id int AUTO_INCREMENT PRIMARY KEY, name varchar(64), created datetime(3) DEFAULT NOW(3));
    INSERT INTO users (name) VALUES ('ä € 漢'), ('two'), ('three');
    CREATE TABLE tokens (id int PRIMARY KEY, token varbinary(255));
    CREATE VIEW names AS SELECT name FROM users;
    CREATE TABLE counted (n int); CREATE TRIGGER counting AFTER INSERT ON counted FOR EACH ROW SET @n = NEW.n;
    CREATE FUNCTION twice(i int) RETURNS int DETERMINISTIC RETURN i * 2;
    CREATE EVENT loss ON SCHEDULE EVERY 1 SECOND DO DELETE FROM gitpod.users`);
  mysql.query(
    "INSERT INTO gitpod.tokens VALUES (1, AES_ENCRYPT('token', SHA2('it\\'s \"the\" key of \\\\ rows', 256)))",
  );
  return {
    family: "mysql",
    port: mysql.port,
    ca: mysql.ca,
    user: "platform_admin",
    password: mysql.admin.password,
    databases: ["gitpod"],
    image: product === "MySQL" ? programs.mysql() : programs.mariadb(),
  };
}

const mysqlChecks = ([gitpod]: IDatabase[], secret: (name: string) => SecretValue) => {
  const database = gitpod as IDatabase;
  return [
    RehearsalCheck.newestRow(database, "SELECT UNIX_TIMESTAMP(MAX(created)) FROM users", 48),
    RehearsalCheck.atLeast(
      "users",
      database,
      "SELECT COUNT(*) FROM users WHERE name IN ('ä € 漢', 'two', 'three')",
      3,
    ),
    RehearsalCheck.isTrue(
      "a token decrypts",
      database,
      "SELECT AES_DECRYPT(token, SHA2(@secret, 256)) = 'token' FROM tokens",
      { secret: secret("data_key") },
    ),
    RehearsalCheck.isTrue(
      "routines, triggers, events and views",
      database,
      `SELECT twice(2) = 4 AND (SELECT COUNT(*) FROM names) = 3
       AND (SELECT COUNT(*) FROM information_schema.triggers WHERE trigger_schema = 'gitpod') = 1
       AND (SELECT COUNT(*) FROM information_schema.events WHERE event_schema = 'gitpod') = 1`,
    ),
  ];
};

describeWith("a logical backup comes back", recoveryTools, (tools: RecoveryTools) => {
  const folder = mkdtempSync(join(tmpdir(), "devplatforms-recovery-"));
  const programs = new RecoveryPrograms(tools);
  const started: { stop(): Promise<void> }[] = [];
  const stores = new Map<ObjectStoreKind, RunningStore>();
  let postgres: Source;
  const mysql = new Map<string, Source>();

  beforeAll(async () => {
    chmodSync(folder, 0o755);
    const keep = <T extends { stop(): Promise<void> }>(server: T) => {
      started.push(server);
      return server;
    };
    stores.set(ObjectStoreKind.S3, keep(await startS3(folder)));
    stores.set(ObjectStoreKind.GCS, keep(await startGcs(tools.stores, folder)));
    stores.set(ObjectStoreKind.AZURE_BLOB, keep(await startAzure(tools.stores, folder)));
    postgres = postgresSource(keep(await Postgres.start(tools.postgres)), programs);
    for (const each of [tools.mysql, tools.mariadb] as MysqlTools[]) {
      const server = keep(await Mysql.start(each));
      server.query("SET GLOBAL event_scheduler = OFF", false);
      mysql.set(each.name, mysqlSource(server, programs, each.name));
    }
  });
  afterAll(async () => {
    for (const each of started.reverse()) await each.stop();
    programs.remove();
    rmSync(folder, { recursive: true, force: true });
  });

  const way = (source: Source, kind: ObjectStoreKind, name: string, encrypted = false) =>
    new Way({
      source,
      kind,
      store: stores.get(kind) as RunningStore,
      tools: tools.stores,
      name,
      folder,
      encrypted,
      checks: source.family === "postgres" ? postgresChecks : mysqlChecks,
      backup: { keep: 2 },
    });

  test.each([
    ["PostgreSQL", ObjectStoreKind.S3, true],
    ["PostgreSQL", ObjectStoreKind.GCS, false],
    ["PostgreSQL", ObjectStoreKind.AZURE_BLOB, true],
    ["MySQL", ObjectStoreKind.S3, false],
    ["MariaDB", ObjectStoreKind.GCS, true],
    ["MariaDB", ObjectStoreKind.AZURE_BLOB, false],
  ])("%s through %s, encrypted %s", async (product, kind, encrypted) => {
    const source = product === "PostgreSQL" ? postgres : (mysql.get(product) as Source);
    const run = way(source, kind, `${product.toLowerCase()}-${kind}`, encrypted);
    const watch = () => run.run(run.jobs.watch);
    expect((await watch()).stderr).toMatch(/none has succeeded yet/);
    const done = await run.backup();
    succeeded(done);
    const [stamp] = run.backups();
    const files =
      source.family === "postgres"
        ? ["1-coder.dump", "2-coder-second.dump", "manifest.json", "roles.sql"]
        : ["1-gitpod.sql.gz", "manifest.json"];
    expect(run.objects()).toEqual([...files.map((file) => `${stamp}/${file}`), "latest.json"]);
    const head = run.rclone("cat", `${stamp}/${files[0]}`, ["--head", "8"]).stdout;
    expect(head.startsWith("RCLONE")).toBe(encrypted);
    succeeded(await watch());

    const rehearsed = await run.rehearse();
    succeeded(rehearsed);
    const [result] = run.results();
    expect(result).toMatchObject({ passed: true, reason: "", backup: stamp });
    expect(result.checks.map((check: { passed: boolean }) => check.passed)).not.toContain(false);
    expect(result.measuredRpoSeconds).toBeGreaterThanOrEqual(0);
    expect(result.measuredRtoSeconds).toBeLessThan(240);
    expect(run.leftCopies()).toEqual([]);
    for (const secret of [DATA_KEY, source.password]) {
      expect(`${done.stdout}${done.stderr}${rehearsed.stdout}${rehearsed.stderr}`).not.toContain(secret);
    }
  });
});
