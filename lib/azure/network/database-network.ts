import type { NetworkSecurityGroup } from "@cdktf/provider-azurerm/lib/network-security-group";
import { PrivateEndpoint } from "@cdktf/provider-azurerm/lib/private-endpoint";
import type { Subnet } from "@cdktf/provider-azurerm/lib/subnet";
import type { VirtualNetwork } from "@cdktf/provider-azurerm/lib/virtual-network";
import type { ITerraformDependable, TerraformProvider } from "cdktf";
import { Construct } from "constructs";
import type { EngineFamily } from "../../database";
import { requireProps, SynthChecks } from "../../database/private";
import { checkResourceId, checkTags } from "../private/resource-checks";
import { PRIVATE_LINK } from "./data/private-link";
import type {
  FlexibleServerPlacement,
  IFlexibleServerNetwork,
  PrivateEndpointOptions,
} from "./flexible-server-network";
import { PrivateDnsZoneWithLinks } from "./private-dns-zone";
import { checkVirtualNetwork, NewVirtualNetwork } from "./virtual-network";

/** A network with a subnet for private endpoints, for flexible servers, key vaults, storage accounts and registries. */
export interface IDatabaseNetwork extends IFlexibleServerNetwork {
  /** Resource ID of the subnet for private endpoints. */
  readonly subnetId: string;
  /** Resources that must exist before a private endpoint is created. */
  readonly dependables: ITerraformDependable[];
}

/** Properties of a `DatabaseNetwork`. */
export interface DatabaseNetworkProps {
  /**
   * Name of the resource group of all resources that the network creates.
   *
   * @see https://learn.microsoft.com/azure/azure-resource-manager/management/overview#resource-groups
   */
  readonly resourceGroupName: string;
  /**
   * Azure region, such as `westeurope`.
   *
   * @see https://learn.microsoft.com/azure/reliability/regions-list
   */
  readonly location: string;
  /**
   * Resource ID of an existing virtual network; requires `subnetId`. @default - a virtual network is created in `addressSpace`
   *
   * @see https://learn.microsoft.com/azure/virtual-network/virtual-networks-overview
   */
  readonly virtualNetworkId?: string;
  /**
   * Resource ID of an existing subnet for private endpoints; requires `virtualNetworkId`. @default - a subnet is created in `addressSpace`
   *
   * @see https://learn.microsoft.com/azure/private-link/private-endpoint-overview
   */
  readonly subnetId?: string;
  /**
   * Address space of a new virtual network: a CIDR range of /16 to /24 such as `10.20.0.0/24`.
   * @default - an existing virtual network is used
   *
   * @see https://learn.microsoft.com/azure/virtual-network/manage-virtual-network
   */
  readonly addressSpace?: string;
  /**
   * Address ranges that may connect to a new virtual network. In an existing one its network security groups apply.
   * @default - the address space of the network
   *
   * @see https://learn.microsoft.com/azure/virtual-network/network-security-groups-overview
   */
  readonly clients?: string[];
  /**
   * Resource IDs of further virtual networks that are linked to the private DNS zones, by a name of your choice; for example the
   * cluster's, where it is another network. The library does not peer the networks. @default - none
   * @see https://learn.microsoft.com/azure/dns/private-dns-virtual-network-links
   */
  readonly linkedNetworks?: { readonly [name: string]: string };
  /**
   * Resource IDs of existing private DNS zones that are linked to your networks, by service (`postgres`, `mysql`, `vault`, `blob`,
   * `registry`). A virtual network can be linked to only one zone of a given name. @default - a zone is created for each service
   * @see https://learn.microsoft.com/azure/private-link/private-endpoint-dns
   */
  readonly privateDnsZoneIds?: { readonly [service: string]: string };
  /**
   * Tags of all resources. @default - none
   *
   * @see https://learn.microsoft.com/azure/azure-resource-manager/management/tag-resources
   */
  readonly tags?: { readonly [name: string]: string };
  /** The azurerm provider. @default - the only azurerm provider of the stack */
  readonly provider?: TerraformProvider;
  /** Resources that must exist before the network's. @default - none */
  readonly dependsOn?: ITerraformDependable[];
}

