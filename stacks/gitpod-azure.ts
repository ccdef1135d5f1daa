// Reference architecture: Gitpod on an existing AKS cluster with Azure Database for MySQL, Blob Storage and Container Registry.
// See docs/gitpod-azure.md.

import { AzurermProvider } from "@cdktf/provider-azurerm/lib/provider";
import { RandomProvider } from "@cdktf/provider-random/lib/provider";
import type { Construct } from "constructs";
import {
  AzureContainerRegistry,
  AzureServerAlerts,
  BlobStorage,
  type DatabaseNetwork,
  GeneratedSecret,
  type ISecretVault,
  MysqlFlexibleServer,
} from "../lib/azure";
import { AksConnection } from "../lib/azure/aks";
import { Cloud, type SecretValue } from "../lib/database";
import { requireProps } from "../lib/database/private";
import { RegistryLogin } from "../lib/storage";
import { type GitpodKeyProps, GitpodStack, type GitpodStackProps } from "./gitpod-stack";
import { type AzureStackProps, azureBackups, azureDatabaseNetwork, secretVault } from "./shared/azure";
import { checkRestoredServers, restoredServer } from "./shared/restored-servers";

/** An existing service principal with a client secret. Gitpod supports no other login to a registry. */
export interface GitpodServicePrincipal {
  /** Object id of the service principal; the stack assigns its role. May be a token. */
  readonly principalId: string;
  /** Application (client) id, which is the user name; may be a token. */
  readonly clientId: string;
  /** Client secret. */
  readonly clientSecret: SecretValue;
}

/** Properties of a `GitpodAzureStack`. */
export interface GitpodAzureStackProps extends GitpodStackProps, GitpodKeyProps, AzureStackProps {
  /** Service principal that pulls and pushes images. */
  readonly imagesPrincipal: GitpodServicePrincipal;
}

/**
 * Gitpod on AKS with Azure Database for MySQL, Blob Storage and Container Registry.
 *
 * @example
 * new GitpodAzureStack(app, "gitpod", {
 *   subscriptionId,
 *   resourceGroupName: "platform",
 *   location: "westeurope",
 *   virtualNetworkId,
 *   subnetId,
 *   clusterFqdn: "platform.hcp.westeurope.azmk8s.io",
 *   clusterCaCertificateBase64,
 *   oidcIssuerUrl,
 *   domain: "gitpod.example.com",
 *   installerImage,
 *   imagesPrincipal: { principalId, clientId, clientSecret },
 * });
 */
export class GitpodAzureStack extends GitpodStack {
  /** Connection to the AKS cluster. */
  public readonly cluster: AksConnection;
  /** Network of the database server. */
  public readonly network: DatabaseNetwork;
  /** Key Vault of the generated passwords and encryption keys. */
  public readonly vault: ISecretVault;
  /** The database server. */
  public readonly server: MysqlFlexibleServer;
  /** Alerts of the database server; not set without `actionGroupId`. */
  public readonly alarms?: AzureServerAlerts;
  /** Storage account of the workspaces, replicated to three zones and the paired region. */
  public readonly workspaces: BlobStorage;
  /** Registry of workspace images. */
  public readonly images: AzureContainerRegistry;

  public constructor(scope: Construct, id: string, props: GitpodAzureStackProps) {
    super(scope, id, Cloud.AZURE, props);
    requireProps(this.node.path, "GITPOD", props, {
      imagesPrincipal: true,
      domain: true,
      installerImage: true,
      subscriptionId: true,
      resourceGroupName: true,
      location: true,
      virtualNetworkId: true,
      subnetId: true,
      clusterFqdn: true,
      clusterCaCertificateBase64: true,
    });
    const { imagesPrincipal, actionGroupId } = props;
    const deletionPolicy = this.storesDeletion;
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
    checkRestoredServers(this, "AZURE", props.restoredServers, ["mysql"]);
    this.server = new MysqlFlexibleServer(this, "mysql", {
      restoredServerName: restoredServer(this, "AZURE", props.restoredServers, "mysql")?.serverName,
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
    this.workspaces = new BlobStorage(this, "workspaces", {
      network: this.network,
      tags,
      deletionPolicy,
      // Gitpod 2022.11 uses a gateway that supports only account keys.
      sharedKeyAccess: true,
    });
    this.images = new AzureContainerRegistry(this, "images", { network: this.network, tags, deletionPolicy });
    this.images.grantPushToPrincipal("gitpod", imagesPrincipal.principalId);
    this.installGitpod(this.gitpodNamespace(this.cluster), {
      server: this.server,
      encryptionKeys: this.gitpodKeys(
        props,
        (key) =>
          new GeneratedSecret(this, key, {
            vault: this.vault,
            protect: !this.disposable,
            // The longest possible expiry, because this key is never regenerated.
            expiresAfterDays: 3650,
            tags,
          }).value,
      ),
      // Gitpod creates a container per user; this container only identifies the storage account.
      store: this.workspaces.container("gitpod"),
      storeKey: this.workspaces.accessKey(),
      backups: azureBackups(props, this.network, this.vault, [this.server], tags, this.disposable),
      registry: {
        registry: this.images,
        login: RegistryLogin.of(imagesPrincipal.clientId, imagesPrincipal.clientSecret),
      },
    });
  }
}
