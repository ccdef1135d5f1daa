import { PrivateDnsZone } from "@cdktf/provider-azurerm/lib/private-dns-zone";
import { PrivateDnsZoneVirtualNetworkLink } from "@cdktf/provider-azurerm/lib/private-dns-zone-virtual-network-link";
import type { ITerraformDependable, TerraformProvider } from "cdktf";
import { Construct } from "constructs";
import { checkUniqueName, physicalName, SynthChecks } from "../../database/private";

/** Arguments of a `PrivateDnsZoneWithLinks`. @internal */
export interface PrivateDnsZoneWithLinksProps {
  readonly zoneName: string;
  /** The property by which the user gives an existing zone instead. */
  readonly property: string;
  readonly resourceGroupName: string;
  /** Resource IDs of the virtual networks that resolve the zone's names, by name. */
  readonly networks: { readonly [name: string]: string };
  readonly tags?: { readonly [name: string]: string };
  readonly provider?: TerraformProvider;
  readonly dependsOn: ITerraformDependable[];
}

/**
 * A private DNS zone and its virtual network links.
 *
 * @see https://learn.microsoft.com/azure/dns/private-dns-privatednszone
 * @internal
 */
export class PrivateDnsZoneWithLinks extends Construct {
  public readonly resource: PrivateDnsZone;
  public readonly links: ITerraformDependable[];

  public constructor(scope: Construct, id: string, props: PrivateDnsZoneWithLinksProps) {
    super(scope, id);
    const { resourceGroupName, tags, provider, dependsOn } = props;
    checkUniqueName(new SynthChecks(this, "AZURE-NETWORK"), this, {
      kind: "private DNS zone",
      property: props.property,
      name: props.zoneName,
      place: resourceGroupName,
      provider,
      remedy: `share one network between the servers, or set ${props.property}`,
    });
    this.resource = new PrivateDnsZone(this, "Resource", {
      name: props.zoneName,
      resourceGroupName,
      tags,
      provider,
      dependsOn,
    });
    this.links = Object.entries(props.networks).map(
      ([network, virtualNetworkId]) =>
        new PrivateDnsZoneVirtualNetworkLink(this, `Link-${network}`, {
          name: `${physicalName(this, 50)}-${network}`,
          resourceGroupName,
          privateDnsZoneName: this.resource.name,
          virtualNetworkId,
          // The zone holds the records of servers only, not those of virtual machines.
          registrationEnabled: false,
          tags,
          provider,
        }),
    );
  }
}