/** Attributes of a database network that exists already, for example in another stack. */
export interface DatabaseNetworkAttributes {
  /**
   * Name of the resource group in which private endpoints are created.
   *
   * @see https://learn.microsoft.com/azure/azure-resource-manager/management/overview#resource-groups
   */
  readonly resourceGroupName: string;
  /**
   * Azure region of the virtual network.
   *
   * @see https://learn.microsoft.com/azure/reliability/regions-list
   */
  readonly location: string;
  /**
   * Resource ID of the subnet for private endpoints; may be a token.
   *
   * @see https://learn.microsoft.com/azure/private-link/private-endpoint-overview
   */
  readonly subnetId: string;
  /**
   * Resource IDs of the private DNS zones, by service (`postgres`, `mysql`, `vault`, `blob`, `registry`); values may be tokens.
   *
   * @see https://learn.microsoft.com/azure/private-link/private-endpoint-dns
   */
  readonly privateDnsZoneIds: { readonly [service: string]: string };
  /**
   * Tags of private endpoints. @default - none
   *
   * @see https://learn.microsoft.com/azure/azure-resource-manager/management/tag-resources
   */
  readonly tags?: { readonly [name: string]: string };
  /** The azurerm provider. @default - the only azurerm provider of the stack */
  readonly provider?: TerraformProvider;
}

/**
 * A network whose services have private endpoints and private DNS zones. Recommended over `DelegatedDatabaseNetwork`: private
 * endpoints can be changed later.
 *
 * @see https://learn.microsoft.com/azure/postgresql/flexible-server/concepts-networking-private-link
 *
 * @example
 * const network = new DatabaseNetwork(this, "network", {
 *   resourceGroupName: "platform", location: "westeurope",
 *   virtualNetworkId, subnetId: endpointSubnetId,
 * });
 */
export class DatabaseNetwork extends Construct implements IDatabaseNetwork {
  /**
   * A database network that exists already. Nothing is created but the private endpoints of its services.
   *
   * @param attributes subnet and private DNS zones.
   */
  public static fromDatabaseNetworkAttributes(
    scope: Construct,
    id: string,
    attributes: DatabaseNetworkAttributes,
  ): IDatabaseNetwork {
    return new ImportedDatabaseNetwork(scope, id, attributes);
  }

  public readonly resourceGroupName: string;
  public readonly location: string;
  public readonly provider?: TerraformProvider;
  /** Resource ID of the virtual network. */
  public readonly virtualNetworkId: string;
  public readonly subnetId: string;
  /** The virtual network; not set where an existing one is used. */
  public readonly virtualNetwork?: VirtualNetwork;
  /** The subnet; not set where an existing one is used. */
  public readonly subnet?: Subnet;
  /** Network security group of the subnet; not set where an existing subnet is used. */
  public readonly securityGroup?: NetworkSecurityGroup;
  public readonly dependables: ITerraformDependable[];
  private readonly props: DatabaseNetworkProps;

  public constructor(scope: Construct, id: string, props: DatabaseNetworkProps) {
    super(scope, id);
    requireProps(this.node.path, "AZURE-NETWORK", props, { resourceGroupName: true, location: true });
    this.props = props;
    this.resourceGroupName = props.resourceGroupName;
    this.location = props.location;
    this.provider = props.provider;
    const checks = new SynthChecks(this, "AZURE-NETWORK");
    checkVirtualNetwork(checks, props);
    checkZones(checks, props.privateDnsZoneIds ?? {});
    checkTags(checks, this, props.tags);
    for (const [name, networkId] of Object.entries(props.linkedNetworks ?? {})) {
      checkResourceId(checks, `linkedNetworks.${name}`, networkId, "virtualNetworks");
    }
    if (props.virtualNetworkId !== undefined || props.addressSpace === undefined) {
      this.virtualNetworkId = props.virtualNetworkId ?? "";
      this.subnetId = props.subnetId ?? "";
      this.dependables = props.dependsOn ?? [];
      return;
    }
    const created = new NewVirtualNetwork(this, "Own", {
      ...props,
      addressSpace: props.addressSpace,
      ports: [...new Set(Object.values(PRIVATE_LINK).map((each) => each.port))],
    });
    this.virtualNetwork = created.virtualNetwork;
    this.subnet = created.subnet;
    this.securityGroup = created.securityGroup;
    this.virtualNetworkId = created.virtualNetwork.id;
    this.subnetId = created.subnet.id;
    this.dependables = created.dependables;
  }

  public placement(_family: EngineFamily): FlexibleServerPlacement {
    return { dependables: this.dependables };
  }

  public connect(
    scope: Construct,
    service: string,
    resourceId: string,
    name: string,
    options: PrivateEndpointOptions = {},
  ): ITerraformDependable[] {
    const zone = this.zone(service);
    const endpoint = privateEndpoint(scope, this, {
      service,
      resourceId,
      name,
      zoneId: zone.id,
      tags: options.tags ?? this.props.tags,
      provider: options.provider ?? this.provider,
      dependsOn: [...this.dependables, ...zone.links],
    });
    return [endpoint, ...zone.links];
  }

