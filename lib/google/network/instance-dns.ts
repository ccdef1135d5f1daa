// Under an authority that names the server's DNS name, and always with Private Service Connect, clients come by that
// name. A private zone of its own for exactly this name never hides the names of other servers in the region.

import { DnsManagedZone } from "@cdktf/provider-google/lib/dns-managed-zone";
import { DnsRecordSet } from "@cdktf/provider-google/lib/dns-record-set";
import type { ITerraformDependable, TerraformProvider } from "cdktf";
import { Construct } from "constructs";
import { terraformCall } from "../../database/private";

/** Properties of an `InstanceDns`. */
export interface InstanceDnsProps {
  /** The server's DNS name, with or without a dot at the end; may be a token. */
  readonly dnsName: string;
  /** The address that the name leads to. */
  readonly address: string;
  /** The VPC in which it does. */
  readonly networkId: string;
  /** The zone's name: up to 63 lower-case letters, digits and hyphens. */
  readonly zoneName: string;
  /** The project. @default - the provider's */
  readonly project?: string;
  /** Labels. @default - none */
  readonly tags?: { readonly [name: string]: string };
  /** The provider. @default - the stack's only google provider */
  readonly provider?: TerraformProvider;
}

/**
 * A private DNS zone that leads the name of one server to its address. Server classes make it.
 *
 * @example
 * new InstanceDns(this, "dns", { dnsName: instance.dnsName, address: instance.privateIpAddress, networkId, zoneName: "coder-db" });
 */
export class InstanceDns extends Construct {
  /** The zone. */
  public readonly resource: DnsManagedZone;
  /** The record. */
  public readonly record: DnsRecordSet;
  /** The name without a dot at the end, for clients. */
  public readonly host: string;
  /** What has to exist before anybody asks for the name. */
  public readonly dependables: ITerraformDependable[];

  public constructor(scope: Construct, id: string, props: InstanceDnsProps) {
    super(scope, id);
    const { provider, project } = props;
    // Cloud SQL writes the name with a dot at the end, Cloud DNS demands one, and certificates have none.
    this.host = terraformCall("trimsuffix", props.dnsName, ".");
    const name = `${this.host}.`;
    this.resource = new DnsManagedZone(this, "Resource", {
      name: props.zoneName,
      dnsName: name,
      description: "Leads the name of a database server to its private address",
      visibility: "private",
      privateVisibilityConfig: { networks: [{ networkUrl: props.networkId }] },
      labels: props.tags,
      project,
      provider,
    });
    this.record = new DnsRecordSet(this, "Record", {
      managedZone: this.resource.name,
      name,
      type: "A",
      ttl: 60,
      rrdatas: [props.address],
      project,
      provider,
    });
    this.dependables = [this.record];
  }
}
