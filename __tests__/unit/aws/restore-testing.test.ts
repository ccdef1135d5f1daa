/** Restore testing of AWS Backup: what is written, and what is refused. */
import { DbInstance } from "@cdktf/provider-aws/lib/db-instance";
import { type TerraformStack, TerraformVariable } from "cdktf";
import {
  AwsBackupPlan,
  type AwsBackupRule,
  AwsBackupVault,
  AwsRestoreTesting,
  type AwsRestoreTestingProps,
  RdsServer,
} from "../../../lib/aws";
import { MachineSize } from "../../../lib/database";
import { type Json, problemsOf, synthesize } from "../../support/synth";
import { network, POSTGRES, provider, server } from "./fixture";

const TOPIC = "arn:aws:sns:eu-central-1:123456789012:operations";
const DAILY: AwsBackupRule = { schedule: "cron(0 1 * * ? *)", retentionDays: 35 };

function testing(
  stack: TerraformStack,
  props: Partial<AwsRestoreTestingProps> = {},
  rule: AwsBackupRule = DAILY,
) {
  provider(stack);
  const plan = new AwsBackupPlan(stack, "backups", {
    vault: new AwsBackupVault(stack, "vault"),
    servers: [server(stack)],
    rules: { daily: rule },
  });
  return new AwsRestoreTesting(stack, "restores", {
    plan,
    schedule: "cron(0 4 ? * * *)",
    alarmTopicArn: TOPIC,
    ...props,
  });
}

test("restores the latest recovery point of the server into a private copy that nothing connects to", () => {
  const { resource, resources, infos } = synthesize((stack) => void testing(stack));
  expect(resource("aws_backup_restore_testing_plan")).toMatchObject({
    name: "test_restores",
    schedule_expression: "cron(0 4 ? * * *)",
    schedule_expression_timezone: "Etc/UTC",
    start_window_hours: 1,
    recovery_point_selection: [
      {
        algorithm: "LATEST_WITHIN_WINDOW",
        include_vaults: [expect.stringMatching(/^\$\{aws_backup_vault\.vault_\w+\.arn\}$/)],
        recovery_point_types: ["SNAPSHOT"],
        selection_window_days: 7,
      },
    ],
  });
  const selection = resource("aws_backup_restore_testing_selection");
  expect(selection).toMatchObject({
    protected_resource_type: "RDS",
    protected_resource_arns: [expect.stringMatching(/^\$\{aws_db_instance\.\w+\.arn\}$/)],
    // The provider ignores a changed ARN in place.
    lifecycle: { replace_triggered_by: [expect.stringMatching(/^terraform_data\.restores_Server-\w+$/)] },
    name: expect.stringMatching(/^s_[0-9a-f]{8}$/),
    validation_window_hours: 1,
    restore_metadata_overrides: {
      dbSubnetGroupName: expect.stringContaining("aws_db_subnet_group."),
      vpcSecurityGroupIds: expect.stringMatching(
        /^\$\{jsonencode\(\[aws_security_group\.restores_SecurityGroup_\w+\.id\]\)\}$/,
      ),
      multiAz: "false",
      publiclyAccessible: "false",
    },
  });
  expect(selection.depends_on).toEqual([expect.stringContaining("aws_iam_role_policy.restores_RolePolicy")]);
  const group = resources("aws_security_group").find(
    ({ name_prefix }: Json) => name_prefix === "test-restores-",
  );
  expect(group).toMatchObject({ ingress: [], egress: [] });
  expect(infos).toEqual([]);
});

test("the selection waits for the role and can be given class and time for checks", () => {
  const { resource } = synthesize(
    (stack) => void testing(stack, { instanceClass: "db.t4g.large", validationWindowHours: 4 }),
  );
  expect(resource("aws_backup_restore_testing_selection")).toMatchObject({
    validation_window_hours: 4,
    restore_metadata_overrides: { dbInstanceClass: "db.t4g.large" },
  });
});

test("failed tests notify the topic", () => {
  const { resources } = synthesize((stack) => void testing(stack));
  const [failures] = resources("aws_cloudwatch_event_rule").filter(({ description }: Json) =>
    /^Failed/.test(description),
  );
  expect(failures.event_pattern).toMatch(
    /"restoreTestingPlanArn" = \[aws_backup_restore_testing_plan\.restores_\w+\.arn\], "status" = \["FAILED", "ABORTED"\]/,
  );
  expect(resources("aws_cloudwatch_event_target").map(({ arn }: Json) => arn)).toContain(TOPIC);
});

