import { ContainerRegistry } from "@cdktf/provider-azurerm/lib/container-registry";
import { RoleAssignment } from "@cdktf/provider-azurerm/lib/role-assignment";
import type { ITerraformDependable, TerraformProvider } from "cdktf";
import { Construct } from "constructs";
import { Cloud, DeletionPolicy, type IGrant, type IWorkloadIdentity, type Protection } from "../../database";
import { checkUniqueName, GrowingDependables, requireProps, SynthChecks } from "../../database/private";
import type { IImageRegistry } from "../../storage";
import { IdentityGrants, identityPart } from "../../storage/private";
import type { IAzureWorkloadIdentity } from "../identity/aks-workload-identity";
import type { IDatabaseNetwork } from "../network/database-network";
import { GlobalName } from "../private/global-name";
import { checkResourceId, deletionLock } from "../private/resource-checks";
import { checkRegistry } from "./registry-checks";
import { registryProtections } from "./registry-protection";

/** Properties of an `AzureContainerRegistry`. */
export interface AzureContainerRegistryProps {
  /**
   * The network in which the registry gets its private endpoint; requires the Premium tier.
   * @default - none: public network access, for principals with a role
   * @see https://learn.microsoft.com/azure/container-registry/container-registry-private-endpoints
   */
  readonly network?: IDatabaseNetwork;
  /**
   * Name of the resource group. @default - the network's; required without one
   *
   * @see https://learn.microsoft.com/azure/azure-resource-manager/management/overview#resource-groups
   */
  readonly resourceGroupName?: string;
  /**
   * Azure region. @default - the network's; required without one
   *
   * @see https://learn.microsoft.com/azure/reliability/regions-list
   */
  readonly location?: string;
  /**
   * Name of the registry, 5 to 50 letters and digits, globally unique.
   * @default - derived from the construct path, with a suffix that never changes
   *
   * @see https://learn.microsoft.com/azure/azure-resource-manager/management/resource-name-rules#microsoftcontainerregistry
   */
  readonly registryName?: string;
  /**
   * Enables zone redundancy, which requires the Premium tier; not every region has zones. @default - true with a network
   * @see https://learn.microsoft.com/azure/container-registry/zone-redundancy
   */
  readonly zoneRedundant?: boolean;
  /**
   * Regions of geo-replicas, such as `northeurope`, beside that of the registry; requires the Premium tier. With them images can be pulled and
   * pushed while a region is lost. @default - none
   * @see https://learn.microsoft.com/azure/container-registry/container-registry-geo-replication
   */
  readonly replicaLocations?: string[];
  /**
   * Retention policy: days after which an untagged manifest is deleted, 1 to 365; requires the Premium tier. @default - never
   * @see https://learn.microsoft.com/azure/container-registry/container-registry-retention-policy
   */
  readonly deleteUntaggedAfterDays?: number;
  /**
   * Deletion of the registry. RETAIN: `prevent_destroy` and a management lock; removing the construct is not refused, and removes the
   * lock too. DELETE deletes all images; Azure has no SNAPSHOT. @default DeletionPolicy.RETAIN
   *
   * @see https://learn.microsoft.com/azure/azure-resource-manager/management/lock-resources
   */
  readonly deletionPolicy?: DeletionPolicy;
  /**
   * Tags of all resources. @default - none
   *
   * @see https://learn.microsoft.com/azure/azure-resource-manager/management/tag-resources
   */
  readonly tags?: { readonly [name: string]: string };
  /** The azurerm provider. @default - the network's, else the only azurerm provider of the stack */
  readonly provider?: TerraformProvider;
  /** The random provider, which generates the suffix of the name. @default - the only random provider of the stack */
  readonly randomProvider?: TerraformProvider;
  /** Resources that must exist before the registry. @default - none */
  readonly dependsOn?: ITerraformDependable[];
}

/** Attributes of a container registry that exists already. */
export interface ContainerRegistryAttributes {
  /**
   * Resource ID of the registry; may be a token.
   *
   * @see https://learn.microsoft.com/cli/azure/acr#az-acr-show
   */
  readonly registryId: string;
  /**
   * Login server, such as `name.azurecr.io`; may be a token.
   *
   * @see https://learn.microsoft.com/azure/container-registry/container-registry-concepts
   */
  readonly loginServer: string;
  /** The azurerm provider. @default - the only azurerm provider of the stack */
  readonly provider?: TerraformProvider;
  /** Resources that must exist before images are pulled or pushed. @default - none */
  readonly dependsOn?: ITerraformDependable[];
}

/** An Azure container registry, whether this program creates it or not. */
export interface IAzureContainerRegistry extends IImageRegistry {
  /** Resource ID of the registry. */
  readonly registryId: string;

  /**
   * Grants an identity the role AcrPush on the registry.
   *
   * @param identity an identity with an object ID (`AksWorkloadIdentity`).
   */
  grantPush(identity: IWorkloadIdentity): IGrant;

  /**
   * Grants a service principal the role AcrPush, for an application that has the secret of a service principal.
   *
   * @param id part of the construct id, known at synth.
   * @param principalId the object ID of the service principal; may be a token.
   */
  grantPushToPrincipal(id: string, principalId: string): IGrant;
}

abstract class ContainerRegistryBase extends Construct implements IAzureContainerRegistry {
  public readonly cloud = Cloud.AZURE;
  public abstract readonly registryId: string;
  public abstract readonly server: string;
  public abstract readonly url: string;
  protected abstract readonly provider?: TerraformProvider;
  protected readonly checks: SynthChecks;
  protected readonly waitFor = new GrowingDependables();
  private readonly grants: IdentityGrants;

