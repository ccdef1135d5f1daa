// Checks of a Velero's properties: identity or key by the store's cloud, names that Helm would refuse twice, versions that fit together.

import type { Construct } from "constructs";
import { major, minor, valid } from "semver";
import { Cloud } from "../../database";
import { checkUniqueName, isResolved, type SynthChecks } from "../../database/private";
import { checkLabels } from "../../kubernetes/private";
import { type IObjectStore, ObjectStoreKind } from "../../storage";
import { checkOnceInCluster } from "../private/once-in-cluster";
import { checkStoreLock } from "../private/store-lock";
import { VELERO_LINES } from "./data/velero-versions";
import type { VeleroProps } from "./velero";
import { checkLocations, checkPrefix, DEFAULT_LOCATION } from "./velero-location";
import { DEFAULT_RETENTION_DAYS } from "./velero-schedule";

type Labels = { readonly [name: string]: string } | undefined;

/** Names of a Velero. @internal */
export interface VeleroNames {
  readonly namespace: string;
  readonly serviceAccountName: string;
  /** Name of the chart's objects. */
  readonly fullName: string;
}

/** Reports mistakes in the properties, and secure defaults that they give up. @internal */
export function checkVelero(
  scope: Construct,
  checks: SynthChecks,
  props: VeleroProps,
  named: VeleroNames,
): void {
  const { namespace, serviceAccountName, fullName } = named;
  const { store, identity, key } = props;
  checkPrefix(checks, "prefix", props.prefix);
  checkLocations(checks, store, identity, props.locations ?? {});
  checkLocks(checks, props);
  checkUniqueName(checks, scope, {
    kind: "Velero",
    property: "namespace",
    name: namespace,
    provider: props.kubernetesProvider,
    remedy:
      "the chart names its Deployment velero in every release, so choose another namespace for one of them",
  });
  checkOnceInCluster(checks, scope, {
    kind: "Velero",
    property: "namespace",
    name: namespace,
    provider: props.kubernetesProvider,
  });
  checkUniqueName(checks, scope, {
    kind: "Velero release",
    property: "releaseName",
    name: fullName,
    provider: props.kubernetesProvider,
    remedy: "cluster roles carry the release's name, so choose another releaseName for one of them",
  });
  if (props.repositoryPassword.changesEachRun) {
    checks.fail(
      "repositoryPassword",
      "a value that changes in every run",
      "must be the same in every run, since it encrypts all backups; use a generated secret of the cloud's secret store",
    );
  }
  if (store.cloud === Cloud.SELF_MANAGED) {
    if (!key) checks.fail("key", key, "must be set for a self-managed store, which knows no identities");
    if (key && (store.kind !== ObjectStoreKind.S3 || key.kind !== ObjectStoreKind.S3)) {
      checks.fail("key", key.kind, "must be a key of an S3-compatible store, like the store");
    }
  } else if (key) {
    checks.fail(
      "key",
      key.kind,
      `must not be set on ${store.cloud}, where an identity needs no key; use identity`,
    );
  }
  if (!identity && store.cloud !== Cloud.SELF_MANAGED) {
    checks.fail("identity", identity, `must be set on ${store.cloud}: an identity of the cloud needs no key`);
  }
  if (identity) {
    for (const [property, own] of [
      ["namespace", namespace],
      ["serviceAccountName", serviceAccountName],
    ] as const) {
      checks.check(
        `identity.${property}`,
        identity[property],
        () => !isResolved(own) || identity[property] === own,
        `must be ${own}, the ${property} of Velero`,
      );
    }
  }
  checkNodes(checks, props);
  for (const [schedule, { volumes }] of Object.entries(props.schedules ?? {})) {
    // Velero counts a running pod's volume without an agent on its node as an error (pkg/podvolume/backupper.go of v1.18).
    if (props.nodeAgent === false && volumes !== false) {
      checks.fail(
        `schedules.${schedule}.volumes`,
        volumes,
        "must be false without node agents, which back up volumes: every backup would be PartiallyFailed; or leave nodeAgent out",
        "schedules.volumes",
      );
    }
  }
  if (props.clusterAdministrator) {
    checks.optOut(
      "clusterAdministrator: Velero's server, and its agent that is root on each node, have all rights in the cluster",
    );
  }
  if (props.acceptLostBackups) {
    checks.optOut("acceptLostBackups: a new repository password makes all file-system backups unreadable");
  }
}

