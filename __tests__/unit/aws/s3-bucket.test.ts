import { AwsProvider } from "@cdktf/provider-aws/lib/provider";
import { ref, type TerraformResource, Token } from "cdktf";
import {
  EncryptionKey,
  S3Bucket,
  type S3BucketProps,
  S3Encryption,
  S3ObjectLockMode,
  S3StorageClass,
} from "../../../lib/aws";
import { Cloud, DeletionPolicy } from "../../../lib/database";
import { problemsOf, rendered, synthesize, treeOf } from "../../support/synth";
import { bareIdentity, identityOf } from "../storage/fixture";

const KEY = "arn:aws:kms:eu-central-1:123456789012:key/0a1b-2c3d";
const keyOf = EncryptionKey.fromKeyArn;

const build = (props: S3BucketProps = {}, region: string | undefined = "eu-central-1") => {
  let bucket: S3Bucket | undefined;
  const out = synthesize((stack) => {
    new AwsProvider(stack, "aws", { region });
    bucket = new S3Bucket(stack, "objects", props);
  });
  return { ...out, bucket: bucket as S3Bucket };
};
const problems = (props: S3BucketProps) =>
  problemsOf((stack) => {
    new AwsProvider(stack, "aws", { region: "eu-central-1" });
    new S3Bucket(stack, "objects", props);
  });
const rulesOf = (props: S3BucketProps) => build(props).resource("aws_s3_bucket_lifecycle_configuration").rule;

describe("S3 Object Lock", () => {
  test("locks new and existing buckets, after versioning, and never by an argument that replaces the bucket", () => {
    const { bucket, resource } = build({ lockDays: 30, lockMode: S3ObjectLockMode.COMPLIANCE });
    expect(resource("aws_s3_bucket_object_lock_configuration")).toEqual({
      bucket: "${aws_s3_bucket.objects_7623FC4F.bucket}",
      rule: { default_retention: { mode: "COMPLIANCE", days: 30 } },
      depends_on: ["aws_s3_bucket_versioning.objects_Versioning_E5776CFE"],
    });
    expect(resource("aws_s3_bucket")).not.toHaveProperty("object_lock_enabled");
    expect(bucket.lockDays).toBe(30);
    expect(build().resources("aws_s3_bucket_object_lock_configuration")).toEqual([]);
  });

  test("is refused where S3 could not keep it, all mistakes at once", () => {
    const mode = S3ObjectLockMode.COMPLIANCE;
    expect(
      problems({
        lockDays: 0,
        lockMode: mode,
        versioned: false,
        deletionPolicy: DeletionPolicy.DELETE,
      }),
    ).toEqual([
      expect.stringMatching(/lockDays must be a whole number from 1 to 36500 days/),
      expect.stringMatching(/versioned must be true with lockDays/),
      expect.stringMatching(/deletionPolicy must be retain in compliance mode/),
    ]);
    expect(problems({ lockMode: mode })).toEqual([
      expect.stringMatching(/must be left out without lockDays/),
    ]);
  });
});

