import { ref, Token } from "cdktf";
import { Cloud, DeletionPolicy, RecoveryScenario } from "../../../lib/database";
import {
  ArtifactRegistry,
  type ArtifactRegistryProps,
  CryptoKey,
  GkeWorkloadIdentity,
} from "../../../lib/google";
import { problemsOf, rendered, synthesize } from "../../support/synth";
import { bareIdentity } from "../storage/fixture";

const LOCATION = "europe-west1";
const KEY = `projects/keys/locations/${LOCATION}/keyRings/r/cryptoKeys/k`;

const build = (props: Partial<ArtifactRegistryProps> = {}) => {
  let registry: ArtifactRegistry | undefined;
  const out = synthesize((stack) => {
    registry = new ArtifactRegistry(stack, "images", { location: LOCATION, ...props });
  });
  return {
    ...out,
    registry: registry as ArtifactRegistry,
    made: out.resource("google_artifact_registry_repository"),
  };
};

test("a registry with defaults is a retained Docker repository without cleanup policies", () => {
  const { made, registry, infos } = build();
  expect(made).toEqual({
    repository_id: "test-images",
    location: LOCATION,
    format: "DOCKER",
    mode: "STANDARD_REPOSITORY",
    description: "test/images",
    docker_config: { immutable_tags: false },
    cleanup_policy_dry_run: false,
    lifecycle: { prevent_destroy: true },
  });
  expect(registry).toMatchObject({ cloud: Cloud.GOOGLE, server: "europe-west1-docker.pkg.dev" });
  expect(rendered(registry.dependables)).toEqual([registry.resource]);
  expect(infos).toEqual([]);
});

test.each([
  ["platform", "platform"],
  ["example.com:platform", "example.com/platform"],
  ["${var.project}", '${replace(var.project, ":", "/")}'],
])("images of the project %s have the path %s", (project, path) => {
  const { json } = synthesize((stack) => {
    const { url } = new ArtifactRegistry(stack, "images", { location: LOCATION, project });
    stack.addOverride("output", { url: { value: url } });
  });
  expect(json.output.url.value).toBe(
    `europe-west1-docker.pkg.dev/${path}/\${google_artifact_registry_repository.images_9BF4DCD5.repository_id}`,
  );
});

test("cleanup policies, encryption key and immutable tags", () => {
  const { made, resource } = build({
    deleteUntaggedAfterDays: 30,
    keepNewest: 10,
    immutableTags: true,
    encryptionKey: CryptoKey.fromKeyName(KEY),
    deletionPolicy: DeletionPolicy.DELETE,
  });
  expect(made).toMatchObject({
    cleanup_policies: [
      {
        id: "delete-untagged",
        action: "DELETE",
        condition: { tag_state: "UNTAGGED", older_than: "2592000s" },
      },
      { id: "keep-newest", action: "KEEP", most_recent_versions: { keep_count: 10 } },
    ],
    docker_config: { immutable_tags: true },
    kms_key_name: KEY,
    depends_on: [expect.stringMatching(/^google_kms_crypto_key_iam_member/)],
  });
  expect(made).not.toHaveProperty("lifecycle");
  expect(resource("google_kms_crypto_key_iam_member").member).toMatch(
    /^serviceAccount:service-\$\{.*\}@gcp-sa-artifactregistry\.iam\.gserviceaccount\.com$/,
  );
});

test.each([
  [false, "roles/artifactregistry.writer"],
  [true, "roles/artifactregistry.repoAdmin"],
])("grantPush with allowDelete %s grants %s in this repository, once", (allowDelete, role) => {
  const { resource } = synthesize((stack) => {
    const registry = new ArtifactRegistry(stack, "images", { location: LOCATION, allowDelete });
    const who = { namespace: "gitpod", serviceAccountName: "server", project: "platform" };
    const identity = new GkeWorkloadIdentity(stack, "identity", who);
    registry.grantPush(identity);
    registry.grantPush(identity);
    expect(rendered(registry.dependables)).toHaveLength(2);
  });
  expect(resource("google_artifact_registry_repository_iam_member")).toMatchObject({
    repository: "${google_artifact_registry_repository.images_9BF4DCD5.name}",
    role,
    member: "serviceAccount:${google_service_account.identity_0C5EE28D.email}",
  });
});

