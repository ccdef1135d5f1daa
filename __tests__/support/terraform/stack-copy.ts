/**
 * A synthesized stack in a temporary folder, where Terraform works on it. The stack's own file is copied as it is;
 * what a test has to change (where the state is, where a provider finds its cloud) goes into an override beside it.
 */
import { cpSync, existsSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { type Finished, must, mustAsync, run } from "../../../tools/machine/processes";
import { repository } from "../../../tools/machine/repository";
import { cliConfiguration, REAL_AWS_VERSION, type TerraformTools } from "../../../tools/machine/terraform";
import { planOfTest, writeMockedTest } from "./mocked-plan";
import type { Attributes, PlanJson } from "./plan";

export interface StackCopyOptions {
  /** Values of the stack's Terraform variables. */
  readonly variables?: Attributes;
  /** Merged over the stack by Terraform: `{ provider: { aws: [{...}] } }`. */
  readonly override?: Attributes;
  /** The plugin folder of the real aws provider, which then takes the place of the pinned one. */
  readonly realAws?: string;
  readonly env?: NodeJS.ProcessEnv;
}

export interface Validation {
  readonly valid: boolean;
  readonly diagnostics: readonly {
    readonly severity: string;
    readonly summary: string;
    readonly detail: string;
  }[];
}

interface WithConditions {
  readonly lifecycle?: { readonly precondition?: { condition: string }[] };
}

export class StackCopy {
  public readonly folder: string;
  private readonly env: NodeJS.ProcessEnv;
  /** Types of every version of the stack that was put in place: the state has those of earlier ones. */
  private readonly types = new Set<string>();

  /** @param source the folder that holds the stack's `cdk.tf.json` */
  public constructor(
    private readonly tools: TerraformTools,
    source: string,
    private readonly options: StackCopyOptions = {},
  ) {
    this.folder = mkdtempSync(join(tmpdir(), "devplatforms-stack-"));
    const rc = join(this.folder, ".terraform.rc");
    writeFileSync(rc, cliConfiguration(tools.mirror, options.realAws));
    this.env = {
      ...process.env,
      TF_CLI_CONFIG_FILE: rc,
      CHECKPOINT_DISABLE: "1",
      TF_IN_AUTOMATION: "1",
      ...options.env,
    };
    this.use(source);
    this.setVariables(options.variables ?? {});
  }

  /** Puts another version of the stack in place; the state stays. */
  public use(source: string): void {
    cpSync(source, this.folder, { recursive: true });
    const stack = join(this.folder, "cdk.tf.json");
    if (!this.options.realAws && existsSync(stack)) {
      writeFileSync(stack, withLikelyPasswords(readFileSync(stack, "utf8")));
    }
    writeFileSync(join(this.folder, "zz_override.tf.json"), JSON.stringify(this.override(), undefined, 2));
    for (const file of ["cdk.tf.json", "zz_override.tf.json"].map((name) => join(this.folder, name))) {
      if (existsSync(file)) for (const type of typesIn(file)) this.types.add(type);
    }
    // The stand-ins serve these types alone, since Terraform reads all schemas of a provider in each command.
    this.env.OFFLINE_PROVIDER_TYPES = [...this.types].sort().join();
  }

  public setVariables(variables: Attributes): void {
    writeFileSync(join(this.folder, "terraform.tfvars.json"), JSON.stringify(variables));
  }

  public init(): void {
    this.terraform("init", "-input=false");
  }

  public validate(): Validation {
    const done = run(this.tools.program, ["validate", "-json"], { cwd: this.folder, env: this.env });
    return JSON.parse(done.stdout) as Validation;
  }

  /** @returns the plan as JSON; it is kept in the file `tfplan` beside the stack. */
  public plan(...args: string[]): PlanJson {
    this.terraform("plan", "-input=false", "-out=tfplan", ...args);
    return this.show();
  }

  /** Like `plan`, without blocking this process. */
  public async planAsync(...args: string[]): Promise<PlanJson> {
    await this.terraformAsync("plan", "-input=false", "-out=tfplan", ...args);
    return this.show();
  }

  /** Runs `devplatforms review` on the plan in the file `tfplan`, as a pipeline does: Terraform is what shows it. */
  public review(...args: string[]): Finished {
    const command = ["--import", "tsx", join(repository, "lib", "cli", "main.ts"), "review"];
    return run(process.execPath, [...command, join(this.folder, "tfplan"), ...args], {
      cwd: repository,
      env: { ...this.env, TERRAFORM_BINARY_NAME: this.tools.program },
    });
  }

  /** @returns what Terraform says to a plan that has to fail. */
  public planFails(...args: string[]): string {
    const done = run(this.tools.program, ["plan", "-input=false", "-no-color", ...args], {
      cwd: this.folder,
      env: this.env,
    });
    if (done.code === 0) {
      throw new Error("the plan was to fail, but it did not");
    }
    return `${done.stdout}\n${done.stderr}`;
  }

  /** @returns the plan that `terraform test` makes with mocked providers: no cloud and no credentials are needed. */
  public mockedPlan(): PlanJson {
    rmSync(join(this.folder, "terraform.tfvars.json"));
    writeMockedTest(this.folder, this.options.variables ?? {});
    const args = ["test", "-json", "-verbose", "-no-color"];
    return planOfTest(run(this.tools.program, args, { cwd: this.folder, env: this.env }).stdout);
  }

  public async apply(...args: string[]): Promise<string> {
    return this.terraformAsync("apply", "-input=false", "-auto-approve", ...args);
  }

  /** Like `apply`, blocking this process. */
  public applyAndWait(): void {
    this.terraform("apply", "-input=false", "-auto-approve");
  }

  public async destroy(...args: string[]): Promise<string> {
    return this.terraformAsync("destroy", "-input=false", "-auto-approve", ...args);
  }

  /** @returns the addresses in the state. */
  public addresses(): string[] {
    return this.terraform("state", "list").trim().split("\n").filter(Boolean);
  }

  /** @returns the state, as `terraform show -json` prints it. */
  public state(): unknown {
    return JSON.parse(this.terraform("show", "-json"));
  }

  /** Removes addresses from the state, as if they were lost or forgotten. @returns those that matched. */
  public forget(pattern: RegExp): string[] {
    const found = this.addresses().filter((address) => pattern.test(address));
    if (found.length > 0) this.terraform("state", "rm", ...found);
    return found;
  }

  /** @returns the values of the stack's outputs, sensitive ones too. */
  public outputs(): Record<string, { readonly value: unknown }> {
    return JSON.parse(this.terraform("output", "-json")) as Record<string, { readonly value: unknown }>;
  }

  /** @returns everything that Terraform has written here, for a search of what must not be in it. */
  public written(): { readonly name: string; readonly text: string }[] {
    return ["cdk.tf.json", "terraform.tfstate", "terraform.tfstate.backup"]
      .map((name) => ({ name, path: join(this.folder, name) }))
      .filter(({ path }) => existsSync(path))
      .map(({ name, path }) => ({ name, text: readFileSync(path, "utf8") }));
  }

  public remove(): void {
    rmSync(this.folder, { recursive: true, force: true });
  }

  private show(): PlanJson {
    return JSON.parse(this.terraform("show", "-json", "tfplan")) as PlanJson;
  }

  private terraform(...args: string[]): string {
    return must(this.tools.program, withoutColor(args), { cwd: this.folder, env: this.env });
  }

  private terraformAsync(...args: string[]): Promise<string> {
    return mustAsync(this.tools.program, withoutColor(args), { cwd: this.folder, env: this.env });
  }

  private override(): Attributes {
    // The state belongs beside the copy, not where the synthesizing program ran.
    const terraform: Attributes = { backend: { local: { path: "terraform.tfstate" } } };
    if (this.options.realAws !== undefined) {
      terraform.required_providers = { aws: { source: "hashicorp/aws", version: REAL_AWS_VERSION } };
    }
    return { terraform, ...this.options.override };
  }
}

function withoutColor([command, ...args]: string[]): string[] {
  return [command as string, ...(command === "state" || command === "show" ? [] : ["-no-color"]), ...args];
}

/** @returns the types of resources, data sources and ephemeral resources in a file of Terraform JSON */
function typesIn(file: string): string[] {
  const json = JSON.parse(readFileSync(file, "utf8")) as Record<string, Attributes | undefined>;
  return ["resource", "data", "ephemeral"].flatMap((kind) => Object.keys(json[kind] ?? {}));
}

/**
 * The stand-ins' ephemeral values are longer than a password of MySQL may be, and have other characters than ours. Conditions
 * (and these alone, so that a value can be recognised wherever it goes) are asked about a text as our generators make it.
 */
function withLikelyPasswords(text: string): string {
  const json: { resource?: { [type: string]: { [name: string]: WithConditions } } } = JSON.parse(text);
  for (const resources of Object.values(json.resource ?? {})) {
    for (const { lifecycle } of Object.values(resources)) {
      for (const condition of lifecycle?.precondition ?? []) {
        condition.condition = `${condition.condition}`.replace(
          /\bephemeral\.\w+\.[\w-]+\.\w+/g,
          (reference) => `format("Aa1%s", substr(sha256(${reference}), 0, 29))`,
        );
      }
    }
  }
  return JSON.stringify(json, undefined, 2);
}
