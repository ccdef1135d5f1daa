/**
 * Major version upgrades by the real pg_upgrade, from the oldest version to the newest: the program before it finds what pg_upgrade refuses,
 * objects and data of `DatabaseObjects` come through, its next run has nothing to do, and the program after it leaves statistics.
 */
import { dirname } from "node:path";
import {
  Cloud,
  DatabaseEngine,
  DatabaseServer,
  type MajorUpgradeProcedure,
  PostgresVersion,
  ReplicaUpgrade,
} from "../../../lib/database";
import { MajorUpgrade } from "../../../lib/recovery";
import { ComponentObjects, SqlGrantTarget, SqlPrivilege } from "../../../lib/sql";
import { loginPasswordKey } from "../../../lib/sql/objects/desired-state";
import { pgUpgrade, type UpgradeStep, upgradeSteps } from "../../../tools/machine/pg-upgrade";
import { Postgres } from "../../../tools/machine/postgres";
import type { Finished } from "../../../tools/machine/processes";
import { describeWith } from "../../support/describe-with";
import { login, postgresProgram } from "../../support/sql/sql-fixtures";
import { programOf, runProgram } from "../../support/sql/sql-program";

jest.setTimeout(300_000);

const SUPERUSER = { user: "rds_superuser_of_test", password: "superuser", sslmode: "disable" };
const PLAIN = { PGSSLMODE: "disable", PGGSSENCMODE: "disable", PGHOST: "127.0.0.1" };
const PATHS = [{ from: "13", to: ["15", "16", "17", "18"] }];
const PROCEDURE: MajorUpgradeProcedure = {
  mechanism: "pg_upgrade",
  paths: PATHS,
  replicas: ReplicaUpgrade.REMOVED,
  backup: { title: "Copy the folder" },
  verify: [],
  wayBack: [],
  permissions: [],
  source: "https://www.postgresql.org/docs/current/pgupgrade.html",
};

