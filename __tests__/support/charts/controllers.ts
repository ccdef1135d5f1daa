/**
 * A stand-in for the controllers and nodes behind an API server: it starts no container and says of every workload that its pods
 * are ready, of every job that it is complete. Helm then waits as it does on a real cluster. It looks at nothing in a pod: whether
 * what a pod names exists is another check's question.
 */
import { createHash } from "node:crypto";
import type { KubeApiserver } from "../servers/kube-apiserver";
import type { Json } from "../synth";

const PAUSE_MS = 250;

interface Watched {
  readonly list: string;
  readonly act: (standIn: Controllers, object: Json) => Promise<void>;
}

export class Controllers {
  private running = true;
  private readonly done: Promise<void>;
  private held: (kind: string, name: string) => boolean = () => false;
  /** What the server refused, which would otherwise look like a workload that never gets ready. */
  public readonly faults = new Set<string>();

  public constructor(private readonly api: KubeApiserver) {
    this.done = this.work();
  }

  /** Leaves some workloads alone, so that they never get ready; those that are ready stay so until they change. */
  public hold(held: (kind: string, name: string) => boolean): void {
    this.held = held;
  }

  public async stop(): Promise<void> {
    this.running = false;
    await this.done;
  }

  private async work(): Promise<void> {
    while (this.running) {
      for (const { list, act } of WATCHED) {
        const { body } = await this.api.call("GET", list);
        for (const object of (body.items as Json[] | undefined) ?? []) {
          if (!this.held(list.split("/").at(-1) as string, object.metadata.name)) await act(this, object);
        }
      }
      await new Promise((resolve) => setTimeout(resolve, PAUSE_MS));
    }
  }

  public async status(path: string, status: object): Promise<void> {
    await this.send("PATCH", `${path}/status`, { status }, "application/merge-patch+json");
  }

  public async send(method: "PATCH" | "POST", path: string, body: object, type: string): Promise<void> {
    const answer = await this.api.call(method, path, body, type);
    // It may be gone, changed or made by now.
    if (![200, 201, 404, 409].includes(answer.status)) {
      this.faults.add(`${method} ${path}: ${answer.status} ${answer.body.message}`);
    }
  }
}

const path = (list: string, { metadata }: Json) =>
  `${list.replace(/\/([^/]+)$/, `/namespaces/${metadata.namespace}/$1`)}/${metadata.name}`;

const ready = (replicas: number, generation: number) => ({
  observedGeneration: generation,
  replicas,
  readyReplicas: replicas,
  availableReplicas: replicas,
});

const DEPLOYMENTS = "/apis/apps/v1/deployments";
const STATEFUL_SETS = "/apis/apps/v1/statefulsets";
const DAEMON_SETS = "/apis/apps/v1/daemonsets";
const JOBS = "/apis/batch/v1/jobs";
const CLAIMS = "/api/v1/persistentvolumeclaims";
const SERVICES = "/api/v1/services";

const WATCHED: readonly Watched[] = [
  { list: DEPLOYMENTS, act: deployment },
  { list: STATEFUL_SETS, act: statefulSet },
  { list: DAEMON_SETS, act: daemonSet },
  { list: JOBS, act: job },
  { list: CLAIMS, act: claim },
  { list: SERVICES, act: service },
];

/** Helm asks the replica set that has the deployment's template. */
async function deployment(to: Controllers, object: Json): Promise<void> {
  const { metadata, spec, status } = object;
  const replicas = spec.replicas ?? 1;
  if (status?.observedGeneration === metadata.generation && (status.readyReplicas ?? 0) === replicas) return;
  const hash = createHash("sha256").update(JSON.stringify(spec.template)).digest("hex").slice(0, 10);
  const name = `${String(metadata.name).slice(0, 50)}-${hash}`;
  const sets = `/apis/apps/v1/namespaces/${metadata.namespace}/replicasets`;
  await to.send(
    "POST",
    sets,
    {
      apiVersion: "apps/v1",
      kind: "ReplicaSet",
      metadata: {
        name,
        labels: spec.template.metadata.labels,
        ownerReferences: [
          {
            apiVersion: "apps/v1",
            kind: "Deployment",
            name: metadata.name,
            uid: metadata.uid,
            controller: true,
          },
        ],
      },
      spec: { replicas, selector: spec.selector, template: spec.template },
    },
    "application/json",
  );
  await to.status(`${sets}/${name}`, { ...ready(replicas, 1), fullyLabeledReplicas: replicas });
  await to.status(path(DEPLOYMENTS, object), {
    ...ready(replicas, metadata.generation),
    updatedReplicas: replicas,
  });
}

async function statefulSet(to: Controllers, object: Json): Promise<void> {
  const { metadata, spec, status } = object;
  const replicas = spec.replicas ?? 1;
  if (status?.observedGeneration === metadata.generation && (status.readyReplicas ?? 0) === replicas) return;
  await to.status(path(STATEFUL_SETS, object), {
    ...ready(replicas, metadata.generation),
    currentReplicas: replicas,
    updatedReplicas: replicas,
    currentRevision: "one",
    updateRevision: "one",
  });
}

async function daemonSet(to: Controllers, object: Json): Promise<void> {
  const { metadata, status } = object;
  if (status?.observedGeneration === metadata.generation) return;
  await to.status(path(DAEMON_SETS, object), {
    observedGeneration: metadata.generation,
    currentNumberScheduled: 1,
    desiredNumberScheduled: 1,
    numberMisscheduled: 0,
    numberReady: 1,
    updatedNumberScheduled: 1,
  });
}

async function job(to: Controllers, object: Json): Promise<void> {
  if (object.status?.completionTime !== undefined) return;
  const now = new Date().toISOString().replace(/\.\d+Z$/, "Z");
  const met = { status: "True", reason: "CompletionsReached", lastProbeTime: now, lastTransitionTime: now };
  const at = path(JOBS, object);
  // A job starts before it is complete: the server wants both in order.
  await to.status(at, { startTime: now });
  await to.status(at, {
    succeeded: object.spec.completions ?? 1,
    completionTime: now,
    uncountedTerminatedPods: {},
    conditions: [
      { type: "SuccessCriteriaMet", ...met },
      { type: "Complete", ...met },
    ],
  });
}

async function claim(to: Controllers, object: Json): Promise<void> {
  const { deletionTimestamp, finalizers } = object.metadata;
  if (deletionTimestamp !== undefined && finalizers?.length > 0) {
    // The API server adds the finalizer, and a controller removes it when no pod uses the claim.
    const body = { metadata: { finalizers: null } };
    await to.send("PATCH", path(CLAIMS, object), body, "application/merge-patch+json");
    return;
  }
  if (object.status?.phase === "Bound") return;
  await to.status(path(CLAIMS, object), { phase: "Bound" });
}

async function service(to: Controllers, object: Json): Promise<void> {
  if (object.spec.type !== "LoadBalancer" || object.status?.loadBalancer?.ingress) return;
  await to.status(path(SERVICES, object), { loadBalancer: { ingress: [{ ip: "192.0.2.10" }] } });
}
