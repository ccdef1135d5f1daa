/** A Patroni cluster of several PostgreSQL servers on loopback, with its etcd. */
import { chmodSync, readFileSync, realpathSync, rmSync, writeFileSync } from "node:fs";
import { dirname, join } from "node:path";
import { makeCertificates } from "../../../tools/machine/certificates";
import { type PostgresTools, postgresTools } from "../../../tools/machine/postgres";
import { type Finished, findProgram, freePort, run, Server } from "../../../tools/machine/processes";
import { Unavailable } from "../../../tools/machine/unavailable";
import { own, testFolder } from "./pooling";

export interface PatroniTools {
  readonly patroni: string;
  readonly etcd: string;
  readonly postgres: PostgresTools;
}

export function patroniTools(): PatroniTools | Unavailable {
  const postgres = postgresTools();
  if (postgres instanceof Unavailable) {
    return postgres;
  }
  const [patroni, etcd] = [findProgram(["patroni"]), findProgram(["etcd"])];
  return patroni === undefined || etcd === undefined
    ? new Unavailable("Patroni and etcd are not installed")
    : { patroni, etcd, postgres };
}

interface Node {
  readonly name: string;
  readonly port: number;
  readonly api: number;
  readonly data: string;
  server?: Server;
}

/** Times that make a failover quick enough for a test: the lock lives ten seconds. */
const TIMES = { ttl: 10, loop_wait: 2, retry_timeout: 3 };
const SUPERUSER = { user: "postgres", password: "superuser" };

export class PatroniCluster {
  private constructor(
    private readonly tools: PatroniTools,
    private readonly folder: string,
    private readonly etcd: Server,
    private readonly etcdPort: number,
    public readonly nodes: readonly Node[],
    public readonly ca: string,
  ) {}

  public static async start(tools: PatroniTools, count: number): Promise<PatroniCluster> {
    const folder = testFolder(tools.postgres, "patroni");
    const { ca, key } = makeCertificates(folder);
    chmodSync(key, 0o600);
    own(tools.postgres, key);
    const [client, peer] = [await freePort(), await freePort()];
    const clientUrl = `http://127.0.0.1:${client}`;
    const peerUrl = `http://127.0.0.1:${peer}`;
    const etcd = new Server(
      "etcd",
      tools.etcd,
      [
        ...["--data-dir", join(folder, "etcd"), "--unsafe-no-fsync"],
        ...["--listen-client-urls", clientUrl, "--advertise-client-urls", clientUrl],
        ...["--listen-peer-urls", peerUrl, "--initial-advertise-peer-urls", peerUrl],
        ...["--initial-cluster", `default=${peerUrl}`],
      ],
      join(folder, "etcd.log"),
      { ...tools.postgres.user, cwd: folder },
    );
    await etcd.waitUntil(async () => (await fetch(`${clientUrl}/health`)).status === 200, 120);
    const nodes: Node[] = [];
    for (let n = 1; n <= count; n++) {
      nodes.push({
        name: `node${n}`,
        port: await freePort(),
        api: await freePort(),
        data: join(folder, `data${n}`),
      });
    }
    const cluster = new PatroniCluster(tools, folder, etcd, client, nodes, ca);
    try {
      for (const node of nodes) {
        cluster.startNode(node);
        const runs = async () => ["running", "streaming"].includes((await cluster.member(node))?.state ?? "");
        await node.server?.waitUntil(runs, 180);
      }
      await cluster.waitForStandby(180);
    } catch (error) {
      await cluster.stop();
      throw error;
    }
    return cluster;
  }

  /** The node that leads and says so itself; undefined when none or several do. */
  public async leader(): Promise<Node | undefined> {
    const found: Node[] = [];
    for (const node of this.nodes) {
      const status = await fetch(`http://127.0.0.1:${node.api}/primary`).then(
        (r) => r.status,
        () => 0,
      );
      if (status === 200) found.push(node);
    }
    return found.length === 1 ? found[0] : undefined;
  }

  /** Kills a node's Patroni and its PostgreSQL at once, as a machine that loses power. */
  public async kill(node: Node): Promise<void> {
    const postmaster = readFileSync(join(node.data, "postmaster.pid"), "utf8").split("\n")[0] as string;
    run("kill", ["-9", postmaster]);
    await node.server?.stop("SIGKILL");
  }

