// google 6.50 has no ephemeral token for Terraform's own credentials (only for an impersonated service account), and the data source
// google_client_config would write its token to the state. So the providers run Google's plug-in, as kubectl does.

import { DataGoogleContainerCluster } from "@cdktf/provider-google/lib/data-google-container-cluster";
import type { HelmProviderKubernetes } from "@cdktf/provider-helm/lib/provider";
import type { KubernetesProviderConfig } from "@cdktf/provider-kubernetes/lib/provider";
import type { ITerraformDependable, TerraformProvider } from "cdktf";
import { Construct } from "constructs";
import { EphemeralResource, requireProps, SynthChecks, terraformCall } from "../../database/private";
import { ClusterConnection, type IClusterConnection } from "../../kubernetes";

/** Properties of a `GkeConnection`. */
export interface GkeConnectionProps {
  /**
   * Name of the cluster.
   *
   * @see https://cloud.google.com/kubernetes-engine/docs/how-to/cluster-access-for-kubectl
   */
  readonly clusterName: string;
  /**
   * Region or zone of the cluster.
   *
   * @see https://cloud.google.com/kubernetes-engine/docs/how-to/cluster-access-for-kubectl
   */
  readonly location: string;
  /**
   * Project of the cluster. @default - the provider's project
   *
   * @see https://cloud.google.com/resource-manager/docs/creating-managing-projects#identifying_projects
   */
  readonly project?: string;
  /**
   * E-mail address of a service account to impersonate; Terraform then needs no plug-in, and the token is in no state. The token lasts
   * an hour
   * and is not renewed, so an apply that takes longer, such as the restore of a large server, fails.
   * @default - the plug-in `gke-gcloud-auth-plugin`, which must be on PATH where Terraform runs
   *
   * @see https://cloud.google.com/kubernetes-engine/docs/how-to/cluster-access-for-kubectl
   */
  readonly impersonateServiceAccount?: string;
  /** The google provider. @default - the stack's only google provider */
  readonly provider?: TerraformProvider;
  /** Resources that must exist first. @default - none */
  readonly dependsOn?: ITerraformDependable[];
}

/**
 * Connection of the Kubernetes and Helm providers to an existing GKE cluster.
 *
 * @see https://cloud.google.com/kubernetes-engine/docs/concepts/kubernetes-engine-overview
 *
 * @example
 * const cluster = new GkeConnection(this, "cluster", { clusterName: "platform", location: "europe-west1" });
 * new KubernetesProvider(this, "kubernetes", cluster.kubernetes);
 */
export class GkeConnection extends Construct implements IClusterConnection {
  public readonly kubernetes: KubernetesProviderConfig;
  public readonly helm: HelmProviderKubernetes;
  /** The data source of the cluster. */
  public readonly cluster: DataGoogleContainerCluster;

  public constructor(scope: Construct, id: string, props: GkeConnectionProps) {
    super(scope, id);
    requireProps(this.node.path, "GKE", props, { clusterName: true, location: true });
    const checks = new SynthChecks(this, "GKE");
    checks.matches(
      "clusterName",
      props.clusterName,
      /^[a-z]([a-z0-9-]{0,38}[a-z0-9])?$/,
      "must be 1 to 40 lower-case letters, digits and hyphens, with a letter first and no hyphen last",
    );
    checks.matches(
      "impersonateServiceAccount",
      props.impersonateServiceAccount,
      /^[^@\s]+@[^@\s]+$/,
      "must be the e-mail address of a service account",
    );
    const { provider, dependsOn } = props;
    this.cluster = new DataGoogleContainerCluster(this, "Resource", {
      name: props.clusterName,
      location: props.location,
      project: props.project,
      provider,
      dependsOn,
    });
    const login = props.impersonateServiceAccount
      ? {
          token: new EphemeralResource(this, "Login", {
            type: "google_service_account_access_token",
            arguments: {
              target_service_account: props.impersonateServiceAccount,
              scopes: ["https://www.googleapis.com/auth/cloud-platform"],
            },
            provider,
            dependsOn,
          }).attribute("access_token"),
        }
      : { tokenCommand: { command: "gke-gcloud-auth-plugin" } };
    const connection = ClusterConnection.fromAddress({
      host: `https://${this.cluster.endpoint}`,
      clusterCaCertificate: terraformCall(
        "base64decode",
        this.cluster.masterAuth.get(0).clusterCaCertificate,
      ),
      ...login,
    });
    this.kubernetes = connection.kubernetes;
    this.helm = connection.helm;
  }
}
