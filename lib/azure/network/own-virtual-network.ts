// A virtual network of the library's own: one subnet and a security group that lets in the clients and nobody else.

import { NetworkSecurityGroup } from "@cdktf/provider-azurerm/lib/network-security-group";
import { Subnet, type SubnetDelegation } from "@cdktf/provider-azurerm/lib/subnet";
import { SubnetNetworkSecurityGroupAssociation } from "@cdktf/provider-azurerm/lib/subnet-network-security-group-association";
import { VirtualNetwork } from "@cdktf/provider-azurerm/lib/virtual-network";
import type { ITerraformDependable, TerraformProvider } from "cdktf";
import { Construct } from "constructs";
import { physicalName } from "../../database/private";
import { subnetPrefix } from "./virtual-network-checks";

/** Properties of an `OwnVirtualNetwork`. @internal */
export interface OwnVirtualNetworkProps {
  readonly resourceGroupName: string;
  readonly location: string;
  readonly addressSpace: string;
  readonly clients?: string[];
  /** The ports that clients may reach. */
  readonly ports: number[];
  /** What the subnet is delegated to; not set for a subnet of private endpoints. */
  readonly delegation?: SubnetDelegation;
  readonly tags?: { readonly [name: string]: string };
  readonly provider?: TerraformProvider;
  readonly dependsOn?: ITerraformDependable[];
}

/** @internal */
export class OwnVirtualNetwork extends Construct {
  public readonly virtualNetwork: VirtualNetwork;
  public readonly subnet: Subnet;
  public readonly securityGroup: NetworkSecurityGroup;
  /** What has to exist before the subnet is used. */
  public readonly dependables: ITerraformDependable[];

  public constructor(scope: Construct, id: string, props: OwnVirtualNetworkProps) {
    super(scope, id);
    const { tags, provider, dependsOn, resourceGroupName, location, addressSpace, delegation } = props;
    const name = physicalName(scope, 50);
    const use = delegation ? "servers" : "endpoints";
    const prefix = subnetPrefix(addressSpace, 0);
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
        ? // The server's backups and logs go to Azure Storage.
          { delegation: [delegation], serviceEndpoints: ["Microsoft.Storage"] }
        : // Without it Azure applies no security group to private endpoints.
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

function securityRules(props: OwnVirtualNetworkProps, subnet: string) {
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