describe("a bucket without props", () => {
  const { resource, resources, bucket, infos, json } = build();

  test("is retained, with a name that no later version changes", () => {
    expect(resource("aws_s3_bucket")).toEqual({
      bucket_prefix: "test-objects-",
      force_destroy: false,
      lifecycle: { prevent_destroy: true, ignore_changes: ["bucket_prefix"] },
    });
    expect(infos).toEqual([]);
  });

  test("blocks public access and disables ACLs", () => {
    expect(resource("aws_s3_bucket_public_access_block")).toMatchObject({
      block_public_acls: true,
      block_public_policy: true,
      ignore_public_acls: true,
      restrict_public_buckets: true,
    });
    expect(resource("aws_s3_bucket_ownership_controls").rule).toEqual({
      object_ownership: "BucketOwnerEnforced",
    });
    expect(resources("aws_s3_bucket_acl")).toEqual([]);
  });

  test("denies requests without TLS", () => {
    const arn = "${aws_s3_bucket.objects_7623FC4F.arn}";
    const { policy } = resource("aws_s3_bucket_policy");
    expect(JSON.parse(policy).Statement).toEqual([
      {
        Sid: "RefusePlainHttp",
        Effect: "Deny",
        Principal: { AWS: "*" },
        Action: "s3:*",
        Resource: [arn, `${arn}/*`],
        Condition: { Bool: { "aws:SecureTransport": "false" } },
      },
    ]);
  });

  test("is encrypted with a new KMS key, which is retained", () => {
    expect(resource("aws_s3_bucket_server_side_encryption_configuration").rule).toEqual([
      {
        apply_server_side_encryption_by_default: {
          sse_algorithm: "aws:kms",
          kms_master_key_id: "${aws_kms_key.objects_Key_994F0920.arn}",
        },
        bucket_key_enabled: true,
      },
    ]);
    expect(resource("aws_kms_key")).toMatchObject({
      enable_key_rotation: true,
      lifecycle: { prevent_destroy: true },
    });
  });

  test("keeps noncurrent versions for 30 days", () => {
    expect(resource("aws_s3_bucket_versioning").versioning_configuration).toEqual({ status: "Enabled" });
    expect(resource("aws_s3_bucket_lifecycle_configuration").rule).toEqual([
      {
        id: "interrupted-uploads",
        status: "Enabled",
        filter: [{ prefix: "" }],
        abort_incomplete_multipart_upload: [{ days_after_initiation: 7 }],
      },
      {
        id: "old-versions",
        status: "Enabled",
        filter: [{ prefix: "" }],
        noncurrent_version_expiration: [{ noncurrent_days: 30 }],
        expiration: [{ expired_object_delete_marker: true }],
      },
    ]);
    expect(resources("aws_s3_bucket_logging")).toEqual([]);
  });

  test("has the properties of an object store", () => {
    expect(bucket).toMatchObject({
      kind: "s3",
      cloud: Cloud.AWS,
      region: "eu-central-1",
      endpoint: "s3.eu-central-1.amazonaws.com",
    });
    expect(json.data).not.toHaveProperty("aws_region");
    // What depends on these writes no object before the bucket is encrypted and private.
    expect(bucket.dependables.map((each) => (each as TerraformResource).terraformResourceType)).toEqual([
      "aws_s3_bucket_versioning",
      "aws_s3_bucket_server_side_encryption_configuration",
      "aws_s3_bucket_public_access_block",
      "aws_s3_bucket_policy",
      "aws_s3_bucket_ownership_controls",
      "aws_s3_bucket_lifecycle_configuration",
    ]);
  });

  test("has a tree that is a contract", () => {
    expect(treeOf(bucket)).toBe(
      "Resource\nKey\n  Resource\n  Alias\nVersioning\nEncryption\nPublicAccessBlock\nPolicy\nOwnership\nLifecycle\n",
    );
  });
});

