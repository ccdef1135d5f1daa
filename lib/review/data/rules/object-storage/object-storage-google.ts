// Read 2026-11. Cloud Storage buckets. Google provider 6.50.0 (resource_storage_bucket.go and its page), docs of Object Lifecycle Management.

import {
  changed,
  disabled,
  either,
  enabled,
  except,
  from,
  grows,
  removed,
  set,
  shrinks,
  to,
} from "../../../rules/changes";
import { type Rule, rulesOf } from "../../../rules/rule";

const DOCS = "https://cloud.google.com/storage/docs/";
const PROVIDER =
  "https://github.com/hashicorp/terraform-provider-google/blob/v6.50.0/website/docs/r/storage_bucket.html.markdown";
const bucket = rulesOf("google_storage_bucket", PROVIDER);
const members = rulesOf(
  ["google_storage_bucket_iam_member", "google_storage_bucket_iam_binding"],
  `${DOCS}access-control/iam`,
);
const bindings = rulesOf("google_storage_bucket_iam_binding", `${DOCS}access-control/iam`);
const LIFECYCLE = `${DOCS}lifecycle`;
const AGES = [
  "lifecycle_rule.condition.age",
  "lifecycle_rule.condition.days_since_noncurrent_time",
  "lifecycle_rule.condition.num_newer_versions",
];

