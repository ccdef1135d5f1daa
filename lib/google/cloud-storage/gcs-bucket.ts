import { StorageBucket } from "@cdktf/provider-google/lib/storage-bucket";
import { StorageBucketIamMember } from "@cdktf/provider-google/lib/storage-bucket-iam-member";
import { Id } from "@cdktf/provider-random/lib/id";
import type { ITerraformDependable, TerraformProvider } from "cdktf";
import { Construct } from "constructs";
import { Cloud, DeletionPolicy, type IWorkloadIdentity } from "../../database";
import { physicalName, SynthChecks } from "../../database/private";
import { type IObjectStore, ObjectStoreKind, objectStoreHost } from "../../storage";
import { IdentityGrants, identityPart } from "../../storage/private";
import type { IGoogleWorkloadIdentity } from "../identity/google-workload-identity";
import { bucketSettings, checkBucketSettings, inSeconds } from "./bucket-settings";

/** Properties of a `GcsBucket`. */
export interface GcsBucketProps {
  /**
   * Where it is: `EU`, `US` or `ASIA` with copies in regions far apart, a pair of regions such as `EUR4`, or one region such as
   * `europe-west1`, whose loss is the loss of the objects. Changing it replaces the bucket.
   */
  readonly location: string;
  /**
   * The bucket's name, unique in all of Google Cloud: 3 to 63 lower-case letters, digits, hyphens and underscores. Changing it
   * replaces the bucket. @default - the construct's path and a random end that never changes
   */
  readonly bucketName?: string;
  /** Whether overwritten and deleted objects can be got back. @default true */
  readonly versioned?: boolean;
  /** How long a version stays that was overwritten or deleted, in days, 1 to 36500. @default 30 */
  readonly noncurrentDays?: number;
  /** After how many days an object goes, 1 to 36500. @default - never */
  readonly expireDays?: number;
  /** How long even a version that was deleted on purpose can be restored, in days, 7 to 90. @default 7 */
  readonly softDeleteDays?: number;
  /** The KMS key, in the bucket's location; several buckets may share one. @default - a key that Google manages */
  readonly encryptionKeyName?: string;
  /** Whether Cloud Storage's service agent is granted the use of the key here. @default true */
  readonly grantEncryptionKey?: boolean;
  /**
   * Whether identities may also read the bucket's own settings (`roles/storage.legacyBucketReader`), which some clients ask for
   * before the first object. @default false
   */
  readonly bucketReader?: boolean;
  /** The bucket that gets the access log. @default - none */
  readonly logBucket?: string;
  /** What happens on destroy; the bucket is emptied with DELETE only, and there is no SNAPSHOT. @default DeletionPolicy.RETAIN */
  readonly deletionPolicy?: DeletionPolicy;
  /** The project. @default - the provider's */
  readonly project?: string;
  /** Labels. @default - none */
  readonly tags?: { readonly [name: string]: string };
  /** The provider. @default - the stack's only google provider */
  readonly provider?: TerraformProvider;
  /** The provider of `random_id`, for the name's end. @default - the stack's only random provider */
  readonly randomProvider?: TerraformProvider;
  /** What has to exist first. @default - nothing */
  readonly dependsOn?: ITerraformDependable[];
}

/**
 * A bucket of Cloud Storage for an application: never public, encrypted, versioned, with access by IAM alone.
 *
 * @example
 * const bucket = new GcsBucket(this, "objects", { location: "EU" });
 * bucket.grantReadWrite(identity);
 */
export class GcsBucket extends Construct implements IObjectStore {
  public readonly kind = ObjectStoreKind.GCS;
  public readonly cloud = Cloud.GOOGLE;
  public readonly bucketName: string;
  public readonly region: string;
  public readonly endpoint: string;
  public readonly projectId: string;
  public readonly dependables: ITerraformDependable[];
  /** The bucket. */
  public readonly resource: StorageBucket;
  private readonly grants: IdentityGrants;
  private readonly roles: { readonly [name: string]: string };
  private readonly provider?: TerraformProvider;

  public constructor(scope: Construct, id: string, props: GcsBucketProps) {
    super(scope, id);
    const checks = new SynthChecks(this);
    this.check(checks, props);
    this.grants = new IdentityGrants(checks, "grantReadWrite", this.cloud);
    this.provider = props.provider;
    this.region = props.location;
    this.endpoint = objectStoreHost(this.kind, props.location);
    this.roles = {
      Objects: "roles/storage.objectUser",
      ...(props.bucketReader ? { Bucket: "roles/storage.legacyBucketReader" } : {}),
    };
    const { project } = props;
    this.resource = new StorageBucket(this, "Resource", {
      ...bucketSettings(this, props),
      name: props.bucketName ?? this.uniqueName(props.randomProvider),
      versioning: { enabled: props.versioned ?? true },
      softDeletePolicy: { retentionDurationSeconds: inSeconds(props.softDeleteDays ?? 7) },
    });
    this.bucketName = this.resource.name;
    this.projectId = project ?? this.resource.project;
    this.dependables = [this.resource];
  }

  /**
   * Lets an identity read, write, delete and list the objects of this bucket, by roles in the bucket.
   *
   * @param identity an identity with a Google service account (`GkeWorkloadIdentity`).
   */
  public grantReadWrite(identity: IWorkloadIdentity): void {
    const { email } = identity as IGoogleWorkloadIdentity;
    if (!this.grants.begin(identity, email, "GkeWorkloadIdentity")) return;
    const who = identityPart(this, identity);
    for (const [name, role] of Object.entries(this.roles)) {
      const member = new StorageBucketIamMember(this, `${name}-${who}`, {
        bucket: this.bucketName,
        role,
        member: `serviceAccount:${email}`,
        provider: this.provider,
      });
      this.dependables.push(member);
    }
  }

  // 63 characters with a hyphen and eight digits, which the state keeps together with what is before them.
  private uniqueName(provider: TerraformProvider | undefined): string {
    // Google refuses its own name in others'.
    const prefix = physicalName(this, 54)
      .replace(/g(oo|00)gle/g, "gcs")
      .replace(/^goog/, "gcs");
    const lifecycle = { ignoreChanges: "all" as const };
    return new Id(this, "Name", { byteLength: 4, prefix: `${prefix}-`, lifecycle, provider }).hex;
  }

  private check(checks: SynthChecks, props: GcsBucketProps): void {
    checkBucketSettings(this, checks, props);
    checks.wholeNumber("softDeleteDays", props.softDeleteDays, 7, 90, "days");
    if (props.deletionPolicy === DeletionPolicy.SNAPSHOT) {
      checks.fail(
        "deletionPolicy",
        props.deletionPolicy,
        "a bucket has no snapshots; allowed are retain and delete",
      );
    }
    if (props.deletionPolicy === DeletionPolicy.DELETE) {
      checks.optOut("deletionPolicy: the bucket is emptied and deleted when it leaves the program");
    }
    if (props.versioned === false) {
      checks.optOut("versioned: overwritten and deleted objects are gone after softDeleteDays");
    }
  }
}