  private zone(service: string): { id: string; links: ITerraformDependable[] } {
    const given = this.props.privateDnsZoneIds?.[service];
    if (given !== undefined) return { id: given, links: [] };
    const id = `Zone-${service}`;
    const zone =
      (this.node.tryFindChild(id) as PrivateDnsZoneWithLinks | undefined) ??
      new PrivateDnsZoneWithLinks(this, id, {
        zoneName: PRIVATE_LINK[service]?.zone ?? "",
        property: `privateDnsZoneIds.${service}`,
        resourceGroupName: this.resourceGroupName,
        networks: { own: this.virtualNetworkId, ...this.props.linkedNetworks },
        tags: this.props.tags,
        provider: this.provider,
        dependsOn: this.dependables,
      });
    return { id: zone.resource.id, links: zone.links };
  }
}

class ImportedDatabaseNetwork extends Construct implements IDatabaseNetwork {
  public readonly resourceGroupName: string;
  public readonly location: string;
  public readonly subnetId: string;
  public readonly provider?: TerraformProvider;
  public readonly dependables: ITerraformDependable[] = [];
  private readonly attributes: DatabaseNetworkAttributes;
  private readonly checks: SynthChecks;

  public constructor(scope: Construct, id: string, attributes: DatabaseNetworkAttributes) {
    super(scope, id);
    requireProps(this.node.path, "AZURE-NETWORK", attributes, {
      resourceGroupName: true,
      location: true,
      subnetId: true,
      privateDnsZoneIds: true,
    });
    this.attributes = attributes;
    this.resourceGroupName = attributes.resourceGroupName;
    this.location = attributes.location;
    this.subnetId = attributes.subnetId;
    this.provider = attributes.provider;
    this.checks = new SynthChecks(this, "AZURE-NETWORK");
    checkResourceId(this.checks, "subnetId", attributes.subnetId, "subnets");
    checkZones(this.checks, attributes.privateDnsZoneIds);
  }

  public placement(_family: EngineFamily): FlexibleServerPlacement {
    return { dependables: [] };
  }

  public connect(
    scope: Construct,
    service: string,
    resourceId: string,
    name: string,
    options: PrivateEndpointOptions = {},
  ): ITerraformDependable[] {
    const zoneId = this.attributes.privateDnsZoneIds[service];
    if (zoneId === undefined) {
      this.checks.fail(
        `privateDnsZoneIds.${service}`,
        undefined,
        `must be set for the private endpoint of ${scope.node.path}; use the private DNS zone ${PRIVATE_LINK[service]?.zone}`,
      );
    }
    const tags = options.tags ?? this.attributes.tags;
    const provider = options.provider ?? this.provider;
    const endpoint = { service, resourceId, name, zoneId: zoneId ?? "", tags, provider };
    return [privateEndpoint(scope, this, endpoint)];
  }
}

interface EndpointSettings {
  readonly service: string;
  readonly resourceId: string;
  readonly name: string;
  readonly zoneId: string;
  readonly tags?: { readonly [name: string]: string };
  readonly provider?: TerraformProvider;
  readonly dependsOn?: ITerraformDependable[];
}

function privateEndpoint(
  scope: Construct,
  network: IDatabaseNetwork,
  settings: EndpointSettings,
): PrivateEndpoint {
  const { service, name, tags, provider, dependsOn } = settings;
  const link = PRIVATE_LINK[service];
  if (!link) {
    const services = Object.keys(PRIVATE_LINK).join(", ");
    throw new Error(
      `[${network.node.path}] AZURE-NETWORK-SERVICE: service must be one of ${services} (got "${service}")`,
    );
  }
  return new PrivateEndpoint(scope, "Endpoint", {
    name: `${name}-endpoint`,
    resourceGroupName: network.resourceGroupName,
    location: network.location,
    subnetId: network.subnetId,
    privateServiceConnection: {
      name: `${name}-endpoint`,
      privateConnectionResourceId: settings.resourceId,
      subresourceNames: [link.subresource],
      isManualConnection: false,
    },
    // The zone group writes the endpoint's address into the zone, and updates it when the address changes.
    privateDnsZoneGroup: { name: "default", privateDnsZoneIds: [settings.zoneId] },
    tags,
    provider,
    dependsOn,
  });
}

function checkZones(checks: SynthChecks, zoneIds: { readonly [service: string]: string }): void {
  for (const [service, zoneId] of Object.entries(zoneIds)) {
    const known = PRIVATE_LINK[service];
    if (!known) {
      checks.fail(
        "privateDnsZoneIds",
        service,
        `must have keys out of ${Object.keys(PRIVATE_LINK).join(", ")}`,
      );
      continue;
    }
    checks.matches(
      `privateDnsZoneIds.${service}`,
      zoneId,
      new RegExp(`/privateDnsZones/${known.zone.replace(/\./g, "\\.")}$`, "i"),
      `must be the resource ID of a zone named ${known.zone}; Azure resolves the server's host name through this zone`,
    );
  }
}
