// Private services access: the VPC is peered with Google's service producer network, in which instances get addresses of a
// range that is allocated for them.

import { ComputeGlobalAddress } from "@cdktf/provider-google/lib/compute-global-address";
import { ComputeNetwork } from "@cdktf/provider-google/lib/compute-network";
import { ServiceNetworkingConnection } from "@cdktf/provider-google/lib/service-networking-connection";
import type { SqlDatabaseInstanceSettingsIpConfiguration } from "@cdktf/provider-google/lib/sql-database-instance";
import type { ITerraformDependable, TerraformProvider } from "cdktf";
import { Construct } from "constructs";
import {
  claimOnce,
  isResolved,
  namingPath,
  physicalName,
  requireProps,
  SynthChecks,
} from "../../database/private";
import { checkLabels, checkNetworkId } from "../resource-names";
import {
  type CloudSqlAddress,
  type CloudSqlTarget,
  type ICloudSqlNetwork,
  InstanceDns,
} from "./cloud-sql-network";

/** Properties of a `DatabaseNetwork`. */
export interface DatabaseNetworkProps {
  /**
   * An existing VPC network, as `projects/PROJECT/global/networks/NAME`; may be a token. Without it the construct creates a VPC
   * network without subnets. @default - a new VPC network
   *
   * @see https://cloud.google.com/vpc/docs/vpc
   */
  readonly networkId?: string;
  /**
   * Allocated IP address range for instances: private IPv4, /16 to /24, not used elsewhere in the VPC.
   * @default - a free /20 that Google chooses
   *
   * @see https://cloud.google.com/vpc/docs/configure-private-services-access#allocating-range
   */
  readonly cidrBlock?: string;
  /**
   * Updates the VPC network's connection if it exists, instead of failing: **the ranges of the connection are then those of this
   * construct only**, and services that use other ranges of it get no new addresses. For a connection that no program manages any
   * more, such as one that Terraform abandoned. Recorded as an opt-out.
   * @default false
   *
   * @see https://registry.terraform.io/providers/hashicorp/google/latest/docs/resources/service_networking_connection#update_on_creation_fail
   */
  readonly updateOnCreationFail?: boolean;
  /**
   * Project of the VPC network. @default - the provider's project
   *
   * @see https://cloud.google.com/resource-manager/docs/creating-managing-projects#identifying_projects
   */
  readonly project?: string;
  /**
   * Labels of the resources that take labels. @default - none
   *
   * @see https://cloud.google.com/resource-manager/docs/labels-overview
   */
  readonly tags?: { readonly [name: string]: string };
  /** The google provider. @default - the stack's only google provider */
  readonly provider?: TerraformProvider;
  /** Resources that must exist first, such as the enabled APIs servicenetworking and sqladmin. @default - none */
  readonly dependsOn?: ITerraformDependable[];
}

/** Attributes of a VPC network that has a private services access connection. */
export interface DatabaseNetworkAttributes {
  /**
   * The VPC network, as `projects/PROJECT/global/networks/NAME`; may be a token.
   *
   * @see https://cloud.google.com/vpc/docs/vpc
   */
  readonly networkId: string;
  /**
   * Name of the allocated range from which instances get addresses.
   * @default - any range of the connection
   *
   * @see https://cloud.google.com/vpc/docs/configure-private-services-access#allocating-range
   */
  readonly allocatedRangeName?: string;
  /**
   * Project of the VPC network. @default - the provider's project
   *
   * @see https://cloud.google.com/resource-manager/docs/creating-managing-projects#identifying_projects
   */
  readonly project?: string;
  /**
   * Labels of the resources that take labels. @default - none
   *
   * @see https://cloud.google.com/resource-manager/docs/labels-overview
   */
  readonly tags?: { readonly [name: string]: string };
  /** The google provider. @default - the stack's only google provider */
  readonly provider?: TerraformProvider;
  /** Resources that must exist before a server, such as the connection if Terraform creates it. @default - none */
  readonly dependsOn?: ITerraformDependable[];
}

/**
 * Private services access for Cloud SQL in a VPC network. A VPC network has one such connection for all Google services: use
 * `fromDatabaseNetworkAttributes` if it exists.
 *
 * Terraform abandons the connection on destroy, since Google refuses to delete it for days after the last instance; a VPC
 * network that the construct created can be destroyed only after that.
 *
 * @see https://cloud.google.com/sql/docs/postgres/configure-private-services-access
 *
 * @example
 * const network = new DatabaseNetwork(this, "network", { networkId: "projects/platform/global/networks/main" });
 */
export class DatabaseNetwork extends Construct implements ICloudSqlNetwork {
  /**
   * A VPC network that has a private services access connection. Creates no resources.
   *
   * @param scope the parent construct.
   * @param id the construct's id.
   * @param attributes the VPC network.
   *
   * @example
   * const network = DatabaseNetwork.fromDatabaseNetworkAttributes(this, "network", {
   *   networkId: "projects/platform/global/networks/main",
   * });
   */
  public static fromDatabaseNetworkAttributes(
    scope: Construct,
    id: string,
    attributes: DatabaseNetworkAttributes,
  ): ICloudSqlNetwork {
    return new PeeredNetwork(scope, id, attributes);
  }

