/** The rights of rehearsals and of scheduled backups on Google Cloud, evaluated: a rehearsal changes copies and nothing else. */
import {
  CloudSqlBackupSchedule,
  CloudSqlExport,
  CloudSqlRestoreRehearsal,
  GcsBucket,
} from "../../../lib/google";
import { python } from "../../../tools/machine/python-environment";
import { describeWith } from "../../support/describe-with";
import {
  type ConditionalRequest,
  type ConditionalRole,
  permittedByRoles,
} from "../../support/scanners/condition-evaluation";
import { synthesize } from "../../support/synth";
import { server } from "../../unit/google/fixture";

const notificationChannels = ["projects/platform/notificationChannels/1"];
const INSTANCE = "sqladmin.googleapis.com/Instance";
const BACKUP = "sqladmin.googleapis.com/BackupRun";
const at = (name: string, type = INSTANCE) => ({ type, name: `projects/platform/${name}` });

/** The roles of each service account, as Terraform renders them. */
function rolesOf(account: string): ConditionalRole[] {
  const { json } = synthesize((stack) => {
    const db = server(stack, { instanceName: "db-main" });
    new CloudSqlRestoreRehearsal(stack, "rehearsal", {
      server: db,
      copyPrefix: "copies-",
      notificationChannels,
    });
    new CloudSqlBackupSchedule(stack, "weekly", { server: db, notificationChannels });
    new CloudSqlExport(stack, "export", {
      server: db,
      databases: [db.database("coder")],
      bucket: new GcsBucket(stack, "bucket", { location: "EU", bucketName: "exports" }),
      notificationChannels,
    });
  });
  const {
    google_project_iam_member: members,
    google_storage_bucket_iam_member: bucketMembers,
    google_project_iam_custom_role: roles,
    // biome-ignore lint/suspicious/noExplicitAny: a synthesized stack
  } = json.resource as any;
  return (
    [...Object.values(members), ...Object.values(bucketMembers)]
      // biome-ignore lint/suspicious/noExplicitAny: a resource
      .filter((member: any) => member.member.includes(`.${account}_`))
      // biome-ignore lint/suspicious/noExplicitAny: a resource
      .map((member: any) => ({
        permissions: roles[/custom_role\.(\w+)\.name/.exec(member.role)?.[1] as string].permissions,
        condition: member.condition?.expression
          .replace(/\$\{google_sql_database_instance\.\w+\.project\}/g, "platform")
          .replace(/\$\{google_sql_database_instance\.\w+\.name\}/g, "db-main")
          .replace(/\$\{google_storage_bucket\.\w+\.name\}/g, "exports"),
      }))
  );
}

/** Permissions of Cloud SQL that change an instance or a backup, or read its data. */
const CHANGES = [
  "cloudsql.instances.create",
  "cloudsql.instances.delete",
  "cloudsql.instances.update",
  "cloudsql.instances.restoreBackup",
  "cloudsql.instances.import",
  "cloudsql.instances.export",
  "cloudsql.instances.clone",
  "cloudsql.instances.connect",
  "cloudsql.instances.login",
  "cloudsql.instances.executeSql",
  "cloudsql.instances.failover",
  "cloudsql.instances.restart",
  "cloudsql.instances.truncateLog",
  "cloudsql.databases.delete",
  "cloudsql.users.update",
  "cloudsql.users.create",
  "cloudsql.sslCerts.create",
  "cloudsql.backupRuns.create",
  "cloudsql.backupRuns.update",
  "cloudsql.backupRuns.delete",
];

