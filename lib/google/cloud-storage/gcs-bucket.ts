import { StorageBucket } from "@cdktf/provider-google/lib/storage-bucket";
import { Id } from "@cdktf/provider-random/lib/id";
import type { ITerraformDependable, TerraformProvider } from "cdktf";
import type { Construct } from "constructs";
import { DeletionPolicy, type Protection } from "../../database";
import { physicalName, requireProps, type SynthChecks } from "../../database/private";
import type { IObjectStore } from "../../storage";
import type { ICryptoKey } from "../kms/crypto-key";
import { bucketProtections } from "./bucket-protection";
import {
  bucketSettings,
  checkBucketSettings,
  DEFAULT_NONCURRENT_DAYS,
  DEFAULT_SOFT_DELETE_DAYS,
  inSeconds,
} from "./bucket-settings";
import { BUCKET_NAME } from "./data/cloud-storage-names";
import { GcsBucketBase } from "./gcs-bucket-base";

/** Properties of a `GcsBucket`. */
export interface GcsBucketProps {
  /**
   * Bucket location: a multi-region (`EU`, `US`, `ASIA`), a dual-region such as `EUR4`, or a region such as `europe-west1`, whose
   * outage makes the objects unavailable. Changing it replaces the bucket.
   *
   * @see https://cloud.google.com/storage/docs/locations
   */
  readonly location: string;
  /**
   * Bucket name, globally unique: 3 to 63 lower-case letters, digits, hyphens and underscores. Changing it replaces the bucket.
   * @default - the construct's path and a random suffix that never changes
   *
   * @see https://cloud.google.com/storage/docs/buckets#naming
   */
  readonly bucketName?: string;
  /**
   * Enables Object Versioning. @default true
   *
   * @see https://cloud.google.com/storage/docs/object-versioning
   */
  readonly versioned?: boolean;
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
   * Soft delete retention in days, 7 to 90. @default 7
   *
   * @see https://cloud.google.com/storage/docs/soft-delete
   */
  readonly softDeleteDays?: number;
  /**
   * Customer-managed encryption key (CMEK), in the bucket's location; buckets may share a key. @default - a key that Google manages
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
   * Also grants identities read access to the bucket's metadata (`roles/storage.legacyBucketReader`), which some clients request
   * before the first object. @default false
   *
   * @see https://cloud.google.com/storage/docs/access-control/iam-roles
   */
  readonly bucketReader?: boolean;
  /**
   * Bucket for usage logs. @default - none
   *
   * @see https://cloud.google.com/storage/docs/access-logs
   */
  readonly logBucket?: string;
  /** Deletion policy. DELETE also deletes the objects; SNAPSHOT is not available. @default DeletionPolicy.RETAIN */
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
  /** The random provider, for the suffix of the name. @default - the stack's only random provider */
  readonly randomProvider?: TerraformProvider;
  /** Resources that must exist first. @default - none */
  readonly dependsOn?: ITerraformDependable[];
}

/** Attributes of an existing bucket. */
export interface GcsBucketAttributes {
  /**
   * Bucket name; may be a token.
   *
   * @see https://cloud.google.com/storage/docs/buckets#naming
   */
  readonly bucketName: string;
  /**
   * Bucket location; may be a token.
   *
   * @see https://cloud.google.com/storage/docs/locations
   */
  readonly location: string;
  /**
   * Project of the bucket; may be a token.
   *
   * @see https://cloud.google.com/resource-manager/docs/creating-managing-projects#identifying_projects
   */
  readonly project: string;
  /**
   * Also grants identities read access to the bucket's metadata (`roles/storage.legacyBucketReader`). @default false
   *
   * @see https://cloud.google.com/storage/docs/access-control/iam-roles
   */
  readonly bucketReader?: boolean;
  /**
   * Days of the bucket's retention policy, 1 to 36500; may be a token. With it, objects can neither be deleted nor overwritten before.
   * @default - no retention policy, or not known
   *
   * @see https://cloud.google.com/storage/docs/bucket-lock
   */
  readonly lockDays?: number;
  /** The google provider. @default - the stack's only google provider */
  readonly provider?: TerraformProvider;
  /** Resources that must exist before a client uses the bucket. @default - none */
  readonly dependsOn?: ITerraformDependable[];
}

