/**
 * A server that the real aws provider made on an emulated AWS is changed past Terraform, as a person does in the console: what
 * `terraform plan -refresh-only` and `devplatforms review` say of it, and that the next plan of the program sets it back.
 */
import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { DatabaseNetwork, RdsServer, SecurityGroup } from "../../../lib/aws";
import { DatabaseEngine, MachineSize, PostgresVersion } from "../../../lib/database";
import { reviewPlan } from "../../../lib/review";
import { awsStack } from "../../support/aws-stack";
import { describeWith } from "../../support/describe-with";
import {
  callEc2,
  callRds,
  type LandingZone,
  type Moto,
  makeLandingZone,
  motoEnvironment,
  startMoto,
} from "../../support/servers/moto";
import type { Json } from "../../support/synth";
import { StackCopy } from "../../support/terraform/stack-copy";
import { REGION } from "../../support/terraform/variable-values";
import { awsTools } from "./applied-aws-stack";

const program = (zone: LandingZone) =>
  awsStack((stack) => {
    new RdsServer(stack, "postgres", {
      engine: DatabaseEngine.postgres(PostgresVersion.V17),
      size: MachineSize.general(2),
      storage: { sizeGiB: 100 },
      // moto answers that it is off, whatever was asked for.
      performanceInsights: false,
      network: new DatabaseNetwork(stack, "network", {
        vpcId: zone.vpc,
        subnetIds: [...zone.subnets],
        clients: SecurityGroup.fromSecurityGroupIds([zone.nodeSecurityGroup]),
      }),
    });
  });

describeWith("changes outside Terraform", awsTools, (tools) => {
  const folder = mkdtempSync(join(tmpdir(), "devplatforms-drift-"));
  let moto: Moto;
  let copy: StackCopy;
  beforeAll(async () => {
    moto = await startMoto(folder);
    const env = motoEnvironment(moto.url);
    copy = new StackCopy(tools.terraform, program(makeLandingZone(moto.url, REGION)), {
      realAws: tools.aws,
      env,
    });
    copy.init();
    await copy.apply();
  });
  afterAll(async () => {
    copy?.remove();
    await moto?.stop();
    rmSync(folder, { recursive: true, force: true });
  });

  /** Without what the emulator forgets: parameters that are applied at once, and descriptions of rules (emulator-gaps.ts). */
  const kept = (lines: readonly string[]) =>
    lines.filter(
      (line) => !/^aws_db_parameter_group|^aws_vpc_security_group_ingress_rule\S+ description$/.test(line),
    );
  let group = "";

  test("there is none after an apply: the program's own rules in the security group, and computed times, are not told", async () => {
    const plan = await copy.planAsync("-refresh-only");
    const resources = (plan as Json).prior_state.values.root_module.resources as Json[];
    group = resources.find(({ type }) => type === "aws_security_group").values.id;
    const drifted = (plan.resource_drift as Json[]).map(({ type }) => type);
    expect(drifted).toContain("aws_security_group");
    const review = reviewPlan(plan);
    expect(kept(review.drift)).toEqual([]);
    expect(review.findings).toEqual([]);
  });

  test("what a person turned off has its effect, and the exit code 3", async () => {
    const answer = await callRds(moto.url, REGION, "DescribeDBInstances");
    const identifier = /<DBInstanceIdentifier>([^<]+)/.exec(answer)?.[1] as string;
    await callRds(moto.url, REGION, "ModifyDBInstance", {
      DBInstanceIdentifier: identifier,
      DeletionProtection: "false",
      PubliclyAccessible: "true",
      BackupRetentionPeriod: "0",
      ApplyImmediately: "true",
    });
    await callEc2(moto.url, REGION, "AuthorizeSecurityGroupIngress", {
      GroupId: group,
      "IpPermissions.1.IpProtocol": "tcp",
      "IpPermissions.1.FromPort": "5432",
      "IpPermissions.1.ToPort": "5432",
      "IpPermissions.1.IpRanges.1.CidrIp": "0.0.0.0/0",
    });
    const { findings } = reviewPlan(await copy.planAsync("-refresh-only"));
    expect(new Set(findings.map(({ action }) => action))).toEqual(new Set(["drift"]));
    const effects = (attribute: RegExp) =>
      findings.filter(({ id }) => attribute.test(id)).flatMap((each) => each.effects);
    expect(effects(/:deletion_protection$/)).toContain("weaker");
    expect(effects(/:publicly_accessible$/)).toContain("exposure");
    expect(effects(/:backup_retention_period$/)).toContain("backup-loss");
    expect(effects(/aws_security_group.*:ingress/)).toContain("exposure");
    const { code, stdout } = copy.review();
    expect(code).toBe(3);
    expect(stdout).toContain("changed outside Terraform");
  });

  test("the next plan of the program sets the server back, and is judged as any other", async () => {
    const { changes, findings } = reviewPlan(await copy.planAsync());
    const server = changes.find(({ type }) => type === "aws_db_instance");
    expect(server?.action).toBe("update");
    expect(server?.attributes.join()).toMatch(
      /backup_retention_period.*deletion_protection.*publicly_accessible/,
    );
    expect(findings.filter(({ action }) => action === "drift")).toEqual([]);
  });
});
