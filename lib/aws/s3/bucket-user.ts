import { IamUser } from "@cdktf/provider-aws/lib/iam-user";
import { IamUserPolicy } from "@cdktf/provider-aws/lib/iam-user-policy";
import type { ITerraformDependable, TerraformProvider } from "cdktf";
import { Construct } from "constructs";
import { checkUniqueName, physicalName, SynthChecks } from "../../database/private";
import { readWritePolicy } from "./bucket-access";
import type { S3Bucket } from "./s3-bucket";

/** Properties of a `BucketUser`. */
export interface BucketUserProps {
  /** The bucket that the user reads and writes. */
  readonly bucket: S3Bucket;
  /** The user's name, unique in the account: 1 to 64 letters, digits and `+=,.@_-`. @default - the construct's path */
  readonly userName?: string;
  /** Whether the user `userName` is there already, with a key perhaps, and only gets its policy here. @default false */
  readonly existing?: boolean;
  /** A policy that limits what the user can ever do. @default - none */
  readonly permissionsBoundaryArn?: string;
  /** Tags. @default - none but the provider's default tags */
  readonly tags?: { readonly [name: string]: string };
  /** The provider. @default - the bucket's */
  readonly provider?: TerraformProvider;
  /** What has to exist first. @default - nothing */
  readonly dependsOn?: ITerraformDependable[];
}

/**
 * An IAM user for an application that knows no roles: it may read, write, delete and list the objects of one bucket. Where the
 * application knows roles, give it an identity instead (`S3Bucket.grantReadWrite`).
 *
 * It has **no access key**: Terraform's resource for one writes the secret into the state. Make one beside Terraform, keep it in
 * a secret store, and hand it over as an `ObjectStoreKey`:
 *
 * - `aws iam create-access-key --user-name NAME` prints the key's id and the secret, once;
 * - `aws secretsmanager put-secret-value`, or an ephemeral variable of the stack, keeps the secret;
 * - to change it, make a second key, hand that over with a higher version, and delete the first with `aws iam delete-access-key`.
 *
 * AWS does not delete a user with keys; delete them first.
 *
 * An application that is installed in the same run needs its key before there is a user: make user and key first
 * (`aws iam create-user`), and say `existing`.
 *
 * @example
 * const bucket = new S3Bucket(this, "images");
 * const user = new BucketUser(this, "registry", { bucket });
 */
export class BucketUser extends Construct {
  /** The user; not set for one that was there. */
  public readonly resource?: IamUser;
  /** The user's only policy. */
  public readonly policy: IamUserPolicy;
  /** The user's name. */
  public readonly userName: string;
  /** What has to exist before the user's key is used. */
  public readonly dependables: ITerraformDependable[];

  public constructor(scope: Construct, id: string, props: BucketUserProps) {
    super(scope, id);
    const { bucket, tags, dependsOn } = props;
    const provider = props.provider ?? bucket.provider;
    const checks = new SynthChecks(this);
    checks.matches(
      "userName",
      props.userName,
      /^[A-Za-z0-9+=,.@_-]{1,64}$/,
      "allowed are 1 to 64 letters, digits and the signs +=,.@_-",
    );
    checks.matches(
      "permissionsBoundaryArn",
      props.permissionsBoundaryArn,
      /^arn:[a-z-]+:iam::(\d{12}|aws):policy\/.+$/,
      "allowed is the ARN of a policy, such as arn:aws:iam::123456789012:policy/boundary",
    );
    checks.optOut(
      "BucketUser: an IAM user with a long-lived key opens the bucket; a role would not need one",
    );
    const userName = props.userName ?? physicalName(this, 64);
    if (props.existing) {
      if (props.userName === undefined) checks.fail("userName", undefined, "name the user that is there");
      if (props.permissionsBoundaryArn !== undefined) {
        checks.fail(
          "permissionsBoundaryArn",
          props.permissionsBoundaryArn,
          "a user that is there keeps its own",
        );
      }
    } else {
      checkUniqueName(checks, this, { kind: "IAM user", property: "userName", name: userName, provider });
      this.resource = new IamUser(this, "Resource", {
        name: userName,
        permissionsBoundary: props.permissionsBoundaryArn,
        tags,
        provider,
        dependsOn,
      });
    }
    this.userName = this.resource?.name ?? userName;
    this.policy = new IamUserPolicy(this, "Policy", {
      user: this.userName,
      policy: readWritePolicy(bucket),
      provider,
      dependsOn,
    });
    this.dependables = [this.policy, ...bucket.dependables];
  }
}
