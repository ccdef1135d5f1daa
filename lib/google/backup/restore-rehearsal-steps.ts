// Steps of the workflow of a rehearsal that stand apart: expressions, leftover copies, and the subworkflows that wait and delete.

import type { RehearsalWorkflow } from "./restore-rehearsal-workflow";

/** Labels of a copy: the workflow that has made it, and when, in seconds since 1970. */
export const OWNER = "rehearsal";
export const STARTED = "rehearsal-started";
/** Instances or backups of a page: a page and the variables have to fit into the 512 KiB of an execution. */
export const PAGE = 20;
const POLL_SECONDS = 30;
const DELETE_SECONDS = 3600;

/** An expression of Workflows, escaped for Terraform. */
export const expression = (text: string) => `$\${${text}}`;
/** A member of the source, which may be absent. */
export const ofSource = (...path: string[]) => expression(`map.get(original, ${JSON.stringify(path)})`);
export const items = (list: string) => expression(`default(map.get(${list}, "items"), none)`);
export const connectorParams = { skip_polling: true };

/** Cloud SQL answers 409 while another operation runs on the instance: about an hour of attempts. */
export const RETRY = {
  predicate: expression("busy"),
  max_retries: 8,
  backoff: { initial_delay: 60, max_delay: 600, multiplier: 2 },
};

/** A step that keeps an error for the end, so that the steps that follow run in any case. */
export const note = (id: string, what: string) => ({
  as: "e",
  steps: [
    {
      [id]: {
        assign: [{ problems: expression(`list.concat(problems, ${what} + json.encode_to_string(e))`) }],
      },
    },
  ],
});

/** Deletes copies of this workflow that are older than a rehearsal takes: their execution was cancelled, or could not delete them. */
export function sweep({ prefix, leftoverHours }: RehearsalWorkflow): object[] {
  const label = (name: string) => `default(map.get(instance, ["settings", "userLabels", "${name}"]), "0")`;
  const old = `int(${label(STARTED)}) < started - ${leftoverHours * 3600}`;
  return [
    {
      page: {
        call: "googleapis.sqladmin.v1.instances.list",
        args: {
          project: expression("project"),
          filter: expression(`"settings.userLabels.${OWNER}:" + owner`),
          maxResults: PAGE,
          pageToken: expression("token"),
        },
        result: "instances",
      },
    },
    {
      examine: {
        for: {
          value: "instance",
          in: items("instances"),
          steps: [
            {
              mine: {
                switch: [
                  {
                    condition: expression(
                      `text.match_regex(instance.name, "^${prefix}") and instance.name != source and ${label(OWNER)} == owner and ${old}`,
                    ),
                    steps: [
                      {
                        collect: {
                          assign: [{ leftovers: expression("list.concat(leftovers, instance.name)") }],
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
          { condition: expression('default(map.get(instances, "nextPageToken"), "") != ""'), next: "turn" },
        ],
        next: "sweep",
      },
    },
    { turn: { assign: [{ token: expression("instances.nextPageToken") }], next: "page" } },
    {
      // After the last page: a page token may count instances.
      sweep: {
        for: {
          value: "leftover",
          in: expression("leftovers"),
          steps: [
            {
              remove: {
                try: {
                  steps: [
                    {
                      remove_one: {
                        call: "delete_copy",
                        args: { project: expression("project"), copy: expression("leftover") },
                      },
                    },
                    { count: { assign: [{ swept: expression("list.concat(swept, leftover)") }] } },
                  ],
                },
                except: note("note_leftover", '"leftover " + leftover + " not deleted: "'),
              },
            },
          ],
        },
      },
    },
    {
      // An execution without an argument is a rehearsal.
      rehearse: {
        switch: [
          { condition: expression("args == null"), next: "backups" },
          { condition: expression('default(map.get(args, "sweepOnly"), false) == true'), next: "swept_only" },
        ],
        next: "backups",
      },
    },
    {
      swept_only: {
        switch: [{ condition: expression("len(problems) > 0"), next: "failed" }],
        next: "done_sweeping",
      },
    },
    { done_sweeping: { return: { deleted: expression("swept") } } },
  ];
}

/** Waits for the operation of the step before. */
export function wait(id: string): object {
  return {
    [id]: {
      call: "wait_for",
      args: {
        project: expression("project"),
        operation: expression("operation.name"),
        deadline: expression("deadline"),
      },
    },
  };
}

export const SUBWORKFLOWS = {
  wait_for: {
    params: ["project", "operation", "deadline"],
    steps: [
      {
        poll: {
          call: "googleapis.sqladmin.v1.operations.get",
          args: { project: expression("project"), operation: expression("operation") },
          result: "state",
        },
      },
      {
        judge: {
          switch: [
            { condition: expression('state.status == "DONE"'), next: "ended" },
            { condition: expression("sys.now() > deadline"), next: "late" },
          ],
          next: "sleep",
        },
      },
      { sleep: { call: "sys.sleep", args: { seconds: POLL_SECONDS }, next: "poll" } },
      { late: { raise: expression('"operation " + operation + " has not ended in time"') } },
      {
        ended: {
          switch: [{ condition: expression('map.get(state, "error") != null'), next: "broken" }],
          next: "good",
        },
      },
      {
        broken: { raise: expression('"operation " + operation + ": " + json.encode_to_string(state.error)') },
      },
      { good: { return: true } },
    ],
  },
  delete_copy: {
    params: ["project", "copy"],
    steps: [
      {
        remove: {
          try: {
            call: "googleapis.sqladmin.v1.instances.delete",
            args: {
              project: expression("project"),
              instance: expression("copy"),
              connector_params: connectorParams,
            },
            result: "operation",
          },
          retry: RETRY,
          // It was never made, or another execution has deleted it.
          except: {
            as: "e",
            steps: [
              {
                gone: {
                  switch: [{ condition: expression('map.get(e, "code") == 404'), return: true }],
                },
              },
              { rethrow: { raise: expression("e") } },
            ],
          },
        },
      },
      {
        deleted: {
          call: "wait_for",
          args: {
            project: expression("project"),
            operation: expression("operation.name"),
            deadline: expression(`sys.now() + ${DELETE_SECONDS}`),
          },
        },
      },
      { done: { return: true } },
    ],
  },
  busy: {
    params: ["e"],
    steps: [
      { decide: { switch: [{ condition: expression('map.get(e, "code") == 409'), return: true }] } },
      { otherwise: { return: false } },
    ],
  },
};
