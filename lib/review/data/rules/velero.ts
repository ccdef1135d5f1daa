// Read 2026-11. Velero by its chart (vmware-tanzu/helm-charts velero-12.1.0, Velero 1.18): values that decide about backups.

import { changed, disabled, either, enabled, except, removed, set, shrinks, to } from "../../rules/changes";
import { type Rule, rulesOf } from "../../rules/rule";

const VALUES = "https://github.com/vmware-tanzu/helm-charts/blob/velero-12.1.0/charts/velero/values.yaml";
const velero = rulesOf("helm_release", VALUES);
const where = { chart: /(^|\/)velero(-\d.*)?$/ };

/** Velero. */
export const VELERO_RULES: readonly Rule[] = [
  velero.when(["destroy", "replace"], {
    id: "VELERO-UNINSTALLED",
    where,
    effects: ["backup-loss"],
    words:
      "No more backups of the cluster. Backups in the object store stay; schedules and locations of the chart go.",
  }),
  velero.on("values.backupsEnabled", disabled, {
    id: "VELERO-BACKUPS-OFF",
    where,
    effects: ["backup-loss"],
    words: "The chart makes no backup storage location: no more backups of the cluster.",
  }),
  velero.on("values.snapshotsEnabled", disabled, {
    id: "VELERO-SNAPSHOTS-OFF",
    where,
    effects: ["backup-loss"],
    words:
      "The chart makes no volume snapshot location: volumes are no longer in the backups, unless by file system backup.",
  }),
  velero.on("values.deployNodeAgent", disabled, {
    id: "VELERO-NODE-AGENT-OFF",
    where,
    effects: ["backup-loss"],
    words:
      "Without the node agent there is no file system backup: volumes that rely on it are no longer in the backups.",
  }),
  velero.on("values.schedules", either(removed, shrinks), {
    id: "VELERO-SCHEDULE-REMOVED",
    where,
    effects: ["backup-loss"],
    words: "No more scheduled backups of the cluster.",
  }),
  velero.on("values.schedules.*.disabled", enabled, {
    id: "VELERO-SCHEDULE-OFF",
    where,
    effects: ["backup-loss"],
    words: "This schedule makes no more backups.",
  }),
  velero.on("values.schedules.*.paused", enabled, {
    id: "VELERO-SCHEDULE-PAUSED",
    where,
    effects: ["backup-loss"],
    words: "This schedule makes no more backups until it is resumed.",
  }),
  velero.on("values.schedules.*.template.ttl", shrinks, {
    id: "VELERO-TTL-SHORTER",
    where,
    effects: ["backup-loss"],
    words: "Backups made from now on are deleted earlier.",
  }),
  velero.on("values.schedules.*.schedule", except(changed, removed, set), {
    id: "VELERO-SCHEDULE",
    where,
    effects: ["backup-loss"],
    certainty: "likely",
    words: "Another schedule: if it is rarer, more is lost in a restore.",
  }),
  velero.on("values.configuration.backupStorageLocation.accessMode", to("ReadOnly"), {
    id: "VELERO-READ-ONLY",
    where,
    effects: ["backup-loss"],
    words:
      "The backup storage location is read-only, as for a restore: no more backups until it is ReadWrite again.",
    source: "https://velero.io/docs/v1.18/disaster-case/",
  }),
  velero.on(
    [
      "values.configuration.backupStorageLocation.bucket",
      "values.configuration.backupStorageLocation.prefix",
    ],
    changed,
    {
      id: "VELERO-LOCATION-MOVED",
      where,
      effects: ["backup-loss"],
      words: "Velero writes to another place and no longer sees the backups in the old one; they stay there.",
    },
  ),
  velero.on("values.cleanUpCRDs", enabled, {
    id: "VELERO-CLEAN-UP-CRDS",
    where,
    effects: ["backup-loss"],
    when: "next destroy",
    words:
      "When the release is uninstalled, the chart deletes the CRDs of Velero and with them all locations, schedules and backup objects of the cluster.",
  }),
];
