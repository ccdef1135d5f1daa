/**
 * A server, a read replica and buckets made by other Terraform code, in the shape of terraform-aws-modules/rds, applied by the real aws provider to
 * an emulated AWS; then the program that `devplatforms adopt` writes for their state, compiled, synthesized, planned and applied there.
 */
import { mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { adopt, type WrittenAdoption } from "../../../lib/cli/adopt/adopt";
import { reviewPlan } from "../../../lib/review";
import { repository } from "../../../tools/machine/repository";
import { AdoptedPrograms } from "../../support/adopted-programs";
import { describeWith } from "../../support/describe-with";
import {
  type LandingZone,
  type Moto,
  makeLandingZone,
  motoEnvironment,
  startMoto,
} from "../../support/servers/moto";
import { changes, type PlanJson } from "../../support/terraform/plan";
import { StackCopy } from "../../support/terraform/stack-copy";
import { REGION } from "../../support/terraform/variable-values";
import { awsTools } from "./applied-aws-stack";

const PASSWORD = "canary-of-the-master-user";
/** Tags, and arguments that act on the state or on a later destruction only. */
const HARMLESS = [
  "apply_immediately",
  "delete_automated_backups",
  "final_snapshot_identifier",
  "skip_final_snapshot",
  "tags",
  "tags_all",
  "timeouts",
];
const PROVIDER = { aws: { region: REGION, s3_use_path_style: true } };

/** States of the other clouds, of which the unit tests say what is written. */
const OTHERS = { google: "terraform-google-modules-sql-db", azure: "azure-avm-flexible-servers" };

async function others(): Promise<{ [name: string]: string }> {
  const programs: { [name: string]: string } = {};
  for (const [name, fixture] of Object.entries(OTHERS)) {
    const file = join(repository, "__tests__/unit/cli/fixtures/adopt", `${fixture}.json`);
    programs[name] = (await adopt(JSON.parse(readFileSync(file, "utf8")))).program;
  }
  return programs;
}

/** The module's resources: instance, parameter group, subnet group and log groups, each in its inner module. */
function legacy(folder: string, zone: LandingZone): string {
  const write = (path: string, json: object) => {
    mkdirSync(join(folder, path), { recursive: true });
    writeFileSync(join(folder, path, path === "" ? "cdk.tf.json" : "main.tf.json"), JSON.stringify(json));
  };
  const name = "prod-db";
  const common = {
    instance_class: "db.t4g.large",
    storage_type: "gp2",
    copy_tags_to_snapshot: false,
    deletion_protection: false,
    skip_final_snapshot: true,
    tags: { Owner: "platform" },
  };
  write("", {
    terraform: { required_providers: { aws: { source: "hashicorp/aws" } } },
    provider: PROVIDER,
    module: { db: { source: "./db" } },
    resource: {
      aws_db_instance: {
        replica: {
          ...common,
          identifier: `${name}-replica`,
          replicate_source_db: "${module.db.identifier}",
        },
      },
      aws_s3_bucket: { artifacts: { bucket: "acme-artifacts" }, plain: { bucket: "acme-plain" } },
      aws_s3_bucket_versioning: {
        artifacts: {
          bucket: "${aws_s3_bucket.artifacts.id}",
          versioning_configuration: { status: "Enabled" },
        },
      },
      aws_s3_bucket_lifecycle_configuration: {
        artifacts: {
          bucket: "${aws_s3_bucket.artifacts.id}",
          rule: [
            {
              id: "keep",
              status: "Enabled",
              filter: {},
              noncurrent_version_expiration: { noncurrent_days: 400 },
            },
          ],
        },
      },
      aws_s3_bucket_public_access_block: {
        artifacts: {
          bucket: "${aws_s3_bucket.artifacts.id}",
          block_public_acls: true,
          block_public_policy: true,
        },
      },
    },
  });
  const module = (inner: string) => ({ source: `./${inner}` });
  write("db", {
    module: { db_instance: module("db_instance") },
    output: { identifier: { value: "${module.db_instance.identifier}" } },
  });
  write("db/db_instance", {
    resource: {
      aws_db_subnet_group: { this: { count: 1, name, subnet_ids: zone.subnets } },
      aws_kms_key: { this: { description: "databases" } },
      aws_security_group: { this: { name: "database", vpc_id: zone.vpc } },
      aws_db_parameter_group: {
        this: {
          count: 1,
          name_prefix: `${name}-`,
          description: "prod-db parameter group",
          family: "postgres15",
          parameter: [{ name: "rds.logical_replication", value: "1", apply_method: "pending-reboot" }],
          lifecycle: { create_before_destroy: true },
        },
      },
      aws_cloudwatch_log_group: {
        this: {
          for_each: '${toset(["postgresql"])}',
          name: `/aws/rds/instance/${name}/\${each.value}`,
          retention_in_days: 7,
        },
      },
      aws_db_instance: {
        this: {
          ...common,
          count: 1,
          identifier: name,
          engine: "postgres",
          engine_version: "15",
          allocated_storage: 100,
          storage_encrypted: true,
          // The emulator makes none by itself.
          kms_key_id: "${aws_kms_key.this.arn}",
          username: "coder_admin",
          password: PASSWORD,
          db_name: "coder",
          multi_az: false,
          backup_retention_period: 7,
          backup_window: "03:00-06:00",
          maintenance_window: "mon:00:00-mon:02:00",
          db_subnet_group_name: "${aws_db_subnet_group.this[0].name}",
          parameter_group_name: "${aws_db_parameter_group.this[0].name}",
          vpc_security_group_ids: ["${aws_security_group.this.id}"],
          enabled_cloudwatch_logs_exports: ["postgresql"],
          depends_on: ["aws_cloudwatch_log_group.this"],
        },
      },
    },
    output: { identifier: { value: "${aws_db_instance.this[0].identifier}" } },
  });
  return folder;
}

describeWith("servers and buckets of other Terraform code, adopted on an emulated AWS", awsTools, (tools) => {
  let folder: string;
  let moto: Moto;
  let old: StackCopy;
  let adopted: StackCopy;
  let programs: AdoptedPrograms;
  let written: WrittenAdoption;
  let plan: PlanJson;

  beforeAll(async () => {
    folder = mkdtempSync(join(tmpdir(), "devplatforms-adopt-"));
    moto = await startMoto(folder);
    const zone = makeLandingZone(moto.url, REGION);
    const options = { realAws: tools.aws, env: motoEnvironment(moto.url) };
    old = new StackCopy(tools.terraform, legacy(join(folder, "legacy"), zone), options);
    old.init();
    await old.apply();
    written = await adopt(old.state());
    programs = new AdoptedPrograms({ aws: written.program, ...(await others()) });
    adopted = new StackCopy(tools.terraform, programs.synthesize("aws"), {
      ...options,
      variables: { prod_db_password: PASSWORD },
      override: { provider: PROVIDER },
    });
    adopted.init();
    plan = await adopted.planAsync();
  });
  afterAll(async () => {
    await moto?.stop();
    for (const each of [old, adopted, programs]) each?.remove();
    rmSync(folder, { recursive: true, force: true });
  });

  test("the programs for all clouds compile", () => programs.compile());

  test.each(Object.keys(OTHERS))("the program for %s is valid by the schemas of its provider", (name) => {
    const copy = new StackCopy(tools.terraform, programs.synthesize(name));
    try {
      copy.init();
      expect(copy.validate()).toMatchObject({ valid: true, error_count: 0 });
    } finally {
      copy.remove();
    }
  });

  test("neither the program nor the list holds a password", () => {
    expect(written.isReady).toBe(true);
    expect(`${written.program}${written.report}`).not.toContain(PASSWORD);
  });

  test("the first plan imports, and changes nothing but tags and arguments that RDS does not have", () => {
    const found = changes(plan);
    expect(found.filter(({ actions }) => !["create", "update"].includes(actions.join()))).toEqual([]);
    const updated = found.filter(({ actions }) => actions.join() === "update");
    expect(
      updated.flatMap(({ attributes }) => attributes).filter((name) => !HARMLESS.includes(name)),
    ).toEqual([]);
    expect(found.filter(({ actions }) => actions.join() === "create").map(({ address }) => address)).toEqual([
      expect.stringMatching(/^terraform_data\./),
      expect.stringMatching(/^terraform_data\./),
    ]);
    const review = reviewPlan(plan);
    expect(review.imported).toContainEqual(expect.stringContaining("aws_db_instance.prod-db_"));
    // Its random part is made in the apply.
    expect([...new Set(review.findings.map(({ rule, change }) => `${rule} ${change}`))]).toEqual([
      "EFFECT-NOT-KNOWN final_snapshot_identifier",
    ]);
  });

  test("after the first apply nothing is left to do", async () => {
    await adopted.apply();
    const found = changes(await adopted.planAsync());
    // moto lists no parameter that is applied at once: see databaseGaps.
    expect(found.filter(({ attributes }) => attributes.join() !== "parameter")).toEqual([]);
  });
});
