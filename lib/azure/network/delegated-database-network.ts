import type { Subnet } from "@cdktf/provider-azurerm/lib/subnet";
import type { ITerraformDependable, TerraformProvider } from "cdktf";
import { Construct } from "constructs";
import { EngineFamily } from "../../database";
import { isResolved, physicalName, requireProps, SynthChecks, terraformCall } from "../../database/private";
import { checkResourceId, checkTags } from "../private/resource-checks";
import { DELEGATION } from "./data/private-link";
import type {
  FlexibleServerPlacement,
  IFlexibleServerNetwork,
  PrivateEndpointOptions,
} from "./flexible-server-network";
import { PrivateDnsZoneWithLinks } from "./private-dns-zone";
import { checkVirtualNetwork, NewVirtualNetwork } from "./virtual-network";

/** Properties of a `DelegatedDatabaseNetwork`. */
export interface DelegatedDatabaseNetworkProps {
  /**
   * Engine family of the servers. A subnet can be delegated to one service only.
   *
   * @see https://learn.microsoft.com/azure/virtual-network/subnet-delegation-overview
   */
  readonly family: EngineFamily;
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
   * Resource ID of an existing subnet that is delegated to `Microsoft.DBforPostgreSQL/flexibleServers` or
   * `Microsoft.DBforMySQL/flexibleServers` and holds no other resources; requires `virtualNetworkId`.
   * @default - a subnet is created in `addressSpace`
   *
   * @see https://learn.microsoft.com/azure/postgresql/flexible-server/concepts-networking-private
   * @see https://learn.microsoft.com/azure/mysql/flexible-server/concepts-networking-vnet
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
   * Resource IDs of further virtual networks that are linked to the private DNS zone, by a name of your choice. The library does not
   * peer the networks.
   * @default - none
   *
   * @see https://learn.microsoft.com/azure/dns/private-dns-virtual-network-links
   */
  readonly linkedNetworks?: { readonly [name: string]: string };
  /**
   * Resource ID of an existing private DNS zone that is linked to your networks. Its name must end in
   * `.postgres.database.azure.com` or `.mysql.database.azure.com`. @default - a zone is created
   *
   * @see https://learn.microsoft.com/azure/postgresql/flexible-server/concepts-networking-private
   * @see https://learn.microsoft.com/azure/mysql/flexible-server/concepts-networking-vnet
   */
  readonly privateDnsZoneId?: string;
  /**
   * Tags of all resources. @default - none
   *
   * @see https://learn.microsoft.com/azure/azure-resource-manager/management/tag-resources
   */
  readonly tags?: { readonly [name: string]: string };
  /** The azurerm provider. @default - the only azurerm provider of the stack */
  readonly provider?: TerraformProvider;
  /** Resources that must exist before the network's, such as the links of `privateDnsZoneId`. @default - none */
  readonly dependsOn?: ITerraformDependable[];
}

/** Attributes of a delegated subnet that exists already. */
export interface DelegatedDatabaseNetworkAttributes {
  /**
   * Engine family of the servers.
   *
   * @see https://learn.microsoft.com/azure/virtual-network/subnet-delegation-overview
   */
  readonly family: EngineFamily;
  /**
   * Name of the resource group of the servers.
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
   * Resource ID of the delegated subnet; may be a token.
   *
   * @see https://learn.microsoft.com/azure/postgresql/flexible-server/concepts-networking-private
   * @see https://learn.microsoft.com/azure/mysql/flexible-server/concepts-networking-vnet
   */
  readonly subnetId: string;
  /**
   * Resource ID of the private DNS zone; may be a token.
   *
   * @see https://learn.microsoft.com/azure/postgresql/flexible-server/concepts-networking-private
   * @see https://learn.microsoft.com/azure/mysql/flexible-server/concepts-networking-vnet
   */
  readonly privateDnsZoneId: string;
  /** The azurerm provider. @default - the only azurerm provider of the stack */
  readonly provider?: TerraformProvider;
  /** Resources that must exist before a server, such as the links of the zone. @default - none */
  readonly dependsOn?: ITerraformDependable[];
}

/**
 * A subnet delegated to flexible servers (virtual network integration), with a private DNS zone. For networks that do not allow
 * private endpoints; scanners that look for private endpoints report it (CKV2_AZURE_56, CKV2_AZURE_57).
 *
 * @see https://learn.microsoft.com/azure/postgresql/flexible-server/concepts-networking-private
 *
 * @example
 * const network = new DelegatedDatabaseNetwork(this, "network", {
 *   family: EngineFamily.POSTGRES, resourceGroupName: "platform", location: "westeurope", addressSpace: "10.20.0.0/24",
 * });
 */
export class DelegatedDatabaseNetwork extends Construct implements IFlexibleServerNetwork {
  /**
   * A delegated subnet and private DNS zone that exist already, for example in another stack. Creates no resources.
   *
   * @param attributes subnet and private DNS zone.
   */
  public static fromDelegatedDatabaseNetworkAttributes(
    scope: Construct,
    id: string,
    attributes: DelegatedDatabaseNetworkAttributes,
  ): IFlexibleServerNetwork {
    requireProps(`${scope.node.path}/${id}`, "AZURE-NETWORK", attributes, {
      family: true,
      resourceGroupName: true,
      location: true,
      subnetId: true,
      privateDnsZoneId: true,
    });
    const virtualNetworkId = virtualNetworkOf(attributes.subnetId);
    return new DelegatedDatabaseNetwork(scope, id, { ...attributes, virtualNetworkId });
  }

