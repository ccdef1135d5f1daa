import type { ITerraformDependable, TerraformProvider } from "cdktf";
import { Construct } from "constructs";
import { SecretValue } from "../../database";
import { isResolved, SynthChecks, terraformCall } from "../../database/private";
import { DatabaseSecret, SecretEntry } from "../../kubernetes";
import { checkLabelName, checkObjectName } from "../../kubernetes/private";
import type { IImageRegistry, RegistryLogin } from "../../storage";
import { checkDomain } from "../installer/installer-rules";
import { checkPem, checkProxy } from "./secret-checks";

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

/** Options of every secret. */
export interface GitpodSecretOptions {
  /** Kubernetes namespace of Gitpod, which must exist. */
  readonly namespace: string;
  /** Name of the secret. @default - as in KOTS */
  readonly secretName?: string;
  /** Labels of the secret. @default - none */
  readonly labels?: { readonly [name: string]: string };
  /** Kubernetes provider. @default - the default provider of the stack */
  readonly kubernetesProvider?: TerraformProvider;
  /** Resources that must exist first, such as the namespace. @default - none */
  readonly dependsOn?: ITerraformDependable[];
}

/** Properties of `GitpodSecret.customCa`. */
export interface GitpodCustomCaProps extends GitpodSecretOptions {
  /** Certificate authorities as PEM text; may be a token. */
  readonly caCertificatesPem: string;
}

/** Properties of `GitpodSecret.license`; Gitpod 2022.11 only. */
export interface GitpodLicenseProps extends GitpodSecretOptions {
  /** License key. */
  readonly license: SecretValue;
  /** Issuer of the license. @default GitpodLicensor.GITPOD */
  readonly type?: GitpodLicensor;
}

/** Properties of `GitpodSecret.sshHostKey`. */
export interface GitpodSshHostKeyProps extends GitpodSecretOptions {
  /** Private key in OpenSSH or PEM format. */
  readonly privateKey: SecretValue;
}

/** Properties of `GitpodSecret.authProvider`. */
export interface GitpodAuthProviderProps extends GitpodSecretOptions {
  /** Id of the provider, such as `Public-GitHub`. */
  readonly providerId: string;
  /** Host of the provider, such as `github.com`. */
  readonly host: string;
  /** Type of the provider: `GitHub`, `GitLab`, `Bitbucket` or `BitbucketServer`. */
  readonly type: string;
  /** Client id of the OAuth application; may be a token. */
  readonly clientId: string;
  /** Client secret of the OAuth application. */
  readonly clientSecret: SecretValue;
  /** Domain of Gitpod, for the callback URL `https://<domain>/auth/<host>/callback`; may be a token. */
  readonly domain: string;
}

/** Properties of `GitpodSecret.httpProxy`. URLs with a password must be in an existing secret (`GitpodSecret.fromSecretName`). */
export interface GitpodHttpProxyProps extends GitpodSecretOptions {
  /** URL of the proxy for HTTP, such as `http://proxy.internal:3128`; may be a token. */
  readonly httpProxy: string;
  /** URL of the proxy for HTTPS; may be a token. @default - `httpProxy` */
  readonly httpsProxy?: string;
  /** Hosts and networks that bypass the proxy, at least those of the cluster; may be tokens. */
  readonly noProxy: string[];
}

/** Properties of `GitpodSecret.pullCredentials`. */
export interface GitpodPullCredentialsProps extends GitpodSecretOptions {
  /** Registry of the images. */
  readonly registry: IImageRegistry;
  /** Login that can pull. */
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
    const { providerId, host, type, clientId, clientSecret, domain } = props;
    const callBackUrl = `https://${domain}/auth/${host}/callback`;
    const plain = { id: providerId, host, type, oauth: { clientId, callBackUrl } };
    const provider = {
      ...plain,
      oauth: { ...plain.oauth, clientSecret: terraformCall("trimspace", clientSecret.writeOnly()) },
    };
    // The installer reads YAML, of which JSON is a subset.
    const text = SecretValue.fromEphemeral(terraformCall("jsonencode", provider), {
      version: clientSecret.version,
      dependables: clientSecret.dependables,
    });
    const describedBy = [providerId, host, type, clientId, domain].join(" ");
    return new GitpodSecret(scope, id, props, {
      purpose: "authProvider",
      domain,
      defaultName: isResolved(providerId) ? `auth-provider-${providerId.toLowerCase()}` : "auth-provider",
      entries: [SecretEntry.secret("provider", text, describedBy)],
      check: (checks) => {
        checkDomain(checks, "domain", domain);
        for (const property of ["providerId", "host", "clientId"] as const) {
          checks.matches(
            property,
            props[property],
            /^\S+$/,
            "must be a text without white space, and must not be empty",
          );
        }
        checks.matches(
          "type",
          type,
          /^(GitHub|GitLab|Bitbucket|BitbucketServer)$/,
          "must be GitHub, GitLab, Bitbucket or BitbucketServer",
        );
      },
    });
  }

  /**
   * HTTP proxy to the internet, for `httpProxy`. Keys: `httpProxy`, `httpsProxy`, `noProxy`.
   *
   * @param scope parent construct.
   * @param id construct id.
   * @param props the proxy.
   */
  public static httpProxy(scope: Construct, id: string, props: GitpodHttpProxyProps): GitpodSecret {
    const { httpProxy, httpsProxy = httpProxy, noProxy } = props;
    return new GitpodSecret(scope, id, props, {
      purpose: "httpProxy",
      defaultName: "http-proxy-settings",
      entries: [
        SecretEntry.plain("httpProxy", httpProxy),
        SecretEntry.plain("httpsProxy", httpsProxy),
        SecretEntry.plain("noProxy", joinedText(",", noProxy)),
      ],
      check: (checks) => {
        checkProxy(checks, "httpProxy", httpProxy);
        checkProxy(checks, "httpsProxy", props.httpsProxy);
        if (noProxy.length === 0) {
          checks.fail(
            "noProxy",
            noProxy,
            "must not be empty, because Gitpod's components would connect to each other through the proxy",
          );
        }
      },
    });
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

  private constructor(scope: Construct, id: string, options: OptionalNamespace, content: Content) {
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

interface Content {
  readonly purpose?: string;
  readonly domain?: string;
  readonly defaultName: string;
  readonly entries?: SecretEntry[];
  readonly type?: string;
  readonly check?: (checks: SynthChecks) => void;
  readonly publicText?: string;
}

/** Joins the members of a list with a separator; the list may only be known to Terraform. */
export function joinedText(separator: string, list: string[]): string {
  return isResolved(list) ? list.join(separator) : terraformCall("join", separator, list);
}