test.each([
  [bareIdentity(Cloud.AWS), /grantPush: identity.cloud .*"aws"/],
  [bareIdentity(Cloud.GOOGLE), /grantPush: identity .*"server".*GkeWorkloadIdentity/],
])("refuses an identity that cannot push", (identity, message) => {
  const found = problemsOf((stack) => {
    new ArtifactRegistry(stack, "images", { location: LOCATION }).grantPush(identity);
  });
  expect(found).toEqual([expect.stringMatching(message)]);
});

test.each<[Partial<ArtifactRegistryProps>, RegExp]>([
  [
    { location: "EU" },
    /ARTIFACT-REGISTRY-LOCATION: location must be a region such as europe-west1, or europe/,
  ],
  [{ repositoryId: "Images" }, /ARTIFACT-REGISTRY-REPOSITORY-ID: repositoryId must be .*"Images"/],
  [{ deleteUntaggedAfterDays: 0 }, /ARTIFACT-REGISTRY-DELETE-UNTAGGED-AFTER-DAYS: deleteUntaggedAfterDays /],
  [{ deleteUntaggedAfterDays: 1, keepNewest: 0 }, /ARTIFACT-REGISTRY-KEEP-NEWEST: keepNewest /],
  [
    { keepNewest: 5 },
    /ARTIFACT-REGISTRY-KEEP-NEWEST: keepNewest must be left out without deleteUntaggedAfterDays/,
  ],
  [
    { encryptionKey: CryptoKey.fromKeyName("k") },
    /ARTIFACT-REGISTRY-ENCRYPTION-KEY: encryptionKey must be projects.*"k"/,
  ],
  [
    { encryptionKey: CryptoKey.fromKeyName(KEY), location: "us" },
    /ARTIFACT-REGISTRY-ENCRYPTION-KEY-LOCATION: encryptionKey must be in the location of the repository, us /,
  ],
  [
    { deletionPolicy: DeletionPolicy.SNAPSHOT },
    /ARTIFACT-REGISTRY-DELETION-POLICY: deletionPolicy must be retain or delete/,
  ],
])("refuses %j", (props, message) => {
  expect(
    problemsOf((stack) => void new ArtifactRegistry(stack, "images", { location: LOCATION, ...props })),
  ).toEqual([expect.stringMatching(message)]);
});

test("accepts tokens", () => {
  const days = Token.asNumber(ref("var.days"));
  const { made } = build({
    location: "${var.location}",
    repositoryId: "${var.id}",
    deleteUntaggedAfterDays: days,
    keepNewest: days,
    encryptionKey: CryptoKey.fromKeyName("${var.key}"),
  });
  expect(made.cleanup_policies[0].condition.older_than).toBe("${(var.days * 86400)}s");
});

describe("the protection of images", () => {
  test("a multi-region goes on without one of its regions", () => {
    const { protections } = build({ location: "europe", deleteUntaggedAfterDays: 30 }).registry;
    expect(protections).toHaveLength(1);
    const [protection] = protections;
    expect(protection?.procedures.flatMap(({ scenarios }) => scenarios)).toEqual([
      RecoveryScenario.LOST_REGION,
    ]);
    const limits = protection?.limits?.join(" ");
    expect(limits).toContain("or whose tag is pushed again");
    expect(limits).toContain("deletes images 30 days after their upload");
    // Nothing brings a deleted image back: Artifact Registry has no versions.
    expect(JSON.stringify(protections)).not.toContain(RecoveryScenario.DELETED_OBJECTS);
  });

  test("immutable tags keep tagged images from being deleted, and bring none back", () => {
    const { protections } = build({ location: "us", immutableTags: true }).registry;
    expect(protections[0]?.limits?.join(" ")).toContain("immutable tags refuse that");
  });

  test.each(["europe-west1", "${var.location}"])("in %s nothing protects them", (location) => {
    expect(build({ location }).registry.protections).toEqual([]);
  });
});
