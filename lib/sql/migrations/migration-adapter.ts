/** Direction of a migration. */
export enum MigrationDirection {
  /** Migrates the schema up to the application's version. */
  UP = "up",
  /** Reverts migrations; loses data. */
  DOWN = "down",
  /** Shows which migrations have run. */
  STATUS = "status",
}

/** Migration that is requested of a component. */
export interface MigrationRequest {
  /** Direction. */
  readonly direction: MigrationDirection;
  /** True if the migrations are shown and not run. */
  readonly dryRun: boolean;
  /** True if a migration down is confirmed. */
  readonly force: boolean;
  /** Maximum number of migrations to run, or number of migrations to revert; set for down, not set for status. @default - all */
  readonly limit?: number;
  /** True if post-deployment migrations are skipped. */
  readonly skipPostDeployment: boolean;
}

/** Option of a request that a component does not support. */
export interface UnsupportedMigrationOption {
  /** Option name, a property of `MigrationRequest`. */
  readonly option: string;
  /** Rule that the option breaks, such as `must be false: ...`. */
  readonly rule: string;
}

/** Command line of a migration. */
export interface MigrationCommand {
  /** Program and arguments; empty when the component migrates by itself. */
  readonly words: string[];
  /** Environment variables. @default - none */
  readonly environment?: { readonly [name: string]: string };
  /** Options of the request that the component does not support. @default - none */
  readonly unsupported?: UnsupportedMigrationOption[];
}

/** Component that migrates its schema. `MigrationAdapter` has the general ones, `GitlabMigrations` those of GitLab. */
export interface IMigrationAdapter {
  /** Component name: lower-case letters, digits and hyphens. */
  readonly component: string;

  /**
   * The command for a request.
   *
   * @param request the migration.
   */
  commandFor(request: MigrationRequest): MigrationCommand;
}

/** Command lines of a component. */
export interface MigrationCommands {
  /** Migrates up. */
  readonly up: string[];
  /** Reverts migrations. @default - not supported */
  readonly down?: string[];
  /** Shows which migrations have run. @default - not supported */
  readonly status?: string[];
  /** True if the commands `up` and `down` obey MIGRATION_LIMIT; otherwise a limit is refused. @default false */
  readonly obeysLimit?: boolean;
}

/**
 * Migrations of a component.
 *
 * @example
 * const adapter = MigrationAdapter.fromCommands("wiki", { up: ["wiki", "db", "migrate"] });
 */
export class MigrationAdapter implements IMigrationAdapter {
  /**
   * A component with a command for each direction. The command finds the request in MIGRATION_DIRECTION, MIGRATION_DRY_RUN,
   * MIGRATION_FORCE, MIGRATION_LIMIT (empty for all) and MIGRATION_SKIP_POST_DEPLOYMENT, and the connection in the variables of
   * the engine's client, such as PGHOST and PGPASSWORD.
   *
   * @param component the component's name: lower-case letters, digits and hyphens.
   * @param commands program and arguments for each direction.
   */
  public static fromCommands(component: string, commands: MigrationCommands): MigrationAdapter {
    return new MigrationAdapter(component, commands);
  }

  /**
   * A component that migrates up at startup. No command runs; constructs that depend on the migration depend on the SQL objects.
   *
   * @param component the component's name.
   */
  public static atStartup(component: string): MigrationAdapter {
    return new MigrationAdapter(component, undefined);
  }

  /** Component name. */
  public readonly component: string;
  private readonly commands?: MigrationCommands;

  private constructor(component: string, commands: MigrationCommands | undefined) {
    this.component = component;
    this.commands = commands;
  }

  public commandFor(request: MigrationRequest): MigrationCommand {
    if (!this.commands) return { words: [], unsupported: this.unsupportedAtStartup(request) };
    const words = this.commands[request.direction];
    const ignored = request.limit !== undefined && !this.commands.obeysLimit;
    return {
      words: words ?? [],
      environment: {
        MIGRATION_DIRECTION: request.direction,
        MIGRATION_DRY_RUN: `${request.dryRun}`,
        MIGRATION_FORCE: `${request.force}`,
        MIGRATION_LIMIT: request.limit === undefined ? "" : `${request.limit}`,
        MIGRATION_SKIP_POST_DEPLOYMENT: `${request.skipPostDeployment}`,
      },
      unsupported: [
        ...(words
          ? []
          : [{ option: "direction", rule: "must be a direction that the adapter has a command for" }]),
        ...(ignored
          ? [
              {
                option: "limit",
                rule: "must not be set: the commands do not declare that they obey MIGRATION_LIMIT (obeysLimit)",
              },
            ]
          : []),
      ],
    };
  }

  private unsupportedAtStartup(request: MigrationRequest): UnsupportedMigrationOption[] {
    const set = (["dryRun", "force", "skipPostDeployment"] as const).filter((option) => request[option]);
    return [
      ...set.map((option) => ({ option, rule: `must not be set: ${this.component} migrates at startup` })),
      ...(request.limit === undefined
        ? []
        : [{ option: "limit", rule: `must not be set: ${this.component} migrates at startup` }]),
      ...(request.direction === MigrationDirection.UP
        ? []
        : [{ option: "direction", rule: `must be up: ${this.component} migrates up at startup` }]),
    ];
  }
}
