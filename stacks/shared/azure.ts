// The Azure part of the reference architectures.

import type { Construct } from "constructs";
import {
  AksWorkloadIdentity,
  BlobStorage,
  DatabaseNetwork,
  GeneratedSecret,
  type IFlexibleServer,
  type ISecretVault,
  SecretVault,
  type ServerEncryptionKey,
} from "../../lib/azure";
import { FlexibleServerRestoreRehearsal } from "../../lib/azure/aks";
import { DeletionPolicy } from "../../lib/database";
import { SynthChecks } from "../../lib/database/private";
import { KubernetesNamespace, PodSecurity } from "../../lib/kubernetes";
import type { BackupCloud, ServiceAccountName } from "./backups";

/** Database server of a stack that was restored under another name. */
export interface RestoredFlexibleServer {
  /** Construct id of the server in the stack, such as `postgres`. */
  readonly server: string;
  /** Name of the restored server, which is imported under the construct. */
  readonly serverName: string;
}

/** Rehearsals of the servers' automated backups (see `FlexibleServerRestoreRehearsal`), from the namespace `<application>-server-rehearsal`. */
export interface AzureServerRehearsal {
  /**
   * Resource id of the subnet for the private endpoints of copies, to which only the cluster's pods may connect; may be a token.
   * @default - `subnetId` of the stack, recorded as an opt-out, since clients of the servers can reach a copy by its address
   */
  readonly subnetId?: string;
  /** Cron expression in UTC. @default "30 5 * * 0" */
  readonly schedule?: string;
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
  /**
   * OIDC issuer URL of the cluster, which has workload identity enabled; may be a token. Required for backups by identities of pods.
   * @default - none; required unless `recovery` disables Velero and the logical backup
   *
   * @see https://learn.microsoft.com/azure/aks/use-oidc-issuer
   */
  readonly oidcIssuerUrl?: string;
  /** Resource id of an existing Key Vault for generated secrets; may be a token. @default - a new Key Vault */
  readonly keyVaultId?: string;
  /**
   * Database servers that were restored under another name and take the place of the lost ones. The runbook (`RESTORE.md`) says when to set
   * them. @default - none
   */
  readonly restoredServers?: RestoredFlexibleServer[];
  /**
   * Restores each database server to a point in time on a schedule, into a copy that is checked with SQL and deleted, beside the rehearsals
   * of the dumps (`recovery.rehearsal`). `{}` takes all defaults. @default - the servers' backups are not rehearsed
   */
  readonly serverRehearsal?: AzureServerRehearsal;
  /** Resource id of the action group for alerts; may be a token. @default - no alerts */
  readonly actionGroupId?: string;
  /** Customer-managed key of the databases; cannot be changed later. @default - a Microsoft-managed key */
  readonly encryptionKey?: ServerEncryptionKey;
  /**
   * Keeps backups in the paired region as well; changing it replaces the server. With it, `encryptionKey` needs a key in that region
   * too. @default true
   */
  readonly geoRedundantBackup?: boolean;
  /**
   * Lets two users of each database owner alternate from this `passwordVersion` on, so that a rotation refuses no connection. Set it once: to the
   * present `passwordVersion` of a running stack, to 1 for a new one. @default - one user, whose old password ends with the rotation
   *
   * @see https://docs.aws.amazon.com/secretsmanager/latest/userguide/rotation-strategy.html#rotating-secrets-two-users
   */
  readonly alternatingUsersSince?: number;
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

/** Stores, identities and secrets of the backups. */
export function azureBackups(
  props: AzureStackProps,
  network: DatabaseNetwork,
  vault: ISecretVault,
  servers: readonly IFlexibleServer[],
  tags: { readonly [name: string]: string },
  disposable: boolean,
): BackupCloud {
  const { oidcIssuerUrl, resourceGroupName, location, serverRehearsal } = props;
  const identity = (scope: Construct, id: string, account: ServiceAccountName) => {
    if (oidcIssuerUrl === undefined && !SynthChecks.hasReported(scope, "oidcIssuerUrl")) {
      new SynthChecks(scope, "AZURE").fail(
        "oidcIssuerUrl",
        oidcIssuerUrl,
        "must be set, since pods write backups by their identity; az aks show --query oidcIssuerProfile.issuerUrl prints it, or set disabledBecause of recovery.velero and recovery.logicalBackup",
      );
    }
    return new AksWorkloadIdentity(scope, id, {
      ...account,
      oidcIssuerUrl: oidcIssuerUrl ?? "https://missing",
      resourceGroupName,
      location,
      tags,
    });
  };
  return {
    cluster: [props.clusterFqdn],
    store: (scope, id) => {
      // A separate account: those of applications may allow account keys.
      const storage =
        (scope.node.tryFindChild("storage") as BlobStorage | undefined) ??
        new BlobStorage(scope, "storage", {
          network,
          tags,
          deletionPolicy: disposable ? DeletionPolicy.DELETE : undefined,
        });
      return storage.container(id);
    },
    identity,
    rehearseServers: serverRehearsal
      ? (scope, rehearsed, namespaceName) => {
          const namespace = new KubernetesNamespace(scope, "namespace", {
            namespaceName,
            podSecurity: PodSecurity.RESTRICTED,
            // Jobs and their settings only, which the next run recreates.
            deletionPolicy: DeletionPolicy.DELETE,
            disposable: true,
          });
          // Without zones: a copy has no name that a client could look up.
          const copies = DatabaseNetwork.fromDatabaseNetworkAttributes(scope, "network", {
            resourceGroupName,
            location,
            subnetId: serverRehearsal.subnetId ?? props.subnetId,
            privateDnsZoneIds: {},
          });
          return {
            protections: [],
            plannedRehearsals: rehearsed.flatMap(({ server, data, checks }) =>
              servers
                .filter((each) => (each as unknown) === server)
                .map((each) => {
                  const rehearsal = new FlexibleServerRestoreRehearsal(scope, each.node.id, {
                    server: each,
                    network: copies,
                    identity: identity(scope, `${each.node.id}-identity`, {
                      namespace: namespace.namespaceName,
                      serviceAccountName: `${each.node.id}-rehearsal`,
                    }),
                    checks,
                    schedule: serverRehearsal.schedule,
                    tags,
                    dependsOn: namespace.dependables,
                  });
                  return { data, rehearsal: rehearsal.rehearsal() };
                }),
            ),
          };
        }
      : undefined,
    password: (scope, id) =>
      new GeneratedSecret(scope, id, {
        vault,
        protect: !disposable,
        // The longest possible expiry, because this password is never regenerated.
        expiresAfterDays: 3650,
        tags,
      }).value,
  };
}
