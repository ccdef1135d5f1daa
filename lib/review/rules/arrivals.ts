// Effects of resources that are new in a plan, on what was there before them.

import { differencesOf, pairsAt, rootOf } from "../plan/differences";
import { plainAddress } from "../plan/references";
import { entry } from "../plan/values";
import type { SecondOrder, WholePlan } from "./second-order";

/** Arguments by which a lifecycle resource deletes, and the argument that names its container. */
const LIFECYCLES: {
  readonly [type: string]: { readonly of: string; readonly paths: readonly string[] } | undefined;
} = {
  aws_s3_bucket_lifecycle_configuration: {
    of: "bucket",
    paths: [
      "rule.expiration.days",
      "rule.expiration.date",
      "rule.noncurrent_version_expiration.noncurrent_days",
    ],
  },
  aws_ecr_lifecycle_policy: { of: "repository", paths: ["policy"] },
  azurerm_storage_management_policy: {
    of: "storage_account_id",
    paths: [
      "rule.actions.base_blob.delete_after_days_since_creation_greater_than",
      "rule.actions.base_blob.delete_after_days_since_last_access_time_greater_than",
      "rule.actions.base_blob.delete_after_days_since_modification_greater_than",
      "rule.actions.version.delete_after_days_since_creation",
    ],
  },
};

/** A new lifecycle also holds for objects that are in a bucket already. */
export function newLifecycles({ changes, configuration }: WholePlan): SecondOrder[] {
  const created = changes.filter(({ action }) =>
    ["create", "replace", "replace-and-forget"].includes(action),
  );
  const isNew = new Set(created.map(({ address }) => plainAddress(address)));
  return created.flatMap((planned) => {
    const lifecycle = entry(LIFECYCLES, planned.type);
    if (planned.action !== "create" || lifecycle === undefined) return [];
    const root = rootOf(planned.change);
    const names = pairsAt(root, lifecycle.of).map(({ after }) => after);
    const isOfNew =
      configuration.usedBy(planned.address).some((each) => isNew.has(each)) ||
      created.some((each) =>
        ["bucket", "name", "id"].some((name) =>
          pairsAt(rootOf(each.change), name).some(
            ({ after }) => each !== planned && after !== undefined && names.includes(after),
          ),
        ),
      );
    const isDeleting = lifecycle.paths.some((path) =>
      pairsAt(root, path).some(({ after, unknown }) => unknown || (after !== undefined && after !== 0)),
    );
    if (isOfNew || !isDeleting) return [];
    return [
      {
        rule: "LIFECYCLE-ON-EXISTING",
        of: planned,
        effects: ["data-loss", "irreversible"],
        when: "now",
        words:
          "The lifecycle is new and what it belongs to is not: it also holds for the objects, blobs or images that are there, and those that are older than its limits are deleted within a day or so.",
        next: "Count what is older than the limits before the apply.",
        source:
          "https://docs.aws.amazon.com/AmazonS3/latest/userguide/how-to-set-lifecycle-configuration-intro.html",
      } as const,
    ];
  });
}

/** Arguments of the provider alone, which no import knows, and tags: their change overwrites no setting. */
const OF_PROVIDER =
  /^(tags|tags_all|labels|terraform_labels|effective_labels|timeouts|apply_immediately|skip_final_snapshot|final_snapshot_identifier|delete_automated_backups|force_destroy|deletion_policy)(\.|$)/;

/** An import and a change in one apply: the program wins over what was set outside Terraform. */
export function changedImports({ changes }: WholePlan): SecondOrder[] {
  return changes
    .filter(({ importing, action }) => importing && action === "update")
    .filter(({ change }) => differencesOf(rootOf(change)).some(({ path }) => !OF_PROVIDER.test(path)))
    .map((planned) => ({
      rule: "IMPORT-CHANGES",
      of: planned,
      effects: ["weaker"],
      when: "now",
      words:
        "The resource is imported and changed in the same apply: settings that were made outside Terraform are overwritten by those of the program.",
      next: "Adapt the program until the import changes nothing, then change it in a second apply.",
      certainty: "likely",
      source: "https://developer.hashicorp.com/terraform/language/import",
    }));
}
