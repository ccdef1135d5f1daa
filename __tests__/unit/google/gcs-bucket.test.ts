import { ref, Token } from "cdktf";
import { Cloud, DeletionPolicy } from "../../../lib/database";
import {
  BackupBucket,
  CryptoKey,
  GcsBucket,
  type GcsBucketProps,
  GkeWorkloadIdentity,
} from "../../../lib/google";
import { problemsOf, synthesize, treeOf } from "../../support/synth";
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

test("a bucket with nothing said is kept, never public, versioned, and has a name of its own", () => {
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
  expect(bucket.dependables).toEqual([bucket.resource]);
  expect(treeOf(bucket)).toBe("Name\nResource\n");
});

test("a name is never longer than allowed, nor has the word that Google keeps", () => {
  const { resource } = synthesize((stack) => {
    new GcsBucket(stack, `google-${"x".repeat(80)}`, { location: "EU" });
  });
  const { prefix } = resource("random_id");
  expect(prefix).not.toMatch(/google/);
  expect(prefix.length + 8).toBeLessThanOrEqual(63);
});

test("a bucket with everything said", () => {
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
    "opt-out: deletionPolicy: the bucket is emptied and deleted when it leaves the program",
    "opt-out: versioned: overwritten and deleted objects are gone after softDeleteDays",
  ]);
});

describe("a customer's key", () => {
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

  test("that somebody else grants is left alone", () => {
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

  test("is a role in this bucket, once for each identity, and none in the project", () => {
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

  test("lets a client read the bucket's settings where asked", () => {
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
    ["of another cloud", bareIdentity(Cloud.AZURE), /grantReadWrite: identity.cloud is "azure"/],
    [
      "without an account",
      bareIdentity(Cloud.GOOGLE),
      /grantReadWrite: identity is "server": .*GkeWorkloadIdentity/,
    ],
  ])("refuses an identity %s", (_, identity, message) => {
    const found = problemsOf((stack) => {
      new GcsBucket(stack, "objects", { location: "EU" }).grantReadWrite(identity);
    });
    expect(found).toEqual([expect.stringMatching(message)]);
  });
});

test.each<[Partial<GcsBucketProps>, RegExp]>([
  [{ location: "Europe/Brussels" }, /location is "Europe\/Brussels": allowed is a region/],
  [{ bucketName: "Objects" }, /bucketName is "Objects"/],
  [{ bucketName: "our-google-bucket" }, /without the word google/],
  [{ bucketName: "objects.example.com" }, /a name with dots needs proof/],
  [{ softDeleteDays: 6 }, /softDeleteDays is 6: allowed is a whole number from 7 to 90 days/],
  [{ softDeleteDays: 91 }, /softDeleteDays is 91/],
  [{ noncurrentDays: 0 }, /noncurrentDays is 0/],
  [{ expireDays: -1 }, /expireDays is -1/],
  [{ encryptionKey: CryptoKey.fromKeyName("key") }, /encryptionKey is "key": allowed is projects/],
  [{ encryptionKey: CryptoKey.fromKeyName(`${KEY}/cryptoKeyVersions/1`) }, /encryptionKey is/],
  [
    { encryptionKey: CryptoKey.fromKeyName(KEY), location: "US" },
    /the key has to be in the bucket's location, us/,
  ],
  [{ deletionPolicy: DeletionPolicy.SNAPSHOT }, /deletionPolicy is "snapshot": a bucket has no snapshots/],
  [{ tags: { Team: "x" } }, /a label's name/],
])("refuses %j", (props, message) => {
  expect(problems(props)).toEqual([expect.stringMatching(message)]);
});

test("takes tokens, and counts days there in seconds", () => {
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
