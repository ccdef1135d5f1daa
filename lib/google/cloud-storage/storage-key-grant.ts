// Cloud Storage uses a customer's key by its own service agent. Buckets that share a key share the grant: were there one for
// each, removing a bucket would take the key away from the others.

import { DataGoogleStorageProjectServiceAccount } from "@cdktf/provider-google/lib/data-google-storage-project-service-account";
import { KmsCryptoKeyIamMember } from "@cdktf/provider-google/lib/kms-crypto-key-iam-member";
import { type ITerraformDependable, type TerraformProvider, TerraformStack } from "cdktf";
import { Construct } from "constructs";
import { constructIdFor, shortHash } from "../../database/private";

/** What a grant follows from. @internal */
export interface StorageKeyGrantProps {
  readonly keyName: string;
  readonly project?: string;
  readonly provider?: TerraformProvider;
  readonly dependsOn?: ITerraformDependable[];
}

/** Lets Cloud Storage's service agent use a key. @internal */
export class StorageKeyGrant extends Construct {
  /** The grant of a key in a bucket's stack, made once for each key, project and provider. */
  public static of(scope: Construct, props: StorageKeyGrantProps): StorageKeyGrant {
    const stack = TerraformStack.of(scope);
    const { keyName, project, provider } = props;
    const parts = [keyName, project ?? ""].map((part) => constructIdFor(scope, part));
    const id = `StorageKeyGrant-${shortHash([...parts, provider?.alias ?? ""].join(" "))}`;
    return (
      (stack.node.tryFindChild(id) as StorageKeyGrant | undefined) ?? new StorageKeyGrant(stack, id, props)
    );
  }

  public readonly resource: KmsCryptoKeyIamMember;

  private constructor(scope: Construct, id: string, props: StorageKeyGrantProps) {
    super(scope, id);
    const { project, provider, dependsOn } = props;
    const agent = new DataGoogleStorageProjectServiceAccount(this, "Agent", { project, provider });
    this.resource = new KmsCryptoKeyIamMember(this, "Resource", {
      cryptoKeyId: props.keyName,
      role: "roles/cloudkms.cryptoKeyEncrypterDecrypter",
      member: `serviceAccount:${agent.emailAddress}`,
      provider,
      dependsOn,
    });
  }
}
