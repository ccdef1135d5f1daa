import type { ITerraformDependable, TerraformProvider } from "cdktf";
import { Construct } from "constructs";
import { type DatabaseLogin, SecretValue } from "../../database";
import {
  EphemeralResource,
  requireProps,
  SynthChecks,
  secretVersion,
  storedLogin,
} from "../../database/private";

/** Options of the reading of a secret. */
export interface StoredSecretOptions {
  /** AWS provider, of the region of the secret. @default - the stack's only AWS provider */
  readonly provider?: TerraformProvider;
  /** Resources that must exist before the secret is read. @default - none */
  readonly dependsOn?: ITerraformDependable[];
}

/** Properties of a `StoredSecret`. */
export interface StoredSecretProps extends StoredSecretOptions {
  /**
   * ARN or name of the secret; may be a token. The ARN for a secret of another account.
   *
   * @see https://docs.aws.amazon.com/secretsmanager/latest/apireference/API_GetSecretValue.html
   */
  readonly secretId: string;
  /**
   * Version of the value, 1 or more; may be a token. Consumers are updated when it changes: increment it when the value changes, or give
   * the version of the stack that writes the secret. @default 1
   */
  readonly version?: number;
}

/**
 * A secret that exists already in AWS Secrets Manager, such as that of another stack. Terraform reads its current value
 * (`AWSCURRENT`) in each run and stores it nowhere. Terraform needs `secretsmanager:GetSecretValue`, and `kms:Decrypt` for the secret's key.
 *
 * @see https://docs.aws.amazon.com/secretsmanager/latest/userguide/retrieving-secrets.html
 *
 * @example
 * const password = new StoredSecret(this, "password", { secretId: "platform/postgres/coder" }).value;
 */
export class StoredSecret extends Construct {
  /**
   * A login of a server in another stack, with its password read from Secrets Manager. The version follows the other stack, so that the
   * next apply of this stack takes over a rotated password.
   *
   * @param scope the scope, in the stack that uses the login.
   * @param id the construct id.
   * @param login the login in the other stack, with a generated password; not set throws, as for a server without an administrator.
   * @param options the provider. @default - the stack's only AWS provider
   * @throws Error if the password is not in Secrets Manager.
   */
  public static login(
    scope: Construct,
    id: string,
    login: DatabaseLogin | undefined,
    options: StoredSecretOptions = {},
  ): DatabaseLogin {
    const path = `${scope.node.path}/${id}`;
    return storedLogin(
      path,
      "SECRETS-MANAGER",
      login,
      (secretId, version, suffix) =>
        new StoredSecret(scope, `${id}${suffix}`, { ...options, secretId, version }).value,
    );
  }

  /** The value, for write-only arguments. */
  public readonly value: SecretValue;

  public constructor(scope: Construct, id: string, props: StoredSecretProps) {
    super(scope, id);
    requireProps(this.node.path, "SECRETS-MANAGER", props, { secretId: true });
    const { secretId, provider, dependsOn } = props;
    const checks = new SynthChecks(this, "SECRETS-MANAGER");
    const version = secretVersion(checks, "version", props.version);
    checks.matches(
      "secretId",
      secretId,
      /^(arn:[a-z-]+:secretsmanager:[a-z0-9-]+:\d{12}:secret:)?[A-Za-z0-9/_+=.@-]{1,512}$/,
      "must be the ARN of a secret, or its name of 1 to 512 letters, digits and /_+=.@-",
    );
    const stored = new EphemeralResource(this, "Stored", {
      type: "aws_secretsmanager_secret_version",
      arguments: { secret_id: secretId },
      provider,
      dependsOn,
    });
    this.value = SecretValue.fromEphemeral(stored.attribute("secret_string"), {
      version,
      dependables: dependsOn ?? [],
      store: { id: secretId, version },
    });
  }
}
