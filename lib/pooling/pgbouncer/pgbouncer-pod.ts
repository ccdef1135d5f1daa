// The pod of a pooler: PgBouncer, the metrics exporter and one container per watched database. All run as non-root users with a
// read-only root filesystem; the only writable folder is a shared one in memory.

import type {
  DeploymentV1SpecTemplateSpec,
  DeploymentV1SpecTemplateSpecContainer,
  DeploymentV1SpecTemplateSpecVolume,
} from "@cdktf/provider-kubernetes/lib/deployment-v1";
import { shortHash } from "../../database/private";
import type { LeaderWatch } from "../leader-watch/leader-watch";
import { EXPORTER_IMAGE, EXPORTER_UID, EXPORTER_USER, POSTGRES_UID } from "./data/pgbouncer-facts";
import { databaseFile } from "./pgbouncer-config";
import type { ResolvedEntry } from "./pool-entry";

/** Mount paths. */
export const FOLDERS = {
  config: "/etc/pgbouncer",
  secret: "/etc/pgbouncer-secret",
  scripts: "/etc/pgbouncer-scripts",
  tls: "/etc/pgbouncer-tls",
  run: "/run/pgbouncer",
} as const;

/** Keys of the mounted Secret and ConfigMaps. */
export const KEYS = {
  ini: "pgbouncer.ini",
  hba: "hba.conf",
  serverCa: "server-ca.crt",
  serverCertificate: "server-client.crt",
  serverKey: "server-client.key",
  users: "userlist.txt",
  entrypoint: "entrypoint",
  handler: "leader-handler",
} as const;

// Tags are exact, and a pooler must start when the registry is unavailable.
const PULL = "IfNotPresent";

/** PgBouncer has one thread, so this limit never throttles it. */
const ONE_CORE = "1";

/** Entry whose leader is watched. */
export interface WatchedEntry {
  readonly entry: ResolvedEntry;
  readonly watch: LeaderWatch;
  /** Key of the watch's files and container, made from the entry's name. */
  readonly key: string;
}

/** Properties of the pod. */
export interface PodProps {
  readonly image: string;
  readonly port: number;
  readonly metricsPort: number;
  readonly labels: { readonly [name: string]: string };
  readonly configName: string;
  readonly scriptsName: string;
  readonly secretName: string;
  readonly tlsSecretName?: string;
  readonly watched: WatchedEntry[];
  readonly drainSeconds: number;
  readonly graceSeconds: number;
  readonly cpu: string;
  readonly memory: string;
  readonly nodeSelector?: { readonly [name: string]: string };
}

/** Key of a watch: valid in Kubernetes and unique per entry. */
export function watchKey(entry: string): string {
  const legal = entry
    .toLowerCase()
    .replace(/[^a-z0-9]+/g, "-")
    .replace(/^-+|-+$/g, "")
    .slice(0, 40);
  return legal === entry ? legal : `${legal}-${shortHash(entry)}`;
}

/** Pod template specification. */
export function podSpec(props: PodProps): DeploymentV1SpecTemplateSpec {
  return {
    automountServiceAccountToken: false,
    enableServiceLinks: false,
    terminationGracePeriodSeconds: props.graceSeconds,
    nodeSelector: props.nodeSelector,
    securityContext: {
      runAsNonRoot: true,
      runAsUser: POSTGRES_UID,
      runAsGroup: POSTGRES_UID,
      fsGroup: POSTGRES_UID,
      seccompProfile: { type: "RuntimeDefault" },
    },
    topologySpreadConstraint: [
      spread("kubernetes.io/hostname", "DoNotSchedule", props.labels),
      spread("topology.kubernetes.io/zone", "ScheduleAnyway", props.labels),
    ],
    container: [pgbouncer(props), exporter(props), ...props.watched.map((w) => watcher(w, props))],
    volume: volumes(props),
  };
}

// Ignores tainted nodes; otherwise a cordoned node would keep new pods of a rolling update pending.
function spread(topologyKey: string, whenUnsatisfiable: string, labels: { readonly [name: string]: string }) {
  return {
    maxSkew: 1,
    topologyKey,
    whenUnsatisfiable,
    nodeTaintsPolicy: "Honor",
    labelSelector: [{ matchLabels: labels }],
  };
}

const LOCKED = {
  allowPrivilegeEscalation: false,
  readOnlyRootFilesystem: true,
  runAsNonRoot: true,
  capabilities: { drop: ["ALL"] },
};