  public constructor(scope: Construct, id: string) {
    super(scope, id);
    this.checks = new SynthChecks(this, "ACR");
    this.grants = new IdentityGrants(this.checks, "grantPush", this.cloud);
  }

  public get dependables(): ITerraformDependable[] {
    return this.waitFor.all;
  }

  /**
   * Grants an identity the role AcrPush, which includes pull. A new role assignment takes some minutes to take effect.
   *
   * @param identity an identity with an object ID (`AksWorkloadIdentity`).
   */
  public grantPush(identity: IWorkloadIdentity): IGrant {
    const { principalId } = identity as IAzureWorkloadIdentity;
    return this.grants.grant(identity, principalId, "AksWorkloadIdentity", () =>
      this.grantPushToPrincipal(identityPart(this, identity), principalId),
    );
  }

  public grantPushToPrincipal(id: string, principalId: string): IGrant {
    const role = new RoleAssignment(this, `Push-${id}`, {
      scope: this.registryId,
      roleDefinitionName: "AcrPush",
      principalId,
      principalType: "ServicePrincipal",
      provider: this.provider,
    });
    this.waitFor.add(role);
    return { dependables: [role] };
  }
}

/**
 * An Azure container registry without admin user and anonymous pull: access requires a role.
 *
 * @see https://learn.microsoft.com/azure/container-registry/container-registry-intro
 *
 * @example
 * const registry = new AzureContainerRegistry(this, "images", { network });
 * registry.grantPush(identity);
 */
export class AzureContainerRegistry extends ContainerRegistryBase {
  /**
   * A container registry that exists already. Grants create role assignments on it.
   *
   * @param attributes resource ID and login server.
   */
  public static fromRegistryAttributes(
    scope: Construct,
    id: string,
    attributes: ContainerRegistryAttributes,
  ): IAzureContainerRegistry {
    return new ExistingContainerRegistry(scope, id, attributes);
  }

  public readonly registryId: string;
  public readonly server: string;
  public readonly url: string;
  /** The registry resource. */
  public readonly resource: ContainerRegistry;
  /** Geo-replication; an empty list without `replicaLocations`. */
  public readonly protections: readonly Protection[];
  protected readonly provider?: TerraformProvider;

  public constructor(scope: Construct, id: string, props: AzureContainerRegistryProps) {
    super(scope, id);
    const { network, tags, dependsOn } = props;
    const provider = props.provider ?? network?.provider;
    const zones = props.zoneRedundant ?? network !== undefined;
    const premium = zones || network !== undefined;
    checkRegistry(this, this.checks, props, premium);
    if (props.registryName !== undefined) {
      checkUniqueName(this.checks, this, {
        kind: "container registry",
        property: "registryName",
        name: props.registryName,
      });
    }
    this.provider = provider;
    const replicaLocations = [...(props.replicaLocations ?? [])].sort();
    const name =
      props.registryName ??
      new GlobalName(this, "Name", { maxLength: 50, hyphens: false, randomProvider: props.randomProvider })
        .value;
    const retain = props.deletionPolicy !== DeletionPolicy.DELETE;
    this.resource = new ContainerRegistry(this, "Resource", {
      name,
      resourceGroupName: props.resourceGroupName ?? network?.resourceGroupName ?? "",
      location: props.location ?? network?.location ?? "",
      sku: premium ? "Premium" : "Standard",
      adminEnabled: false,
      anonymousPullEnabled: false,
      publicNetworkAccessEnabled: network === undefined,
      // With dedicated data endpoints firewalls can allow this registry instead of all of Azure Storage.
      dataEndpointEnabled: premium ? true : undefined,
      zoneRedundancyEnabled: zones ? true : undefined,
      retentionPolicyInDays: props.deleteUntaggedAfterDays,
      // azurerm compares the blocks in the alphabetical order of their locations.
      georeplications:
        replicaLocations.length === 0
          ? undefined
          : replicaLocations.map((location) => ({
              location,
              zoneRedundancyEnabled: zones,
              tags,
            })),
      lifecycle: retain ? { preventDestroy: true } : undefined,
      tags,
      provider,
      dependsOn,
    });
    if (retain) {
      const notes = "Holds images. Set deletionPolicy to DELETE in the program before deleting it.";
      deletionLock(this, name, this.resource.id, notes, { provider });
    }
    this.protections = registryProtections({ registryName: name, replicaLocations });
    this.registryId = this.resource.id;
    this.server = this.resource.loginServer;
    this.url = this.server;
    const endpoint = network?.connect(this, "registry", this.resource.id, name, { tags, provider });
    this.waitFor.addFirst(this.resource, ...(endpoint ?? []));
  }
}

class ExistingContainerRegistry extends ContainerRegistryBase {
  public readonly registryId: string;
  public readonly server: string;
  public readonly url: string;
  protected readonly provider?: TerraformProvider;

  public constructor(scope: Construct, id: string, attributes: ContainerRegistryAttributes) {
    super(scope, id);
    requireProps(this.node.path, "ACR", attributes, { registryId: true, loginServer: true });
    const { registryId, loginServer } = attributes;
    checkResourceId(this.checks, "registryId", registryId, "registries");
    this.checks.matches(
      "loginServer",
      loginServer,
      /^[A-Za-z0-9.-]+$/,
      "must be a host name such as name.azurecr.io",
    );
    this.registryId = registryId;
    this.server = loginServer;
    this.url = loginServer;
    this.provider = attributes.provider;
    this.waitFor.addFirst(...(attributes.dependsOn ?? []));
  }
}
