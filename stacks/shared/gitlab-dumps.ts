// Databases of GitLab that are dumped together, and the checks of their rehearsal.

import type { IDatabase } from "../../lib/database";
import { GitlabRehearsal } from "../../lib/gitlab";
import type { DumpedDatabases } from "./backups";

/** One dump for each login: those of Rails by server, main and ci together where they share one, and the registry's. */
export function gitlabDumps(
  { main, ci, sec }: RailsDatabases,
  registry: IDatabase,
  eventHours: number,
): DumpedDatabases[] {
  const together = ci !== undefined && ci.server === main.server;
  const rails: DumpedDatabases = {
    name: "main",
    data: "database",
    databases: together ? [main, ci] : [main],
    checks: [
      GitlabRehearsal.newestEvent(main, eventHours),
      GitlabRehearsal.users(main),
      ...(together ? [GitlabRehearsal.sameProjects(main, ci)] : []),
    ],
  };
  const ofRegistry: DumpedDatabases = {
    name: "registry",
    data: "database",
    databases: [registry],
    checks: [GitlabRehearsal.registryRepositories(registry)],
  };
  const apart = [
    ["ci", together ? undefined : ci],
    ["sec", sec],
  ] as const;
  return [
    rails,
    ofRegistry,
    ...apart.flatMap(([name, database]) =>
      database === undefined
        ? []
        : [
            {
              name,
              data: `database-${name}`,
              databases: [database],
              checks: [GitlabRehearsal.migrated(database)],
            },
          ],
    ),
  ];
}

/** Logical databases of Rails. */
export interface RailsDatabases {
  readonly main: IDatabase;
  readonly ci?: IDatabase;
  readonly sec?: IDatabase;
}
