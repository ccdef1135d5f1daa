/**
 * Runs what a `PgBouncer` construct makes on this machine: Terraform itself evaluates the files, and only the folders in them
 * are other ones. The containers' own commands and arguments are used.
 */
import {
  chmodSync,
  chownSync,
  existsSync,
  mkdirSync,
  mkdtempSync,
  readFileSync,
  renameSync,
  rmSync,
  writeFileSync,
} from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import type { TerraformStack } from "cdktf";
import { PgBouncerImage } from "../../../lib/pooling/pgbouncer/pgbouncer-image";
import { type PostgresTools, postgresTools } from "../../../tools/machine/postgres";
import { type Finished, findProgram, must, run, Server } from "../../../tools/machine/processes";
import { Unavailable } from "../../../tools/machine/unavailable";
import { type Json, synthesize } from "../synth";

export interface PoolingTools {
  readonly postgres: PostgresTools;
  readonly pgbouncer: string;
  /** What runs here: the files are written for its version. */
  readonly image: PgBouncerImage;
  readonly terraform: string;
}

export function poolingTools(): PoolingTools | Unavailable {
  const postgres = postgresTools();
  if (postgres instanceof Unavailable) {
    return postgres;
  }
  const pgbouncer = findProgram(["pgbouncer"], ["/usr/sbin"]);
  if (pgbouncer === undefined) {
    return new Unavailable("PgBouncer is not installed");
  }
  const version = /^PgBouncer ([\d.]+)/m.exec(run(pgbouncer, ["--version"]).stdout)?.[1];
  if (version === undefined) {
    return new Unavailable("PgBouncer does not say its version");
  }
  const terraform = findProgram([process.env.TERRAFORM_BINARY_NAME ?? "terraform", "tofu"]);
  if (terraform === undefined) {
    return new Unavailable("there is neither terraform nor tofu on PATH");
  }
  return { postgres, pgbouncer, image: PgBouncerImage.of(`pgbouncer:${version}`, version), terraform };
}

/** A text as a value of Terraform, so that passwords of tests reach the files the way real ones do. */
export function literal(text: string): string {
  return `\${${JSON.stringify(text).replace(/\$\{/g, "$$${").replace(/%\{/g, "%%{")}}`;
}

/** A folder of a test that the servers' user may use. */
export function testFolder(tools: PostgresTools, name: string): string {
  const folder = mkdtempSync(join(tmpdir(), `devplatforms-${name}-`));
  chmodSync(folder, 0o755);
  own(tools, folder);
  return folder;
}

export function own(tools: PostgresTools, path: string): void {
  if (tools.user) {
    chownSync(path, tools.user.uid, tools.user.gid);
  }
}

interface Container {
  readonly name: string;
  readonly command: string[];
  readonly args: string[];
}

/** The pooler of a stack that makes exactly one, as one pod would run it. */
export class LocalPooler {
  public readonly folder: string;
  public readonly port: number;
  private readonly servers = new Map<string, Server>();
  private containers: Container[] = [];
  private readonly env: NodeJS.ProcessEnv;

  public constructor(
    private readonly tools: PoolingTools,
    build: (stack: TerraformStack) => void,
    /** The shell that runs the scripts. */
    private readonly shell: readonly string[] = ["/bin/sh"],
    /** A folder whose programs go before the system's. */
    path?: string,
  ) {
    this.folder = testFolder(tools.postgres, "pooler");
    this.env = {
      ...process.env,
      PATH: `${path ? `${path}:` : ""}${process.env.PATH}:/usr/sbin`,
      HOME: this.folder,
    };
    this.write(build);
    const ini = readFileSync(this.path("/etc/pgbouncer/pgbouncer.ini"), "utf8");
    this.port = Number(/^listen_port = (\d+)$/m.exec(ini)?.[1]);
    mkdirSync(this.path("/run/pgbouncer"), { recursive: true });
    own(tools.postgres, this.path("/run/pgbouncer"));
  }

  /** Writes the files of the stack anew, as Kubernetes does after an apply. */
  public write(build: (stack: TerraformStack) => void): void {
    const { json, resource } = synthesize(build);
    const spec = resource("kubernetes_deployment_v1").spec.template.spec;
    this.containers = spec.container;
    const maps: Json = {};
    for (const volume of spec.volume) {
      const mount = this.containers
        .flatMap((c: Json) => c.volume_mount)
        .find((m: Json) => m.name === volume.name).mount_path;
      if (volume.config_map) {
        maps[mount] = this.object(json, "kubernetes_config_map_v1", volume.config_map.name).data;
      } else if (volume.secret && volume.name === "secret") {
        maps[mount] = this.object(json, "kubernetes_secret_v1", volume.secret.secret_name).data_wo;
      }
    }
    for (const [mount, files] of Object.entries<Json>(this.evaluate(maps))) {
      mkdirSync(this.path(mount), { recursive: true });
      for (const [name, text] of Object.entries<string>(files)) {
        const file = join(this.path(mount), name);
        // Scripts are as they are; configuration names folders.
        writeFileSync(`${file}.new`, mount.endsWith("scripts") ? text : this.local(text), { mode: 0o644 });
        renameSync(`${file}.new`, file);
      }
    }
  }