describe("a bucket with props", () => {
  test("has Terraform derive the host name in a region that is known to Terraform only", () => {
    const { bucket, json } = build({}, "${var.region}");
    expect(bucket.endpoint).toMatch(/^s3\.\$\{/);
    expect(JSON.stringify(json.data)).toContain("aws_partition");
  });

  test("takes name, key and access log bucket", () => {
    const { resource, resources } = build({
      bucketName: "platform-gitpod",
      encryptionKey: keyOf(KEY),
      accessLogBucketName: "platform-logs",
      tags: { team: "platform" },
    });
    expect(resource("aws_s3_bucket")).toEqual({
      bucket: "platform-gitpod",
      force_destroy: false,
      lifecycle: { prevent_destroy: true },
      tags: { team: "platform" },
    });
    expect(resources("aws_kms_key")).toEqual([]);
    expect(resource("aws_s3_bucket_logging")).toMatchObject({
      target_bucket: "platform-logs",
      target_prefix: "${aws_s3_bucket.objects_7623FC4F.bucket}/",
    });
  });

  test("has no KMS key with S3_MANAGED", () => {
    const { resource, resources, bucket } = build({ encryption: S3Encryption.S3_MANAGED });
    expect(resource("aws_s3_bucket_server_side_encryption_configuration").rule).toEqual([
      { apply_server_side_encryption_by_default: { sse_algorithm: "AES256" }, bucket_key_enabled: false },
    ]);
    expect([resources("aws_kms_key"), bucket.encryptionKey]).toEqual([[], undefined]);
  });

  test("has lifecycle rules for transitions and expiration", () => {
    const rules = rulesOf({
      expireDays: 400,
      noncurrentDays: 7,
      transitions: [
        { storageClass: S3StorageClass.STANDARD_IA, afterDays: 30 },
        { storageClass: S3StorageClass.GLACIER_IR, afterDays: 90 },
      ],
    });
    expect(rules.map((rule: { id: string }) => rule.id)).toEqual([
      "interrupted-uploads",
      "old-versions",
      "expire",
      "cheaper-storage",
    ]);
    // S3 refuses `days` together with the expiration of delete markers.
    expect(rules[1]).not.toHaveProperty("expiration");
    expect(rules[2].expiration).toEqual([{ days: 400 }]);
    expect(rules[3].transition).toEqual([
      { storage_class: "STANDARD_IA", days: 30 },
      { storage_class: "GLACIER_IR", days: 90 },
    ]);
  });

  test("records disabled versioning as an opt-out, and has no rule for noncurrent versions", () => {
    const { resources, infos } = build({ versioned: false });
    expect(resources("aws_s3_bucket_versioning")).toEqual([]);
    expect(rulesOf({ versioned: false })).toHaveLength(1);
    expect(infos.map(({ message }) => message)).toEqual([
      "opt-out: S3-VERSIONED: versioned: overwritten and deleted objects cannot be restored",
    ]);
  });

  test("is emptied and deleted with DELETE, with its key", () => {
    const { resource, infos } = build({ deletionPolicy: DeletionPolicy.DELETE });
    expect(resource("aws_s3_bucket")).toMatchObject({
      force_destroy: true,
      lifecycle: { prevent_destroy: false },
    });
    expect(resource("aws_kms_key")).not.toHaveProperty("lifecycle");
    expect(infos).toHaveLength(1);
  });

  test("passes its provider to all resources", () => {
    const { json } = synthesize((stack) => {
      new AwsProvider(stack, "aws", { region: "eu-central-1" });
      const provider = new AwsProvider(stack, "ireland", { alias: "ireland", region: "eu-west-1" });
      new S3Bucket(stack, "objects", { provider, accessLogBucketName: "platform-logs" });
    });
    // biome-ignore lint/suspicious/noExplicitAny: Terraform JSON
    const all = Object.values<any>(json.resource).flatMap((each) => Object.values<any>(each));
    expect(all.length).toBeGreaterThan(8);
    expect(new Set(all.map((each) => each.provider))).toEqual(new Set(["aws.ireland"]));
  });
});

describe("grantReadWrite", () => {
  const granted = (props: S3BucketProps = {}) =>
    synthesize((stack) => {
      new AwsProvider(stack, "aws", { region: "eu-central-1" });
      const bucket = new S3Bucket(stack, "objects", props);
      const identity = identityOf(Cloud.AWS, stack);
      bucket.grantReadWrite(identity);
      bucket.grantReadWrite(identity);
      expect(rendered(identity.dependables)).toHaveLength(2);
    });

  test("allows this bucket and this key only, and granting twice changes nothing", () => {
    const arn = "${aws_s3_bucket.objects_7623FC4F.arn}";
    const { Statement } = JSON.parse(granted().resource("aws_iam_role_policy").policy);
    expect(Statement.map((each: { Resource: string }) => each.Resource)).toEqual([
      arn,
      `${arn}/*`,
      "${aws_kms_key.objects_Key_994F0920.arn}",
    ]);
    const actions = Statement.flatMap((each: { Action: string[] }) => each.Action);
    expect(actions.filter((action: string) => action.includes("*"))).toEqual([]);
    expect(actions).not.toContain("s3:DeleteObjectVersion");
    expect(Statement[2]).toMatchObject({
      Action: ["kms:Decrypt", "kms:GenerateDataKey"],
      Condition: { StringEquals: { "kms:ViaService": "s3.eu-central-1.amazonaws.com" } },
    });
  });

  test("allows no key with S3_MANAGED", () => {
    const { policy } = granted({ encryption: S3Encryption.S3_MANAGED }).resource("aws_iam_role_policy");
    expect(policy).not.toContain("kms");
  });

  test("ten buckets fit into the policies of one role", () => {
    const { resources } = synthesize((stack) => {
      new AwsProvider(stack, "aws", { region: "eu-central-1" });
      const identity = identityOf(Cloud.AWS, stack);
      for (let i = 0; i < 10; i++) {
        new S3Bucket(stack, `objects-${i}`, { encryptionKey: keyOf(KEY) }).grantReadWrite(identity);
      }
    });
    const policies = resources("aws_iam_role_policy").map(({ policy }) =>
      policy.replace(/\$\{aws_s3_bucket[^}]*\}/g, `arn:aws:s3:::${"x".repeat(63)}`),
    );
    // IAM: 10,240 characters for the inline policies of a role, spaces not counted.
    expect(policies).toHaveLength(10);
    expect(policies.join("").length).toBeLessThan(10_240);
    expect(resources("aws_kms_key")).toEqual([]);
  });

  test.each([
    [
      "of another cloud",
      bareIdentity(Cloud.GOOGLE),
      /grantReadWrite: identity.cloud must be aws \(got "google"\)/,
    ],
    [
      "without a role",
      bareIdentity(Cloud.AWS),
      /grantReadWrite: identity must have a principal .*"server".*IrsaIdentity/,
    ],
  ])("refuses an identity %s", (_, identity, message) => {
    expect(
      problemsOf((stack) => {
        new AwsProvider(stack, "aws", { region: "eu-central-1" });
        new S3Bucket(stack, "objects").grantReadWrite(identity);
      }),
    ).toEqual([expect.stringMatching(message)]);
  });
});

