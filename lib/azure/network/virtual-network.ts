// The virtual network that both kinds of database network create, and the checks of its arguments.

import { NetworkSecurityGroup } from "@cdktf/provider-azurerm/lib/network-security-group";
import { Subnet, type SubnetDelegation } from "@cdktf/provider-azurerm/lib/subnet";
import { SubnetNetworkSecurityGroupAssociation } from "@cdktf/provider-azurerm/lib/subnet-network-security-group-association";
import { VirtualNetwork } from "@cdktf/provider-azurerm/lib/virtual-network";
import type { ITerraformDependable, TerraformProvider } from "cdktf";
import { Construct } from "constructs";
import { isResolved, physicalName, type SynthChecks, terraformCall } from "../../database/private";
import { checkResourceId } from "../private/resource-checks";

/** Arguments of a `NewVirtualNetwork`. @internal */
export interface NewVirtualNetworkProps {
  readonly resourceGroupName: string;
  readonly location: string;
  readonly addressSpace: string;
  readonly clients?: string[];
  /** The ports that clients may connect to. */
  readonly ports: number[];
  /** The delegation of the subnet; not set for a subnet of private endpoints. */
  readonly delegation?: SubnetDelegation;
  readonly tags?: { readonly [name: string]: string };
  readonly provider?: TerraformProvider;
  readonly dependsOn?: ITerraformDependable[];
}

/**
 * A virtual network with one subnet, whose network security group allows the clients and denies all other traffic.
 *
 * @internal
 */
export class NewVirtualNetwork extends Construct {
  public readonly virtualNetwork: VirtualNetwork;
  public readonly subnet: Subnet;
  public readonly securityGroup: NetworkSecurityGroup;
  /** Resources that must exist before the subnet is used. */
  public readonly dependables: ITerraformDependable[];

  public constructor(scope: Construct, id: string, props: NewVirtualNetworkProps) {
    super(scope, id);
    const { tags, provider, dependsOn, resourceGroupName, location, addressSpace, delegation } = props;
    const name = physicalName(scope, 50);
    const use = delegation ? "servers" : "endpoints";
    const prefix = firstSubnet(addressSpace);
    this.virtualNetwork = new VirtualNetwork(this, "VirtualNetwork", {
      name,
      resourceGroupName,
      location,
      addressSpace: [addressSpace],
      tags,
      provider,
      dependsOn,
    });
    this.subnet = new Subnet(this, "Subnet", {
      name: use,
      resourceGroupName,
      virtualNetworkName: this.virtualNetwork.name,
      addressPrefixes: [prefix],
      ...(delegation
        ? // The server sends its backups and logs to Azure Storage.
          { delegation: [delegation], serviceEndpoints: ["Microsoft.Storage"] }
        : // Without this policy Azure applies no network security group to private endpoints.
          {
            privateEndpointNetworkPolicies: "NetworkSecurityGroupEnabled",
            defaultOutboundAccessEnabled: false,
          }),
      provider,
    });
    this.securityGroup = new NetworkSecurityGroup(this, "SecurityGroup", {
      name: `${name}-${use}`,
      resourceGroupName,
      location,
      securityRule: securityRules(props, prefix),
      tags,
      provider,
      dependsOn,
    });
    const association = new SubnetNetworkSecurityGroupAssociation(this, "SecurityGroupAssociation", {
      subnetId: this.subnet.id,
      networkSecurityGroupId: this.securityGroup.id,
      provider,
    });
    this.dependables = [this.subnet, association];
  }
}

// The descriptions of rules are in the state of users: they stay as they are.
function securityRules(props: NewVirtualNetworkProps, subnet: string) {
  const common = { direction: "Inbound", sourcePortRange: "*", destinationAddressPrefix: "*" };
  const clients = {
    ...common,
    name: "clients",
    description: "The clients, on the ports of the services",
    access: "Allow",
    priority: 100,
    protocol: "Tcp",
    sourceAddressPrefixes: props.clients ?? [props.addressSpace],
    destinationPortRanges: props.ports.map(String),
  };
  const others = {
    ...common,
    name: "others",
    description: "Nobody else, not even from inside the network",
    access: "Deny",
    priority: 4096,
    protocol: "*",
    sourceAddressPrefix: "*",
    destinationPortRange: "*",
  };
  if (!props.delegation) return [clients, others];
  const inside = { ...others, access: "Allow", sourceAddressPrefix: subnet };
  return [
    clients,
    { ...inside, name: "servers", description: "A server and its standby, among themselves", priority: 200 },
    {
      ...inside,
      name: "load-balancer",
      description: "Azure's own health probes",
      priority: 300,
      sourceAddressPrefix: "AzureLoadBalancer",
    },
    others,
  ];
}

/** The arguments that say which virtual network to use or create. @internal */
export interface VirtualNetworkChoice {
  readonly virtualNetworkId?: string;
  readonly subnetId?: string;
  readonly addressSpace?: string;
  readonly clients?: string[];
}

const CIDR = /^(\d{1,3}\.){3}\d{1,3}\/(\d|[12]\d|3[0-2])$/;

/** Reports arguments that name neither an existing virtual network nor a new one, or a mixture of both. @internal */
export function checkVirtualNetwork(checks: SynthChecks, choice: VirtualNetworkChoice): void {
  const { virtualNetworkId, subnetId, addressSpace, clients } = choice;
  if (addressSpace === undefined) {
    if (virtualNetworkId === undefined) {
      checks.fail(
        "virtualNetworkId",
        virtualNetworkId,
        "must be set, together with subnetId, for an existing virtual network; set addressSpace instead to create one",
      );
    } else if (subnetId === undefined) {
      checks.fail("subnetId", subnetId, "must be set together with virtualNetworkId");
    }
    if (clients !== undefined) {
      checks.fail(
        "clients",
        clients,
        "must not be set for an existing virtual network; the network security group of your subnet applies there",
      );
    }
  } else {
    for (const [name, value] of Object.entries({ virtualNetworkId, subnetId })) {
      if (value === undefined) continue;
      checks.fail(
        name,
        value,
        "must not be set together with addressSpace; addressSpace creates a virtual network",
      );
    }
  }
  checks.check(
    "addressSpace",
    addressSpace,
    () => isCidr(addressSpace as string) && inRange(prefixLength(addressSpace as string), 16, 24),
    "must be a CIDR range of /16 to /24 such as 10.20.0.0/24",
  );
  for (const client of isResolved(clients) ? (clients ?? []) : []) {
    checks.check(
      "clients",
      client,
      () => (isCidr(client) && prefixLength(client) > 0) || /^(\d{1,3}\.){3}\d{1,3}$/.test(client),
      "must be an IP address or a CIDR range such as 10.1.0.0/16, never the whole internet",
    );
  }
  if (clients?.length === 0) checks.fail("clients", clients, "must have at least one address range");
  checkResourceId(checks, "virtualNetworkId", virtualNetworkId, "virtualNetworks");
  checkResourceId(checks, "subnetId", subnetId, "subnets");
}

/** The first sixteenth of an address space: /20 gives a subnet of /24. The address space may be a token. */
function firstSubnet(addressSpace: string): string {
  return terraformCall("cidrsubnet", addressSpace, 4, 0);
}

function isCidr(text: string): boolean {
  return (
    CIDR.test(text) &&
    text
      .split("/")[0]
      ?.split(".")
      .every((part) => Number(part) <= 255) === true
  );
}

function prefixLength(cidr: string): number {
  return Number(cidr.split("/")[1]);
}

function inRange(value: number, min: number, max: number): boolean {
  return value >= min && value <= max;
}