test("each server has an alarm of its own completed tests, since AWS leaves one out in silence", () => {
  const { resources } = synthesize((stack) => {
    provider(stack);
    const common = {
      engine: POSTGRES,
      size: MachineSize.general(2),
      storage: { sizeGiB: 100 },
      network: network(stack),
    };
    const servers = ["one", "two"].map((id) => new RdsServer(stack, id, common));
    const vault = new AwsBackupVault(stack, "vault");
    const plan = new AwsBackupPlan(stack, "backups", { vault, servers, rules: { daily: DAILY } });
    const made = new AwsRestoreTesting(stack, "restores", {
      plan,
      schedule: "cron(0 4 ? * * *)",
      alarmTopicArn: TOPIC,
    });
    expect(made.alarms).toHaveLength(2);
    expect(made.completed).toBeDefined();
  });
  const completed = resources("aws_cloudwatch_event_rule").filter(({ description }: Json) =>
    /^Completed/.test(description),
  );
  expect(
    completed.map(
      ({ event_pattern }: Json) =>
        /sourceResourceArn" = \[(aws_db_instance\.(one|two)_\w+\.arn)\]/.exec(event_pattern)?.[2],
    ),
  ).toEqual(["one", "two"]);
  for (const { event_pattern } of completed) expect(event_pattern).toContain('"status" = ["COMPLETED"]');
  const alarms = resources("aws_cloudwatch_metric_alarm").filter(
    ({ namespace }: Json) => namespace === "AWS/Events",
  );
  expect(alarms).toHaveLength(2);
  expect(new Set(alarms.map(({ dimensions }: Json) => dimensions.RuleName)).size).toBe(2);
  expect(alarms[0]).toMatchObject({
    metric_name: "Invocations",
    period: 86_400,
    evaluation_periods: 2,
    treat_missing_data: "breaching",
    alarm_actions: [TOPIC],
  });
  const [{ policy }] = resources("aws_sqs_queue_policy") as [Json];
  const [statement] = JSON.parse(policy).Statement;
  expect(statement.Condition.ArnEquals["aws:SourceArn"]).toHaveLength(2);
});

test("a weekly schedule has no alarm of missing tests and says so; no topic is an opt-out", () => {
  const weekly = synthesize((stack) => void testing(stack, { schedule: "cron(0 4 ? * 1 *)" }));
  expect(weekly.json.resource).not.toHaveProperty("aws_sqs_queue");
  expect(weekly.infos.map(({ message }) => message)).toEqual([
    expect.stringMatching(/^AWS-RESTORE-TESTING-SCHEDULE: schedule: no alarm/),
  ]);
  const silent = synthesize((stack) => void testing(stack, { alarmTopicArn: undefined }));
  expect(silent.infos.map(({ message }) => message)).toEqual([
    expect.stringMatching(/^opt-out: AWS-RESTORE-TESTING-ALARM-TOPIC-ARN: /),
  ]);
  expect(silent.json.resource).not.toHaveProperty("aws_cloudwatch_event_rule");
});

test("a topic that only Terraform knows is no mistake", () => {
  const build = (stack: TerraformStack) =>
    testing(stack, { alarmTopicArn: new TerraformVariable(stack, "topic", {}).stringValue });
  expect(problemsOf(build)).toEqual([]);
});

test.each<[string, Partial<AwsRestoreTestingProps>, string]>([
  [
    "no server",
    { servers: [] },
    "AWS-RESTORE-TESTING-SERVERS: servers must be 1 to 30 servers of the plan (got 0)",
  ],
  [
    "five fields",
    { schedule: "cron(0 4 * * *)" },
    "AWS-RESTORE-TESTING-SCHEDULE: schedule must be a cron expression of AWS",
  ],
  [
    "a time zone that is none",
    { timeZone: "+01:00" },
    "AWS-RESTORE-TESTING-TIME-ZONE: timeZone must be a name",
  ],
  [
    "a start window of 0",
    { startWindowHours: 0 },
    "startWindowHours must be a whole number from 1 to 168 hours (got 0)",
  ],
  [
    "a validation window of 200",
    { validationWindowHours: 200 },
    "validationWindowHours must be a whole number from 1 to 168 hours (got 200)",
  ],
  [
    "a selection window of 400",
    { selectionWindowDays: 400 },
    "selectionWindowDays must be a whole number from 1 to 365 days (got 400)",
  ],
  ["a class of EC2", { instanceClass: "m7g.large" }, "instanceClass must be a DB instance class"],
  [
    "a FIFO topic",
    { alarmTopicArn: `${TOPIC}.fifo` },
    "alarmTopicArn must be the ARN of a standard SNS topic",
  ],
])("%s is refused", (_, props, message) => {
  const problems = problemsOf((stack) => void testing(stack, props));
  expect(problems).toHaveLength(1);
  expect(problems[0]).toContain(message);
});

