/** What has the name of another one is refused at synth, not half-way through an apply. */
import { AwsProvider } from "@cdktf/provider-aws/lib/provider";
import type { TerraformStack } from "cdktf";
import { BucketUser, S3Bucket, S3BucketReplication } from "../../../lib/aws";
import { AzureContainerRegistry, BlobContainer, BlobStorage } from "../../../lib/azure";
import { ArtifactRegistry, BackupBucket, GcsBucket } from "../../../lib/google";
import { azureNetwork } from "../../support/azure-stack";
import { problemsOf } from "../../support/synth";

const PLACE = { resourceGroupName: "platform", location: "westeurope" };
const aws = (stack: TerraformStack) => new AwsProvider(stack, "aws", { region: "eu-central-1" });
const ireland = (stack: TerraformStack) =>
  new AwsProvider(stack, "ireland", { alias: "ireland", region: "eu-west-1" });

test.each<[string, (stack: TerraformStack) => void, RegExp]>([
  [
    "buckets of S3, in whatever region",
    (stack) => {
      aws(stack);
      new S3Bucket(stack, "a", { bucketName: "objects" });
      new S3Bucket(stack, "b", { bucketName: "objects", provider: ireland(stack) });
    },
    /^\[b\] ([A-Z0-9-]+: )?bucketName must be unique \(got "objects"\); test\/a is another S3 bucket of this name: choose/,
  ],
  [
    "replications of one bucket",
    (stack) => {
      aws(stack);
      const source = new S3Bucket(stack, "objects");
      const provider = ireland(stack);
      new S3BucketReplication(stack, "a", { source, provider });
      new S3BucketReplication(stack, "b", { source, provider });
    },
    /^\[b\] ([A-Z0-9-]+: )?source must be replicated once: .*test\/a sets it \(got test\/objects\); remove one/,
  ],
  [
    "users whose paths give one name",
    (stack) => {
      aws(stack);
      const bucket = new S3Bucket(stack, "objects");
      new BucketUser(stack, "a-b", { bucket });
      new BucketUser(stack, "a_b", { bucket });
    },
    /^\[a_b\] ([A-Z0-9-]+: )?userName must be unique \(got "test-a-b"\); test\/a-b is another IAM user/,
  ],
  [
    "buckets of Cloud Storage, of whatever class",
    (stack) => {
      new GcsBucket(stack, "a", { bucketName: "objects", location: "EU" });
      new BackupBucket(stack, "b", { bucketName: "objects", location: "EU" });
    },
    /^\[b\] ([A-Z0-9-]+: )?bucketName must be unique \(got "objects"\); test\/a is another Cloud Storage bucket/,
  ],
  [
    "registries of one project and place",
    (stack) => {
      new ArtifactRegistry(stack, "a", { repositoryId: "images", location: "europe-west1" });
      new ArtifactRegistry(stack, "b", { repositoryId: "images", location: "europe-west1" });
    },
    /^\[b\] ([A-Z0-9-]+: )?repositoryId must be unique \(got "images"\); test\/a is another Artifact Registry repository/,
  ],
  [
    "storage accounts",
    (stack) => {
      const network = azureNetwork(stack);
      new BlobStorage(stack, "a", { network, accountName: "objects" });
      new BlobStorage(stack, "b", { network, accountName: "objects" });
    },
    /^\[b\] ([A-Z0-9-]+: )?accountName must be unique \(got "objects"\); test\/a is another storage account/,
  ],
  [
    "containers of one account",
    (stack) => {
      const storage = new BlobStorage(stack, "a", { network: azureNetwork(stack) });
      storage.container("uploads");
      new BlobContainer(stack, "b", { storage, containerName: "uploads" });
    },
    /^\[b\] ([A-Z0-9-]+: )?containerName must be unique \(got "uploads"\); test\/a\/Container-uploads is another blob container/,
  ],
  [
    "registries on Azure",
    (stack) => {
      new AzureContainerRegistry(stack, "a", { ...PLACE, registryName: "images" });
      new AzureContainerRegistry(stack, "b", { ...PLACE, registryName: "images" });
    },
    /^\[b\] ([A-Z0-9-]+: )?registryName must be unique \(got "images"\); test\/a is another container registry/,
  ],
])("refuses two %s", (_, build, message) => {
  expect(problemsOf(build)).toEqual([expect.stringMatching(message)]);
});

test("takes one name in two places where the cloud does, and names that it cannot know", () => {
  expect(
    problemsOf((stack) => {
      aws(stack);
      new S3Bucket(stack, "a", { bucketName: "${var.first}" });
      new S3Bucket(stack, "b", { bucketName: "${var.second}" });
      new ArtifactRegistry(stack, "c", { repositoryId: "images", location: "europe-west1" });
      new ArtifactRegistry(stack, "d", { repositoryId: "images", location: "us-east1" });
      const bucket = new S3Bucket(stack, "objects");
      new BucketUser(stack, "g", { bucket, userName: "registry" });
      new BucketUser(stack, "h", { bucket, userName: "registry", provider: ireland(stack) });
      const network = azureNetwork(stack);
      new BlobStorage(stack, "e", { network }).container("uploads");
      new BlobStorage(stack, "f", { network }).container("uploads");
    }),
  ).toEqual([]);
});
