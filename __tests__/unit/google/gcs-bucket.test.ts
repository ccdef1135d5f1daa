import { ref, Token } from "cdktf";
import { Cloud, DeletionPolicy } from "../../../lib/database";
import {
  BackupBucket,
  CryptoKey,
  GcsBucket,
  type GcsBucketProps,
  GkeWorkloadIdentity,
} from "../../../lib/google";
import { problemsOf, rendered, synthesize, treeOf } from "../../support/synth";
import { bareIdentity } from "../storage/fixture";

const KEY = "projects/keys/locations/europe/keyRings/r/cryptoKeys/k";
const WHO = { namespace: "gitpod", serviceAccountName: "server", project: "platform", cloudSql: false };

const build = (props: Partial<GcsBucketProps> = {}) => {
  let bucket: GcsBucket | undefined;
  const out = synthesize((stack) => {
    bucket = new GcsBucket(stack, "objects", { location: "EU", ...props });
  });
  return { ...out, bucket: bucket as GcsBucket };
};
const bucketOf = (props: Partial<GcsBucketProps> = {}) => build(props).resource("google_storage_bucket");
const problems = (props: Partial<GcsBucketProps>) =>
  problemsOf((stack) => void new GcsBucket(stack, "objects", { location: "EU", ...props }));

test("a bucket with defaults is retained, never public, has Object Versioning and a generated name", () => {
  const { resource, infos, bucket } = build();
  expect(resource("google_storage_bucket")).toEqual({
    name: "${random_id.objects_Name_F44433A9.hex}",
    location: "EU",
    storage_class: "STANDARD",
    uniform_bucket_level_access: true,
    public_access_prevention: "enforced",
    versioning: { enabled: true },
    soft_delete_policy: { retention_duration_seconds: 604_800 },
    lifecycle_rule: [
      { action: { type: "Delete" }, condition: { days_since_noncurrent_time: 30, with_state: "ARCHIVED" } },
      { action: { type: "AbortIncompleteMultipartUpload" }, condition: { age: 7 } },
    ],
    force_destroy: false,
    lifecycle: { prevent_destroy: true },
  });
  expect(resource("random_id")).toEqual({
    byte_length: 4,
    prefix: "test-objects-",
    lifecycle: { ignore_changes: "all" },
  });
  expect(infos).toEqual([]);
  expect(bucket).toMatchObject({
    kind: "gcs",
    cloud: Cloud.GOOGLE,
    region: "EU",
    endpoint: "storage.googleapis.com",
  });
  expect(rendered(bucket.dependables)).toEqual([bucket.resource]);
  expect(treeOf(bucket)).toBe("Name\nResource\n");
});

test("a generated name has at most 63 characters and not the word google", () => {
  const { resource } = synthesize((stack) => {
    new GcsBucket(stack, `google-${"x".repeat(80)}`, { location: "EU" });
  });
  const { prefix } = resource("random_id");
  expect(prefix).not.toMatch(/google/);
  expect(prefix.length + 8).toBeLessThanOrEqual(63);
});

test("a bucket with all properties", () => {
  const made = build({
    bucketName: "platform-gitpod",
    versioned: false,
    noncurrentDays: 7,
    expireDays: 90,
    softDeleteDays: 30,
    logBucket: "logs",
    deletionPolicy: DeletionPolicy.DELETE,
    project: "platform",
    tags: { team: "platform" },
  });
  const written = made.resource("google_storage_bucket");
  expect(written).toMatchObject({
    name: "platform-gitpod",
    versioning: { enabled: false },
    soft_delete_policy: { retention_duration_seconds: 2_592_000 },
    logging: { log_bucket: "logs" },
    force_destroy: true,
    project: "platform",
    labels: { team: "platform" },
  });
  expect(written.lifecycle_rule).toHaveLength(3);
  expect(written).not.toHaveProperty("lifecycle");
  expect(made.resources("random_id")).toEqual([]);
  expect(made.bucket.projectId).toBe("platform");
  expect(made.infos.map(({ message }) => message)).toEqual([
    "opt-out: GCS-DELETION-POLICY: deletionPolicy: the bucket can be deleted, together with its objects",
    "opt-out: GCS-VERSIONED: versioned: overwritten and deleted objects are lost after softDeleteDays",
  ]);
});

describe("a customer-managed encryption key", () => {
  test.each([KEY, "${google_kms_crypto_key.k.id}"])(
    "%s is granted once for all buckets that share it",
    (key) => {
      const { resource, resources } = synthesize((stack) => {
        new GcsBucket(stack, "a", { location: "EU", encryptionKey: CryptoKey.fromKeyName(key) });
        new GcsBucket(stack, "b", { location: "EU", encryptionKey: CryptoKey.fromKeyName(key) });
        new BackupBucket(stack, "c", {
          bucketName: "backups",
          location: "EU",
          encryptionKey: CryptoKey.fromKeyName(key),
        });
      });
      expect(resource("google_kms_crypto_key_iam_member")).toMatchObject({
        crypto_key_id: key,
        role: "roles/cloudkms.cryptoKeyEncrypterDecrypter",
      });
      for (const bucket of resources("google_storage_bucket")) {
        expect(bucket).toMatchObject({
          encryption: { default_kms_key_name: key },
          depends_on: [expect.stringMatching(/^google_kms_crypto_key_iam_member\.StorageKeyGrant/)],
        });
      }
    },
  );

  test("that is granted elsewhere gets no grant", () => {
    const { resources } = build({ encryptionKey: CryptoKey.fromKeyName(KEY), grantEncryptionKey: false });
    expect(resources("google_kms_crypto_key_iam_member")).toEqual([]);
  });
});

