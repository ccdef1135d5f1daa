import { DataGoogleStorageProjectServiceAccount } from "@cdktf/provider-google/lib/data-google-storage-project-service-account";
import { KmsCryptoKeyIamMember } from "@cdktf/provider-google/lib/kms-crypto-key-iam-member";
import { StorageBucket } from "@cdktf/provider-google/lib/storage-bucket";
import { StorageBucketIamMember } from "@cdktf/provider-google/lib/storage-bucket-iam-member";
import type { ITerraformDependable, TerraformProvider } from "cdktf";
import { Construct } from "constructs";
import { DeletionPolicy, SynthChecks } from "../database";
import { checkLabels } from "./cloud-sql-labels";

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
    const { provider, project, dependsOn } = props;
    this.provider = provider;
    this.check(props);
    const grant =
      props.encryptionKeyName && (props.grantEncryptionKey ?? true) ? this.grantKey(props) : undefined;
    const policy = props.deletionPolicy ?? DeletionPolicy.RETAIN;
    const { lockDays, expireDays } = props;
    this.resource = new StorageBucket(this, "Resource", {
      name: props.bucketName,
      location: props.location,
      storageClass: "STANDARD",
      uniformBucketLevelAccess: true,
      publicAccessPrevention: "enforced",
      versioning: { enabled: lockDays === undefined },
      retentionPolicy: lockDays === undefined ? undefined : { retentionPeriod: lockDays * 86_400 },
      lifecycleRule: [
        {
          action: { type: "Delete" },
          condition: { daysSinceNoncurrentTime: props.noncurrentDays ?? 30, withState: "ARCHIVED" },
        },
        // What an interrupted upload left.
        { action: { type: "AbortIncompleteMultipartUpload" }, condition: { age: 7 } },
        ...(expireDays === undefined
          ? []
          : [{ action: { type: "Delete" }, condition: { age: expireDays, withState: "LIVE" } }]),
      ],
      encryption: props.encryptionKeyName ? { defaultKmsKeyName: props.encryptionKeyName } : undefined,
      logging: props.logBucket ? { logBucket: props.logBucket } : undefined,
      forceDestroy: policy === DeletionPolicy.DELETE,
      lifecycle: policy === DeletionPolicy.RETAIN ? { preventDestroy: true } : undefined,
      labels: props.tags,
      project,
      provider,
      dependsOn: grant ? [...(dependsOn ?? []), grant] : dependsOn,
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

  private grantKey(props: BackupBucketProps): KmsCryptoKeyIamMember {
    const { provider, project, dependsOn } = props;
    const agent = new DataGoogleStorageProjectServiceAccount(this, "Agent", { project, provider });
    return new KmsCryptoKeyIamMember(this, "EncryptionGrant", {
      cryptoKeyId: props.encryptionKeyName as string,
      role: "roles/cloudkms.cryptoKeyEncrypterDecrypter",
      member: `serviceAccount:${agent.emailAddress}`,
      provider,
      dependsOn,
    });
  }

  private check(props: BackupBucketProps): void {
    const checks = new SynthChecks(this);
    checks.matches(
      "bucketName",
      props.bucketName,
      /^(?!goog)(?!.*(google|g00gle))[a-z0-9][a-z0-9_-]{1,61}[a-z0-9]$/,
      "allowed are 3 to 63 lower-case letters, digits, hyphens and underscores, with a letter or digit first and last and without the word google",
    );
    checks.matches(
      "location",
      props.location,
      /^([A-Za-z]+-[A-Za-z]+[0-9]+|[A-Za-z]{2,4}[0-9]*)$/,
      "allowed is a region such as europe-west1, a pair such as EUR4, or EU, US or ASIA",
    );
    checks.wholeNumber("noncurrentDays", props.noncurrentDays, 1, 36_500, "days");
    checks.wholeNumber("expireDays", props.expireDays, 1, 36_500, "days");
    checks.wholeNumber("lockDays", props.lockDays, 1, 36_500, "days");
    checks.check(
      "expireDays",
      props.expireDays,
      () => props.lockDays === undefined || (props.expireDays as number) >= props.lockDays,
      "an object cannot go before lockDays have passed",
    );
    checks.matches(
      "encryptionKeyName",
      props.encryptionKeyName,
      /^projects\/[^/]+\/locations\/[^/]+\/keyRings\/[^/]+\/cryptoKeys\/[^/]+$/,
      "allowed is projects/PROJECT/locations/LOCATION/keyRings/RING/cryptoKeys/KEY",
    );
    checkLabels(checks, props.tags);
    if (props.deletionPolicy !== undefined && props.deletionPolicy !== DeletionPolicy.RETAIN) {
      checks.optOut("deletionPolicy: the bucket can be destroyed");
    }
    if (props.lockDays !== undefined) {
      checks.warn("lockDays is set, so objects are not versioned: Google allows one of the two");
    }
  }
}
