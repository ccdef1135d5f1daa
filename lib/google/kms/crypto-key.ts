// Customer-managed encryption keys (CMEK). Each product encrypts with its own service agent, which must be granted the use of
// the key before the first resource is created.

import { DataGoogleProject } from "@cdktf/provider-google/lib/data-google-project";
import { DataGoogleStorageProjectServiceAccount } from "@cdktf/provider-google/lib/data-google-storage-project-service-account";
import { KmsCryptoKeyIamMember } from "@cdktf/provider-google/lib/kms-crypto-key-iam-member";
import { type ITerraformDependable, type TerraformProvider, TerraformStack } from "cdktf";
import { Construct } from "constructs";
import { constructIdFor, isResolved, namingPath, type SynthChecks, shortHash } from "../../database/private";

/**
 * A Cloud KMS key.
 *
 * @see https://cloud.google.com/kms/docs/cmek
 */
export interface ICryptoKey {
  /** The resource name, `projects/PROJECT/locations/LOCATION/keyRings/RING/cryptoKeys/KEY`; may be a token. */
  readonly keyName: string;
}

/**
 * A customer-managed encryption key (CMEK) in Cloud KMS.
 *
 * @example
 * const encryptionKey = CryptoKey.fromKeyName("projects/keys/locations/europe-west1/keyRings/databases/cryptoKeys/coder");
 */
export class CryptoKey implements ICryptoKey {
  /**
   * An existing key.
   *
   * @param keyName the key's resource name, without a version; may be a token.
   */
  public static fromKeyName(keyName: string): ICryptoKey {
    return new CryptoKey(keyName);
  }

  private constructor(public readonly keyName: string) {}
}

const KEY_NAME = /^projects\/[^/]+\/locations\/([^/]+)\/keyRings\/[^/]+\/cryptoKeys\/[^/]+$/;

/** Refuses a key in the wrong form or in a location that the resource cannot use. @internal */
export function checkEncryptionKey(
  checks: SynthChecks,
  key: ICryptoKey | undefined,
  resource: string,
  locations: string[],
): void {
  const keyName = key?.keyName;
  checks.matches(
    "encryptionKey",
    keyName,
    KEY_NAME,
    "must be projects/PROJECT/locations/LOCATION/keyRings/RING/cryptoKeys/KEY, without a key version",
  );
  if (keyName === undefined || !isResolved([keyName, locations])) return;
  const location = KEY_NAME.exec(keyName)?.[1];
  if (location !== undefined && !locations.includes(location)) {
    checks.fail(
      "encryptionKey",
      keyName,
      `must be in the location of the ${resource}, ${locations.join(" or ")}`,
      "encryptionKeyLocation",
    );
  }
}

/** Properties of a `ServiceAgentKeyGrant`. @internal */
export interface ServiceAgentKeyGrantProps {
  readonly key: ICryptoKey;
  /** The e-mail address of the service agent. @default - the agent of the project, which is looked up */
  readonly serviceAgent?: string;
  /** The domain of the product's service agents. */
  readonly agentDomain: "gcp-sa-cloud-sql" | "gcp-sa-artifactregistry";
  readonly project?: string;
  readonly provider?: TerraformProvider;
  readonly dependsOn?: ITerraformDependable[];
}

const ENCRYPTER_DECRYPTER = "roles/cloudkms.cryptoKeyEncrypterDecrypter";

/** Grants the service agent of Cloud SQL or Artifact Registry the use of a key. @internal */
export class ServiceAgentKeyGrant extends Construct {
  public readonly resource: KmsCryptoKeyIamMember;

  public constructor(scope: Construct, id: string, props: ServiceAgentKeyGrantProps) {
    super(scope, id);
    const agent =
      props.serviceAgent ??
      `service-${this.projectNumber(props)}@${props.agentDomain}.iam.gserviceaccount.com`;
    this.resource = new KmsCryptoKeyIamMember(this, "Resource", {
      cryptoKeyId: props.key.keyName,
      role: ENCRYPTER_DECRYPTER,
      member: `serviceAccount:${agent}`,
      provider: props.provider,
      dependsOn: props.dependsOn,
    });
  }

  // Looked up once per stack, provider and project.
  private projectNumber({ project, provider }: ServiceAgentKeyGrantProps): string {
    const stack = TerraformStack.of(this);
    const parts = [provider?.alias, project && (isResolved(project) ? project : shortHash(namingPath(this)))];
    const id = ["GoogleProject", ...parts.filter((part) => part !== undefined)].join("-");
    const existing = stack.node.tryFindChild(id) as DataGoogleProject | undefined;
    return (existing ?? new DataGoogleProject(stack, id, { projectId: project, provider })).number;
  }
}

/** Properties of a `StorageKeyGrant`. @internal */
export interface StorageKeyGrantProps {
  readonly key: ICryptoKey;
  readonly project?: string;
  readonly provider?: TerraformProvider;
  readonly dependsOn?: ITerraformDependable[];
}

/**
 * Grants Cloud Storage's service agent the use of a key. Buckets that share a key share the grant: with one grant per bucket,
 * removing one bucket would revoke the key for the others.
 *
 * @internal
 */
export class StorageKeyGrant extends Construct {
  /** The grant in the bucket's stack, created once per key, project and provider. */
  public static getOrCreate(scope: Construct, props: StorageKeyGrantProps): StorageKeyGrant {
    const stack = TerraformStack.of(scope);
    const { key, project, provider } = props;
    const parts = [key.keyName, project ?? ""].map((part) => constructIdFor(scope, part));
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
      cryptoKeyId: props.key.keyName,
      role: ENCRYPTER_DECRYPTER,
      member: `serviceAccount:${agent.emailAddress}`,
      provider,
      dependsOn,
    });
  }
}
