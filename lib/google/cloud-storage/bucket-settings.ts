// What every bucket of ours has in common: never public, access by IAM alone, kept unless told otherwise.

import type {
  StorageBucketConfig,
  StorageBucketLifecycleRule,
} from "@cdktf/provider-google/lib/storage-bucket";
import { type ITerraformDependable, Op, type TerraformProvider, Token } from "cdktf";
import type { Construct } from "constructs";
import { DeletionPolicy } from "../../database";
import { checkUniqueName, isResolved, type SynthChecks } from "../../database/private";
import { checkBucketName, ObjectStoreKind } from "../../storage";
import { checkLabels } from "../cloud-sql/cloud-sql-labels";
import { StorageKeyGrant } from "./storage-key-grant";

/** What users say of any bucket. @internal */
export interface BucketSettings {
  readonly bucketName?: string;
  readonly location: string;
  readonly noncurrentDays?: number;
  readonly expireDays?: number;
  readonly encryptionKeyName?: string;
  readonly grantEncryptionKey?: boolean;
  readonly logBucket?: string;
  readonly deletionPolicy?: DeletionPolicy;
  readonly project?: string;
  readonly tags?: { readonly [name: string]: string };
  readonly provider?: TerraformProvider;
  readonly dependsOn?: ITerraformDependable[];
}

/** The arguments that follow, without the name. @internal */
export function bucketSettings(scope: Construct, props: BucketSettings): Omit<StorageBucketConfig, "name"> {
  const { encryptionKeyName: keyName, project, provider, dependsOn } = props;
  const policy = props.deletionPolicy ?? DeletionPolicy.RETAIN;
  const grant =
    keyName !== undefined && (props.grantEncryptionKey ?? true)
      ? StorageKeyGrant.of(scope, { keyName, project, provider, dependsOn }).resource
      : undefined;
  return {
    location: props.location,
    storageClass: "STANDARD",
    uniformBucketLevelAccess: true,
    publicAccessPrevention: "enforced",
    lifecycleRule: lifecycleRules(props),
    encryption: keyName ? { defaultKmsKeyName: keyName } : undefined,
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
      condition: { daysSinceNoncurrentTime: noncurrentDays ?? 30, withState: "ARCHIVED" },
    },
    // What an interrupted upload left.
    { action: { type: "AbortIncompleteMultipartUpload" }, condition: { age: 7 } },
    ...(expireDays === undefined
      ? []
      : [{ action: { type: "Delete" }, condition: { age: expireDays, withState: "LIVE" } }]),
  ];
}

/** Days as the seconds that Google's APIs take; a token becomes an expression. @internal */
export function inSeconds(days: number): number {
  return isResolved(days) ? days * 86_400 : Token.asNumber(Op.mul(days, 86_400));
}

const KEY_NAME = /^projects\/[^/]+\/locations\/([^/]+)\/keyRings\/[^/]+\/cryptoKeys\/[^/]+$/;

/** Reports what Cloud Storage refuses of any bucket. @internal */
export function checkBucketSettings(scope: Construct, checks: SynthChecks, props: BucketSettings): void {
  if (props.bucketName !== undefined) {
    checkUniqueName(checks, scope, {
      kind: "Cloud Storage bucket",
      property: "bucketName",
      name: props.bucketName,
    });
  }
  const { location, encryptionKeyName } = props;
  checkBucketName(checks, "bucketName", ObjectStoreKind.GCS, props.bucketName);
  checks.check(
    "bucketName",
    props.bucketName,
    () => !props.bucketName?.includes("."),
    "a name with dots needs proof that the domain is yours; take hyphens",
  );
  checks.matches(
    "location",
    location,
    /^([A-Za-z]+-[A-Za-z]+[0-9]+|[A-Za-z]{2,4}[0-9]*)$/,
    "allowed is a region such as europe-west1, a pair such as EUR4, or EU, US or ASIA",
  );
  checks.wholeNumber("noncurrentDays", props.noncurrentDays, 1, 36_500, "days");
  checks.wholeNumber("expireDays", props.expireDays, 1, 36_500, "days");
  checks.matches(
    "encryptionKeyName",
    encryptionKeyName,
    KEY_NAME,
    "allowed is projects/PROJECT/locations/LOCATION/keyRings/RING/cryptoKeys/KEY",
  );
  const found = isResolved([encryptionKeyName, location])
    ? KEY_NAME.exec(encryptionKeyName ?? "")?.[1]
    : undefined;
  if (found !== undefined && !keyLocations(location).includes(found)) {
    checks.fail(
      "encryptionKeyName",
      encryptionKeyName,
      `the key has to be in the bucket's location, ${keyLocations(location).join(" or ")}`,
    );
  }
  checkLabels(checks, props.tags);
}

// Cloud KMS calls the multi-region EU of Cloud Storage "europe" (remembered, not re-read), all others what they are.
function keyLocations(location: string): string[] {
  const name = location.toLowerCase();
  return name === "eu" ? ["europe", "eu"] : [name];
}
