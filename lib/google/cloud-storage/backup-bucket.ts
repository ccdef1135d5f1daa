import { StorageBucket } from "@cdktf/provider-google/lib/storage-bucket";
import { StorageBucketIamMember } from "@cdktf/provider-google/lib/storage-bucket-iam-member";
import type { ITerraformDependable, TerraformProvider } from "cdktf";
import { Construct } from "constructs";
import { DeletionPolicy, type IGrant } from "../../database";
import { requireProps, SynthChecks } from "../../database/private";
import type { ICryptoKey } from "../kms/crypto-key";
import { bucketSettings, checkBucketSettings, inSeconds } from "./bucket-settings";

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
   * Retention policy in days, 1 to 36500: objects cannot be deleted before. Object Versioning is then disabled: Google allows only
   * one of the two (remembered, not re-read). @default - no retention policy
   *
   * @see https://cloud.google.com/storage/docs/bucket-lock
   */
  readonly lockDays?: number;
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
export class BackupBucket extends Construct {
  /** The bucket. */
  public readonly resource: StorageBucket;
  /** The bucket's name. */
  public readonly bucketName: string;
  /** Resources that must exist before the bucket is used. */
  public readonly dependables: ITerraformDependable[];
  private readonly provider?: TerraformProvider;

  public constructor(scope: Construct, id: string, props: BackupBucketProps) {
    super(scope, id);
    requireProps(this.node.path, "GCS", props, { bucketName: true, location: true });
    this.provider = props.provider;
    this.check(props);
    const { lockDays } = props;
    this.resource = new StorageBucket(this, "Resource", {
      ...bucketSettings(this, props),
      name: props.bucketName,
      versioning: { enabled: lockDays === undefined },
      retentionPolicy: lockDays === undefined ? undefined : { retentionPeriod: inSeconds(lockDays) },
    });
    this.bucketName = this.resource.name;
    this.dependables = [this.resource];
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
      provider: this.provider,
    });
    return { dependables: [grant] };
  }

  private check(props: BackupBucketProps): void {
    const checks = new SynthChecks(this, "GCS");
    checkBucketSettings(this, checks, props);
    checks.wholeNumber("lockDays", props.lockDays, 1, 36_500, "days");
    checks.check(
      "expireDays",
      props.expireDays,
      () => props.lockDays === undefined || (props.expireDays as number) >= props.lockDays,
      "must be at least lockDays, since objects cannot be deleted before",
    );
    if (props.deletionPolicy !== undefined && props.deletionPolicy !== DeletionPolicy.RETAIN) {
      checks.optOut("deletionPolicy: the bucket can be deleted");
    }
    if (props.lockDays !== undefined) {
      checks.warn(
        "lockDays: Object Versioning is disabled, since Google allows no versions with a retention policy",
        "lockDays",
      );
    }
  }
}
