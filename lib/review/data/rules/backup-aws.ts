// Read 2026-11. AWS Backup: vaults, plans, selections, restore tests. API reference of AWS Backup; replacements were planned by the aws
// provider 5.100.0.

import { changed, disabled, enabled, except, grows, removed, set, shrinks } from "../../rules/changes";
import { type Rule, rulesOf } from "../../rules/rule";

const API = "https://docs.aws.amazon.com/aws-backup/latest/devguide/";
const vault = rulesOf("aws_backup_vault", `${API}API_DeleteBackupVault.html`);
const lock = rulesOf("aws_backup_vault_lock_configuration", `${API}API_PutBackupVaultLockConfiguration.html`);
const airGapped = rulesOf("aws_backup_logically_air_gapped_vault", `${API}logicallyairgappedvault.html`);
const vaultPolicy = rulesOf("aws_backup_vault_policy", `${API}create-a-vault-access-policy.html`);
const plan = rulesOf("aws_backup_plan", `${API}API_BackupRule.html`);
const selection = rulesOf("aws_backup_selection", `${API}API_CreateBackupSelection.html`);
const tests = rulesOf(
  ["aws_backup_restore_testing_plan", "aws_backup_restore_testing_selection"],
  `${API}restore-testing.html`,
);

/** AWS Backup. */
export const BACKUP_AWS_RULES: readonly Rule[] = [
  vault.when(["destroy", "replace"], {
    id: "BACKUP-VAULT-EMPTIED",
    where: { force_destroy: true },
    effects: ["backup-loss", "irreversible"],
    words:
      "The provider deletes all recovery points of the vault, then the vault: force_destroy is true in the state.",
    source:
      "https://github.com/hashicorp/terraform-provider-aws/blob/v5.100.0/website/docs/r/backup_vault.html.markdown",
  }),
  vault.when(["destroy", "replace"], {
    id: "BACKUP-VAULT-NOT-EMPTY",
    where: { force_destroy: [false, null] },
    effects: ["failure"],
    words:
      "AWS Backup deletes a vault only if it is empty: the apply fails as long as it has recovery points.",
    next: "Keep the vault, and add a second one beside it for a new name or key.",
  }),
  vault.on("force_destroy", enabled, {
    id: "BACKUP-VAULT-FORCE-DESTROY",
    effects: ["weaker"],
    when: "next destroy",
    words: "The next apply that destroys or replaces the vault deletes all its recovery points.",
  }),
  vault.on("force_destroy", disabled, {
    id: "BACKUP-VAULT-FORCE-DESTROY-OFF",
    effects: [],
    words: "A vault with recovery points is not destroyed.",
  }),
  vault.harmless("BACKUP-VAULT-TAGS", ["tags", "tags_all", "timeouts"], "No effect on recovery points."),
  lock.when(["replace", "destroy"], {
    id: "BACKUP-LOCK-OPEN",
    effects: ["weaker", "failure"],
    words:
      "The vault is without its lock between delete and create, or from now on. After the lock date of changeable_for_days the lock cannot be changed, and the apply fails.",
  }),
  vaultPolicy.when(["replace", "destroy"], {
    id: "BACKUP-VAULT-POLICY-REMOVED",
    effects: ["weaker"],
    words:
      "The vault is without its access policy, or without it until the new one exists: identities with the right to do so can delete recovery points, and other accounts can no longer copy into it.",
  }),
  vaultPolicy.on("policy", changed, {
    id: "BACKUP-VAULT-POLICY",
    effects: ["weaker"],
    certainty: "likely",
    words:
      "Another access policy of the vault: it may permit the deletion of recovery points, or refuse copies of other accounts.",
    next: "Compare the statements before and after.",
  }),
  airGapped.when(["destroy", "replace"], {
    id: "BACKUP-AIR-GAPPED-VAULT-DELETED",
    effects: ["backup-loss", "failure"],
    words:
      "The logically air-gapped vault is to be deleted with its recovery points; AWS Backup refuses as long as it has any.",
    source: `${API}API_DeleteBackupVault.html`,
  }),
  airGapped.harmless(
    "BACKUP-AIR-GAPPED-TAGS",
    ["tags", "tags_all", "timeouts"],
    "No effect on recovery points.",
  ),
  plan.when(["destroy", "replace"], {
    id: "BACKUP-PLAN-DELETED",
    effects: ["backup-loss"],
    words:
      "No more backups are made by this plan. Recovery points that are there stay until their retention ends.",
  }),
  plan.on("rule", removed, {
    id: "BACKUP-RULE-REMOVED",
    effects: ["backup-loss"],
    words: "The backups of this rule are no longer made.",
  }),
  plan.on("rule.lifecycle.delete_after", shrinks, {
    id: "BACKUP-KEPT-SHORTER",
    effects: ["backup-loss"],
    words: "Recovery points made from now on are kept for a shorter time.",
    source: `${API}API_Lifecycle.html`,
  }),
  plan.on("rule.copy_action", removed, {
    id: "BACKUP-COPY-REMOVED",
    effects: ["backup-loss"],
    words:
      "Recovery points are no longer copied to the other vault: the loss of this Region or account takes all of them.",
    source: `${API}API_CopyAction.html`,
  }),
  plan.on("rule.enable_continuous_backup", disabled, {
    id: "BACKUP-CONTINUOUS-OFF",
    effects: ["backup-loss"],
    words: "AWS Backup makes snapshots only: no point-in-time restore from this vault.",
  }),
  plan.on("rule.schedule", except(changed, set, removed), {
    id: "BACKUP-SCHEDULE",
    effects: ["backup-loss"],
    certainty: "likely",
    words: "Another schedule: if it is rarer, more data is lost in a restore.",
    next: "Compare the hours between two backups before and after.",
  }),
  plan.on("rule.target_vault_name", changed, {
    id: "BACKUP-OTHER-VAULT",
    effects: [],
    words: "New recovery points go to the other vault; those in the old one stay until their retention ends.",
  }),
  plan.on(["rule.start_window", "rule.completion_window"], shrinks, {
    id: "BACKUP-WINDOW-SHORTER",
    effects: ["backup-loss"],
    certainty: "likely",
    words: "AWS Backup cancels a job that has not started or ended in this time: there is no backup then.",
    next: "Compare with the duration of the last backup jobs.",
  }),
  plan.on(["rule.start_window", "rule.completion_window"], grows, {
    id: "BACKUP-WINDOW-LONGER",
    effects: [],
    words: "Backups may start or end later.",
  }),
  plan.on("rule.copy_action", set, {
    id: "BACKUP-COPY-ADDED",
    effects: ["cost"],
    words: "Recovery points made from now on are also copied to the other vault.",
    source: `${API}API_CopyAction.html`,
  }),
  plan.harmless("BACKUP-PLAN-TAGS", ["name", "tags", "tags_all"], "No effect on recovery points."),
  selection.when(["destroy", "replace"], {
    id: "BACKUP-SELECTION-DELETED",
    effects: ["backup-loss"],
    words:
      "The resources of this selection are no longer backed up by its plan, or not until the new selection exists. AWS Backup reports nothing.",
  }),
  tests.when("destroy", {
    id: "RESTORE-TEST-DELETED",
    effects: ["weaker"],
    words: "Restores are no longer tested: a backup that cannot be restored is noticed when it is needed.",
  }),
  tests.on("schedule_expression", changed, {
    id: "RESTORE-TEST-SCHEDULE",
    effects: ["weaker"],
    certainty: "likely",
    words:
      "Restore tests run at other times; if more rarely, a backup that cannot be restored is noticed later.",
  }),
  tests.on("protected_resource_arns", changed, {
    id: "RESTORE-TEST-ARNS-IGNORED",
    effects: ["weaker"],
    certainty: "likely",
    words:
      "The provider reports the change as done and changes nothing: the restore test goes on with the old resources.",
    next: "Give the selection another name, which replaces it.",
    source: "https://github.com/hashicorp/terraform-provider-aws/issues/48316",
  }),
  plan.on("rule.lifecycle.delete_after", grows, {
    id: "BACKUP-KEPT-LONGER",
    effects: ["cost"],
    words: "Recovery points made from now on are kept longer.",
    source: `${API}API_Lifecycle.html`,
  }),
  plan.on("rule.copy_action.lifecycle.delete_after", shrinks, {
    id: "BACKUP-COPY-KEPT-SHORTER",
    effects: ["backup-loss"],
    words: "Copies made from now on are kept for a shorter time.",
    source: `${API}API_CopyAction.html`,
  }),
];
