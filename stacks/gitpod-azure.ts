// Reference architecture: Gitpod on an AKS cluster that you have, with a MySQL of its own on a flexible server, a storage account and a
// registry. docs/gitpod-azure.md draws it and lists the defaults.

import { AzurermProvider } from "@cdktf/provider-azurerm/lib/provider";
import { RandomProvider } from "@cdktf/provider-random/lib/provider";
import type { Construct } from "constructs";
import {
  AzureContainerRegistry,
  BlobStorage,
  DatabaseNetwork,
  GeneratedSecret,
  MysqlFlexibleServer,
  SecretVault,
} from "../lib/azure";
import { AksConnection } from "../lib/azure/aks";
import { Cloud, type SecretValue } from "../lib/database";
import type { GitpodInstallerJob } from "../lib/gitpod";
import { RegistryLogin } from "../lib/storage";
import { type GitpodKeyProps, GitpodStack, type GitpodStackProps } from "./gitpod-stack";

/** A service principal that is there, with a secret: Gitpod takes nothing else. */
export interface GitpodServicePrincipal {
  /** The principal's object id; it gets its role here. May be a token. */
  readonly principalId: string;
  /** The application's id, which is the name it logs in by; may be a token. */
  readonly clientId: string;
  /** Its secret. */
  readonly clientSecret: SecretValue;
}

/** Properties of a `GitpodAzureStack`. */
export interface GitpodAzureStackProps extends GitpodStackProps, GitpodKeyProps {
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
  /** Who pulls and pushes images. */
  readonly imagesPrincipal: GitpodServicePrincipal;
  /** The Key Vault that keeps passwords and Gitpod's key; may be a token. @default - one of its own */
  readonly keyVaultId?: string;
}

/** Gitpod on AKS with Azure Database for MySQL, Blob Storage and Container Registry. */
export class GitpodAzureStack extends GitpodStack {
  /** The database server. */
  public readonly server: MysqlFlexibleServer;
  /** Where workspaces are kept: copies in three zones and the paired region. */
  public readonly workspaces: BlobStorage;
  /** The registry. */
  public readonly images: AzureContainerRegistry;
  /** The job that installs Gitpod. */
  public readonly gitpod: GitpodInstallerJob;

  public constructor(scope: Construct, id: string, props: GitpodAzureStackProps) {
    super(scope, id, Cloud.AZURE, props);
    const { resourceGroupName, location, virtualNetworkId, subnetId, keyVaultId } = props;
    const { imagesPrincipal } = props;
    const deletionPolicy = this.storesDeletion;
    const tags = this.cloudTags;
    new AzurermProvider(this, "azurerm", {
      features: [{}],
      subscriptionId: props.subscriptionId,
      storageUseAzuread: true,
    });
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
    this.server = new MysqlFlexibleServer(this, "mysql", { ...this.databaseIntent, network, vault, tags });
    this.workspaces = new BlobStorage(this, "workspaces", {
      network,
      tags,
      deletionPolicy,
      // Gitpod 2022.11 reaches Azure by a gateway that knows account keys only.
      sharedKeys: true,
    });
    this.images = new AzureContainerRegistry(this, "images", { network, tags, deletionPolicy });
    this.images.grantPushToPrincipal("gitpod", imagesPrincipal.principalId);
    this.gitpod = this.installGitpod(this.gitpodNamespace(cluster), {
      server: this.server,
      encryptionKeys: this.keptKeys(
        props,
        (key) =>
          new GeneratedSecret(this, key, {
            vault,
            protect: !this.disposable,
            // The longest there is: this key is never made anew.
            expiresAfterDays: 3650,
            tags,
          }).value,
      ),
      // The account is what counts: Gitpod makes a container for each user itself, and this one says where.
      store: this.workspaces.container("gitpod"),
      storeKey: this.workspaces.accessKey(),
      registry: {
        registry: this.images,
        login: RegistryLogin.of(imagesPrincipal.clientId, imagesPrincipal.clientSecret),
      },
    });
  }
}
