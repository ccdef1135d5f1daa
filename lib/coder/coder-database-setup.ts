// Coder's database is made by a job where the server leaves that to SQL. A room for SQL can take this over: both releases
// ask here, and know no more than that something has to be done before they start.

import type { ITerraformDependable, TerraformProvider } from "cdktf";
import type { Construct } from "constructs";
import { DatabaseSetup, type IDatabase } from "../database/database-server";
import { DatabaseSetupJob } from "../kubernetes/database-setup-job";

/** How the database is made when its server leaves that to SQL. */
export interface CoderDatabaseSetup {
  /** The namespace of the job; one in which nobody else may start pods. @default - the release's namespace and `-database-setup` */
  readonly namespace?: string;
  /** The name of the job and the beginning of its secrets' names. @default - `setup-` and the database's name */
  readonly jobName?: string;
  /** Whether to make that namespace. @default true */
  readonly createNamespace?: boolean;
  /** An image with a shell and psql 16 or later, by an exact tag or digest. @default - PostgreSQL's own */
  readonly image?: string;
  /** How long the job may take, in seconds. @default 900 */
  readonly timeoutSeconds?: number;
}

/** The properties that both releases have. */
export interface DatabaseSetupProps {
  readonly database: IDatabase;
  readonly databaseSetup?: CoderDatabaseSetup;
  readonly kubernetesProvider?: TerraformProvider;
  readonly dependsOn?: ITerraformDependable[];
}

/** The job that makes the database, or nothing when that is done. */
export function setUpDatabase(
  scope: Construct,
  namespace: string,
  props: DatabaseSetupProps,
): DatabaseSetupJob | undefined {
  // Behind a pooler or proxy the set-up goes past it.
  const database = props.database.pooling?.direct ?? props.database;
  if (database.setup !== DatabaseSetup.SQL) return undefined;
  return new DatabaseSetupJob(scope, "DatabaseSetup", {
    database,
    namespace: `${namespace}-database-setup`,
    ...props.databaseSetup,
    provider: props.kubernetesProvider,
    dependsOn: props.dependsOn,
  });
}
