import { ProjectIamCustomRole } from "@cdktf/provider-google/lib/project-iam-custom-role";
import { ProjectIamMember } from "@cdktf/provider-google/lib/project-iam-member";
import type { ITerraformDependable, TerraformProvider } from "cdktf";
import { Construct } from "constructs";
import { Cloud, type IGrant, type IWorkloadIdentity, type Protection } from "../../database";
import {
  GrowingDependables,
  isResolved,
  namingPath,
  requireProps,
  SynthChecks,
  shortHash,
} from "../../database/private";
import { type IObjectStore, ObjectStoreKind } from "../../storage";
import { IdentityGrants, identityPart } from "../../storage/private";
import type { IGoogleWorkloadIdentity } from "../identity/google-workload-identity";
import { bucketProtections } from "./bucket-protection";
import { DEFAULT_NONCURRENT_DAYS, DEFAULT_SOFT_DELETE_DAYS } from "./bucket-settings";
import { ENDPOINT } from "./data/cloud-storage-names";
import { grantSignUrls } from "./sign-urls";

/** Permissions of clients on objects. `roles/storage.objectUser` has them too, but a custom role can be combined with those of the bucket and limited to a prefix. */
const OBJECT_PERMISSIONS = [
  "storage.buckets.get",
  "storage.objects.create",
  "storage.objects.delete",
  "storage.objects.get",
  "storage.objects.list",
  "storage.objects.update",
  "storage.multipartUploads.abort",
  "storage.multipartUploads.create",
  "storage.multipartUploads.listParts",
];

/** Properties of `ApplicationBuckets`. */
export interface ApplicationBucketsProps {
  /**
   * Prefix of the names of the application's buckets: 3 to 40 lower-case letters, digits, hyphens and underscores.
   *
   * @see https://cloud.google.com/storage/docs/buckets#naming
   */
  readonly prefix: string;
  /**
   * Location in which the application creates its buckets: a multi-region (`EU`, `US`, `ASIA`) or a region.
   *
   * @see https://cloud.google.com/storage/docs/locations
   */
  readonly location: string;
  /**
   * Project of the buckets, preferably a dedicated one; may be a token.
   *
   * @see https://cloud.google.com/resource-manager/docs/creating-managing-projects#identifying_projects
   */
  readonly project: string;
  /** The google provider. @default - the stack's only google provider */
  readonly provider?: TerraformProvider;
  /** Resources that must exist first. @default - none */
  readonly dependsOn?: ITerraformDependable[];
}

/**
 * Permissions for an application that creates buckets at run time, as Gitpod does for each user. An IAM condition limits access to
 * buckets whose names begin with a prefix. The permission to create buckets applies to the whole project, since Google checks it
 * before there is a name.
 *
 * The application chooses the settings of such buckets, and Gitpod sets only the location. Enforce the organization policies
 * `storage.uniformBucketLevelAccess` and `storage.publicAccessPrevention` in the project; by Cloud Storage's default, deleted objects
 * can be restored for seven days (soft delete).
 *
 * @see https://cloud.google.com/storage/docs/access-control/iam-permissions
 *
 * @example
 * const buckets = new ApplicationBuckets(this, "workspaces", { prefix: "gitpod-", location: "EU", project: "platform" });
 * buckets.grantReadWriteToMember("gitpod", "serviceAccount:gitpod@platform.iam.gserviceaccount.com");
 */
export class ApplicationBuckets extends Construct implements IObjectStore {
  public readonly kind = ObjectStoreKind.GCS;
  public readonly cloud = Cloud.GOOGLE;
  /** Prefix of the buckets' names. */
  public readonly bucketName: string;
  public readonly region: string;
  public readonly endpoint: string;
  public readonly projectId: string;
  /** The custom role to create buckets. */
  public readonly makerRole: ProjectIamCustomRole;
  /** The custom role to use the objects of buckets whose names begin with the prefix. */
  public readonly objectRole: ProjectIamCustomRole;
  private readonly checks: SynthChecks;
  private readonly grants: IdentityGrants;
  private readonly waitFor = new GrowingDependables();
  private readonly provider?: TerraformProvider;

