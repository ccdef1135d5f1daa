// The Azure part of the reference architectures.

import type { Construct } from "constructs";
import { DatabaseNetwork, type ISecretVault, SecretVault, type ServerEncryptionKey } from "../../lib/azure";

/** Database server of a stack that was restored under another name. */
export interface RestoredFlexibleServer {
  /** Construct id of the server in the stack, such as `postgres`. */
  readonly server: string;
  /** Name of the restored server, which is imported under the construct. */
  readonly serverName: string;
}

/** Properties of a reference architecture on Azure. */
export interface AzureStackProps {
  /** Azure subscription; may be a token. */
  readonly subscriptionId: string;
  /** Resource group of all resources of the stack; may be a token. */
  readonly resourceGroupName: string;
  /** Region of the cluster and the databases, such as `westeurope`; may be a token. */
  readonly location: string;
  /** Resource id of the cluster's virtual network; may be a token. */
  readonly virtualNetworkId: string;
  /** Resource id of the subnet for private endpoints in that network; may be a token. */
  readonly subnetId: string;
  /** Further virtual networks that resolve the private addresses, by a name of your choice. @default - none */
  readonly linkedNetworks?: { readonly [name: string]: string };
  /**
   * Resource ids of existing private DNS zones that are linked to the virtual network, by service (`postgres`, `mysql`, `vault`, `blob`,
   * `registry`). A virtual network can be linked to only one zone of a name. @default - new zones
   */
  readonly privateDnsZoneIds?: { readonly [service: string]: string };
  /** DNS name of the cluster's API server; may be a token. */
  readonly clusterFqdn: string;
  /** Certificate authority of the cluster in base64, as in a kubeconfig; may be a token. */
  readonly clusterCaCertificateBase64: string;
  /** Resource id of an existing Key Vault for generated secrets; may be a token. @default - a new Key Vault */
  readonly keyVaultId?: string;
  /**
   * Database servers that were restored under another name and take the place of the lost ones. The runbook (`RESTORE.md`) says when to set
   * them. @default - none
   */
  readonly restoredServers?: RestoredFlexibleServer[];
  /** Resource id of the action group for alerts; may be a token. @default - no alerts */
  readonly actionGroupId?: string;
  /** Customer-managed key of the databases; cannot be changed later. @default - a Microsoft-managed key */
  readonly encryptionKey?: ServerEncryptionKey;
  /**
   * Keeps backups in the paired region as well; changing it replaces the server. With it, `encryptionKey` needs a key in that region
   * too. @default true
   */
  readonly geoRedundantBackup?: boolean;
}

/** Network of the databases with private endpoints in the cluster's virtual network. */
export function azureDatabaseNetwork(
  scope: Construct,
  props: AzureStackProps,
  tags: { readonly [name: string]: string },
): DatabaseNetwork {
  return new DatabaseNetwork(scope, "network", {
    resourceGroupName: props.resourceGroupName,
    location: props.location,
    virtualNetworkId: props.virtualNetworkId,
    subnetId: props.subnetId,
    linkedNetworks: props.linkedNetworks,
    privateDnsZoneIds: props.privateDnsZoneIds,
    tags,
  });
}

/** Key Vault for generated secrets: the existing one, or a new one. */
export function secretVault(
  scope: Construct,
  props: AzureStackProps,
  network: DatabaseNetwork,
  tags: { readonly [name: string]: string },
): ISecretVault {
  return props.keyVaultId
    ? SecretVault.fromKeyVaultId(props.keyVaultId)
    : new SecretVault(scope, "vault", { network, tags });
}
