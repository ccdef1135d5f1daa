// The workflow of a schedule, in the JSON form of Workflows (read 2026-11):
// cloud.google.com/workflows/docs/reference/syntax, cloud.google.com/workflows/docs/reference/googleapis/sqladmin/v1/backupRuns/insert,
// cloud.google.com/sql/docs/mysql/admin-api/rest/v1/backupRuns. Tests execute it against a stand-in of Cloud SQL; it has not run on Google Cloud.

import { BUSY, connectorParams, expression, items, RETRY } from "./workflow-steps";

/** A schedule, for its workflow. @internal */
export interface BackupWorkflow {
  /** Name of the workflow: the mark of its backups. */
  readonly name: string;
  readonly project: string;
  readonly instance: string;
  /** Location of the backups. @default - that of Cloud SQL */
  readonly location?: string;
  readonly keep: number;
  readonly timeoutMinutes: number;
}

/** Beginning of the descriptions of a schedule's backups. No name is the beginning of another with the comma. */
export function backupMark(workflowName: string): string {
  return `Scheduled backup of ${workflowName}, `;
}

/** Backups of a page of the list: a page and the variables have to fit into the 512 KiB of an execution. */
const PAGE = 50;
/** Newest backups among which a run looks for its own. */
const NEWEST = 20;
const POLL_SECONDS = 60;

const description = (run: string) => `default(map.get(${run}, "description"), "")`;

/**
 * The source of the workflow. It makes a backup, waits until Cloud SQL says that it has succeeded, and only then deletes the schedule's
 * backups that are older than the newest `keep` successful ones. It does not poll operations (`skip_polling`): the permission for that is
 * one on all operations of the project.
 *
 * @internal
 */
export function backupWorkflowSource(workflow: BackupWorkflow): string {
  const { name, project, instance, location, keep, timeoutMinutes } = workflow;
  const target = { project, instance };
  const own = `map.get(backup, "type") == "ON_DEMAND" and text.match_regex(${description("backup")}, "^${backupMark(name)}")`;
  const steps = [
    {
      begin: {
        assign: [
          {
            mark: expression(
              `"${backupMark(name)}" + "execution " + sys.get_env("GOOGLE_CLOUD_WORKFLOW_EXECUTION_ID")`,
            ),
          },
          { deadline: expression(`sys.now() + ${timeoutMinutes * 60}`) },
          { status: "not listed" },
          { none: [] },
          { ended: ["FAILED", "SKIPPED", "DELETED", "DELETION_PENDING", "DELETION_FAILED"] },
          { deletable: ["SUCCESSFUL", "FAILED", "DELETION_FAILED"] },
        ],
      },
    },
    {
      insert: {
        try: {
          call: "googleapis.sqladmin.v1.backupRuns.insert",
          args: {
            ...target,
            body: { description: expression("mark"), ...(location === undefined ? {} : { location }) },
            connector_params: connectorParams,
          },
        },
        retry: RETRY,
      },
    },
    { wait: { call: "sys.sleep", args: { seconds: POLL_SECONDS } } },
    {
      look: {
        call: "googleapis.sqladmin.v1.backupRuns.list",
        args: { ...target, maxResults: NEWEST },
        result: "newest",
      },
    },
    {
      find: {
        for: {
          value: "run",
          in: items("newest"),
          steps: [
            {
              match: {
                switch: [
                  {
                    condition: expression(`${description("run")} == mark`),
                    steps: [{ take: { assign: [{ status: expression("run.status") }] } }],
                  },
                ],
              },
            },
          ],
        },
      },
    },
    {
      judge: {
        switch: [
          { condition: expression('status == "SUCCESSFUL"'), next: "collect" },
          { condition: expression("status in ended"), next: "failed" },
          { condition: expression("sys.now() > deadline"), next: "failed" },
        ],
        next: "wait",
      },
    },
    { collect: { assign: [{ kept: 0 }, { expired: [] }, { token: "" }] } },
    {
      page: {
        call: "googleapis.sqladmin.v1.backupRuns.list",
        args: { ...target, maxResults: PAGE, pageToken: expression("token") },
        result: "backups",
      },
    },
    {
      // Newest first: the API lists in reverse chronological order.
      choose: {
        for: {
          value: "backup",
          in: items("backups"),
          steps: [
            {
              own: {
                switch: [
                  {
                    condition: expression(own),
                    steps: [
                      {
                        count: {
                          switch: [
                            {
                              condition: expression(`kept >= ${keep} and backup.status in deletable`),
                              steps: [
                                {
                                  expire: {
                                    assign: [{ expired: expression("list.concat(expired, backup.id)") }],
                                  },
                                },
                              ],
                            },
                            {
                              condition: expression('backup.status == "SUCCESSFUL"'),
                              steps: [{ keep: { assign: [{ kept: expression("kept + 1") }] } }],
                            },
                          ],
                        },
                      },
                    ],
                  },
                ],
              },
            },
          ],
        },
      },
    },
    {
      more: {
        switch: [
          { condition: expression('default(map.get(backups, "nextPageToken"), "") != ""'), next: "turn" },
        ],
        next: "delete",
      },
    },
    { turn: { assign: [{ token: expression("backups.nextPageToken") }], next: "page" } },
    {
      delete: {
        for: {
          value: "old",
          in: expression("expired"),
          steps: [
            {
              remove: {
                try: {
                  call: "googleapis.sqladmin.v1.backupRuns.delete",
                  args: { ...target, id: expression("old"), connector_params: connectorParams },
                },
                retry: RETRY,
                // Cloud Scheduler may start two executions: the other one has deleted it.
                except: {
                  as: "e",
                  steps: [
                    {
                      gone: {
                        switch: [
                          {
                            condition: expression('map.get(e, "code") != 404'),
                            steps: [{ rethrow: { raise: expression("e") } }],
                          },
                        ],
                      },
                    },
                  ],
                },
              },
            },
          ],
        },
      },
    },
    { done: { return: { backup: expression("mark"), deleted: expression("expired") } } },
    { failed: { raise: expression('mark + ": the backup has not succeeded, its status is " + status') } },
  ];
  return JSON.stringify({ main: { steps }, busy: BUSY }, undefined, 2);
}
