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
import { constructIdFor, isResolved, physicalName, SynthChecks, terraformCall } from "../../database/private";
import { AwsEnvironment } from "../private/aws-environment";
import { checkDatabaseNetwork, checkSecurityGroup, isIpv4Range } from "./database-network-checks";
import type { IDatabaseNetwork } from "./database-network-contract";
import type { DatabaseNetworkProps } from "./database-network-props";
import { type DatabaseNetworkAttributes, ExistingDatabaseNetwork } from "./existing-database-network";
import { IsolatedVpc } from "./isolated-vpc";

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
    checkDatabaseNetwork(this.checks, props);
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
      name: physicalName(this, 255),
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
      name: physicalName(this, 255),
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
    checkSecurityGroup(this.checks, `allowFrom("${id}")`, securityGroupId);
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
    this.checks.check(
      `allowCidr("${id}")`,
      cidrBlock,
      () => isIpv4Range(cidrBlock, 8, 32),
      "allowed are IPv4 ranges from /8 to /32",
    );
    this.checks.optOut(
      `allowCidr("${id}"): ${isResolved(cidrBlock) ? cidrBlock : "a range"} may connect: ${reason}`,
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
      checkSecurityGroup(this.checks, "clients", group);
      this.addClient({ id: constructIdFor(this, group), description: "clients", securityGroupId: group });
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
    const id = `From-${client.id}-${constructIdFor(this, port)}`;
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
}
