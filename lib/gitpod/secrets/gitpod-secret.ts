import type { ITerraformDependable } from "cdktf";
import { Construct } from "constructs";
import type { SecretValue } from "../../database";
import { SynthChecks } from "../../database/private";
import { DatabaseSecret, SecretEntry } from "../../kubernetes";
import { checkLabelName, checkObjectName } from "../../kubernetes/private";
import type { IImageRegistry, RegistryLogin } from "../../storage";
import { authProviderContent, type GitpodAuthProviderProps } from "./gitpod-auth-provider";
import { type GitpodHttpProxyProps, httpProxyContent } from "./gitpod-http-proxy";
import type { GitpodSecretContent, GitpodSecretOptions } from "./gitpod-secret-content";
import { checkPem } from "./secret-checks";

/** Reference to a secret in the installer's configuration (`ObjectRef`), which names secrets and never contains their content. */
export interface GitpodSecretReference {
  /** Kind of the object; the installer supports no other. */
  readonly kind: "secret";
  /** Name of the secret in Gitpod's namespace; may be a token. */
  readonly name: string;
}

/** Reference to a secret. */
export function secretReference(name: string): GitpodSecretReference {
  return { kind: "secret", name };
}

/** Issuer of a license. */
export enum GitpodLicensor {
  /** Gitpod. */
  GITPOD = "gitpod",
  /** Replicated, for licenses of KOTS. */
  REPLICATED = "replicated",
}

/** Properties of `GitpodSecret.customCa`. */
export interface GitpodCustomCaProps extends GitpodSecretOptions {
  /**
   * Certificate authorities as PEM text; may be a token.
   *
   * @see https://github.com/gitpod-io/gitpod/blob/2022.11.3/install/installer/pkg/config/v1/config.go
   */
  readonly caCertificatesPem: string;
}

/** Properties of `GitpodSecret.license`; Gitpod 2022.11 only. */
export interface GitpodLicenseProps extends GitpodSecretOptions {
  /**
   * License key.
   *
   * @see https://github.com/gitpod-io/gitpod/blob/2022.11.3/install/installer/pkg/config/v1/config.go
   */
  readonly license: SecretValue;
  /**
   * Issuer of the license. @default GitpodLicensor.GITPOD
   *
   * @see https://github.com/gitpod-io/gitpod/blob/2022.11.3/install/installer/pkg/config/v1/config.go
   */
  readonly type?: GitpodLicensor;
}

/** Properties of `GitpodSecret.sshHostKey`. */
export interface GitpodSshHostKeyProps extends GitpodSecretOptions {
  /**
   * Private key in OpenSSH or PEM format.
   *
   * @see https://github.com/gitpod-io/gitpod/blob/2022.11.3/install/installer/pkg/config/v1/config.go
   */
  readonly privateKey: SecretValue;
}

/** Properties of `GitpodSecret.pullCredentials`. */
export interface GitpodPullCredentialsProps extends GitpodSecretOptions {
  /**
   * Registry of the images.
   *
   * @see https://kubernetes.io/docs/tasks/configure-pod-container/pull-image-private-registry/
   */
  readonly registry: IImageRegistry;
  /**
   * Login that can pull.
   *
   * @see https://kubernetes.io/docs/tasks/configure-pod-container/pull-image-private-registry/
   */
  readonly login: RegistryLogin;
}

/**
 * Kubernetes secret that the installer's configuration refers to, with the keys that the installer requires.
 *
 * @see https://github.com/gitpod-io/gitpod/blob/2022.11.3/install/installer/pkg/config/v1/validation.go
 *
 * @example
 * GitpodSecret.license(this, "license", { namespace: "gitpod", license: secret });
 */
export class GitpodSecret extends Construct {
  /**
   * Certificate authorities that Gitpod trusts, for `customCACert`. Key: `ca.crt`.
   *
   * @param scope parent construct.
   * @param id construct id.
   * @param props certificate authorities.
   */
  public static customCa(scope: Construct, id: string, props: GitpodCustomCaProps): GitpodSecret {
    return new GitpodSecret(scope, id, props, {
      purpose: "customCa",
      defaultName: "ca-certificate",
      entries: [SecretEntry.certificate("ca.crt", props.caCertificatesPem)],
      check: (checks) => checkPem(checks, props.caCertificatesPem),
      publicText: props.caCertificatesPem,
    });
  }

