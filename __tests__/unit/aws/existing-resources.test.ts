// Servers and buckets that exist: imported by attributes, and used like those created here.
import { AwsProvider } from "@cdktf/provider-aws/lib/provider";
import { ref, type TerraformStack, Token } from "cdktf";
import {
  BucketUser,
  EncryptionKey,
  type IrsaIdentity,
  PodIdentity,
  RdsAlarms,
  RdsBackupReplication,
  RdsReadReplica,
  RdsServer,
  type RdsServerAttributes,
  S3Bucket,
  type S3BucketAttributes,
  S3BucketReplication,
} from "../../../lib/aws";
import {
  Cloud,
  DatabaseEngine,
  DatabaseLogin,
  DatabaseProvisioning,
  LoginAuthentication,
  MachineSize,
  PostgresVersion,
  SecretValue,
} from "../../../lib/database";
import { problemsOf, synthesize } from "../../support/synth";
import { identityOf } from "../storage/fixture";
import { network, POSTGRES } from "./fixture";

const TOPIC = "arn:aws:sns:eu-central-1:123456789012:operations";
const KEY = "arn:aws:kms:eu-central-1:123456789012:key/0a1b2c3d";
const POD = { clusterName: "platform", namespace: "coder", serviceAccountName: "coder" };
const DATA = "data.aws_db_instance.postgres";
const INSTANCE = /^\$\{data\.aws_db_instance\.postgres_[0-9A-F]{8}\./;

const existing = (stack: TerraformStack, attributes: Partial<RdsServerAttributes> = {}) =>
  RdsServer.fromServerAttributes(stack, "postgres", {
    identifier: "coder-db",
    engine: POSTGRES,
    size: MachineSize.general(2),
    storage: { sizeGiB: 500, maxSizeGiB: 900, iops: 14_000 },
    network: network(stack, ["sg-0a1"]),
    ...attributes,
  });
const administrator = () =>
  DatabaseLogin.withPassword("dbadmin", SecretValue.fromEphemeral("${var.password}", { version: 1 }));

describe("RdsServer.fromServerAttributes", () => {
  test("creates nothing but reads the instance, and lets the network's clients connect", () => {
    const out = synthesize((stack) => {
      const made = existing(stack);
      expect(made.endpoint).toMatchObject({ port: 5432, isPrivate: true });
      expect(made.connectionBudget.capacity?.maximum).toBe(766);
      expect(made.tls.caCertificatesPem).toMatch(/^-----BEGIN CERTIFICATE-----/);
      expect(made.location).toEqual({ cloud: Cloud.AWS, region: "eu-central-1" });
      expect([made.isReplica, made.acceptsCloudIdentity]).toEqual([false, false]);
    });
    expect(out.data("aws_db_instance")).toMatchObject({ db_instance_identifier: "coder-db" });
    expect(out.data("aws_db_instance").lifecycle.postcondition[0].condition).toBe(
      '${self.engine == "postgres"}',
    );
    expect(out.data("aws_db_instance").lifecycle.postcondition[1].condition).toMatch(
      /^\$\{contains\(self\.vpc_security_groups, aws_security_group\.network_SecurityGroup_[0-9A-F]+\.id\)\}$/,
    );
    expect(out.resources("aws_db_instance")).toEqual([]);
    expect(out.resource("aws_vpc_security_group_ingress_rule").from_port).toBe(5432);
  });

  test("is the source of a replica, in its region and in another one", () => {
    const out = synthesize((stack) => {
      const source = existing(stack);
      new RdsReadReplica(stack, "replica", { source });
    });
    const [replica] = out.resources("aws_db_instance");
    expect(replica).toMatchObject({
      instance_class: "db.m7g.large",
      max_allocated_storage: 900,
      iops: 14_000,
    });
    expect(replica.replicate_source_db).toMatch(INSTANCE);
    expect(replica.lifecycle.precondition[0].condition).toContain(".backup_retention_period) >= 1");
    expect(
      problemsOf((stack) => {
        new RdsReadReplica(stack, "replica", { source: existing(stack, { backupRetentionDays: 0 }) });
      }),
    ).toEqual([expect.stringMatching(/RDS-SOURCE: source must have automated backups.* \(got 0\)/)]);
  });

  test("is watched by alarms, and its backups are replicated", () => {
    const out = synthesize((stack) => {
      const server = existing(stack);
      new RdsAlarms(stack, "alarms", { server, alarmTopicArn: TOPIC });
      const provider = new AwsProvider(stack, "dr", { alias: "dr", region: "eu-west-1" });
      new RdsBackupReplication(stack, "copies", { server, provider });
    });
    const alarms = out.resources("aws_cloudwatch_metric_alarm");
    // Without that of deadlocks: whether the server has Performance Insights is not known.
    expect(alarms).toHaveLength(9);
    expect(alarms[0].dimensions.DBInstanceIdentifier).toMatch(INSTANCE);
    expect(alarms[0].alarm_name).toMatch(/^coder-db-/);
    expect(out.resource("aws_db_instance_automated_backups_replication").source_db_instance_arn).toMatch(
      INSTANCE,
    );
  });

  test("lets an identity connect as one user", () => {
    const out = synthesize((stack) => {
      const identity = new PodIdentity(stack, "identity", POD);
      const server = existing(stack, { iamAuthentication: true });
      const grant = server.grantConnect(identity, { username: "app" });
      expect(grant.login.username).toBe("app");
      expect(grant.login.authentication).toBe(LoginAuthentication.CLOUD_IDENTITY);
      expect(identity.dependables).toContain(grant.dependables[0]);
      expect(server.grantConnect(identity, { username: "app" })).toBe(grant);
      expect(server.grantConnect(identity).login.username).toBe("coder");
    });
    const policies = out.resources("aws_iam_role_policy");
    expect(policies).toHaveLength(2);
    expect(policies[0].policy).toContain(`\${${DATA}`);
  });

  test("has databases: created by its administrator, or existing with their owners", () => {
    const out = synthesize((stack) => {
      const server = existing(stack, {
        adminLogin: administrator(),
        encryptionKey: EncryptionKey.fromKeyArn(KEY),
      });
      expect(server.database("coder")).toMatchObject({ provisioning: DatabaseProvisioning.SQL_JOB });
      expect(server.database("coder").owner.password).toBeDefined();
    });
    expect(out.resource("aws_secretsmanager_secret")).toMatchObject({
      name_prefix: "test-postgres/coder-",
      kms_key_id: KEY,
    });
    synthesize((stack) => {
      const server = existing(stack, { iamAuthentication: true });
      expect(server.database("a", { owner: administrator() }).provisioning).toBe(
        DatabaseProvisioning.CLOUD_API,
      );
      expect(() => server.database("b")).toThrow(
        /postgres\] RDS-OWNER: options\.owner of database "b" must be set/,
      );
      const ownerAuthentication = LoginAuthentication.CLOUD_IDENTITY;
      expect(server.database("c", { ownerAuthentication }).owner.username).toBe("c");
    });
  });

  test("takes values that only Terraform knows, and has Terraform check the region", () => {
    const out = synthesize((stack) => {
      existing(stack, {
        identifier: "${var.name}",
        region: "${var.region}",
        port: Token.asNumber(ref("var.port")),
        maxConnections: Token.asNumber(ref("var.max")),
      });
    });
    expect(out.data("aws_db_instance").lifecycle.precondition[0].condition).toContain(
      "contains(keys(local.RdsRoots",
    );
  });

  test.each<[string, Partial<RdsServerAttributes>, RegExp]>([
    ["an identifier that RDS refuses", { identifier: "Coder" }, /RDS-IDENTIFIER: identifier/],
    ["the alias of a key", { encryptionKey: EncryptionKey.fromKeyArn("alias/a") }, /RDS-ENCRYPTION-KEY/],
    [
      "a size that RDS does not have",
      { size: MachineSize.general(3) },
      /RDS-SIZE: size must be a size that RDS has/,
    ],
    [
      "an engine past its support",
      { engine: DatabaseEngine.postgres(PostgresVersion.V13) },
      /RDS-ENGINE: engine .*acceptExtendedSupport: "13"/,
    ],
    ["a port out of range", { port: 80 }, /RDS-PORT: port/],
    ["a retention out of range", { backupRetentionDays: 36 }, /RDS-BACKUP-RETENTION-DAYS/],
  ])("refuses %s", (_, attributes, message) => {
    expect(problemsOf((stack) => void existing(stack, attributes))).toEqual([expect.stringMatching(message)]);
  });
});

