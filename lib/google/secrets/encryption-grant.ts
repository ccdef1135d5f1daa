// Cloud SQL and Artifact Registry use a customer's key by a service agent of their own, which has to be allowed to before the
// first instance or repository.

import { DataGoogleProject } from "@cdktf/provider-google/lib/data-google-project";
import { KmsCryptoKeyIamMember } from "@cdktf/provider-google/lib/kms-crypto-key-iam-member";
import { type ITerraformDependable, type TerraformProvider, TerraformStack } from "cdktf";
import { Construct } from "constructs";
import { isResolved, type SynthChecks, shortHash } from "../../database/private";

/** Properties of an `EncryptionGrant`. @internal */
export interface EncryptionGrantProps {
  readonly keyName: string;
  readonly serviceAgent?: string;
  /** The project of service agents of the product. @default gcp-sa-cloud-sql */
  readonly agentProject?: string;
  readonly project?: string;
  readonly provider?: TerraformProvider;
  readonly dependsOn?: ITerraformDependable[];
}

const KEY_NAME = /^projects\/[^/]+\/locations\/([^/]+)\/keyRings\/[^/]+\/cryptoKeys\/[^/]+$/;

/** Lets a product's service agent use a key. @internal */
export class EncryptionGrant extends Construct {
  public readonly resource: KmsCryptoKeyIamMember;

  public constructor(scope: Construct, id: string, props: EncryptionGrantProps) {
    super(scope, id);
    const agent =
      props.serviceAgent ??
      `service-${this.projectNumber(props)}@${props.agentProject ?? "gcp-sa-cloud-sql"}.iam.gserviceaccount.com`;
    this.resource = new KmsCryptoKeyIamMember(this, "Resource", {
      cryptoKeyId: props.keyName,
      role: "roles/cloudkms.cryptoKeyEncrypterDecrypter",
      member: `serviceAccount:${agent}`,
      provider: props.provider,
      dependsOn: props.dependsOn,
    });
  }

  // Looked up once for each stack, provider and project.
  private projectNumber({ project, provider }: EncryptionGrantProps): string {
    const stack = TerraformStack.of(this);
    const parts = [provider?.alias, project && (isResolved(project) ? project : shortHash(this.node.path))];
    const id = ["GoogleProject", ...parts.filter((part) => part !== undefined)].join("-");
    const existing = stack.node.tryFindChild(id) as DataGoogleProject | undefined;
    return (existing ?? new DataGoogleProject(stack, id, { projectId: project, provider })).number;
  }
}

/** Reports a key that Cloud SQL cannot use. @internal */
export function checkEncryptionKey(
  checks: SynthChecks,
  keyName: string | undefined,
  serviceAgent: string | undefined,
  region: string,
): void {
  checks.matches(
    "encryptionKeyName",
    keyName,
    KEY_NAME,
    "allowed is projects/PROJECT/locations/REGION/keyRings/RING/cryptoKeys/KEY, a key and not one of its versions",
  );
  const location =
    keyName !== undefined && isResolved([keyName, region]) ? KEY_NAME.exec(keyName)?.[1] : undefined;
  if (location !== undefined && location !== region) {
    checks.fail("encryptionKeyName", keyName, `the key has to be in the instance's region, ${region}`);
  }
  if (keyName === undefined && serviceAgent !== undefined) {
    checks.fail("encryptionServiceAgent", serviceAgent, "it is of use with encryptionKeyName only");
  }
  checks.matches(
    "encryptionServiceAgent",
    serviceAgent,
    /^[^@\s]+@[^@\s]+$/,
    "allowed is an e-mail address, such as service-1234@gcp-sa-cloud-sql.iam.gserviceaccount.com",
  );
}
