/** The rights of Velero and of the dumps on AWS, evaluated: each opens its own bucket, and neither the other's, an application's nor a server. */
import { python } from "../../../tools/machine/python-environment";
import { describeWith } from "../../support/describe-with";
import { permitted, policiesOf } from "../../support/scanners/policy-evaluation";
import { type SynthesizedStack, synthesizedStacks } from "../../support/terraform/stacks";

const STACKS = synthesizedStacks()
  .filter(({ name }) => name.endsWith("-aws"))
  .map((each) => [each.name, each] as const);

const named = ({ json }: SynthesizedStack, type: string, begin: string): string => {
  const found = Object.keys(json.resource?.[type] ?? {}).filter((name) => name.startsWith(begin));
  if (found.length !== 1) throw new Error(`${type} ${begin}: ${found.join(", ") || "none"}`);
  return found[0] as string;
};
const bucketArn = (name: string) => `arn:aws:s3:::${name}`;
const keyArn = (name: string) => `arn:aws:kms:eu-central-1:123456789012:key/${name}`;
const viaS3 = { "kms:ViaService": "s3.eu-central-1.amazonaws.com" };

/** Actions on objects that backups need, and those that would take the versions away. */
const NEEDED = ["s3:GetObject", "s3:PutObject", "s3:DeleteObject"];
const NEVER = [
  "s3:DeleteObjectVersion",
  "s3:PutLifecycleConfiguration",
  "s3:PutBucketVersioning",
  "s3:PutBucketPolicy",
  "s3:DeleteBucket",
  "s3:BypassGovernanceRetention",
];
const SERVER = [
  "rds:DeleteDBInstance",
  "rds:ModifyDBInstance",
  "rds:RestoreDBInstanceToPointInTime",
  "rds:DeleteDBSnapshot",
  "rds:DeleteDBInstanceAutomatedBackup",
];

describeWith(
  "rights of backups on AWS",
  () => python("aws"),
  (aws) => {
    describe.each(STACKS)("%s", (_, stack) => {
      const identities = Object.keys(stack.json.resource?.aws_iam_role ?? {}).filter((name) =>
        /^protection_(velero|dumps)-identity/.test(name),
      );
      const stores = {
        velero: named(stack, "aws_s3_bucket", "protection_velero-store"),
        dumps: named(stack, "aws_s3_bucket", "protection_dumps-store"),
      };
      const key = named(stack, "aws_kms_key", "protection_key");
      const others = Object.keys(stack.json.resource?.aws_s3_bucket ?? {});
      const foreignKeys = Object.keys(stack.json.resource?.aws_kms_key ?? {}).filter((each) => each !== key);

      test("there are identities of Velero and of each dump", () => {
        expect(identities.filter((each) => each.startsWith("protection_velero-"))).toHaveLength(1);
        expect(identities.length).toBeGreaterThan(1);
      });

      test.each(identities)("%s reads and writes its bucket through the key", (identity) => {
        const own = identity.startsWith("protection_velero-") ? stores.velero : stores.dumps;
        const policies = policiesOf(stack.json, identity);
        expect(policies.length).toBeGreaterThan(0);
        expect(policies.join()).not.toContain("${");
        const requests = [
          ...NEEDED.map((action) => ({ action, resource: `${bucketArn(own)}/backups/one` })),
          { action: "s3:ListBucket", resource: bucketArn(own) },
          ...["kms:Decrypt", "kms:GenerateDataKey"].map((action) => ({
            action,
            resource: keyArn(key),
            conditions: viaS3,
          })),
        ];
        expect(permitted(aws, policies, requests)).toEqual(requests.map(() => true));
        const tags = { action: "s3:PutObjectTagging", resource: `${bucketArn(own)}/backups/one` };
        expect(permitted(aws, policies, [tags])).toEqual([own === stores.velero]);
      });

      test.each(identities)("%s does nothing else", (identity) => {
        const own = identity.startsWith("protection_velero-") ? stores.velero : stores.dumps;
        const policies = policiesOf(stack.json, identity);
        const foreign = [...others.filter((each) => each !== own), "bucket-of-another-account"];
        expect(foreign.length).toBeGreaterThan(1);
        const requests = [
          ...foreign.flatMap((bucket) => [
            ...NEEDED.map((action) => ({ action, resource: `${bucketArn(bucket)}/backups/one` })),
            { action: "s3:ListBucket", resource: bucketArn(bucket) },
          ]),
          ...NEVER.flatMap((action) => [
            { action, resource: bucketArn(own) },
            { action, resource: `${bucketArn(own)}/backups/one` },
          ]),
          ...SERVER.map((action) => ({
            action,
            resource: "arn:aws:rds:eu-central-1:123456789012:db:production",
          })),
          { action: "secretsmanager:GetSecretValue", resource: "*" },
          { action: "iam:PassRole", resource: "*" },
          { action: "sts:AssumeRole", resource: "*" },
          // The key decrypts objects of S3 only, and other keys decrypt nothing.
          {
            action: "kms:Decrypt",
            resource: keyArn(key),
            conditions: { "kms:ViaService": "rds.eu-central-1.amazonaws.com" },
          },
          { action: "kms:ScheduleKeyDeletion", resource: keyArn(key), conditions: viaS3 },
          ...foreignKeys.map((each) => ({
            action: "kms:Decrypt",
            resource: keyArn(each),
            conditions: viaS3,
          })),
        ];
        const answers = permitted(aws, policies, requests);
        expect(requests.filter((_request, i) => answers[i])).toEqual([]);
      });
    });

    test("the evaluation permits a policy that allows too much", () => {
      const wide = JSON.stringify({
        Version: "2012-10-17",
        Statement: [{ Effect: "Allow", Action: "s3:*", Resource: "*" }],
      });
      const request = { action: "s3:DeleteObjectVersion", resource: "arn:aws:s3:::any/one" };
      expect(permitted(aws, [wide], [request])).toEqual([true]);
    });
  },
);