/** Reports locks of stores that end before a schedule's backups expire, or under which Velero cannot write. */
function checkLocks(checks: SynthChecks, props: VeleroProps): void {
  const stores: [string, string, IObjectStore][] = [
    [DEFAULT_LOCATION, "store", props.store],
    ...Object.entries(props.locations ?? {})
      .filter(([, { readOnly }]) => !readOnly)
      .map(([name, { store }]): [string, string, IObjectStore] => [name, `locations.${name}.store`, store]),
  ];
  for (const [location, property, store] of stores) {
    const schedules = Object.values(props.schedules ?? {}).filter(
      (schedule) => (schedule.location ?? DEFAULT_LOCATION) === location,
    );
    const days = schedules.map(({ retentionDays }) => retentionDays ?? DEFAULT_RETENTION_DAYS);
    checkStoreLock(checks, {
      property,
      store,
      days: days.length > 0 && isResolved(days) ? Math.max(...days) : undefined,
      retention: "retentionDays",
      overwritten: "the state of a backup",
    });
    if (store.lockDays !== undefined && schedules.some(({ volumes }) => volumes ?? true)) {
      checks.warn(
        `${property}.lockDays: backups of volumes share data with older ones, whose lock ends earlier, and Velero extends no lock (velero-io/velero#8726); keep versions of the store for longer than retentionDays`,
        "store.lockVolumes",
      );
    }
  }
}

const EFFECTS: readonly unknown[] = ["NoSchedule", "PreferNoSchedule", "NoExecute"];

/** Reports node selectors and tolerations that the API server refuses: the chart passes them on, and Helm fails half-way. */
function checkNodes(checks: SynthChecks, { values, nodeAgentTolerations }: VeleroProps): void {
  const agent = values?.nodeAgent as { readonly nodeSelector?: unknown } | undefined;
  checkLabels(checks, "values.nodeSelector", values?.nodeSelector as Labels);
  checkLabels(checks, "values.nodeAgent.nodeSelector", agent?.nodeSelector as Labels);
  const property = "nodeAgentTolerations";
  for (const each of nodeAgentTolerations ?? []) {
    const { key, operator = "Equal", value, effect } = each;
    checks.check(
      property,
      operator,
      () => operator === "Exists" || operator === "Equal",
      "must have the operator Exists or Equal",
    );
    checks.check(
      property,
      effect,
      () => EFFECTS.includes(effect),
      `must have an effect of ${EFFECTS.join(", ")}`,
    );
    if (!isResolved([key, operator, value])) continue;
    if (operator === "Exists" && value) {
      checks.fail(property, value, "must have no value with the operator Exists");
    }
    if (operator === "Equal" && !key) {
      checks.fail(property, key, "must have a key; only the operator Exists goes without, for all taints");
    }
    if (key)
      checkLabels(checks, property, { [String(key)]: operator === "Equal" ? ((value as string) ?? "") : "" });
  }
}

/** Reports versions that do not fit together. @returns the version of the plugin. @internal */
export function checkVeleroVersions(checks: SynthChecks, props: VeleroProps, chartVersion: string): string {
  const { pluginVersion, serverVersion } = props;
  const line = lineOf(chartVersion);
  const lines = VELERO_LINES.map(({ chart, velero }) => `${chart} (Velero ${velero})`).join(", ");
  if (isResolved(chartVersion) && valid(chartVersion) && !line) {
    checks.fail(
      "chartVersion",
      chartVersion,
      `must be of the lines ${lines}, for which the fitting plugins are known`,
    );
  }
  const fits = (property: string, value: string | undefined, wanted: string | undefined) =>
    checks.check(
      property,
      value,
      () => wanted === undefined || lineText(value as string) === wanted,
      `must be an exact version of the line ${wanted}, which fits chart ${chartVersion}`,
    );
  fits("pluginVersion", pluginVersion, line?.plugin);
  fits("serverVersion", serverVersion, line?.velero);
  if (line && !line.defaultPlugin && !pluginVersion) {
    checks.fail(
      "pluginVersion",
      pluginVersion,
      `must be set for chart ${chartVersion}: a version of the line ${line.plugin}`,
    );
  }
  return pluginVersion ?? line?.defaultPlugin ?? "";
}

/** Line of a chart version; undefined for one that is unknown or not known at synth. @internal */
export function lineOf(chartVersion: string) {
  if (!isResolved(chartVersion) || !valid(chartVersion)) return undefined;
  return VELERO_LINES.find(({ chart }) => chart === major(chartVersion));
}

function lineText(version: string): string | undefined {
  return valid(version) === version ? `${major(version)}.${minor(version)}` : undefined;
}
