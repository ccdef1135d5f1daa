// How Terraform's kubernetes and helm providers reach a cluster. Both take the same facts, but a list in one place and an
// object in the other, so they are written down once. The types are imported as types only: nothing is loaded.

import type { HelmProviderKubernetes } from "@cdktf/provider-helm/lib/provider";
import type { KubernetesProviderConfig } from "@cdktf/provider-kubernetes/lib/provider";

/** A cluster by the user's own kubectl configuration. */
export interface KubeconfigConnection {
  /** The file. @default "~/.kube/config" */
  readonly path?: string;
  /** The context; always named, so that nobody applies to whatever cluster happens to be current. */
  readonly context: string;
}

/** A program that prints a token for the cluster, run by the providers. */
export interface TokenCommand {
  /** The program, which has to be on PATH where Terraform runs. */
  readonly command: string;
  /** Its arguments. @default - none */
  readonly args?: string[];
  /** Environment variables for it. @default - none */
  readonly env?: { readonly [name: string]: string };
}

/** A cluster by its address. */
export interface ClusterAddress {
  /** The API server's URL; may be a token. */
  readonly host: string;
  /** The cluster's certificate authority as PEM text; may be a token. */
  readonly clusterCaCertificate: string;
  /** A bearer token, best an ephemeral one, so that it is in no state. @default - `tokenCommand` gives one */
  readonly token?: string;
  /** A program that prints a token. @default - `token` is used */
  readonly tokenCommand?: TokenCommand;
}

/** The settings of the kubernetes and helm providers for one cluster. */
export interface IClusterConnection {
  /** For `new KubernetesProvider(this, "kubernetes", connection.kubernetes)`. */
  readonly kubernetes: KubernetesProviderConfig;
  /** For `new HelmProvider(this, "helm", { kubernetes: connection.helm })`. */
  readonly helm: HelmProviderKubernetes;
}

const EXEC_API_VERSION = "client.authentication.k8s.io/v1beta1";

/**
 * A cluster that is known by a kubectl configuration or by its address.
 *
 * @example
 * const cluster = ClusterConnection.fromKubeconfig({ context: "production" });
 * new KubernetesProvider(this, "kubernetes", cluster.kubernetes);
 * new HelmProvider(this, "helm", { kubernetes: cluster.helm });
 */
export class ClusterConnection implements IClusterConnection {
  /** A cluster by the user's own kubectl configuration. */
  public static fromKubeconfig(connection: KubeconfigConnection): ClusterConnection {
    const settings = { configPath: connection.path ?? "~/.kube/config", configContext: connection.context };
    return new ClusterConnection(settings, settings);
  }

  /** A cluster by its address. */
  public static fromAddress(address: ClusterAddress): ClusterConnection {
    const { host, clusterCaCertificate, token, tokenCommand } = address;
    const settings = { host, clusterCaCertificate, token };
    const exec = tokenCommand && {
      apiVersion: EXEC_API_VERSION,
      command: tokenCommand.command,
      args: tokenCommand.args,
      env: tokenCommand.env,
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