  /** Starts PgBouncer, and with it the watches. */
  public async start(): Promise<void> {
    for (const name of this.containers.map((c) => c.name).filter((each) => each.startsWith("watch-"))) {
      this.startContainer(name);
    }
    const server = this.startContainer("pgbouncer", ["--program", this.tools.pgbouncer, "--interval", "0.2"]);
    await server.waitUntil(() => existsSync(join(this.path("/run/pgbouncer"), `.s.PGSQL.${this.port}`)), 30);
  }

  public startContainer(name: string, more: readonly string[] = []): Server {
    const container = this.containers.find((c) => c.name === name);
    if (container === undefined) {
      throw new Error(`there is no container ${name}`);
    }
    const [, script] = container.command;
    const args = [...container.args, ...more].map((each) => this.local(each));
    const [program, ...shellArgs] = this.shell as [string, ...string[]];
    const server = new Server(
      name,
      program,
      [...shellArgs, this.path(script as string), ...args],
      this.logOf(name),
      {
        ...this.tools.postgres.user,
        cwd: this.folder,
        env: this.env,
      },
    );
    this.servers.set(name, server);
    return server;
  }

  public async stopContainer(name: string): Promise<void> {
    await this.servers.get(name)?.stop();
  }

  /** The arguments of a container with the folders of this machine. */
  public argumentsOf(name: string): string[] {
    return (this.containers.find((c) => c.name === name)?.args ?? []).map((each) => this.local(each));
  }

  public logOf(name: string): string {
    return join(this.folder, `${name}.log`);
  }

  /** Runs SQL or a command of the console through the pooler. */
  public psql(
    sql: string,
    options: { database: string; user: string; password?: string; socket?: boolean; env?: NodeJS.ProcessEnv },
  ): Finished {
    const flags = [
      "--no-psqlrc",
      "--quiet",
      "--tuples-only",
      "--no-align",
      "--set",
      "ON_ERROR_STOP=1",
      "--no-password",
    ];
    return run(this.tools.postgres.psql, flags, {
      input: sql,
      ...(options.socket ? this.tools.postgres.user : {}),
      env: {
        ...process.env,
        PGHOST: options.socket ? this.path("/run/pgbouncer") : "127.0.0.1",
        PGPORT: String(this.port),
        PGUSER: options.user,
        PGPASSWORD: options.password,
        PGDATABASE: options.database,
        PGCONNECT_TIMEOUT: "10",
        ...options.env,
      },
    });
  }

  /** What the console shows, by the system's own user over the socket. */
  public console(command: string): string[] {
    const done = this.psql(command, { database: "pgbouncer", user: "pgbouncer", socket: true });
    if (done.code !== 0) {
      throw new Error(done.stderr);
    }
    return done.stdout.trim().split("\n").filter(Boolean);
  }

  public path(inContainer: string): string {
    return join(this.folder, inContainer);
  }

  public async stop(signal: NodeJS.Signals = "SIGKILL"): Promise<void> {
    // The shell ends with its child only when it is asked to.
    const pids = this.pgbouncerPids();
    for (const server of this.servers.values()) {
      await server.stop(signal);
    }
    for (const pid of pids) {
      run("kill", ["-9", pid]);
    }
    rmSync(this.folder, { recursive: true, force: true });
  }

  /** The process ids of PgBouncer itself, found by the folder that only this test uses. */
  public pgbouncerPids(): string[] {
    const found = run("pgrep", ["-f", `^${this.tools.pgbouncer} ${this.folder}/`]);
    return found.stdout.trim().split("\n").filter(Boolean);
  }

  private local(text: string): string {
    return text.replace(
      /(^|[\s=:'"])\/(etc|run)\/pgbouncer/g,
      (_, before, root) => `${before}${this.folder}/${root}/pgbouncer`,
    );
  }

  private object(json: Json, type: string, name: string): Json {
    const found = Object.values<Json>(json.resource[type]).find((each) => each.metadata.name === name);
    if (found === undefined) {
      throw new Error(`the pod mounts ${name}, which nobody makes`);
    }
    return found;
  }

  /** Lets Terraform say what its expressions are. */
  private evaluate(value: Json): Json {
    const folder = mkdtempSync(join(tmpdir(), "devplatforms-evaluate-"));
    try {
      writeFileSync(join(folder, "main.tf.json"), JSON.stringify({ output: { value: { value } } }));
      must(this.tools.terraform, ["init", "-no-color"], { cwd: folder });
      must(this.tools.terraform, ["apply", "-auto-approve", "-no-color"], { cwd: folder });
      return JSON.parse(must(this.tools.terraform, ["output", "-json", "value"], { cwd: folder }));
    } finally {
      rmSync(folder, { recursive: true, force: true });
    }
  }
}
