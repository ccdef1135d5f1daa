// The installer's configuration holds names of secrets, never what is in them.

import type { ITerraformDependable, TerraformProvider } from "cdktf";
import { Construct } from "constructs";
import { SecretValue } from "../../database";
import { isResolved, SynthChecks, terraformCall } from "../../database/private";
import { DatabaseSecret, SecretEntry } from "../../kubernetes";
import { checkLabelName, checkObjectName } from "../../kubernetes/private";
import type { IImageRegistry, RegistryLogin } from "../../storage";
import { checkDomain } from "../installer/installer-rules";
/** How the installer's configuration refers to a secret (`ObjectRef`). */
export interface GitpodSecretReference {
  /** The only kind that the installer knows. */
  readonly kind: "secret";
  /** The secret's name, in Gitpod's namespace; may be a token. */
  readonly name: string;
}

/** A reference to a secret. */
export function secretReference(name: string): GitpodSecretReference {
  return { kind: "secret", name };
}

/** Who issued a licence. */
export enum GitpodLicensor {
  /** Gitpod. */
  GITPOD = "gitpod",
  /** Replicated, whose licences KOTS knows. */
  REPLICATED = "replicated",
}

/** What every secret may be given. */
export interface GitpodSecretOptions {
  /** Gitpod's namespace, which has to exist. */
  readonly namespace: string;
  /** The secret's name. @default - KOTS's */
  readonly secretName?: string;
  /** Labels. @default - none */
  readonly labels?: { readonly [name: string]: string };
  /** The Kubernetes provider. @default - the stack's only one */
  readonly kubernetesProvider?: TerraformProvider;
  /** What has to exist first, such as the namespace. @default - nothing */
  readonly dependsOn?: ITerraformDependable[];
}

/** Authorities that Gitpod trusts. */
export interface GitpodCustomCaProps extends GitpodSecretOptions {
  /** The authorities as PEM text; may be a token. */
  readonly caCertificatesPem: string;
}

/** A licence of Gitpod 2022.11. */
export interface GitpodLicenseProps extends GitpodSecretOptions {
  /** The licence. */
  readonly license: SecretValue;
  /** Who issued it. @default GitpodLicensor.GITPOD */
  readonly type?: GitpodLicensor;
}

/** The key by which Gitpod's SSH gateway is known. */
export interface GitpodSshHostKeyProps extends GitpodSecretOptions {
  /** The private key in OpenSSH's or PEM's form. */
  readonly privateKey: SecretValue;
}

/** Where Gitpod's users log in. */
export interface GitpodAuthProviderProps extends GitpodSecretOptions {
  /** A name for it, such as `Public-GitHub`. */
  readonly providerId: string;
  /** Its host, such as `github.com`. */
  readonly host: string;
  /** What it is: `GitHub`, `GitLab`, `Bitbucket` or `BitbucketServer`. */
  readonly type: string;
  /** The OAuth application's id; may be a token. */
  readonly clientId: string;
  /** The OAuth application's secret. */
  readonly clientSecret: SecretValue;
  /** Gitpod's domain, from which the address of the call back follows; may be a token. */
  readonly domain: string;
}

/** The proxy by which Gitpod reaches the internet. Addresses with a password belong in a secret of your own (`existing`). */
export interface GitpodHttpProxyProps extends GitpodSecretOptions {
  /** The proxy for http, such as `http://proxy.internal:3128`; may be a token. */
  readonly httpProxy: string;
  /** The proxy for https; may be a token. @default - the one for http */
  readonly httpsProxy?: string;
  /** Hosts and networks that are reached without it: the cluster's networks at least; may be tokens. */
  readonly noProxy: string[];
}

/** A login for images of workspaces. */
export interface GitpodPullCredentialsProps extends GitpodSecretOptions {
  /** The registry. */
  readonly registry: IImageRegistry;
  /** A login that may pull. */
  readonly login: RegistryLogin;
}

/**
 * A secret that the installer's configuration names, with exactly the keys that the installer looks for.
 *
 * @example
 * GitpodSecret.license(this, "license", { namespace: "gitpod", license: secret });
 */
