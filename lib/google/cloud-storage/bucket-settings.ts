// Settings that all buckets share: public access prevention, uniform bucket-level access, retained by default.

import type {
  StorageBucketConfig,
  StorageBucketLifecycleRule,
} from "@cdktf/provider-google/lib/storage-bucket";
import { type ITerraformDependable, Op, type TerraformProvider, Token } from "cdktf";
import type { Construct } from "constructs";
import { DeletionPolicy } from "../../database";
import { checkUniqueName, isResolved, type SynthChecks } from "../../database/private";
import { checkEncryptionKey, type ICryptoKey, StorageKeyGrant } from "../kms/crypto-key";
import { checkLabels } from "../resource-names";
import { BUCKET_NAME } from "./data/cloud-storage-names";

/** Days after which noncurrent versions are deleted by default. @internal */
export const DEFAULT_NONCURRENT_DAYS = 30;

/** Days of soft delete by default. @internal */
export const DEFAULT_SOFT_DELETE_DAYS = 7;

/** Properties that all buckets share. @internal */
export interface BucketSettings {
  readonly bucketName?: string;
  readonly location: string;
  readonly noncurrentDays?: number;
  readonly expireDays?: number;
  readonly encryptionKey?: ICryptoKey;
  readonly grantEncryptionKey?: boolean;
  readonly logBucket?: string;
  readonly deletionPolicy?: DeletionPolicy;
  readonly project?: string;
  readonly tags?: { readonly [name: string]: string };
  readonly provider?: TerraformProvider;
  readonly dependsOn?: ITerraformDependable[];
}

/** The bucket's arguments, without the name. @internal */
export function bucketSettings(scope: Construct, props: BucketSettings): Omit<StorageBucketConfig, "name"> {
  const { encryptionKey: key, project, provider, dependsOn } = props;
  const policy = props.deletionPolicy ?? DeletionPolicy.RETAIN;
  const grant =
    key !== undefined && (props.grantEncryptionKey ?? true)
      ? StorageKeyGrant.getOrCreate(scope, { key, project, provider, dependsOn }).resource
      : undefined;
  return {
    location: props.location,
    storageClass: "STANDARD",
    uniformBucketLevelAccess: true,
    publicAccessPrevention: "enforced",
    lifecycleRule: lifecycleRules(props),
    encryption: key && { defaultKmsKeyName: key.keyName },
    logging: props.logBucket ? { logBucket: props.logBucket } : undefined,
    forceDestroy: policy === DeletionPolicy.DELETE,
    lifecycle: policy === DeletionPolicy.RETAIN ? { preventDestroy: true } : undefined,
    labels: props.tags,
    project,
    provider,
    dependsOn: grant ? [...(dependsOn ?? []), grant] : dependsOn,
  };
}

function lifecycleRules({ noncurrentDays, expireDays }: BucketSettings): StorageBucketLifecycleRule[] {
  return [
    {
      action: { type: "Delete" },
      condition: {
        daysSinceNoncurrentTime: noncurrentDays ?? DEFAULT_NONCURRENT_DAYS,
        withState: "ARCHIVED",
      },
    },
    // Parts of interrupted uploads.
    { action: { type: "AbortIncompleteMultipartUpload" }, condition: { age: 7 } },
    ...(expireDays === undefined
      ? []
      : [{ action: { type: "Delete" }, condition: { age: expireDays, withState: "LIVE" } }]),
  ];
}

/** Days in seconds, the unit of Google's APIs; a token becomes an expression. @internal */
export function inSeconds(days: number): number {
  return isResolved(days) ? days * 86_400 : Token.asNumber(Op.mul(days, 86_400));
}

/** Refuses what Cloud Storage refuses of any bucket. @internal */
export function checkBucketSettings(scope: Construct, checks: SynthChecks, props: BucketSettings): void {
  const { location } = props;
  if (props.bucketName !== undefined) {
    checkUniqueName(checks, scope, {
      kind: "Cloud Storage bucket",
      property: "bucketName",
      name: props.bucketName,
    });
  }
  checks.matches("bucketName", props.bucketName, BUCKET_NAME.pattern, BUCKET_NAME.rule);
  checks.check(
    "bucketName",
    props.bucketName,
    () => !props.bucketName?.includes("."),
    "must have no dots, since a domain-named bucket needs domain verification; use hyphens",
  );
  checks.matches(
    "location",
    location,
    /^([A-Za-z]+-[A-Za-z]+[0-9]+|[A-Za-z]{2,4}[0-9]*)$/,
    "must be a region such as europe-west1, a dual-region such as EUR4, or the multi-region EU, US or ASIA",
  );
  checks.wholeNumber("noncurrentDays", props.noncurrentDays, 1, 36_500, "days");
  checks.wholeNumber("expireDays", props.expireDays, 1, 36_500, "days");
  checkEncryptionKey(checks, props.encryptionKey, "bucket", keyLocations(location));
  checkLabels(checks, scope, props.tags);
}

// Cloud KMS calls the multi-region EU of Cloud Storage "europe" (remembered, not re-read); the other names are equal.
function keyLocations(location: string): string[] {
  if (!isResolved(location)) return [location];
  const name = location.toLowerCase();
  return name === "eu" ? ["europe", "eu"] : [name];
}
