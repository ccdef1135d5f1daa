/** The programs around a major version upgrade of MySQL, on real servers: they find, name and gather. No upgrade runs here. */
import {
  Cloud,
  DatabaseEngine,
  DatabaseServer,
  type MajorUpgradeProcedure,
  MysqlVersion,
  ReplicaUpgrade,
} from "../../../lib/database";
import { MajorUpgrade } from "../../../lib/recovery";
import type { Finished } from "../../../tools/machine/processes";
import { describeWith } from "../../support/describe-with";
import { Mysql, mysqlTools } from "../../support/servers/mysql";
import { login } from "../../support/sql/sql-fixtures";
import { programOf, runProgram } from "../../support/sql/sql-program";

jest.setTimeout(300_000);

const [V57, V80, V84] = [MysqlVersion.V5_7, MysqlVersion.V8_0, MysqlVersion.V8_4].map((each) =>
  DatabaseEngine.mysql(each),
) as [DatabaseEngine, DatabaseEngine, DatabaseEngine];
const PROCEDURE: MajorUpgradeProcedure = {
  mechanism: "an upgrade",
  paths: [],
  replicas: ReplicaUpgrade.BEFORE_SOURCE,
  backup: { title: "Copy the folder" },
  verify: [],
  wayBack: [],
  permissions: [],
  source: "https://dev.mysql.com/doc/refman/8.4/en/upgrading.html",
};

describeWith("programs around an upgrade of MySQL", mysqlTools, (tools) => {
  let mysql: Mysql;
  beforeAll(async () => {
    mysql = await Mysql.start(tools);
  });
  afterAll(() => mysql?.stop());

  const run = (from: DatabaseEngine, to: DatabaseEngine, at = from): Promise<Finished> =>
    runProgram(
      programOf((stack, backend) => {
        const server = DatabaseServer.fromServerAttributes(stack, "mysql", {
          engine: at,
          host: "127.0.0.1",
          port: mysql.port,
          location: { cloud: Cloud.SELF_MANAGED },
          adminLogin: login(mysql.admin.user),
          majorUpgrade: PROCEDURE,
          acceptExtendedSupport: at.majorVersion,
        });
        new MajorUpgrade(stack, "upgrade", { server, from, to, databases: [], backend });
      }),
      { ca: mysql.ca, secrets: { admin: mysql.admin.password } },
    );

  test("a column that MySQL 8.4 refuses is named, with accounts that it would lock out", async () => {
    mysql.query(
      "CREATE DATABASE shop; CREATE TABLE shop.`odd ``name` (id DOUBLE AUTO_INCREMENT PRIMARY KEY); CREATE TABLE shop.items (id BIGINT PRIMARY KEY, name VARCHAR(20)); CREATE USER old@'%' IDENTIFIED WITH mysql_native_password BY 'x'",
    );
    const found = await run(V80, V84);
    expect(found.code).toBe(1);
    expect(found.stderr).toBe(
      "error: the upgrade to MySQL 8.4 would fail. Change this before:\nshop.odd `name.id: AUTO_INCREMENT must not be on a FLOAT or DOUBLE column\n",
    );
    expect(found.stdout).toContain("old@%: logs in by mysql_native_password, which MySQL 8.4 disables");
    mysql.query("DROP TABLE shop.`odd ``name`");
    const clean = await run(V80, V84);
    expect([clean.code, clean.stderr]).toEqual([0, ""]);
    expect(clean.stdout).toContain("Nothing was found that stops the upgrade from MySQL 8.0 to 8.4.");
  });

  test("after the upgrade all tables are analyzed", async () => {
    mysql.query(
      "CREATE TABLE shop.`odd ``name` (id INT PRIMARY KEY); INSERT INTO shop.items VALUES (1, 'a'), (2, 'b')",
    );
    const done = await run(V57, V80, V80);
    expect([done.code, done.stderr]).toEqual([0, ""]);
    expect(done.stdout).toBe("The server runs MySQL 8.0, with statistics for all tables.\n");
    expect(
      mysql.query(
        "SELECT n_rows FROM mysql.innodb_table_stats WHERE database_name = 'shop' AND table_name = 'items'",
      ),
    ).toEqual(["2"]);
  });

  test("a program that meets another version says so", async () => {
    const done = await run(V57, V80);
    expect(done.code).toBe(1);
    expect(done.stderr).toMatch(/^error: the server runs MySQL 8\.0\.\d+.*, and 5\.7 was expected\n$/);
  });
});
