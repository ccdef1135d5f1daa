// Reference architecture: Coder on an AKS cluster that you have, with a PostgreSQL of its own on a flexible server.

import { AzurermProvider } from "@cdktf/provider-azurerm/lib/provider";
import { RandomProvider } from "@cdktf/provider-random/lib/provider";
import type { Construct } from "constructs";
import { DatabaseNetwork, PostgresFlexibleServer, SecretVault } from "../lib/azure";
import { AksConnection } from "../lib/azure/aks";
import type { CoderRelease } from "../lib/coder";
import { CoderStack, type CoderStackProps } from "./coder-stack";

/** Properties of a `CoderAzureStack`. */
export interface CoderAzureStackProps extends CoderStackProps {
  /** The Azure subscription; may be a token. */
  readonly subscriptionId: string;
  /** The resource group of everything made here; may be a token. */
  readonly resourceGroupName: string;
  /** The region of cluster and database, such as `westeurope`; may be a token. */
  readonly location: string;
  /** The cluster's virtual network; may be a token. */
  readonly virtualNetworkId: string;
  /** The subnet for private endpoints in that network; may be a token. */
  readonly subnetId: string;
  /** The DNS name of the cluster's API server; may be a token. */
  readonly clusterFqdn: string;
  /** The cluster's certificate authority in base64, as a kubeconfig holds it; may be a token. */
  readonly clusterCaCertificateBase64: string;
  /** The Key Vault that keeps the passwords; may be a token. @default - one of its own */
  readonly keyVaultId?: string;
}

/** Coder on AKS with Azure Database for PostgreSQL. */
export class CoderAzureStack extends CoderStack {
  /** The database server. */
  public readonly server: PostgresFlexibleServer;
  /** The Coder release. */
  public readonly coder: CoderRelease;

  public constructor(scope: Construct, id: string, props: CoderAzureStackProps) {
    super(scope, id, props);
    const { resourceGroupName, location, virtualNetworkId, subnetId, keyVaultId } = props;
    const tags = this.cloudTags;
    new AzurermProvider(this, "azurerm", { features: [{}], subscriptionId: props.subscriptionId });
    new RandomProvider(this, "random");
    const cluster = new AksConnection(this, "cluster", {
      fqdn: props.clusterFqdn,
      clusterCaCertificateBase64: props.clusterCaCertificateBase64,
    });
    const network = new DatabaseNetwork(this, "network", {
      resourceGroupName,
      location,
      virtualNetworkId,
      subnetId,
      tags,
    });
    const vault = keyVaultId
      ? SecretVault.fromKeyVaultId(keyVaultId)
      : new SecretVault(this, "vault", { network, tags });
    this.server = new PostgresFlexibleServer(this, "postgres", {
      ...this.databaseIntent,
      network,
      vault,
      tags,
    });
    this.coder = this.installCoder(cluster, this.server);
  }
}
