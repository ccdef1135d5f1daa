// The workflow of a rehearsal, in the JSON form of Workflows (read 2026-11):
// cloud.google.com/workflows/docs/reference/syntax, cloud.google.com/workflows/docs/reference/googleapis/sqladmin/v1/Overview,
// cloud.google.com/sql/docs/mysql/admin-api/rest/v1/instances. The copy has the version of the backup, and the region, machine type,
// disk size, flags and key of the source, as instances.restoreBackup demands: cloud.google.com/sql/docs/postgres/backup-recovery/restoring.
// Tests execute it against a stand-in of Cloud SQL; it has not run on Google Cloud.

import { note, OWNER, ofSource, PAGE, STARTED, SUBWORKFLOWS, sweep } from "./restore-rehearsal-steps";
import { connectorParams, expression, items, RETRY, wait } from "./workflow-steps";

/** A rehearsal, for its workflow. @internal */
export interface RehearsalWorkflow {
  /** Name of the workflow: the label of its copies. */
  readonly name: string;
  readonly project: string;
  readonly instance: string;
  /** Beginning of the names of copies, with a hyphen last; known at synth. */
  readonly prefix: string;
  /** Machine type of the copies. @default - that of the source */
  readonly tier?: string;
  readonly databases: readonly string[];
  readonly maxBackupAgeHours: number;
  readonly timeoutMinutes: number;
  readonly leftoverHours: number;
}

/**
 * The source of the workflow. It deletes copies that earlier executions left, restores the newest successful backup into a new
 * instance, deletes that in any case, and only then reports. An execution fails if any of it has failed.
 *
 * @internal
 */
export function rehearsalWorkflowSource(workflow: RehearsalWorkflow): string {
  const steps = [
    begin(workflow),
    ...sweep(workflow),
    ...chooseBackup(workflow),
    ...restore(workflow),
    ...report(),
  ];
  return JSON.stringify({ main: { params: ["args"], steps }, ...SUBWORKFLOWS }, undefined, 2);
}

function begin(workflow: RehearsalWorkflow): object {
  const { name, project, instance, prefix, timeoutMinutes } = workflow;
  return {
    begin: {
      assign: [
        { project },
        { source: instance },
        { owner: name },
        { prefix },
        { started: expression("int(sys.now())") },
        { deadline: expression(`started + ${timeoutMinutes * 60}`) },
        { day: expression('text.replace_all(text.substring(time.format(sys.now()), 0, 10), "-", "")') },
        {
          copy: expression(
            'prefix + day + "-" + text.substring(sys.get_env("GOOGLE_CLOUD_WORKFLOW_EXECUTION_ID"), 0, 8)',
          ),
        },
        { none: [] },
        { problems: [] },
        { leftovers: [] },
        { swept: [] },
        { token: "" },
      ],
    },
  };
}

/** Takes the newest successful backup; failed ones are passed over, and the age is the measured loss. */
function chooseBackup({ maxBackupAgeHours }: RehearsalWorkflow): object[] {
  return [
    {
      backups: {
        try: {
          call: "googleapis.sqladmin.v1.backupRuns.list",
          args: { project: expression("project"), instance: expression("source"), maxResults: PAGE },
          result: "runs",
        },
        except: note("note_backups", '"backups not listed: "'),
      },
    },
    { listed: { switch: [{ condition: expression("len(problems) > 0"), next: "failed" }] } },
    { nothing: { assign: [{ backup: null }] } },
    {
      // Newest first: the API lists in reverse chronological order.
      choose: {
        for: {
          value: "run",
          in: items("runs"),
          steps: [
            {
              successful: {
                switch: [
                  {
                    condition: expression('backup == null and map.get(run, "status") == "SUCCESSFUL"'),
                    steps: [{ take: { assign: [{ backup: expression("run") }] } }],
                  },
                ],
              },
            },
          ],
        },
      },
    },
    { found: { switch: [{ condition: expression("backup == null"), next: "no_backup" }] } },
    { age: { assign: [{ lossSeconds: expression("started - int(time.parse(backup.startTime))") }] } },
    {
      young: {
        switch: [{ condition: expression(`lossSeconds > ${maxBackupAgeHours * 3600}`), next: "old_backup" }],
        next: "read",
      },
    },
    {
      no_backup: {
        assign: [
          { problems: expression(`list.concat(problems, "no successful backup among the newest ${PAGE}")`) },
        ],
        next: "failed",
      },
    },
    {
      old_backup: {
        assign: [
          {
            problems: expression(
              'list.concat(problems, "the newest successful backup is of " + backup.startTime + ", older than allowed")',
            ),
          },
        ],
        next: "failed",
      },
    },
  ];
}

