// Read 2026-11. Cloud Scheduler jobs and workflows, which make backups on a schedule. Pages of the google provider 6.50.0.

import { changed, disabled, enabled } from "../../rules/changes";
import { type Rule, rulesOf } from "../../rules/rule";

const PROVIDER = "https://github.com/hashicorp/terraform-provider-google/blob/v6.50.0/website/docs/r/";
const job = rulesOf("google_cloud_scheduler_job", `${PROVIDER}cloud_scheduler_job.html.markdown`);
const workflow = rulesOf("google_workflows_workflow", `${PROVIDER}workflows_workflow.html.markdown`);

/** Cloud Scheduler and Workflows. */
export const BACKUP_GOOGLE_RULES: readonly Rule[] = [
  job.when("destroy", {
    id: "SCHEDULER-JOB-DELETED",
    effects: ["weaker"],
    words: "The job no longer runs: backups or checks that it starts end. Those that exist stay.",
  }),
  job.when("replace", {
    id: "SCHEDULER-JOB-REPLACED",
    effects: ["weaker"],
    certainty: "likely",
    words: "A run that falls between the deletion and the creation of the job is left out.",
  }),
  job.on("paused", enabled, {
    id: "SCHEDULER-JOB-PAUSED",
    effects: ["weaker"],
    words: "The job no longer runs: backups or checks that it starts end.",
  }),
  job.on("paused", disabled, {
    id: "SCHEDULER-JOB-RESUMED",
    effects: [],
    words: "The job runs again.",
  }),
  job.on(["schedule", "time_zone"], changed, {
    id: "SCHEDULER-JOB-SCHEDULE",
    effects: ["weaker"],
    certainty: "likely",
    words:
      "The job runs at other times: if it makes backups and runs more rarely, more is lost in a restore.",
  }),
  job.on(["http_target", "pubsub_target", "app_engine_http_target"], changed, {
    id: "SCHEDULER-JOB-TARGET",
    effects: ["weaker"],
    certainty: "likely",
    words: "The job starts something else, or with other rights: backups that it starts may end.",
  }),
  job.harmless(
    "SCHEDULER-JOB-HARMLESS",
    ["description", "attempt_deadline", "retry_config", "timeouts"],
    "No effect on the times of the runs.",
  ),
  workflow.when(["destroy", "replace"], {
    id: "WORKFLOW-DELETED",
    effects: ["weaker"],
    words:
      "Executions of the workflow end, and none can be started until it exists again: backups that it makes end. Those that exist stay.",
  }),
  workflow.when(["destroy", "replace"], {
    id: "WORKFLOW-DELETION-REFUSED",
    where: { deletion_protection: true },
    effects: ["failure"],
    words: "The provider refuses to delete the workflow: deletion_protection is true in the state.",
  }),
  workflow.on("source_contents", changed, {
    id: "WORKFLOW-SOURCE",
    effects: ["weaker"],
    certainty: "likely",
    words: "New executions run other steps: a workflow that deletes old backups may keep fewer of them.",
    next: "Compare the steps that delete, and start an execution after the apply.",
  }),
  workflow.on("service_account", changed, {
    id: "WORKFLOW-ACCOUNT",
    effects: ["weaker"],
    certainty: "likely",
    words:
      "New executions have the rights of another service account: they fail without those that they need.",
  }),
  workflow.harmless(
    "WORKFLOW-HARMLESS",
    [
      "description",
      "labels",
      "effective_labels",
      "terraform_labels",
      "call_log_level",
      "execution_history_level",
      "deletion_protection",
      "timeouts",
    ],
    "No effect on the steps of the workflow.",
  ),
];
