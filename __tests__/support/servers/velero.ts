/** A real Velero with its plugins for S3 and Cloud Storage, built from their Go modules (some minutes, then cached), and the kubectl of its release. */
import { mkdirSync, symlinkSync } from "node:fs";
import { join } from "node:path";
import { goProgram } from "../../../tools/machine/go-program";
import { findProgram, freePort, Server } from "../../../tools/machine/processes";
import { Unavailable } from "../../../tools/machine/unavailable";
import type { KubeApiserver } from "./kube-apiserver";

export interface VeleroTools {
  readonly velero: string;
  /** The plugins, by their names. */
  readonly plugins: readonly { readonly name: string; readonly program: string }[];
  readonly kubectl: string;
}

/** What the server says it is; the same as in tools/go/velero/go.mod. */
const VERSION = "v1.18.1";

/** That for Azure is missing: its module could not be had from the Go module proxy (2026-11). */
const PLUGINS = ["velero-plugin-for-aws", "velero-plugin-for-gcp"] as const;

export function veleroTools(): VeleroTools | Unavailable {
  if (findProgram(["bash"]) === undefined) return new Unavailable("there is no bash on PATH");
  const module = "velero";
  const root = "github.com/vmware-tanzu";
  const flags = [
    `-X ${root}/velero/pkg/buildinfo.Version=${VERSION}`,
    // Beside Velero's own metrics the controller library serves some on port 8080, which only one server of a machine can have.
    "-X sigs.k8s.io/controller-runtime/pkg/metrics/server.DefaultBindAddress=0",
  ];
  const velero = goProgram(module, `${root}/velero/cmd/velero`, { flags });
  if (velero instanceof Unavailable) return velero;
  const plugins: VeleroTools["plugins"][number][] = [];
  for (const name of PLUGINS) {
    const program = goProgram(name, `${root}/${name}/${name}`, { module });
    if (program instanceof Unavailable) return program;
    plugins.push({ name, program });
  }
  const kubectl = goProgram("kubectl", ".", { module });
  return kubectl instanceof Unavailable ? kubectl : { velero, plugins, kubectl };
}

/** A server that runs outside the cluster, with the rights of a service account in it and the arguments that the chart gives it. */
export async function startVelero(
  tools: VeleroTools,
  api: KubeApiserver,
  options: {
    readonly namespace: string;
    readonly serviceAccountName: string;
    readonly folder: string;
    readonly environment: NodeJS.ProcessEnv;
  },
): Promise<Server> {
  const { namespace, serviceAccountName, folder } = options;
  const plugins = join(folder, "plugins");
  mkdirSync(plugins, { recursive: true });
  for (const { name, program } of tools.plugins) symlinkSync(program, join(plugins, name));
  const token = await api.tokenOf(namespace, serviceAccountName);
  return new Server(
    `velero in ${namespace}`,
    tools.velero,
    [
      ...["server", "--uploader-type=kopia", `--namespace=${namespace}`, `--plugin-dir=${plugins}`],
      ...[
        `--metrics-address=127.0.0.1:${await freePort()}`,
        `--profiler-address=127.0.0.1:${await freePort()}`,
      ],
      // Locations and the list of backups are read at once, where the chart leaves Velero its minute.
      "--store-validation-frequency=5s",
      "--backup-sync-period=5s",
    ],
    join(folder, "velero.log"),
    {
      env: {
        ...process.env,
        ...options.environment,
        KUBECONFIG: api.kubeconfig(`velero-${namespace}`, token),
        VELERO_NAMESPACE: namespace,
        VELERO_SCRATCH_DIR: folder,
        HOME: folder,
      },
    },
  );
}

/** Node agents, with what Velero reads of those of its chart 12.1.0. */
export function nodeAgents(namespace: string): object {
  const labels = { name: "node-agent", role: "node-agent" };
  const field = (fieldPath: string) => ({ valueFrom: { fieldRef: { fieldPath } } });
  const container = {
    name: "node-agent",
    image: `docker.io/velero/velero:${VERSION}`,
    command: ["/velero"],
    args: ["node-agent", "server"],
    volumeMounts: [
      { name: "host-pods", mountPath: "/host_pods", mountPropagation: "HostToContainer" },
      { name: "scratch", mountPath: "/scratch" },
    ],
    env: [
      { name: "VELERO_NAMESPACE", ...field("metadata.namespace") },
      { name: "NODE_NAME", ...field("spec.nodeName") },
      { name: "VELERO_SCRATCH_DIR", value: "/scratch" },
    ],
  };
  const spec = {
    serviceAccountName: "velero",
    securityContext: { runAsUser: 0 },
    volumes: [
      { name: "host-pods", hostPath: { path: "/var/lib/kubelet/pods" } },
      { name: "scratch", emptyDir: {} },
    ],
    containers: [container],
  };
  return {
    apiVersion: "apps/v1",
    kind: "DaemonSet",
    metadata: { name: "node-agent", namespace },
    spec: { selector: { matchLabels: { name: "node-agent" } }, template: { metadata: { labels }, spec } },
  };
}

/** Node agents of a cluster with one node, as their controller reports them when all run. */
export function readyNodeAgents(namespace: string): object {
  return {
    apiVersion: "apps/v1",
    kind: "DaemonSet",
    metadata: { name: "node-agent", namespace },
    status: {
      observedGeneration: 1,
      currentNumberScheduled: 1,
      desiredNumberScheduled: 1,
      updatedNumberScheduled: 1,
      numberMisscheduled: 0,
      numberReady: 1,
      numberAvailable: 1,
    },
  };
}
