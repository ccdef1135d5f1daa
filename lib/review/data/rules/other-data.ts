// Read 2026-11. Types that hold data and have no constructs here: what is lost when one is destroyed. Pages of aws 5.100.0 and google 6.50.0.

import { either, except, from, shrinks, to } from "../../rules/changes";
import { type Rule, rulesOf } from "../../rules/rule";
import { OTHER_DATA_KINDS } from "../other-data-kinds";

const AWS = "https://github.com/hashicorp/terraform-provider-aws/blob/v5.100.0/website/docs/r/";
const GOOGLE = "https://github.com/hashicorp/terraform-provider-google/blob/v6.50.0/website/docs/r/";
const AZURE = "https://github.com/hashicorp/terraform-provider-azurerm/blob/v4.55.0/website/docs/";
const GONE = ["destroy", "replace"] as const;
const others = Object.values(OTHER_DATA_KINDS)
  .flatMap((words) => Object.keys(words))
  .filter((type) => type !== "azurerm_resource_group");
const other = rulesOf(others, "https://developer.hashicorp.com/terraform/language/resources/behavior");
const group = rulesOf("azurerm_resource_group", `${AZURE}guides/features-block.html.markdown`);
const logs = rulesOf("aws_cloudwatch_log_group", `${AWS}cloudwatch_log_group.html.markdown`);
const LABELS = ["tags", "tags_all", "timeouts", "labels", "effective_labels", "terraform_labels"];

/** Volumes, file systems and backups of other services. */
export const OTHER_DATA_RULES: readonly Rule[] = [
  other.when(GONE, {
    id: "DATA-DELETED",
    effects: ["data-loss", "outage"],
    words:
      "The resource is deleted with the data in it; a replacement begins empty. Backups and snapshots that the service keeps apart from it remain.",
    next: "Restore a backup for a test first; if the resource was renamed, add a moved block or keep its construct id.",
    certainty: "likely",
  }),
  other.harmless("DATA-LABELS", LABELS, "No effect on the data."),
  group.when(GONE, {
    id: "RESOURCE-GROUP-DELETED",
    effects: ["failure", "data-loss"],
    words:
      "The provider refuses to delete a resource group that has resources, as long as features.resource_group.prevent_deletion_if_contains_resources is true (the default). Otherwise Azure deletes all resources in it with their data.",
    next: "Look at what else is in the resource group: az resource list.",
  }),
  group.harmless("RESOURCE-GROUP-LABELS", LABELS, "No effect on the resources in the group."),
  logs.when(GONE, {
    id: "LOG-GROUP-DELETED",
    effects: ["data-loss"],
    where: { skip_destroy: [false, null] },
    words: "CloudWatch Logs deletes the log group with its logs.",
    next: "Export the logs if an audit needs them.",
  }),
  // 0 means: for ever.
  logs.on("retention_in_days", either(from(0, undefined), except(shrinks, to(0, undefined))), {
    id: "LOG-RETENTION-SHORTER",
    effects: ["data-loss"],
    words: "CloudWatch Logs deletes log events that are older than the new retention.",
    next: "Export the logs if an audit needs them.",
  }),
  rulesOf("aws_efs_file_system", `${AWS}efs_file_system.html.markdown`).when(GONE, {
    id: "EFS-DELETED",
    effects: ["data-loss", "outage"],
    words: "EFS deletes the file system with its files. Recovery points in AWS Backup remain.",
  }),
  rulesOf("google_backup_dr_backup_vault", `${GOOGLE}backup_dr_backup_vault.html.markdown`).when(GONE, {
    id: "BACKUPDR-VAULT-DELETED",
    effects: ["backup-loss", "failure"],
    words:
      "The backup vault is deleted with its backups, or the apply fails while a backup is within its enforced retention.",
  }),
  rulesOf("google_gke_backup_backup_plan", `${GOOGLE}gke_backup_backup_plan.html.markdown`).when(GONE, {
    id: "GKE-BACKUP-PLAN-DELETED",
    effects: ["backup-loss", "failure"],
    certainty: "likely",
    words:
      "The cluster is no longer backed up by this plan; Google refuses to delete a plan that has backups.",
  }),
];
