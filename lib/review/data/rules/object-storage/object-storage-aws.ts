// Read 2026-11. S3 buckets and their settings. Amazon S3 user guide; replacements were planned by the aws provider 5.100.0.

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
import { opensPolicy } from "../../../rules/policies";
import { type Rule, rulesOf } from "../../../rules/rule";

const GUIDE = "https://docs.aws.amazon.com/AmazonS3/latest/userguide/";
const PROVIDER =
  "https://github.com/hashicorp/terraform-provider-aws/blob/v5.100.0/website/docs/r/s3_bucket.html.markdown";
const LIFECYCLE = `${GUIDE}how-to-set-lifecycle-configuration-intro.html`;
const bucket = rulesOf("aws_s3_bucket", PROVIDER);
const versioning = rulesOf("aws_s3_bucket_versioning", `${GUIDE}manage-versioning-examples.html`);
const lifecycle = rulesOf("aws_s3_bucket_lifecycle_configuration", LIFECYCLE);
const replication = rulesOf("aws_s3_bucket_replication_configuration", `${GUIDE}replication.html`);
const publicAccess = rulesOf(
  "aws_s3_bucket_public_access_block",
  `${GUIDE}access-control-block-public-access.html`,
);
const policy = rulesOf("aws_s3_bucket_policy", `${GUIDE}bucket-policies.html`);
const acl = rulesOf("aws_s3_bucket_acl", `${GUIDE}acl-overview.html`);
const encryption = rulesOf(
  "aws_s3_bucket_server_side_encryption_configuration",
  `${GUIDE}bucket-encryption.html`,
);
const PUBLIC_ACCESS = [
  "block_public_acls",
  "block_public_policy",
  "ignore_public_acls",
  "restrict_public_buckets",
];
const DAYS = [
  "rule.expiration.days",
  "rule.noncurrent_version_expiration.noncurrent_days",
  "rule.noncurrent_version_expiration.newer_noncurrent_versions",
];

