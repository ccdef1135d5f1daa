// Private Service Connect: each VPC network that uses an instance gets an endpoint address, and nothing is peered. The
// producer side alone is of no use, so the consumer side (address, endpoint, DNS) is created with it.

import { ComputeAddress } from "@cdktf/provider-google/lib/compute-address";
import { ComputeForwardingRule } from "@cdktf/provider-google/lib/compute-forwarding-rule";
import type { SqlDatabaseInstanceSettingsIpConfiguration } from "@cdktf/provider-google/lib/sql-database-instance";
import type { ITerraformDependable, TerraformProvider } from "cdktf";
import { Construct } from "constructs";
import { requireProps, SynthChecks } from "../../database/private";
import { checkLabels, checkNetworkId, PROJECT_ID } from "../resource-names";
import {
  type CloudSqlAddress,
  type CloudSqlTarget,
  type ICloudSqlNetwork,
  InstanceDns,
} from "./cloud-sql-network";

/** Properties of a `PrivateServiceConnect`. */
export interface PrivateServiceConnectProps {
  /**
   * VPC network of the clients, as `projects/PROJECT/global/networks/NAME`; may be a token.
   *
   * @see https://cloud.google.com/sql/docs/postgres/about-private-service-connect
   */
  readonly networkId: string;
  /**
   * Subnet of the endpoints, in the instances' region, as `projects/PROJECT/regions/REGION/subnetworks/NAME`.
   *
   * @see https://cloud.google.com/sql/docs/postgres/configure-private-service-connect
   */
  readonly subnetworkId: string;
  /**
   * Allowed consumer projects, whose VPC networks may connect to the instances; at least the project of `networkId`.
   *
   * @see https://cloud.google.com/sql/docs/postgres/configure-private-service-connect
   */
  readonly allowedConsumerProjects: string[];
  /**
   * Enables global access: clients in other regions of the VPC network reach the endpoints. @default false
   *
   * @see https://cloud.google.com/vpc/docs/about-accessing-vpc-hosted-services-endpoints#global-access
   */
  readonly globalAccess?: boolean;
  /**
   * Project of the VPC network. @default - the provider's project
   *
   * @see https://cloud.google.com/resource-manager/docs/creating-managing-projects#identifying_projects
   */
  readonly project?: string;
  /**
   * Labels of all resources. @default - none
   *
   * @see https://cloud.google.com/resource-manager/docs/labels-overview
   */
  readonly tags?: { readonly [name: string]: string };
  /** The google provider. @default - the stack's only google provider */
  readonly provider?: TerraformProvider;
  /** Resources that must exist first. @default - none */
  readonly dependsOn?: ITerraformDependable[];
}

/**
 * Private Service Connect for Cloud SQL: each instance gets an endpoint in the VPC network and a DNS name that resolves to it.
 * The connectivity of an instance is chosen at creation: changing it from or to private services access replaces the instance.
 *
 * @see https://cloud.google.com/sql/docs/postgres/about-private-service-connect
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
    requireProps(this.node.path, "CLOUDSQL-NETWORK", props, {
      networkId: true,
      subnetworkId: true,
      allowedConsumerProjects: true,
    });
    this.props = props;
    const checks = new SynthChecks(this, "CLOUDSQL-NETWORK");
    checkNetworkId(checks, "networkId", props.networkId);
    checks.matches(
      "subnetworkId",
      props.subnetworkId,
      /^(https:\/\/www\.googleapis\.com\/compute\/v1\/)?projects\/[^/]+\/regions\/[^/]+\/subnetworks\/[^/]+$/,
      "must be projects/PROJECT/regions/REGION/subnetworks/NAME, the id of a subnet",
    );
    checks.check(
      "allowedConsumerProjects",
      props.allowedConsumerProjects,
      () => props.allowedConsumerProjects.length > 0,
      "must include at least the project of the VPC network, since no other client can connect",
    );
    for (const project of props.allowedConsumerProjects) {
      checks.check(
        "allowedConsumerProjects",
        project,
        () => PROJECT_ID.test(project) || /^\d+$/.test(project),
        "must be project ids or project numbers",
      );
    }
    checkLabels(checks, this, props.tags);
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

/** The consumer side of one instance: address, endpoint and DNS zone. */
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
      // Empty rather than left out: the provider would write EXTERNAL, which an endpoint must not have.
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
