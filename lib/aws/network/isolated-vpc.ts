import { DefaultSecurityGroup } from "@cdktf/provider-aws/lib/default-security-group";
import { RouteTable } from "@cdktf/provider-aws/lib/route-table";
import { RouteTableAssociation } from "@cdktf/provider-aws/lib/route-table-association";
import { Subnet } from "@cdktf/provider-aws/lib/subnet";
import { Vpc } from "@cdktf/provider-aws/lib/vpc";
import { type ITerraformDependable, type TerraformProvider, Token } from "cdktf";
import { Construct } from "constructs";
import { constructIdFor, isResolved, SynthChecks, terraformCall } from "../../database/private";
import { VpcFlowLog } from "./vpc-flow-log";

/** Properties of an `IsolatedVpc`. */
export interface IsolatedVpcProps {
  /** The address range, between /16 and /24. */
  readonly cidrBlock: string;
  /** The zones, two or more, with letters from a to h; each gets an eighth of the range. */
  readonly availabilityZones: string[];
  /** Whether the traffic is recorded. @default true */
  readonly flowLog?: boolean;
  /** The KMS key for the flow log. @default - a key of its own */
  readonly encryptionKeyArn?: string;
  /** The region. @default - the provider's */
  readonly region?: string;
  /** Tags for all resources. @default - none but the provider's default tags */
  readonly tags?: { readonly [name: string]: string };
  /** The provider. @default - the stack's only AWS provider */
  readonly provider?: TerraformProvider;
  /** What has to exist first. @default - nothing */
  readonly dependsOn?: ITerraformDependable[];
}

/**
 * A VPC for databases alone, without a way to or from the internet. Peer it with the VPC of the clients, and add the
 * routes to `routeTable`.
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
  /** The VPC's id. */
  public readonly vpcId: string;
  /** The subnets, one in each zone. */
  public readonly subnets: Subnet[];
  /** The ids of the subnets. */
  public readonly subnetIds: string[];
  /** The route table of all subnets, without a route but the VPC's own. */
  public readonly routeTable: RouteTable;
  /** The flow log; not set when it was given up. */
  public readonly flowLog?: VpcFlowLog;

  public constructor(scope: Construct, id: string, props: IsolatedVpcProps) {
    super(scope, id);
    const { provider, tags, dependsOn, cidrBlock } = props;
    const checks = new SynthChecks(this);
    this.resource = new Vpc(this, "Resource", {
      cidrBlock,
      enableDnsSupport: true,
      // The clients' VPC resolves the server's name to its private address over a peering.
      enableDnsHostnames: true,
      tags: named(tags, this.node.path),
      provider,
      dependsOn,
    });
    this.vpcId = this.resource.id;
    // Every VPC has a security group that lets its members talk to each other; without rules it lets nobody.
    new DefaultSecurityGroup(this, "DefaultSecurityGroup", { vpcId: this.vpcId, tags, provider });
    this.routeTable = new RouteTable(this, "RouteTable", {
      vpcId: this.vpcId,
      tags: named(tags, this.node.path),
      provider,
    });
    if (Token.isUnresolved(props.availabilityZones)) {
      checks.fail(
        "availabilityZones",
        props.availabilityZones,
        "the list has to be known at synth; its members may be tokens",
      );
    }
    checks.check(
      "availabilityZones",
      props.availabilityZones,
      () => props.availabilityZones.every((zone) => /[a-h]$/.test(zone)),
      "allowed are zones with letters from a to h",
    );
    this.subnets = props.availabilityZones.map((availabilityZone) => {
      const key = constructIdFor(this, availabilityZone);
      const subnet = new Subnet(this, `Subnet-${key}`, {
        vpcId: this.vpcId,
        availabilityZone,
        // The range follows from the zone's letter and not from the place in the list, so that no subnet is replaced when
        // a zone comes or goes.
        cidrBlock: terraformCall("cidrsubnet", cidrBlock, 3, letterIndex(availabilityZone)),
        mapPublicIpOnLaunch: false,
        tags: named(tags, `${this.node.path}/${availabilityZone}`),
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
        encryptionKeyArn: props.encryptionKeyArn,
        region: props.region,
        tags,
        provider,
      });
    } else {
      checks.optOut("flowLog: the traffic of the VPC is not recorded");
    }
  }
}

/** A VPC, a subnet and a route table have no name but this tag. */
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
