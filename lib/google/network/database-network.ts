// Private service access: the VPC is peered with Google's, in which the servers get addresses of a range set aside for it.

import { ComputeGlobalAddress } from "@cdktf/provider-google/lib/compute-global-address";
import { ComputeNetwork } from "@cdktf/provider-google/lib/compute-network";
import { ServiceNetworkingConnection } from "@cdktf/provider-google/lib/service-networking-connection";
import type { SqlDatabaseInstanceSettingsIpConfiguration } from "@cdktf/provider-google/lib/sql-database-instance";
import type { ITerraformDependable, TerraformProvider } from "cdktf";
import { Construct } from "constructs";
import { isResolved, physicalName, SynthChecks } from "../../database/private";
import { checkLabels } from "../cloud-sql/cloud-sql-labels";
import type { CloudSqlAddress, CloudSqlTarget, ICloudSqlNetwork } from "../cloud-sql/cloud-sql-network";
import { InstanceDns } from "./instance-dns";
import { checkNetworkId, checkRange } from "./network-checks";

/** Properties of a `DatabaseNetwork`. */
export interface DatabaseNetworkProps {
  /** The VPC that is there, as `projects/PROJECT/global/networks/NAME`; may be a token. @default - a VPC of its own, without subnets */
  readonly networkId?: string;
  /** The private IPv4 range for servers, /16 to /24; nothing else in the VPC may use it. @default - a free /20 that Google chooses */
  readonly cidrBlock?: string;
  /** The project of the VPC. @default - the provider's */
  readonly project?: string;
  /** Labels for what takes labels. @default - none */
  readonly tags?: { readonly [name: string]: string };
  /** The provider. @default - the stack's only google provider */
  readonly provider?: TerraformProvider;
  /** What has to exist first, such as the services servicenetworking and sqladmin. @default - nothing */
  readonly dependsOn?: ITerraformDependable[];
}

/** What is known of a VPC that is peered for private service access already. */
export interface DatabaseNetworkAttributes {
  /** The VPC, as `projects/PROJECT/global/networks/NAME`; may be a token. */
  readonly networkId: string;
  /** The name of the range from which servers get addresses. @default - any range of the peering */
  readonly allocatedRangeName?: string;
  /** The project of the VPC. @default - the provider's */
  readonly project?: string;
  /** Labels for what takes labels. @default - none */
  readonly tags?: { readonly [name: string]: string };
  /** The provider. @default - the stack's only google provider */
  readonly provider?: TerraformProvider;
  /** What has to exist before a server, such as the peering where Terraform makes it. @default - nothing */
  readonly dependsOn?: ITerraformDependable[];
}

/**
 * Private addresses for Cloud SQL in a VPC, by private service access. A VPC has one such peering for all of Google's
 * services: use `fromAttributes` where it is there.
 *
 * The peering is left alone when Terraform destroys it, since Google refuses to end it for days after the last server;
 * a VPC of its own can only be destroyed after that.
 *
 * @example
 * const network = new DatabaseNetwork(this, "network", { networkId: "projects/platform/global/networks/main" });
 */
export class DatabaseNetwork extends Construct implements ICloudSqlNetwork {
  /**
   * A VPC that is peered already. Makes nothing.
   *
   * @param scope the parent.
   * @param id the construct's id.
   * @param attributes the VPC.
   */
  public static fromAttributes(
    scope: Construct,
    id: string,
    attributes: DatabaseNetworkAttributes,
  ): ICloudSqlNetwork {
    return new PeeredNetwork(scope, id, attributes);
  }

  public readonly networkId: string;
  public readonly ipConfiguration: SqlDatabaseInstanceSettingsIpConfiguration;
  public readonly dependables: ITerraformDependable[];
  /** The peering. */
  public readonly resource: ServiceNetworkingConnection;
  /** The range set aside for servers. */
  public readonly range: ComputeGlobalAddress;
  /** The VPC; not set for one that was there. */
  public readonly network?: ComputeNetwork;
  private readonly peered: PeeredNetwork;

