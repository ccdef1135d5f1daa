/**
 * A backup vault with its lock and policy, copies in another region, and a plan that backs up a bucket and an existing server, applied by the
 * real aws provider to an emulated AWS: created, planned again, changed, destroyed. The tests follow each other.
 */
import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { AwsProvider } from "@cdktf/provider-aws/lib/provider";
import {
  AwsBackupPlan,
  AwsBackupVault,
  AwsBackupVaultLockMode,
  DatabaseNetwork,
  RdsServer,
  S3Bucket,
  SecurityGroup,
} from "../../../lib/aws";
import { DatabaseEngine, DeletionPolicy, MachineSize, PostgresVersion } from "../../../lib/database";
import { awsStack } from "../../support/aws-stack";
import { describeWith } from "../../support/describe-with";
import {
  callIam,
  callRds,
  getBackup,
  type LandingZone,
  type Moto,
  makeLandingZone,
  motoEnvironment,
  startMoto,
} from "../../support/servers/moto";
import { changes } from "../../support/terraform/plan";
import { StackCopy } from "../../support/terraform/stack-copy";
import { REGION } from "../../support/terraform/variable-values";
import { awsTools } from "./applied-aws-stack";

// The emulator has one host for all buckets.
const PATHS = { s3UsePathStyle: true };
const SERVER = "platform-postgres";

function program(zone: LandingZone, deletionPolicy?: DeletionPolicy, retentionDays = 35): string {
  return awsStack((stack) => {
    const ireland = new AwsProvider(stack, "ireland", { alias: "ireland", region: "eu-west-1", ...PATHS });
    const lock = { mode: AwsBackupVaultLockMode.GOVERNANCE, minRetentionDays: 7, maxRetentionDays: 400 };
    const server = RdsServer.fromServerAttributes(stack, "postgres", {
      identifier: SERVER,
      engine: DatabaseEngine.postgres(PostgresVersion.V17),
      size: MachineSize.general(2),
      storage: { sizeGiB: 20 },
      network: DatabaseNetwork.fromDatabaseNetworkAttributes(stack, "network", {
        vpcId: zone.vpc,
        subnetGroupName: "databases",
        securityGroup: SecurityGroup.fromSecurityGroupId(zone.nodeSecurityGroup),
      }),
    });
    new AwsBackupPlan(stack, "backups", {
      vault: new AwsBackupVault(stack, "vault", { deletionPolicy, lock }),
      servers: [server],
      buckets: [new S3Bucket(stack, "objects", { deletionPolicy })],
      rules: {
        daily: {
          schedule: "cron(0 1 * * ? *)",
          retentionDays,
          copies: [
            {
              vault: new AwsBackupVault(stack, "copies", {
                deletionPolicy,
                copyFromAccounts: ["210987654321"],
                provider: ireland,
              }),
            },
          ],
        },
      },
    });
  }, PATHS);
}

describeWith("AWS Backup on an emulated AWS", awsTools, (tool) => {
  const folder = mkdtempSync(join(tmpdir(), "devplatforms-backup-"));
  let moto: Moto;
  let zone: LandingZone;
  let copy: StackCopy;
  beforeAll(async () => {
    moto = await startMoto(folder);
    zone = makeLandingZone(moto.url, REGION);
    await callRds(moto.url, REGION, "CreateDBInstance", {
      DBInstanceIdentifier: SERVER,
      DBInstanceClass: "db.m7g.large",
      Engine: "postgres",
      EngineVersion: "17.6",
      AllocatedStorage: "20",
      MasterUsername: "administrator",
      MasterUserPassword: "not-a-secret-0",
      StorageEncrypted: "true",
      KmsKeyId: `arn:aws:kms:${REGION}:123456789012:key/0a1b2c3d-0000-4000-8000-000000000000`,
      "VpcSecurityGroupIds.VpcSecurityGroupId.1": zone.nodeSecurityGroup,
    });
    copy = new StackCopy(tool.terraform, program(zone), {
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
  test("creates the vaults, the plan, the selection and the roles", async () => {
    const found = changes(await copy.planAsync());
    expect(new Set(found.map(({ actions }) => actions.join()))).toEqual(new Set(["create"]));
    await copy.apply();
    const vault = await getBackup<object>(moto.url, REGION, "backup-vaults/test-vault");
    expect(vault).toMatchObject({ Locked: true, MinRetentionDays: 7, MaxRetentionDays: 400 });
    const policy = await getBackup<{ Policy: string }>(
      moto.url,
      "eu-west-1",
      "backup-vaults/test-copies/access-policy",
    );
    expect(policy.Policy).toContain("210987654321");
  });

  test("has nothing to change then", async () => {
    expect(changes(await copy.planAsync())).toEqual([]);
  });

  test("refuses to destroy the vaults", () => {
    expect(copy.planFails("-destroy")).toMatch(/Instance cannot be destroyed/);
  });

  test("changes retention and deletion policy in place", async () => {
    copy.use(program(zone, DeletionPolicy.DELETE, 60));
    const found = changes(await copy.planAsync());
    expect(new Set(found.map(({ actions }) => actions.join()))).toEqual(new Set(["update"]));
    expect(found.map(({ address }) => address.split(".")[0])).toEqual(
      expect.arrayContaining(["aws_backup_plan", "aws_backup_vault"]),
    );
    await copy.apply();
  });

  test("is destroyed", async () => {
    await copy.destroy();
    expect(copy.addresses()).toEqual([]);
    expect(await callRds(moto.url, REGION, "DescribeDBInstances")).toContain(SERVER);
    expect(await callIam(moto.url, "ListRoles", {})).not.toContain("test-backups");
  });
});
