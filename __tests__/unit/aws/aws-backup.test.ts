import { AwsProvider } from "@cdktf/provider-aws/lib/provider";
import { type TerraformStack, TerraformVariable } from "cdktf";
import {
  AwsBackupPlan,
  type AwsBackupPlanProps,
  type AwsBackupRule,
  AwsBackupVault,
  AwsBackupVaultLockMode,
  type AwsBackupVaultProps,
  EncryptionKey,
  RdsServer,
  S3Bucket,
} from "../../../lib/aws";
import { DeletionPolicy, MachineSize, RecoveryScenario } from "../../../lib/database";
import { problemsOf, synthesize } from "../../support/synth";
import { network, POSTGRES, provider, server } from "./fixture";

const DAILY: AwsBackupRule = { schedule: "cron(0 1 * * ? *)", retentionDays: 35 };
const OTHER_ACCOUNT = "arn:aws:backup:eu-central-1:210987654321:backup-vault:copies";

const ireland = (stack: TerraformStack, region = "eu-west-1") =>
  new AwsProvider(stack, "ireland", { alias: "ireland", region });

function plan(
  stack: TerraformStack,
  rule: Partial<AwsBackupRule> = {},
  props: Partial<AwsBackupPlanProps> = {},
  vault: AwsBackupVaultProps = {},
): AwsBackupPlan {
  provider(stack);
  return new AwsBackupPlan(stack, "backups", {
    vault: props.vault ?? new AwsBackupVault(stack, "vault", vault),
    servers: props.servers ?? (props.buckets ? [] : [server(stack)]),
    buckets: props.buckets,
    rules: props.rules ?? { daily: { ...DAILY, ...rule } },
  });
}

/** A plan of a bucket with a continuous rule. */
const continuous = (stack: TerraformStack, retentionDays: number) => {
  provider(stack);
  return plan(stack, { continuous: true, retentionDays }, { buckets: [new S3Bucket(stack, "objects")] });
};

