// The databases, their login, and what Gitpod takes of the server's connections.

import type { ITerraformDependable } from "cdktf";
import type { Construct } from "constructs";
import { DatabaseProvisioning, type IDatabase, type IDatabaseServer } from "../../database";
import type { SynthChecks } from "../../database/private";
import { SqlJobBackend } from "../../kubernetes";
import { DatabaseObjects } from "../../sql";
import type { GitpodVersion } from "../gitpod-version";
import type { GitpodDatabaseProps } from "./gitpod-database-props";
import type { GitpodReach } from "./gitpod-reach";
import { GitpodSql } from "./gitpod-sql";

const SESSIONS = "gitpod-sessions";
const AUTHORIZATION = "authorization";

/** What was made. @internal */
export interface DatabasesSetUp {
  readonly objects?: DatabaseObjects;
  readonly dependables: ITerraformDependable[];
}

/** The databases beside `gitpod`. @internal */
export function furtherDatabases(version: GitpodVersion, props: GitpodDatabaseProps): string[] {
  const { furtherDatabases: needed } = version.profile;
  const wanted: { readonly [name: string]: boolean } = {
    [SESSIONS]: props.sessionsDatabase ?? needed.includes(SESSIONS),
    [AUTHORIZATION]: props.authorizationDatabase ?? needed.includes(AUTHORIZATION),
  };
  return Object.keys(wanted).filter((name) => wanted[name]);
}

/** Makes the databases and the login, or sees to it that the server's class does. @internal */
export function setUpDatabases(
  scope: Construct,
  checks: SynthChecks,
  way: GitpodReach,
  further: string[],
  props: GitpodDatabaseProps,
): DatabasesSetUp {
  const { direct } = way;
  const { objects, backend } = props.databaseSetup ?? {};
  if (objects) {
    if (!objects.describes(direct)) {
      checks.fail(
        "databaseSetup.objects",
        objects.node.path,
        `they do not describe the database ${direct.databaseName} of ${direct.server.node.path}; add GitpodSql.objects(database, { nativePassword: true })`,
      );
    }
    if (backend) checks.fail("databaseSetup.backend", undefined, "the objects have a back end of their own");
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
        requireTls: way.serverSeesTls,
      }),
    ],
    backend:
      backend ??
      new SqlJobBackend(scope, "ObjectsJobs", {
        // Not Gitpod's own: whoever starts pods there could mount the administrator's password.
        namespace: `${props.namespace}-database-setup`,
        labels: props.labels,
        provider,
        dependsOn,
      }),
    dependsOn,
  });
  return { objects: own, dependables: own.dependables };
}

/** A further database of the same login, where the cloud's API makes them. */
function sameOwner(checks: SynthChecks, direct: IDatabase, name: string): IDatabase {
  const { server, owner } = direct;
  const existing = server.node.tryFindChild(`Database-${name}`) as IDatabase | undefined;
  if (existing && existing.owner.username !== owner.username) {
    checks.fail(
      "database.owner",
      existing.owner.username,
      `the database ${name} has it as its owner, and Gitpod has one login for all: ${owner.username}`,
    );
  }
  return existing ?? server.database(name, { owner });
}

/** Adds what Gitpod opens to what others open. @internal */
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
  // The init job and the migrations, which run while the old pods still do.
  server.connectionBudget.add({
    name: `${path} migrations`,
    replicas: 1,
    surge: 0,
    poolMax: profile.poolPerProcess,
  });
}
