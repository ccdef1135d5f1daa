// Read 2026-11. Helm releases. helm provider 3.1.1 (resource_helm_release.go and its page): name and namespace replace the release.

import {
  changed,
  disabled,
  enabled,
  except,
  majorRises,
  shrinks,
  to,
  versionFalls,
  versionRises,
} from "../../rules/changes";
import { type Rule, rulesOf } from "../../rules/rule";

const PROVIDER = "https://github.com/hashicorp/terraform-provider-helm/blob/v3.1.1/";
const release = rulesOf("helm_release", `${PROVIDER}docs/resources/release.md`);

/** Helm releases. */
export const HELM_RULES: readonly Rule[] = [
  release.when("destroy", {
    id: "HELM-UNINSTALLED",
    effects: ["outage", "data-loss"],
    words:
      "Helm uninstalls the release: the application stops. Secrets and PersistentVolumeClaims that the chart made go with it; claims of a StatefulSet and CRDs stay.",
    next: "Check with helm get manifest that the chart holds no data and no generated secrets.",
  }),
  release.when("replace", {
    id: "HELM-REINSTALLED",
    effects: ["outage", "data-loss"],
    words:
      "Helm uninstalls the release and installs it anew: the application is down in between. Secrets and PersistentVolumeClaims that the chart made go with it.",
    next: "Keep name and namespace, or move the data first.",
    source: `${PROVIDER}helm/resource_helm_release.go`,
  }),
  release.on("version", majorRises, {
    id: "HELM-CHART-MAJOR",
    effects: ["outage", "irreversible"],
    certainty: "likely",
    words:
      "Another major version of the chart: values may have other names, and the application may migrate its database, which an older version cannot read.",
    next: "Read the upgrade notes, and make a backup of the database before the apply.",
  }),
  release.on("version", except(versionRises, majorRises), {
    id: "HELM-CHART-NEWER",
    effects: ["outage", "irreversible"],
    certainty: "likely",
    words:
      "A newer chart: pods restart, and a newer application may migrate its database, which an older version cannot read.",
    next: "Make a backup of the database before the apply.",
  }),
  release.on("version", versionFalls, {
    id: "HELM-CHART-OLDER",
    effects: ["outage", "failure"],
    certainty: "likely",
    words: "An older chart: an older application often cannot read a database that a newer one has migrated.",
    next: "Restore the database from before the upgrade, if the application says so.",
  }),
  release.when("create", {
    id: "HELM-CHART-UNPINNED",
    where: { version: null },
    effects: ["weaker"],
    when: "later",
    words:
      "Without a version, the newest chart is installed: another apply elsewhere, or after a destroy, installs another application.",
  }),
  release.on(["chart", "repository"], changed, {
    id: "HELM-CHART-OTHER",
    effects: ["outage"],
    certainty: "likely",
    words: "The release is upgraded to another chart: objects that the new one does not have are deleted.",
  }),
  release.on(["values", "set", "set_list", "set_sensitive", "set_wo_revision"], changed, {
    id: "HELM-VALUES",
    effects: ["outage"],
    certainty: "likely",
    words:
      "Helm upgrades the release with other values: pods whose template changes are replaced, one after the other for most charts.",
  }),
  release.on("force_update", enabled, {
    id: "HELM-FORCE",
    effects: ["outage", "failure"],
    certainty: "likely",
    words:
      "Upgrades replace each object as a whole instead of patching it: fields that others set, such as the replicas of an autoscaler, are reset, and a fixed field, such as the address of a Service, fails the upgrade.",
    source: "https://github.com/helm/helm/blob/v3.19.0/pkg/kube/client.go",
  }),
  release.on("recreate_pods", enabled, {
    id: "HELM-RECREATE",
    effects: ["outage"],
    words: "Each upgrade restarts the pods.",
  }),
  release.on("replace", enabled, {
    id: "HELM-REUSE-NAME",
    effects: ["weaker"],
    when: "later",
    words:
      "An installation takes over a name that is in use. The provider's page calls this unsafe in production.",
  }),
  release.on(["wait", "atomic", "wait_for_jobs"], disabled, {
    id: "HELM-NOT-WAITED",
    effects: ["weaker"],
    when: "later",
    words:
      "wait: an apply is done before the pods are ready, so a release that does not start looks like a success. atomic: a failed upgrade stays half-way.",
  }),
  release.on("timeout", shrinks, {
    id: "HELM-TIMEOUT",
    effects: ["failure"],
    when: "later",
    certainty: "likely",
    words:
      "An upgrade whose migration lasts longer fails half-way; with atomic it is rolled back while the migration may go on.",
  }),
  release.on(["wait", "atomic", "wait_for_jobs"], enabled, {
    id: "HELM-WAITED",
    effects: [],
    words: "An apply waits until the release is ready; atomic rolls a failed upgrade back.",
  }),
  release.on(["force_update", "recreate_pods", "replace"], disabled, {
    id: "HELM-GENTLE",
    effects: [],
    words: "Upgrades change only what differs.",
  }),
  release.on("upgrade_install", to(true), {
    id: "HELM-TAKES-OVER",
    effects: ["weaker"],
    when: "later",
    words:
      "An installation takes over a release that something else installed. The provider's page warns of it in production.",
  }),
  release.harmless(
    "HELM-HARMLESS",
    [
      "description",
      "max_history",
      "timeouts",
      "lint",
      "dependency_update",
      "cleanup_on_fail",
      "create_namespace",
    ],
    "No effect on the objects of the release.",
  ),
];
