import { DataAwsSubnet } from "@cdktf/provider-aws/lib/data-aws-subnet";
import { DbSubnetGroup } from "@cdktf/provider-aws/lib/db-subnet-group";
import { SecurityGroup } from "@cdktf/provider-aws/lib/security-group";
import { VpcSecurityGroupIngressRule } from "@cdktf/provider-aws/lib/vpc-security-group-ingress-rule";
import {
  type ITerraformDependable,
  type Precondition,
  ref,
  TerraformCount,
  TerraformIterator,
  type TerraformProvider,
  TerraformStack,
  Token,
} from "cdktf";
import { Construct } from "constructs";
import { isKnown, SynthChecks, stableName, terraformCall } from "../database";
import { AwsEnvironment } from "./aws-environment";
import type { IDatabaseNetwork } from "./database-network-contract";
import { type DatabaseNetworkAttributes, ExistingDatabaseNetwork } from "./existing-database-network";
import { IsolatedVpc } from "./isolated-vpc";
import { idPart } from "./short-names";

/** Properties of a `DatabaseNetwork`: either `vpcId` and `subnetIds`, or `cidrBlock` and `availabilityZones`. */
export interface DatabaseNetworkProps {
  /** An existing VPC; may be a token. @default - a VPC of its own */
  readonly vpcId?: string;
  /** Existing private subnets of that VPC in two zones or more; the list or its members may be tokens. @default - subnets of its own */
  readonly subnetIds?: string[];
  /** The address range of a VPC of its own, between /16 and /24. @default - none */
  readonly cidrBlock?: string;
  /** The zones of a VPC of its own, two or more, such as `eu-central-1a`. @default - none */
  readonly availabilityZones?: string[];
  /** The security groups that may connect; the list or its members may be tokens. @default - nobody, until `allowFrom` */
  readonly clients?: string[];
  /** Whether a VPC of its own records its traffic. @default true */
  readonly flowLog?: boolean;
  /** The KMS key for the flow log. CloudWatch Logs has to be allowed to use it. @default - a key of its own */
  readonly encryptionKeyArn?: string;
  /** The region; may be a token. @default - the provider's */
  readonly region?: string;
  /** Tags for all resources. @default - none but the provider's default tags */
  readonly tags?: { readonly [name: string]: string };
  /** The provider. @default - the stack's only AWS provider */
  readonly provider?: TerraformProvider;
  /** What has to exist first. @default - nothing */
  readonly dependsOn?: ITerraformDependable[];
}

interface Client {
  readonly id: string;
  readonly description: string;
  readonly securityGroupId?: string;
  readonly securityGroupIds?: string[];
  readonly cidrBlock?: string;
}

/**
 * Where database servers stand: private subnets in at least two zones, and a security group that lets in nobody but the
 * clients named, on the servers' ports.
 *
 * @example
 * const network = new DatabaseNetwork(this, "network", {
 *   vpcId: "vpc-0a1b2c3d4e5f60001",
 *   subnetIds: ["subnet-0a1b2c3d4e5f60001", "subnet-0a1b2c3d4e5f60002"],
 *   clients: ["sg-0a1b2c3d4e5f60001"],
 * });
 */
export class DatabaseNetwork extends Construct implements IDatabaseNetwork {
  /**
   * A network whose subnet group and security group exist already.
   *
   * @param scope the parent.
   * @param id the construct's id.
   * @param attributes what is known of it.
   */
  public static fromDatabaseNetworkAttributes(
    scope: Construct,
    id: string,
    attributes: DatabaseNetworkAttributes,
  ): IDatabaseNetwork {
    return new ExistingDatabaseNetwork(scope, id, attributes);
  }

  /** The VPC; may be a token. */
  public readonly vpcId: string;
  /** The subnets of servers; the list or its members may be tokens. */
  public readonly subnetIds: string[];
  /** The subnet group of servers. */
  public readonly subnetGroupName: string;
  /** The security group of servers. */
  public readonly securityGroupId: string;
  /** The region; may be a token. */
  public readonly region: string;
  /** The provider. */
  public readonly provider?: TerraformProvider;
  /** The security group. */
  public readonly securityGroup: SecurityGroup;
  /** The subnet group. */
  public readonly subnetGroup: DbSubnetGroup;
  /** The VPC of its own; not set in an existing one. */
  public readonly vpc?: IsolatedVpc;
  private readonly checks: SynthChecks;
  private readonly props: DatabaseNetworkProps;
  private readonly clients: Client[] = [];
  private readonly ports: number[] = [];
  private readonly rules = new Map<string, VpcSecurityGroupIngressRule>();

