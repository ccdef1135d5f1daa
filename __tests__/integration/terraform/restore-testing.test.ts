/**
 * Restore testing of AWS Backup over the true schemas of the aws provider: it is applied by the stand-ins, planned again, and a changed ARN replaces
 * the selection, since the provider ignores it in place.
 */
import { TerraformVariable } from "cdktf";
import {
  AwsBackupPlan,
  AwsBackupVault,
  AwsRestoreTesting,
  DatabaseNetwork,
  RdsServer,
} from "../../../lib/aws";
import { DatabaseEngine, DeletionPolicy, MachineSize, PostgresVersion } from "../../../lib/database";
import { terraformWithMirror } from "../../../tools/machine/terraform";
import { awsStack } from "../../support/aws-stack";
import { describeWith } from "../../support/describe-with";
import { changes } from "../../support/terraform/plan";
import { StackCopy } from "../../support/terraform/stack-copy";

function program(restored: readonly string[], timeZone?: string, identifier?: string): string {
  return awsStack((stack) => {
    const named = identifier
      ? new TerraformVariable(stack, "identifier", { type: "string", default: identifier }).stringValue
      : undefined;
    const network = new DatabaseNetwork(stack, "network", {
      vpcId: "vpc-0a1",
      subnetIds: ["subnet-0a1", "subnet-0a2"],
    });
    const servers = ["one", "two"].map(
      (id) =>
        new RdsServer(stack, id, {
          engine: DatabaseEngine.postgres(PostgresVersion.V17),
          size: MachineSize.general(2),
          storage: { sizeGiB: 100 },
          network,
          identifier: id === "one" ? named : undefined,
          deletionPolicy: DeletionPolicy.DELETE,
        }),
    );
    const plan = new AwsBackupPlan(stack, "backups", {
      vault: new AwsBackupVault(stack, "vault"),
      servers,
      rules: { daily: { schedule: "cron(0 1 * * ? *)", retentionDays: 35 } },
    });
    new AwsRestoreTesting(stack, "restores", {
      plan,
      servers: servers.filter(({ node }) => restored.includes(node.id)),
      schedule: "cron(0 4 ? * SUN,WED *)",
      timeZone,
      alarmTopicArn: "arn:aws:sns:eu-central-1:123456789012:operations",
    });
  });
}

describeWith("restore testing of AWS Backup", terraformWithMirror, (terraform) => {
  let copy: StackCopy;
  beforeAll(async () => {
    copy = new StackCopy(terraform, program(["one"]));
    copy.init();
    await copy.apply();
  });
  afterAll(() => copy?.remove());

  const after = (folder: string, ...args: string[]) => {
    copy.use(folder);
    return changes(copy.plan(...args)).map(({ address, actions, replacePaths }) =>
      `${actions.join()} ${address.split("_").slice(0, 5).join("_")} ${replacePaths}`.trim(),
    );
  };

  test("plans no changes after the apply", () => {
    expect(after(program(["one"]))).toEqual([]);
  });

  test("another server gets another selection, and the first one's stays", () => {
    expect(after(program(["one", "two"]))).toEqual([
      expect.stringMatching(/^create aws_backup_restore_testing_selection\./),
      expect.stringMatching(/^create aws_cloudwatch_event_rule\./),
      expect.stringMatching(/^create aws_cloudwatch_event_target\./),
      expect.stringMatching(/^create aws_cloudwatch_metric_alarm\./),
      expect.stringMatching(/^update aws_iam_role_policy\./),
      expect.stringMatching(/^update aws_sqs_queue_policy\./),
      expect.stringMatching(/^create terraform_data\.restores_Server/),
    ]);
  });

  test("a server that is made anew has another ARN, and its selection is replaced", () => {
    const [instance] = copy.addresses().filter((address) => address.startsWith("aws_db_instance.one"));
    expect(after(program(["one"]), `-replace=${instance}`)).toEqual(
      expect.arrayContaining([
        expect.stringMatching(/^(delete,create|create,delete) aws_backup_restore_testing_selection\./),
      ]),
    );
  });

  test("a server with the name of a copy is refused also where only Terraform knows it", () => {
    const other = new StackCopy(terraform, program(["one"], undefined, "awsbackup-restore-test-mine"));
    try {
      other.init();
      expect(() => other.plan()).toThrow(/must not begin with\s+awsbackup-restore-test-/);
    } finally {
      other.remove();
    }
  });

  test("a time zone that leaves the program goes back to the default", async () => {
    copy.use(program(["one"], "Europe/Berlin"));
    await copy.apply();
    expect(after(program(["one"]))).toEqual([
      expect.stringMatching(/^update aws_backup_restore_testing_plan\./),
    ]);
  });
});
