import { IamUser } from "@cdktf/provider-aws/lib/iam-user";
import { IamUserPolicy } from "@cdktf/provider-aws/lib/iam-user-policy";
import type { ITerraformDependable, TerraformProvider } from "cdktf";
import { Construct, type IConstruct } from "constructs";
import { checkUniqueName, physicalName, requireProps, SynthChecks } from "../../database/private";
import { checkTags } from "../private/tags";
import { readWritePolicy } from "./bucket-policies";
import type { IS3Bucket } from "./s3-bucket";

/** An IAM user that reads and writes one bucket: made here (`BucketUser`) or one that exists (`BucketUser.fromUserName`). */
export interface IBucketUser extends IConstruct {
  /** Name of the IAM user; may be a token. */
  readonly userName: string;
  /** Inline policy of the user: access to the bucket. */
  readonly policy: IamUserPolicy;
  /** Resources that have to exist before the user's access key is used. */
  readonly dependables: ITerraformDependable[];
}

/** Access of an IAM user that exists to a bucket (`BucketUser.fromUserName`). */
export interface BucketUserAccess {
  /** Bucket that the user reads and writes. */
  readonly bucket: IS3Bucket;
  /** AWS provider. @default - the bucket's */
  readonly provider?: TerraformProvider;
  /** Resources that have to exist first. @default - none */
  readonly dependsOn?: ITerraformDependable[];
}

/** Properties of a `BucketUser`. */
export interface BucketUserProps extends BucketUserAccess {
  /**
   * Name of the IAM user, unique in the account: 1 to 64 letters, digits and `+=,.@_-`. @default - the construct's path
   *
   * @see https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_identifiers.html
   */
  readonly userName?: string;
  /**
   * ARN of the policy that is the permissions boundary of the user. @default - none
   *
   * @see https://docs.aws.amazon.com/IAM/latest/UserGuide/access_policies_boundaries.html
   */
  readonly permissionsBoundaryArn?: string;
  /**
   * Tags. @default - the provider's default tags only
   *
   * @see https://docs.aws.amazon.com/IAM/latest/UserGuide/id_tags.html
   */
  readonly tags?: { readonly [name: string]: string };
}

const USER_NAME = /^[A-Za-z0-9+=,.@_-]{1,64}$/;

/**
 * An IAM user for an application that cannot assume a role: it reads, writes, deletes and lists the objects of one bucket. Where
 * the application supports roles, grant access to an identity instead (`S3Bucket.grantReadWrite`).
 *
 * The user has **no access key**: Terraform's resource for one writes the secret into the state. Create it outside Terraform, keep
 * it in a secret store, and pass it on as an `ObjectStoreKey`:
 *
 * - `aws iam create-access-key --user-name NAME` prints the key's id and the secret, once;
 * - `aws secretsmanager put-secret-value`, or an ephemeral variable of the stack, keeps the secret;
 * - to rotate it, create a second key, pass it on with a higher version, and delete the first with `aws iam delete-access-key`.
 *
 * AWS does not delete a user that has access keys; delete them first.
 *
 * An application that is installed in the same run needs its key before the user exists: create user and key first
 * (`aws iam create-user`), and use `BucketUser.fromUserName`.
 *
 * @see https://docs.aws.amazon.com/IAM/latest/UserGuide/id_users.html
 *
 * @example
 * const bucket = new S3Bucket(this, "images");
 * const user = new BucketUser(this, "registry", { bucket });
 */
export class BucketUser extends Construct implements IBucketUser {
  /**
   * An IAM user that exists, perhaps with an access key: only its policy for the bucket is created. Its permissions boundary
   * and tags stay as they are.
   *
   * @param scope the parent.
   * @param id the construct's id.
   * @param userName name of the user; may be a token.
   * @param access the bucket.
   *
   * @example
   * const bucket = new S3Bucket(this, "images");
   * const user = BucketUser.fromUserName(this, "registry", "gitpod-registry", { bucket });
   */
  public static fromUserName(
    scope: Construct,
    id: string,
    userName: string,
    access: BucketUserAccess,
  ): IBucketUser {
    return new ImportedBucketUser(scope, id, userName, access);
  }

  /** The IAM user. */
  public readonly resource: IamUser;
  public readonly policy: IamUserPolicy;
  public readonly userName: string;
  public readonly dependables: ITerraformDependable[];

  public constructor(scope: Construct, id: string, props: BucketUserProps) {
    super(scope, id);
    requireProps(this.node.path, "S3", props, { bucket: true });
    const { bucket, tags, dependsOn } = props;
    const provider = props.provider ?? bucket.provider;
    const checks = checksOf(this, props.userName);
    checkTags(checks, this, props.tags);
    checks.matches(
      "permissionsBoundaryArn",
      props.permissionsBoundaryArn,
      /^arn:[a-z-]+:iam::(\d{12}|aws):policy\/.+$/,
      "must be the ARN of a policy, such as arn:aws:iam::123456789012:policy/boundary",
    );
    const userName = props.userName ?? physicalName(this, 64);
    checkUniqueName(checks, this, { kind: "IAM user", property: "userName", name: userName, provider });
    this.resource = new IamUser(this, "Resource", {
      name: userName,
      permissionsBoundary: props.permissionsBoundaryArn,
      tags,
      provider,
      dependsOn,
    });
    this.userName = this.resource.name;
    this.policy = accessPolicy(this, this.userName, props);
    this.dependables = [this.policy, ...bucket.dependables];
  }
}

class ImportedBucketUser extends Construct implements IBucketUser {
  public readonly policy: IamUserPolicy;
  public readonly dependables: ITerraformDependable[];

  public constructor(
    scope: Construct,
    id: string,
    public readonly userName: string,
    access: BucketUserAccess,
  ) {
    super(scope, id);
    checksOf(this, userName);
    this.policy = accessPolicy(this, userName, access);
    this.dependables = [this.policy, ...access.bucket.dependables];
  }
}

function checksOf(scope: Construct, userName: string | undefined): SynthChecks {
  const checks = new SynthChecks(scope, "S3");
  checks.matches(
    "userName",
    userName,
    USER_NAME,
    "must be 1 to 64 letters, digits and characters of +=,.@_-",
  );
  checks.optOut(
    "BucketUser: an IAM user with a long-lived access key has access to the bucket; a role needs none",
  );
  return checks;
}

function accessPolicy(scope: Construct, user: string, access: BucketUserAccess): IamUserPolicy {
  const { bucket, dependsOn } = access;
  return new IamUserPolicy(scope, "Policy", {
    user,
    policy: readWritePolicy(bucket),
    provider: access.provider ?? bucket.provider,
    dependsOn,
  });
}
