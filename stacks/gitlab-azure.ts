// Reference architecture: GitLab on an existing AKS cluster with Azure Database for PostgreSQL, PgBouncer and Blob Storage.
// See docs/gitlab-azure.md.

import { AzurermProvider } from "@cdktf/provider-azurerm/lib/provider";
import { RandomProvider } from "@cdktf/provider-random/lib/provider";
import type { Construct } from "constructs";
import {
  AksWorkloadIdentity,
  AzureServerAlerts,
  BlobStorage,
  type DatabaseNetwork,
  type ISecretVault,
  PostgresFlexibleServer,
} from "../lib/azure";
import { AksConnection } from "../lib/azure/aks";
import { Cloud } from "../lib/database";
import { requireProps } from "../lib/database/private";
import { GITLAB_NAMESPACE, GITLAB_SERVICE_ACCOUNT, GitlabStack, type GitlabStackProps } from "./gitlab-stack";
import { type AzureStackProps, azureBackups, azureDatabaseNetwork, secretVault } from "./shared/azure";
import { gitlabStores } from "./shared/gitlab-stores";
import { checkRestoredServers, restoredServer } from "./shared/restored-servers";

/** Properties of a `GitlabAzureStack`. */
export interface GitlabAzureStackProps extends GitlabStackProps, AzureStackProps {
  /** OIDC issuer URL of the cluster; may be a token. */
  readonly oidcIssuerUrl: string;
}

/**
 * GitLab on AKS with Azure Database for PostgreSQL and Blob Storage.
 *
 * @example
 * new GitlabAzureStack(app, "gitlab", {
 *   subscriptionId,
 *   resourceGroupName: "platform",
 *   location: "westeurope",
 *   virtualNetworkId,
 *   subnetId,
 *   clusterFqdn: "platform.hcp.westeurope.azmk8s.io",
 *   clusterCaCertificateBase64,
 *   oidcIssuerUrl,
 *   domain: "example.com",
 *   certificateEmail: "platform@example.com",
 *   redis,
 *   secrets,
 *   poolerTls,
 * });
 */
export class GitlabAzureStack extends GitlabStack {
  /** Connection to the AKS cluster. */
  public readonly cluster: AksConnection;
  /** Network of the database servers. */
  public readonly network: DatabaseNetwork;
  /** Key Vault of the generated passwords. */
  public readonly vault: ISecretVault;
  /** The database servers; the first is that of the main database. */
  public readonly servers: PostgresFlexibleServer[];
  /** Alerts of each database server; empty without `actionGroupId`. */
  public readonly alarms: AzureServerAlerts[];
  /** Managed identity of the pods that use object storage. */
  public readonly identity: AksWorkloadIdentity;
  /** Storage account with a container for each of GitLab's stores. */
  public readonly storage: BlobStorage;

  public constructor(scope: Construct, id: string, props: GitlabAzureStackProps) {
    super(scope, id, Cloud.AZURE, props);
    requireProps(this.node.path, "GITLAB", props, {
      oidcIssuerUrl: true,
      domain: true,
      redis: true,
      secrets: true,
      poolerTls: true,
      certificateEmail: true,
      subscriptionId: true,
      resourceGroupName: true,
      location: true,
      virtualNetworkId: true,
      subnetId: true,
      clusterFqdn: true,
      clusterCaCertificateBase64: true,
    });
    const { resourceGroupName, location, actionGroupId } = props;
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
    this.alarms = [];
    this.servers = this.serverNames.map((name) => {
      const server = new PostgresFlexibleServer(this, `postgres-${name}`, {
        restoredServerName: restoredServer(this, "AZURE", props.restoredServers, `postgres-${name}`)
          ?.serverName,
        ...this.databaseIntent,
        extensions: this.serverSettings.extensions,
        network: this.network,
        vault: this.vault,
        encryptionKey: props.encryptionKey,
        geoRedundantBackup: props.geoRedundantBackup,
        alternatingUsersSince: props.alternatingUsersSince,
        tags,
      });
      if (actionGroupId) {
        this.alarms.push(new AzureServerAlerts(this, `alerts-${name}`, { server, actionGroupId, tags }));
      }
      return server;
    });
    checkRestoredServers(
      this,
      "AZURE",
      props.restoredServers,
      this.serverNames.map((name) => `postgres-${name}`),
    );
    this.identity = new AksWorkloadIdentity(this, "identity", {
      namespace: GITLAB_NAMESPACE,
      serviceAccountName: GITLAB_SERVICE_ACCOUNT,
      oidcIssuerUrl: props.oidcIssuerUrl,
      resourceGroupName,
      location,
      tags,
    });
    this.storage = new BlobStorage(this, "object-storage", {
      network: this.network,
      tags,
      deletionPolicy: this.storesDeletion,
    });
    const stores = gitlabStores((name) => this.storage.container(name));
    this.installGitlab(
      this.cluster,
      this.servers,
      stores,
      this.identity,
      azureBackups(props, this.network, this.vault, this.servers, tags, this.storesDeletion !== undefined),
    );
  }
}
