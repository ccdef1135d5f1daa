import { mkdirSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { type TerraformOutput, TerraformStack } from "cdktf";
import { Construct } from "constructs";
import { requireProps, SynthChecks } from "../../database/private";
import type { RecoveryPlan } from "../plan/recovery-plan";
import { OutputValues } from "../private/output-values";
import { runbookMarkdown, runbookTexts } from "./runbook-markdown";

/** Properties of a `RestoreRunbook`. */
export interface RestoreRunbookProps {
  /** Recovery plan of the application. */
  readonly plan: RecoveryPlan;
  /** Command that synthesizes the program, run in its folder. @default "npx cdktf synth" */
  readonly synthesize?: string;
}

/**
 * Restore runbook of an application, written from its program: for each scenario the ordered steps with exact commands, the permissions
 * that they need, how to verify and how to go back. Names that only Terraform knows are read with `terraform output`, for which the
 * construct creates outputs `restore_...`; none is secret. Create it last, since it describes the plan as it is then.
 *
 * @example
 * const runbook = new RestoreRunbook(this, "runbook", { plan });
 * runbook.writeTo("docs/restore");
 */
export class RestoreRunbook extends Construct {
  /** Name of the file. */
  public static readonly FILE_NAME = "RESTORE.md";

  /** Outputs of the names in the commands. */
  public readonly outputs: TerraformOutput[];
  private readonly props: RestoreRunbookProps;
  private readonly values: OutputValues;

  public constructor(scope: Construct, id: string, props: RestoreRunbookProps) {
    super(scope, id);
    requireProps(this.node.path, "RUNBOOK", props, { plan: true });
    this.props = props;
    this.values = new OutputValues(this);
    const checks = new SynthChecks(this, "RUNBOOK");
    const texts = runbookTexts(props.plan, this.program);
    const braces = texts.flatMap((text) => [...text.matchAll(/\$\{(?!TfToken\[)([A-Z_]+)[^}]*\}/g)]);
    for (const variable of new Set(braces.map(([, name]) => name))) {
      checks.fail(
        "commands",
        variable,
        "must write a variable of the shell as $NAME, since braces are a template of Terraform",
      );
    }
    this.outputs = this.values.create(texts);
  }

  /** The runbook as Markdown. */
  public toMarkdown(): string {
    return runbookMarkdown(this.props.plan, this.program, this.values, TerraformStack.of(this).node.id);
  }

  /**
   * Writes the runbook to `RESTORE.md`.
   *
   * @param folder the folder, which is created if it does not exist.
   * @returns the path of the file.
   */
  public writeTo(folder: string): string {
    mkdirSync(folder, { recursive: true });
    const file = join(folder, RestoreRunbook.FILE_NAME);
    writeFileSync(file, this.toMarkdown());
    return file;
  }

  private get program() {
    return {
      synthesize: this.props.synthesize ?? "npx cdktf synth",
      stackFolder: `cdktf.out/stacks/${TerraformStack.of(this).node.id}`,
    };
  }
}
