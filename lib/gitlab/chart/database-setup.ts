// Creation of databases, logins and extensions in SQL, where a server leaves them to SQL.

import type { Construct } from "constructs";
import { DatabaseProvisioning } from "../../database";
import type { SynthChecks } from "../../database/private";
import { SqlJobBackend } from "../../kubernetes";
import type { DatabaseObjects, ISqlBackend } from "../../sql";
import { GitlabObjects } from "../sql/gitlab-objects";
import { isBehindPooler } from "../topology/topology-entry";
import type { ResolvedReleaseProps } from "./gitlab-release-props";

/** Creation of the databases of a release. */
export interface GitlabDatabaseSetup {
  /**
   * SQL objects made elsewhere that describe the databases, such as `gitlabObjects.objects`. GitLab is installed after them, and
   * the release creates none. Required behind a pooler, which needs the users before it starts.
   * @default - `GitlabObjects` of the release, for the servers that leave their databases to SQL
   */
  readonly objects?: DatabaseObjects[];
  /** Back end that runs the SQL. @default - a `SqlJobBackend` in the namespace `<namespace>-database-setup` */
  readonly backend?: ISqlBackend;
}

/** The SQL objects that a release waits for; none if all databases exist or are created by a cloud's API. @internal */
export function setUpDatabases(
  scope: Construct,
  checks: SynthChecks,
  namespace: string,
  { topology, databaseSetup, kubernetesProvider: provider, dependsOn }: ResolvedReleaseProps,
): DatabaseObjects[] {
  const { objects, backend } = databaseSetup ?? {};
  const missing = topology.entries.filter(
    ({ databaseTasks, direct }) => databaseTasks && direct.provisioning === DatabaseProvisioning.SQL_JOB,
  );
  if (objects) {
    for (const { name, direct } of missing.filter((e) => !objects.some((o) => o.describes(e.direct)))) {
      checks.fail(
        "databaseSetup.objects",
        objects.map((each) => each.node.path),
        `must describe the database of ${name}, ${direct.databaseName} on ${direct.server.node.path}; use GitlabObjects`,
      );
    }
    if (backend) {
      checks.fail("databaseSetup.backend", "set", "must not be set with objects, which have a back end");
    }
    return objects;
  }
  if (missing.length === 0) return [];
  const pooled = missing.filter(isBehindPooler).map(({ name }) => name);
  if (pooled.length > 0) {
    checks.fail(
      "databaseSetup.objects",
      undefined,
      `must be set for databases behind a pooler (${pooled.join(", ")}), which needs their users before it starts; create GitlabObjects and add their dependables to dependsOn of the pooler`,
      "databaseSetup.objects.pooler",
    );
  }
  const made = new GitlabObjects(scope, "DatabaseSetup", {
    topology,
    servers: [...new Set(missing.map(({ direct }) => direct.server))],
    backend:
      backend ??
      new SqlJobBackend(scope, "DatabaseSetupJobs", {
        // A user who may start pods in a namespace can mount every secret in it, and one of these is the administrator's password.
        namespace: `${namespace}-database-setup`,
        provider,
        dependsOn,
      }),
    dependsOn,
  });
  return made.objects;
}
