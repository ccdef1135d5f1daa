// Private Service Connect: each VPC that uses a server gets an address of its own, and nothing is peered. The server's
// side alone is of no use, so the clients' side (address, endpoint, DNS) is made with it.

import { ComputeAddress } from "@cdktf/provider-google/lib/compute-address";
import { ComputeForwardingRule } from "@cdktf/provider-google/lib/compute-forwarding-rule";
import type { SqlDatabaseInstanceSettingsIpConfiguration } from "@cdktf/provider-google/lib/sql-database-instance";
import type { ITerraformDependable, TerraformProvider } from "cdktf";
import { Construct } from "constructs";
import { SynthChecks } from "../../database/private";
import { checkLabels } from "../cloud-sql/cloud-sql-labels";
import type { CloudSqlAddress, CloudSqlTarget, ICloudSqlNetwork } from "../cloud-sql/cloud-sql-network";
import { InstanceDns } from "./instance-dns";
import { checkNetworkId } from "./network-checks";

/** Properties of a `PrivateServiceConnect`. */
export interface PrivateServiceConnectProps {
  /** The VPC of the clients, as `projects/PROJECT/global/networks/NAME`; may be a token. */
  readonly networkId: string;
  /** The subnet in the server's region from which endpoints get addresses, as `projects/PROJECT/regions/REGION/subnetworks/NAME`. */
  readonly subnetworkId: string;
  /** The projects whose VPCs may connect to the servers, at least that of the VPC above. */
  readonly allowedConsumerProjects: string[];
  /** Whether clients in other regions of the VPC reach the endpoints too. @default false */
  readonly globalAccess?: boolean;
  /** The project of the VPC. @default - the provider's */
  readonly project?: string;
  /** Labels for all resources. @default - none */
  readonly tags?: { readonly [name: string]: string };
  /** The provider. @default - the stack's only google provider */
  readonly provider?: TerraformProvider;
  /** What has to exist first. @default - nothing */
  readonly dependsOn?: ITerraformDependable[];
}

/**
 * Private Service Connect for Cloud SQL: every server of it gets an endpoint in the VPC and a DNS name that leads to it.
 * A server's way of being reached is chosen when it is made: moving it from or to private service access replaces it.
 *
 * @example
 * const network = new PrivateServiceConnect(this, "network", {
 *   networkId: "projects/platform/global/networks/main",
 *   subnetworkId: "projects/platform/regions/europe-west1/subnetworks/endpoints",
 *   allowedConsumerProjects: ["platform"],
 * });
 */
export class PrivateServiceConnect extends Construct implements ICloudSqlNetwork {
  public readonly networkId: string;
  public readonly ipConfiguration: SqlDatabaseInstanceSettingsIpConfiguration;
  public readonly dependables: ITerraformDependable[];
  private readonly props: PrivateServiceConnectProps;

  public constructor(scope: Construct, id: string, props: PrivateServiceConnectProps) {
    super(scope, id);
    this.props = props;
    const checks = new SynthChecks(this);
    checkNetworkId(checks, "networkId", props.networkId);
    checks.matches(
      "subnetworkId",
      props.subnetworkId,
      /^(https:\/\/www\.googleapis\.com\/compute\/v1\/)?projects\/[^/]+\/regions\/[^/]+\/subnetworks\/[^/]+$/,
      "allowed is projects/PROJECT/regions/REGION/subnetworks/NAME, the id of a subnet",
    );
    checks.check(
      "allowedConsumerProjects",
      props.allowedConsumerProjects,
      () => props.allowedConsumerProjects.length > 0,
      "at least the project of the VPC has to be allowed, else nobody can connect",
    );
    for (const project of props.allowedConsumerProjects) {
      checks.matches(
        "allowedConsumerProjects",
        project,
        /^([a-z0-9.-]+:)?[a-z][a-z0-9-]{4,28}[a-z0-9]$|^\d+$/,
        "allowed are project ids and project numbers",
      );
    }
    checkLabels(checks, props.tags);
    this.networkId = props.networkId;
    this.dependables = props.dependsOn ?? [];
    this.ipConfiguration = {
      ipv4Enabled: false,
      pscConfig: [{ pscEnabled: true, allowedConsumerProjects: props.allowedConsumerProjects }],
    };
  }

  public connect(scope: Construct, target: CloudSqlTarget): CloudSqlAddress {
    const endpoint = new PrivateServiceConnectEndpoint(scope, "Endpoint", this.props, target);
    return { host: endpoint.host, dependables: endpoint.dependables };
  }
}

/** The clients' side of one server. */
class PrivateServiceConnectEndpoint extends Construct {
  public readonly host: string;
  public readonly dependables: ITerraformDependable[];

  public constructor(
    scope: Construct,
    id: string,
    props: PrivateServiceConnectProps,
    target: CloudSqlTarget,
  ) {
    super(scope, id);
    const { instance, namePrefix, region } = target;
    const provider = target.provider ?? props.provider;
    const labels = target.tags ?? props.tags;
    const { project, dependsOn } = props;
    const address = new ComputeAddress(this, "Address", {
      name: `${namePrefix}-psc`,
      description: "A database server",
      addressType: "INTERNAL",
      subnetwork: props.subnetworkId,
      region,
      labels,
      project,
      provider,
      dependsOn,
    });
    const rule = new ComputeForwardingRule(this, "Resource", {
      name: `${namePrefix}-psc`,
      // Empty, not left out: the provider would write EXTERNAL, which an endpoint must not have.
      loadBalancingScheme: "",
      network: props.networkId,
      ipAddress: address.selfLink,
      target: instance.pscServiceAttachmentLink,
      allowPscGlobalAccess: props.globalAccess ?? false,
      region,
      labels,
      project,
      provider,
      dependsOn,
    });
    const dns = new InstanceDns(this, "Dns", {
      dnsName: instance.dnsName,
      address: address.address,
      networkId: props.networkId,
      zoneName: `${namePrefix}-dns`,
      project,
      tags: labels,
      provider,
    });
    this.host = dns.host;
    this.dependables = [rule, ...dns.dependables];
  }
}
