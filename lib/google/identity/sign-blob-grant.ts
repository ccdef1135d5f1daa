// Signing without a key: IAM signs with a key that Google manages. Only the permission to do so is granted, on the account itself;
// the predefined role with it, Service Account Token Creator, also allows tokens for every audience.

import { ProjectIamCustomRole } from "@cdktf/provider-google/lib/project-iam-custom-role";
import { ServiceAccountIamMember } from "@cdktf/provider-google/lib/service-account-iam-member";
import type { TerraformProvider } from "cdktf";
import { Construct } from "constructs";
import type { IGrant } from "../../database";
import { type GrowingDependables, namingPath, shortHash } from "../../database/private";

/** The account that signs. @internal */
export interface SignBlobGrantProps {
  /** The account, as `projects/PROJECT/serviceAccounts/EMAIL`; may be a token. */
  readonly serviceAccountId: string;
  /** The account as a member of IAM policies; may be a token. */
  readonly member: string;
  /** Project of the account and of the custom role. */
  readonly project: string;
  readonly provider?: TerraformProvider;
}

/**
 * The permission of an account to sign blobs as itself. Not tried against Google Cloud: the permission is that of
 * https://cloud.google.com/iam/docs/reference/credentials/rest/v1/projects.serviceAccounts/signBlob, and the same that Velero's
 * plug-in asks for.
 *
 * @internal
 */
export class SignBlobGrant extends Construct {
  /** The grant of an identity, created once. */
  public static getOrCreate(
    identity: Construct,
    waitFor: GrowingDependables,
    props: SignBlobGrantProps,
  ): IGrant {
    const existing = identity.node.tryFindChild("SignBlob") as SignBlobGrant | undefined;
    if (existing) return { dependables: [existing.resource] };
    const { resource } = new SignBlobGrant(identity, "SignBlob", props);
    waitFor.add(resource);
    return { dependables: [resource] };
  }

  public readonly resource: ServiceAccountIamMember;

  private constructor(scope: Construct, id: string, props: SignBlobGrantProps) {
    super(scope, id);
    const { project, provider } = props;
    const role = new ProjectIamCustomRole(this, "Role", {
      // The id of a deleted role is reserved for weeks, so two identities must not share one by accident.
      roleId: `blobSigner_${shortHash(namingPath(this))}`,
      title: `Signs blobs (${namingPath(scope)})`.slice(0, 100),
      permissions: ["iam.serviceAccounts.signBlob"],
      project,
      provider,
    });
    this.resource = new ServiceAccountIamMember(this, "Resource", {
      serviceAccountId: props.serviceAccountId,
      role: role.name,
      member: props.member,
      provider,
    });
  }
}
