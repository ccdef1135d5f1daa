import { StorageBucket } from "@cdktf/provider-google/lib/storage-bucket";
import { StorageBucketIamMember } from "@cdktf/provider-google/lib/storage-bucket-iam-member";
import type { ITerraformDependable, TerraformProvider } from "cdktf";
import type { Construct } from "constructs";
import { DeletionPolicy, type IGrant, type Protection } from "../../database";
import { requireProps } from "../../database/private";
import type { ICryptoKey } from "../kms/crypto-key";
import { bucketProtections } from "./bucket-protection";
import {
  bucketSettings,
  checkBucketSettings,
  DEFAULT_NONCURRENT_DAYS,
  DEFAULT_SOFT_DELETE_DAYS,
  inSeconds,
} from "./bucket-settings";
import { GcsBucketBase } from "./gcs-bucket-base";

/**
 * State of a bucket's retention policy.
 *
 * @see https://cloud.google.com/storage/docs/bucket-lock
 */
export enum RetentionPolicyState {
  /** Identities with `storage.buckets.update` can shorten or remove the policy. */
  UNLOCKED = "unlocked",
  /** Bucket Lock: no identity can shorten or remove the policy; irreversible. */
  LOCKED = "locked",
}

/** Properties of a `BackupBucket`. */
export interface BackupBucketProps {
  /**
   * Bucket name, globally unique: 3 to 63 lower-case letters, digits, hyphens and underscores.
   *
   * @see https://cloud.google.com/storage/docs/buckets#naming
   */
  readonly bucketName: string;
  /**
   * Bucket location: a region such as `europe-west1`, a dual-region such as `EUR4`, or a multi-region (`EU`, `US`, `ASIA`).
   * Changing it replaces the bucket.
   *
   * @see https://cloud.google.com/storage/docs/locations
   */
  readonly location: string;
  /**
   * Days after which noncurrent versions are deleted, 1 to 36500.
   * @default 30
   *
   * @see https://cloud.google.com/storage/docs/lifecycle#dayssincenoncurrent
   */
  readonly noncurrentDays?: number;
  /**
   * Age in days at which objects are deleted, 1 to 36500.
   * @default - never
   *
   * @see https://cloud.google.com/storage/docs/lifecycle#age
   */
  readonly expireDays?: number;
  /**
   * Retention policy in days, 1 to 36500: objects can neither be deleted nor overwritten before. Object Versioning is then disabled,
   * since Google allows only one of the two. For exports, which are written once (`CloudSqlExport`); Velero, logical backups and
   * applications overwrite objects, and refuse such a bucket. @default - no retention policy
   *
   * @see https://cloud.google.com/storage/docs/bucket-lock
   */
  readonly lockDays?: number;
  /**
   * State of the retention policy. @default RetentionPolicyState.UNLOCKED
   *
   * @see https://cloud.google.com/storage/docs/bucket-lock#policy-locks
   */
  readonly lockState?: RetentionPolicyState;
  /**
   * Customer-managed encryption key (CMEK), in the bucket's location. @default - a key that Google manages
   *
   * @see https://cloud.google.com/storage/docs/encryption/customer-managed-keys
   */
  readonly encryptionKey?: ICryptoKey;
  /**
   * Grants Cloud Storage's service agent the use of the key.
   * @default true
   *
   * @see https://cloud.google.com/storage/docs/encryption/customer-managed-keys
   */
  readonly grantEncryptionKey?: boolean;
  /**
   * Bucket for usage logs.
   * @default - none
   *
   * @see https://cloud.google.com/storage/docs/access-logs
   */
  readonly logBucket?: string;
  /** Deletion policy; only DELETE also deletes the objects. @default DeletionPolicy.RETAIN */
  readonly deletionPolicy?: DeletionPolicy;
  /**
   * Project of the bucket. @default - the provider's project
   *
   * @see https://cloud.google.com/resource-manager/docs/creating-managing-projects#identifying_projects
   */
  readonly project?: string;
  /**
   * Labels. @default - none
   *
   * @see https://cloud.google.com/storage/docs/tags-and-labels#bucket-labels
   */
  readonly tags?: { readonly [name: string]: string };
  /** The google provider. @default - the stack's only google provider */
  readonly provider?: TerraformProvider;
  /** Resources that must exist first. @default - none */
  readonly dependsOn?: ITerraformDependable[];
}

