// Coder's database is made in SQL where the server leaves it to that. Both releases ask here, and know no more than that
// something has to be done before they start.

import type { ITerraformDependable, TerraformProvider } from "cdktf";
import type { Construct } from "constructs";
import { DatabaseProvisioning, type IDatabase } from "../database";
import { SynthChecks } from "../database/private";
import { SqlJobBackend } from "../kubernetes";
import type { ISqlBackend } from "../sql";
import { DatabaseObjects } from "../sql";
import { CoderSql } from "./coder-sql";

/** How the database is made when its server leaves that to SQL. */
export interface CoderDatabaseSetup {
  /**
   * Objects of yours that describe the database, with what others have on the same server; Coder then waits for them, and
   * makes none. @default - objects of Coder's own, when the server leaves the database to SQL
   */
  readonly objects?: DatabaseObjects;
  /**
   * Where the SQL runs. @default - a `SqlJobBackend` in a namespace of its own, named after the release's with
   * `-database-setup` behind it
   */
  readonly backend?: ISqlBackend;
}

/** The properties that both releases have. */
export interface DatabaseSetupProps {
  readonly database: IDatabase;
  readonly databaseSetup?: CoderDatabaseSetup;
  readonly kubernetesProvider?: TerraformProvider;
  readonly dependsOn?: ITerraformDependable[];
}

/** The objects that make the database, or nothing when it is there. */
export function setUpDatabase(
  scope: Construct,
  namespace: string,
  props: DatabaseSetupProps,
): DatabaseObjects | undefined {
  const { objects, backend } = props.databaseSetup ?? {};
  // Behind a pooler or proxy the set-up goes past it.
  const database = props.database.pooling?.direct ?? props.database;
  if (objects) {
    const checks = new SynthChecks(scope);
    if (!objects.describes(database)) {
      checks.fail(
        "databaseSetup.objects",
        objects.node.path,
        `they do not describe the database ${database.databaseName} of ${database.server.node.path}; add CoderSql.objects(database)`,
      );
    }
    if (backend) checks.fail("databaseSetup.backend", undefined, "the objects have a back end of their own");
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
        // Coder lets its users start pods in its own namespace, and whoever may do so can mount every secret there.
        namespace: `${namespace}-database-setup`,
        ...common,
      }),
    dependsOn: props.dependsOn,
  });
}
