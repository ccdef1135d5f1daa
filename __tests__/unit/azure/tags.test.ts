/** Tags that Azure refuses in the middle of an apply. */
import type { TerraformStack } from "cdktf";
import { AksWorkloadIdentity, BlobStorage, DatabaseNetwork, SecretVault } from "../../../lib/azure";
import { azureNetwork, mysql, postgres } from "../../support/azure-stack";
import { problemsOf } from "../../support/synth";

type Tags = { readonly [name: string]: string };

const found = (tags: Tags, build = (stack: TerraformStack) => void postgres(stack, { tags })) =>
  problemsOf(build).filter((each) => each.includes("tags"));

test.each<[string, Tags, RegExp]>([
  ["a slash", { "team/name": "a" }, /AZURE-POSTGRES-TAGS: tags must have names .*"team\/name"/],
  ["a reserved prefix", { "Azure-cost": "a" }, /do not begin with azure/],
  ["an empty name", { "": "a" }, /\(got ""\)/],
  ["a long name", { ["n".repeat(513)]: "a" }, /1 to 512 characters/],
  ["a long value", { team: "v".repeat(257) }, /AZURE-POSTGRES-TAGS-TEAM: tags.team must be at most 256/],
  [
    "51 tags",
    Object.fromEntries(Array.from({ length: 51 }, (_, i) => [`tag${i}`, "a"])),
    /tags must be at most 50 \(got "51 tags"\)/,
  ],
])("%s is refused", (_, tags, message) => {
  // Once for the server, although its secrets and its lock have the same tags.
  expect(found(tags)).toEqual([expect.stringMatching(message)]);
});

test("tags with spaces, dots and umlauts are taken, and tokens", () => {
  expect(found({ "cost centre": "Zürich: 12", "app.kubernetes.io": "x", owner: "${var.owner}" })).toEqual([]);
});

test.each<[string, (stack: TerraformStack, tags: Tags) => unknown]>([
  ["a MySQL server", (stack, tags) => mysql(stack, { tags })],
  [
    "a network",
    (stack, tags) =>
      new DatabaseNetwork(stack, "network", {
        resourceGroupName: "a",
        location: "westeurope",
        addressSpace: "10.0.0.0/24",
        tags,
      }),
  ],
  ["a vault", (stack, tags) => new SecretVault(stack, "vault", { network: azureNetwork(stack), tags })],
  [
    "a storage account, whose names are shorter",
    (stack) =>
      new BlobStorage(stack, "blobs", { network: azureNetwork(stack), tags: { ["n".repeat(129)]: "a" } }),
  ],
  [
    "an identity",
    (stack, tags) =>
      new AksWorkloadIdentity(stack, "identity", {
        oidcIssuerUrl: "https://issuer.example",
        namespace: "coder",
        serviceAccountName: "coder",
        resourceGroupName: "a",
        location: "westeurope",
        tags,
      }),
  ],
])("%s checks them too", (_, build) => {
  expect(problemsOf((stack) => void build(stack, { "a/b": "c" })).join()).toMatch(
    /-TAGS: tags must have names/,
  );
});
