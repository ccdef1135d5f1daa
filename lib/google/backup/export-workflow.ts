// The workflow of an export, in the JSON form of Workflows (read 2026-11):
// cloud.google.com/workflows/docs/reference/googleapis/sqladmin/v1/instances/export, .../storage/v1/objects/list, .../objects/insert,
// cloud.google.com/sql/docs/mysql/admin-api/rest/v1/operations#exportcontext: if the object exists, the operation fails; PostgreSQL takes
// one database in a SQL dump. Tests execute it against a stand-in of both APIs; it has not run on Google Cloud.

import { LOOK_AT, pages, REMOVE } from "./export-objects";
import { BUSY, connectorParams, expression, RETRY, WAIT_FOR, wait } from "./workflow-steps";

/** An export, for its workflow. @internal */
export interface ExportWorkflow {
  readonly project: string;
  readonly instance: string;
  readonly bucket: string;
  /** Beginning of the names of all objects. */
  readonly prefix: string;
  readonly databases: readonly string[];
  readonly serverless: boolean;
  readonly keep: number;
  readonly timeoutMinutes: number;
  /** Age at which the bucket lets objects be deleted, in seconds. */
  readonly lockSeconds: number;
}

/**
 * Names have no slash: then they are the same in the path of a URL and in a query, whether or not a connector encodes them.
 *
 * @internal
 */
export const dumpPrefix = (prefix: string) => `${prefix}dump.`;
/** @internal */
export const manifestPrefix = (prefix: string) => `${prefix}manifest.`;

/** Size of an empty file in gzip. */
const EMPTY = 20;
const STAMP = "[0-9]+T[0-9]+Z-[0-9a-f]+";

/**
 * The source of the workflow. It exports one database after another, waits for the end of each operation, and looks at the object in the
 * bucket. A manifest that names all objects is written last: an export without one does not count. Then the exports that are older than
 * the newest `keep` are deleted, the manifest first. It reads names and sizes in the list, since it has no right to read objects.
 *
 * @internal
 */
export function exportWorkflowSource(workflow: ExportWorkflow): string {
  const steps = [
    begin(workflow),
    exportEach(workflow),
    ...writeManifest(),
    ...deleteManifests(workflow),
    ...deleteDumps(workflow),
    {
      done: {
        return: {
          export: expression("stamp"),
          dumps: expression("exported"),
          deleted: expression("deleted"),
        },
      },
    },
  ];
  const workflows = { main: { steps }, wait_for: WAIT_FOR, look_at: LOOK_AT, remove: REMOVE, busy: BUSY };
  return JSON.stringify(workflows, undefined, 2);
}

function begin({ project, instance, bucket, prefix, databases }: ExportWorkflow): object {
  return {
    begin: {
      assign: [
        { project },
        { instance },
        { bucket },
        { databases },
        { dumps: dumpPrefix(prefix) },
        { manifests: manifestPrefix(prefix) },
        { started: expression("int(sys.now())") },
        { deadline: 0 },
        { day: expression('text.replace_all(text.substring(time.format(started), 0, 19), "-", "")') },
        {
          stamp: expression(
            'text.replace_all(day, ":", "") + "Z-" + text.substring(sys.get_env("GOOGLE_CLOUD_WORKFLOW_EXECUTION_ID"), 0, 8)',
          ),
        },
        { none: [] },
        { exported: [] },
        { found: [] },
        { index: 0 },
        { oldest: "" },
        { deleted: 0 },
      ],
    },
  };
}

function exportEach({ serverless, timeoutMinutes }: ExportWorkflow): object {
  return {
    each: {
      for: {
        value: "database",
        in: expression("databases"),
        steps: [
          {
            name: {
              assign: [
                { object: expression('dumps + stamp + "." + database + ".sql.gz"') },
                { deadline: expression(`sys.now() + ${timeoutMinutes * 60}`) },
              ],
            },
          },
          {
            export: {
              try: {
                call: "googleapis.sqladmin.v1.instances.export",
                args: {
                  project: expression("project"),
                  instance: expression("instance"),
                  body: {
                    exportContext: {
                      fileType: "SQL",
                      uri: expression('"gs://" + bucket + "/" + object'),
                      databases: [expression("database")],
                      offload: serverless,
                    },
                  },
                  connector_params: connectorParams,
                },
                result: "operation",
              },
              retry: RETRY,
            },
          },
          wait("finished"),
          {
            look: {
              call: "look_at",
              args: { bucket: expression("bucket"), object: expression("object"), empty: EMPTY },
              result: "bytes",
            },
          },
          {
            note: {
              assign: [
                {
                  entry: {
                    database: expression("database"),
                    object: expression("object"),
                    bytes: expression("bytes"),
                  },
                },
                { exported: expression("list.concat(exported, entry)") },
              ],
            },
          },
        ],
      },
    },
  };
}