describe("grantReadWrite", () => {
  const roles = (props: Partial<GcsBucketProps> = {}) =>
    synthesize((stack) => {
      const bucket = new GcsBucket(stack, "objects", { location: "EU", ...props });
      const identity = new GkeWorkloadIdentity(stack, "identity", WHO);
      bucket.grantReadWrite(identity);
      bucket.grantReadWrite(identity);
      bucket.grantReadWrite(new GkeWorkloadIdentity(stack, "other", WHO));
    });

  test("grants a role in this bucket, once per identity, and none in the project", () => {
    const { resources } = roles();
    expect(resources("google_storage_bucket_iam_member")).toEqual(
      ["identity_0C5EE28D", "other_7F016EE3"].map((account) => ({
        bucket: "${google_storage_bucket.objects_7623FC4F.name}",
        role: "roles/storage.objectUser",
        member: `serviceAccount:\${google_service_account.${account}.email}`,
      })),
    );
    expect(resources("google_project_iam_member")).toEqual([]);
  });

  test("grants read access to the bucket's metadata with bucketReader", () => {
    const { resources } = roles({ bucketReader: true });
    expect(
      resources("google_storage_bucket_iam_member")
        .map(({ role }) => role)
        .sort(),
    ).toEqual([
      "roles/storage.legacyBucketReader",
      "roles/storage.legacyBucketReader",
      "roles/storage.objectUser",
      "roles/storage.objectUser",
    ]);
  });

  test.each([
    ["of another cloud", bareIdentity(Cloud.AZURE), /grantReadWrite: identity.cloud .*"azure"/],
    [
      "without an account",
      bareIdentity(Cloud.GOOGLE),
      /grantReadWrite: identity .*"server".*GkeWorkloadIdentity/,
    ],
  ])("refuses an identity %s", (_, identity, message) => {
    const found = problemsOf((stack) => {
      new GcsBucket(stack, "objects", { location: "EU" }).grantReadWrite(identity);
    });
    expect(found).toEqual([expect.stringMatching(message)]);
  });
});

test.each<[Partial<GcsBucketProps>, RegExp]>([
  [{ location: "Europe/Brussels" }, /GCS-LOCATION: location must be a region/],
  [{ bucketName: "Objects" }, /GCS-BUCKET-NAME: bucketName .*"Objects"/],
  [{ bucketName: "our-google-bucket" }, /without the word google/],
  [{ bucketName: "objects.example.com" }, /GCS-BUCKET-NAME: bucketName must have no dots/],
  [{ softDeleteDays: 6 }, /GCS-SOFT-DELETE-DAYS: softDeleteDays .*7 to 90 days/],
  [{ softDeleteDays: 91 }, /GCS-SOFT-DELETE-DAYS: softDeleteDays .*91/],
  [{ noncurrentDays: 0 }, /GCS-NONCURRENT-DAYS: noncurrentDays /],
  [{ expireDays: -1 }, /GCS-EXPIRE-DAYS: expireDays .*-1/],
  [
    { encryptionKey: CryptoKey.fromKeyName("key") },
    /GCS-ENCRYPTION-KEY: encryptionKey must be projects.*"key"/,
  ],
  [
    { encryptionKey: CryptoKey.fromKeyName(`${KEY}/cryptoKeyVersions/1`) },
    /GCS-ENCRYPTION-KEY: encryptionKey must be projects/,
  ],
  [
    { encryptionKey: CryptoKey.fromKeyName(KEY), location: "US" },
    /GCS-ENCRYPTION-KEY-LOCATION: encryptionKey must be in the location of the bucket, us /,
  ],
  [
    { deletionPolicy: DeletionPolicy.SNAPSHOT },
    /GCS-DELETION-POLICY: deletionPolicy must be retain or delete/,
  ],
  [{ tags: { Team: "x" } }, /GCS-TAGS: tags\["Team"\] must have a key/],
])("refuses %j", (props, message) => {
  expect(problems(props)).toEqual([expect.stringMatching(message)]);
});

test("accepts tokens, and converts days to seconds", () => {
  const days = Token.asNumber(ref("var.days"));
  const text = "${var.x}";
  const props = {
    bucketName: text,
    location: text,
    encryptionKey: CryptoKey.fromKeyName(text),
    logBucket: text,
    project: text,
  };
  expect(problems({ ...props, noncurrentDays: days, expireDays: days, softDeleteDays: days })).toEqual([]);
  expect(bucketOf({ softDeleteDays: days }).soft_delete_policy).toEqual({
    retention_duration_seconds: "${(var.days * 86400)}",
  });
});
