// Values of Velero's chart. Sources: values.yaml and templates of the chart 12.1.0, rendered; velero.io/docs/v1.18.

import type { IWorkloadIdentity } from "../../database";
import type { HelmValues } from "../../kubernetes";
import type { IObjectStore } from "../../storage";
import { locationValues, pluginFor, type VeleroLocation } from "./velero-location";
import { scheduleValues, type VeleroSchedule } from "./velero-schedule";

/** Labels by which `velero install` marks the server's pods and KOTS finds them; the chart sets none of them. */
const SERVER_LABELS = { component: "velero", deploy: "velero" };
const AGENT_LABELS = { component: "velero" };

/** Everything from which the chart's values follow. @internal */
export interface VeleroValuesOptions {
  readonly serviceAccountName: string;
  readonly identity?: IWorkloadIdentity;
  readonly locations: ReadonlyMap<string, VeleroLocation>;
  readonly store: IObjectStore;
  readonly schedules: ReadonlyMap<string, VeleroSchedule>;
  readonly pluginVersion: string;
  readonly serverVersion?: string;
  readonly nodeAgent: boolean;
  readonly nodeAgentTolerations?: HelmValues[];
  readonly restoreOnly: boolean;
  readonly clusterAdministrator: boolean;
  readonly keySecretName?: string;
  readonly upgradeCRDs: boolean;
}

/** Values that `values` of the user override. @internal */
export function defaultValues({ nodeAgent }: Pick<VeleroValuesOptions, "nodeAgent">): HelmValues {
  return {
    // Those of `velero install`. The chart sets none, and the Azure plugin is killed without them (vmware-tanzu/velero#3234).
    resources: {
      requests: { cpu: "500m", memory: "128Mi" },
      limits: { cpu: "1", memory: "512Mi" },
    },
    // Projected tokens of cloud identities are readable by a group; the image's user has no number in its pod.
    podSecurityContext: { fsGroup: 65_534 },
    ...(nodeAgent && {
      nodeAgent: {
        // An agent that cannot start, because its node is full or not ready, must not hold the release until its timeout: Helm waits
        // for all agents but those that may be unavailable.
        updateStrategy: { type: "RollingUpdate", rollingUpdate: { maxUnavailable: "100%" } },
      },
    }),
  };
}

/** Values that the construct requires. @internal */
export function requiredValues(options: VeleroValuesOptions): HelmValues {
  const { identity, locations, schedules, restoreOnly, store, keySecretName } = options;
  const podLabels = identity?.podLabels ?? {};
  const plugin = pluginFor(store);
  return {
    // Names follow from the release's name alone.
    nameOverride: "",
    fullnameOverride: "",
    image: options.serverVersion === undefined ? undefined : { tag: `v${options.serverVersion}` },
    initContainers: [
      {
        // KOTS recognises plugins by this name.
        name: plugin.name,
        image: `velero/${plugin.name}:v${options.pluginVersion}`,
        imagePullPolicy: "IfNotPresent",
        volumeMounts: [{ mountPath: "/target", name: "plugins" }],
      },
    ],
    podLabels: { ...podLabels, ...SERVER_LABELS },
    deployNodeAgent: options.nodeAgent,
    ...(options.nodeAgent && {
      nodeAgent: {
        // The agent reads and writes the store too.
        podLabels: { ...podLabels, ...AGENT_LABELS },
        tolerations: options.nodeAgentTolerations,
      },
    }),
    configuration: {
      uploaderType: "kopia",
      // Lists: the chart renders nothing of a map, and nothing says so.
      backupStorageLocation: [...locations].map(([name, location]) =>
        locationValues(name, restoreOnly ? { ...location, readOnly: true } : location, identity),
      ),
      // The chart's own list has one entry without a provider.
      volumeSnapshotLocation: [],
    },
    backupsEnabled: true,
    // File-system backups need no rights on disks and can be restored in another region.
    snapshotsEnabled: false,
    credentials:
      keySecretName === undefined ? { useSecret: false } : { useSecret: true, existingSecret: keySecretName },
    serviceAccount: {
      server: {
        create: true,
        name: options.serviceAccountName,
        annotations: identity?.serviceAccountAnnotations ?? {},
      },
    },
    rbac: { create: true, clusterAdministrator: options.clusterAdministrator },
    upgradeCRDs: options.upgradeCRDs,
    // Deleting the definitions deletes every location and the list of backups.
    cleanUpCRDs: false,
    schedules: Object.fromEntries(
      [...schedules].map(([key, schedule]) => [key, scheduleValues(schedule, restoreOnly)]),
    ),
  };
}
