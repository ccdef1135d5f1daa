import { DefaultSecurityGroup } from "@cdktf/provider-aws/lib/default-security-group";
import { RouteTable } from "@cdktf/provider-aws/lib/route-table";
import { RouteTableAssociation } from "@cdktf/provider-aws/lib/route-table-association";
import { Subnet } from "@cdktf/provider-aws/lib/subnet";
import { Vpc } from "@cdktf/provider-aws/lib/vpc";
import { type ITerraformDependable, type TerraformProvider, Token } from "cdktf";
import { Construct } from "constructs";
import {
  constructIdFor,
  isResolved,
  namingPath,
  requireProps,
  SynthChecks,
  terraformCall,
} from "../../database/private";
import { checkTags } from "../private/tags";
import type { IEncryptionKey } from "../secrets/encryption-key";
import { VpcFlowLog } from "./vpc-flow-log";

/** Properties of an `IsolatedVpc`. */
export interface IsolatedVpcProps {
  /**
   * IPv4 CIDR block, between /16 and /24.
   *
   * @see https://docs.aws.amazon.com/vpc/latest/userguide/vpc-cidr-blocks.html
   */
  readonly cidrBlock: string;
  /**
   * Availability Zones, two or more, with letters from a to h; the subnet of each gets an eighth of the CIDR block.
   *
   * @see https://docs.aws.amazon.com/AWSEC2/latest/UserGuide/using-regions-availability-zones.html
   */
  readonly availabilityZones: string[];
  /**
   * Enables the flow log. @default true
   *
   * @see https://docs.aws.amazon.com/vpc/latest/userguide/flow-logs.html
   */
  readonly flowLog?: boolean;
  /**
   * KMS key of the flow log. Its key policy has to allow CloudWatch Logs to use it. @default - a key is created
   *
   * @see https://docs.aws.amazon.com/AmazonCloudWatch/latest/logs/encrypt-log-data-kms.html
   */
  readonly encryptionKey?: IEncryptionKey;
  /** AWS Region. @default - the provider's */
  readonly region?: string;
  /**
   * Tags of all resources. @default - the provider's default tags only
   *
   * @see https://docs.aws.amazon.com/AWSEC2/latest/UserGuide/Using_Tags.html
   */
  readonly tags?: { readonly [name: string]: string };
  /** AWS provider. @default - the stack's only AWS provider */
  readonly provider?: TerraformProvider;
  /** Resources that have to exist first. @default - none */
  readonly dependsOn?: ITerraformDependable[];
}

/**
 * A VPC for databases only, without a route to or from the internet. Peer it with the VPC of the clients, and add the routes to
 * `routeTable`.
 *
 * @see https://docs.aws.amazon.com/vpc/latest/userguide/what-is-amazon-vpc.html
 *
 * @example
 * const vpc = new IsolatedVpc(this, "vpc", {
 *   cidrBlock: "10.20.0.0/24",
 *   availabilityZones: ["eu-central-1a", "eu-central-1b"],
 * });
 */
export class IsolatedVpc extends Construct {
  /** The VPC. */
  public readonly resource: Vpc;
  /** ID of the VPC. */
  public readonly vpcId: string;
  /** Subnets, one in each Availability Zone. */
  public readonly subnets: Subnet[];
  /** IDs of the subnets. */
  public readonly subnetIds: string[];
  /** Route table of all subnets, with the VPC's local route only. */
  public readonly routeTable: RouteTable;
  /** Flow log; not set if it is disabled. */
  public readonly flowLog?: VpcFlowLog;

  public constructor(scope: Construct, id: string, props: IsolatedVpcProps) {
    super(scope, id);
    requireProps(this.node.path, "RDS-NETWORK", props, { cidrBlock: true, availabilityZones: true });
    const { provider, tags, dependsOn, cidrBlock } = props;
    const checks = new SynthChecks(this, "RDS-NETWORK");
    checkTags(checks, this, props.tags);
    this.resource = new Vpc(this, "Resource", {
      cidrBlock,
      enableDnsSupport: true,
      // With it the clients' VPC resolves the server's host name to its private address over the peering.
      enableDnsHostnames: true,
      tags: named(tags, namingPath(this)),
      provider,
      dependsOn,
    });
    this.vpcId = this.resource.id;
    // The default security group of a VPC lets its members connect to each other; without rules it allows nothing.
    new DefaultSecurityGroup(this, "DefaultSecurityGroup", { vpcId: this.vpcId, tags, provider });
    this.routeTable = new RouteTable(this, "RouteTable", {
      vpcId: this.vpcId,
      tags: named(tags, namingPath(this)),
      provider,
    });
    if (Token.isUnresolved(props.availabilityZones)) {
      checks.fail(
        "availabilityZones",
        props.availabilityZones,
        "must be a list that is known at synth; its members may be tokens",
      );
    }
    checks.check(
      "availabilityZones",
      props.availabilityZones,
      () => props.availabilityZones.every((zone) => /[a-h]$/.test(zone)),
      "must be zones with letters from a to h",
    );
    this.subnets = props.availabilityZones.map((availabilityZone) => {
      const key = constructIdFor(this, availabilityZone);
      const subnet = new Subnet(this, `Subnet-${key}`, {
        vpcId: this.vpcId,
        availabilityZone,
        // Derived from the zone's letter and not from the position in the list, so that no subnet is replaced when a zone is added or
        // removed.
        cidrBlock: terraformCall("cidrsubnet", cidrBlock, 3, letterIndex(availabilityZone)),
        mapPublicIpOnLaunch: false,
        tags: named(tags, `${namingPath(this)}/${availabilityZone}`),
        provider,
      });
      new RouteTableAssociation(this, `Routes-${key}`, {
        subnetId: subnet.id,
        routeTableId: this.routeTable.id,
        provider,
      });
      return subnet;
    });
    this.subnetIds = this.subnets.map((subnet) => subnet.id);
    if (props.flowLog ?? true) {
      this.flowLog = new VpcFlowLog(this, "FlowLog", {
        vpcId: this.vpcId,
        encryptionKey: props.encryptionKey,
        region: props.region,
        tags,
        provider,
      });
    } else {
      checks.optOut("flowLog: the flow log of the VPC is disabled");
    }
  }
}

/** The console shows this tag as the name of a VPC, a subnet and a route table. */
function named(
  tags: { readonly [name: string]: string } | undefined,
  name: string,
): { [name: string]: string } {
  return { Name: name, ...tags };
}

function letterIndex(zone: string): number | string {
  if (isResolved(zone)) return Math.max(0, LETTERS.indexOf(zone.slice(-1)));
  return terraformCall("index", LETTERS, terraformCall("substr", zone, -1, 1));
}

const LETTERS = ["a", "b", "c", "d", "e", "f", "g", "h"];
