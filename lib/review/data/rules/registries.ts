// Read 2026-11. Image registries of the clouds. ECR API reference; pages of google 6.50.0 and azurerm 4.55.0.

import {
  changed,
  disabled,
  either,
  enabled,
  except,
  grows,
  removed,
  set,
  shrinks,
  to,
} from "../../rules/changes";
import { type Rule, rulesOf } from "../../rules/rule";

const ecr = rulesOf(
  "aws_ecr_repository",
  "https://docs.aws.amazon.com/AmazonECR/latest/APIReference/API_DeleteRepository.html",
);
const ecrLifecycle = rulesOf(
  "aws_ecr_lifecycle_policy",
  "https://docs.aws.amazon.com/AmazonECR/latest/userguide/LifecyclePolicies.html",
);
const artifacts = rulesOf(
  "google_artifact_registry_repository",
  "https://github.com/hashicorp/terraform-provider-google/blob/v6.50.0/website/docs/r/artifact_registry_repository.html.markdown",
);
const members = rulesOf(
  "google_artifact_registry_repository_iam_member",
  "https://cloud.google.com/artifact-registry/docs/access-control",
);
const acr = rulesOf(
  "azurerm_container_registry",
  "https://github.com/hashicorp/terraform-provider-azurerm/blob/v4.55.0/website/docs/r/container_registry.html.markdown",
);
const GONE = "Images are pulled and built anew: workspaces start slowly or not at all until then.";

