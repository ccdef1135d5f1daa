import { PrivateDnsZone } from "@cdktf/provider-azurerm/lib/private-dns-zone";
import { PrivateDnsZoneVirtualNetworkLink } from "@cdktf/provider-azurerm/lib/private-dns-zone-virtual-network-link";
import { type ITerraformDependable, type TerraformProvider, TerraformStack } from "cdktf";
import { Construct } from "constructs";
import { isResolved, physicalName, SynthChecks } from "../../database/private";

/** Properties of a `LinkedZone`. @internal */
export interface LinkedZoneProps {
  /** The zone's name. */
  readonly zoneName: string;
  readonly resourceGroupName: string;
  /** The virtual networks that see the zone, by name. */
  readonly networks: { readonly [name: string]: string };
  readonly tags?: { readonly [name: string]: string };
  readonly provider?: TerraformProvider;
  readonly dependsOn: ITerraformDependable[];
}

/**
 * A private DNS zone and the virtual networks that see it.
 *
 * @internal
 */
export class LinkedZone extends Construct {
  /** The zone. */
  public readonly resource: PrivateDnsZone;
  /** The links. */
  public readonly links: ITerraformDependable[];
  private readonly zoneName: string;
  private readonly resourceGroupName: string;

  public constructor(scope: Construct, id: string, props: LinkedZoneProps) {
    super(scope, id);
    const { resourceGroupName, tags, provider, dependsOn } = props;
    this.zoneName = props.zoneName;
    this.resourceGroupName = resourceGroupName;
    const checks = new SynthChecks(this);
    checks.whenComplete(() => this.checkTwins(checks));
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
          // Only the servers' own records belong into this zone.
          registrationEnabled: false,
          tags,
          provider,
        }),
    );
  }

  private checkTwins(checks: SynthChecks): void {
    if (!isResolved(this.resourceGroupName)) return;
    const twin = TerraformStack.of(this)
      .node.findAll()
      .find(
        (other) =>
          other instanceof LinkedZone &&
          other !== this &&
          other.zoneName === this.zoneName &&
          other.resourceGroupName === this.resourceGroupName,
      );
    if (!twin) return;
    checks.fail(
      "zone",
      this.zoneName,
      `the resource group ${this.resourceGroupName} can hold one zone of this name, and ${twin.node.path} makes it too; ` +
        "let the servers share one network, or give privateDnsZoneIds",
    );
  }
}
