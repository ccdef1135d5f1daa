/** A real Velero with its plugin for S3, built from their Go modules (some minutes, then cached), and the kubectl of its release. */
import { mkdirSync, symlinkSync } from "node:fs";
import { join } from "node:path";
import { goProgram } from "../../../tools/machine/go-program";
import { findProgram, freePort, Server } from "../../../tools/machine/processes";
import { Unavailable } from "../../../tools/machine/unavailable";
import type { KubeApiserver } from "./kube-apiserver";

export interface VeleroTools {
  readonly velero: string;
  readonly plugin: string;
  readonly kubectl: string;
}

/** What the server says it is; the same as in tools/go/velero/go.mod. */
const VERSION = "v1.18.1";

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
  const name = "velero-plugin-for-aws";
  const plugin = goProgram(name, `${root}/${name}/${name}`, { module });
  if (plugin instanceof Unavailable) return plugin;
  const kubectl = goProgram("kubectl", ".", { module });
  return kubectl instanceof Unavailable ? kubectl : { velero, plugin, kubectl };
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
  symlinkSync(tools.plugin, join(plugins, "velero-plugin-for-aws"));
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