/**
 * A Cloud Storage bucket for exports and backups: public access prevention, Object Versioning, uniform bucket-level access.
 *
 * @see https://cloud.google.com/storage/docs/buckets
 *
 * @example
 * const bucket = new BackupBucket(this, "backups", { bucketName: "platform-coder-backups", location: "EU" });
 */
export class BackupBucket extends GcsBucketBase {
  /** The bucket. */
  public readonly resource: StorageBucket;
  public readonly bucketName: string;
  public readonly projectId: string;
  /** Days of the retention policy. */
  public readonly lockDays?: number;
  private readonly props: BackupBucketProps;

  public constructor(scope: Construct, id: string, props: BackupBucketProps) {
    requireProps(`${scope.node.path}/${id}`, "GCS", props, { bucketName: true, location: true });
    super(scope, id, props);
    this.props = props;
    this.check(props);
    const { lockDays } = props;
    this.resource = new StorageBucket(this, "Resource", {
      ...bucketSettings(this, props),
      name: props.bucketName,
      versioning: { enabled: lockDays === undefined },
      retentionPolicy:
        lockDays === undefined
          ? undefined
          : {
              retentionPeriod: inSeconds(lockDays),
              isLocked: props.lockState === RetentionPolicyState.LOCKED ? true : undefined,
            },
    });
    this.bucketName = this.resource.name;
    this.projectId = props.project ?? this.resource.project;
    this.lockDays = lockDays;
    this._waitFor.addFirst(this.resource);
  }

  /** Soft delete with Google's default of 7 days, Object Versioning without `lockDays`, and the redundancy of the location. */
  public get protections(): readonly Protection[] {
    return bucketProtections({
      bucketName: this.bucketName,
      location: this.region,
      softDeleteDays: DEFAULT_SOFT_DELETE_DAYS,
      versioned: this.lockDays === undefined,
      noncurrentDays: this.props.noncurrentDays ?? DEFAULT_NONCURRENT_DAYS,
    });
  }

  /**
   * Grants an IAM principal the role to read and write objects, such as the service account of a server that exports to the bucket.
   *
   * @param id the construct's id.
   * @param member the principal, as IAM writes it, such as `serviceAccount:...`; may be a token.
   */
  public grantReadWriteToMember(id: string, member: string): IGrant {
    const grant = new StorageBucketIamMember(this, id, {
      bucket: this.resource.name,
      role: "roles/storage.objectUser",
      member,
      provider: this._provider,
    });
    return { dependables: [grant] };
  }

  private check(props: BackupBucketProps): void {
    const checks = this._checks;
    const { lockDays, lockState, deletionPolicy } = props;
    checkBucketSettings(this, checks, props);
    checks.wholeNumber("lockDays", lockDays, 1, 36_500, "days");
    checks.check(
      "expireDays",
      props.expireDays,
      () => lockDays === undefined || (props.expireDays as number) >= lockDays,
      "must be at least lockDays, since objects cannot be deleted before",
    );
    if (deletionPolicy !== undefined && deletionPolicy !== DeletionPolicy.RETAIN) {
      checks.optOut("deletionPolicy: the bucket can be deleted");
    }
    if (lockDays === undefined) {
      checks.check("lockState", lockState, () => false, "must be left out without lockDays, or set lockDays");
      return;
    }
    checks.warn(
      "lockDays: Object Versioning is disabled, since Google allows no versions with a retention policy",
      "lockDays",
    );
    if (lockState !== RetentionPolicyState.LOCKED) return;
    if (deletionPolicy === DeletionPolicy.DELETE) {
      checks.fail(
        "deletionPolicy",
        deletionPolicy,
        "must be retain with a locked policy, since no identity can empty the bucket before its end",
      );
    }
    checks.note(
      "lockState: no identity can delete objects before the end of the retention policy; irreversible",
      "lockState",
    );
  }
}