/** Creates the copy, restores the backup into it, looks at it, and deletes it whether or not that has succeeded. */
function restore({ tier, databases }: RehearsalWorkflow): object[] {
  return [
    {
      read: {
        assign: [{ found: [] }, { restoreSeconds: 0 }, { begun: 0 }, { missing: [] }, { wanted: databases }],
      },
    },
    {
      attempt: {
        try: {
          steps: [
            {
              original: {
                call: "googleapis.sqladmin.v1.instances.get",
                args: { project: expression("project"), instance: expression("source") },
                result: "original",
              },
            },
            ...settings(tier),
            { clock: { assign: [{ begun: expression("int(sys.now())") }] } },
            {
              create: {
                call: "googleapis.sqladmin.v1.instances.insert",
                args: {
                  project: expression("project"),
                  body: expression("instanceOfCopy"),
                  connector_params: connectorParams,
                },
                result: "operation",
              },
            },
            wait("created"),
            {
              restore: {
                try: {
                  call: "googleapis.sqladmin.v1.instances.restoreBackup",
                  args: {
                    project: expression("project"),
                    instance: expression("copy"),
                    body: {
                      restoreBackupContext: {
                        backupRunId: expression("backup.id"),
                        instanceId: expression("source"),
                        project: expression("project"),
                      },
                    },
                    connector_params: connectorParams,
                  },
                  result: "operation",
                },
                retry: RETRY,
              },
            },
            wait("restored"),
            {
              look: {
                call: "googleapis.sqladmin.v1.instances.get",
                args: { project: expression("project"), instance: expression("copy") },
                result: "restored",
              },
            },
            {
              runs: {
                switch: [
                  {
                    condition: expression('restored.state != "RUNNABLE"'),
                    steps: [{ stuck: { raise: expression('"the copy is " + restored.state') } }],
                  },
                ],
              },
            },
            { measure: { assign: [{ restoreSeconds: expression("int(sys.now()) - begun") }] } },
            {
              list: {
                call: "googleapis.sqladmin.v1.databases.list",
                args: { project: expression("project"), instance: expression("copy") },
                result: "listed",
              },
            },
            {
              name: {
                for: {
                  value: "database",
                  in: items("listed"),
                  steps: [{ add: { assign: [{ found: expression("list.concat(found, database.name)") }] } }],
                },
              },
            },
            {
              compare: {
                for: {
                  value: "want",
                  in: expression("wanted"),
                  steps: [
                    {
                      absent: {
                        switch: [
                          {
                            condition: expression("not(want in found)"),
                            steps: [
                              { miss: { assign: [{ missing: expression("list.concat(missing, want)") }] } },
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
              complete: {
                switch: [
                  {
                    condition: expression("len(missing) > 0"),
                    steps: [
                      {
                        incomplete: {
                          raise: expression(
                            '"databases missing in the copy: " + json.encode_to_string(missing)',
                          ),
                        },
                      },
                    ],
                  },
                ],
              },
            },
          ],
        },
        except: note("note_restore", '"restore failed: "'),
      },
    },
    {
      clean: {
        try: { call: "delete_copy", args: { project: expression("project"), copy: expression("copy") } },
        except: note("note_copy", 'copy + " not deleted: "'),
      },
    },
  ];
}

/** Settings of the copy: those of the source that the data needs, and no way in. */
function settings(tier: string | undefined): object[] {
  return [
    {
      connectivity: {
        assign: [
          // With Private Service Connect: an instance that accepts no project.
          { closed: { pscEnabled: true, allowedConsumerProjects: [] } },
          {
            psc: expression(
              'default(map.get(original, ["settings", "ipConfiguration", "pscConfig", "pscEnabled"]), false)',
            ),
          },
          {
            labels: {
              [OWNER]: expression("owner"),
              [STARTED]: expression("string(started)"),
            },
          },
          {
            network: {
              ipv4Enabled: false,
              privateNetwork: ofSource("settings", "ipConfiguration", "privateNetwork"),
              allocatedIpRange: ofSource("settings", "ipConfiguration", "allocatedIpRange"),
              authorizedNetworks: [],
              // No client certificate is made for the copy, so that no client of the network can log in.
              sslMode: "TRUSTED_CLIENT_CERTIFICATE_REQUIRED",
              pscConfig: expression("if(psc, closed, null)"),
            },
          },
        ],
      },
    },
    {
      describe: {
        assign: [
          {
            settingsOfCopy: {
              tier: tier ?? ofSource("settings", "tier"),
              edition: ofSource("settings", "edition"),
              availabilityType: "ZONAL",
              activationPolicy: "ALWAYS",
              dataDiskSizeGb: ofSource("settings", "dataDiskSizeGb"),
              dataDiskType: ofSource("settings", "dataDiskType"),
              storageAutoResize: true,
              databaseFlags: ofSource("settings", "databaseFlags"),
              deletionProtectionEnabled: false,
              retainBackupsOnDelete: false,
              backupConfiguration: { enabled: false },
              ipConfiguration: expression("network"),
              userLabels: expression("labels"),
            },
          },
          {
            instanceOfCopy: {
              name: expression("copy"),
              project: expression("project"),
              region: expression("original.region"),
              databaseVersion: expression(
                'default(map.get(backup, "databaseVersion"), original.databaseVersion)',
              ),
              diskEncryptionConfiguration: ofSource("diskEncryptionConfiguration"),
              settings: expression("settingsOfCopy"),
            },
          },
        ],
      },
    },
  ];
}

/** Writes the result to the log, from which the metrics and the alert are made, and returns or raises it. */
function report(): object[] {
  const facts = {
    source: expression("source"),
    backup: expression("backup.id"),
    backupTime: expression("backup.startTime"),
    restoreSeconds: expression("restoreSeconds"),
    lossSeconds: expression("lossSeconds"),
    databases: expression("found"),
    finishedAt: expression("time.format(sys.now())"),
  };
  return [
    { judge: { switch: [{ condition: expression("len(problems) > 0"), next: "failed" }] } },
    { result: { assign: [{ passed: { rehearsal: "succeeded", ...facts } }] } },
    { record: { call: "sys.log", args: { json: expression("passed"), severity: "NOTICE" } } },
    { done: { return: expression("passed") } },
    {
      failed: {
        call: "sys.log",
        args: {
          json: {
            rehearsal: "failed",
            source: expression("source"),
            copy: expression("copy"),
            problems: expression("problems"),
          },
          severity: "ERROR",
        },
      },
    },
    { fail: { raise: expression('"rehearsal of " + source + ": " + json.encode_to_string(problems)') } },
  ];
}