  public startNode(node: Node): void {
    const file = join(this.folder, `${node.name}.yml`);
    // YAML takes JSON.
    writeFileSync(file, JSON.stringify(this.configuration(node), undefined, 2));
    own(this.tools.postgres, file);
    node.server = new Server(node.name, this.tools.patroni, [file], join(this.folder, `${node.name}.log`), {
      ...this.tools.postgres.user,
      cwd: this.folder,
      env: { ...process.env, HOME: this.folder },
    });
  }

  public async waitForStandby(seconds: number): Promise<void> {
    await this.etcd.waitUntil(async () => (await this.roles()).includes("sync_standby"), seconds);
  }

  public async switchover(leader: string, candidate: string): Promise<number> {
    const body = JSON.stringify({ leader, candidate });
    const node = this.nodes.find((n) => n.name === leader) as Node;
    return (await fetch(`http://127.0.0.1:${node.api}/switchover`, { method: "POST", body })).status;
  }

  /** Runs SQL on a node itself, by default as the superuser. */
  public psql(node: Node, sql: string, login = SUPERUSER, database = "postgres"): Finished {
    return run(this.tools.postgres.psql, ["-XAtq", "-v", "ON_ERROR_STOP=1"], {
      input: sql,
      env: {
        ...process.env,
        PGHOST: "localhost",
        PGPORT: String(node.port),
        PGUSER: login.user,
        PGPASSWORD: login.password,
        PGDATABASE: database,
        PGSSLMODE: "verify-full",
        PGSSLROOTCERT: this.ca,
        PGCONNECT_TIMEOUT: "10",
      },
    });
  }

  public async stop(): Promise<void> {
    for (const node of this.nodes) {
      await node.server?.stop("SIGTERM");
    }
    await this.etcd.stop();
    rmSync(this.folder, { recursive: true, force: true });
  }

  private async members(): Promise<{ name: string; role: string; state: string }[]> {
    for (const node of this.nodes) {
      try {
        const answer = await fetch(`http://127.0.0.1:${node.api}/cluster`);
        return ((await answer.json()) as { members: { name: string; role: string; state: string }[] })
          .members;
      } catch {
        // The next one may answer.
      }
    }
    return [];
  }

  private async member(node: Node): Promise<{ role: string; state: string } | undefined> {
    return (await this.members()).find((m) => m.name === node.name);
  }

  private async roles(): Promise<string[]> {
    return (await this.members()).map((m) => m.role);
  }

  private configuration(node: Node): object {
    const address = `localhost:${node.port}`;
    return {
      scope: "gitlab-main",
      name: node.name,
      restapi: { listen: `127.0.0.1:${node.api}`, connect_address: `127.0.0.1:${node.api}` },
      etcd3: { host: `127.0.0.1:${this.etcdPort}` },
      bootstrap: {
        dcs: {
          ...TIMES,
          // Without it a failover may lose rows that were acknowledged.
          synchronous_mode: true,
          postgresql: { use_pg_rewind: true },
        },
        initdb: [{ encoding: "UTF8" }, { locale: "C.UTF-8" }, "no-sync"],
      },
      postgresql: {
        listen: `127.0.0.1:${node.port}`,
        connect_address: address,
        data_dir: node.data,
        bin_dir: dirname(realpathSync(this.tools.postgres.initdb)),
        pgpass: join(this.folder, `${node.name}.pgpass`),
        authentication: {
          superuser: { username: SUPERUSER.user, password: SUPERUSER.password },
          replication: { username: "replicator", password: "replicator" },
          rewind: { username: "rewinder", password: "rewinder" },
        },
        pg_hba: [
          "hostssl replication replicator 127.0.0.1/32 scram-sha-256",
          "hostssl all all 127.0.0.1/32 scram-sha-256",
        ],
        parameters: {
          unix_socket_directories: "",
          ssl: "on",
          ssl_cert_file: join(this.folder, "server.crt"),
          ssl_key_file: join(this.folder, "server.key"),
          password_encryption: "scram-sha-256",
          fsync: "off",
        },
      },
    };
  }
}
