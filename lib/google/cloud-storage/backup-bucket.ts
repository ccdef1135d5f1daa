import { StorageBucket } from "@cdktf/provider-google/lib/storage-bucket";
import { StorageBucketIamMember } from "@cdktf/provider-google/lib/storage-bucket-iam-member";
import type { ITerraformDependable, TerraformProvider } from "cdktf";
import { Construct } from "constructs";
import { DeletionPolicy } from "../../database";
import { SynthChecks } from "../../database/private";
import { bucketSettings, checkBucketSettings, inSeconds } from "./bucket-settings";

/** Properties of a `BackupBucket`. */
export interface BackupBucketProps {
  /** The bucket's name, unique in all of Google Cloud: 3 to 63 lower-case letters, digits, hyphens and underscores. */
  readonly bucketName: string;
  /** Where it is: a region such as `europe-west1`, a pair such as `EUR4`, or all of `EU`, `US` or `ASIA`. Changing it replaces the bucket. */
  readonly location: string;
  /** How long a version stays that was overwritten or deleted, in days, 1 or more. @default 30 */
  readonly noncurrentDays?: number;
  /** After how many days an object goes, 1 or more. @default - never */
  readonly expireDays?: number;
  /**
   * For how long nobody can delete an object, in days, 1 to 36500. The bucket is then not versioned: Google allows one of
   * the two (remembered, not re-read). @default - no such time
   */
  readonly lockDays?: number;
  /** The KMS key, in the bucket's location. @default - a key that Google manages */
  readonly encryptionKeyName?: string;
  /** Whether Cloud Storage's service agent is granted the use of the key here. @default true */
  readonly grantEncryptionKey?: boolean;
  /** The bucket that gets the access log. @default - none */
  readonly logBucket?: string;
  /** What happens on destroy; the bucket is emptied with DELETE only. @default DeletionPolicy.RETAIN */
  readonly deletionPolicy?: DeletionPolicy;
  /** The project. @default - the provider's */
  readonly project?: string;
  /** Labels. @default - none */
  readonly tags?: { readonly [name: string]: string };
  /** The provider. @default - the stack's only google provider */
  readonly provider?: TerraformProvider;
  /** What has to exist first. @default - nothing */
  readonly dependsOn?: ITerraformDependable[];
}

/**
 * A bucket for exports and backups: never public, versioned, with access by IAM alone.
 *
 * @example
 * const bucket = new BackupBucket(this, "backups", { bucketName: "platform-coder-backups", location: "EU" });
 */
export class BackupBucket extends Construct {
  /** The bucket. */
  public readonly resource: StorageBucket;
  /** The bucket's name. */
  public readonly bucketName: string;
  /** What has to exist before the bucket is used. */
  public readonly dependables: ITerraformDependable[];
  private readonly provider?: TerraformProvider;

  public constructor(scope: Construct, id: string, props: BackupBucketProps) {
    super(scope, id);
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
   * Lets somebody write and read objects, such as a server that exports to the bucket.
   *
   * @param id the construct's id.
   * @param member who, as IAM writes it, such as `serviceAccount:...`.
   */
  public grantReadWrite(id: string, member: string): StorageBucketIamMember {
    return new StorageBucketIamMember(this, id, {
      bucket: this.resource.name,
      role: "roles/storage.objectUser",
      member,
      provider: this.provider,
    });
  }

  private check(props: BackupBucketProps): void {
    const checks = new SynthChecks(this);
    checkBucketSettings(this, checks, props);
    checks.wholeNumber("lockDays", props.lockDays, 1, 36_500, "days");
    checks.check(
      "expireDays",
      props.expireDays,
      () => props.lockDays === undefined || (props.expireDays as number) >= props.lockDays,
      "an object cannot go before lockDays have passed",
    );
    if (props.deletionPolicy !== undefined && props.deletionPolicy !== DeletionPolicy.RETAIN) {
      checks.optOut("deletionPolicy: the bucket can be destroyed");
    }
    if (props.lockDays !== undefined) {
      checks.warn("lockDays is set, so objects are not versioned: Google allows one of the two");
    }
  }
}