test.each<[S3BucketProps, RegExp]>([
  [{ bucketName: "Objects" }, /bucketName .*3 to 63/],
  [{ bucketName: "ab" }, /bucketName .*"ab"/],
  [{ bucketName: "objects.example.com" }, /bucketName must not contain dots/],
  [{ accessLogBucketName: "-logs" }, /accessLogBucketName .*"-logs"/],
  [{ bucketName: "logs", accessLogBucketName: "logs" }, /accessLogBucketName must be another bucket/],
  [{ noncurrentDays: 0 }, /noncurrentDays .* from 1 to 36500 days/],
  [{ expireDays: 1.5 }, /expireDays .*\b1\.5\b/],
  [{ versioned: false, noncurrentDays: 7 }, /noncurrentDays must not be set when versioned is false/],
  [
    { encryptionKey: keyOf("alias/mine") },
    /S3-ENCRYPTION-KEY: encryptionKey must have the ARN of a key.*\(got "alias\/mine"\)/,
  ],
  [
    { encryptionKey: keyOf(KEY.replace("central", "west")) },
    /encryptionKey must be in the region eu-central-1/,
  ],
  [
    { encryptionKey: keyOf(KEY), encryption: S3Encryption.S3_MANAGED },
    /encryptionKey must not be set with S3Encryption.S3_MANAGED/,
  ],
  [
    { deletionPolicy: DeletionPolicy.SNAPSHOT },
    /deletionPolicy must be retain or delete, since a bucket has no snapshots/,
  ],
  [
    { transitions: [{ storageClass: S3StorageClass.STANDARD_IA, afterDays: 7 }] },
    /transitions, STANDARD_IA, afterDays .*from 30/,
  ],
  [
    { transitions: [{ storageClass: "GLACIER" as S3StorageClass, afterDays: 90 }] },
    /transitions must be one of STANDARD_IA, INTELLIGENT_TIERING, GLACIER_IR/,
  ],
  [
    {
      transitions: [
        { storageClass: S3StorageClass.STANDARD_IA, afterDays: 30 },
        { storageClass: S3StorageClass.GLACIER_IR, afterDays: 45 },
      ],
    },
    /afterDays must be 60 or later, since objects stay in STANDARD_IA/,
  ],
  [
    { expireDays: 30, transitions: [{ storageClass: S3StorageClass.STANDARD_IA, afterDays: 30 }] },
    /expireDays must be later than the transition to STANDARD_IA on day 30/,
  ],
])("refuses %j", (props, message) => {
  expect(problems(props)).toEqual([expect.stringMatching(message)]);
});

test("takes tokens", () => {
  const token = "${var.x}";
  const number = Token.asNumber(ref("var.days"));
  expect(
    problems({
      bucketName: token,
      encryptionKey: keyOf(token),
      accessLogBucketName: token,
      noncurrentDays: number,
      expireDays: number,
      transitions: [{ storageClass: S3StorageClass.STANDARD_IA, afterDays: number }],
    }),
  ).toEqual([]);
});
