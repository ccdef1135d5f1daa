/** Every store and registry that the library makes, each with the means to look at what it wrote. */
import { AwsProvider } from "@cdktf/provider-aws/lib/provider";
import type { TerraformStack } from "cdktf";
import { S3Bucket } from "../../../lib/aws";
import { AzureContainerRegistry, BlobStorage } from "../../../lib/azure";
import { Cloud, type DeletionPolicy } from "../../../lib/database";
import { ArtifactRegistry, GcsBucket } from "../../../lib/google";
import type { IImageRegistry, IObjectStore } from "../../../lib/storage";
import { azureNetwork } from "../../support/azure-stack";

/** What a user asks of either, in the words that all of them take. */
export interface Intent {
  readonly deletionPolicy?: DeletionPolicy;
  readonly tags?: { readonly [name: string]: string };
}

export interface Implementation<T> {
  readonly label: string;
  readonly cloud: Cloud;
  /** The resource that holds the data, and what in it says that the public is kept out, data encrypted, and old data kept. */
  readonly type: string;
  readonly secure: object;
  /** The type of what `grant...` makes, and the attribute that limits it to this store. */
  readonly grant: readonly [type: string, scope: string];
  build(stack: TerraformStack, id: string, intent?: Intent): T;
}

/** A store, with what the right to sign URLs adds to the stack. */
export interface StoreImplementation extends Implementation<IObjectStore> {
  readonly signing: readonly object[];
}

function awsProvider(stack: TerraformStack): void {
  if (!stack.node.tryFindChild("aws")) new AwsProvider(stack, "aws", { region: "eu-central-1" });
}

function network(stack: TerraformStack) {
  return (stack.node.tryFindChild("network") as ReturnType<typeof azureNetwork>) ?? azureNetwork(stack);
}

export const STORES: readonly StoreImplementation[] = [
  {
    label: "S3Bucket",
    cloud: Cloud.AWS,
    type: "aws_s3_bucket",
    secure: {
      aws_s3_bucket_public_access_block: { block_public_policy: true, restrict_public_buckets: true },
      aws_s3_bucket_server_side_encryption_configuration: {
        rule: [{ apply_server_side_encryption_by_default: { sse_algorithm: "aws:kms" } }],
      },
      aws_s3_bucket_versioning: { versioning_configuration: { status: "Enabled" } },
    },
    grant: ["aws_iam_role_policy", "policy"],
    signing: [],
    build: (stack, id, intent) => {
      awsProvider(stack);
      return new S3Bucket(stack, id, intent);
    },
  },
  {
    label: "GcsBucket",
    cloud: Cloud.GOOGLE,
    type: "google_storage_bucket",
    // Google encrypts whatever it keeps; there is nothing to ask for.
    secure: {
      google_storage_bucket: {
        public_access_prevention: "enforced",
        uniform_bucket_level_access: true,
        versioning: { enabled: true },
      },
    },
    grant: ["google_storage_bucket_iam_member", "bucket"],
    signing: [
      {
        service_account_id: "${google_service_account.identity_0C5EE28D.name}",
        role: "${google_project_iam_custom_role.identity_SignBlob_Role_01B332D5.name}",
        member: "${google_service_account.identity_0C5EE28D.member}",
      },
      {
        project: "${google_service_account.identity_0C5EE28D.project}",
        permissions: ["iam.serviceAccounts.signBlob"],
      },
    ],
    build: (stack, id, intent) => new GcsBucket(stack, id, { location: "EU", ...intent }),
  },
  {
    label: "BlobContainer",
    cloud: Cloud.AZURE,
    type: "azurerm_storage_container",
    signing: [
      {
        scope: "${azurerm_storage_account.account_636CB76F.id}",
        role_definition_name: "Storage Blob Delegator",
      },
    ],
    secure: {
      azurerm_storage_container: { container_access_type: "private" },
      azurerm_storage_account: {
        public_network_access_enabled: false,
        infrastructure_encryption_enabled: true,
        blob_properties: { versioning_enabled: true },
      },
    },
    grant: ["azurerm_role_assignment", "scope"],
    build: (stack, id, intent) => {
      const storage = stack.node.tryFindChild("account") as BlobStorage | undefined;
      return (storage ?? new BlobStorage(stack, "account", { network: network(stack), ...intent })).container(
        id,
      );
    },
  },
];

export const REGISTRIES: readonly Implementation<IImageRegistry>[] = [
  {
    label: "ArtifactRegistry",
    cloud: Cloud.GOOGLE,
    type: "google_artifact_registry_repository",
    secure: { google_artifact_registry_repository: { format: "DOCKER" } },
    grant: ["google_artifact_registry_repository_iam_member", "repository"],
    build: (stack, id, intent) => new ArtifactRegistry(stack, id, { location: "europe-west1", ...intent }),
  },
  {
    label: "AzureContainerRegistry",
    cloud: Cloud.AZURE,
    type: "azurerm_container_registry",
    secure: {
      azurerm_container_registry: {
        admin_enabled: false,
        anonymous_pull_enabled: false,
        public_network_access_enabled: false,
      },
    },
    grant: ["azurerm_role_assignment", "scope"],
    build: (stack, id, intent) =>
      new AzureContainerRegistry(stack, id, { network: network(stack), ...intent }),
  },
];