  public readonly resourceGroupName: string;
  public readonly location: string;
  public readonly provider?: TerraformProvider;
  /** Resource ID of the virtual network. */
  public readonly virtualNetworkId: string;
  /** Resource ID of the delegated subnet. */
  public readonly subnetId: string;
  /** The subnet; not set where an existing one is used. */
  public readonly subnet?: Subnet;
  /** Resource ID of the private DNS zone. */
  public readonly privateDnsZoneId: string;
  /** Resources that must exist before a server is created: the subnet, the zone and its links, in this order. */
  public readonly dependables: ITerraformDependable[];
  private readonly family: EngineFamily;
  private readonly checks: SynthChecks;

  public constructor(scope: Construct, id: string, props: DelegatedDatabaseNetworkProps) {
    super(scope, id);
    requireProps(this.node.path, "AZURE-NETWORK", props, {
      family: true,
      resourceGroupName: true,
      location: true,
    });
    this.resourceGroupName = props.resourceGroupName;
    this.location = props.location;
    this.provider = props.provider;
    this.family = props.family;
    this.checks = new SynthChecks(this, "AZURE-NETWORK");
    const delegation = DELEGATION[props.family] as { suffix: string; service: string };
    checkVirtualNetwork(this.checks, props);
    checkTags(this.checks, this, props.tags);
    for (const [name, networkId] of Object.entries(props.linkedNetworks ?? {})) {
      checkResourceId(this.checks, `linkedNetworks.${name}`, networkId, "virtualNetworks");
    }
    this.checks.matches(
      "privateDnsZoneId",
      props.privateDnsZoneId,
      new RegExp(`/privateDnsZones/[^/]+${delegation.suffix.replace(/\./g, "\\.")}$`, "i"),
      `must be the resource ID of a zone whose name ends in ${delegation.suffix}`,
    );
    const creates = props.addressSpace !== undefined && props.virtualNetworkId === undefined;
    const network = creates ? this.newNetwork(props, delegation.service) : undefined;
    this.subnet = network?.subnet;
    this.subnetId = network?.subnet.id ?? props.subnetId ?? "";
    this.virtualNetworkId = network?.virtualNetwork.id ?? props.virtualNetworkId ?? "";
    const before = network?.dependables ?? props.dependsOn ?? [];
    if (props.privateDnsZoneId !== undefined) {
      this.privateDnsZoneId = props.privateDnsZoneId;
      this.dependables = [...before, ...(network ? (props.dependsOn ?? []) : [])];
      return;
    }
    const zone = new PrivateDnsZoneWithLinks(this, "Zone", {
      zoneName: `${physicalName(this, 40)}.private${delegation.suffix}`,
      property: "privateDnsZoneId",
      resourceGroupName: props.resourceGroupName,
      networks: { own: this.virtualNetworkId, ...props.linkedNetworks },
      tags: props.tags,
      provider: props.provider,
      dependsOn: before,
    });
    this.privateDnsZoneId = zone.resource.id;
    // Azure creates the server's DNS record through the link: a server created before the link does not resolve.
    this.dependables = [...before, zone.resource, ...zone.links];
  }

  public placement(family: EngineFamily): FlexibleServerPlacement {
    if (family !== this.family) {
      this.checks.fail(
        "family",
        this.family,
        `must be ${family} for a server of this engine; create a DelegatedDatabaseNetwork for it, delegated to ${DELEGATION[family]?.service}`,
      );
    }
    return {
      delegatedSubnetId: this.subnetId,
      privateDnsZoneId: this.privateDnsZoneId,
      dependables: this.dependables,
    };
  }

  /** Creates nothing: a server in the delegated subnet needs no private endpoint. Other services are refused. */
  public connect(
    _scope: Construct,
    service: string,
    _resourceId: string,
    _name: string,
    _options?: PrivateEndpointOptions,
  ): ITerraformDependable[] {
    if (!(service in DELEGATION)) {
      throw new Error(
        `[${this.node.path}] AZURE-NETWORK-SERVICE: service must be postgres or mysql (got "${service}"); a delegated subnet ` +
          "holds no private endpoints, so use a DatabaseNetwork",
      );
    }
    return this.dependables;
  }

  private newNetwork(props: DelegatedDatabaseNetworkProps, service: string): NewVirtualNetwork {
    return new NewVirtualNetwork(this, "Own", {
      ...props,
      addressSpace: props.addressSpace as string,
      // PgBouncer, which is built into PostgreSQL flexible servers, listens on port 6432.
      ports: props.family === EngineFamily.POSTGRES ? [5432, 6432] : [3306],
      delegation: {
        name: "database",
        serviceDelegation: {
          name: service,
          actions: ["Microsoft.Network/virtualNetworks/subnets/join/action"],
        },
      },
    });
  }
}

function virtualNetworkOf(subnetId: string): string {
  if (isResolved(subnetId)) return subnetId.replace(/\/subnets\/[^/]*$/i, "");
  return terraformCall("regex", "^.*/virtualNetworks/[^/]+", subnetId);
}