export class GitpodSecret extends Construct {
  /**
   * Authorities that Gitpod trusts, for `customCACert`: `ca.crt`.
   *
   * @param scope the construct that it belongs to.
   * @param id the construct's id.
   * @param props the authorities.
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
   * A licence, for `license`: `license` and `type`.
   *
   * @param scope the construct that it belongs to.
   * @param id the construct's id.
   * @param props the licence.
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
   * The SSH gateway's host key, for `sshGatewayHostKey`: `host.key`.
   *
   * @param scope the construct that it belongs to.
   * @param id the construct's id.
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
   * A provider of log-ins, for `authProviders`: `provider`.
   *
   * @param scope the construct that it belongs to.
   * @param id the construct's id.
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
    // JSON is YAML, which is what the installer reads here.
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
            "allowed is a text without white space, and not an empty one",
          );
        }
        checks.matches(
          "type",
          type,
          /^(GitHub|GitLab|Bitbucket|BitbucketServer)$/,
          "allowed are GitHub, GitLab, Bitbucket and BitbucketServer",
        );
      },
    });
  }

  /**
   * A proxy to the internet, for `httpProxy`: `httpProxy`, `httpsProxy`, `noProxy`.
   *
   * @param scope the construct that it belongs to.
   * @param id the construct's id.
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
            "without it Gitpod's parts would look for each other behind the proxy",
          );
        }
      },
    });
  }

  /**
   * A login to pull images with, for `imagePullSecrets`: `.dockerconfigjson`.
   *
   * @param scope the construct that it belongs to.
   * @param id the construct's id.
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
   * A secret that somebody else makes in Gitpod's namespace.
   *
   * @param scope the construct that it belongs to.
   * @param id the construct's id.
   * @param secretName the secret.
   */
  public static fromSecretName(scope: Construct, id: string, secretName: string): GitpodSecret {
    return new GitpodSecret(scope, id, { namespace: undefined, secretName }, { defaultName: secretName });
  }

  /** The secret's name. */
  public readonly secretName: string;
  /** The secret, when it is made here. */
  public readonly secret?: DatabaseSecret;
  /** Gitpod's namespace, when the secret is made here. */
  public readonly namespace?: string;
  /** What the secret holds, when that is public: the authorities of `customCa`. */
  public readonly publicText?: string;
  /** @internal The factory that made it; not set for a secret of somebody else's. */
  public readonly _purpose?: string;
  /** @internal Gitpod's domain, when the secret is for one. */
  public readonly _domain?: string;
  /** What has to exist before Gitpod is installed. */
  public readonly dependables: ITerraformDependable[];

  private constructor(scope: Construct, id: string, options: OptionalNamespace, content: Content) {
    super(scope, id);
    this.secretName = options.secretName ?? content.defaultName;
    this.namespace = options.namespace;
    this.publicText = content.publicText;
    this._purpose = content.purpose;
    this._domain = content.domain;
    const checks = new SynthChecks(this);
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

// Never shows the text: a key given by mistake must not end up in a log.
function checkPem(checks: SynthChecks, pem: string): void {
  if (!isResolved(pem)) return;
  if (
    !/-----BEGIN CERTIFICATE-----[\s\S]+-----END CERTIFICATE-----/.test(pem) ||
    /PRIVATE KEY-----/.test(pem)
  ) {
    checks.fail("caCertificatesPem", "a text", "allowed is PEM text with certificates and no key");
  }
}

function checkProxy(checks: SynthChecks, property: string, url: string | undefined): void {
  if (url === undefined || !isResolved(url)) return;
  // Never shows the address, which may hold a password.
  if (!URL.canParse(url) || !/^https?:$/.test(new URL(url).protocol)) {
    checks.fail(property, "a text", "allowed is an address such as http://proxy.internal:3128");
  } else if (new URL(url).username !== "" || new URL(url).password !== "") {
    checks.fail(
      property,
      "a text",
      "it holds a login, which would be in the output; make the secret yourself and use GitpodSecret.fromSecretName",
    );
  }
}

/** Joins the members of a list with a separator; the list may only be known to Terraform. */
export function joinedText(separator: string, list: string[]): string {
  return isResolved(list) ? list.join(separator) : terraformCall("join", separator, list);
}
