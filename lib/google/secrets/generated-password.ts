// A password made by Terraform and kept in Secret Manager. google 6.50 cannot read a secret back without writing it to
// the state, so everything that stores the password has to be written in one and the same run.

import { SecretManagerSecret } from "@cdktf/provider-google/lib/secret-manager-secret";
import { SecretManagerSecretVersion } from "@cdktf/provider-google/lib/secret-manager-secret-version";
import type { ITerraformDependable, TerraformProvider } from "cdktf";
import { Construct } from "constructs";
import { SecretValue } from "../../database";
import {
  EphemeralResource,
  GENERATED_PASSWORD_LENGTH,
  physicalName,
  SynthChecks,
} from "../../database/private";
import { secretVersion } from "./secret-version";

/** Properties of a `GeneratedPassword`. */
export interface GeneratedPasswordProps {
  /** The number that stands for the present value, 1 or more: raise it and a new password is written to every place. @default 1 */
  readonly version?: number;
  /** The secret's name in Secret Manager: 1 to 255 letters, digits, hyphens and underscores. @default - the construct's path */
  readonly secretId?: string;
  /** The region that keeps the secret. @default - Google chooses, in any region */
  readonly region?: string;
  /** Whether Google refuses to delete the secret. @default true */
  readonly retain?: boolean;
  /** The project. @default - the provider's */
  readonly project?: string;
  /** Labels. @default - none */
  readonly tags?: { readonly [name: string]: string };
  /** The provider. @default - the stack's only google provider */
  readonly provider?: TerraformProvider;
  /** What has to exist first. @default - nothing */
  readonly dependsOn?: ITerraformDependable[];
}

/**
 * A random password in no state, plan or output of Terraform, with a copy in Secret Manager. Needs the random provider
 * and Terraform or OpenTofu 1.11.
 *
 * **Know this:** the value differs in each run, and a place keeps the one of the run in which it was written. A run that
 * stops half-way can leave the server, Secret Manager and the application's secret with different passwords. Raise
 * `version` (`passwordVersion` of a server) by one and apply: all places are written anew, with one value. A place that
 * is added later gets a wrong value for the same reason, so raise the number with it too.
 *
 * @example
 * const password = new GeneratedPassword(this, "password", { version: 1 }).value;
 */
export class GeneratedPassword extends Construct {
  /** The secret in Secret Manager. */
  public readonly resource: SecretManagerSecret;
  /** The value, for write-only arguments of this run. */
  public readonly value: SecretValue;
  private readonly props: GeneratedPasswordProps;

  public constructor(scope: Construct, id: string, props: GeneratedPasswordProps = {}) {
    super(scope, id);
    this.props = props;
    const { provider, project } = props;
    const checks = new SynthChecks(this);
    const version = secretVersion(checks, "version", props.version);
    checks.matches(
      "secretId",
      props.secretId,
      /^[A-Za-z0-9_-]{1,255}$/,
      "allowed are 1 to 255 letters, digits, hyphens and underscores",
    );
    const random = new EphemeralResource(this, "Random", {
      type: "random_password",
      // Letters and digits only: legal for every cloud and engine, and the same in a URL. These settings may change
      // freely: a new value is stored only when the version is raised.
      arguments: {
        length: GENERATED_PASSWORD_LENGTH,
        special: false,
        min_lower: 1,
        min_upper: 1,
        min_numeric: 1,
      },
    });
    // Made before anything holds a password: what is missing for it (the service, a permission) shows up in time.
    this.resource = new SecretManagerSecret(this, "Resource", {
      secretId: props.secretId ?? physicalName(this, 200),
      replication: props.region ? { userManaged: { replicas: [{ location: props.region }] } } : { auto: {} },
      deletionProtection: props.retain ?? true,
      labels: props.tags,
      project,
      provider,
      dependsOn: props.dependsOn,
    });
    this.value = SecretValue.fromEphemeral(random.attribute("result"), {
      version,
      dependables: [this.resource],
      changesEachRun: true,
    });
  }

  /**
   * Writes the password to Secret Manager.
   *
   * @param after what has the password already, so that all places are written within moments of each other.
   */
  public store(after: ITerraformDependable[]): SecretManagerSecretVersion {
    return new SecretManagerSecretVersion(this, "Version", {
      secret: this.resource.id,
      secretDataWo: this.value.writeOnly(),
      secretDataWoVersion: this.value.version,
      // Not created before the old one goes: Terraform would then do the same with all that this depends on, and a secret
      // with the same name cannot be there twice.
      provider: this.props.provider,
      dependsOn: after,
    });
  }
}
