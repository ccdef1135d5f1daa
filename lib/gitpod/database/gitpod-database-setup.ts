// Databases and login of Gitpod, and Gitpod's share of the connection budget.

import type { ITerraformDependable } from "cdktf";
import type { Construct } from "constructs";
import { DatabaseProvisioning, type IDatabase, type IDatabaseServer } from "../../database";
import type { SynthChecks } from "../../database/private";
import { SqlJobBackend } from "../../kubernetes";
import { DatabaseObjects, type ISqlBackend } from "../../sql";
import type { GitpodVersion } from "../version/gitpod-version";
import type { GitpodDatabaseProps } from "./gitpod-database";
import { GitpodSql } from "./gitpod-sql";
import type { ResolvedGitpodConnection } from "./resolved-connection";

const SESSIONS = "gitpod-sessions";
const AUTHORIZATION = "authorization";

/** Creation of the databases where the server leaves that to SQL. */
export interface GitpodDatabaseSetup {
  /**
   * Existing objects that describe Gitpod's databases (`GitpodSql.objects` with `nativePassword: true`), for example together with
   * those of other applications on the same server. No others are then created.
   * @default - created if the server leaves the databases to SQL
   */
  readonly objects?: DatabaseObjects;
  /** Backend that runs the SQL. @default - a `SqlJobBackend` in the namespace `<namespace>-database-setup` */
  readonly backend?: ISqlBackend;
}

/** Result of `setUpGitpodDatabases`. @internal */
export interface DatabaseSetupResult {
  readonly objects?: DatabaseObjects;
  readonly dependables: ITerraformDependable[];
}

/** Names of the databases in addition to `gitpod`. @internal */
export function furtherDatabases(version: GitpodVersion, props: GitpodDatabaseProps): string[] {
  const { furtherDatabases: needed } = version.profile;
  const wanted: { readonly [name: string]: boolean } = {
    [SESSIONS]: props.sessionsDatabase ?? needed.includes(SESSIONS),
    [AUTHORIZATION]: props.authorizationDatabase ?? needed.includes(AUTHORIZATION),
  };
  return Object.keys(wanted).filter((name) => wanted[name]);
}

/** Creates the databases and the login by SQL, or by the server's own `database()` where the cloud's API creates them. @internal */
export function setUpGitpodDatabases(
  scope: Construct,
  checks: SynthChecks,
  connection: ResolvedGitpodConnection,
  further: string[],
  props: GitpodDatabaseProps,
): DatabaseSetupResult {
  const { direct } = connection;
  const { objects, backend } = props.databaseSetup ?? {};
  if (objects) {
    if (!objects.describes(direct)) {
      checks.fail(
        "databaseSetup.objects",
        objects.node.path,
        `must describe the database ${direct.databaseName} of ${direct.server.node.path}; add GitpodSql.objects(database, { nativePassword: true })`,
      );
    }
    if (backend) {
      checks.fail("databaseSetup.backend", "a backend", "must not be set with objects, which have a backend");
    }
    return { objects, dependables: objects.dependables };
  }
  if (direct.provisioning !== DatabaseProvisioning.SQL_JOB) {
    const made = further.map((name) => sameOwner(checks, direct, name));
    return { dependables: made.flatMap((database) => database.dependables) };
  }
  const { kubernetesProvider: provider, dependsOn } = props;
  const own = new DatabaseObjects(scope, "Objects", {
    server: direct.server,
    components: [
      GitpodSql.objects(direct, {
        sessionsDatabase: further.includes(SESSIONS),
        authorizationDatabase: further.includes(AUTHORIZATION),
        nativePassword: true,
        requireTls: connection.serverSeesTls,
      }),
    ],
    backend:
      backend ??
      new SqlJobBackend(scope, "ObjectsJobs", {
        // A separate namespace: a pod in Gitpod's namespace could mount the administrator's password.
        namespace: `${props.namespace}-database-setup`,
        labels: props.labels,
        provider,
        dependsOn,
      }),
    dependsOn,
  });
  return { objects: own, dependables: own.dependables };
}

/** Additional database with the same owner, created by the cloud's API. */
function sameOwner(checks: SynthChecks, direct: IDatabase, name: string): IDatabase {
  const { server, owner } = direct;
  const existing = server.node.tryFindChild(`Database-${name}`) as IDatabase | undefined;
  if (existing && existing.owner.username !== owner.username) {
    checks.fail(
      "database.owner",
      existing.owner.username,
      `must be the owner of the database ${name} as well, because Gitpod has one login: ${owner.username}`,
    );
  }
  return existing ?? server.database(name, { owner });
}

/** Adds Gitpod's connections to the connection budget of the server. @internal */
export function countConnections(
  scope: Construct,
  server: IDatabaseServer,
  { profile }: GitpodVersion,
  replicas: number,
): void {
  const { path } = scope.node;
  for (const component of profile.databaseComponents) {
    server.connectionBudget.add({ name: `${path} ${component}`, replicas, poolMax: profile.poolPerProcess });
  }
  if (profile.spiceDbConnections > 0) {
    server.connectionBudget.add({
      name: `${path} spicedb`,
      replicas: 1,
      poolMax: profile.spiceDbConnections,
    });
  }
  // The init job and the migrations run while the old pods are still running.
  server.connectionBudget.add({
    name: `${path} migrations`,
    replicas: 1,
    surge: 0,
    poolMax: profile.poolPerProcess,
  });
}
