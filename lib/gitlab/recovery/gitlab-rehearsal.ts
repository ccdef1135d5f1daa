import type { IDatabase } from "../../database";
import { RehearsalCheck } from "../../recovery";

// Tables, read 2026-11: gitlabhq/gitlabhq, db/structure.sql and app/workers/projects/process_sync_events_worker.rb, and the schema of
// gitlab-org/container-registry (top_level_namespaces, repositories).

/**
 * Checks of restored databases of GitLab, for a `RestoreRehearsal`.
 *
 * @example
 * const checks = [GitlabRehearsal.newestEvent(main, 8 * 24), GitlabRehearsal.sameProjects(main, ci)];
 */
export class GitlabRehearsal {
  /**
   * Age of the newest event: a push, a comment, a merge request.
   *
   * @param main the main database.
   * @param maxAgeHours the greatest age in hours; as long as GitLab may be without users.
   */
  public static newestEvent(main: IDatabase, maxAgeHours: number): RehearsalCheck {
    return RehearsalCheck.newestRow(
      main,
      "SELECT extract(epoch FROM max(created_at)) FROM events",
      maxAgeHours,
    );
  }

  /**
   * Number of users.
   *
   * @param main the main database.
   * @param minimum the smallest number that passes. @default 1
   */
  public static users(main: IDatabase, minimum = 1): RehearsalCheck {
    return RehearsalCheck.atLeast("users", main, "SELECT count(*) FROM users", minimum);
  }

  /**
   * main and ci are of the same moment: GitLab copies each new project of main to ci within a minute, so the numbers of the newest ones are
   * close together.
   *
   * @param main the main database.
   * @param ci the ci database.
   * @param maxProjects the greatest difference. @default 100
   */
  public static sameProjects(main: IDatabase, ci: IDatabase, maxProjects = 100): RehearsalCheck {
    return RehearsalCheck.together(
      "newest project in main and ci",
      { database: main, sql: "SELECT coalesce(max(id), 0) FROM projects" },
      { database: ci, sql: "SELECT coalesce(max(project_id), 0) FROM ci_project_mirrors" },
      maxProjects,
    );
  }

  /**
   * The schema of Rails is there, in a database without a table that is certain to have rows.
   *
   * @param database a database of Rails: main, ci or sec.
   */
  public static migrated(database: IDatabase): RehearsalCheck {
    return RehearsalCheck.atLeast(
      `migrations of ${database.databaseName}`,
      database,
      "SELECT count(*) FROM schema_migrations",
      1,
    );
  }

  /**
   * The repositories of the container registry can be counted.
   *
   * @param registry the registry's database.
   * @param minimum the smallest number that passes. @default 0
   */
  public static registryRepositories(registry: IDatabase, minimum = 0): RehearsalCheck {
    return RehearsalCheck.atLeast(
      "repositories of the registry",
      registry,
      "SELECT count(*) FROM repositories",
      minimum,
    );
  }

  private constructor() {}
}