/** S3 buckets. */
export const OBJECT_STORAGE_AWS_RULES: readonly Rule[] = [
  bucket.when(["destroy", "replace"], {
    id: "S3-BUCKET-EMPTIED",
    where: { force_destroy: true },
    effects: ["data-loss", "irreversible"],
    words:
      "The provider deletes all objects and versions, then the bucket: force_destroy is true in the state.",
  }),
  bucket.when(["destroy", "replace"], {
    id: "S3-BUCKET-NOT-EMPTY",
    where: { force_destroy: [false, null] },
    effects: ["failure"],
    words:
      "S3 deletes a bucket only if it is empty: the apply fails as long as it has objects or versions. An empty one is deleted, and its name may be taken by another account.",
  }),
  bucket.on("force_destroy", enabled, {
    id: "S3-FORCE-DESTROY",
    effects: ["weaker"],
    when: "next destroy",
    words: "The next apply that destroys or replaces the bucket deletes all its objects and versions.",
  }),
  bucket.on("force_destroy", disabled, {
    id: "S3-FORCE-DESTROY-OFF",
    effects: [],
    words: "A bucket with objects is not destroyed.",
  }),
  bucket.harmless("S3-BUCKET-HARMLESS", ["tags", "tags_all", "timeouts"], "No effect on objects."),
  versioning.on("versioning_configuration.status", to("Suspended", "Disabled"), {
    id: "S3-VERSIONING-OFF",
    effects: ["weaker"],
    words:
      "From now on, objects are written without a version, and one of those is gone for good when it is overwritten or deleted. Versions that are there stay. Replication needs versioning.",
  }),
  versioning.when("destroy", {
    id: "S3-VERSIONING-REMOVED",
    effects: ["weaker"],
    words:
      "The provider suspends versioning: from now on, objects are written without a version, and one of those is gone for good when it is overwritten or deleted.",
  }),
  lifecycle.on(DAYS, shrinks, {
    id: "S3-EXPIRY-SHORTER",
    effects: ["data-loss", "irreversible"],
    words:
      "The rule also holds for objects that are there: S3 deletes those that are older than the new limit, from the next daily run on.",
    next: "Count the objects that are older than the new limit before the apply.",
  }),
  lifecycle.on(["rule.expiration", "rule.noncurrent_version_expiration"], set, {
    id: "S3-EXPIRY-ADDED",
    effects: ["data-loss", "irreversible"],
    words:
      "The rule also holds for objects that are there: S3 deletes those that are older than the limit, from the next daily run on.",
    next: "Count the objects that are older than the limit before the apply.",
  }),
  lifecycle.on("rule.status", except(to("Enabled"), set), {
    id: "S3-EXPIRY-ENABLED",
    effects: ["data-loss"],
    certainty: "likely",
    words:
      "The rule holds again, also for objects that are there; if it has an expiration, S3 deletes the older ones.",
  }),
  lifecycle.on("rule.filter", except(changed, set, removed), {
    id: "S3-EXPIRY-OTHER-OBJECTS",
    effects: ["data-loss"],
    certainty: "likely",
    words:
      "The rule holds for other objects than before; if it has an expiration, S3 deletes the older ones among them.",
  }),
  lifecycle.on(DAYS, either(grows, removed), {
    id: "S3-EXPIRY-LONGER",
    effects: ["cost"],
    words: "Objects or versions are kept longer, or for good.",
  }),
  lifecycle.on("rule.abort_incomplete_multipart_upload", removed, {
    id: "S3-UPLOADS-KEPT",
    effects: ["cost"],
    words: "Parts of uploads that were not finished are no longer deleted, and are charged.",
    source: `${GUIDE}mpu-abort-incomplete-mpu-lifecycle-config.html`,
  }),
  lifecycle.on(["rule.transition", "rule.noncurrent_version_transition"], changed, {
    id: "S3-TRANSITION",
    effects: ["cost"],
    words:
      "Objects or versions move to another storage class, at another time or no longer: prices of storage, requests and retrieval change. Objects in S3 Glacier Flexible Retrieval or Deep Archive have to be restored before they can be read.",
    source: `${GUIDE}lifecycle-transition-general-considerations.html`,
  }),
  lifecycle.when("destroy", {
    id: "S3-EXPIRY-REMOVED",
    effects: ["cost"],
    words: "Nothing expires any more: old versions and unfinished uploads stay, and are charged.",
  }),
  replication.when(["destroy", "replace"], {
    id: "S3-REPLICATION-STOPPED",
    effects: ["backup-loss"],
    words: "New objects are no longer copied to the other bucket. Copies that are there stay.",
  }),
  replication.on("rule.status", to("Disabled"), {
    id: "S3-REPLICATION-RULE-OFF",
    effects: ["backup-loss"],
    words: "New objects of this rule are no longer copied to the other bucket.",
  }),
  replication.on("rule", removed, {
    id: "S3-REPLICATION-RULE-REMOVED",
    effects: ["backup-loss"],
    words: "New objects of this rule are no longer copied to the other bucket.",
  }),
  publicAccess.on(PUBLIC_ACCESS, to(false), {
    id: "S3-PUBLIC-ACCESS-NOT-BLOCKED",
    actions: ["create"],
    effects: ["exposure"],
    words:
      "S3 blocks public access to a new bucket by itself; with this argument false, an ACL or bucket policy can make objects public.",
    next: "Set all four arguments to true.",
  }),
  publicAccess.on(PUBLIC_ACCESS, disabled, {
    id: "S3-PUBLIC-ACCESS-ALLOWED",
    effects: ["exposure"],
    words: "S3 no longer blocks public access here: an ACL or bucket policy can make objects public.",
  }),
  publicAccess.when("destroy", {
    id: "S3-PUBLIC-ACCESS-BLOCK-REMOVED",
    effects: ["exposure"],
    words: "S3 no longer blocks public access here: an ACL or bucket policy can make objects public.",
  }),
  policy.on("policy", opensPolicy, {
    id: "S3-POLICY-PUBLIC",
    actions: ["create", "update"],
    effects: ["exposure"],
    words: 'The bucket policy allows an action to every principal (Principal "*") without a condition.',
  }),
  policy.on("policy", except(changed, opensPolicy), {
    id: "S3-POLICY",
    effects: ["outage"],
    certainty: "likely",
    words: "Other principals or actions are allowed: a client that is no longer allowed fails at once.",
  }),
  policy.when("destroy", {
    id: "S3-POLICY-REMOVED",
    effects: ["weaker"],
    certainty: "likely",
    words:
      "What the bucket policy denied is allowed again (such as access without TLS), what it allowed to other accounts fails.",
  }),
  acl.on("acl", to("public-read", "public-read-write", "authenticated-read"), {
    id: "S3-ACL-PUBLIC",
    actions: ["create", "update"],
    effects: ["exposure"],
    words: "The ACL lets everyone, or each AWS account, read the list of objects.",
  }),
  encryption.on(
    [
      "rule.apply_server_side_encryption_by_default.kms_master_key_id",
      "rule.apply_server_side_encryption_by_default.sse_algorithm",
    ],
    changed,
    {
      id: "S3-ENCRYPTION-KEY",
      effects: ["outage"],
      when: "later",
      certainty: "likely",
      words:
        "New objects are encrypted with another key. Old objects keep the old one: it has to stay, and clients need both.",
    },
  ),
  encryption.when("destroy", {
    id: "S3-ENCRYPTION-RESET",
    effects: ["weaker"],
    words: "New objects are encrypted with keys of S3 (SSE-S3) instead of the KMS key.",
  }),
  lifecycle.on("rule.status", except(from("Enabled"), removed), {
    id: "S3-EXPIRY-DISABLED",
    effects: ["cost"],
    words: "The rule no longer holds: its objects and versions stay, and are charged.",
  }),
];