  public readonly networkId: string;
  public readonly ipConfiguration: SqlDatabaseInstanceSettingsIpConfiguration;
  public readonly dependables: ITerraformDependable[];
  /** The private services access connection. */
  public readonly resource: ServiceNetworkingConnection;
  /** The allocated IP address range. */
  public readonly range: ComputeGlobalAddress;
  /** The new VPC network; not set for an existing one. */
  public readonly network?: ComputeNetwork;
  private readonly peered: PeeredNetwork;

  public constructor(scope: Construct, id: string, props: DatabaseNetworkProps = {}) {
    super(scope, id);
    const { project, provider, dependsOn, tags } = props;
    const checks = new SynthChecks(this, "CLOUDSQL-NETWORK");
    checkNetworkId(checks, "networkId", props.networkId);
    checkRange(checks, props.cidrBlock, 16, 24);
    checkLabels(checks, this, tags);
    checkOnlyConnection(checks, this, props.networkId);
    if (props.updateOnCreationFail) {
      checks.optOut(
        "updateOnCreationFail: an existing private services access connection of the VPC network loses its other ranges",
      );
    }
    const name = physicalName(this, 55);
    if (props.networkId === undefined) {
      this.network = new ComputeNetwork(this, "Network", {
        name,
        description: namingPath(this),
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
      updateOnCreationFail: props.updateOnCreationFail,
      provider,
      dependsOn,
    });
    this.peered = new PeeredNetwork(this, "Peered", {
      networkId: this.networkId,
      allocatedRangeName: this.range.name,
      project,
      tags,
      provider,
      // An instance refers only to the VPC network, and would be created before the connection.
      dependsOn: [this.resource],
    });
    this.ipConfiguration = this.peered.ipConfiguration;
    this.dependables = this.peered.dependables;
  }

  public connect(scope: Construct, target: CloudSqlTarget): CloudSqlAddress {
    return this.peered.connect(scope, target);
  }
}

/** A VPC network with a private services access connection. */
class PeeredNetwork extends Construct implements ICloudSqlNetwork {
  public readonly networkId: string;
  public readonly ipConfiguration: SqlDatabaseInstanceSettingsIpConfiguration;
  public readonly dependables: ITerraformDependable[];
  private readonly attributes: DatabaseNetworkAttributes;

  public constructor(scope: Construct, id: string, attributes: DatabaseNetworkAttributes) {
    super(scope, id);
    requireProps(this.node.path, "CLOUDSQL-NETWORK", attributes, { networkId: true });
    this.attributes = attributes;
    const checks = new SynthChecks(this, "CLOUDSQL-NETWORK");
    checkNetworkId(checks, "networkId", attributes.networkId);
    checkLabels(checks, this, attributes.tags);
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

/**
 * Refuses a second connection of a VPC network in the program, in whichever stack: a VPC network has one for all services
 * (hashicorp/terraform#34991). Connections that other programs made are known to Google only, which refuses the second one.
 */
function checkOnlyConnection(checks: SynthChecks, scope: Construct, networkId: string | undefined): void {
  if (networkId === undefined || !isResolved(networkId)) return;
  const key = networkId.replace(/^https:\/\/www\.googleapis\.com\/compute\/v1\//, "");
  const other = claimOnce(scope, "service networking connection", key, { within: scope.node.root });
  if (other === undefined) return;
  checks.fail(
    "networkId",
    networkId,
    `must be another VPC network, since ${other.node.path} makes its only private services access connection; use DatabaseNetwork.fromDatabaseNetworkAttributes here, or hand over the other construct`,
    "networkId.connection",
  );
}

/** Refuses an allocated range that is not private IPv4, not of an allowed size, or not known at synth. */
function checkRange(checks: SynthChecks, range: string | undefined, widest: number, narrowest: number): void {
  if (range !== undefined && !isResolved(range)) {
    checks.fail(
      "cidrBlock",
      range,
      "must be known at synth, since it is split into address and prefix; leave it out",
    );
  }
  checks.check(
    "cidrBlock",
    range,
    () => isPrivateRange(range as string, widest, narrowest),
    `must be a private IPv4 range from /${widest} to /${narrowest} that begins with its first address, such as 10.20.0.0/${widest + 4}`,
  );
}

function isPrivateRange(range: string, widest: number, narrowest: number): boolean {
  const match = /^(\d{1,3})\.(\d{1,3})\.(\d{1,3})\.(\d{1,3})\/(\d{1,2})$/.exec(range);
  if (!match) return false;
  const [a, b, c, d, prefix] = match.slice(1).map(Number) as [number, number, number, number, number];
  if ([a, b, c, d].some((octet) => octet > 255) || prefix < widest || prefix > narrowest) return false;
  const isPrivate = a === 10 || (a === 172 && b >= 16 && b <= 31) || (a === 192 && b === 168);
  const address = ((a * 256 + b) * 256 + c) * 256 + d;
  return isPrivate && address % 2 ** (32 - prefix) === 0;
}
