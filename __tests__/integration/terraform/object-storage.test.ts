/**
 * Stores and registries of each cloud over the true schemas of the providers: they are valid, a second plan of the same program
 * is empty, and what a later program says neither renames nor replaces what holds data.
 */
import { AwsProvider } from "@cdktf/provider-aws/lib/provider";
import { type TerraformStack, TerraformVariable } from "cdktf";
import { BucketUser, S3Bucket, S3BucketReplication, S3StorageClass } from "../../../lib/aws";
import { AzureContainerRegistry, BlobStorage, DatabaseNetwork } from "../../../lib/azure";
import { Cloud, DeletionPolicy } from "../../../lib/database";
import { ArtifactRegistry, CryptoKey, GcsBucket } from "../../../lib/google";
import { terraformWithMirror } from "../../../tools/machine/terraform";
import { awsStack } from "../../support/aws-stack";
import { azureStack } from "../../support/azure-stack";
import { describeWith } from "../../support/describe-with";
import { googleStack } from "../../support/google-stack";
import { type Change, changes } from "../../support/terraform/plan";
import { StackCopy } from "../../support/terraform/stack-copy";
import { identityOf } from "../../unit/storage/fixture";

/** A program, and what a later version of it says otherwise. */
interface Later {
  readonly days?: number;
  readonly deletionPolicy?: DeletionPolicy;
  /** Whether there is one store more, before the others in the program. */
  readonly more?: boolean;
  /** Whether the copies are in the source's region, which Terraform alone knows. */
  readonly sameRegion?: boolean;
}

function aws({ days, deletionPolicy, more, sameRegion }: Later = {}): string {
  return awsStack((stack) => {
    const variable = new TerraformVariable(stack, "region", {
      type: "string",
      default: sameRegion ? "eu-central-1" : "eu-west-1",
    });
    const region = variable.stringValue;
    const provider = new AwsProvider(stack, "other", { alias: "other", region });
    if (more) new S3Bucket(stack, "more");
    const source = new S3Bucket(stack, "objects", {
      deletionPolicy,
      noncurrentDays: days,
      expireDays: days && 10 * days,
      transitions: [{ storageClass: S3StorageClass.STANDARD_IA, afterDays: 30 }],
      accessLogBucketName: "platform-logs",
    });
    source.grantReadWrite(identityOf(Cloud.AWS, stack));
    new BucketUser(stack, "user", { bucket: source });
    new S3BucketReplication(stack, "copies", {
      source,
      provider,
      deletionPolicy,
      replicationTimeControl: true,
    });
  });
}

function google({ days, deletionPolicy, more }: Later = {}): string {
  return googleStack((stack: TerraformStack) => {
    const encryptionKey = CryptoKey.fromKeyName("projects/keys/locations/europe/keyRings/r/cryptoKeys/k");
    const identity = identityOf(Cloud.GOOGLE, stack);
    if (more) new GcsBucket(stack, "more", { location: "EU", encryptionKey });
    const props = { location: "EU", deletionPolicy, noncurrentDays: days, softDeleteDays: days };
    new GcsBucket(stack, "objects", { ...props, encryptionKey, bucketReader: true }).grantReadWrite(identity);
    const location = "europe-west1";
    new ArtifactRegistry(stack, "images", {
      location,
      deletionPolicy,
      deleteUntaggedAfterDays: days ?? 30,
      keepNewest: 5,
      encryptionKey: CryptoKey.fromKeyName(`projects/keys/locations/${location}/keyRings/r/cryptoKeys/k`),
    }).grantPush(identity);
  });
}

function azure({ days, deletionPolicy, more }: Later = {}): string {
  return azureStack((stack) => {
    const place = { resourceGroupName: "platform", location: "westeurope" };
    const identity = identityOf(Cloud.AZURE, stack);
    const network = new DatabaseNetwork(stack, "network", { ...place, addressSpace: "10.20.0.0/24" });
    const storage = new BlobStorage(stack, "objects", {
      network,
      deletionPolicy,
      softDeleteDays: days,
      lockDays: 30,
      allowedIpRanges: ["203.0.113.0/24"],
      sharedKeyAccess: true,
    });
    if (more) storage.container("more");
    storage.container("uploads").grantReadWrite(identity);
    const registry = new AzureContainerRegistry(stack, "images", {
      network,
      deletionPolicy,
      deleteUntaggedAfterDays: days,
      replicaLocations: ["uksouth", "northeurope"],
    });
    registry.grantPush(identity);
    new AzureContainerRegistry(stack, "plain", { ...place, deletionPolicy });
  });
}

/** What holds data, and so is never deleted, renamed or replaced. */
const HOLDS_DATA =
  /^(aws_s3_bucket|aws_kms_key|google_storage_bucket|google_artifact_registry_repository|azurerm_storage_account|azurerm_storage_container|azurerm_container_registry)\./;

describeWith("object storage", terraformWithMirror, (terraform) => {
  describe.each([
    ["AWS", aws],
    ["Google", google],
    ["Azure", azure],
  ])("on %s", (_, program) => {
    let copy: StackCopy;
    beforeAll(async () => {
      copy = new StackCopy(terraform, program());
      copy.init();
      await copy.apply();
    });
    afterAll(() => copy?.remove());
    const later = (says: Later): Change[] => {
      copy.use(program(says));
      return changes(copy.plan());
    };

    test("is valid, and the same in a second plan", () => {
      expect(copy.validate()).toMatchObject({ valid: true, diagnostics: [] });
      expect(later({})).toEqual([]);
    });

    test("changes how long old data is kept in place", () => {
      const found = later({ days: 14 });
      expect(found.length).toBeGreaterThan(0);
      expect(new Set(found.map(({ actions }) => actions.join()))).toEqual(new Set(["update"]));
    });

    test("gets one store more without a touch to the others", () => {
      const found = later({ more: true });
      const touched = found.filter(({ actions }) => actions.join() !== "create");
      expect(found.length).toBeGreaterThan(0);
      expect(touched).toEqual([]);
    });

    test("loses its protection in place, and is protected until then", () => {
      copy.use(program());
      expect(copy.planFails("-destroy")).toMatch(/Instance cannot be destroyed/);
      const found = later({ deletionPolicy: DeletionPolicy.DELETE });
      const gone = found.filter(({ actions }) => actions.includes("delete"));
      expect(gone.filter(({ address }) => HOLDS_DATA.test(address))).toEqual([]);
      // Azure's locks are all that goes.
      expect(gone.filter(({ address }) => !address.startsWith("azurerm_management_lock."))).toEqual([]);
    });
  });

  test("copies to the region of the source are refused by the plan, where only Terraform knows the regions", () => {
    const copy = new StackCopy(terraform, aws({ sameRegion: true }));
    try {
      copy.init();
      expect(copy.planFails()).toMatch(/provider must be of another region/);
    } finally {
      copy.remove();
    }
  });
});