  public constructor(scope: Construct, id: string, props: ApplicationBucketsProps) {
    super(scope, id);
    requireProps(this.node.path, "GCS", props, { prefix: true, location: true, project: true });
    const { prefix, project, provider, dependsOn } = props;
    const checks = new SynthChecks(this, "GCS");
    this.checks = checks;
    checks.matches(
      "prefix",
      prefix,
      /^[a-z0-9][a-z0-9_-]{2,39}$/,
      "must be 3 to 40 lower-case letters, digits, hyphens and underscores, beginning with a letter or digit",
    );
    if (!isResolved(prefix)) {
      checks.fail("prefix", prefix, "must be known at synth, since the application has it in its code");
    }
    checks.optOut(
      "ApplicationBuckets: the application can create buckets in the project and chooses their settings",
    );
    this.grants = new IdentityGrants(checks, "grantReadWrite", this.cloud);
    this.provider = provider;
    this.bucketName = prefix;
    this.region = props.location;
    this.endpoint = ENDPOINT;
    this.projectId = project;
    // The id of a deleted role is reserved for weeks, so two programs must not share one by accident.
    const roleId = (name: string) => `${name}_${shortHash(namingPath(this))}`;
    this.makerRole = new ProjectIamCustomRole(this, "Maker", {
      roleId: roleId("bucketMaker"),
      title: `Makes buckets (${namingPath(this)})`,
      permissions: ["storage.buckets.create"],
      project,
      provider,
      dependsOn,
    });
    this.objectRole = new ProjectIamCustomRole(this, "Objects", {
      roleId: roleId("bucketObjects"),
      title: `Reads and writes objects (${namingPath(this)})`,
      permissions: OBJECT_PERMISSIONS,
      project,
      provider,
      dependsOn,
    });
  }

  public get dependables(): ITerraformDependable[] {
    return this.waitFor.all;
  }

  /**
   * Google's default protection of the buckets, whose settings the application chooses: soft delete of 7 days, unless a policy of the
   * organization differs, and the redundancy of their location.
   */
  public get protections(): readonly Protection[] {
    return bucketProtections({
      bucketName: "$BUCKET",
      prefix: this.bucketName,
      location: this.region,
      softDeleteDays: DEFAULT_SOFT_DELETE_DAYS,
      versioned: false,
      noncurrentDays: DEFAULT_NONCURRENT_DAYS,
    });
  }

  /**
   * Grants an identity the roles to create buckets, and to read, write, delete and list objects in those with the prefix.
   *
   * @param identity an identity with a Google service account (`GkeWorkloadIdentity`).
   */
  public grantReadWrite(identity: IWorkloadIdentity): IGrant {
    const { email } = identity as IGoogleWorkloadIdentity;
    return this.grants.grant(identity, email, "GkeWorkloadIdentity", () =>
      this.grantReadWriteToMember(identityPart(this, identity), `serviceAccount:${email}`),
    );
  }

  /**
   * Grants an identity the permission to sign URLs of objects: `iam.serviceAccounts.signBlob` on its own service account.
   *
   * @param identity an identity with a Google service account (`GkeWorkloadIdentity`).
   */
  public grantSignUrls(identity: IWorkloadIdentity): IGrant {
    return grantSignUrls(this.checks, identity);
  }

  /**
   * Grants the same roles to any IAM principal, such as a service account whose key the application has.
   *
   * @param id part of the construct ids, known at synth.
   * @param member the principal, as IAM writes it, such as `serviceAccount:NAME@PROJECT.iam.gserviceaccount.com`; may be a token.
   */
  public grantReadWriteToMember(id: string, member: string): IGrant {
    const common = { project: this.projectId, member, provider: this.provider };
    const dependables = [
      new ProjectIamMember(this, `Maker-${id}`, { ...common, role: this.makerRole.name }),
      new ProjectIamMember(this, `Objects-${id}`, {
        ...common,
        role: this.objectRole.name,
        // "IAM conditions, resource attributes": a bucket's name is projects/_/buckets/NAME, an object's begins with it.
        condition: {
          title: `buckets ${this.bucketName}`,
          expression: `resource.name.startsWith("projects/_/buckets/${this.bucketName}")`,
        },
      }),
    ];
    this.waitFor.add(...dependables);
    return { dependables };
  }
}
