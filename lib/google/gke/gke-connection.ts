// Not part of the index: it loads the google bindings, which only users of GKE want.
//
// google 6.50 has no ephemeral token for the credentials that Terraform itself runs with (only for a service account to
// be impersonated), and the data source google_client_config would keep its token in the state. So the providers run
// Google's own plug-in, as kubectl does.

import { DataGoogleContainerCluster } from "@cdktf/provider-google/lib/data-google-container-cluster";
import type { HelmProviderKubernetes } from "@cdktf/provider-helm/lib/provider";
import type { KubernetesProviderConfig } from "@cdktf/provider-kubernetes/lib/provider";
import type { ITerraformDependable, TerraformProvider } from "cdktf";
import { Construct } from "constructs";
import { EphemeralResource, SynthChecks, terraformCall } from "../../database/private";
import { ClusterConnection, type IClusterConnection } from "../../kubernetes";

/** Properties of a `GkeConnection`. */
export interface GkeConnectionProps {
  /** The cluster's name. */
  readonly clusterName: string;
  /** The cluster's region or zone. */
  readonly location: string;
  /** The project. @default - the provider's */
  readonly project?: string;
  /**
   * The e-mail address of a service account to act as; Terraform then needs no plug-in, and the token is in no state.
   * @default - Google's plug-in `gke-gcloud-auth-plugin`, which has to be on PATH where Terraform runs
   */
  readonly impersonateServiceAccount?: string;
  /** The google provider. @default - the stack's only one */
  readonly provider?: TerraformProvider;
  /** What has to exist first. @default - nothing */
  readonly dependsOn?: ITerraformDependable[];
}

/**
 * The connection to a GKE cluster by its name.
 *
 * @example
 * const cluster = new GkeConnection(this, "cluster", { clusterName: "platform", location: "europe-west1" });
 * new KubernetesProvider(this, "kubernetes", cluster.kubernetes);
 */
export class GkeConnection extends Construct implements IClusterConnection {
  public readonly kubernetes: KubernetesProviderConfig;
  public readonly helm: HelmProviderKubernetes;
  /** The cluster's data source. */
  public readonly cluster: DataGoogleContainerCluster;

  public constructor(scope: Construct, id: string, props: GkeConnectionProps) {
    super(scope, id);
    const checks = new SynthChecks(this);
    checks.matches(
      "clusterName",
      props.clusterName,
      /^[a-z]([a-z0-9-]{0,38}[a-z0-9])?$/,
      "allowed are 1 to 40 lower-case letters, digits and hyphens, with a letter first and no hyphen last",
    );
    checks.matches(
      "impersonateServiceAccount",
      props.impersonateServiceAccount,
      /^[^@\s]+@[^@\s]+$/,
      "allowed is the e-mail address of a service account",
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
