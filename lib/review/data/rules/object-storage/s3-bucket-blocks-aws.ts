// Read 2026-11. Deprecated arguments of aws_s3_bucket; each has a resource of its kind today, with the rules of `object-storage-aws.ts` and
// `object-lock.ts`. https://github.com/hashicorp/terraform-provider-aws/blob/v5.100.0/website/docs/r/s3_bucket.html.markdown

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
const LIFECYCLE = `${GUIDE}how-to-set-lifecycle-configuration-intro.html`;
const bucket = rulesOf(
  "aws_s3_bucket",
  "https://github.com/hashicorp/terraform-provider-aws/blob/v5.100.0/website/docs/r/s3_bucket.html.markdown",
);
const PUBLIC_ACLS = ["public-read", "public-read-write", "authenticated-read", "website"];
const DAYS = ["lifecycle_rule.expiration.days", "lifecycle_rule.noncurrent_version_expiration.days"];
const LOCK = "object_lock_configuration.rule.default_retention";

/** Deprecated arguments of S3 buckets. */
export const S3_BUCKET_BLOCK_RULES: readonly Rule[] = [
  bucket.on("acl", to(...PUBLIC_ACLS), {
    id: "S3-BUCKET-ACL-PUBLIC",
    effects: ["exposure"],
    words: "The ACL lets everyone, or each AWS account, read the list of objects.",
    source: `${GUIDE}acl-overview.html`,
  }),
  bucket.on(["acl", "grant"], except(changed, to(...PUBLIC_ACLS)), {
    id: "S3-BUCKET-GRANTS",
    effects: ["exposure", "outage"],
    certainty: "likely",
    words: "Other accounts or groups than before have access by the ACL of the bucket.",
    source: `${GUIDE}acl-overview.html`,
  }),
  bucket.on("policy", opensPolicy, {
    id: "S3-BUCKET-POLICY-PUBLIC",
    effects: ["exposure"],
    words: 'The bucket policy allows an action to every principal (Principal "*") without a condition.',
    source: `${GUIDE}bucket-policies.html`,
  }),
  bucket.on("policy", except(changed, opensPolicy), {
    id: "S3-BUCKET-POLICY",
    effects: ["outage", "exposure"],
    certainty: "likely",
    words:
      "Other principals or actions are allowed or denied: a client that is no longer allowed fails at once.",
    source: `${GUIDE}bucket-policies.html`,
  }),
  bucket.on("versioning.enabled", disabled, {
    id: "S3-BUCKET-VERSIONING-OFF",
    effects: ["weaker"],
    words:
      "From now on, objects are written without a version, and one of those is gone for good when it is overwritten or deleted. Versions that are there stay.",
    source: `${GUIDE}manage-versioning-examples.html`,
  }),
  bucket.on("versioning.enabled", enabled, {
    id: "S3-BUCKET-VERSIONING-ON",
    effects: ["cost"],
    words: "Old versions are kept and charged until a lifecycle rule deletes them.",
    source: `${GUIDE}manage-versioning-examples.html`,
  }),
  bucket.on("versioning.mfa_delete", changed, {
    id: "S3-BUCKET-MFA-DELETE",
    effects: ["weaker"],
    certainty: "likely",
    words:
      "MFA delete decides whether a version can be deleted without a second factor. The provider cannot switch it: S3 wants the code of the root user's device.",
    source: `${GUIDE}MultiFactorAuthenticationDelete.html`,
  }),
  bucket.on(DAYS, shrinks, {
    id: "S3-BUCKET-EXPIRY-SHORTER",
    effects: ["data-loss", "irreversible"],
    words:
      "The rule also holds for objects that are there: S3 deletes those that are older than the new limit, from the next daily run on.",
    next: "Count the objects that are older than the new limit before the apply.",
    source: LIFECYCLE,
  }),
  bucket.on([...DAYS, "lifecycle_rule.expiration.date"], set, {
    id: "S3-BUCKET-EXPIRY-ADDED",
    effects: ["data-loss", "irreversible"],
    words:
      "The rule also holds for objects that are there: S3 deletes those that are older than the limit, from the next daily run on.",
    next: "Count the objects that are older than the limit before the apply.",
    source: LIFECYCLE,
  }),
  bucket.on(DAYS, either(grows, removed), {
    id: "S3-BUCKET-EXPIRY-LONGER",
    effects: ["cost"],
    words: "Objects or versions are kept longer, or for good.",
    source: LIFECYCLE,
  }),
  bucket.on("lifecycle_rule.enabled", except(enabled, set), {
    id: "S3-BUCKET-EXPIRY-ENABLED",
    effects: ["data-loss"],
    certainty: "likely",
    words:
      "The rule holds again, also for objects that are there; if it has an expiration, S3 deletes the older ones.",
    source: LIFECYCLE,
  }),
  bucket.on(["lifecycle_rule.prefix", "lifecycle_rule.tags"], except(changed, set), {
    id: "S3-BUCKET-EXPIRY-OTHER-OBJECTS",
    effects: ["data-loss"],
    certainty: "likely",
    words:
      "The rule holds for other objects than before; if it has an expiration, S3 deletes the older ones among them.",
    source: LIFECYCLE,
  }),
  bucket.on("lifecycle_rule", changed, {
    id: "S3-BUCKET-LIFECYCLE",
    effects: ["cost"],
    words: "Objects move to another storage class at another time, or unfinished uploads stay longer.",
    source: LIFECYCLE,
  }),
  bucket.on("replication_configuration", changed, {
    id: "S3-BUCKET-REPLICATION",
    effects: ["backup-loss"],
    certainty: "likely",
    words:
      "New objects are copied by other rules than before, to another place, or no longer. Copies that are there stay.",
    source: `${GUIDE}replication.html`,
  }),
  bucket.on("server_side_encryption_configuration", changed, {
    id: "S3-BUCKET-ENCRYPTION-KEY",
    effects: ["outage"],
    when: "later",
    certainty: "likely",
    words:
      "New objects are encrypted with another key. Old objects keep the old one: it has to stay, and clients need both.",
    source: `${GUIDE}bucket-encryption.html`,
  }),
  bucket.on([`${LOCK}.days`, `${LOCK}.years`], either(shrinks, removed), {
    id: "S3-BUCKET-LOCK-SHORTER",
    effects: ["weaker"],
    words:
      "Object versions that are written from now on are locked for a shorter time by default, or not at all. Versions that are there keep the lock they got.",
    source: `${GUIDE}object-lock.html`,
  }),
  bucket.on(`${LOCK}.mode`, from("COMPLIANCE"), {
    id: "S3-BUCKET-LOCK-GOVERNANCE",
    effects: ["weaker"],
    words:
      "Object versions that are written from now on can be deleted within their retention period by identities with s3:BypassGovernanceRetention.",
    source: `${GUIDE}object-lock.html`,
  }),
  bucket.on("object_lock_configuration", changed, {
    id: "S3-BUCKET-LOCK",
    effects: ["cost"],
    certainty: "likely",
    words: "Object versions that are written from now on are locked in another way by default.",
    source: `${GUIDE}object-lock.html`,
  }),
  bucket.on("request_payer", to("Requester"), {
    id: "S3-BUCKET-REQUESTER-PAYS",
    effects: ["outage"],
    words: "Clients of other accounts that do not confirm to pay, and anonymous ones, fail.",
    source: `${GUIDE}RequesterPaysBuckets.html`,
  }),
  bucket.on("request_payer", from("Requester"), {
    id: "S3-BUCKET-OWNER-PAYS",
    effects: ["cost"],
    words: "The account of the bucket pays for the requests and transfers of all clients.",
    source: `${GUIDE}RequesterPaysBuckets.html`,
  }),
  bucket.on("acceleration_status", to("Suspended"), {
    id: "S3-BUCKET-ACCELERATION-OFF",
    effects: ["outage"],
    words: "Clients that use the accelerate endpoint fail.",
    source: `${GUIDE}transfer-acceleration.html`,
  }),
  bucket.on("acceleration_status", to("Enabled"), {
    id: "S3-BUCKET-ACCELERATION-ON",
    effects: ["cost"],
    words: "Transfers over the accelerate endpoint have their own price.",
    source: `${GUIDE}transfer-acceleration.html`,
  }),
  bucket.on("logging.target_bucket", changed, {
    id: "S3-BUCKET-LOGGING",
    effects: ["weaker"],
    certainty: "likely",
    words: "Server access logs are written to another bucket: what reads them has to follow.",
    source: `${GUIDE}ServerLogs.html`,
  }),
  bucket.on("website", set, {
    id: "S3-BUCKET-WEBSITE-ON",
    effects: ["exposure"],
    certainty: "likely",
    words: "A website endpoint without TLS serves the objects that the bucket policy or ACLs make public.",
    source: `${GUIDE}WebsiteHosting.html`,
  }),
  bucket.harmless(
    "S3-BUCKET-BLOCKS-HARMLESS",
    ["cors_rule", "logging", "website"],
    "No effect on stored objects; a website or browser may be answered differently.",
  ),
];
