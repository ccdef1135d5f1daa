import { GoogleProvider } from "@cdktf/provider-google/lib/provider";
import type { TerraformStack } from "cdktf";
import { StoredSecret } from "../../../lib/google";
import { problemsOf, synthesize } from "../../support/synth";

const secretId = "projects/platform-data/secrets/postgres-coder";
const NEWER = "terraform.required_providers.google.version";
const provider = (stack: TerraformStack) => new GoogleProvider(stack, "google", { project: "platform" });

test("is read as an ephemeral value", () => {
  const { json, ephemeral } = synthesize((stack) => {
    provider(stack);
    stack.addOverride(NEWER, "~> 7.6");
    const { value } = new StoredSecret(stack, "password", { secretId, version: 4 });
    expect([value.version, value.changesEachRun]).toEqual([4, false]);
  });
  expect(json.resource).toBeUndefined();
  expect(ephemeral("google_secret_manager_secret_version")).toEqual({ secret: secretId, version: "latest" });
});

test("is refused with a provider that has no such ephemeral resource, with the ways out", () => {
  const problems = problemsOf((stack) => {
    provider(stack);
    new StoredSecret(stack, "password", { secretId });
  });
  expect(problems).toEqual([
    expect.stringMatching(
      /^\[password\] SECRET-MANAGER-PROVIDER: provider must be 7\.6\.0 or later .*"google 6\.\d+\.\d+".*addOverride.*fromVariable/,
    ),
  ]);
});

test.each(["postgres-coder", "projects/platform/secrets/a b", "projects/platform/secrets/a/versions/1"])(
  "refuses the name %s",
  (name) => {
    const problems = problemsOf((stack) => {
      stack.addOverride(NEWER, "~> 7.6");
      new StoredSecret(stack, "password", { secretId: name });
    });
    expect(problems).toEqual([
      expect.stringContaining("SECRET-MANAGER-SECRET-ID: secretId must be a resource name such as projects/"),
    ]);
  },
);
