// Sources, read 2026-11: the Linux package's migration helpers and `gitlab-ctl registry-database` (facts of 19.3); Praefect's
// `subcmd_sql_migrate*.go` (down is a dry run unless -f is given); docs.gitlab.com "Rake tasks for database".

import {
  type IMigrationAdapter,
  type MigrationCommand,
  MigrationDirection,
  type MigrationRequest,
  type UnsupportedMigrationOption,
} from "../../sql";

/**
 * Migrations of GitLab's components, for `DatabaseMigration`.
 *
 * @example
 * const adapter = GitlabMigrations.registry("/etc/docker/registry/config.yml");
 */
export class GitlabMigrations {
  /**
   * The Rails application, in an image with `gitlab-rake`, such as the toolbox. One task migrates all configured databases:
   * `main`, `ci` and `sec`.
   *
   * @see https://docs.gitlab.com/administration/raketasks/maintenance/
   */
  public static rails(): IMigrationAdapter {
    return { component: "gitlab-rails", commandFor: railsCommand };
  }

  /**
   * The container registry.
   *
   * @param configPath path of the registry's configuration file where the command runs.
   * @see https://docs.gitlab.com/administration/packages/container_registry_metadata_database/
   */
  public static registry(configPath: string): IMigrationAdapter {
    return {
      component: "gitlab-registry",
      commandFor: (request) => registryCommand(request, configPath),
    };
  }

  /**
   * Praefect.
   *
   * @param configPath path of Praefect's configuration file where the command runs.
   * @see https://docs.gitlab.com/administration/gitaly/praefect/
   */
  public static praefect(configPath: string): IMigrationAdapter {
    return { component: "praefect", commandFor: (request) => praefectCommand(request, configPath) };
  }
}

function railsCommand(request: MigrationRequest): MigrationCommand {
  const { direction, limit } = request;
  const unsupported: UnsupportedMigrationOption[] = [];
  if (request.dryRun) {
    unsupported.push({
      option: "dryRun",
      rule: "must be false: GitLab's Rake tasks have no dry run; use the direction status",
    });
  }
  if (direction === MigrationDirection.UP && limit !== undefined) {
    unsupported.push({
      option: "limit",
      rule: "must not be set for up: GitLab migrates up to its version or not at all",
    });
  }
  // Skipped post-deployment migrations run in the next migration that does not skip them.
  const environment = request.skipPostDeployment ? { SKIP_POST_DEPLOYMENT_MIGRATIONS: "true" } : undefined;
  switch (direction) {
    case MigrationDirection.DOWN:
      return { words: ["gitlab-rake", "db:rollback", `STEP=${limit}`], environment, unsupported };
    case MigrationDirection.STATUS:
      return { words: ["gitlab-rake", "db:migrate:status"], environment, unsupported };
    default:
      return { words: ["gitlab-rake", "gitlab:db:configure"], environment, unsupported };
  }
}

function registryCommand(request: MigrationRequest, configPath: string): MigrationCommand {
  const { direction, dryRun, limit, skipPostDeployment, force } = request;
  const unsupported: UnsupportedMigrationOption[] = [];
  const options: string[] = [];
  if (direction === MigrationDirection.STATUS) {
    if (dryRun)
      unsupported.push({ option: "dryRun", rule: "must be false for status, which changes nothing" });
  } else {
    if (dryRun) options.push("--dry-run");
    if (limit !== undefined) options.push("--limit", `${limit}`);
  }
  if (direction === MigrationDirection.DOWN) {
    if (skipPostDeployment) {
      unsupported.push({ option: "skipPostDeployment", rule: "must be false for down" });
    }
    if (force) options.push("--force");
  } else if (skipPostDeployment) options.push("--skip-post-deployment");
  return { words: ["registry", "database", "migrate", direction, ...options, configPath], unsupported };
}

function praefectCommand(request: MigrationRequest, configPath: string): MigrationCommand {
  const { direction, dryRun, limit } = request;
  const praefect = ["praefect", "-config", configPath];
  const unsupported: UnsupportedMigrationOption[] = [];
  if (request.skipPostDeployment) {
    unsupported.push({
      option: "skipPostDeployment",
      rule: "must be false: Praefect has no post-deployment migrations",
    });
  }
  if (direction === MigrationDirection.DOWN) {
    // Without -f, Praefect shows the migrations and reverts none.
    const force = request.force && !dryRun ? ["-f"] : [];
    return { words: [...praefect, "sql-migrate-down", ...force, `${limit}`], unsupported };
  }
  if (dryRun) {
    unsupported.push({
      option: "dryRun",
      rule: "must be false: Praefect has a dry run for down only; use the direction status",
    });
  }
  if (limit !== undefined && direction === MigrationDirection.UP) {
    unsupported.push({ option: "limit", rule: "must not be set: Praefect has a limit for down only" });
  }
  const command = direction === MigrationDirection.STATUS ? "sql-migrate-status" : "sql-migrate";
  return { words: [...praefect, command], unsupported };
}