/** Image registries. */
export const REGISTRY_RULES: readonly Rule[] = [
  ecr.when(["destroy", "replace"], {
    id: "ECR-EMPTIED",
    where: { force_delete: true },
    effects: ["data-loss"],
    words: `ECR deletes the repository with its images: force_delete is true in the state. ${GONE}`,
  }),
  ecr.when(["destroy", "replace"], {
    id: "ECR-NOT-EMPTY",
    where: { force_delete: [false, null] },
    effects: ["failure"],
    words: "ECR does not delete a repository that has images: the apply fails.",
  }),
  ecr.on("force_delete", enabled, {
    id: "ECR-FORCE-DELETE",
    effects: ["weaker"],
    when: "next destroy",
    words: "The next apply that destroys or replaces the repository deletes its images.",
  }),
  ecr.on("image_tag_mutability", to("MUTABLE", undefined), {
    id: "ECR-TAGS-MUTABLE",
    effects: ["weaker"],
    words: "A tag can be moved to another image: what runs under a tag can change.",
  }),
  ecr.harmless(
    "ECR-HARMLESS",
    ["tags", "tags_all", "timeouts", "image_scanning_configuration"],
    "No effect on images.",
  ),
  ecrLifecycle.on("policy", changed, {
    id: "ECR-LIFECYCLE",
    actions: ["update", "replace"],
    effects: ["data-loss"],
    certainty: "likely",
    words: "The policy also holds for images that are there: ECR deletes those that match, within a day.",
    next: "Preview it with aws ecr start-lifecycle-policy-preview.",
  }),
  artifacts.when(["destroy", "replace"], {
    id: "ARTIFACTS-DELETED",
    effects: ["data-loss"],
    words: `Artifact Registry deletes the repository with its images. ${GONE}`,
  }),
  artifacts.on("cleanup_policies", except(changed, removed), {
    id: "ARTIFACTS-CLEANUP",
    effects: ["data-loss"],
    certainty: "likely",
    words:
      "Cleanup policies also hold for images that are there: those that match are deleted within a day, unless cleanup_policy_dry_run is on.",
  }),
  artifacts.on("cleanup_policies", removed, {
    id: "ARTIFACTS-CLEANUP-LESS",
    effects: ["cost"],
    words: "Images that this policy deleted are kept.",
  }),
  artifacts.on("cleanup_policy_dry_run", disabled, {
    id: "ARTIFACTS-CLEANUP-ON",
    effects: ["data-loss"],
    words: "Cleanup policies delete images from now on instead of only logging them.",
  }),
  artifacts.on("cleanup_policy_dry_run", enabled, {
    id: "ARTIFACTS-CLEANUP-OFF",
    effects: ["cost"],
    words: "Cleanup policies only log what they would delete: images are kept and charged.",
  }),
  artifacts.on("docker_config.immutable_tags", enabled, {
    id: "ARTIFACTS-TAGS-IMMUTABLE",
    effects: ["failure"],
    when: "later",
    words: "A tag cannot be moved to another image or deleted: a push under a tag that exists fails.",
  }),
  artifacts.on("docker_config.immutable_tags", disabled, {
    id: "ARTIFACTS-TAGS-MUTABLE",
    effects: ["weaker"],
    words: "A tag can be moved to another image: what runs under a tag can change.",
  }),
  artifacts.harmless(
    "ARTIFACTS-HARMLESS",
    [
      "labels",
      "effective_labels",
      "terraform_labels",
      "description",
      "timeouts",
      "vulnerability_scanning_config",
    ],
    "No effect on images.",
  ),
  members.when(["destroy", "replace"], {
    id: "ARTIFACTS-MEMBER-REMOVED",
    effects: ["outage"],
    words:
      "The principal loses this role on the repository, or is without it until the new one is created: pulls or pushes fail.",
  }),
  acr.when(["destroy", "replace"], {
    id: "ACR-DELETED",
    effects: ["data-loss"],
    words: `Azure deletes the registry with its images. ${GONE}`,
  }),
  acr.on("sku", changed, {
    id: "ACR-SKU",
    effects: ["cost", "failure"],
    certainty: "likely",
    words:
      "Another price. Private endpoints, geo-replication and retention need Premium: Azure refuses a smaller one while they exist.",
  }),
  acr.on("admin_enabled", enabled, {
    id: "ACR-ADMIN-ON",
    effects: ["weaker"],
    words: "The admin user can push and pull everything with a password, without an identity.",
  }),
  acr.on("admin_enabled", disabled, {
    id: "ACR-ADMIN-OFF",
    effects: ["outage"],
    words: "Clients with the password of the admin user fail.",
  }),
  acr.on("data_endpoint_enabled", changed, {
    id: "ACR-DATA-ENDPOINT",
    effects: ["outage"],
    certainty: "likely",
    words:
      "Layers come from other host names: with dedicated data endpoints <registry>.<region>.data.azurecr.io, without them *.blob.core.windows.net. Firewalls of clients must allow them.",
    source:
      "https://learn.microsoft.com/azure/container-registry/container-registry-dedicated-data-endpoints",
  }),
  acr.on("anonymous_pull_enabled", enabled, {
    id: "ACR-ANONYMOUS",
    actions: ["create", "update"],
    effects: ["exposure"],
    words: "Everyone who reaches the registry can pull all images.",
  }),
  acr.on("export_policy_enabled", enabled, {
    id: "ACR-EXPORT-ON",
    effects: ["weaker"],
    words: "Images may be imported into other registries, and export pipelines may copy them out.",
    source: "https://learn.microsoft.com/azure/container-registry/data-loss-prevention",
  }),
  acr.on("export_policy_enabled", disabled, {
    id: "ACR-EXPORT-OFF",
    effects: ["outage", "failure"],
    certainty: "likely",
    words:
      "Imports into other registries from this one fail. Azure refuses the change while the registry has export pipelines or public network access.",
    source: "https://learn.microsoft.com/azure/container-registry/data-loss-prevention",
  }),
  acr.on("public_network_access_enabled", enabled, {
    id: "ACR-PUBLIC",
    effects: ["exposure"],
    words: "The registry accepts connections from the internet.",
  }),
  acr.on("public_network_access_enabled", disabled, {
    id: "ACR-PRIVATE",
    effects: ["outage"],
    words: "Clients without a private endpoint fail.",
  }),
  acr.on("retention_policy_in_days", except(either(shrinks, set), grows), {
    id: "ACR-RETENTION",
    effects: ["data-loss"],
    words: "Untagged manifests are deleted earlier.",
  }),
  acr.on("georeplications", removed, {
    id: "ACR-REPLICA-REMOVED",
    effects: ["weaker"],
    words: "The replica in this region is deleted: pulls there go to another region.",
  }),
  acr.harmless("ACR-HARMLESS", ["tags", "timeouts"], "No effect on images."),
];
