import { readFileSync } from "node:fs";
import { join } from "node:path";
import { DbInstance } from "@cdktf/provider-aws/lib/db-instance";
import {
  S3BucketLifecycleConfiguration,
  type S3BucketLifecycleConfigurationRule,
} from "@cdktf/provider-aws/lib/s3-bucket-lifecycle-configuration";
import { Availability, DeletionPolicy, MachineSize } from "../../../lib/database";
import type { PlanReview } from "../../../lib/review";
import { holdsData } from "../../../lib/review/rules/engine";
import { coderAws } from "../../../stacks/inputs/aws";
import { repository } from "../../../tools/machine/repository";
import { announcements, unannounced } from "../../../tools/upgrades/announced";
import { describeWith } from "../../support/describe-with";
import { callRds, secretValues } from "../../support/servers/moto";
import { sightings } from "../../support/terraform/canary";
import { changes } from "../../support/terraform/plan";
import { REGION } from "../../support/terraform/variable-values";
import { AppliedAwsStack, awsTools } from "./applied-aws-stack";
import { databaseGaps } from "./emulator-gaps";

const CHANGED = { databaseSize: MachineSize.general(16), deletionPolicy: DeletionPolicy.DELETE };

describeWith("coder-aws on an emulated AWS", awsTools, (tools) => {
  let stack: AppliedAwsStack;
  beforeAll(async () => {
    stack = await AppliedAwsStack.start(tools, "coder-aws", {
      gaps: databaseGaps,
      variables: ({ cluster, subnets, topic, oidcProvider }) => ({
        cluster_name: cluster,
        subnet_ids: subnets,
        alarm_topic_arn: topic,
        oidc_provider_arn: oidcProvider,
      }),
      // The emulator has one host for all buckets.
      override: { provider: { aws: [{ s3_use_path_style: true }] } },
    });
  });
  afterAll(() => stack?.stop());

  test("creates everything, as the last released version of this library did", async () => {
    stack.useReleased();
    const found = await stack.plan();
    expect(new Set(found.map(({ actions }) => actions.join()))).toEqual(new Set(["create"]));
    await stack.copy.apply();
    const managed = stack.copy.addresses().filter((address) => !address.startsWith("data."));
    expect(managed.sort()).toEqual(found.map(({ address }) => address).sort());
    const server = await callRds(stack.url, REGION, "DescribeDBInstances");
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

  test("is upgraded to the present version, with the changes that the changelog names", async () => {
    const { version } = stack.useReleased();
    stack.usePresent();
    const found = stack.unexpected(await stack.plan());
    const changelog = readFileSync(join(repository, "CHANGELOG.md"), "utf8");
    expect(unannounced(found, announcements(changelog, version), holdsData)).toEqual([]);
    await stack.copy.apply();
  });

  test("creates a dashboard whose body Terraform encoded, with the state of each alarm", () => {
    const state = JSON.parse(stack.documents().find(({ name }) => name === "terraform.tfstate")?.text ?? "");
    const values = (type: string): Record<string, string>[] =>
      state.resources.flatMap((each: { type: string; instances: { attributes: object }[] }) =>
        each.type === type ? each.instances.map(({ attributes }) => attributes) : [],
      );
    const [dashboard] = values("aws_cloudwatch_dashboard");
    const { widgets } = JSON.parse(dashboard?.dashboard_body ?? "");
    const states = widgets.find(({ type }: { type: string }) => type === "alarm").properties.alarms;
    const alarms = values("aws_cloudwatch_metric_alarm").map(({ arn }) => arn);
    expect(alarms.length).toBeGreaterThan(8);
    expect([...states].sort()).toEqual(alarms.sort());
    const charts = widgets.filter(({ type }: { type: string }) => type === "metric");
    const [instance] = values("aws_db_instance");
    for (const { properties } of charts) {
      expect(properties.region).toBe(REGION);
      expect(JSON.stringify(properties.metrics)).toMatch(
        new RegExp(`"(DBInstanceIdentifier","${instance?.identifier}"|[^"]*'${instance?.resource_id}')`),
      );
    }
  });

  test("has nothing to change then, beyond the emulator's gaps", async () => {
    expect(stack.unexpected(await stack.plan())).toEqual([]);
    expect(stack.unmetGaps).toEqual([]);
  });

  test("hands a secret that is made anew to the server, by the real provider's plan", async () => {
    const version = stack.copy
      .addresses()
      .find((address) => /^aws_secretsmanager_secret_version\.\S+AdminPassword/.test(address));
    const found = changes(await stack.copy.planAsync(`-replace=${version}`));
    const server = found.find(({ address }) => address.startsWith("aws_db_instance."));
    expect(server?.actions).toEqual(["update"]);
    expect(server?.attributes).toContain("password_wo_version");
  });

  test("keeps the generated passwords out of stack, plans and state", async () => {
    const values = await secretValues(stack.url, REGION);
    // The administrator's, that of the owner of Coder's database, and that of Velero's repositories.
    expect(values).toHaveLength(3);
    expect(new Set(values.map((value) => value.length))).toEqual(new Set([32]));
    const documents = stack.documents();
    expect(documents.map(({ name }) => name)).toEqual(
      expect.arrayContaining(["cdk.tf.json", "terraform.tfstate", "plan 0", "plan 1"]),
    );
    expect(sightings(documents, values)).toEqual([]);
    // The search finds what is there.
    expect(sightings(documents, [stack.zone.vpc])).not.toEqual([]);
  });

  test("refuses to destroy the database", () => {
    expect(stack.copy.planFails("-destroy")).toMatch(/Instance cannot be destroyed/);
  });

  test("has its change reviewed by the command: four effects with time and source, a failed pipeline, a readable comment", async () => {
    stack.change((app) => {
      const changed = coderAws(app, {
        databaseSize: MachineSize.general(16),
        availability: Availability.ZONAL,
      });
      for (const each of changed.node.findAll()) {
        if (each instanceof DbInstance) each.backupRetentionPeriod = 7;
        if (each instanceof S3BucketLifecycleConfiguration) {
          each.putRule((each.ruleInput as S3BucketLifecycleConfigurationRule[]).slice(0, 1));
        }
      }
      return changed;
    });
    await stack.plan();
    const json = stack.copy.review("--format", "json");
    expect(json).toMatchObject({ code: 3, stderr: "" });
    const { verdict, findings, notes } = JSON.parse(json.stdout) as PlanReview;
    expect(verdict).toBe("approval needed");
    const found = [...findings, ...notes].map(({ rule, change, effects, when, certainty, source }) =>
      [rule, change, effects.join(), when, certainty, source?.split("/")[2]].join("; "),
    );
    const docs = "docs.aws.amazon.com";
    for (const expected of [
      `RDS-RETENTION-SHORTER; backup_retention_period 14 -> 7; backup-loss; now; known; ${docs}`,
      `RDS-CLASS-LARGER; instance_class db.m7g.2xlarge -> db.m7g.4xlarge; outage,cost; maintenance window; known; ${docs}`,
      `RDS-MULTI-AZ-OFF; multi_az true -> false; weaker,outage; next failure of a zone; known; ${docs}`,
      `S3-EXPIRY-LONGER; rule[old-versions].noncurrent_version_expiration.noncurrent_days 30 -> unset; cost; now; known; ${docs}`,
    ]) {
      expect(found).toContain(expected);
    }
    const markdown = stack.copy.review("--format", "markdown");
    expect(markdown).toMatchObject({ code: 3, stderr: "" });
    // The worst first, each with what happens, what changes, what to do and the source.
    expect(markdown.stdout.match(/^### .*$/gm)?.[0]).toBe("### BACKUPS LOST");
    expect(markdown.stdout).toMatch(
      new RegExp(
        [
          "- `aws_db_instance\\.\\S+` \\(RDS DB instance\\): updated in place",
          "  - \\*\\*maintenance window: The instance restarts; .*\\*\\*",
          "  - change: `instance_class db\\.m7g\\.2xlarge -> db\\.m7g\\.4xlarge`",
          "  - affects: `.*helm_release\\..*`",
          "  - next: Announce a maintenance window\\.",
          "  - source: <https://docs\\.aws\\.amazon\\.com/\\S+>",
        ].join("\n"),
      ),
    );
    const hidden = await secretValues(stack.url, REGION);
    expect(hidden.filter((secret) => (json.stdout + markdown.stdout).includes(secret))).toEqual([]);
  });

  test("changes the machine and the deletion policy in place", async () => {
    stack.change((app) => coderAws(app, CHANGED));
    const found = await stack.plan();
    // The name of the last snapshot, which is no longer taken, is all that goes.
    const gone = found.filter(({ actions }) => actions.join() !== "update");
    expect(gone.map(({ address, actions }) => `${actions.join()} ${address.split(".")[0]}`)).toEqual([
      "delete terraform_data",
    ]);
    const server = found.find(({ address }) => address.startsWith("aws_db_instance."));
    expect(server?.attributes).toEqual(expect.arrayContaining(["deletion_protection", "instance_class"]));
    await stack.copy.apply();
    const described = await callRds(stack.url, REGION, "DescribeDBInstances");
    expect(described).toContain("<DeletionProtection>false</DeletionProtection>");
    expect(described).toContain("<DBInstanceClass>db.m7g.4xlarge</DBInstanceClass>");
  });

  test("gets a server back that was lost, by the restore program, and replaces nothing else", async () => {
    const before = await secretValues(stack.url, REGION);
    const sourceResourceId = /<DbiResourceId>([^<]+)</.exec(
      await callRds(stack.url, REGION, "DescribeDBInstances"),
    )?.[1];
    await callRds(stack.url, REGION, "DeleteDBInstance", {
      DBInstanceIdentifier: "coder-aws-postgres",
      SkipFinalSnapshot: "true",
      DeleteAutomatedBackups: "false",
    });
    expect(await callRds(stack.url, REGION, "DescribeDBInstances")).not.toContain("<DBInstanceClass>");

    // The change of RESTORE.md for a lost database.
    const restored = { server: "postgres", sourceResourceId };
    stack.change((app) => coderAws(app, { ...CHANGED, restoredServers: [restored] }));
    const found = await stack.plan();
    const remade = found.filter(({ actions }) => actions.join() !== "update");
    expect(remade.map(({ address, actions }) => `${actions.join()} ${address}`).sort()).toEqual([
      expect.stringMatching(/^create aws_db_instance\.postgres_/),
      // The job that sets the database up runs again, and the connections in force are those of the new instance.
      expect.stringMatching(/^delete,create kubernetes_job_v1\.coder_DatabaseSetup_/),
      expect.stringMatching(/^delete,create terraform_data\.postgres_ConnectionsInForce_/),
    ]);
    // Coder's secret waits for the address of the restored server.
    const secret = found.find(({ address }) => /^kubernetes_secret_v1\.coder_DatabaseSecret_/.test(address));
    expect(secret).toMatchObject({ actions: ["update"] });
    expect(secret?.attributes).toContain("data_wo_revision");
    await stack.copy.apply();

    const address = /<Address>([^<]+)</.exec(await callRds(stack.url, REGION, "DescribeDBInstances"))?.[1];
    expect(address).toMatch(/^coder-aws-postgres\./);
    const state = stack.documents().find(({ name }) => name === "terraform.tfstate");
    expect(state?.text).toContain(address);
    // Also the passwords are those from before.
    expect(await secretValues(stack.url, REGION)).toEqual(before);
    // This plan compares the secret with the address of the server.
    expect(stack.unexpected(await stack.plan())).toEqual([]);
  });

  test("is destroyed", async () => {
    await stack.copy.destroy();
    expect(stack.copy.addresses()).toEqual([]);
    expect(await callRds(stack.url, REGION, "DescribeDBInstances")).not.toContain("<DBInstanceClass>");
  });
});
