// Steps of the workflow of a rehearsal that stand apart: leftover copies, and the subworkflow that deletes one.

import type { RehearsalWorkflow } from "./restore-rehearsal-workflow";
import { BUSY, connectorParams, expression, items, RETRY, WAIT_FOR } from "./workflow-steps";

/** Labels of a copy: the workflow that has made it, and when, in seconds since 1970. */
export const OWNER = "rehearsal";
export const STARTED = "rehearsal-started";
/** Instances or backups of a page: a page and the variables have to fit into the 512 KiB of an execution. */
export const PAGE = 20;
const DELETE_SECONDS = 3600;

/** A member of the source, which may be absent. */
export const ofSource = (...path: string[]) => expression(`map.get(original, ${JSON.stringify(path)})`);

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

export const SUBWORKFLOWS = {
  wait_for: WAIT_FOR,
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
  busy: BUSY,
};
