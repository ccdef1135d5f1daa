// Read 2026-11. Types that hold data and have no constructs here: what is lost when one is destroyed. Pages of aws 5.100.0 and google 6.50.0.

import { type Rule, rulesOf } from "../../rules/rule";

const AWS = "https://github.com/hashicorp/terraform-provider-aws/blob/v5.100.0/website/docs/r/";
const GOOGLE = "https://github.com/hashicorp/terraform-provider-google/blob/v6.50.0/website/docs/r/";
const GONE = ["destroy", "replace"] as const;

/** Volumes, file systems and backups of other services. */
export const OTHER_DATA_RULES: readonly Rule[] = [
  rulesOf("aws_ebs_volume", `${AWS}ebs_volume.html.markdown`).when(GONE, {
    id: "EBS-VOLUME-DELETED",
    effects: ["data-loss"],
    words: "EC2 deletes the volume with its data. Snapshots remain.",
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
