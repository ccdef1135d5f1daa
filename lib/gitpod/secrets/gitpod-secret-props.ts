import type { ITerraformDependable, TerraformProvider } from "cdktf";
import type { SecretValue } from "../../database";
import type { IImageRegistry, RegistryLogin } from "../../storage";

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
