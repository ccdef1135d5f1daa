// A password that Terraform generates and keeps in Secret Manager. google 6.50 cannot read a secret back without writing it to
// the state, so every resource that stores the password must be written in the same run.

import { SecretManagerSecret } from "@cdktf/provider-google/lib/secret-manager-secret";
import { SecretManagerSecretVersion } from "@cdktf/provider-google/lib/secret-manager-secret-version";
import type { ITerraformDependable, TerraformProvider } from "cdktf";
import { Construct } from "constructs";
import { SecretValue } from "../../database";
import {
  EphemeralResource,
  GENERATED_PASSWORD_LENGTH,
  lazyText,
  physicalName,
  requireArgument,
  SynthChecks,
  secretIdentity,
  secretVersion,
} from "../../database/private";
import { checkLabels } from "../resource-names";

/** Properties of a `GeneratedPassword`. */
export interface GeneratedPasswordProps {
  /** Password version, 1 or more; increment to generate a new password and write it to every place. @default 1 */
  readonly version?: number;
  /**
   * Secret id in Secret Manager: 1 to 255 letters, digits, hyphens and underscores. @default - the construct's path
   *
   * @see https://cloud.google.com/secret-manager/docs/creating-and-accessing-secrets
   */
  readonly secretId?: string;
  /**
   * Region of the secret (user-managed replication). @default - automatic replication
   *
   * @see https://cloud.google.com/secret-manager/docs/choosing-replication
   */
  readonly region?: string;
  /**
   * Enables deletion protection of the secret.
   * @default true
   *
   * @see https://registry.terraform.io/providers/hashicorp/google/latest/docs/resources/secret_manager_secret#deletion_protection
   */
  readonly retain?: boolean;
  /**
   * Project of the secret. @default - the provider's project
   *
   * @see https://cloud.google.com/resource-manager/docs/creating-managing-projects#identifying_projects
   */
  readonly project?: string;
  /**
   * Labels of the secret. @default - none
   *
   * @see https://cloud.google.com/secret-manager/docs/add-labels-to-secrets
   */
  readonly tags?: { readonly [name: string]: string };
  /** The google provider. @default - the stack's only google provider */
  readonly provider?: TerraformProvider;
  /** Resources that must exist first. @default - none */
  readonly dependsOn?: ITerraformDependable[];
}

/**
 * A random password with a copy in Secret Manager. It is in no state, plan or output of Terraform. Needs the random provider and
 * Terraform or OpenTofu 1.11.
 *
 * **Important:** the value is regenerated on every run and written only when `version` changes. A run that stops half-way can
 * leave the server, Secret Manager and the application's secret with different passwords. Increment `version`
 * (`passwordVersion` of a server) and apply again: all places are then written with one value. For the same reason, increment
 * it when you add a place that stores the password, or after the secret's value was changed or deleted outside Terraform. A secret
 * that is made anew is followed by all places in the same run.
 *
 * @see https://cloud.google.com/secret-manager/docs/overview
 *
 * @example
 * const password = new GeneratedPassword(this, "password", { version: 1 }).value;
 */
export class GeneratedPassword extends Construct {
  /** The secret in Secret Manager. */
  public readonly resource: SecretManagerSecret;
  /** The password, for write-only arguments of this run. */
  public readonly value: SecretValue;
  private readonly version: number;
  private readonly props: GeneratedPasswordProps;
  private storedId?: string;

  public constructor(scope: Construct, id: string, props: GeneratedPasswordProps = {}) {
    super(scope, id);
    this.props = props;
    const { provider, project } = props;
    const checks = new SynthChecks(this, "SECRET-MANAGER");
    checkLabels(checks, this, props.tags);
    const version = secretVersion(checks, "version", props.version);
    this.version = version;
    requireArgument(checks, SecretManagerSecret, "deletionProtection", "@cdktf/provider-google 16.5.0");
    checks.matches(
      "secretId",
      props.secretId,
      /^[A-Za-z0-9_-]{1,255}$/,
      "must be 1 to 255 letters, digits, hyphens and underscores",
    );
    const random = new EphemeralResource(this, "Random", {
      type: "random_password",
      // Letters and digits only: legal for every cloud and engine, and the same in a URL. These settings may change freely,
      // since a new value is stored only when the version is incremented.
      arguments: {
        length: GENERATED_PASSWORD_LENGTH,
        special: false,
        min_lower: 1,
        min_upper: 1,
        min_numeric: 1,
      },
    });
    // Created before anything stores a password, so that a missing API or permission is reported in time.
    this.resource = new SecretManagerSecret(this, "Resource", {
      secretId: props.secretId ?? physicalName(this, 200),
      replication: props.region ? { userManaged: { replicas: [{ location: props.region }] } } : { auto: {} },
      deletionProtection: props.retain ?? true,
      labels: props.tags,
      project,
      provider,
      dependsOn: props.dependsOn,
    });
    const identity = `${this.resource.createTime} ${version}`;
    this.value = SecretValue.fromEphemeral(random.attribute("result"), {
      // Not the number alone: a secret that is made anew, after it was deleted or its id changed, gets another value under the same
      // number, which the server and all other places have to follow in the same run.
      version: secretIdentity(identity),
      dependables: [this.resource],
      changesEachRun: true,
      store: {
        id: this.resource.id,
        // The version in Secret Manager, which is written last: another stack follows when all places have the password.
        version: secretIdentity(lazyText(() => this.storedId ?? identity)),
      },
    });
  }

  /**
   * Writes the password to Secret Manager.
   *
   * @param after resources that store the password first, so that all places are written within moments of each other.
   */
  public store(after: ITerraformDependable[]): SecretManagerSecretVersion {
    const stored = new SecretManagerSecretVersion(this, "Version", {
      secret: this.resource.id,
      secretDataWo: this.value.writeOnly(),
      secretDataWoVersion: this.version,
      // No create_before_destroy: Terraform would apply it to all dependencies too, and a secret with the same id cannot exist
      // twice.
      provider: this.props.provider,
      dependsOn: after,
    });
    // Kept, since CDKTF hands the same reference, and no equal one, over to another stack.
    this.storedId = stored.id;
    return stored;
  }
}
