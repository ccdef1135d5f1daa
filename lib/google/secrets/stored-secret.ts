import { type ITerraformDependable, type TerraformProvider, TerraformStack } from "cdktf";
import { Construct } from "constructs";
import { coerce, lt } from "semver";
import { type DatabaseLogin, SecretValue } from "../../database";
import {
  EphemeralResource,
  requireProps,
  SynthChecks,
  secretVersion,
  storedLogin,
} from "../../database/private";

/** First version of the google provider that reads a secret without writing it to the state. Source, read 2026-11: its CHANGELOG, 7.6.0. */
const FIRST_VERSION = "7.6.0";

/** Options of the reading of a secret. */
export interface StoredSecretOptions {
  /** The google provider. @default - the stack's only google provider */
  readonly provider?: TerraformProvider;
  /** Resources that must exist before the secret is read. @default - none */
  readonly dependsOn?: ITerraformDependable[];
}

/** Properties of a `StoredSecret`. */
export interface StoredSecretProps extends StoredSecretOptions {
  /**
   * Resource name of the secret, `projects/<project>/secrets/<secret>`; may be a token.
   *
   * @see https://cloud.google.com/secret-manager/docs/reference/rest/v1/projects.secrets
   */
  readonly secretId: string;
  /**
   * Version of the value, 1 or more; may be a token. Consumers are updated when it changes: increment it when the value changes, or give
   * the version of the stack that writes the secret. @default 1
   */
  readonly version?: number;
}

/**
 * A secret that exists already in Secret Manager, such as that of another stack. Terraform reads its latest version in each run and stores
 * it nowhere. Terraform needs the role Secret Manager Secret Accessor.
 *
 * Requires version 7.6 of the google provider. The bindings of CDKTF end with 6.50, so set the version in the stack:
 * `this.addOverride("terraform.required_providers.google.version", "~> 7.6")`. With 6.50 pass the password as an ephemeral variable
 * (`SecretValue.fromVariable`). Not tried against Google Cloud.
 *
 * @see https://registry.terraform.io/providers/hashicorp/google/latest/docs/ephemeral-resources/secret_manager_secret_version
 *
 * @example
 * const password = new StoredSecret(this, "password", { secretId: "projects/platform-data/secrets/postgres-coder" }).value;
 */
export class StoredSecret extends Construct {
  /**
   * A login of a server in another stack, with its password read from Secret Manager. The version follows the other stack, so that the next
   * apply of this stack takes over a rotated password.
   *
   * @param scope the scope, in the stack that uses the login.
   * @param id the construct id.
   * @param login the login in the other stack, with a generated password; not set throws, as for a server without an administrator.
   * @param options the provider. @default - the stack's only google provider
   * @throws Error if the password is not in Secret Manager.
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
      "SECRET-MANAGER",
      login,
      (secretId, version, suffix) =>
        new StoredSecret(scope, `${id}${suffix}`, { ...options, secretId, version }).value,
    );
  }

  /** The value, for write-only arguments. */
  public readonly value: SecretValue;

  public constructor(scope: Construct, id: string, props: StoredSecretProps) {
    super(scope, id);
    requireProps(this.node.path, "SECRET-MANAGER", props, { secretId: true });
    const { secretId, provider, dependsOn } = props;
    const checks = new SynthChecks(this, "SECRET-MANAGER");
    const version = secretVersion(checks, "version", props.version);
    checks.matches(
      "secretId",
      secretId,
      /^projects\/[a-z0-9:.-]+\/secrets\/[A-Za-z0-9_-]{1,255}$/,
      "must be a resource name such as projects/my-project/secrets/my-secret",
    );
    checks.whenComplete(() => this.checkProviderVersion(checks, provider));
    const stored = new EphemeralResource(this, "Stored", {
      type: "google_secret_manager_secret_version",
      // The whole name: before 7.11 the provider adds no project to a short one.
      arguments: { secret: secretId, version: "latest" },
      provider,
      dependsOn,
    });
    this.value = SecretValue.fromEphemeral(stored.attribute("secret_data"), {
      version,
      dependables: dependsOn ?? [],
      store: { id: secretId, version },
    });
  }

  /** Terraform would say only that the provider has no such ephemeral resource. */
  private checkProviderVersion(checks: SynthChecks, given: TerraformProvider | undefined): void {
    const stack = TerraformStack.of(this);
    // biome-ignore lint/complexity/useLiteralKeys: CDKTF has no getter for overrides
    const override = stack["rawOverrides"]?.terraform?.required_providers?.google?.version;
    if (override !== undefined) return;
    const provider =
      given ?? stack.allProviders().find(({ terraformResourceType }) => terraformResourceType === "google");
    const version = coerce(provider?.terraformGeneratorMetadata?.providerVersion);
    if (version === null || !lt(version, FIRST_VERSION)) return;
    checks.fail(
      "provider",
      `google ${version.version}`,
      `must be ${FIRST_VERSION} or later to read a secret without storing it; set the version with addOverride("terraform.required_providers.google.version", "~> 7.6") of the stack, or pass the password with SecretValue.fromVariable`,
    );
  }
}
