// GitLab's backup covers Rails' databases only. A gap would be found on the day of the restore, so it is listed here for the review and
// the runbook.

import { isResolved, terraformCall } from "../../database/private";
import type { IDatabaseTopology } from "../topology/database-topology";
import { isBehindPooler, type TopologyEntry } from "../topology/topology-entry";

/**
 * Schedule of backups by the toolbox's cron job.
 *
 * @see https://docs.gitlab.com/charts/backup-restore/backup/
 */
export interface GitlabBackupSchedule {
  /** Cron schedule of five fields in the cluster's time zone, such as `0 1 * * *`. */
  readonly cron: string;
  /** Size of an ephemeral volume for the archive, in GiB; the largest store and all dumps must fit. @default - the node's disk */
  readonly diskGiB?: number;
  /**
   * Arguments of `backup-utility`, such as `["--maximum-backups", "7", "--skip", "artifacts"]`. `--s3tool` follows from the object storage.
   * @default - none: all backups are kept
   * @see https://docs.gitlab.com/charts/backup-restore/backup/
   */
  readonly utilityArguments?: string[];
}

/** Coverage of a logical database by GitLab's backup. */
export interface GitlabDatabaseCoverage {
  /** Name of the entry, such as `registry`. */
  readonly name: string;
  /** Name of the database. */
  readonly databaseName: string;
  /** Host past all poolers, for dumps; may be a token. */
  readonly host: string;
  /** Port; may be a token. */
  readonly port: number;
  /** True if GitLab's backup contains the database. */
  readonly isCovered: boolean;
  /** Reason, or the alternative. */
  readonly remark: string;
}

const COVERED = ["main", "ci", "sec"];

/** Alternatives for the other databases. Sources: the chart's docs (registry metadata database, OpenBao), GitLab's docs (Geo, Praefect). */
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
 * Coverage of the logical databases by GitLab's backup, with the address past the poolers for each. Backups through a pooler in
 * transaction mode cause an outage.
 *
 * @see https://docs.gitlab.com/administration/backup_restore/backup_gitlab/
 *
 * @example
 * const coverage = new GitlabBackupCoverage(topology);
 * const missed = coverage.databases.filter((each) => !each.isCovered);
 */
export class GitlabBackupCoverage {
  /** All logical databases of the topology, in its order. */
  public readonly databases: GitlabDatabaseCoverage[];
  /**
   * Environment with which `gitlab-backup` of the Linux package connects past the poolers; empty without poolers. A release of the
   * chart does not need it, since its toolbox is configured with the direct addresses.
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

  /** The coverage as text, one line for each database. */
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
