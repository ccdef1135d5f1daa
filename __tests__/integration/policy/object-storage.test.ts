/**
 * What scanners say to stores and registries with defaults, before a stack of ours has one. Each finding that we accept has its
 * reason; the list of the stacks is in exceptions.ts.
 */
import { AwsProvider } from "@cdktf/provider-aws/lib/provider";
import { BucketUser, S3Bucket, S3BucketReplication } from "../../../lib/aws";
import { AzureContainerRegistry, BlobStorage, DatabaseNetwork } from "../../../lib/azure";
import { Cloud } from "../../../lib/database";
import { ArtifactRegistry, GcsBucket } from "../../../lib/google";
import { python } from "../../../tools/machine/python-environment";
import { terraformWithMirror } from "../../../tools/machine/terraform";
import { Unavailable } from "../../../tools/machine/unavailable";
import { awsStack } from "../../support/aws-stack";
import { azureStack } from "../../support/azure-stack";
import { describeWith } from "../../support/describe-with";
import { googleStack } from "../../support/google-stack";
import { checkov } from "../../support/scanners/checkov";
import { lintPolicies } from "../../support/scanners/parliament";
import { planned } from "../../support/terraform/plan";
import { StackCopy } from "../../support/terraform/stack-copy";
import { identityOf } from "../../unit/storage/fixture";

jest.setTimeout(180_000);

/** Check and type of resource, and why we do not follow. */
const ACCEPTED: { readonly [cloud: string]: Readonly<Record<string, string>> } = {
  aws: {
    "CKV2_AWS_62 aws_s3_bucket":
      "Nobody listens: an event without a receiver is none. A user may add one by bucketName.",
    "CKV_AWS_144 aws_s3_bucket":
      "Copies in another region are a choice with a price (S3BucketReplication), and the copies are not copied again.",
    "CKV_AWS_273 aws_iam_user":
      "Applications that know no roles need a user; it has no password and no way to sign in.",
    "CKV_AWS_40 aws_iam_user_policy": "A group for one user only hides what the user may do.",
  },
  google: {
    "CKV_GCP_62 google_storage_bucket": "Access logs go to a bucket of the user's: logBucket.",
    "CKV_GCP_63 google_storage_bucket": "The same check again: there is no log, so it does not go to itself.",
    "CKV_GCP_84 google_artifact_registry_repository":
      "The key is Google's unless the user has one: encryptionKey.",
  },
  azure: {
    "CKV2_AZURE_1 azurerm_storage_account": "The key is Microsoft's unless the user has one: encryptionKey.",
    "CKV2_AZURE_21 azurerm_storage_container":
      "It wants the retired storage insights; a diagnostic setting of the user's workspace logs reads.",
    "CKV_AZURE_33 azurerm_storage_account": "The account has no queues: it holds objects.",
    "CKV_AZURE_164 azurerm_container_registry":
      "Content trust refuses images that are not signed with Docker's retired Notary, and so all that these applications push.",
    "CKV_AZURE_166 azurerm_container_registry":
      "Quarantine hides every image until a scanner of the user's releases it; no pull would work without one.",
  },
};

const all = () => {
  const [terraform, scanner, aws] = [terraformWithMirror(), python("checkov"), python("aws")];
  if (terraform instanceof Unavailable || scanner instanceof Unavailable || aws instanceof Unavailable) {
    return [terraform, scanner, aws].find((each) => each instanceof Unavailable) as Unavailable;
  }
  return { terraform, checkov: scanner, aws };
};

const AWS = (stack: Parameters<Parameters<typeof awsStack>[0]>[0]) => {
  const provider = new AwsProvider(stack, "ireland", { alias: "ireland", region: "eu-west-1" });
  const bucket = new S3Bucket(stack, "objects");
  bucket.grantReadWrite(identityOf(Cloud.AWS, stack));
  new S3BucketReplication(stack, "copies", { source: bucket, provider });
  new BucketUser(stack, "registry", { bucket: new S3Bucket(stack, "images") });
};

describeWith("scanners on object storage", all, (tool) => {
  async function findings(folder: string): Promise<string[]> {
    const copy = new StackCopy(tool.terraform, folder);
    try {
      copy.init();
      const result = await checkov(tool.checkov, copy.plan());
      expect(result.passed).toBeGreaterThan(5);
      return [
        ...new Set(result.findings.map(({ id, resource }) => `${id} ${resource.split(".")[0]}`)),
      ].sort();
    } finally {
      copy.remove();
    }
  }

  test("checkov finds on AWS what we accept with a reason, and nothing else", async () => {
    expect(await findings(awsStack(AWS))).toEqual(Object.keys(ACCEPTED.aws ?? {}).sort());
  });

  test("checkov finds on Google what we accept with a reason, and nothing else", async () => {
    const found = await findings(
      googleStack((stack) => {
        const identity = identityOf(Cloud.GOOGLE, stack);
        new GcsBucket(stack, "objects", { location: "EU" }).grantReadWrite(identity);
        new ArtifactRegistry(stack, "images", { location: "europe-west1" }).grantPush(identity);
      }),
    );
    expect(found).toEqual(Object.keys(ACCEPTED.google ?? {}).sort());
  });

  test("checkov finds on Azure what we accept with a reason, and nothing else", async () => {
    const found = await findings(
      azureStack((stack) => {
        const identity = identityOf(Cloud.AZURE, stack);
        const place = { resourceGroupName: "platform", location: "westeurope" };
        const network = new DatabaseNetwork(stack, "network", { ...place, addressSpace: "10.20.0.0/24" });
        new BlobStorage(stack, "objects", { network }).container("uploads").grantReadWrite(identity);
        new AzureContainerRegistry(stack, "images", { network }).grantPush(identity);
      }),
    );
    expect(found).toEqual(Object.keys(ACCEPTED.azure ?? {}).sort());
  });

  test("checkov would find a bucket without versions", async () => {
    expect(
      await findings(awsStack((stack) => void new S3Bucket(stack, "objects", { versioned: false }))),
    ).toContain("CKV_AWS_21 aws_s3_bucket");
  });

  test("parliament knows every action of the policies, and finds none that is too wide", async () => {
    const copy = new StackCopy(tool.terraform, awsStack(AWS));
    try {
      copy.init();
      // Once it is applied by the stand-ins, every ARN in a policy is known.
      await copy.apply();
      const plan = copy.plan();
      const { scanned, unknown, findings: found } = lintPolicies(tool.aws, plan);
      expect([found, unknown]).toEqual([[], []]);
      expect(scanned).toHaveLength(planned(plan, /^aws_iam_(role_policy|user_policy)$/).length);
      expect(scanned.length).toBe(3);
    } finally {
      copy.remove();
    }
  });
});
