/** A PostgreSQL primary on loopback and its hot standby, which streams from it and answers queries meanwhile. */
import { appendFileSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import type { PostgresTools } from "../../../tools/machine/postgres";
import { freePort, must, run, Server } from "../../../tools/machine/processes";
import { testFolder } from "./pooling";

/** One of the two servers. */
export class StreamingServer {
  private server: Server;

  public constructor(
    private readonly name: string,
    private readonly tools: PostgresTools,
    private readonly folder: string,
    public readonly data: string,
    private readonly port: number,
  ) {
    this.server = this.launch();
  }

  private launch(): Server {
    const flags = ["port", "listen_addresses", "unix_socket_directories", "fsync"];
    const values = [String(this.port), "127.0.0.1", "", "off"];
    const args = flags.flatMap((flag, i) => ["-c", `${flag}=${values[i]}`]);
    return new Server(this.name, this.tools.postgres, ["-D", this.data, ...args], this.logFile, {
      ...this.tools.user,
      cwd: this.folder,
    });
  }

  private get logFile(): string {
    return join(this.folder, `${this.name}.log`);
  }

  /** Everything that it has logged. */
  public get log(): string {
    return readFileSync(this.logFile, "utf8");
  }

  /** @returns true once it has logged a text. */
  public async logs(text: RegExp, seconds: number): Promise<boolean> {
    for (const end = Date.now() + seconds * 1000; Date.now() < end; ) {
      if (text.test(this.log)) return true;
      await new Promise((resolve) => setTimeout(resolve, 100));
    }
    return false;
  }

  /** @returns the lines that a query gives, or undefined where it fails. */
  public query(sql: string): string[] | undefined {
    const args = ["-XAtq", "-v", "ON_ERROR_STOP=1", "-h", "127.0.0.1", "-p", String(this.port), "-U", "test"];
    const done = run(this.tools.psql, [...args, "-d", "postgres"], {
      input: sql,
      env: { ...process.env, PGCONNECT_TIMEOUT: "5" },
    });
    return done.code === 0 ? done.stdout.split("\n").filter(Boolean) : undefined;
  }

  /** Waits until it answers. */
  public async ready(): Promise<void> {
    await this.server.waitUntil(() => this.query("SELECT 1") !== undefined, 60);
  }

  /** Changes a static parameter: it takes effect by the restart, after which the server may not come up. */
  public async restartWith(parameter: string, value: string): Promise<void> {
    appendFileSync(join(this.data, "postgresql.conf"), `${parameter} = '${value}'\n`);
    // SIGINT is PostgreSQL's fast shutdown.
    await this.stop();
    this.start();
  }

  /** Starts it again after `stop`. */
  public start(): void {
    this.server = this.launch();
  }

  public stop(): Promise<void> {
    return this.server.stop("SIGINT");
  }
}

/** The two servers. */
export class HotStandby {
  private rows = 0;

  private constructor(
    private readonly folder: string,
    public readonly primary: StreamingServer,
    public readonly standby: StreamingServer,
  ) {}

  /**
   * @param parameters parameters that both start with.
   */
  public static async start(
    tools: PostgresTools,
    parameters: { readonly [name: string]: string },
  ): Promise<HotStandby> {
    const folder = testFolder(tools, "hot-standby");
    const [one, other] = [join(folder, "primary"), join(folder, "standby")];
    const init = ["--pgdata", one, "--auth", "trust", "--username", "test", "--no-sync", "--encoding=UTF8"];
    must(tools.initdb, [...init, "--locale=C.UTF-8"], { ...tools.user, cwd: folder });
    const settings = Object.entries(parameters).map(([name, value]) => `${name} = '${value}'\n`);
    appendFileSync(join(one, "postgresql.conf"), `\n${settings.join("")}`);
    const [port, standbyPort] = [await freePort(), await freePort()];
    const primary = new StreamingServer("primary", tools, folder, one, port);
    await primary.ready();
    primary.query("CREATE TABLE written (n int)");
    // A copy of the stopped server, since npm's packages have no pg_basebackup: the same cluster with the same identifier. `--archive`
    // keeps the files' owner.
    await primary.stop();
    must("cp", ["--archive", one, other]);
    writeFileSync(join(other, "standby.signal"), "");
    appendFileSync(
      join(other, "postgresql.conf"),
      `primary_conninfo = 'host=127.0.0.1 port=${port} user=test'\nwal_retrieve_retry_interval = '200ms'\n`,
    );
    primary.start();
    await primary.ready();
    const standby = new StreamingServer("standby", tools, folder, other, standbyPort);
    try {
      await standby.ready();
    } catch (error) {
      await primary.stop();
      throw error;
    }
    return new HotStandby(folder, primary, standby);
  }

  /** Writes a row and waits for it on the standby. @returns true once it is there. */
  public async replicates(seconds: number): Promise<boolean> {
    this.rows += 1;
    if (!this.primary.query(`INSERT INTO written VALUES (${this.rows})`)) {
      throw new Error(`the primary does not write:\n${this.primary.log.slice(-2000)}`);
    }
    for (const end = Date.now() + seconds * 1000; Date.now() < end; ) {
      if (this.standby.query("SELECT max(n) FROM written")?.[0] === String(this.rows)) return true;
      await new Promise((resolve) => setTimeout(resolve, 100));
    }
    return false;
  }

  public async stop(): Promise<void> {
    await this.standby.stop();
    await this.primary.stop();
    rmSync(this.folder, { recursive: true, force: true });
  }
}
