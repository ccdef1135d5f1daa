// It has its own entry (`azure/aks`), as on the other clouds.
//
// The data source azurerm_kubernetes_cluster would put a whole kubeconfig, with the administrator's client key where local
// accounts are enabled, into the state, and azurerm 4.55 has no ephemeral one. So the user gives address and certificate
// authority, which are public, and the providers run Microsoft's plug-in.

import type { HelmProviderKubernetes } from "@cdktf/provider-helm/lib/provider";
import type { KubernetesProviderConfig } from "@cdktf/provider-kubernetes/lib/provider";
import { Construct } from "constructs";
import { isResolved, requireProps, SynthChecks, terraformCall } from "../../database/private";
import { ClusterConnection, type IClusterConnection } from "../../kubernetes";

/** Application ID of the AKS server in Microsoft Entra ID, the same for every cluster (learn.microsoft.com "Use kubelogin"). */
const AKS_SERVER_ID = "6dae42f8-4368-4678-94ff-3960e28e3630";

/** Properties of an `AksConnection`. */
export interface AksConnectionProps {
  /**
   * Host name of the API server (`az aks show --query fqdn`), without scheme and port; may be a token.
   *
   * @see https://learn.microsoft.com/cli/azure/aks#az-aks-show
   */
  readonly clusterFqdn: string;
  /**
   * Certificate authority data of the cluster in base64, as in a kubeconfig; may be a token.
   *
   * @see https://learn.microsoft.com/azure/aks/control-kubeconfig-access
   */
  readonly clusterCaCertificateBase64: string;
  /**
   * Login mode of `kubelogin`: `azurecli`, `workloadidentity`, `msi` or `spn`. @default "azurecli"
   * @see https://azure.github.io/kubelogin/concepts/login-modes.html
   */
  readonly loginMethod?: string;
}

/**
 * Provider configurations for an AKS cluster with Microsoft Entra authentication, by the plug-in `kubelogin`, which must be on
 * PATH where Terraform runs.
 *
 * @see https://learn.microsoft.com/azure/aks/kubelogin-authentication
 *
 * @example
 * const cluster = new AksConnection(this, "cluster", { clusterFqdn: fqdn.stringValue, clusterCaCertificateBase64: ca.stringValue });
 * new KubernetesProvider(this, "kubernetes", cluster.kubernetes);
 */
export class AksConnection extends Construct implements IClusterConnection {
  public readonly kubernetes: KubernetesProviderConfig;
  public readonly helm: HelmProviderKubernetes;

  public constructor(scope: Construct, id: string, props: AksConnectionProps) {
    super(scope, id);
    requireProps(this.node.path, "AKS", props, { clusterFqdn: true, clusterCaCertificateBase64: true });
    const checks = new SynthChecks(this, "AKS");
    const ca = props.clusterCaCertificateBase64;
    const method = props.loginMethod ?? "azurecli";
    checks.matches(
      "clusterFqdn",
      props.clusterFqdn,
      /^[A-Za-z0-9.-]+$/,
      "must be a host name, without scheme and port",
    );
    checks.check(
      "clusterCaCertificateBase64",
      "a text",
      () => !isResolved(ca) || /^[A-Za-z0-9+/\s]+=*\s*$/.test(ca),
      "must be base64, as in a kubeconfig",
    );
    checks.check(
      "loginMethod",
      method,
      () => ["azurecli", "workloadidentity", "msi", "spn"].includes(method),
      "must be azurecli, workloadidentity, msi or spn",
    );
    const connection = ClusterConnection.fromAddress({
      host: `https://${props.clusterFqdn}:443`,
      clusterCaCertificate: terraformCall("base64decode", ca),
      tokenCommand: {
        command: "kubelogin",
        args: ["get-token", "--login", method, "--server-id", AKS_SERVER_ID],
      },
    });
    this.kubernetes = connection.kubernetes;
    this.helm = connection.helm;
  }
}
