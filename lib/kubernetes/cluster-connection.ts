// Connection settings of Terraform's kubernetes and helm providers. Both take the same settings, one as a list where the other
// takes an object. The types are imported as types only: no provider is loaded.

import type { HelmProviderKubernetes } from "@cdktf/provider-helm/lib/provider";
import type { KubernetesProviderConfig } from "@cdktf/provider-kubernetes/lib/provider";
import { Lazy } from "cdktf";

/** Connection by a kubeconfig file. @see https://kubernetes.io/docs/concepts/configuration/organize-cluster-access-kubeconfig/ */
export interface KubeconfigConnection {
  /** Path of the kubeconfig file. @default "~/.kube/config" */
  readonly path?: string;
  /** Context. Required, so that an apply never goes to the current context by accident. */
  readonly context: string;
}

/**
 * Exec credential plugin: a program, run by the providers, that prints a token for the cluster.
 *
 * @see https://kubernetes.io/docs/reference/access-authn-authz/authentication/#client-go-credential-plugins
 */
export interface TokenCommand {
  /** Program; must be on PATH where Terraform runs. */
  readonly command: string;
  /** Arguments. @default - none */
  readonly args?: string[];
  /** Environment variables. @default - none */
  readonly env?: { readonly [name: string]: string };
}

/** Connection by the address of the API server. */
export interface ClusterAddress {
  /** URL of the API server; may be a token. */
  readonly host: string;
  /** CA certificate of the cluster in PEM format; may be a token. */
  readonly clusterCaCertificate: string;
  /** Bearer token; use an ephemeral value to keep it out of the state. @default - the token of `tokenCommand` */
  readonly token?: string;
  /** Exec credential plugin. @default - `token` is used */
  readonly tokenCommand?: TokenCommand;
}

/** Settings of the kubernetes and helm providers for one cluster. */
export interface IClusterConnection {
  /** Settings for `new KubernetesProvider(this, "kubernetes", connection.kubernetes)`. */
  readonly kubernetes: KubernetesProviderConfig;
  /** Settings for `new HelmProvider(this, "helm", { kubernetes: connection.helm })`. */
  readonly helm: HelmProviderKubernetes;
}

/** Environment variables as a lazy value: CDKTF writes the keys of a provider's maps in snake case otherwise, AWS_PROFILE as aws_profile. */
function variables(env: { readonly [name: string]: string }): { [name: string]: string } {
  return Lazy.anyValue({ produce: () => env }) as unknown as { [name: string]: string };
}

const EXEC_API_VERSION = "client.authentication.k8s.io/v1beta1";

/**
 * Connection to a cluster by a kubeconfig file or by the address of its API server.
 *
 * @example
 * const cluster = ClusterConnection.fromKubeconfig({ context: "production" });
 * new KubernetesProvider(this, "kubernetes", cluster.kubernetes);
 * new HelmProvider(this, "helm", { kubernetes: cluster.helm });
 */
export class ClusterConnection implements IClusterConnection {
  /** Connection by a kubeconfig file. */
  public static fromKubeconfig(connection: KubeconfigConnection): ClusterConnection {
    const settings = { configPath: connection.path ?? "~/.kube/config", configContext: connection.context };
    return new ClusterConnection(settings, settings);
  }

  /** Connection by the address of the API server. */
  public static fromAddress(address: ClusterAddress): ClusterConnection {
    const { host, clusterCaCertificate, token, tokenCommand } = address;
    const settings = { host, clusterCaCertificate, token };
    const exec = tokenCommand && {
      apiVersion: EXEC_API_VERSION,
      command: tokenCommand.command,
      args: tokenCommand.args,
      env: tokenCommand.env && variables(tokenCommand.env),
    };
    return new ClusterConnection({ ...settings, exec: exec && [exec] }, { ...settings, exec });
  }

  public readonly kubernetes: KubernetesProviderConfig;
  public readonly helm: HelmProviderKubernetes;

  private constructor(kubernetes: KubernetesProviderConfig, helm: HelmProviderKubernetes) {
    this.kubernetes = kubernetes;
    this.helm = helm;
  }
}