function writeManifest(): object[] {
  return [
    {
      describe: {
        assign: [
          { manifest: expression('manifests + stamp + ".json"') },
          {
            record: {
              export: expression("stamp"),
              project: expression("project"),
              instance: expression("instance"),
              startedAt: expression("time.format(started)"),
              dumps: expression("exported"),
            },
          },
        ],
      },
    },
    {
      write: {
        call: "googleapis.storage.v1.objects.insert",
        args: {
          bucket: expression("bucket"),
          uploadType: "media",
          name: expression("manifest"),
          body: expression("json.encode_to_string(record)"),
        },
      },
    },
    {
      written: {
        call: "look_at",
        args: { bucket: expression("bucket"), object: expression("manifest"), empty: 0 },
        result: "bytes",
      },
    },
  ];
}

/** Deletes manifests beyond the newest `keep`, up to the first one that the bucket still locks. */
function deleteManifests({ keep, lockSeconds }: ExportWorkflow): object[] {
  return [
    { first: { assign: [{ from: expression("manifests") }] } },
    ...pages(
      "manifests",
      { prefix: expression("manifests") },
      [
        {
          own_manifest: {
            switch: [
              {
                condition: expression(`text.match_regex(item.name, "[.]manifest[.]${STAMP}[.]json")`),
                steps: [
                  {
                    collect: {
                      assign: [
                        { known: { name: expression("item.name"), created: expression("item.timeCreated") } },
                        { found: expression("list.concat(found, known)") },
                      ],
                    },
                  },
                ],
              },
            ],
          },
        },
      ],
      "walk",
    ),
    {
      walk: {
        for: {
          value: "old",
          in: expression("found"),
          steps: [
            {
              expire: {
                switch: [
                  {
                    condition: expression(
                      `oldest == "" and index < len(found) - ${keep} and int(time.parse(old.created)) <= started - ${lockSeconds}`,
                    ),
                    steps: [
                      {
                        remove_manifest: {
                          call: "remove",
                          args: { bucket: expression("bucket"), object: expression("old.name") },
                        },
                      },
                      { count_manifest: { assign: [{ deleted: expression("deleted + 1") }] } },
                    ],
                  },
                  {
                    condition: expression('oldest == ""'),
                    steps: [
                      {
                        stay: {
                          assign: [
                            {
                              oldest: expression(
                                "text.substring(old.name, len(manifests), len(old.name) - 5)",
                              ),
                            },
                          ],
                        },
                      },
                    ],
                  },
                ],
              },
            },
            { advance: { assign: [{ index: expression("index + 1") }] } },
          ],
        },
      },
    },
  ];
}

/** Deletes dumps before the oldest manifest: those of the exports whose manifests are gone, and of exports that have failed. */
function deleteDumps({ lockSeconds }: ExportWorkflow): object[] {
  return [
    { second: { assign: [{ from: expression("dumps") }] } },
    ...pages(
      "dumps",
      { prefix: expression("dumps"), endOffset: expression("dumps + oldest") },
      [
        {
          own_dump: {
            switch: [
              {
                condition: expression(
                  `text.match_regex(item.name, "[.]dump[.]${STAMP}[.].+[.]sql[.]gz") and int(time.parse(item.timeCreated)) <= started - ${lockSeconds}`,
                ),
                steps: [
                  {
                    remove_dump: {
                      call: "remove",
                      args: { bucket: expression("bucket"), object: expression("item.name") },
                    },
                  },
                  { count_dump: { assign: [{ deleted: expression("deleted + 1") }] } },
                ],
              },
            ],
          },
        },
      ],
      "done",
    ),
  ];
}
