import { mkdirSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { type ITerraformDependable, type TerraformOutput, TerraformStack } from "cdktf";
import { Construct } from "constructs";
import type {
  DatabaseEngine,
  IDatabase,
  IDatabaseServer,
  IReadReplica,
  SupportedEngine,
} from "../../database";
import { directDatabase, requireProps, SynthChecks } from "../../database/private";
import type { ISqlBackend } from "../../sql";
import type { RecoveryPlan } from "../plan/recovery-plan";
import { OutputValues } from "../private/output-values";
import { checkMajorUpgrade } from "./major-upgrade-checks";
import { upgradeMarkdown, upgradeTexts } from "./upgrade-markdown";
import { afterProgram, checkProgram } from "./upgrade-programs";

/** Properties of a `MajorUpgrade`. */
export interface MajorUpgradeProps {
  /** Server, created by the program. It has the old or the new engine version. */
  readonly server: IDatabaseServer;
  /** Engine with the version before the upgrade. */
  readonly from: DatabaseEngine;
  /**
   * Engine with the version after the upgrade.
   *
   * @see https://www.postgresql.org/support/versioning/
   */
  readonly to: DatabaseEngine;
  /**
   * Databases of the server, whose owners look into them and analyze them. Other databases are entered by the administrator, whom a managed
   * service does not always let in.
   */
  readonly databases: IDatabase[];
  /**
   * Versions that the applications support, such as `release.supportedEngine`. Each must support the old version and the new one, since it
   * runs before and after the upgrade. @default - not checked
   */
  readonly applications?: SupportedEngine[];
  /** Where the programs before and after the upgrade run. */
  readonly backend: ISqlBackend;
  /** Recovery plan of the application, whose steps for stopping, starting and checking the runbook repeats. @default - none */
  readonly plan?: RecoveryPlan;
  /** Maintenance database that the administrator connects to first (PostgreSQL). @default "postgres" */
  readonly maintenanceDatabase?: string;
  /** Command that synthesizes the program, run in its folder. @default "npx cdktf synth" */
  readonly synthesize?: string;
  /** Resources that the programs depend on, besides the server and its databases. @default - none */
  readonly dependsOn?: ITerraformDependable[];
}

/**
 * Major version upgrade of a server, in two applies. With the old engine version at the server, the first apply runs a program that looks for
 * what stops the upgrade and fails with all of it. The second apply, with the new engine version, upgrades the server and then runs a program
 * that updates extensions and gathers statistics. `toMarkdown()` is the runbook: the service's own checks, the backup, the read replicas, the
 * change of the program, and the way back. Create it after the read replicas of the server, and remove it after the upgrade.
 *
 * @see https://www.postgresql.org/docs/current/pgupgrade.html
 * @see https://dev.mysql.com/doc/refman/8.4/en/upgrade-paths.html
 *
 * @example
 * const upgrade = new MajorUpgrade(this, "upgrade", {
 *   server,
 *   from: DatabaseEngine.postgres(PostgresVersion.V16),
 *   to: DatabaseEngine.postgres(PostgresVersion.V17),
 *   databases: [database],
 *   backend,
 * });
 */
export class MajorUpgrade extends Construct {
  /** Name of the runbook's file. */
  public static readonly FILE_NAME = "UPGRADE.md";

  /** Server. */
  public readonly server: IDatabaseServer;
  /** Engine with the version before the upgrade. */
  public readonly from: DatabaseEngine;
  /** Engine with the version after the upgrade. */
  public readonly to: DatabaseEngine;
  /** Outputs of the names in the commands, such as that of the server; none is secret. */
  public readonly outputs: TerraformOutput[];
  /** Resources that exist when the program of the present phase has succeeded. */
  public readonly dependables: ITerraformDependable[];
  /** Properties. @internal */
  public readonly _props: MajorUpgradeProps;

  public constructor(scope: Construct, id: string, props: MajorUpgradeProps) {
    super(scope, id);
    requireProps(this.node.path, "UPGRADE", props, {
      server: true,
      from: true,
      to: true,
      databases: true,
      backend: true,
    });
    this._props = props;
    this.server = props.server;
    this.from = props.from;
    this.to = props.to;
    const checks = new SynthChecks(this, "UPGRADE");
    checkMajorUpgrade(checks, this);
    const programs = {
      server: this.server,
      databases: props.databases.map(directDatabase),
      from: this.from.majorVersion,
      to: this.to.majorVersion,
      maintenanceDatabase: props.maintenanceDatabase ?? "postgres",
    };
    const program = this.upgraded ? afterProgram(programs) : checkProgram(programs);
    this.dependables = props.backend.run(new Construct(this, this.upgraded ? "After" : "Check"), {
      ...program,
      dependsOn: [...program.dependsOn, ...(props.dependsOn ?? [])],
    });
    this.outputs = this.server.majorUpgrade ? new OutputValues(this).create(upgradeTexts(this)) : [];
  }

  /** True if the server has the new engine version. */
  public get upgraded(): boolean {
    return this.server.engine.majorVersion === this.to.majorVersion;
  }

  /** Read replicas of the server in the program. */
  public get replicas(): IReadReplica[] {
    return this.node.root.node
      .findAll()
      .filter((each): each is IReadReplica => (each as IReadReplica).replicaOf === this.server);
  }

  /** The runbook as Markdown. */
  public toMarkdown(): string {
    return upgradeMarkdown(this, new OutputValues(this), TerraformStack.of(this).node.id);
  }

  /**
   * Writes the runbook to `UPGRADE.md`.
   *
   * @param folder the folder, which is created if it does not exist.
   * @returns the path of the file.
   */
  public writeTo(folder: string): string {
    mkdirSync(folder, { recursive: true });
    const file = join(folder, MajorUpgrade.FILE_NAME);
    writeFileSync(file, this.toMarkdown());
    return file;
  }
}
