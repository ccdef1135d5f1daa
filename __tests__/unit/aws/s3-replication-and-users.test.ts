import { AwsProvider } from "@cdktf/provider-aws/lib/provider";
import type { TerraformStack } from "cdktf";
import {
  BucketUser,
  EncryptionKey,
  S3Bucket,
  type S3BucketProps,
  S3BucketReplication,
  type S3BucketReplicationProps,
  S3Encryption,
} from "../../../lib/aws";
import { DeletionPolicy } from "../../../lib/database";
import { problemsOf, synthesize, treeOf } from "../../support/synth";

const ireland = (stack: TerraformStack, region = "eu-west-1") =>
  new AwsProvider(stack, "ireland", { alias: "ireland", region });

function replicate(
  stack: TerraformStack,
  props: Partial<S3BucketReplicationProps> = {},
  source: S3BucketProps = {},
  region = "eu-central-1",
): S3BucketReplication {
  new AwsProvider(stack, "aws", { region });
  return new S3BucketReplication(stack, "copies", {
    source: new S3Bucket(stack, "objects", source),
    provider: props.provider ?? ireland(stack),
    ...props,
  });
}

describe("S3BucketReplication", () => {
  let made: S3BucketReplication | undefined;
  const { resource, resources } = synthesize((stack) => {
    made = replicate(stack);
  });
  const [source, copies] = [
    "${aws_s3_bucket.objects_7623FC4F.arn}",
    "${aws_s3_bucket.copies_Destination_49CA667F.arn}",
  ];

  test("replicates all objects, encrypted with a key of the destination region, with metrics", () => {
    expect(resource("aws_s3_bucket_replication_configuration").rule).toEqual([
      {
        id: "everything",
        status: "Enabled",
        priority: 0,
        filter: { prefix: "" },
        delete_marker_replication: { status: "Enabled" },
        source_selection_criteria: { sse_kms_encrypted_objects: { status: "Enabled" } },
        destination: {
          bucket: copies,
          encryption_configuration: {
            replica_kms_key_id: "${aws_kms_key.copies_Destination_Key_25B21EF5.arn}",
          },
          metrics: { status: "Enabled" },
        },
      },
    ]);
    expect(resources("aws_s3_bucket")).toHaveLength(2);
  });

  test("depends on versioning of both buckets", () => {
    const { depends_on: before } = resource("aws_s3_bucket_replication_configuration");
    expect(before).toEqual(
      expect.arrayContaining([
        "aws_s3_bucket_versioning.objects_Versioning_E5776CFE",
        "aws_s3_bucket_versioning.copies_Destination_Versioning_F1C79AEA",
        "aws_iam_role_policy.copies_Policy_F0EB29B3",
      ]),
    );
  });

  test("has a role that S3 assumes for this bucket only, which reads the source and writes the destination", () => {
    expect(JSON.parse(resource("aws_iam_role").assume_role_policy).Statement[0]).toMatchObject({
      Principal: { Service: "s3.amazonaws.com" },
      Condition: { ArnEquals: { "aws:SourceArn": source } },
    });
    const { Statement } = JSON.parse(resource("aws_iam_role_policy").policy);
    expect(
      Statement.map(({ Action, Resource }: { Action: string[]; Resource: string }) => [Resource, Action]),
    ).toEqual([
      [source, ["s3:GetReplicationConfiguration", "s3:ListBucket"]],
      [
        `${source}/*`,
        ["s3:GetObjectVersionForReplication", "s3:GetObjectVersionAcl", "s3:GetObjectVersionTagging"],
      ],
      [`${copies}/*`, ["s3:ReplicateObject", "s3:ReplicateDelete", "s3:ReplicateTags"]],
      ["${aws_kms_key.objects_Key_994F0920.arn}", ["kms:Decrypt"]],
      ["${aws_kms_key.copies_Destination_Key_25B21EF5.arn}", ["kms:Encrypt", "kms:GenerateDataKey"]],
    ]);
    expect(Statement[3].Condition.StringEquals["kms:ViaService"]).toBe("s3.eu-central-1.amazonaws.com");
    expect(Statement[4].Condition.StringEquals["kms:ViaService"]).toBe("s3.eu-west-1.amazonaws.com");
  });

  test("has a destination that is an object store in its region", () => {
    expect(made?.destination).toMatchObject({ region: "eu-west-1", endpoint: "s3.eu-west-1.amazonaws.com" });
    expect(
      made &&
        treeOf(made)
          .split("\n")
          .filter((line) => !line.startsWith(" ")),
    ).toEqual(["Destination", "Role", "Policy", "Resource", ""]);
  });

  test("has no KMS key for a source with S3_MANAGED", () => {
    const out = synthesize((stack) => void replicate(stack, {}, { encryption: S3Encryption.S3_MANAGED }));
    const [rule] = out.resource("aws_s3_bucket_replication_configuration").rule;
    expect(rule).not.toHaveProperty("source_selection_criteria");
    expect(rule.destination).toEqual({ bucket: copies, metrics: { status: "Enabled" } });
    expect(out.resources("aws_kms_key")).toEqual([]);
    expect(out.resource("aws_iam_role_policy").policy).not.toContain("kms");
  });

  test("takes replicationTimeControl and deletionPolicy", () => {
    const out = synthesize((stack) => {
      replicate(stack, { replicationTimeControl: true, deletionPolicy: DeletionPolicy.DELETE });
    });
    expect(out.resource("aws_s3_bucket_replication_configuration").rule[0].destination).toMatchObject({
      metrics: { status: "Enabled", event_threshold: { minutes: 15 } },
      replication_time: { status: "Enabled", time: { minutes: 15 } },
    });
    expect(
      out
        .resources("aws_s3_bucket")
        .map((each) => each.force_destroy)
        .sort(),
    ).toEqual([false, true]);
  });

  test("replicates the retention of a locked source, and refuses a destination without a lock", () => {
    const out = synthesize((stack) => void replicate(stack, { lockDays: 30 }, { lockDays: 30 }));
    expect(out.resources("aws_s3_bucket_object_lock_configuration")[1]?.rule).toEqual({
      default_retention: { mode: "GOVERNANCE", days: 30 },
    });
    expect(out.resource("aws_iam_role_policy").policy).toContain("s3:GetObjectRetention");
    expect(problemsOf((stack) => void replicate(stack, {}, { lockDays: 30 }))).toEqual([
      expect.stringMatching(/lockDays must be set/),
    ]);
  });

  test("has Terraform compare regions that are known to Terraform only", () => {
    const out = synthesize((stack) => void replicate(stack, {}, {}, "${var.region}"));
    expect(out.resource("aws_s3_bucket_replication_configuration").lifecycle.precondition).toEqual([
      {
        condition: '${(length(distinct([var.region, "eu-west-1"])) == 2)}',
        error_message: expect.stringMatching(/of another region than the source's/),
      },
    ]);
  });

  test.each<[string, (stack: TerraformStack) => void, RegExp]>([
    [
      "the source's provider",
      (stack) => {
        const provider = ireland(stack);
        replicate(stack, { provider }, { provider });
      },
      /S3-REPLICATION-PROVIDER: provider must be an AWS provider of another region.*\(got "aws.ireland"\)/,
    ],
    [
      "the stack's own provider",
      (stack) => {
        const provider = new AwsProvider(stack, "aws", { region: "eu-central-1" });
        new S3BucketReplication(stack, "copies", { source: new S3Bucket(stack, "objects"), provider });
      },
      /provider must be an AWS provider of another region.*\(got "aws"\)/,
    ],
    [
      "another provider of the same region",
      (stack) => {
        replicate(stack, { provider: ireland(stack, "eu-central-1") });
      },
      /provider must be an AWS provider of another region than the source's, eu-central-1/,
    ],
    [
      "a source without versions",
      (stack) => {
        replicate(stack, {}, { versioned: false });
      },
      /source must have versioning enabled.*\(got test\/objects\)/,
    ],
    [
      "a key of the wrong region",
      (stack) => {
        replicate(stack, {
          encryptionKey: EncryptionKey.fromKeyArn("arn:aws:kms:eu-central-1:123456789012:key/0a"),
        });
      },
      /encryptionKey must be in the region eu-west-1/,
    ],
  ])("refuses %s", (_, build, message) => {
    expect(problemsOf(build)).toEqual([expect.stringMatching(message)]);
  });
});

describe("BucketUser", () => {
  const { resource, json, infos } = synthesize((stack) => {
    new AwsProvider(stack, "aws", { region: "eu-central-1" });
    const bucket = new S3Bucket(stack, "images");
    const user = new BucketUser(stack, "registry", { bucket });
    expect(user.dependables).toContain(user.policy);
  });

  test("reads and writes the bucket, and has no access key", () => {
    expect(resource("aws_iam_user")).toEqual({ name: "test-registry" });
    const { Statement } = JSON.parse(resource("aws_iam_user_policy").policy);
    for (const { Resource } of Statement) expect(Resource).toMatch(/images/);
    expect(Object.keys(json.resource)).not.toContain("aws_iam_access_key");
    expect(infos).toEqual([
      {
        path: "registry",
        message: expect.stringMatching(/^opt-out: S3-BUCKET-USER: BucketUser: .* long-lived access key/),
      },
    ]);
  });

  test("fromUserName creates only the policy, and checks the name", () => {
    expect(
      problemsOf((stack) => {
        new AwsProvider(stack, "aws", { region: "eu-central-1" });
        BucketUser.fromUserName(stack, "registry", "a b", { bucket: new S3Bucket(stack, "images") });
      }),
    ).toEqual([expect.stringMatching(/S3-USER-NAME/)]);
    const { resource, json } = synthesize((stack) => {
      new AwsProvider(stack, "aws", { region: "eu-central-1" });
      BucketUser.fromUserName(stack, "registry", "gitpod", { bucket: new S3Bucket(stack, "images") });
    });
    expect(Object.keys(json.resource)).not.toContain("aws_iam_user");
    expect(resource("aws_iam_user_policy").user).toBe("gitpod");
  });

  test("has a policy within IAM's limit of 2048 characters", () => {
    const text = resource("aws_iam_user_policy").policy.replace(/\$\{[^}]*\}/g, "x".repeat(80));
    expect(text.length).toBeLessThan(2048);
  });

  test.each([
    [{ userName: "a b" }, /S3-USER-NAME: userName must be 1 to 64 .* \(got "a b"\)/],
    [
      { permissionsBoundaryArn: "boundary" },
      /S3-PERMISSIONS-BOUNDARY-ARN: permissionsBoundaryArn must be the ARN of a policy, .* \(got "boundary"\)/,
    ],
  ])("refuses %j", (props, message) => {
    expect(
      problemsOf((stack) => {
        new AwsProvider(stack, "aws", { region: "eu-central-1" });
        new BucketUser(stack, "registry", { bucket: new S3Bucket(stack, "images"), ...props });
      }),
    ).toEqual([expect.stringMatching(message)]);
  });
});
