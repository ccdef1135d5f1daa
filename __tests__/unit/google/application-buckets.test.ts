import { GoogleProvider } from "@cdktf/provider-google/lib/provider";
import type { TerraformStack } from "cdktf";
import { ApplicationBuckets, ArtifactRegistry } from "../../../lib/google";
import { problemsOf, rendered, synthesize } from "../../support/synth";

const MEMBER = "serviceAccount:gitpod@platform.iam.gserviceaccount.com";

function buckets(stack: TerraformStack, prefix = "gitpod-"): ApplicationBuckets {
  new GoogleProvider(stack, "google", { project: "platform" });
  return new ApplicationBuckets(stack, "workspaces", { prefix, location: "EU", project: "platform" });
}

describe("buckets that an application creates", () => {
  const { json, infos } = synthesize((stack) => {
    const made = buckets(stack);
    made.grantReadWriteToMember("gitpod", MEMBER);
    expect(rendered(made.dependables)).toHaveLength(2);
    expect([made.region, made.projectId, made.endpoint]).toEqual([
      "EU",
      "platform",
      "storage.googleapis.com",
    ]);
  });
  const roles = Object.values(json.resource.google_project_iam_custom_role);
  const members = Object.values(json.resource.google_project_iam_member);

  test("can be created in the whole project, which is the role's only permission", () => {
    expect(roles[0]).toMatchObject({ permissions: ["storage.buckets.create"], project: "platform" });
    expect(members[0]).not.toHaveProperty("condition");
  });

  test("are accessible only with the prefix, without permission to delete them or to change their IAM policy", () => {
    const { permissions } = roles[1] as { permissions: string[] };
    expect(permissions).toContain("storage.objects.create");
    expect(permissions.filter((each) => /setIamPolicy|buckets\.(delete|update)/i.test(each))).toEqual([]);
    expect(members[1]).toMatchObject({
      member: MEMBER,
      condition: { expression: 'resource.name.startsWith("projects/_/buckets/gitpod-")' },
    });
  });

  test("are recorded as an opt-out", () => {
    expect(infos).toEqual([
      {
        path: "workspaces",
        message: expect.stringMatching(
          /^opt-out: GCS-APPLICATION-BUCKETS: ApplicationBuckets: .* create buckets/,
        ),
      },
    ]);
  });

  test.each(["", "Gitpod", "a b", "-gitpod"])("refuse the prefix %j", (prefix) => {
    expect(problemsOf((stack) => void buckets(stack, prefix))).toEqual([
      expect.stringMatching(/GCS-PREFIX: prefix must be 3 to 40/),
    ]);
  });
});

test("a registry accepts members that are no identities of a cluster", () => {
  const { resource } = synthesize((stack) => {
    new GoogleProvider(stack, "google", { project: "platform" });
    new ArtifactRegistry(stack, "images", { location: "europe-west1" }).grantPushToMember("gitpod", MEMBER);
  });
  expect(resource("google_artifact_registry_repository_iam_member")).toMatchObject({
    member: MEMBER,
    role: "roles/artifactregistry.writer",
  });
});
