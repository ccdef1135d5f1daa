// Loads no cloud's bindings, and is not part of the index only to stand beside the other two.
//
// The data source azurerm_kubernetes_cluster would put a whole kubeconfig, with the administrator's client key where local
// accounts are on, into the state, and azurerm 4.55 has no ephemeral one. So the address and the certificate authority are
// given (both are public facts of the cluster), and the providers run Microsoft's own plug-in.

import type { HelmProviderKubernetes } from "@cdktf/provider-helm/lib/provider";
import type { KubernetesProviderConfig } from "@cdktf/provider-kubernetes/lib/provider";
import { Construct } from "constructs";
import { isResolved, SynthChecks, terraformCall } from "../../database/private";
import { ClusterConnection, type IClusterConnection } from "../../kubernetes";

/** The application id of the AKS server in Entra, the same for every cluster (learn.microsoft.com "Use kubelogin"). */
const AKS_SERVER_ID = "6dae42f8-4368-4678-94ff-3960e28e3630";

/** Properties of an `AksConnection`. */
export interface AksConnectionProps {
  /** The API server's DNS name (`az aks show --query fqdn`), without scheme and port; may be a token. */
  readonly fqdn: string;
  /** The cluster's certificate authority in base64, as a kubeconfig holds it; may be a token. */
  readonly clusterCaCertificateBase64: string;
  /** How `kubelogin` logs in: `azurecli`, `workloadidentity`, `msi`, `spn`. @default "azurecli" */
  readonly loginMethod?: string;
}

/**
 * The connection to an AKS cluster with Entra log-in, by Microsoft's plug-in `kubelogin`, which has to be on PATH where
 * Terraform runs.
 *
 * @example
 * const cluster = new AksConnection(this, "cluster", { fqdn: fqdn.stringValue, clusterCaCertificateBase64: ca.stringValue });
 * new KubernetesProvider(this, "kubernetes", cluster.kubernetes);
 */
export class AksConnection extends Construct implements IClusterConnection {
  public readonly kubernetes: KubernetesProviderConfig;
  public readonly helm: HelmProviderKubernetes;

  public constructor(scope: Construct, id: string, props: AksConnectionProps) {
    super(scope, id);
    const checks = new SynthChecks(this);
    const ca = props.clusterCaCertificateBase64;
    const method = props.loginMethod ?? "azurecli";
    checks.matches("fqdn", props.fqdn, /^[A-Za-z0-9.-]+$/, "allowed is a DNS name, without scheme and port");
    checks.check(
      "clusterCaCertificateBase64",
      "a text",
      () => !isResolved(ca) || /^[A-Za-z0-9+/\s]+=*\s*$/.test(ca),
      "allowed is base64, as a kubeconfig holds it",
    );
    checks.check(
      "loginMethod",
      method,
      () => ["azurecli", "workloadidentity", "msi", "spn"].includes(method),
      "allowed are azurecli, workloadidentity, msi and spn",
    );
    const connection = ClusterConnection.fromAddress({
      host: `https://${props.fqdn}:443`,
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
