// Reference architecture: GitLab on an AKS cluster that you have, with PostgreSQL flexible servers of its own, a pooler and a storage
// account. docs/gitlab-azure.md draws it and lists the defaults.

import { AzurermProvider } from "@cdktf/provider-azurerm/lib/provider";
import { RandomProvider } from "@cdktf/provider-random/lib/provider";
import type { Construct } from "constructs";
import {
  AksWorkloadIdentity,
  BlobStorage,
  DatabaseNetwork,
  PostgresFlexibleServer,
  SecretVault,
} from "../lib/azure";
import { AksConnection } from "../lib/azure/aks";
import { Cloud } from "../lib/database";
import type { GitlabRelease } from "../lib/gitlab";
import { GITLAB_NAMESPACE, GITLAB_SERVICE_ACCOUNT, GitlabStack, type GitlabStackProps } from "./gitlab-stack";
import { gitlabStores } from "./gitlab-stores";

/** Properties of a `GitlabAzureStack`. */
export interface GitlabAzureStackProps extends GitlabStackProps {
  /** The Azure subscription; may be a token. */
  readonly subscriptionId: string;
  /** The resource group of everything made here; may be a token. */
  readonly resourceGroupName: string;
  /** The region of cluster and databases, such as `westeurope`; may be a token. */
  readonly location: string;
  /** The cluster's virtual network; may be a token. */
  readonly virtualNetworkId: string;
  /** The subnet for private endpoints in that network; may be a token. */
  readonly subnetId: string;
  /** The DNS name of the cluster's API server; may be a token. */
  readonly clusterFqdn: string;
  /** The cluster's certificate authority in base64, as a kubeconfig holds it; may be a token. */
  readonly clusterCaCertificateBase64: string;
  /** The cluster's OIDC issuer; may be a token. */
  readonly oidcIssuerUrl: string;
  /** The Key Vault that keeps the passwords; may be a token. @default - one of its own */
  readonly keyVaultId?: string;
}

/** GitLab on AKS with Azure Database for PostgreSQL and Blob Storage. */
export class GitlabAzureStack extends GitlabStack {
  /** The database servers; main's is the first. */
  public readonly servers: PostgresFlexibleServer[];
  /** The account with a container for each of GitLab's stores. */
  public readonly objects: BlobStorage;
  /** The GitLab release. */
  public readonly gitlab: GitlabRelease;

  public constructor(scope: Construct, id: string, props: GitlabAzureStackProps) {
    super(scope, id, Cloud.AZURE, props);
    const { resourceGroupName, location, virtualNetworkId, subnetId, keyVaultId } = props;
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
    this.servers = this.serverNames.map(
      (name) =>
        new PostgresFlexibleServer(this, `postgres-${name}`, {
          ...this.databaseIntent,
          extensions: this.serverSettings.extensions,
          network,
          vault,
          tags,
        }),
    );
    const identity = new AksWorkloadIdentity(this, "identity", {
      namespace: GITLAB_NAMESPACE,
      serviceAccountName: GITLAB_SERVICE_ACCOUNT,
      oidcIssuerUrl: props.oidcIssuerUrl,
      resourceGroupName,
      location,
      tags,
    });
    this.objects = new BlobStorage(this, "object-storage", {
      network,
      tags,
      deletionPolicy: this.storesDeletion,
    });
    const stores = gitlabStores((name) => this.objects.container(name));
    this.gitlab = this.installGitlab(cluster, this.servers, stores, identity);
  }
}
