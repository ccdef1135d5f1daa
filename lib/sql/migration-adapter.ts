// How each component is told to migrate. Sources, read 2026-11: the Linux package's migration helpers and `gitlab-ctl registry-database`
// (facts of 19.3); Praefect's `subcmd_sql_migrate*.go` (down is a dry run unless -f is given); Coder's `cli/server.go` (migrates
// by itself when it starts); docs.gitlab.com "Rake tasks for database".

import type { SynthChecks } from "../database/private";

/** What a migration does. */
export enum MigrationDirection {
  /** Brings the schema up to the application's version. */
  UP = "up",
  /** Takes migrations back; loses data. */
  DOWN = "down",
  /** Only says what has run and what has not. */
  STATUS = "status",
}

/** What is asked of a component. */
export interface MigrationRequest {
  /** What to do. */
  readonly direction: MigrationDirection;
  /** Whether only to say what would be done. */
  readonly dryRun: boolean;
  /** Whether a migration down is meant. */
  readonly force: boolean;
  /** The most migrations to run. @default - all */
  readonly limit?: number;
  /** Whether to leave those for after the deployment. */
  readonly skipPostDeployment: boolean;
}

/** What a component is started with. */
export interface MigrationCommand {
  /** The program and its words. */
  readonly words: string[];
  /** Variables for it. @default - none */
  readonly environment?: { readonly [name: string]: string };
}

/** Commands of a component of your own. */
export interface MigrationCommands {
  /** Brings the schema up. */
  readonly up: string[];
  /** Takes migrations back. @default - it cannot */
  readonly down?: string[];
  /** Says what has run. @default - it cannot */
  readonly status?: string[];
}

type Render = (request: MigrationRequest, refuse: (option: string, why: string) => void) => MigrationCommand;

/** A component that migrates its own schema. */
export class MigrationAdapter {
  /**
   * GitLab's Rails application, in an image with `gitlab-rake`, such as the toolbox. One task serves main, ci and sec: it visits every
   * database that is configured.
   */
  public static gitlabRails(): MigrationAdapter {
    return new MigrationAdapter("gitlab-rails", (request, refuse) => {
      if (request.dryRun) refuse("dryRun", "GitLab's tasks know none; ask for the status");
      if (request.direction === MigrationDirection.UP && request.limit !== undefined) {
        refuse("limit", "GitLab migrates up to its version or not at all");
      }
      // What is for after the deployment is left to the next run without this.
      const environment = request.skipPostDeployment
        ? { SKIP_POST_DEPLOYMENT_MIGRATIONS: "true" }
        : undefined;
      switch (request.direction) {
        case MigrationDirection.DOWN:
          return { words: ["gitlab-rake", "db:rollback", `STEP=${request.limit ?? 1}`], environment };
        case MigrationDirection.STATUS:
          return { words: ["gitlab-rake", "db:migrate:status"], environment };
        default:
          return { words: ["gitlab-rake", "gitlab:db:configure"], environment };
      }
    });
  }

  /**
   * GitLab's container registry.
   *
   * @param configPath the registry's configuration where the command runs.
   */
  public static gitlabRegistry(configPath: string): MigrationAdapter {
    return new MigrationAdapter("gitlab-registry", (request, refuse) => {
      const { direction } = request;
      const options: string[] = [];
      if (direction === MigrationDirection.STATUS) {
        if (request.dryRun) refuse("dryRun", "the status changes nothing anyway");
        if (request.limit !== undefined) refuse("limit", "it is for up and down");
      } else {
        if (request.dryRun) options.push("--dry-run");
        if (request.limit !== undefined) options.push("--limit", `${request.limit}`);
      }
      if (direction === MigrationDirection.DOWN) {
        if (request.skipPostDeployment) refuse("skipPostDeployment", "it is for up and status");
        if (request.force) options.push("--force");
      } else if (request.skipPostDeployment) options.push("--skip-post-deployment");
      return { words: ["registry", "database", "migrate", direction, ...options, configPath] };
    });
  }

  /**
   * Praefect.
   *
   * @param configPath Praefect's configuration where the command runs.
   */
  public static praefect(configPath: string): MigrationAdapter {
    return new MigrationAdapter("praefect", (request, refuse) => {
      const praefect = ["praefect", "-config", configPath];
      if (request.skipPostDeployment) refuse("skipPostDeployment", "Praefect has no such migrations");
      if (request.direction === MigrationDirection.DOWN) {
        if (request.limit === undefined)
          refuse("limit", "Praefect wants to know how many migrations to take back");
        // Without -f it only says what it would do.
        const force = request.force && !request.dryRun ? ["-f"] : [];
        return { words: [...praefect, "sql-migrate-down", ...force, `${request.limit ?? 1}`] };
      }
      if (request.dryRun) refuse("dryRun", "Praefect knows it for down only; ask for the status");
      if (request.limit !== undefined) refuse("limit", "Praefect knows it for down only");
      const command = request.direction === MigrationDirection.STATUS ? "sql-migrate-status" : "sql-migrate";
      return { words: [...praefect, command] };
    });
  }

  /** Coder, which migrates when it starts: nothing runs, but what depends on the migration comes after the objects. */
  public static coder(): MigrationAdapter {
    return new MigrationAdapter("coder", undefined);
  }

  /**
   * A command of your own. It finds the request in MIGRATION_DIRECTION, MIGRATION_DRY_RUN, MIGRATION_FORCE, MIGRATION_LIMIT (empty
   * for all) and MIGRATION_SKIP_POST_DEPLOYMENT, and the connection in the engine's own variables, such as PGHOST and PGPASSWORD.
   *
   * @param name the component's name: lower-case letters, digits and hyphens.
   * @param commands one command for each direction, as words.
   */
  public static command(name: string, commands: MigrationCommands): MigrationAdapter {
    return new MigrationAdapter(name, (request, refuse) => {
      const words = commands[request.direction];
      if (!words) refuse("direction", `there is no command for ${request.direction}`);
      return {
        words: words ?? [],
        environment: {
          MIGRATION_DIRECTION: request.direction,
          MIGRATION_DRY_RUN: `${request.dryRun}`,
          MIGRATION_FORCE: `${request.force}`,
          MIGRATION_LIMIT: request.limit === undefined ? "" : `${request.limit}`,
          MIGRATION_SKIP_POST_DEPLOYMENT: `${request.skipPostDeployment}`,
        },
      };
    });
  }

  /** The component's name. */
  public readonly component: string;
  readonly #render?: Render;

  private constructor(component: string, render: Render | undefined) {
    this.component = component;
    this.#render = render;
  }

  /** Whether a command runs at all. */
  public get runsCommand(): boolean {
    return this.#render !== undefined;
  }

  /**
   * The command for a request; reports what the component cannot do.
   *
   * @param checks where to report.
   * @param request what is asked.
   */
  public command(checks: SynthChecks, request: MigrationRequest): MigrationCommand | undefined {
    if (!this.#render) {
      const asked = request as unknown as { [option: string]: unknown };
      for (const option of ["dryRun", "force", "skipPostDeployment"]) {
        if (asked[option])
          checks.fail(option, asked[option], `${this.component} migrates by itself when it starts`);
      }
      if (request.direction !== MigrationDirection.UP) {
        checks.fail(
          "direction",
          request.direction,
          `${this.component} migrates up by itself when it starts, and nothing else`,
        );
      }
      return undefined;
    }
    return this.#render(request, (option, why) => {
      checks.fail(option, (request as unknown as { [o: string]: unknown })[option], why);
    });
  }
}
