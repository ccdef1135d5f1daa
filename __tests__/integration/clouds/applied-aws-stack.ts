/**
 * A stack of `stacks/main.ts`, applied by the real aws provider to an emulated AWS. Kubernetes and Helm are stand-ins here, so
 * that the stack is whole. What differs on a second plan and is no known gap of the emulator is a defect of ours.
 */
import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { App, type TerraformStack } from "cdktf";
import { python } from "../../../tools/machine/python-environment";
import { realAwsProvider, type TerraformTools, terraformWithMirror } from "../../../tools/machine/terraform";
import { Unavailable } from "../../../tools/machine/unavailable";
import { type Baseline, baselines } from "../../../tools/upgrades/baselines";
import {
  type LandingZone,
  type Moto,
  makeLandingZone,
  motoEnvironment,
  startMoto,
} from "../../support/servers/moto";
import type { Document } from "../../support/terraform/canary";
import { type Attributes, type Change, changes, type PlanJson } from "../../support/terraform/plan";
import { StackCopy } from "../../support/terraform/stack-copy";
import { type StackJson, synthesizedStacks } from "../../support/terraform/stacks";
import { REGION, variableValues } from "../../support/terraform/variable-values";
import type { EmulatorGap } from "./emulator-gaps";

/** What applying needs. */
export interface AwsTools {
  readonly terraform: TerraformTools;
  readonly aws: string;
}

/** Terraform, the real aws provider and the emulator, or what of them is missing. */
export function awsTools(): AwsTools | Unavailable {
  const [terraform, aws, moto] = [terraformWithMirror(), realAwsProvider(), python("aws")];
  if (terraform instanceof Unavailable || aws instanceof Unavailable || moto instanceof Unavailable) {
    return [terraform, aws, moto].find((each) => each instanceof Unavailable) as Unavailable;
  }
  return { terraform, aws };
}

export interface AppliedStackOptions {
  /** Where the emulator is known to forget what it was told. */
  readonly gaps: readonly EmulatorGap[];
  /** The stack's variables that name what the account has. */
  readonly variables: (zone: LandingZone) => Attributes;
  /** Merged over the stack by Terraform. */
  readonly override?: Attributes;
}

export class AppliedAwsStack {
  /** Starts an emulator, makes what an account has before our stacks come, and puts the stack there; nothing is applied yet. */
  public static async start(
    tools: AwsTools,
    name: string,
    options: AppliedStackOptions,
  ): Promise<AppliedAwsStack> {
    const folder = mkdtempSync(join(tmpdir(), "devplatforms-clouds-"));
    const moto = await startMoto(folder);
    try {
      return new AppliedAwsStack(tools, name, options, folder, moto);
    } catch (error) {
      await moto.stop();
      throw error;
    }
  }

  public readonly zone: LandingZone;
  public readonly url: string;
  /** The stack as it was synthesized. */
  public readonly json: StackJson;
  public readonly copy: StackCopy;
  private readonly source: string;
  private readonly plans: PlanJson[] = [];
  private readonly met = new Set<EmulatorGap>();

  private constructor(
    tools: AwsTools,
    private readonly name: string,
    private readonly options: AppliedStackOptions,
    private readonly folder: string,
    private readonly moto: Moto,
  ) {
    this.url = moto.url;
    this.zone = makeLandingZone(moto.url, REGION);
    const stack = synthesizedStacks().find((each) => each.name === name);
    if (stack === undefined) {
      throw new Error(`stacks/main.ts has no stack ${name}`);
    }
    this.json = stack.json;
    this.source = stack.folder;
    this.copy = new StackCopy(tools.terraform, stack.folder, {
      // The nodes of the emulated cluster have its cluster security group.
      variables: variableValues(stack.json, { node_security_group_ids: [], ...options.variables(this.zone) }),
      override: options.override,
      realAws: tools.aws,
      env: motoEnvironment(moto.url),
    });
    this.copy.init();
  }

  /** @returns what Terraform would change. */
  public async plan(): Promise<Change[]> {
    const made = await this.copy.planAsync();
    this.plans.push(made);
    return changes(made);
  }

  /** The last plan. */
  public get lastPlan(): PlanJson {
    return this.plans.at(-1) as PlanJson;
  }

  /** Puts a version of the stack with other properties in place. */
  public change(build: (app: App) => TerraformStack): void {
    const outdir = mkdtempSync(join(this.folder, "synth-"));
    const app = new App({ outdir, stackTraces: false });
    build(app);
    app.synth();
    this.copy.use(join(outdir, "stacks", this.name));
  }

  /** Puts the stack as the last released version of this library writes it in place. @returns that version. */
  public useReleased(): Baseline {
    const released = baselines().at(-1);
    const before = released?.stacks[this.name];
    if (!released || !before) throw new Error(`no baseline has the stack ${this.name}`);
    const folder = mkdtempSync(join(this.folder, "released-"));
    writeFileSync(join(folder, "cdk.tf.json"), JSON.stringify(before));
    this.copy.use(folder);
    return released;
  }

  /** Puts the present stack in place. */
  public usePresent(): void {
    this.copy.use(this.source);
    this.copy.init();
  }

  /** What differs and is no known gap of the emulator. */
  public unexpected(found: readonly Change[]): Change[] {
    return found.filter(({ address, actions, attributes }) => {
      const gaps = this.options.gaps.filter((gap) => gap.address.test(address));
      const met = gaps.filter((gap) => gap.attributes.some((name) => attributes.includes(name)));
      for (const gap of met) {
        this.met.add(gap);
      }
      const covered = met.flatMap((gap) => gap.attributes);
      return actions.join() !== "update" || attributes.some((name) => !covered.includes(name));
    });
  }

  /** The gaps that no plan has shown. */
  public get unmetGaps(): EmulatorGap[] {
    return this.options.gaps.filter((gap) => !this.met.has(gap));
  }

  /** Everything that Terraform has written: the stack, its state, and each plan. */
  public documents(): Document[] {
    const plans = this.plans.map((each, index) => ({ name: `plan ${index}`, text: JSON.stringify(each) }));
    return [...this.copy.written(), ...plans];
  }

  public async stop(): Promise<void> {
    this.copy.remove();
    await this.moto.stop();
    rmSync(this.folder, { recursive: true, force: true });
  }
}
