/**
 * The stack `coder-aws`, applied by the real aws provider to an emulated AWS: created, planned again, changed,
 * destroyed. The tests follow each other; each goes on where the one before it ended. Kubernetes and Helm are stand-ins
 * here, so that the stack is whole.
 */
import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { App } from "cdktf";
import { DeletionPolicy, MachineSize } from "../../lib/database";
import type { CoderAwsStackProps } from "../../stacks/coder-aws";
import { coderAws } from "../../stacks/coder-aws-inputs";
import { describeWith, Unavailable } from "../support/availability";
import { sightings } from "../support/canary";
import {
  callRds,
  type LandingZone,
  type Moto,
  makeLandingZone,
  motoEnvironment,
  secretValues,
  startMoto,
} from "../support/moto";
import { type Change, changes, type PlanJson } from "../support/plan";
import { python } from "../support/python";
import { StackCopy } from "../support/stack-copy";
import { synthesizedStacks } from "../support/stacks";
import { realAwsProvider, type TerraformTools, terraformWithMirror } from "../support/terraform-tools";
import { REGION, variableValues } from "../support/variable-values";
import { emulatorGaps } from "./emulator-gaps";

interface Tools {
  readonly terraform: TerraformTools;
  readonly aws: string;
}

function tools(): Tools | Unavailable {
  const [terraform, aws, moto] = [terraformWithMirror(), realAwsProvider(), python("aws")];
  if (terraform instanceof Unavailable || aws instanceof Unavailable || moto instanceof Unavailable) {
    return [terraform, aws, moto].find((each) => each instanceof Unavailable) as Unavailable;
  }
  return { terraform, aws };
}

describeWith("coder-aws on an emulated AWS", tools, (tool) => {
  const folder = mkdtempSync(join(tmpdir(), "devplatforms-clouds-"));
  const plans: PlanJson[] = [];
  let moto: Moto;
  let zone: LandingZone;
  let copy: StackCopy;
  beforeAll(async () => {
    moto = await startMoto(folder);
    zone = makeLandingZone(moto.url, REGION);
    const stack = synthesizedStacks().find(({ name }) => name === "coder-aws");
    if (stack === undefined) {
      throw new Error("stacks/main.ts has no stack coder-aws");
    }
    const own = { cluster_name: zone.cluster, subnet_ids: zone.subnets, alarm_topic_arn: zone.topic };
    copy = new StackCopy(tool.terraform, stack.folder, {
      variables: variableValues(stack.json, own),
      realAws: tool.aws,
      env: motoEnvironment(moto.url),
    });
    copy.init();
  });
  afterAll(async () => {
    copy?.remove();
    await moto?.stop();
    rmSync(folder, { recursive: true, force: true });
  });

  const plan = async (): Promise<Change[]> => {
    const made = await copy.planAsync();
    plans.push(made);
    return changes(made);
  };
  /** Puts a version of the stack with other properties in place. */
  const change = (props: Partial<CoderAwsStackProps>): void => {
    const outdir = mkdtempSync(join(folder, "synth-"));
    const app = new App({ outdir, stackTraces: false });
    coderAws(app, props);
    app.synth();
    copy.use(join(outdir, "stacks", "coder-aws"));
  };
  /** What differs and is no known gap of the emulator. */
  const used = new Set<(typeof emulatorGaps)[number]>();
  const unexpected = (found: readonly Change[]): Change[] =>
    found.filter(({ address, actions, attributes }) => {
      const gaps = emulatorGaps.filter((gap) => gap.address.test(address));
      const met = gaps.filter((gap) => gap.attributes.some((name) => attributes.includes(name)));
      for (const gap of met) {
        used.add(gap);
      }
      const covered = met.flatMap((gap) => gap.attributes);
      return actions.join() !== "update" || attributes.some((name) => !covered.includes(name));
    });

  test("creates everything", async () => {
    const found = await plan();
    expect(new Set(found.map(({ actions }) => actions.join()))).toEqual(new Set(["create"]));
    await copy.apply();
    const managed = copy.addresses().filter((address) => !address.startsWith("data."));
    expect(managed.sort()).toEqual(found.map(({ address }) => address).sort());
    const server = await callRds(moto.url, REGION, "DescribeDBInstances");
    for (const fact of [
      "<MultiAZ>true</MultiAZ>",
      "<StorageEncrypted>true</StorageEncrypted>",
      "<PubliclyAccessible>false</PubliclyAccessible>",
      "<DeletionProtection>true</DeletionProtection>",
      "<IAMDatabaseAuthenticationEnabled>true</IAMDatabaseAuthenticationEnabled>",
    ]) {
      expect(server).toContain(fact);
    }
  });

  test("has nothing to change then, beyond the emulator's gaps", async () => {
    expect(unexpected(await plan())).toEqual([]);
    expect(emulatorGaps.filter((gap) => !used.has(gap))).toEqual([]);
  });

  test("keeps the generated passwords out of stack, plans and state", async () => {
    const values = await secretValues(moto.url, REGION);
    // The administrator's and that of the owner of Coder's database.
    expect(values).toHaveLength(2);
    expect(new Set(values.map((value) => value.length))).toEqual(new Set([32]));
    const documents = [
      ...copy.written(),
      ...plans.map((each, index) => ({ name: `plan ${index}`, text: JSON.stringify(each) })),
    ];
    expect(documents.map(({ name }) => name)).toEqual(
      expect.arrayContaining(["cdk.tf.json", "terraform.tfstate", "plan 0", "plan 1"]),
    );
    expect(sightings(documents, values)).toEqual([]);
    // The search finds what is there.
    expect(sightings(documents, [zone.vpc])).not.toEqual([]);
  });

  test("refuses to destroy the database", () => {
    expect(copy.planFails("-destroy")).toMatch(/Instance cannot be destroyed/);
  });

  test("changes the machine and the deletion policy in place", async () => {
    change({ databaseSize: MachineSize.general(16), deletionPolicy: DeletionPolicy.DELETE });
    const found = await plan();
    // The name of the last snapshot, which is no longer taken, is all that goes.
    const gone = found.filter(({ actions }) => actions.join() !== "update");
    expect(gone.map(({ address, actions }) => `${actions.join()} ${address.split(".")[0]}`)).toEqual([
      "delete terraform_data",
    ]);
    const server = found.find(({ address }) => address.startsWith("aws_db_instance."));
    expect(server?.attributes).toEqual(expect.arrayContaining(["deletion_protection", "instance_class"]));
    await copy.apply();
    const described = await callRds(moto.url, REGION, "DescribeDBInstances");
    expect(described).toContain("<DeletionProtection>false</DeletionProtection>");
    expect(described).toContain("<DBInstanceClass>db.m7g.4xlarge</DBInstanceClass>");
  });

  test("is destroyed", async () => {
    await copy.destroy();
    expect(copy.addresses()).toEqual([]);
    expect(await callRds(moto.url, REGION, "DescribeDBInstances")).not.toContain("<DBInstanceClass>");
  });
});
