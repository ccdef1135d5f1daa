// Creates Coder's database by SQL where its server leaves that to SQL. Shared by CoderRelease and CoderClassicRelease.

import type { ITerraformDependable, TerraformProvider } from "cdktf";
import type { Construct } from "constructs";
import { DatabaseProvisioning, type IDatabase } from "../../database";
import { SynthChecks } from "../../database/private";
import { SqlJobBackend } from "../../kubernetes";
import type { ISqlBackend } from "../../sql";
import { DatabaseObjects } from "../../sql";
import { CoderSql } from "./coder-sql";

/** Creation of the database where its server leaves that to SQL. */
export interface CoderDatabaseSetup {
  /**
   * Existing objects that describe the database, for example together with those of other applications on the same server.
   * The release then waits for them and creates none.
   * @default - created by the release if the server leaves the database to SQL
   */
  readonly objects?: DatabaseObjects;
  /** Backend that runs the SQL. @default - a `SqlJobBackend` in the namespace `<namespace>-database-setup` */
  readonly backend?: ISqlBackend;
}

/** Properties that both releases share. */
export interface DatabaseSetupProps {
  readonly database: IDatabase;
  readonly databaseSetup?: CoderDatabaseSetup;
  readonly kubernetesProvider?: TerraformProvider;
  readonly dependsOn?: ITerraformDependable[];
}

/** SQL objects that create the database; undefined if the cloud's API creates it. */
export function setUpDatabase(
  scope: Construct,
  namespace: string,
  props: DatabaseSetupProps,
  subject: string,
): DatabaseObjects | undefined {
  const { objects, backend } = props.databaseSetup ?? {};
  // The SQL jobs connect to the server itself, not through a pooler or proxy.
  const database = props.database.pooling?.direct ?? props.database;
  if (objects) {
    const checks = new SynthChecks(scope, subject);
    if (!objects.describes(database)) {
      checks.fail(
        "databaseSetup.objects",
        objects.node.path,
        `must describe the database ${database.databaseName} of ${database.server.node.path}; add CoderSql.objects(database)`,
      );
    }
    if (backend) {
      checks.fail("databaseSetup.backend", "a backend", "must not be set with objects, which have a backend");
    }
    return objects;
  }
  if (database.provisioning !== DatabaseProvisioning.SQL_JOB) return undefined;
  const common = { provider: props.kubernetesProvider, dependsOn: props.dependsOn };
  return new DatabaseObjects(scope, "DatabaseSetup", {
    server: database.server,
    components: [CoderSql.objects(database)],
    backend:
      backend ??
      new SqlJobBackend(scope, "DatabaseSetupJobs", {
        // Users may start pods in Coder's namespace, and a pod can mount every secret of its namespace.
        namespace: `${namespace}-database-setup`,
        ...common,
      }),
    dependsOn: props.dependsOn,
  });
}