describe("AwsBackupVault", () => {
  test("is encrypted with a key of its program, kept, and denies the deletion of recovery points", () => {
    const { resource, infos } = synthesize((stack) => {
      provider(stack);
      new AwsBackupVault(stack, "vault");
    });
    expect(resource("aws_backup_vault")).toMatchObject({
      name: "test-vault",
      kms_key_arn: expect.stringContaining("aws_kms_key.vault_Key"),
      force_destroy: false,
      lifecycle: { prevent_destroy: true },
    });
    expect(JSON.parse(resource("aws_backup_vault_policy").policy).Statement).toEqual([
      expect.objectContaining({
        Effect: "Deny",
        Action: expect.arrayContaining(["backup:DeleteRecoveryPoint", "backup:UpdateRecoveryPointLifecycle"]),
      }),
    ]);
    expect(infos).toEqual([]);
  });

  test("lets other accounts copy into it, and no others", () => {
    const { resource } = synthesize((stack) => {
      provider(stack);
      new AwsBackupVault(stack, "vault", { copyFromAccounts: ["210987654321"], denyDeletion: false });
    });
    const policy = resource("aws_backup_vault_policy").policy;
    expect(policy).toContain(":iam::210987654321:root");
    expect(policy).toContain("backup:CopyIntoBackupVault");
    expect(policy).not.toContain('"AWS":"*"');
  });

  test("has a lock with its limits", () => {
    const { resource, infos } = synthesize((stack) => {
      provider(stack);
      new AwsBackupVault(stack, "vault", {
        lock: {
          mode: AwsBackupVaultLockMode.COMPLIANCE,
          minRetentionDays: 14,
          maxRetentionDays: 400,
          changeableForDays: 30,
        },
      });
    });
    expect(resource("aws_backup_vault_lock_configuration")).toMatchObject({
      min_retention_days: 14,
      max_retention_days: 400,
      changeable_for_days: 30,
    });
    expect(infos.map(({ message }) => message).join()).toMatch(/cannot be changed or removed/);
  });

  test("records what it gives up as opt-outs", () => {
    const { infos, resources } = synthesize((stack) => {
      provider(stack);
      new AwsBackupVault(stack, "vault", { denyDeletion: false, deletionPolicy: DeletionPolicy.DELETE });
    });
    expect(infos.map(({ message }) => message)).toEqual([
      expect.stringMatching(/^opt-out: AWS-BACKUP-VAULT-DENY-DELETION: /),
      expect.stringMatching(/^opt-out: AWS-BACKUP-VAULT-DELETION-POLICY: /),
    ]);
    expect(resources("aws_backup_vault_policy")).toEqual([]);
  });

  test("reports all mistakes at once", () => {
    const problems = problemsOf((stack) => {
      provider(stack);
      new AwsBackupVault(stack, "vault", {
        vaultName: "a.b",
        copyFromAccounts: ["12"],
        deletionPolicy: DeletionPolicy.SNAPSHOT,
        encryptionKey: EncryptionKey.fromKeyArn("arn:aws:kms:eu-west-1:123456789012:key/0a1b"),
        lock: { mode: AwsBackupVaultLockMode.COMPLIANCE, minRetentionDays: 30, maxRetentionDays: 14 },
      });
    }).join("\n");
    for (const id of [
      "VAULT-NAME",
      "COPY-FROM-ACCOUNTS",
      "DELETION-POLICY",
      "ENCRYPTION-KEY",
      "LOCK-MAX-RETENTION-DAYS",
      "LOCK-CHANGEABLE-FOR-DAYS",
    ]) {
      expect(problems).toContain(`AWS-BACKUP-VAULT-${id}: `);
    }
  });

  test("refuses a cooling-off period in governance mode, which AWS would take for compliance mode", () => {
    const [problem] = problemsOf((stack) => {
      provider(stack);
      new AwsBackupVault(stack, "vault", {
        lock: { mode: AwsBackupVaultLockMode.GOVERNANCE, minRetentionDays: 1, changeableForDays: 3 },
      });
    });
    expect(problem).toMatch(/LOCK-CHANGEABLE-FOR-DAYS.*must not be set in governance mode/);
  });

  test("reads name, region and account from the ARN of an existing one, also if it is a token", () => {
    expect(AwsBackupVault.fromVaultArn(OTHER_ACCOUNT)).toMatchObject({
      vaultName: "copies",
      region: "eu-central-1",
      accountId: "210987654321",
    });
    const { resource } = synthesize((stack) => {
      provider(stack);
      const arn = new TerraformVariable(stack, "copies", { type: "string" }).stringValue;
      plan(stack, { copies: [{ vault: AwsBackupVault.fromVaultArn(arn) }] });
    });
    const { precondition } = resource("aws_backup_plan").lifecycle;
    expect(precondition[0].condition).toContain("split");
    expect(precondition[0].error_message).toMatch(/another region/);
  });
});