describe("S3Bucket.fromBucketAttributes", () => {
  const bucketOf = (stack: TerraformStack, attributes: Partial<S3BucketAttributes> = {}) => {
    new AwsProvider(stack, "aws", { region: "eu-central-1" });
    return S3Bucket.fromBucketAttributes(stack, "objects", { bucketName: "platform-objects", ...attributes });
  };
  const ARN = /^arn:\$\{data\.aws_partition\.[^}]+\.partition\}:s3:::platform-objects$/;

  test("grants access once, to the bucket and its key", () => {
    const out = synthesize((stack) => {
      const bucket = bucketOf(stack, { encryptionKey: EncryptionKey.fromKeyArn(KEY) });
      expect(bucket).toMatchObject({ region: "eu-central-1", endpoint: "s3.eu-central-1.amazonaws.com" });
      const identity = identityOf(Cloud.AWS, stack) as IrsaIdentity;
      const grant = bucket.grantReadWrite(identity);
      expect(bucket.grantReadWrite(identity)).toBe(grant);
    });
    const { Statement } = JSON.parse(out.resource("aws_iam_role_policy").policy);
    expect(Statement[0].Resource).toMatch(ARN);
    expect(Statement[2].Resource).toBe(KEY);
    expect(out.resources("aws_s3_bucket")).toEqual([]);
  });

  test("is the bucket of a user and the source of a replication", () => {
    const out = synthesize((stack) => {
      const bucket = bucketOf(stack, { versioned: true });
      new BucketUser(stack, "user", { bucket });
      const provider = new AwsProvider(stack, "ireland", { alias: "ireland", region: "eu-west-1" });
      new S3BucketReplication(stack, "copies", { source: bucket, provider });
    });
    expect(out.resource("aws_s3_bucket_replication_configuration").bucket).toBe("platform-objects");
    expect(out.resource("aws_iam_user_policy").policy).toContain("platform-objects/*");
    expect(
      problemsOf((stack) => {
        const source = bucketOf(stack);
        const provider = new AwsProvider(stack, "ireland", { alias: "ireland", region: "eu-west-1" });
        new S3BucketReplication(stack, "copies", { source, provider });
      }),
    ).toEqual([expect.stringMatching(/S3-REPLICATION-SOURCE: source must have versioning enabled/)]);
  });

  test("refuses a name that S3 refuses, and a key of another region", () => {
    const encryptionKey = EncryptionKey.fromKeyArn(KEY.replace("central", "west"));
    expect(problemsOf((stack) => void bucketOf(stack, { bucketName: "A", encryptionKey }))).toEqual([
      expect.stringMatching(/S3-BUCKET-NAME/),
      expect.stringMatching(/S3-ENCRYPTION-KEY: encryptionKey must be in the region eu-central-1/),
    ]);
  });
});
