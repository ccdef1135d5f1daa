// Buckets of S3 in a state, as `S3Bucket`. The settings of a bucket are separate resources, or blocks of older states.

import type { AdoptedConstruct, AdoptedResource } from "../adopted-construct";
import { call, type Expression, imported, literal, optional } from "../program/expression";
import type { Names } from "../program/names";
import { isEmpty, type Members } from "../state/members";
import { block, blocks, type StateResource, tagsOf, text } from "../state/state-resource";
import { type AwsSurroundings, regionOf } from "./surroundings";

const AWS = "cdktf-devplatforms/aws";

/** Resources of a bucket: path in the construct, resource type, and the effect of creating it where it is not there. */
const PARTS: readonly (readonly [path: string, type: string, effect: string])[] = [
  [
    "PublicAccessBlock",
    "aws_s3_bucket_public_access_block",
    "Public ACLs and policies of the bucket stop working at once.",
  ],
  [
    "Policy",
    "aws_s3_bucket_policy",
    "Requests without TLS are denied at once; it replaces a policy that the input does not show.",
  ],
  [
    "Ownership",
    "aws_s3_bucket_ownership_controls",
    "ACLs of the bucket and its objects stop working at once.",
  ],
  [
    "Lifecycle",
    "aws_s3_bucket_lifecycle_configuration",
    "Noncurrent versions of objects older than 30 days are deleted within days, for good; it replaces rules that the input does not show.",
  ],
];

/** A bucket. */
export function bucketConstruct(
  bucket: StateResource,
  resources: readonly StateResource[],
  around: AwsSurroundings,
  names: Names,
): AdoptedConstruct {
  const name = String(bucket.values.bucket ?? bucket.values.id);
  const { id, constant } = names.of(name);
  const part = (type: string) => resources.find((each) => each.type === type && each.values.bucket === name);
  const versioning = part("aws_s3_bucket_versioning");
  const status = block(versioning?.values, "versioning_configuration").status;
  const versioned = versioning ? status === "Enabled" : block(bucket.values, "versioning").enabled === true;
  const encryption = part("aws_s3_bucket_server_side_encryption_configuration");
  const rule = encryptionRule(encryption, bucket);
  const key = rule.kms_master_key_id;
  const lock = part("aws_s3_bucket_object_lock_configuration");
  const retention = block(block(lock?.values, "rule"), "default_retention");
  const logging = part("aws_s3_bucket_logging");
  const notes: string[] = [];
  const known = new Set(["aws_s3_bucket_versioning", "aws_s3_bucket_server_side_encryption_configuration"]);
  const found: AdoptedResource[] = [
    { path: "Resource", id: name, state: bucket, harmless: ["force_destroy"] },
  ];
  if (versioned)
    found.push({
      path: "Versioning",
      id: versioning ? String(versioning.values.id) : name,
      state: versioning,
      assumed: { bucket: name, versioning_configuration: [{ status: "Enabled" }] },
    });
  else if (status === "Suspended")
    notes.push(
      "versioning Suspended: the construct has no such state; with versioned: false versioning is not in the program and stays suspended.",
    );
  const absent: { [path: string]: string } = {};
  if (encryption) found.push({ path: "Encryption", id: String(encryption.values.id), state: encryption });
  else absent.Encryption = "Writes the encryption that the bucket has by default; objects stay as they are.";
  for (const [path, type, effect] of PARTS) {
    const state = part(type);
    known.add(type);
    if (state) found.push({ path, id: String(state.values.id), state });
    else absent[path] = effect;
  }
  const days = Number(retention.days ?? 0);
  if (lock && days > 0 && versioned) {
    known.add(lock.type);
    found.push({ path: "ObjectLock", id: String(lock.values.id), state: lock });
  }
  if (logging) {
    known.add(logging.type);
    found.push({ path: "AccessLog", id: String(logging.values.id), state: logging });
  }
  // Of older states, in which the settings are blocks of the bucket.
  if (!isEmpty(bucket.values.lifecycle_rule) && !part("aws_s3_bucket_lifecycle_configuration"))
    notes.push("lifecycle_rule: rules in the bucket's own arguments stay as they are, outside the program.");
  for (const each of ["cors_rule", "website", "replication_configuration"])
    if (!isEmpty(bucket.values[each]))
      notes.push(`${each}: the construct has no such property; it stays as it is, outside the program.`);
  const others = resources.filter(
    (each) => each.type.startsWith("aws_s3_bucket_") && each.values.bucket === name && !known.has(each.type),
  );
  for (const { address } of others)
    notes.push(`${address}: the construct has no such part; leave it where it is managed.`);
  const settings: { [name: string]: Expression | undefined } = {
    versioned: versioned ? undefined : literal(false),
    encryption:
      typeof key === "string" && key.startsWith("arn:")
        ? undefined
        : imported(AWS, "S3Encryption.S3_MANAGED"),
  };
  return {
    constant,
    id,
    comment: [bucket.address],
    type: imported(AWS, "S3Bucket"),
    before: [],
    props: {
      bucketName: literal(name),
      encryptionKey:
        typeof key === "string" && key.startsWith("arn:")
          ? call(imported(AWS, "EncryptionKey.fromKeyArn"), literal(key))
          : undefined,
      lockDays: lock && days > 0 && versioned ? literal(days) : undefined,
      lockMode:
        lock && days > 0 && versioned && retention.mode === "COMPLIANCE"
          ? imported(AWS, "S3ObjectLockMode.COMPLIANCE")
          : undefined,
      accessLogBucketName: optional(text(logging, "target_bucket")),
      tags: optional(tagsOf(bucket)),
      provider: around.provider(regionOf(bucket)),
      ...settings,
    },
    hardened: { versioned: undefined, encryption: undefined },
    properties: {},
    resources: found,
    absent,
    notes,
  };
}

/** Default encryption, which every bucket has: with keys of S3 if nothing else is known. */
function encryptionRule(encryption: StateResource | undefined, bucket: StateResource): Members {
  const [configured] = blocks(encryption?.values, "rule");
  const inline = block(block(bucket.values, "server_side_encryption_configuration"), "rule");
  const rule = block(configured ?? inline, "apply_server_side_encryption_by_default");
  return isEmpty(rule) ? { sse_algorithm: "AES256" } : rule;
}
