/**
 * A node of a cluster without kubelet: real node agents of Velero and the programs of the pods that they create, each with a folder as its
 * root. The kubelet, the scheduler and the provisioner of volumes are models: they do what Velero waits for, and nothing else.
 */
import { spawn } from "node:child_process";
import { copyFileSync, linkSync, mkdirSync, readFileSync, renameSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { findProgram, freePort, Server } from "../../../tools/machine/processes";
import { Unavailable } from "../../../tools/machine/unavailable";
import type { Json } from "../synth";
import type { KubeApiserver } from "./kube-apiserver";

const NODE = "node-1";

/** Whether a program can have another root here, which needs root or a user namespace. */
export function rootChange(): readonly string[] | Unavailable {
  const root = process.getuid?.() === 0;
  const program = findProgram([root ? "chroot" : "unshare"], ["/usr/sbin", "/sbin"]);
  if (program === undefined) return new Unavailable("there is neither chroot nor unshare on PATH");
  return root ? [program] : [program, "--map-root-user", "--root"];
}

/** A namespace with Velero, and the environment of its agent and its movers of data. */
export interface AgentOptions {
  readonly namespace: string;
  readonly serviceAccountName: string;
  readonly environment: NodeJS.ProcessEnv;
}

/** The node of a cluster that has one. */
export class VeleroNode {
  /** Namespaces whose pods are scheduled to the node. */
  private readonly namespaces: string[] = [];
  private readonly agents = new Map<string, AgentOptions>();
  private readonly servers: Server[] = [];
  private readonly seen = new Set<string>();
  private readonly movers: Promise<void>[] = [];
  private readonly binary: string;
  private running?: Promise<void>;
  private stopped = false;

  public constructor(
    private readonly api: KubeApiserver,
    velero: string,
    private readonly folder: string,
    private readonly change: readonly string[],
  ) {
    mkdirSync(folder, { recursive: true });
    this.binary = join(folder, "velero");
    copyFileSync(velero, this.binary);
  }

  /** Starts the agents as their DaemonSets would, one in each namespace. */
  public async startAgents(agents: readonly AgentOptions[]): Promise<void> {
    const labels = { "kubernetes.io/os": "linux" };
    await this.put("/api/v1/nodes", { apiVersion: "v1", kind: "Node", metadata: { name: NODE, labels } });
    const uids: string[] = [];
    for (const options of agents) {
      const { namespace } = options;
      this.agents.set(namespace, options);
      const name = "node-agent-1";
      await this.put(`/api/v1/namespaces/${namespace}/pods`, {
        apiVersion: "v1",
        kind: "Pod",
        metadata: { name, namespace, labels: { name: "node-agent", role: "node-agent" } },
        spec: { nodeName: NODE, containers: [{ name: "node-agent", image: "velero" }] },
      });
      await this.status(namespace, name, { phase: "Running" });
      uids.push(...(await this.pods(namespace)).map(({ metadata }) => metadata.uid as string));
    }
    for (const options of agents) {
      const { namespace } = options;
      const root = await this.root(`agent-${namespace}`, options);
      // An agent refuses to start without the folders of the pods that run on its node.
      for (const uid of uids) mkdirSync(join(root.folder, "host_pods", uid), { recursive: true });
      const address = `--metrics-address=127.0.0.1:${await freePort()}`;
      const log = join(this.folder, `agent-${namespace}.log`);
      const command = this.command(root.folder, "/velero", ["node-agent", "server", address]);
      const { environment: env } = root;
      this.servers.push(new Server(`node agent in ${namespace}`, ...command, log, { env }));
    }
  }

  /** Does the work of scheduler, provisioner and kubelet in these namespaces and those of the agents. */
  public run(namespaces: readonly string[]): void {
    this.namespaces.push(...namespaces);
    const loop = async () => {
      while (!this.stopped) {
        for (const namespace of this.namespaces) {
          for (const pod of await this.pods(namespace)) await this.place(pod);
        }
        for (const namespace of this.agents.keys()) {
          for (const pod of await this.pods(namespace)) this.start(namespace, pod);
        }
        await new Promise((resolve) => setTimeout(resolve, 200));
      }
    };
    this.running = loop();
  }

  /** Folder of the files of a claim's volume. */
  public volume(namespace: string, claim: string): string {
    const folder = join(this.folder, "volumes", `${namespace}-${claim}`);
    mkdirSync(folder, { recursive: true });
    return folder;
  }

  public async stop(): Promise<void> {
    this.stopped = true;
    await this.running;
    await Promise.all(this.movers);
    for (const server of this.servers) await server.stop();
  }

  /** Gives the pod a node and its claims volumes, and says that it runs, or that it waits for its restore. */
  private async place(pod: Json): Promise<void> {
    const { name, namespace, uid } = pod.metadata;
    if (this.seen.has(uid)) return;
    this.seen.add(uid);
    for (const { persistentVolumeClaim } of pod.spec.volumes ?? []) {
      if (persistentVolumeClaim) await this.provision(namespace, persistentVolumeClaim.claimName, uid);
    }
    if (pod.spec.nodeName === undefined) {
      await this.expect("POST", `/api/v1/namespaces/${namespace}/pods/${name}/binding`, {
        apiVersion: "v1",
        kind: "Binding",
        metadata: { name },
        target: { apiVersion: "v1", kind: "Node", name: NODE },
      });
    }
    const waits = (pod.spec.initContainers ?? []).map((container: Json) => ({
      ...container_(container.name),
      state: { running: {} },
    }));
    await this.status(
      namespace,
      name,
      waits.length > 0 ? { phase: "Pending", initContainerStatuses: waits } : { phase: "Running" },
    );
  }

  private async provision(namespace: string, claim: string, podUid: string): Promise<void> {
    const path = `/api/v1/namespaces/${namespace}/persistentvolumeclaims/${claim}`;
    const { body } = await this.api.call("GET", path);
    const { metadata, spec } = body as Json;
    const volume = `pv-${namespace}-${claim}`;
    await this.put("/api/v1/persistentvolumes", {
      apiVersion: "v1",
      kind: "PersistentVolume",
      metadata: { name: volume },
      spec: {
        capacity: spec.resources.requests,
        accessModes: spec.accessModes,
        claimRef: {
          apiVersion: "v1",
          kind: "PersistentVolumeClaim",
          namespace,
          name: claim,
          uid: metadata.uid,
        },
        csi: { driver: "csi.example.com", volumeHandle: volume },
        persistentVolumeReclaimPolicy: "Delete",
      },
    });
    await this.put(`/api/v1/persistentvolumes/${volume}/status`, {
      apiVersion: "v1",
      kind: "PersistentVolume",
      metadata: { name: volume },
      status: { phase: "Bound" },
    });
    const merge = (at: string, patch: object) =>
      this.expect("PATCH", at, patch, "application/merge-patch+json");
    await merge(path, { spec: { volumeName: volume } });
    await merge(`${path}/status`, { status: { phase: "Bound" } });
    for (const agent of this.agents.keys()) {
      const kept = join(
        this.folder,
        `agent-${agent}`,
        "host_pods",
        podUid,
        "volumes",
        "kubernetes.io~csi",
        volume,
      );
      mkdirSync(join(kept, "mount"), { recursive: true });
    }
  }

  /** Starts the program of a pod that an agent has made, with its arguments, once. */
  private start(namespace: string, pod: Json): void {
    const { name, uid, ownerReferences = [] } = pod.metadata;
    if (this.seen.has(uid) || !/^PodVolume/.test(ownerReferences[0]?.kind)) return;
    this.seen.add(uid);
    this.movers.push(this.move(namespace, name, pod));
  }

  private async move(namespace: string, name: string, pod: Json): Promise<void> {
    const [container] = pod.spec.containers;
    const { mountPath } = container.volumeMounts.find(({ name: each }: Json) => each === container.name);
    const { hostPath } = pod.spec.volumes.find(({ name: each }: Json) => each === container.name);
    const volume = (hostPath.path as string).split("/").at(-2)?.replace(/^pv-/, "") as string;
    const root = await this.root(`mover-${name}`, this.agents.get(namespace) as AgentOptions);
    await this.status(namespace, name, {
      phase: "Running",
      containerStatuses: [{ ...container_(container.name), state: { running: {} } }],
    });
    const [folder, mounted] = [join(this.folder, "volumes", volume), join(root.folder, mountPath)];
    mkdirSync(folder, { recursive: true });
    // In place of the mount.
    renameSync(folder, mounted);
    const [binary, ...command] = container.command;
    const [program, args] = this.command(root.folder, binary, [...command, ...container.args]);
    const log: string[] = [];
    const exitCode = await new Promise<number>((resolve) => {
      const child = spawn(program, args, { env: root.environment, stdio: ["ignore", "pipe", "pipe"] });
      for (const stream of [child.stdout, child.stderr]) {
        stream.setEncoding("utf8").on("data", (text: string) => log.push(text));
      }
      child.on("error", () => resolve(127));
      child.on("close", (code) => resolve(code ?? 1));
    });
    renameSync(mounted, folder);
    writeFileSync(join(this.folder, `mover-${name}.log`), log.join(""));
    const message = readFileSync(join(root.folder, "dev", "termination-log"), "utf8");
    const finishedAt = new Date().toISOString().replace(/\.\d+/, "");
    const terminated = { exitCode, message, startedAt: finishedAt, finishedAt };
    await this.status(namespace, name, {
      phase: exitCode === 0 ? "Succeeded" : "Failed",
      containerStatuses: [{ ...container_(container.name), state: { terminated } }],
    });
  }

  /** A folder with what a container has: Velero, and the token of its service account in a file. */
  private async root(
    name: string,
    options: AgentOptions,
  ): Promise<{ folder: string; environment: NodeJS.ProcessEnv }> {
    const folder = join(this.folder, name);
    for (const each of ["dev", "root", "tmp", "scratch"]) mkdirSync(join(folder, each), { recursive: true });
    linkSync(this.binary, join(folder, "velero"));
    for (const file of ["null", "termination-log"]) writeFileSync(join(folder, "dev", file), "");
    const { namespace, serviceAccountName, environment } = options;
    const token = await this.api.tokenOf(namespace, serviceAccountName);
    copyFileSync(this.api.kubeconfig(`${name}-${namespace}`, token), join(folder, "kubeconfig.json"));
    if (environment.SSL_CERT_FILE) copyFileSync(environment.SSL_CERT_FILE, join(folder, "ca.crt"));
    return {
      folder,
      environment: {
        ...environment,
        ...(environment.SSL_CERT_FILE && { SSL_CERT_FILE: "/ca.crt" }),
        PATH: process.env.PATH,
        HOME: "/root",
        KUBECONFIG: "/kubeconfig.json",
        NODE_NAME: NODE,
        VELERO_NAMESPACE: namespace,
        VELERO_SCRATCH_DIR: "/scratch",
      },
    };
  }

  private command(root: string, program: string, args: readonly string[]): [string, string[]] {
    const [change, ...flags] = this.change as [string, ...string[]];
    return [change, [...flags, root, program, ...args]];
  }

  private async pods(namespace: string): Promise<Json[]> {
    const { body } = await this.api.call("GET", `/api/v1/namespaces/${namespace}/pods`);
    return (body as Json).items ?? [];
  }

  private put(collection: string, body: Json): Promise<void> {
    const { name } = body.metadata;
    const path = collection.includes(`/${name}`) ? collection : `${collection}/${name}`;
    return this.expect("PATCH", `${path}?fieldManager=node&force=true`, body);
  }

  private status(namespace: string, name: string, status: object): Promise<void> {
    const body = { apiVersion: "v1", kind: "Pod", metadata: { name, namespace }, status };
    const path = `/api/v1/namespaces/${namespace}/pods/${name}/status?fieldManager=node&force=true`;
    return this.expect("PATCH", path, body);
  }

  private async expect(method: "PATCH" | "POST", path: string, body: object, type?: string): Promise<void> {
    const given = type ?? (method === "POST" ? "application/json" : undefined);
    const { status, body: answer } = await this.api.call(method, path, body, given);
    if (status >= 300) throw new Error(`${path}: ${status} ${answer.message}`);
  }
}

const container_ = (name: string) => ({
  name,
  image: "velero",
  imageID: "velero",
  ready: true,
  restartCount: 0,
});