function pgbouncer(props: PodProps): DeploymentV1SpecTemplateSpecContainer {
  const folders = [FOLDERS.config, FOLDERS.secret, ...(props.tlsSecretName ? [FOLDERS.tls] : [])];
  // Probes the port only: if they included the server, all poolers would become unready at once.
  const listening = { tcpSocket: [{ port: String(props.port) }] };
  return {
    name: "pgbouncer",
    image: props.image,
    imagePullPolicy: PULL,
    command: ["/bin/sh", `${FOLDERS.scripts}/${KEYS.entrypoint}`],
    args: [
      ...["--config", `${FOLDERS.config}/${KEYS.ini}`],
      ...folders.flatMap((folder) => ["--watch", folder]),
      ...props.watched.flatMap(({ entry }) => {
        const file = databaseFile(entry.name);
        return ["--seed", `${FOLDERS.config}/${file}`, `${FOLDERS.run}/${file}`];
      }),
      ...["--drain", String(props.drainSeconds)],
    ],
    port: [{ name: "postgres", containerPort: props.port }],
    resources: {
      requests: { cpu: props.cpu, memory: props.memory },
      limits: { cpu: ONE_CORE, memory: props.memory },
    },
    securityContext: LOCKED,
    startupProbe: { ...listening, periodSeconds: 2, failureThreshold: 30 },
    readinessProbe: { ...listening, periodSeconds: 5, failureThreshold: 2 },
    livenessProbe: { ...listening, periodSeconds: 10, failureThreshold: 6 },
    volumeMount: mounts([
      "config",
      "secret",
      "scripts",
      "run",
      ...(props.tlsSecretName ? (["tls"] as const) : []),
    ]),
  };
}

function exporter(props: PodProps): DeploymentV1SpecTemplateSpecContainer {
  const dsn = `postgres:///pgbouncer?host=${FOLDERS.run}&port=${props.port}&user=${EXPORTER_USER}&sslmode=disable`;
  return {
    name: "exporter",
    image: EXPORTER_IMAGE,
    imagePullPolicy: PULL,
    args: [`--web.listen-address=:${props.metricsPort}`],
    env: [{ name: "PGBOUNCER_EXPORTER_CONNECTION_STRING", value: dsn }],
    port: [{ name: "metrics", containerPort: props.metricsPort }],
    resources: { requests: { cpu: "10m", memory: "32Mi" }, limits: { cpu: "200m", memory: "64Mi" } },
    // A separate user, because PgBouncer gives its system user the administrator's rights.
    securityContext: { ...LOCKED, runAsUser: EXPORTER_UID, runAsGroup: EXPORTER_UID },
    readinessProbe: { tcpSocket: [{ port: String(props.metricsPort) }], periodSeconds: 10 },
    volumeMount: [{ name: "run", mountPath: FOLDERS.run, readOnly: true }],
  };
}

function watcher(
  { entry, watch, key }: WatchedEntry,
  props: PodProps,
): DeploymentV1SpecTemplateSpecContainer {
  const file = databaseFile(entry.name);
  return {
    name: `watch-${key}`,
    image: watch.image ?? props.image,
    imagePullPolicy: PULL,
    command: ["/bin/sh", `${FOLDERS.scripts}/${KEYS.handler}`],
    args: [
      ...watch.programArguments({
        caFile: `${FOLDERS.config}/${watchCaKey(key)}`,
        tokenFile: `${FOLDERS.secret}/${watchTokenKey(key)}`,
      }),
      ...["--database", entry.name],
      ...["--ini", `${FOLDERS.run}/${file}`, "--template", `${FOLDERS.config}/${file}`],
      ...["--host", FOLDERS.run, "--port", String(props.port)],
    ],
    resources: { requests: { cpu: "10m", memory: "16Mi" }, limits: { cpu: "500m", memory: "64Mi" } },
    securityContext: LOCKED,
    volumeMount: mounts(["config", "secret", "scripts", "run"]),
  };
}

/** Key of a watch's CA certificates in the ConfigMap. */
export function watchCaKey(key: string): string {
  return `watch-${key}-ca.crt`;
}

/** Key of a watch's Consul token in the Secret. */
export function watchTokenKey(key: string): string {
  return `watch-${key}-token`;
}

function mounts(names: readonly (keyof typeof FOLDERS)[]) {
  return names.map((name) => ({
    name,
    mountPath: FOLDERS[name],
    readOnly: name === "run" ? undefined : true,
  }));
}

function volumes(props: PodProps): DeploymentV1SpecTemplateSpecVolume[] {
  return [
    { name: "config", configMap: { name: props.configName } },
    { name: "scripts", configMap: { name: props.scriptsName } },
    // Owner root, group of the pod: readable by PgBouncer only.
    { name: "secret", secret: { secretName: props.secretName, defaultMode: "0440" } },
    { name: "run", emptyDir: { medium: "Memory", sizeLimit: "16Mi" } },
    ...(props.tlsSecretName
      ? [{ name: "tls", secret: { secretName: props.tlsSecretName, defaultMode: "0440" } }]
      : []),
  ];
}
