/** Names and endpoints of stores, which each cloud has in its room. */
import type { TerraformStack } from "cdktf";
import { S3Bucket } from "../../../lib/aws";
import { BlobContainer, BlobStorage } from "../../../lib/azure";
import { GcsBucket } from "../../../lib/google";
import type { IObjectStore } from "../../../lib/storage";
import { azureId } from "../../support/azure-stack";
import { problemsOf, synthesize } from "../../support/synth";

const s3 = (stack: TerraformStack, bucketName: string, region = "eu-central-1") =>
  S3Bucket.fromBucketAttributes(stack, "store", { bucketName, region });
const gcs = (stack: TerraformStack, bucketName: string, location = "EU") =>
  GcsBucket.fromBucketAttributes(stack, "store", { bucketName, location, project: "platform" });
const blob = (stack: TerraformStack, containerName: string, location = "westeurope") =>
  BlobContainer.fromContainerAttributes(stack, "store", {
    storage: BlobStorage.fromStorageAccountAttributes(stack, "account", {
      accountId: azureId("Microsoft.Storage/storageAccounts", "platform0"),
      location,
    }),
    containerName,
  });

type Make = (stack: TerraformStack, name: string, region?: string) => IObjectStore;

test.each<[string, Make, string, string]>([
  ["S3", s3, "eu-central-1", "s3.eu-central-1.amazonaws.com"],
  ["S3 in China", s3, "cn-north-1", "s3.cn-north-1.amazonaws.com.cn"],
  ["S3 in GovCloud", s3, "us-gov-west-1", "s3.us-gov-west-1.amazonaws.com"],
  ["S3 in the sovereign cloud", s3, "eusc-de-east-1", "s3.eusc-de-east-1.amazonaws.eu"],
  ["Cloud Storage", gcs, "EU", "storage.googleapis.com"],
  ["Blob Storage", blob, "westeurope", "platform0.blob.core.windows.net"],
  ["Blob Storage, by the region's display name", blob, "West Europe", "platform0.blob.core.windows.net"],
  ["Blob Storage in China", blob, "chinanorth3", "platform0.blob.core.chinacloudapi.cn"],
  ["Blob Storage for the US government", blob, "usgovvirginia", "platform0.blob.core.usgovcloudapi.net"],
  ["Blob Storage in a region that is a token", blob, "${var.region}", "platform0.blob.core.windows.net"],
])("endpoint of %s", (_, make, region, endpoint) => {
  synthesize((stack) => void expect(make(stack, "gitpod", region).endpoint).toBe(endpoint));
});

test.each<[Make, string, RegExp]>([
  [s3, "Gitpod", /S3-BUCKET-NAME: bucketName must be 3 to 63 lower-case.*"Gitpod"/],
  [s3, "192.168.0.1", /not an IP address.*"192.168.0.1"/],
  [s3, "a..b", /bucketName must be .*"a..b"/],
  [s3, "xn--gitpod", /bucketName must be .*"xn--gitpod"/],
  [s3, "gitpod--x-s3", /bucketName must be .*"gitpod--x-s3"/],
  [gcs, "goog-gitpod", /GCS-BUCKET-NAME: .*without the word google/],
  [gcs, "a".repeat(64), /bucketName must be .*"a{64}"/],
  [blob, "git--pod", /BLOB-CONTAINER-NAME: .*single hyphens/],
])("%p refuses %s", (make, name, message) => {
  expect(problemsOf((stack) => void make(stack, name))).toEqual([expect.stringMatching(message)]);
});
