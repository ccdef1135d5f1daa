import type { Subnet } from "@cdktf/provider-azurerm/lib/subnet";
import type { ITerraformDependable, TerraformProvider } from "cdktf";
import { Construct } from "constructs";
import { EngineFamily } from "../../database";
import { physicalName, SynthChecks } from "../../database/private";
import type { EndpointOptions, IAzureDatabaseNetwork, ServerPlacement } from "./azure-database-network";
import { DELEGATION } from "./data/private-link";
import { LinkedZone } from "./linked-zone";
import { OwnVirtualNetwork } from "./own-virtual-network";
import { checkResourceId, checkVirtualNetworkProps } from "./virtual-network-checks";

/** Properties of a `DelegatedDatabaseNetwork`. */
export interface DelegatedDatabaseNetworkProps {
  /** The engine of the servers: a subnet can be delegated to one only. */
  readonly family: EngineFamily;
  /** The resource group of everything made here. */
  readonly resourceGroupName: string;
  /** The region, such as `westeurope`. */
  readonly location: string;
  /** An existing virtual network; needs `subnetId`. @default - a network of its own in `addressSpace` */
  readonly virtualNetworkId?: string;
  /**
   * The existing subnet, delegated to `Microsoft.DBforPostgreSQL/flexibleServers` or `Microsoft.DBforMySQL/flexibleServers`
   * and with nothing else in it; needs `virtualNetworkId`. @default - a subnet of its own in `addressSpace`
   */
  readonly subnetId?: string;
  /** The addresses of a network of its own, a CIDR range of /16 to /24 such as `10.20.0.0/24`. @default - an existing network */
  readonly addressSpace?: string;
  /**
   * The address ranges that may connect, in a network of its own; in an existing one its own security groups decide.
   * @default - the network's address space
   */
  readonly clients?: string[];
  /** Further virtual networks that find the servers, by a name of your choice. Peering them is up to you. @default - none */
  readonly linkedNetworks?: { readonly [name: string]: string };
  /**
   * A private DNS zone that you have already, whose name ends in `.postgres.database.azure.com` or
   * `.mysql.database.azure.com`, linked to your networks. @default - a zone of its own
   */
  readonly privateDnsZoneId?: string;
  /** Tags for all resources. @default - none */
  readonly tags?: { readonly [name: string]: string };
  /** The provider. @default - the stack's only azurerm provider */
  readonly provider?: TerraformProvider;
  /** What has to exist first, such as the links of `privateDnsZoneId`. @default - nothing */
  readonly dependsOn?: ITerraformDependable[];
}

/**
 * A subnet that is handed over to flexible servers, with the zone in which they are found: the older way, for networks that
 * allow no private endpoints. Scanners that look for private endpoints do not see it (CKV2_AZURE_56, CKV2_AZURE_57).
 *
 * @example
 * const network = new DelegatedDatabaseNetwork(this, "network", {
 *   family: EngineFamily.POSTGRES, resourceGroupName: "platform", location: "westeurope", addressSpace: "10.20.0.0/24",
 * });
 */
export class DelegatedDatabaseNetwork extends Construct implements IAzureDatabaseNetwork {
  public readonly resourceGroupName: string;
  public readonly location: string;
  public readonly provider?: TerraformProvider;
  /** The virtual network's resource id. */
  public readonly virtualNetworkId: string;
  /** The resource id of the delegated subnet. */
  public readonly subnetId: string;
  /** The subnet, when it is made here. */
  public readonly subnet?: Subnet;
  /** The resource id of the zone. */
  public readonly privateDnsZoneId: string;
  /** What has to exist before a server is made: the subnet, the zone and its links, in that order. */
  public readonly dependables: ITerraformDependable[];
  private readonly family: EngineFamily;
  private readonly checks: SynthChecks;

  public constructor(scope: Construct, id: string, props: DelegatedDatabaseNetworkProps) {
    super(scope, id);
    this.resourceGroupName = props.resourceGroupName;
    this.location = props.location;
    this.provider = props.provider;
    this.family = props.family;
    this.checks = new SynthChecks(this);
    const delegation = DELEGATION[props.family] as { suffix: string; service: string };
    checkVirtualNetworkProps(this.checks, props);
    for (const [name, networkId] of Object.entries(props.linkedNetworks ?? {})) {
      checkResourceId(this.checks, `linkedNetworks.${name}`, networkId, "virtualNetworks");
    }
    this.checks.matches(
      "privateDnsZoneId",
      props.privateDnsZoneId,
      new RegExp(`/privateDnsZones/[^/]+${delegation.suffix.replace(/\./g, "\\.")}$`, "i"),
      `it has to be the resource id of a zone whose name ends in ${delegation.suffix}`,
    );
    const own = props.addressSpace !== undefined && props.virtualNetworkId === undefined;
    const network = own ? this.ownNetwork(props, delegation.service) : undefined;
    this.subnet = network?.subnet;
    this.subnetId = network?.subnet.id ?? props.subnetId ?? "";
    this.virtualNetworkId = network?.virtualNetwork.id ?? props.virtualNetworkId ?? "";
    const before = network?.dependables ?? props.dependsOn ?? [];
    if (props.privateDnsZoneId !== undefined) {
      this.privateDnsZoneId = props.privateDnsZoneId;
      this.dependables = [...before, ...(network ? (props.dependsOn ?? []) : [])];
      return;
    }
    const zone = new LinkedZone(this, "Zone", {
      zoneName: `${physicalName(this, 40)}.private${delegation.suffix}`,
      resourceGroupName: props.resourceGroupName,
      networks: { own: this.virtualNetworkId, ...props.linkedNetworks },
      tags: props.tags,
      provider: props.provider,
      dependsOn: before,
    });
    this.privateDnsZoneId = zone.resource.id;
    // Azure makes the server's record through the link, so a server that comes before it is not found.
    this.dependables = [...before, zone.resource, ...zone.links];
  }

  public placement(family: EngineFamily): ServerPlacement {
    if (family !== this.family) {
      this.checks.fail(
        "family",
        this.family,
        `a server of ${family} needs a subnet of its own, delegated to ${DELEGATION[family]?.service}`,
      );
    }
    return {
      delegatedSubnetId: this.subnetId,
      privateDnsZoneId: this.privateDnsZoneId,
      dependables: this.dependables,
    };
  }

  /** A server in the subnet needs nothing more; other services can't be reached this way. */
  public connect(
    _scope: Construct,
    service: string,
    _resourceId: string,
    _name: string,
    _options?: EndpointOptions,
  ): ITerraformDependable[] {
    if (!(service in DELEGATION)) {
      throw new Error(
        `[${this.node.path}] a delegated subnet has no place for a private endpoint of "${service}"`,
      );
    }
    return this.dependables;
  }

  private ownNetwork(props: DelegatedDatabaseNetworkProps, service: string): OwnVirtualNetwork {
    return new OwnVirtualNetwork(this, "Own", {
      ...props,
      addressSpace: props.addressSpace as string,
      // PostgreSQL's built-in pooler listens on a port of its own.
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