describeWith("major upgrades of PostgreSQL", upgradeSteps, (steps) => {
  const [oldest, ...later] = steps as [UpgradeStep, ...UpgradeStep[]];
  const newest = later[later.length - 1] as UpgradeStep;
  let postgres: Postgres;
  beforeAll(async () => {
    postgres = await Postgres.start(oldest.tools);
    postgres.authenticate("host all all 127.0.0.1/32 scram-sha-256\n");
  });
  afterAll(() => postgres?.stop());

  const su = (sql: string, database = "postgres") => postgres.query(sql, { ...SUPERUSER, database });
  const path = `${dirname(oldest.tools.psql)}:${process.env.PATH}`;
  const shop = new ComponentObjects({
    component: "shop",
    logins: [{ login: login("shop") }, { login: login("reader") }],
    databases: [
      {
        name: "shop",
        owner: "shop",
        extensions: [{ name: "pg_trgm" }, { name: "btree_gist" }],
        schemas: [{ name: "stock" }],
        settings: [{ name: "statement_timeout", values: ["60s"] }],
        grants: [{ on: SqlGrantTarget.DATABASE, grantee: "reader", privileges: [SqlPrivilege.CONNECT] }],
      },
    ],
  });
  const secrets = {
    admin: "admin pass'word %1",
    ...Object.fromEntries(shop.logins.map((each) => [loginPasswordKey(each), `pw ${each.login.username}`])),
  };
  const describeObjects = (): Promise<Finished> =>
    runProgram(
      postgresProgram({ port: postgres.port, admin: postgres.admin.user }, () => [shop]),
      { ca: postgres.ca, path, secrets, environment: PLAIN },
    );
  const engine = ({ version }: UpgradeStep) => DatabaseEngine.postgres(PostgresVersion.of(`${version}`));
  /** The program of a MajorUpgrade whose server has a version. */
  const program = (at: UpgradeStep, from: UpgradeStep, to: UpgradeStep): Promise<Finished> =>
    runProgram(
      programOf((stack, backend) => {
        const server = DatabaseServer.fromServerAttributes(stack, "postgres", {
          engine: engine(at),
          host: "localhost",
          port: postgres.port,
          location: { cloud: Cloud.SELF_MANAGED },
          adminLogin: login(postgres.admin.user),
          majorUpgrade: PROCEDURE,
          acceptExtendedSupport: `${at.version}`,
        });
        const databases = [server.database("shop", { owner: login("shop") })];
        new MajorUpgrade(stack, "upgrade", {
          server,
          from: engine(from),
          to: engine(to),
          databases,
          backend,
        });
      }),
      {
        ca: postgres.ca,
        path,
        secrets: { admin: postgres.admin.password, owner1: "pw shop" },
        environment: PLAIN,
      },
    );

  const outdated = () =>
    su(
      "SELECT concat_ws(',', name, extversion, default_version) FROM pg_extension JOIN pg_available_extensions ON name = extname WHERE extversion <> default_version",
      "shop",
    ).map((line) => line.split(","));

  test("objects and data are made on the oldest version", async () => {
    const done = await describeObjects();
    expect([done.code, done.stderr]).toEqual([0, ""]);
    su(
      `CREATE TABLE stock.items (id bigint PRIMARY KEY, name text NOT NULL, price numeric(8, 2), day daterange, EXCLUDE USING gist (day WITH &&));
       ALTER TABLE stock.items OWNER TO shop;
       INSERT INTO stock.items SELECT n, 'item ' || n, n / 3.0, daterange(date '2026-01-01' + n, date '2026-01-01' + n + 1) FROM generate_series(1, 2000) n;
       CREATE INDEX ON stock.items USING gin (name gin_trgm_ops);`,
      "shop",
    );
    // As an extension of the service has it in the maintenance database; the administrator may not analyze it.
    su("CREATE TABLE of_service AS SELECT n FROM generate_series(1, 100) n");
  });

  test("the program finds what pg_upgrade refuses, and says what to change", async () => {
    const to = later[0] as UpgradeStep;
    su(
      `CREATE TABLE public.kept (at regproc, rows pg_catalog.pg_type);
       CREATE OPERATOR public.!! (leftarg = bigint, procedure = factorial);
       CREATE VIEW public.activity AS SELECT * FROM pg_stat_activity;`,
      "shop",
    );
    su("CREATE DATABASE closed ALLOW_CONNECTIONS false");
    const found = await program(oldest, oldest, to);
    expect(found.code).toBe(1);
    for (const object of [
      "shop: public.kept.at (regproc): columns with types that hold OIDs",
      "shop: public.kept.rows (pg_type): columns of the type of a system table",
      "shop: operator public.!!: postfix operators",
      "database closed does not allow connections",
    ]) {
      expect(found.stderr).toContain(object);
    }
    expect(found.stdout).toContain("shop: public.activity: view over system tables");
    const refused = await pgUpgrade(postgres, oldest, to);
    expect([refused.code, refused.stdout]).toEqual([1, expect.stringContaining("fatal")]);
    su("DROP DATABASE closed");
    su("DROP TABLE public.kept; DROP OPERATOR public.!! (bigint, NONE); DROP VIEW public.activity", "shop");
    const clean = await program(oldest, oldest, to);
    expect([clean.code, clean.stderr]).toEqual([0, ""]);
    expect(clean.stdout).toContain(
      `Nothing was found that stops the upgrade from PostgreSQL ${oldest.version} to ${to.version}.`,
    );
  });

  test("a program that meets another version says so", async () => {
    const done = await program(newest, oldest, newest);
    expect([done.code, done.stderr]).toEqual([
      1,
      `error: the server runs PostgreSQL ${oldest.version}, and ${newest.version} was expected\n`,
    ]);
  });

  const pairs = later.map((to, i) => {
    const from = i === 0 ? oldest : (later[i - 1] as UpgradeStep);
    return [from.version, to.version, from, to] as const;
  });
  test.each(pairs)("from %s to %s: data, logins and objects come through", async (_from, _to, from, to) => {
    const before = su("SELECT count(*), sum(price), max(name) FROM stock.items", "shop");
    if (from.version < 18 && to.version >= 18) {
      su(
        "CREATE TABLE parent (a int NOT NULL); CREATE TABLE child () INHERITS (parent); ALTER TABLE child ALTER a DROP NOT NULL",
        "shop",
      );
      const found = await program(from, from, to);
      expect(found.stderr).toContain("shop: public.child.a: columns that are NOT NULL in a parent table");
      expect((await pgUpgrade(postgres, from, to)).code).not.toBe(0);
      su("DROP TABLE child, parent", "shop");
    }
    const clean = await program(from, from, to);
    expect([clean.code, clean.stderr]).toEqual([0, ""]);
    const upgraded = await pgUpgrade(postgres, from, to);
    expect([upgraded.code, upgraded.stderr]).toEqual([0, ""]);
    expect(su("SELECT current_setting('server_version_num')::int / 10000")).toEqual([`${to.version}`]);
    expect(su("SELECT count(*), sum(price), max(name) FROM stock.items", "shop")).toEqual(before);

    const after = await program(to, from, to);
    expect([after.code, after.stderr]).toEqual([0, ""]);
    if (to.version < 18) {
      expect(after.stdout).toContain(
        "postgres: public.of_service of rds_superuser_of_test has no statistics",
      );
    }
    expect(after.stdout).toContain(
      `The server runs PostgreSQL ${to.version}, with statistics for all databases.`,
    );
    // PostgreSQL itself lets only a superuser update what pg_upgrade has made; the managed services let their administrators.
    for (const [name, is, offered] of outdated()) {
      expect(after.stdout).toContain(`shop: extension ${name} stays at ${is}, the server offers ${offered}`);
    }
    expect(su("SELECT reltuples FROM pg_class WHERE oid = 'stock.items'::regclass", "shop")).toEqual([
      "2000",
    ]);

    const objects = await describeObjects();
    expect([objects.code, objects.stderr]).toEqual([0, ""]);
    expect(objects.stdout).toContain("The server is as wanted.");
    expect(objects.stdout).not.toMatch(/^(ALTER|CREATE|GRANT|REVOKE|COMMENT)/m);
  });

  test("the administrator updates extensions where the service lets it", async () => {
    su(`ALTER ROLE ${postgres.admin.user} SUPERUSER`);
    expect(outdated()).not.toEqual([]);
    const after = await program(newest, oldest, newest);
    expect([after.code, after.stderr, outdated()]).toEqual([0, "", []]);
  });
});