test("a server that the plan does not back up is refused", () => {
  const problems = problemsOf((stack) => {
    provider(stack);
    const common = {
      engine: POSTGRES,
      size: MachineSize.general(2),
      storage: { sizeGiB: 100 },
      network: network(stack),
    };
    const [one, other] = ["one", "other"].map((id) => new RdsServer(stack, id, common)) as [
      RdsServer,
      RdsServer,
    ];
    const plan = new AwsBackupPlan(stack, "backups", {
      vault: new AwsBackupVault(stack, "vault"),
      servers: [one],
      rules: { daily: DAILY },
    });
    new AwsRestoreTesting(stack, "restores", {
      plan,
      schedule: "cron(0 4 ? * * *)",
      servers: [other],
      alarmTopicArn: TOPIC,
    });
  });
  expect(problems).toEqual([expect.stringContaining("servers[0] must be a server of the plan")]);
});

test("a server with the name of a copy is refused: the role may delete copies", () => {
  const problems = problemsOf((stack) => {
    provider(stack);
    const plan = new AwsBackupPlan(stack, "backups", {
      vault: new AwsBackupVault(stack, "vault"),
      servers: [server(stack, { identifier: "awsbackup-restore-test-mine" })],
      rules: { daily: DAILY },
    });
    new AwsRestoreTesting(stack, "restores", { plan, schedule: "cron(0 4 ? * * *)", alarmTopicArn: TOPIC });
  });
  expect(problems).toEqual([
    expect.stringContaining("servers[0] must not begin with awsbackup-restore-test-"),
  ]);
});

test("a name that only Terraform knows is compared with the prefix of copies at the plan", () => {
  const { resource } = synthesize((stack) => {
    const identifier = new TerraformVariable(stack, "identifier", { type: "string" }).stringValue;
    provider(stack);
    const plan = new AwsBackupPlan(stack, "backups", {
      vault: new AwsBackupVault(stack, "vault"),
      servers: [server(stack, { identifier })],
      rules: { daily: DAILY },
    });
    new AwsRestoreTesting(stack, "restores", { plan, schedule: "cron(0 4 ? * * *)", alarmTopicArn: TOPIC });
  });
  const [condition] = resource("aws_backup_restore_testing_selection").lifecycle.precondition;
  expect(condition.condition).toBe('${!startswith(var.identifier, "awsbackup-restore-test-")}');
  expect(condition.error_message).toContain("must not begin with awsbackup-restore-test-");
});

test("a window shorter than the gap of the plan would find no recovery point", () => {
  const monthly: AwsBackupRule = { schedule: "cron(0 1 1 * ? *)", retentionDays: 90 };
  const problems = problemsOf((stack) => void testing(stack, {}, monthly));
  expect(problems).toEqual([
    expect.stringMatching(/selectionWindowDays must be 33 or more.*\(got not set\)/),
  ]);
  expect(problemsOf((stack) => void testing(stack, { selectionWindowDays: 40 }, monthly))).toEqual([]);
});

test("the rehearsal names the rules whose recovery points it restores, and the command of its results", () => {
  synthesize((stack) => {
    const made = testing(stack);
    const plan = stack.node.findChild("backups") as AwsBackupPlan;
    const { mechanisms, longestGapMinutes, resultCommands } = made.rehearsal();
    expect(mechanisms).toEqual(
      plan.serverProtections(plan.servers[0] as RdsServer).map((each) => each.mechanism),
    );
    expect(longestGapMinutes).toBe(1440);
    expect(resultCommands).toEqual([
      expect.stringMatching(
        /^aws backup list-restore-jobs --region ".+" --by-restore-testing-plan-arn ".+" --query "sort_by/,
      ),
    ]);
  });
});

test("another server of the program with the prefix of copies is refused: the role may delete it", () => {
  const problems = problemsOf((stack) => {
    testing(stack);
    new DbInstance(stack, "raw", {
      instanceClass: "db.t4g.large",
      identifier: "awsbackup-restore-test-mine",
    });
  });
  expect(problems).toEqual([
    expect.stringMatching(
      /servers must not share the account with test\/raw: .* \(got "awsbackup-restore-test-mine"\)/,
    ),
  ]);
});