/** Cloud Storage buckets. */
export const OBJECT_STORAGE_GOOGLE_RULES: readonly Rule[] = [
  bucket.when(["destroy", "replace"], {
    id: "GCS-BUCKET-EMPTIED",
    where: { force_destroy: true },
    effects: ["data-loss", "irreversible"],
    words: "The provider deletes all objects, then the bucket: force_destroy is true in the state.",
  }),
  bucket.when(["destroy", "replace"], {
    id: "GCS-BUCKET-NOT-EMPTY",
    where: { force_destroy: [false, null] },
    effects: ["failure"],
    words:
      "The provider does not delete a bucket that has objects: the apply fails. An empty one is deleted, and its name may be taken by another project.",
  }),
  bucket.on("retention_policy.is_locked", from(true), {
    id: "GCS-UNLOCK-REPLACES",
    actions: ["replace"],
    effects: ["data-loss", "failure"],
    words:
      "A locked retention policy cannot be unlocked: the provider replaces the bucket, and Cloud Storage refuses while retained objects are in it.",
    source:
      "https://github.com/hashicorp/terraform-provider-google/blob/v6.50.0/google/services/storage/resource_storage_bucket.go",
  }),
  bucket.on("force_destroy", enabled, {
    id: "GCS-FORCE-DESTROY",
    effects: ["weaker"],
    when: "next destroy",
    words: "The next apply that destroys or replaces the bucket deletes all its objects.",
  }),
  bucket.on("force_destroy", disabled, {
    id: "GCS-FORCE-DESTROY-OFF",
    effects: [],
    words: "A bucket with objects is not destroyed.",
  }),
  bucket.on("versioning.enabled", either(disabled, removed), {
    id: "GCS-VERSIONING-OFF",
    effects: ["weaker"],
    words:
      "From now on, an object that is overwritten or deleted is kept by soft delete only, if at all. Versions that are there stay.",
    source: `${DOCS}object-versioning`,
  }),
  bucket.on("versioning.enabled", either(enabled, set), {
    id: "GCS-VERSIONING-ON",
    effects: ["cost"],
    words: "Old versions are kept and charged until a lifecycle rule deletes them.",
    source: `${DOCS}object-versioning`,
  }),
  bucket.on(AGES, shrinks, {
    id: "GCS-EXPIRY-SHORTER",
    effects: ["data-loss", "irreversible"],
    words:
      "The rule also holds for objects that are there: Cloud Storage deletes those that are older than the new limit, within a day or so.",
    next: "Count the objects that are older than the new limit before the apply.",
    source: LIFECYCLE,
  }),
  bucket.on("lifecycle_rule.action.type", to("Delete"), {
    id: "GCS-EXPIRY-ADDED",
    effects: ["data-loss"],
    words:
      "The rule also holds for objects that are there: Cloud Storage deletes those that meet its conditions, within a day or so.",
    source: LIFECYCLE,
    next: "Count the objects that meet its conditions before the apply.",
  }),
  bucket.on("lifecycle_rule.action.type", except(changed, to("Delete"), removed), {
    id: "GCS-CLASS-RULE",
    effects: ["cost"],
    words: "Objects move to another storage class by age, or unfinished uploads are removed.",
    source: LIFECYCLE,
  }),
  bucket.on(
    [
      "lifecycle_rule.condition.created_before",
      "lifecycle_rule.condition.matches_prefix",
      "lifecycle_rule.condition.matches_suffix",
      "lifecycle_rule.condition.with_state",
    ],
    except(changed, set),
    {
      id: "GCS-EXPIRY-OTHER-OBJECTS",
      effects: ["data-loss"],
      certainty: "likely",
      words:
        "The rule holds for other objects than before; if its action is Delete, Cloud Storage deletes those that meet its conditions.",
      source: LIFECYCLE,
    },
  ),
  bucket.on("lifecycle_rule", set, {
    id: "GCS-RULE-ADDED",
    effects: [],
    words: "The effect of a new rule is that of its action.",
    source: LIFECYCLE,
  }),
  bucket.on("lifecycle_rule", removed, {
    id: "GCS-RULE-REMOVED",
    effects: ["cost"],
    words: "Nothing is deleted or moved by this rule any more.",
    source: LIFECYCLE,
  }),
  bucket.on(AGES, grows, {
    id: "GCS-EXPIRY-LONGER",
    effects: ["cost"],
    words: "Objects or versions are kept longer, or for good.",
    source: LIFECYCLE,
  }),
  bucket.on("retention_policy.is_locked", to(true), {
    id: "GCS-RETENTION-LOCKED",
    effects: ["irreversible"],
    words:
      "The retention policy is locked for good: it cannot be shortened or removed, and the bucket cannot be deleted before all objects are old enough.",
  }),
  bucket.on("retention_policy.retention_period", either(shrinks, removed), {
    id: "GCS-RETENTION-SHORTER",
    effects: ["weaker"],
    words: "Objects can be deleted and overwritten earlier than before.",
  }),
  bucket.on("retention_policy.retention_period", either(grows, set), {
    id: "GCS-RETENTION-LONGER",
    effects: ["failure"],
    when: "later",
    words:
      "Nothing in the bucket can be deleted or overwritten before this time: clients that do get an error.",
  }),
  bucket.on("soft_delete_policy.retention_duration_seconds", shrinks, {
    id: "GCS-SOFT-DELETE-SHORTER",
    effects: ["weaker"],
    words: "Deleted objects can be restored for a shorter time; 0 disables soft delete.",
  }),
  bucket.on("soft_delete_policy.retention_duration_seconds", grows, {
    id: "GCS-SOFT-DELETE-LONGER",
    effects: ["cost"],
    words: "Deleted objects are kept longer and charged.",
  }),
  bucket.on("uniform_bucket_level_access", disabled, {
    id: "GCS-ACLS-ON",
    effects: ["exposure"],
    certainty: "likely",
    words: "ACLs of single objects hold again: some of them can be public.",
    source: `${DOCS}uniform-bucket-level-access`,
  }),
  bucket.on("uniform_bucket_level_access", enabled, {
    id: "GCS-ACLS-OFF",
    effects: ["outage"],
    words:
      "ACLs of single objects no longer hold: clients without an IAM role on the bucket fail. After 90 days this cannot be undone.",
    source: `${DOCS}uniform-bucket-level-access`,
  }),
  bucket.on("public_access_prevention", from("enforced"), {
    id: "GCS-PUBLIC-ACCESS-ALLOWED",
    effects: ["exposure"],
    words:
      "Cloud Storage no longer prevents public access to this bucket, unless the organization does: a role for allUsers makes it public.",
  }),
  bucket.on("public_access_prevention", to("enforced"), {
    id: "GCS-PUBLIC-ACCESS-PREVENTED",
    effects: ["outage"],
    words: "Anonymous clients fail.",
  }),
  bucket.on("encryption.default_kms_key_name", changed, {
    id: "GCS-ENCRYPTION-KEY",
    effects: ["outage"],
    when: "later",
    certainty: "likely",
    words: "New objects are encrypted with another key. Old objects keep the old one: it has to stay.",
  }),
  bucket.on(["storage_class", "autoclass"], changed, {
    id: "GCS-STORAGE-CLASS",
    effects: ["cost"],
    words: "New objects have another storage class, with another price.",
  }),
  bucket.on("rpo", from("ASYNC_TURBO"), {
    id: "GCS-TURBO-OFF",
    effects: ["weaker"],
    words:
      "New objects are no longer copied to the second region within 15 minutes: most within an hour, all within 12 hours.",
    source: `${DOCS}availability-durability`,
  }),
  bucket.on("rpo", to("ASYNC_TURBO"), {
    id: "GCS-TURBO-ON",
    effects: ["cost"],
    words: "New objects are copied to the second region within 15 minutes, with another price.",
    source: `${DOCS}availability-durability`,
  }),
  bucket.on("logging", removed, {
    id: "GCS-LOGGING-OFF",
    effects: ["weaker"],
    words: "Usage logs of the bucket are no longer written.",
    source: `${DOCS}access-logs`,
  }),
  bucket.on("default_event_based_hold", enabled, {
    id: "GCS-EVENT-HOLD-ON",
    effects: ["outage"],
    when: "later",
    words:
      "New objects get an event-based hold: until it is released, clients cannot delete or overwrite them.",
    source: `${DOCS}object-holds`,
  }),
  bucket.on("default_event_based_hold", disabled, {
    id: "GCS-EVENT-HOLD-OFF",
    effects: ["weaker"],
    words: "New objects can be deleted and overwritten. Holds on objects that are there stay.",
    source: `${DOCS}object-holds`,
  }),
  bucket.on("requester_pays", enabled, {
    id: "GCS-REQUESTER-PAYS",
    effects: ["outage"],
    words: "Clients that do not name a project to bill fail.",
    source: `${DOCS}requester-pays`,
  }),
  bucket.on("requester_pays", disabled, {
    id: "GCS-OWNER-PAYS",
    effects: ["cost"],
    words: "The project of the bucket pays for the requests and transfers of all clients.",
    source: `${DOCS}requester-pays`,
  }),
  bucket.on("ip_filter.mode", to("Disabled"), {
    id: "GCS-IP-FILTER-OFF",
    effects: ["exposure"],
    words: "Every network may send requests to the bucket; IAM alone decides.",
    source: `${DOCS}ip-filtering-overview`,
  }),
  bucket.on("ip_filter", except(changed, to("Disabled")), {
    id: "GCS-IP-FILTER",
    effects: ["outage", "exposure"],
    certainty: "likely",
    words: "Other networks or service agents than before may send requests to the bucket; all others fail.",
    source: `${DOCS}ip-filtering-overview`,
  }),
  bucket.harmless(
    "GCS-HARMLESS",
    ["labels", "effective_labels", "terraform_labels", "cors", "logging", "timeouts", "website"],
    "No effect on objects.",
  ),
  members.when(["destroy", "replace"], {
    id: "GCS-MEMBER-REMOVED",
    effects: ["outage"],
    words: "The principal loses this role on the bucket, or is without it until the new one is created.",
  }),
  members.when("create", {
    id: "GCS-MEMBER-PUBLIC",
    where: { member: ["allUsers", "allAuthenticatedUsers"] },
    effects: ["exposure"],
    words: "Everyone on the internet, or each Google account, gets this role on the bucket.",
    source: `${DOCS}access-control/iam-permissions`,
  }),
  bindings.on("members", to("allUsers", "allAuthenticatedUsers"), {
    id: "GCS-BINDING-PUBLIC",
    actions: ["create", "update"],
    effects: ["exposure"],
    words: "Everyone on the internet, or each Google account, gets this role on the bucket.",
    source: `${DOCS}access-control/iam-permissions`,
  }),
  bindings.on("members", shrinks, {
    id: "GCS-BINDING-LESS",
    effects: ["outage"],
    words: "Principals that are no longer in the binding lose this role on the bucket.",
  }),
];