describe("AwsBackupPlan", () => {
  const made = synthesize((stack) => {
    const copies = new AwsBackupVault(stack, "copies", { provider: ireland(stack) });
    plan(stack, { copies: [{ vault: copies, retentionDays: 90 }] });
  });

  test("backs up by its rule and copies to the other region", () => {
    const [rule] = made.resource("aws_backup_plan").rule;
    expect(rule).toMatchObject({
      rule_name: "daily",
      schedule: "cron(0 1 * * ? *)",
      start_window: 60,
      completion_window: 1440,
      enable_continuous_backup: false,
      lifecycle: { delete_after: 35 },
      copy_action: [
        {
          destination_vault_arn: expect.stringMatching(/^\$\{aws_backup_vault\.copies_\w+\.arn\}$/),
          lifecycle: { delete_after: 90 },
        },
      ],
    });
  });

  test("selects by ARN, once its role has its rights", () => {
    const selection = made.resource("aws_backup_selection");
    expect(selection.resources).toEqual([
      expect.stringMatching(/^\$\{aws_db_instance\.postgres_\w+\.arn\}$/),
    ]);
    expect(selection.depends_on).toEqual([
      expect.stringMatching(/^aws_iam_role_policy\.backups_RolePolicy_/),
    ]);
  });

  test("gives AWS Backup no right to change or delete a server, nor any bucket", () => {
    const role = made
      .resources("aws_iam_role_policy")
      .find(({ policy }) => policy.includes("CreateDBSnapshot"));
    for (const action of ["DeleteDBInstance", "ModifyDBInstance", "DeleteDBInstanceAutomatedBackup", "s3:"]) {
      expect(role.policy).not.toContain(action);
    }
    const snapshots = JSON.parse(role.policy).Statement.find(({ Action }: { Action: string[] }) =>
      Action.includes("rds:DeleteDBSnapshot"),
    );
    expect(snapshots.Resource).toMatch(/:snapshot:awsbackup:\*$/);
  });

  test("protects a server from loss, a bad migration and the loss of the region", () => {
    let backups: AwsBackupPlan | undefined;
    synthesize((stack) => {
      const copies = new AwsBackupVault(stack, "copies", { provider: ireland(stack) });
      backups = plan(stack, { copies: [{ vault: copies, retentionDays: 90 }] });
    });
    const [own, copy] = (backups as AwsBackupPlan).serverProtections(
      (backups as AwsBackupPlan).servers[0] as RdsServer,
    );
    expect(own).toMatchObject({ region: "eu-central-1", retentionDays: 35, lossMinutes: 25 * 60 });
    expect(own?.procedures.flatMap(({ scenarios }) => scenarios)).toEqual([
      RecoveryScenario.LOST_DATABASE,
      RecoveryScenario.BAD_MIGRATION,
    ]);
    expect(copy).toMatchObject({ region: "eu-west-1", retentionDays: 90 });
    expect(copy?.procedures.flatMap(({ scenarios }) => scenarios)).toEqual([RecoveryScenario.LOST_REGION]);
    expect(copy?.keys?.[0]?.location).toBe("AWS KMS, eu-west-1");
  });

  test("backs up a bucket continuously, and protects it from deletions within 15 minutes", () => {
    let backups: AwsBackupPlan | undefined;
    const { resource, resources } = synthesize((stack) => {
      backups = continuous(stack, 35);
    });
    expect(resource("aws_backup_plan").rule[0].enable_continuous_backup).toBe(true);
    expect(resources("aws_iam_role")).toHaveLength(2);
    const policies = resources("aws_iam_role_policy").map(({ policy }) => policy);
    expect(policies.join()).not.toContain("rds:");
    // Restores write objects, and delete neither objects nor buckets.
    expect(policies.join()).not.toMatch(/s3:Delete/);
    const [bucket] = (backups as AwsBackupPlan).buckets;
    const [protection] = (backups as AwsBackupPlan).bucketProtections(bucket as S3Bucket);
    expect(protection).toMatchObject({ lossMinutes: 15, retentionDays: 35 });
    expect(protection?.procedures[0]?.scenarios).toEqual([RecoveryScenario.DELETED_OBJECTS]);
  });

  test("has no protection of a server that it does not back up", () => {
    synthesize((stack) => {
      const backups = plan(stack);
      const other = new RdsServer(stack, "other", {
        engine: POSTGRES,
        size: MachineSize.general(2),
        storage: { sizeGiB: 100 },
        network: (backups.servers[0] as RdsServer).network,
      });
      expect(() => backups.serverProtections(other)).toThrow(
        /AWS-BACKUP-PLAN-PROTECTIONS.*server must be one/,
      );
    });
  });

  test.each<[string, Partial<AwsBackupRule>, RegExp]>([
    ["a cron that AWS refuses", { schedule: "0 1 * * *" }, /schedule must be a cron expression of AWS/],
    ["a backup every half hour", { schedule: "cron(0/30 * * * ? *)" }, /must run at most every hour/],
    [
      "a retention shorter than the gap of the schedule",
      { schedule: "cron(0 1 ? * SUN *)", retentionDays: 7 },
      /retentionDays must be longer than the time between two backups, 7 days/,
    ],
    ["a retention that is no whole number", { retentionDays: 1.5 }, /must be a whole number/],
    [
      "a start window below an hour",
      { startWindowMinutes: 30 },
      /startWindowMinutes must be a whole number from 60/,
    ],
    [
      "a completion window shorter than the start window",
      { startWindowMinutes: 120, completionWindowMinutes: 60 },
      /completionWindowMinutes must be at least startWindowMinutes, 120/,
    ],
  ])("refuses %s", (_, rule, message) => {
    expect(problemsOf((stack) => void plan(stack, rule)).join("\n")).toMatch(message);
  });

  test("refuses retentions outside the vault's lock, which fails such jobs", () => {
    const lock = (minRetentionDays: number, maxRetentionDays?: number) => ({
      lock: { mode: AwsBackupVaultLockMode.GOVERNANCE, minRetentionDays, maxRetentionDays },
    });
    expect(problemsOf((stack) => void plan(stack, {}, {}, lock(36))).join()).toMatch(
      /must be at least 36, the minimum/,
    );
    expect(problemsOf((stack) => void plan(stack, {}, {}, lock(1, 34))).join()).toMatch(
      /must be at most 34, the maximum/,
    );
    const copies = (stack: TerraformStack) =>
      new AwsBackupVault(stack, "copies", { provider: ireland(stack), ...lock(90) });
    expect(problemsOf((stack) => void plan(stack, { copies: [{ vault: copies(stack) }] })).join()).toMatch(
      /copies\[0\]\.retentionDays must be at least 90/,
    );
  });

  test("refuses continuous backups of more than 35 days, and two continuous rules", () => {
    expect(problemsOf((stack) => void continuous(stack, 36)).join()).toMatch(/from 1 to 35 days/);
    const two = problemsOf((stack) => {
      const rule = { ...DAILY, continuous: true };
      provider(stack);
      plan(stack, {}, { buckets: [new S3Bucket(stack, "objects")], rules: { one: rule, two: rule } });
    });
    expect(two.join()).toMatch(/must have one continuous rule at most/);
  });

  test("refuses continuous backups of a server of the program, whose later applies RDS would refuse", () => {
    expect(problemsOf((stack) => void plan(stack, { continuous: true })).join()).toMatch(
      /continuous must be false for test\/postgres.*backup\.retentionDays/,
    );
  });

  test("refuses a copy in another region whose vault is in the same one, and the other way round", () => {
    const same = problemsOf((stack) => {
      provider(stack);
      plan(stack, { copies: [{ vault: new AwsBackupVault(stack, "copies") }] });
    });
    const unknown = problemsOf((stack) => {
      plan(stack, {
        copies: [
          { vault: new AwsBackupVault(stack, "copies", { provider: ireland(stack, "${var.region}") }) },
        ],
      });
    });
    expect(unknown).toEqual([]);
    expect(same.join()).toMatch(
      /copies\[0\]\.vault must be in another region than the plan's vault, eu-central-1/,
    );
    const alias = problemsOf((stack) => {
      const copies = new AwsBackupVault(stack, "copies", { provider: ireland(stack, "eu-central-1") });
      plan(stack, { copies: [{ vault: copies }] });
    });
    expect(alias.join()).toMatch(/must be in another region/);
    const away = problemsOf((stack) => {
      const copies = new AwsBackupVault(stack, "copies", { provider: ireland(stack) });
      plan(stack, { copies: [{ vault: copies, otherRegion: false, otherAccount: true }] });
    });
    expect(away.join()).toMatch(/must be in eu-central-1, since otherRegion is false/);
    expect(away.join()).toMatch(/must be a vault of another account/);
  });

  test("refuses a copy in the same region and account, one of the vault itself, and one made twice", () => {
    const none = problemsOf((stack) => {
      plan(stack, { copies: [{ vault: new AwsBackupVault(stack, "copies"), otherRegion: false }] });
    });
    expect(none.join()).toMatch(/otherRegion must be true unless otherAccount is/);
    const itself = problemsOf((stack) => {
      provider(stack);
      const vault = new AwsBackupVault(stack, "own");
      plan(stack, { copies: [{ vault }] }, { vault });
    });
    expect(itself.join()).toMatch(/must be another vault than that of the plan/);
    const twice = problemsOf((stack) => {
      const vault = new AwsBackupVault(stack, "copies", { provider: ireland(stack) });
      plan(stack, { copies: [{ vault }, { vault }] });
    });
    expect(twice.join()).toMatch(/must be the vault of one copy of the rule/);
  });

  test("copies to another account only with a key that is shared with it, and checks the account", () => {
    const copies = [
      { vault: AwsBackupVault.fromVaultArn(OTHER_ACCOUNT), otherRegion: false, otherAccount: true },
    ];
    expect(problemsOf((stack) => void plan(stack, { copies })).join()).toMatch(
      /may use the KMS key of test\/postgres.*sharedAccountIds/,
    );
    const { resource, json } = synthesize((stack) => {
      provider(stack);
      const key = new EncryptionKey(stack, "key", { sharedAccountIds: ["210987654321"] });
      plan(stack, { copies }, { servers: [server(stack, { encryptionKey: key })] });
    });
    expect(JSON.stringify(json.resource.aws_kms_key)).toContain(":iam::210987654321:root");
    expect(resource("aws_backup_plan").lifecycle.precondition[0].condition).toMatch(/210987654321.*!=/);
  });

  test("refuses a copy of RDS snapshots to another region and another account at once", () => {
    const vault = AwsBackupVault.fromVaultArn(OTHER_ACCOUNT.replace("eu-central-1", "eu-west-1"));
    const problems = problemsOf((stack) => void plan(stack, { copies: [{ vault, otherAccount: true }] }));
    expect(problems.join()).toMatch(/otherRegion must be false with otherAccount.*make two copies/);
  });

  test("refuses a plan of nothing, a bucket without versioning, a resource twice or of another region", () => {
    const nothing = problemsOf((stack) => void plan(stack, {}, { servers: [], rules: {} }));
    expect(nothing.join()).toMatch(/AWS-BACKUP-PLAN-RULES: rules must have a rule/);
    expect(nothing.join()).toMatch(/AWS-BACKUP-PLAN-SERVERS: servers must have a server/);
    const wrong = problemsOf((stack) => {
      provider(stack);
      const bucket = new S3Bucket(stack, "objects", { versioned: false, provider: ireland(stack) });
      plan(stack, {}, { buckets: [bucket, bucket] });
    }).join();
    expect(wrong).toMatch(/buckets\[0\] must have versioning enabled/);
    expect(wrong).toMatch(/buckets\[1\] must be in the list once/);
    expect(wrong).toMatch(/buckets\[0\] must be in the region of the vault, eu-central-1/);
  });

  test("names the properties that are required", () => {
    expect(() =>
      synthesize((stack) => {
        provider(stack);
        new AwsBackupPlan(stack, "backups", { servers: [] } as unknown as AwsBackupPlanProps);
      }),
    ).toThrow(/AWS-BACKUP-PLAN-VAULT.*[\s\S]*AWS-BACKUP-PLAN-RULES/);
  });

  test("backs up existing servers continuously, with the rights for it", () => {
    const { resource, resources } = synthesize((stack) => {
      const existing = RdsServer.fromServerAttributes(stack, "postgres", {
        identifier: "platform",
        engine: POSTGRES,
        size: MachineSize.general(2),
        storage: { sizeGiB: 100 },
        network: network(stack),
      });
      plan(stack, { continuous: true }, { servers: [existing] });
    });
    const [role] = resources("aws_iam_role_policy");
    expect(role.policy).toContain("rds:ModifyDBInstance");
    // An unencrypted server has no key, which would be an empty resource in the policy.
    expect(resource("aws_backup_plan").lifecycle.precondition).toEqual([
      {
        condition: expect.stringMatching(/length\(data\.aws_db_instance\.\w+\.kms_key_id\) >= 1/),
        error_message: expect.stringMatching(/must be encrypted at rest/),
      },
    ]);
  });
});
