// GitLab's own backup covers Rails' databases and nothing else. What it misses is found on the day of the restore, so it is said
// here, for the review and for the runbook.

import { isResolved, terraformCall } from "../../database/private";
import type { IDatabaseTopology } from "../topology/database-topology";
import { isBehindPooler, type TopologyEntry } from "../topology/topology-entry";

/** When GitLab backs itself up, and on what disk it packs. */
export interface GitlabBackupSchedule {
  /** Five fields of cron in the cluster's time zone, such as `0 1 * * *`. */
  readonly cron: string;
  /** A volume for packing, in GiB: the largest store and all dumps have to fit. @default - the node's disk */
  readonly diskGiB?: number;
}

/** Whether GitLab's own backup has a logical database. */
export interface GitlabDatabaseCoverage {
  /** The entry's name, such as `registry`. */
  readonly name: string;
  /** The database's name. */
  readonly databaseName: string;
  /** The host past all poolers, where a dump has to go; may be a token. */
  readonly host: string;
  /** Its port; may be a token. */
  readonly port: number;
  /** Whether GitLab's own backup has it. */
  readonly isCovered: boolean;
  /** Why, or what to do in its place. */
  readonly remark: string;
}

const COVERED = ["main", "ci", "sec"];

/** What to do about the others. Sources: the chart's docs (registry metadata database, OpenBao), GitLab's docs (Geo, Praefect). */
const MISSED: { readonly [name: string]: string } = {
  registry:
    "not in GitLab's backup: keep the server's own backups and restore them to the same moment as the registry's store",
  openbao:
    "its unseal key is not in GitLab's backup, and its database only where the toolbox has credentials for it: keep both",
  praefect:
    "not in GitLab's backup: keep the server's own backups; without it the repositories' replicas have to be found again",
  geo: "not in GitLab's backup, and it need not be: a secondary site builds it again from the primary",
  embedding: "GitLab's documentation does not name it: keep the server's own backups",
};

/**
 * Which logical databases GitLab's own backup has and which it misses, with the address past the poolers for each. Backups
 * through a pooler in transaction mode cause an outage.
 *
 * @example
 * const coverage = new GitlabBackupCoverage(topology);
 * const missed = coverage.databases.filter((each) => !each.isCovered);
 */
export class GitlabBackupCoverage {
  /** Every logical database of the topology, in its order. */
  public readonly databases: GitlabDatabaseCoverage[];
  /**
   * The environment that sends `gitlab-backup` of the Linux package past the poolers; empty where there are none. A release of
   * the chart needs it not: its toolbox has the direct addresses as its own.
   */
  public readonly environment: { readonly [name: string]: string };

  public constructor(topology: IDatabaseTopology) {
    this.databases = topology.entries.map(coverageOf);
    this.environment = Object.fromEntries(
      topology.rails
        .filter((entry) => COVERED.includes(entry.name) && entry.databaseTasks && isBehindPooler(entry))
        .flatMap(({ name, direct }) => {
          const { host, port } = direct.server.endpoint;
          const prefix = `GITLAB_BACKUP_${name.toUpperCase()}`;
          return [
            [`${prefix}_PGHOST`, host],
            [`${prefix}_PGPORT`, isResolved(port) ? String(port) : terraformCall("tostring", port)],
          ];
        }),
    );
  }

  /** The same in words, one line for each database. */
  public get text(): string {
    return this.databases
      .map(({ name, databaseName, host, port, isCovered, remark }) =>
        [`${name} (${databaseName} at ${host}:${port})`, isCovered ? "covered" : "MISSED", remark].join(": "),
      )
      .join("\n");
  }
}

function coverageOf(entry: TopologyEntry): GitlabDatabaseCoverage {
  const { name, direct, sharesWith } = entry;
  const isCovered = COVERED.includes(name);
  const remark = isCovered
    ? sharesWith
      ? `it is the database of ${sharesWith}, which is dumped once`
      : "gitlab-backup and the chart's backup-utility dump it"
    : (MISSED[name] ?? "GitLab knows nothing of it: keep the server's own backups");
  return {
    name,
    databaseName: direct.databaseName,
    host: direct.server.endpoint.host,
    port: direct.server.endpoint.port,
    isCovered,
    remark,
  };
}