  public constructor(scope: Construct, id: string, props: DatabaseNetworkProps = {}) {
    super(scope, id);
    const { project, provider, dependsOn, tags } = props;
    const checks = new SynthChecks(this);
    checkNetworkId(checks, "networkId", props.networkId);
    checkRange(checks, "cidrBlock", props.cidrBlock, 16, 24);
    checkLabels(checks, tags);
    const name = physicalName(this, 55);
    if (props.networkId === undefined) {
      this.network = new ComputeNetwork(this, "Network", {
        name,
        description: this.node.path,
        autoCreateSubnetworks: false,
        project,
        provider,
        dependsOn,
      });
    }
    this.networkId = props.networkId ?? (this.network as ComputeNetwork).id;
    const { cidrBlock } = props;
    const [address, prefix] =
      cidrBlock && isResolved(cidrBlock) ? cidrBlock.split("/") : [undefined, undefined];
    if (cidrBlock && !isResolved(cidrBlock)) {
      checks.fail("cidrBlock", cidrBlock, "it has to be known at synth, or left out");
    }
    this.range = new ComputeGlobalAddress(this, "Range", {
      name: `${name}-sql`,
      description: "Addresses of Google's services, among them Cloud SQL",
      purpose: "VPC_PEERING",
      addressType: "INTERNAL",
      network: this.networkId,
      address,
      prefixLength: prefix ? Number(prefix) : 20,
      labels: tags,
      project,
      provider,
      dependsOn,
    });
    this.resource = new ServiceNetworkingConnection(this, "Resource", {
      network: this.networkId,
      service: "servicenetworking.googleapis.com",
      reservedPeeringRanges: [this.range.name],
      deletionPolicy: "ABANDON",
      provider,
      dependsOn,
    });
    this.peered = new PeeredNetwork(this, "Peered", {
      networkId: this.networkId,
      allocatedRangeName: this.range.name,
      project,
      tags,
      provider,
      // An instance refers to the VPC only, and would be made before the peering.
      dependsOn: [this.resource],
    });
    this.ipConfiguration = this.peered.ipConfiguration;
    this.dependables = this.peered.dependables;
  }

  public connect(scope: Construct, target: CloudSqlTarget): CloudSqlAddress {
    return this.peered.connect(scope, target);
  }
}

class PeeredNetwork extends Construct implements ICloudSqlNetwork {
  public readonly networkId: string;
  public readonly ipConfiguration: SqlDatabaseInstanceSettingsIpConfiguration;
  public readonly dependables: ITerraformDependable[];
  private readonly attributes: DatabaseNetworkAttributes;

  public constructor(scope: Construct, id: string, attributes: DatabaseNetworkAttributes) {
    super(scope, id);
    this.attributes = attributes;
    const checks = new SynthChecks(this);
    checkNetworkId(checks, "networkId", attributes.networkId);
    checkLabels(checks, attributes.tags);
    this.networkId = attributes.networkId;
    this.dependables = attributes.dependsOn ?? [];
    this.ipConfiguration = {
      ipv4Enabled: false,
      privateNetwork: attributes.networkId,
      allocatedIpRange: attributes.allocatedRangeName,
    };
  }

  public connect(scope: Construct, target: CloudSqlTarget): CloudSqlAddress {
    const { instance, hostnameVerifiable, namePrefix } = target;
    if (!hostnameVerifiable) return { host: instance.privateIpAddress, dependables: [] };
    const dns = new InstanceDns(scope, "Dns", {
      dnsName: instance.dnsName,
      address: instance.privateIpAddress,
      networkId: this.networkId,
      zoneName: `${namePrefix}-dns`,
      project: this.attributes.project,
      tags: target.tags ?? this.attributes.tags,
      provider: target.provider ?? this.attributes.provider,
    });
    return { host: dns.host, dependables: dns.dependables };
  }
}
