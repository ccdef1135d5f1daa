import type { NetworkSecurityGroup } from "@cdktf/provider-azurerm/lib/network-security-group";
import { PrivateEndpoint } from "@cdktf/provider-azurerm/lib/private-endpoint";
import type { Subnet } from "@cdktf/provider-azurerm/lib/subnet";
import type { VirtualNetwork } from "@cdktf/provider-azurerm/lib/virtual-network";
import type { ITerraformDependable, TerraformProvider } from "cdktf";
import { Construct } from "constructs";
import type { EngineFamily } from "../../database";
import { SynthChecks } from "../../database/private";
import type { EndpointOptions, IAzureDatabaseNetwork, ServerPlacement } from "./azure-database-network";
import { PRIVATE_LINK } from "./data/private-link";
import { LinkedZone } from "./linked-zone";
import { OwnVirtualNetwork } from "./own-virtual-network";
import { checkResourceId, checkVirtualNetworkProps } from "./virtual-network-checks";

/** Properties of a `DatabaseNetwork`. */
export interface DatabaseNetworkProps {
  /** The resource group of everything made here. */
  readonly resourceGroupName: string;
  /** The region, such as `westeurope`. */
  readonly location: string;
  /** An existing virtual network; needs `subnetId`. @default - a network of its own in `addressSpace` */
  readonly virtualNetworkId?: string;
  /** The existing subnet for private endpoints; needs `virtualNetworkId`. @default - a subnet of its own in `addressSpace` */
  readonly subnetId?: string;
  /** The addresses of a network of its own, a CIDR range of /16 to /24 such as `10.20.0.0/24`. @default - an existing network */
  readonly addressSpace?: string;
  /**
   * The address ranges that may connect, in a network of its own; in an existing one its own security groups decide.
   * @default - the network's address space
   */
  readonly clients?: string[];
  /**
   * Further virtual networks that find the private addresses, by a name of your choice: the cluster's, if it is
   * another one. Peering them is up to you. @default - none
   */
  readonly linkedNetworks?: { readonly [name: string]: string };
  /**
   * Private DNS zones that you have already, linked to your networks, by service (`postgres`, `mysql`, `vault`, `blob`, `registry`).
   * A virtual network can be linked to one zone of a name only. @default - zones of its own
   */
  readonly privateDnsZoneIds?: { readonly [service: string]: string };
  /** Tags for all resources. @default - none */
  readonly tags?: { readonly [name: string]: string };
  /** The provider. @default - the stack's only azurerm provider */
  readonly provider?: TerraformProvider;
  /** What has to exist first. @default - nothing */
  readonly dependsOn?: ITerraformDependable[];
}

/**
 * A network in which servers and vaults are reached by private endpoints and found by private DNS: the default way.
 *
 * @example
 * const network = new DatabaseNetwork(this, "network", {
 *   resourceGroupName: "platform", location: "westeurope",
 *   virtualNetworkId, subnetId: endpointSubnetId,
 * });
 */
export class DatabaseNetwork extends Construct implements IAzureDatabaseNetwork {
  public readonly resourceGroupName: string;
  public readonly location: string;
  public readonly provider?: TerraformProvider;
  /** The virtual network's resource id. */
  public readonly virtualNetworkId: string;
  /** The resource id of the subnet for private endpoints. */
  public readonly subnetId: string;
  /** The virtual network, when it is made here. */
  public readonly virtualNetwork?: VirtualNetwork;
  /** The subnet, when it is made here. */
  public readonly subnet?: Subnet;
  /** The subnet's security group, when it is made here. */
  public readonly securityGroup?: NetworkSecurityGroup;
  /** What has to exist before an endpoint is made. */
  public readonly dependables: ITerraformDependable[];
  private readonly props: DatabaseNetworkProps;

  public constructor(scope: Construct, id: string, props: DatabaseNetworkProps) {
    super(scope, id);
    this.props = props;
    this.resourceGroupName = props.resourceGroupName;
    this.location = props.location;
    this.provider = props.provider;
    const checks = new SynthChecks(this);
    checkVirtualNetworkProps(checks, props);
    for (const [service, zoneId] of Object.entries(props.privateDnsZoneIds ?? {})) {
      const known = PRIVATE_LINK[service];
      if (!known) {
        checks.fail("privateDnsZoneIds", service, `allowed are ${Object.keys(PRIVATE_LINK).join(", ")}`);
      } else {
        checks.matches(
          `privateDnsZoneIds.${service}`,
          zoneId,
          new RegExp(`/privateDnsZones/${known.zone.replace(/\./g, "\\.")}$`, "i"),
          `it has to be the resource id of a zone called ${known.zone}, since Azure resolves the server's name to it`,
        );
      }
    }
    for (const [name, networkId] of Object.entries(props.linkedNetworks ?? {})) {
      checkResourceId(checks, `linkedNetworks.${name}`, networkId, "virtualNetworks");
    }
    if (props.virtualNetworkId !== undefined || props.addressSpace === undefined) {
      this.virtualNetworkId = props.virtualNetworkId ?? "";
      this.subnetId = props.subnetId ?? "";
      this.dependables = props.dependsOn ?? [];
      return;
    }
    const own = new OwnVirtualNetwork(this, "Own", {
      ...props,
      addressSpace: props.addressSpace,
      ports: [...new Set(Object.values(PRIVATE_LINK).map((each) => each.port))],
    });
    this.virtualNetwork = own.virtualNetwork;
    this.subnet = own.subnet;
    this.securityGroup = own.securityGroup;
    this.virtualNetworkId = own.virtualNetwork.id;
    this.subnetId = own.subnet.id;
    this.dependables = own.dependables;
  }

  public placement(_family: EngineFamily): ServerPlacement {
    return { dependables: this.dependables };
  }

  public connect(
    scope: Construct,
    service: string,
    resourceId: string,
    name: string,
    options: EndpointOptions = {},
  ): ITerraformDependable[] {
    const link = PRIVATE_LINK[service];
    if (!link) throw new Error(`[${this.node.path}] there is no private endpoint for a service "${service}"`);
    const zone = this.zone(service);
    const endpoint = new PrivateEndpoint(scope, "Endpoint", {
      name: `${name}-endpoint`,
      resourceGroupName: this.resourceGroupName,
      location: this.location,
      subnetId: this.subnetId,
      privateServiceConnection: {
        name: `${name}-endpoint`,
        privateConnectionResourceId: resourceId,
        subresourceNames: [link.subresource],
        isManualConnection: false,
      },
      // The group writes the endpoint's address into the zone, and again when it changes.
      privateDnsZoneGroup: { name: "default", privateDnsZoneIds: [zone.id] },
      tags: options.tags ?? this.props.tags,
      provider: options.provider ?? this.provider,
      dependsOn: [...this.dependables, ...zone.links],
    });
    return [endpoint, ...zone.links];
  }

  private zone(service: string): { id: string; links: ITerraformDependable[] } {
    const given = this.props.privateDnsZoneIds?.[service];
    if (given !== undefined) return { id: given, links: [] };
    const existing = this.node.tryFindChild(`Zone-${service}`) as LinkedZone | undefined;
    const zone =
      existing ??
      new LinkedZone(this, `Zone-${service}`, {
        zoneName: PRIVATE_LINK[service]?.zone ?? "",
        resourceGroupName: this.resourceGroupName,
        networks: { own: this.virtualNetworkId, ...this.props.linkedNetworks },
        tags: this.props.tags,
        provider: this.provider,
        dependsOn: this.dependables,
      });
    return { id: zone.resource.id, links: zone.links };
  }
}