  public constructor(scope: Construct, id: string, props: DatabaseNetworkProps) {
    super(scope, id);
    this.props = props;
    this.checks = new SynthChecks(this);
    this.provider = props.provider;
    this.region = props.region ?? AwsEnvironment.of(this, props.provider).region;
    this.check();
    const own = props.vpcId === undefined && props.subnetIds === undefined;
    const { provider, tags, dependsOn } = props;
    if (own) {
      this.vpc = new IsolatedVpc(this, "Vpc", {
        cidrBlock: props.cidrBlock ?? "10.0.0.0/24",
        availabilityZones: props.availabilityZones ?? [],
        flowLog: props.flowLog,
        encryptionKeyArn: props.encryptionKeyArn,
        region: this.region,
        tags,
        provider,
        dependsOn,
      });
    }
    this.vpcId = this.vpc?.vpcId ?? props.vpcId ?? "";
    this.subnetIds = this.vpc?.subnetIds ?? props.subnetIds ?? [];
    this.subnetGroup = new DbSubnetGroup(this, "Subnets", {
      // Follows from the path alone: RDS cannot move a server to another subnet group of the same VPC.
      name: stableName(this, 255),
      description: `Subnets of ${this.node.path}`,
      subnetIds: this.subnetIds,
      lifecycle: own ? undefined : { precondition: this.zonePreconditions() },
      tags,
      provider,
      dependsOn,
    });
    this.subnetGroupName = this.subnetGroup.name;
    this.securityGroup = new SecurityGroup(this, "SecurityGroup", {
      // No rules here, in or out: a database opens no connections, and each client has a rule of its own.
      name: stableName(this, 255),
      description: "Database servers",
      vpcId: this.vpcId,
      tags,
      provider,
      dependsOn,
    });
    this.securityGroupId = this.securityGroup.id;
    this.addClients(props.clients);
  }

  /** What has to exist before anybody connects. */
  public get dependables(): ITerraformDependable[] {
    return [this.subnetGroup, this.securityGroup, ...this.rules.values()];
  }

  /**
   * Lets the members of a security group connect to every server of the network.
   *
   * @param id who they are, in letters, digits and hyphens; part of construct ids, so that it must not change.
   * @param securityGroupId the group; may be a token.
   * @param description who they are, for people. @default - the id
   */
  public allowFrom(id: string, securityGroupId: string, description?: string): void {
    this.checks.matches(`allowFrom("${id}")`, securityGroupId, SECURITY_GROUP, SECURITY_GROUP_RULE);
    this.addClient({ id, description: description ?? id, securityGroupId });
  }

  /**
   * Lets an address range connect. Security groups say more exactly who connects; a range is for clients that have
   * none, such as an office behind a VPN.
   *
   * @param id who they are; part of construct ids, so that it must not change.
   * @param cidrBlock the range in IPv4, never all addresses.
   * @param reason why a range and not a security group; written down for the review.
   */
  public allowCidr(id: string, cidrBlock: string, reason: string): void {
    this.checks.matches(
      `allowCidr("${id}")`,
      cidrBlock,
      /^\d{1,3}(\.\d{1,3}){3}\/([89]|[12]\d|3[0-2])$/,
      "allowed are IPv4 ranges from /8 to /32",
    );
    this.checks.optOut(
      `allowCidr("${id}"): ${isKnown(cidrBlock) ? cidrBlock : "a range"} may connect: ${reason}`,
    );
    this.addClient({ id, description: id, cidrBlock });
  }

  /**
   * Lets the network's clients connect to a port. A server calls it for its own.
   *
   * @param port the port; may be a token.
   */
  public openPort(port: number): void {
    if (this.ports.includes(port)) return;
    this.ports.push(port);
    for (const client of this.clients) this.rule(client, port);
  }

  private addClients(clients: string[] | undefined): void {
    if (clients === undefined) return;
    if (Token.isUnresolved(clients)) {
      // A list that only Terraform knows: one rule for each member, by its id and not its place.
      this.addClient({ id: "Clients", description: "clients", securityGroupIds: clients });
      return;
    }
    for (const group of clients) {
      this.checks.matches("clients", group, SECURITY_GROUP, SECURITY_GROUP_RULE);
      this.addClient({ id: idPart(this, group), description: "clients", securityGroupId: group });
    }
  }

  private addClient(client: Client): void {
    if (this.clients.some((known) => known.id === client.id)) {
      this.checks.fail("clients", client.id, "each client may be named once");
      return;
    }
    this.clients.push(client);
    for (const port of this.ports) this.rule(client, port);
  }