/**
 * A Cloud Storage bucket for an application: public access prevention, encryption, Object Versioning, uniform bucket-level access. It
 * has no retention policy, which refuses to overwrite objects: versions and soft delete keep what an application overwrites. To lock
 * backups that are written once, take a `BackupBucket`.
 *
 * @see https://cloud.google.com/storage/docs/buckets
 *
 * @example
 * const bucket = new GcsBucket(this, "objects", { location: "EU" });
 * bucket.grantReadWrite(identity);
 */
export class GcsBucket extends GcsBucketBase {
  /**
   * An existing bucket. Creates no resources; identities can be granted access to it.
   *
   * @param scope the parent construct.
   * @param id the construct's id.
   * @param attributes the bucket.
   *
   * @example
   * const bucket = GcsBucket.fromBucketAttributes(this, "objects", {
   *   bucketName: "platform-objects", location: "EU", project: "platform",
   * });
   * bucket.grantReadWrite(identity);
   */
  public static fromBucketAttributes(
    scope: Construct,
    id: string,
    attributes: GcsBucketAttributes,
  ): IObjectStore {
    return new ImportedGcsBucket(scope, id, attributes);
  }

  public readonly bucketName: string;
  public readonly projectId: string;
  /** The bucket. */
  public readonly resource: StorageBucket;
  private readonly props: GcsBucketProps;

  public constructor(scope: Construct, id: string, props: GcsBucketProps) {
    requireProps(`${scope.node.path}/${id}`, "GCS", props, { location: true });
    super(scope, id, props);
    this.props = props;
    this.check(this._checks, props);
    this.resource = new StorageBucket(this, "Resource", {
      ...bucketSettings(this, props),
      name: props.bucketName ?? this.uniqueName(props.randomProvider),
      versioning: { enabled: props.versioned ?? true },
      softDeletePolicy: {
        retentionDurationSeconds: inSeconds(props.softDeleteDays ?? DEFAULT_SOFT_DELETE_DAYS),
      },
    });
    this.bucketName = this.resource.name;
    this.projectId = props.project ?? this.resource.project;
    this._waitFor.addFirst(this.resource);
  }

  /** Soft delete, Object Versioning and the redundancy of the location. */
  public get protections(): readonly Protection[] {
    const { versioned, softDeleteDays, noncurrentDays } = this.props;
    return bucketProtections({
      bucketName: this.bucketName,
      location: this.region,
      softDeleteDays: softDeleteDays ?? DEFAULT_SOFT_DELETE_DAYS,
      versioned: versioned ?? true,
      noncurrentDays: noncurrentDays ?? DEFAULT_NONCURRENT_DAYS,
    });
  }

  // 63 characters with a hyphen and eight digits, which the state keeps together with the prefix.
  private uniqueName(provider: TerraformProvider | undefined): string {
    // Google refuses names that contain its own.
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
        "must be retain or delete, since buckets have no snapshots",
      );
    }
    if (props.deletionPolicy === DeletionPolicy.DELETE) {
      checks.optOut("deletionPolicy: the bucket can be deleted, together with its objects");
    }
    if (props.versioned === false) {
      checks.optOut("versioned: overwritten and deleted objects are lost after softDeleteDays");
    }
  }
}

/** A bucket that exists. */
class ImportedGcsBucket extends GcsBucketBase {
  public readonly bucketName: string;
  public readonly projectId: string;
  public readonly lockDays?: number;

  public constructor(scope: Construct, id: string, attributes: GcsBucketAttributes) {
    requireProps(`${scope.node.path}/${id}`, "GCS", attributes, {
      bucketName: true,
      location: true,
      project: true,
    });
    super(scope, id, attributes);
    this._checks.matches("bucketName", attributes.bucketName, BUCKET_NAME.pattern, BUCKET_NAME.rule);
    this._checks.wholeNumber("lockDays", attributes.lockDays, 1, 36_500, "days");
    this.bucketName = attributes.bucketName;
    this.projectId = attributes.project;
    this.lockDays = attributes.lockDays;
    this._waitFor.addFirst(...(attributes.dependsOn ?? []));
  }
}