describeWith(
  "rights of rehearsals on Google Cloud",
  () => python("cel"),
  (cel) => {
    const rehearsal = rolesOf("rehearsal_WorkflowAccount");
    const may = (roles: ConditionalRole[], requests: ConditionalRequest[]) =>
      permittedByRoles(cel, roles, requests);

    test("the server and its backups cannot be changed, connected to or read", () => {
      const requests = ["instances/db-main", "instances/db-main/backupRuns/1"].flatMap((name) =>
        [INSTANCE, BACKUP].flatMap((type) =>
          CHANGES.map((permission) => ({ permission, resource: at(name, type) })),
        ),
      );
      const answers = may(rehearsal, requests);
      expect(requests.filter((_, index) => answers[index])).toEqual([]);
    });

    test("copies are created, restored into and deleted, and nothing beside them", () => {
      const names = [
        "instances/copies-20261127-aaaaaaaa",
        "instances/copies",
        "instances/old-copies-1",
        "instances/db-main",
      ];
      const permissions = ["create", "restoreBackup", "delete"].map((verb) => `cloudsql.instances.${verb}`);
      const requests = names.flatMap((name) =>
        permissions.map((permission) => ({ permission, resource: at(name) })),
      );
      expect(may(rehearsal, requests)).toEqual([true, true, true, ...Array(9).fill(false)]);
      const elsewhere = { type: INSTANCE, name: "projects/other/instances/copies-1" };
      expect(
        may(
          rehearsal,
          permissions.map((permission) => ({ permission, resource: elsewhere })),
        ),
      ).toEqual([false, false, false]);
    });

    test("no client may connect to a copy with the rights of the rehearsal", () => {
      const resource = at("instances/copies-20261127-aaaaaaaa");
      const permissions = ["connect", "login", "executeSql", "update", "export", "clone"];
      const requests = permissions.map((verb) => ({ permission: `cloudsql.instances.${verb}`, resource }));
      expect(may(rehearsal, requests)).toEqual(permissions.map(() => false));
    });

    test("backups of the server are read, those of others are not", () => {
      const permission = "cloudsql.backupRuns.get";
      const requests = ["db-main", "db-main2", "other"].map((name) => ({
        permission,
        resource: at(`instances/${name}/backupRuns/1`, BACKUP),
      }));
      expect(may(rehearsal, requests)).toEqual([true, false, false]);
    });

    test("scheduled backups are made and deleted for one server only, which stays as it is", () => {
      const weekly = rolesOf("weekly_WorkflowAccount");
      const permission = "cloudsql.backupRuns.delete";
      const requests = ["db-main", "db-main2"].map((name) => ({
        permission,
        resource: at(`instances/${name}/backupRuns/1`, BACKUP),
      }));
      expect(may(weekly, requests)).toEqual([true, false]);
      const others = CHANGES.filter((each) => !each.startsWith("cloudsql.backupRuns."));
      const changes = others.map((each) => ({ permission: each, resource: at("instances/db-main") }));
      expect(may(weekly, changes)).toEqual(others.map(() => false));
    });

    test("an export changes no server, reads no object, and deletes its own objects only", () => {
      const roles = rolesOf("export_WorkflowAccount");
      const onServer = CHANGES.map((permission) => ({ permission, resource: at("instances/db-main") }));
      const answers = may(roles, onServer);
      expect(onServer.filter((_, index) => answers[index]).map(({ permission }) => permission)).toEqual([
        "cloudsql.instances.export",
      ]);
      const other = { permission: "cloudsql.instances.export", resource: at("instances/db-main2") };
      expect(may(roles, [other])).toEqual([false]);

      const own = "platform.db-main.test-export.dump.20261127T020000Z-aaaaaaaa.coder.sql.gz";
      const object = (name: string, bucket = "exports") => ({
        type: "storage.googleapis.com/Object",
        name: `projects/_/buckets/${bucket}/objects/${name}`,
      });
      const resources = [
        object(own),
        object(own, "exports2"),
        object(own.replace("test-export.", "test-export2.")),
        object(own.replace("db-main.", "db-main2.")),
        object(`copy-of-${own}`),
        { type: "storage.googleapis.com/Bucket", name: "projects/_/buckets/exports" },
      ];
      const requests = (permission: string) => resources.map((resource) => ({ permission, resource }));
      for (const permission of ["storage.objects.create", "storage.objects.delete"])
        expect(may(roles, requests(permission))).toEqual([true, false, false, false, false, false]);
      for (const permission of ["storage.objects.get", "storage.objects.update", "storage.buckets.update"])
        expect(may(roles, requests(permission))).toEqual(resources.map(() => false));
    });
  },
);