  private rule(client: Client, port: number): void {
    const id = `From-${client.id}-${idPart(this, port)}`;
    const iterator =
      client.securityGroupIds &&
      TerraformIterator.fromList(Token.asList(terraformCall("tolist", client.securityGroupIds)));
    const rule = new VpcSecurityGroupIngressRule(this, id, {
      forEach: iterator,
      securityGroupId: this.securityGroupId,
      referencedSecurityGroupId: iterator ? iterator.value : client.securityGroupId,
      cidrIpv4: client.cidrBlock,
      ipProtocol: "tcp",
      fromPort: port,
      toPort: port,
      description: `Database connections from ${client.description}`.replace(
        /[^A-Za-z0-9 ._:/()#,@[\]+=&;{}!$*-]/g,
        " ",
      ),
      tags: this.props.tags,
      provider: this.provider,
      dependsOn: this.props.dependsOn,
    });
    this.rules.set(id, rule);
  }

  /** Two subnets in two zones of the VPC named: what RDS demands and says only half-way through an apply. */
  private zonePreconditions(): Precondition[] {
    const ids = this.subnetIds;
    const count = Token.isUnresolved(ids) ? Token.asNumber(terraformCall("length", ids)) : ids.length;
    if (count === 0) return [];
    const counter = TerraformCount.of(count);
    // By count and not by id: the ids may be known after apply only, and nothing is kept under a data source's index.
    const subnets = new DataAwsSubnet(this, "SubnetFacts", {
      id: terraformCall("element", ids, counter.index),
      count: counter,
      provider: this.provider,
    });
    const all = (attribute: string) =>
      ref(`data.aws_subnet.${subnets.friendlyUniqueId}[*].${attribute}`, TerraformStack.of(this));
    const conditions: Precondition[] = [
      {
        condition: `\${length(distinct(${all("availability_zone")})) >= 2}`,
        errorMessage: "The database's subnets have to be in two availability zones or more.",
      },
    ];
    return conditions;
  }

  private check(): void {
    const { checks, props } = this;
    const { vpcId, subnetIds, cidrBlock, availabilityZones } = props;
    const existing = vpcId !== undefined || subnetIds !== undefined;
    const own = cidrBlock !== undefined || availabilityZones !== undefined;
    if (existing === own) {
      checks.fail(
        "vpcId",
        vpcId,
        "give either vpcId and subnetIds (an existing network), or cidrBlock and availabilityZones (one of its own)",
      );
      return;
    }
    if (existing) {
      if (vpcId === undefined) checks.fail("vpcId", vpcId, "it belongs to subnetIds");
      if (subnetIds === undefined) checks.fail("subnetIds", subnetIds, "it belongs to vpcId");
      checks.matches(
        "vpcId",
        vpcId,
        /^vpc-[0-9a-f]+$/,
        "allowed is the id of a VPC, such as vpc-0a1b2c3d4e5f60001",
      );
      this.checkList(
        "subnetIds",
        subnetIds,
        SUBNET,
        "subnet-0a1b2c3d4e5f60001",
        "RDS demands two zones or more",
      );
      return;
    }
    if (cidrBlock === undefined) checks.fail("cidrBlock", cidrBlock, "it belongs to availabilityZones");
    checks.matches(
      "cidrBlock",
      cidrBlock,
      /^\d{1,3}(\.\d{1,3}){3}\/(1[6-9]|2[0-4])$/,
      "allowed is an IPv4 range between /16 and /24, such as 10.20.0.0/24",
    );
    if (availabilityZones === undefined)
      checks.fail("availabilityZones", availabilityZones, "it belongs to cidrBlock");
    this.checkList("availabilityZones", availabilityZones, ZONE, "eu-central-1a", "RDS demands two or more");
  }

  private checkList(
    property: string,
    list: string[] | undefined,
    pattern: RegExp,
    example: string,
    atLeast: string,
  ): void {
    // A list token has one member, whatever it stands for.
    if (list === undefined || Token.isUnresolved(list)) return;
    const distinct = new Set(list);
    if (distinct.size < 2) this.checks.fail(property, list, `name two or more: ${atLeast}`);
    if (distinct.size < list.length) this.checks.fail(property, list, "each may be named once");
    for (const item of list)
      this.checks.matches(property, item, pattern, `allowed are ids such as ${example}`);
  }
}

const SECURITY_GROUP = /^sg-[0-9a-f]+$/;
const SECURITY_GROUP_RULE = "allowed are ids of security groups, such as sg-0a1b2c3d4e5f60001";
const SUBNET = /^subnet-[0-9a-f]+$/;
const ZONE = /^[a-z]{2}(-[a-z]+)+-\d[a-z]$/;
