import { ProjectIamCustomRole } from "@cdktf/provider-google/lib/project-iam-custom-role";
import { ProjectIamMember } from "@cdktf/provider-google/lib/project-iam-member";
import type { ITerraformDependable, TerraformProvider } from "cdktf";
import { Construct } from "constructs";
import { Cloud, type IWorkloadIdentity } from "../../database";
import { isResolved, SynthChecks, shortHash } from "../../database/private";
import { type IObjectStore, ObjectStoreKind, objectStoreHost } from "../../storage";
import { IdentityGrants, identityPart } from "../../storage/private";
import type { IGoogleWorkloadIdentity } from "../identity/google-workload-identity";

/** What a client does with objects; `roles/storage.objectUser` has it too, but only a role of our own can be held to a prefix and go with the bucket's. */
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
  /** What the names of the application's buckets begin with: 3 to 40 lower-case letters, digits, hyphens and underscores. */
  readonly prefix: string;
  /** Where the application makes its buckets: `EU`, `US` or `ASIA` with copies in regions far apart, or a region. */
  readonly location: string;
  /** The project, best one with nothing else in it; may be a token. */
  readonly project: string;
  /** The provider. @default - the stack's only google provider */
  readonly provider?: TerraformProvider;
  /** What has to exist first. @default - nothing */
  readonly dependsOn?: ITerraformDependable[];
}

/**
 * Buckets that an application makes itself while it runs, as Gitpod does for each user. What it may do is held to buckets whose
 * names begin with a prefix, but for making them: Google asks for that right in the project, before there is a name.
 *
 * Such buckets are what their maker says, and Gitpod says only where. Turn the organisation policies
 * `storage.uniformBucketLevelAccess` and `storage.publicAccessPrevention` on in the project; deleted objects can be
 * restored for seven days by Cloud Storage's own default.
 *
 * @example
 * const buckets = new ApplicationBuckets(this, "workspaces", { prefix: "gitpod-", location: "EU", project: "platform" });
 * buckets.grantMember("gitpod", "serviceAccount:gitpod@platform.iam.gserviceaccount.com");
 */
export class ApplicationBuckets extends Construct implements IObjectStore {
  public readonly kind = ObjectStoreKind.GCS;
  public readonly cloud = Cloud.GOOGLE;
  /** The prefix of the buckets' names. */
  public readonly bucketName: string;
  public readonly region: string;
  public readonly endpoint: string;
  public readonly projectId: string;
  public readonly dependables: ITerraformDependable[] = [];
  /** The right to make buckets. */
  public readonly makerRole: ProjectIamCustomRole;
  /** The rights in buckets whose names begin with the prefix. */
  public readonly objectRole: ProjectIamCustomRole;
  private readonly grants: IdentityGrants;
  private readonly provider?: TerraformProvider;

  public constructor(scope: Construct, id: string, props: ApplicationBucketsProps) {
    super(scope, id);
    const { prefix, project, provider, dependsOn } = props;
    const checks = new SynthChecks(this);
    checks.matches(
      "prefix",
      prefix,
      /^[a-z0-9][a-z0-9_-]{2,39}$/,
      "allowed are 3 to 40 lower-case letters, digits, hyphens and underscores, beginning with a letter or digit",
    );
    if (!isResolved(prefix)) {
      checks.fail("prefix", prefix, "it has to be known at synth: the application has it in its code");
    }
    checks.optOut(
      "ApplicationBuckets: the application may make buckets in the project, which it sets up itself",
    );
    this.grants = new IdentityGrants(checks, "grantReadWrite", this.cloud);
    this.provider = provider;
    this.bucketName = prefix;
    this.region = props.location;
    this.endpoint = objectStoreHost(this.kind, props.location);
    this.projectId = project;
    // A role's id is free again only weeks after the role went, so two programs must not share one by accident.
    const roleId = (name: string) => `${name}_${shortHash(this.node.path)}`;
    this.makerRole = new ProjectIamCustomRole(this, "Maker", {
      roleId: roleId("bucketMaker"),
      title: `Makes buckets (${this.node.path})`,
      permissions: ["storage.buckets.create"],
      project,
      provider,
      dependsOn,
    });
    this.objectRole = new ProjectIamCustomRole(this, "Objects", {
      roleId: roleId("bucketObjects"),
      title: `Reads and writes objects (${this.node.path})`,
      permissions: OBJECT_PERMISSIONS,
      project,
      provider,
      dependsOn,
    });
  }

  /**
   * Lets an identity make buckets, and read, write, delete and list objects in those of the prefix.
   *
   * @param identity an identity with a Google service account (`GkeWorkloadIdentity`).
   */
  public grantReadWrite(identity: IWorkloadIdentity): void {
    const { email } = identity as IGoogleWorkloadIdentity;
    if (!this.grants.begin(identity, email, "GkeWorkloadIdentity")) return;
    this.grantMember(identityPart(this, identity), `serviceAccount:${email}`);
  }

  /**
   * The same for somebody who is no identity of a cluster, such as an account whose key the application has.
   *
   * @param id part of the construct ids, known at synth.
   * @param member the member in IAM's words, such as `serviceAccount:NAME@PROJECT.iam.gserviceaccount.com`; may be a token.
   */
  public grantMember(id: string, member: string): void {
    const common = { project: this.projectId, member, provider: this.provider };
    this.dependables.push(
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
    );
  }
}
