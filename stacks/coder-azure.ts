// Reference architecture: Coder on an existing AKS cluster with Azure Database for PostgreSQL. See docs/coder-azure.md.

import { AzurermProvider } from "@cdktf/provider-azurerm/lib/provider";
import { RandomProvider } from "@cdktf/provider-random/lib/provider";
import type { Construct } from "constructs";
import {
  AzureServerAlerts,
  type DatabaseNetwork,
  type ISecretVault,
  PostgresFlexibleServer,
} from "../lib/azure";
import { AksConnection } from "../lib/azure/aks";
import { requireProps } from "../lib/database/private";
import { CoderStack, type CoderStackProps } from "./coder-stack";
import { type AzureStackProps, azureBackups, azureDatabaseNetwork, secretVault } from "./shared/azure";
import { checkRestoredServers, restoredServer } from "./shared/restored-servers";

/** Properties of a `CoderAzureStack`. */
export interface CoderAzureStackProps extends CoderStackProps, AzureStackProps {}

/**
 * Coder on AKS with Azure Database for PostgreSQL.
 *
 * @example
 * new CoderAzureStack(app, "coder", {
 *   subscriptionId,
 *   resourceGroupName: "platform",
 *   location: "westeurope",
 *   virtualNetworkId,
 *   subnetId,
 *   clusterFqdn: "platform.hcp.westeurope.azmk8s.io",
 *   clusterCaCertificateBase64,
 *   oidcIssuerUrl,
 *   accessUrl: "https://coder.example.com",
 * });
 */
export class CoderAzureStack extends CoderStack {
  /** Connection to the AKS cluster. */
  public readonly cluster: AksConnection;
  /** Network of the database server. */
  public readonly network: DatabaseNetwork;
  /** Key Vault of the generated passwords. */
  public readonly vault: ISecretVault;
  /** The database server. */
  public readonly server: PostgresFlexibleServer;
  /** Alerts of the database server; not set without `actionGroupId`. */
  public readonly alarms?: AzureServerAlerts;

  public constructor(scope: Construct, id: string, props: CoderAzureStackProps) {
    super(scope, id, props);
    requireProps(this.node.path, "CODER", props, {
      accessUrl: true,
      subscriptionId: true,
      resourceGroupName: true,
      location: true,
      virtualNetworkId: true,
      subnetId: true,
      clusterFqdn: true,
      clusterCaCertificateBase64: true,
    });
    const { actionGroupId } = props;
    const tags = this.cloudTags;
    new AzurermProvider(this, "azurerm", {
      features: [{}],
      subscriptionId: props.subscriptionId,
      storageUseAzuread: true,
    });
    new RandomProvider(this, "random");
    this.cluster = new AksConnection(this, "cluster", {
      clusterFqdn: props.clusterFqdn,
      clusterCaCertificateBase64: props.clusterCaCertificateBase64,
    });
    this.network = azureDatabaseNetwork(this, props, tags);
    this.vault = secretVault(this, props, this.network, tags);
    checkRestoredServers(this, "AZURE", props.restoredServers, ["postgres"]);
    this.server = new PostgresFlexibleServer(this, "postgres", {
      restoredServerName: restoredServer(this, "AZURE", props.restoredServers, "postgres")?.serverName,
      ...this.databaseIntent,
      network: this.network,
      vault: this.vault,
      encryptionKey: props.encryptionKey,
      geoRedundantBackup: props.geoRedundantBackup,
      alternatingUsersSince: props.alternatingUsersSince,
      tags,
    });
    if (actionGroupId)
      this.alarms = new AzureServerAlerts(this, "alerts", { server: this.server, actionGroupId, tags });
    this.installCoder(
      this.cluster,
      this.server,
      azureBackups(props, this.network, this.vault, [this.server], tags, this.disposable),
    );
  }
}
