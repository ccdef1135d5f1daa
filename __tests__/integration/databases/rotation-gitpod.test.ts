/**
 * Passwords of Gitpod's owner are rotated on a real MySQL by the real Terraform while pods open new connections all the time: with users
 * that alternate none is refused, wherever an apply is killed; with one user some are.
 */
import { readFileSync } from "node:fs";
import { DatabaseEngine, DatabaseLogin, DatabaseServer, MysqlVersion } from "../../../lib/database";
import { GitpodSql } from "../../../lib/gitpod";
import { SecretEntry } from "../../../lib/kubernetes";
import { DatabaseObjects, LocalSqlBackend } from "../../../lib/sql";
import { terraformTools } from "../../../tools/machine/terraform";
import { Unavailable } from "../../../tools/machine/unavailable";
import { describeWith } from "../../support/describe-with";
import { type Attempt, Pods, session } from "../../support/rotation/pods";
import { RotatedStack } from "../../support/rotation/rotated-stack";
import { Mysql, mysqlTools } from "../../support/servers/mysql";

jest.setTimeout(600_000);

const needs = () => {
  const mysql = mysqlTools();
  const terraform = terraformTools();
  if (mysql instanceof Unavailable) return mysql;
  if (terraform instanceof Unavailable) return terraform;
  return { mysql, terraform };
};

/** Creates, alters and fills, as migrations and pods do, so that each of two users has to alter what the other one made. */
const WORK = `CREATE TABLE IF NOT EXISTS migrations (id int AUTO_INCREMENT PRIMARY KEY, at timestamp(6) NOT NULL DEFAULT CURRENT_TIMESTAMP(6));
ALTER TABLE migrations MODIFY at timestamp(6) NOT NULL DEFAULT CURRENT_TIMESTAMP(6);
INSERT INTO migrations () VALUES ();
SELECT count(*) FROM \`gitpod-sessions\`.sessions;
`;

describeWith("rotation of Gitpod's password", needs, (tools) => {
  let mysql: Mysql;
  let stack: RotatedStack | undefined;
  let pods: Pods | undefined;

  beforeAll(async () => {
    mysql = await Mysql.start(tools.mysql);
    mysql.query("CREATE DATABASE `gitpod-sessions`; CREATE TABLE `gitpod-sessions`.sessions (i int)");
  });
  afterAll(() => mysql?.stop());
  afterEach(async () => {
    await pods?.stop();
    stack?.remove();
  });

  /** The client with user name and password of the Secret, as Gitpod's pods get them in their environment. */
  const start = (of: RotatedStack) => (): Attempt => {
    // Both keys of one version of the Secret: the kubelet reads the object once.
    const { username, password } = of.secretObject();
    const flags = ["--no-defaults", "--protocol=tcp", "--host=127.0.0.1", `--port=${mysql.port}`];
    const tls = [`--ssl-ca=${mysql.ca}`, "--ssl-verify-server-cert"];
    const args = [...flags, ...tls, `--user=${username}`, "gitpod"];
    return () => session(tools.mysql.client, args, { MYSQL_PWD: password }, WORK);
  };

  function rotated(since?: number): RotatedStack {
    return new RotatedStack({
      tools: tools.terraform,
      ownerName: "gitpod",
      since,
      client: tools.mysql.client,
      variables: { admin: mysql.admin.password },
      build: (scope, owner, variable) => {
        const server = DatabaseServer.fromServerAttributes(scope, "mysql", {
          engine: DatabaseEngine.mysql(MysqlVersion.V8_4),
          host: "localhost",
          port: mysql.port,
          tls: {
            enforced: true,
            hostnameVerifiable: true,
            caCertificatesPem: readFileSync(mysql.ca, "utf8"),
          },
          adminLogin: DatabaseLogin.withPassword(mysql.admin.user, variable("admin")),
        });
        const database = server.database("gitpod", { owner });
        const objects = new DatabaseObjects(scope, "objects", {
          server,
          components: [GitpodSql.objects(database, { nativePassword: true })],
          backend: new LocalSqlBackend(),
        });
        return { database, dependables: objects.dependables };
      },
      application: ({ owner }) => ({
        entries: [
          SecretEntry.plain("username", owner.username),
          ...(owner.password ? [SecretEntry.secret("password", owner.password)] : []),
        ],
        values: {},
      }),
    });
  }

  const logsIn = (user: string, password: string) =>
    mysql.as(user, password, "SELECT 1", "gitpod").code === 0;

  test("one user: connections of pods that still run are refused", async () => {
    stack = rotated();
    stack.use(1);
    pods = new Pods({ stack, start: start(stack), replicas: 2 });
    pods.start();
    await stack.apply();
    expect(pods.refusals).toEqual([]);
    stack.use(2);
    await stack.apply();
    expect(pods.refusals.join()).toContain("Access denied");
  });

  test("users that alternate: no connection is refused, also when the apply is killed at each step", async () => {
    // The same server: it goes over from one user, at its second password.
    stack = rotated(2);
    stack.use(2);
    pods = new Pods({ stack, start: start(stack), replicas: 2 });
    pods.start();
    await stack.apply();
    let version = 2;
    let killed = 0;
    const rotate = async (steps: Iterable<string>) => {
      const of = stack as RotatedStack;
      of.use(++version);
      let held = true;
      for (const step of steps) {
        held = await of.applyAndKill(step);
        expect([step, pods?.refusals]).toEqual([step, []]);
        if (!held) break;
        killed++;
      }
      if (held) await of.apply();
      const user = of.userInUse;
      const other = user === "gitpod" ? "gitpod_clone" : "gitpod";
      expect(pods?.refusals).toEqual([]);
      expect(of.secretObject().username).toBe(user);
      expect([
        logsIn(user, of.password(user, version)),
        logsIn(other, of.password(other, version - 1)),
      ]).toEqual([true, true]);
      expect(of.state()).not.toMatch(/Secret-\d+-of/);
      return held;
    };
    const inTheSql = Array.from({ length: 30 }, (_, index) => `client-${index + 1}`);
    const afterTheSql = ["secret", "secret-written", "release", "release-half", "released"];
    expect(await rotate(inTheSql)).toBe(false);
    expect(await rotate(["client-1", "client-3", ...afterTheSql])).toBe(true);
    expect(killed).toBeGreaterThan(5 + afterTheSql.length);
    expect(await rotate([])).toBe(true);
    expect(mysql.query("SHOW GRANTS FOR gitpod_clone").join("\n").replaceAll("gitpod_clone", "gitpod")).toBe(
      mysql.query("SHOW GRANTS FOR gitpod").join("\n"),
    );
    console.log(`${killed} applies were killed; ${pods.connections} connections, none refused`);
  });
});