  /**
   * License, for `license`. Keys: `license`, `type`.
   *
   * @param scope parent construct.
   * @param id construct id.
   * @param props license.
   */
  public static license(scope: Construct, id: string, props: GitpodLicenseProps): GitpodSecret {
    return new GitpodSecret(scope, id, props, {
      purpose: "license",
      defaultName: "gitpod-license",
      entries: [
        SecretEntry.secret("license", props.license),
        SecretEntry.plain("type", props.type ?? GitpodLicensor.GITPOD),
      ],
    });
  }

  /**
   * Host key of the SSH gateway, for `sshGatewayHostKey`. Key: `host.key`.
   *
   * @param scope parent construct.
   * @param id construct id.
   * @param props the key.
   */
  public static sshHostKey(scope: Construct, id: string, props: GitpodSshHostKeyProps): GitpodSecret {
    return new GitpodSecret(scope, id, props, {
      purpose: "sshHostKey",
      defaultName: "ssh-gateway-host-key",
      entries: [SecretEntry.privateKey("host.key", props.privateKey)],
    });
  }

  /**
   * Authentication provider, for `authProviders`. Key: `provider`.
   *
   * @param scope parent construct.
   * @param id construct id.
   * @param props the provider.
   */
  public static authProvider(scope: Construct, id: string, props: GitpodAuthProviderProps): GitpodSecret {
    return new GitpodSecret(scope, id, props, authProviderContent(props));
  }

  /**
   * HTTP proxy to the internet, for `httpProxy`. Keys: `httpProxy`, `httpsProxy`, `noProxy`.
   *
   * @param scope parent construct.
   * @param id construct id.
   * @param props the proxy.
   */
  public static httpProxy(scope: Construct, id: string, props: GitpodHttpProxyProps): GitpodSecret {
    return new GitpodSecret(scope, id, props, httpProxyContent(props));
  }

  /**
   * Registry login for Gitpod's images, for `imagePullSecrets`. Key: `.dockerconfigjson`.
   *
   * @param scope parent construct.
   * @param id construct id.
   * @param props registry and login.
   */
  public static pullCredentials(
    scope: Construct,
    id: string,
    props: GitpodPullCredentialsProps,
  ): GitpodSecret {
    const { registry, login } = props;
    return new GitpodSecret(scope, id, props, {
      purpose: "pullCredentials",
      defaultName: "custom-registry-credentials",
      type: "kubernetes.io/dockerconfigjson",
      entries: [
        SecretEntry.secret(
          ".dockerconfigjson",
          login.dockerConfigJson(registry),
          `${registry.server} ${login.username}`,
        ),
      ],
    });
  }

  /**
   * An existing secret in Gitpod's namespace.
   *
   * @param scope parent construct.
   * @param id construct id.
   * @param secretName name of the secret.
   */
  public static fromSecretName(scope: Construct, id: string, secretName: string): GitpodSecret {
    return new GitpodSecret(scope, id, { namespace: undefined, secretName }, { defaultName: secretName });
  }

  /** Name of the secret. */
  public readonly secretName: string;
  /** Secret; not set if it exists already. */
  public readonly secret?: DatabaseSecret;
  /** Kubernetes namespace of Gitpod; not set if the secret exists already. */
  public readonly namespace?: string;
  /** Public content of the secret: the certificate authorities of `customCa`. */
  public readonly publicText?: string;
  /** @internal Factory that created it; not set for an existing secret. */
  public readonly _purpose?: string;
  /** @internal Domain of Gitpod if the secret depends on it. */
  public readonly _domain?: string;
  /** Resources that must exist before Gitpod is installed. */
  public readonly dependables: ITerraformDependable[];

  private constructor(
    scope: Construct,
    id: string,
    options: OptionalNamespace,
    content: GitpodSecretContent,
  ) {
    super(scope, id);
    this.secretName = options.secretName ?? content.defaultName;
    this.namespace = options.namespace;
    this.publicText = content.publicText;
    this._purpose = content.purpose;
    this._domain = content.domain;
    const checks = new SynthChecks(this, "GITPOD-SECRET");
    checkLabelName(checks, "namespace", options.namespace);
    checkObjectName(checks, "secretName", this.secretName);
    content.check?.(checks);
    if (content.entries && options.namespace !== undefined) {
      this.secret = new DatabaseSecret(this, "Secret", {
        namespace: options.namespace,
        secretName: this.secretName,
        entries: content.entries,
        type: content.type,
        labels: options.labels,
        provider: options.kubernetesProvider,
        dependsOn: options.dependsOn,
      });
    }
    this.dependables = [...(this.secret?.dependables ?? [])];
  }
}

interface OptionalNamespace extends Omit<GitpodSecretOptions, "namespace"> {
  readonly namespace: string | undefined;
}
