import { DataAwsSubnet } from "@cdktf/provider-aws/lib/data-aws-subnet";
import { DbSubnetGroup } from "@cdktf/provider-aws/lib/db-subnet-group";
import { SecurityGroup as SecurityGroupResource } from "@cdktf/provider-aws/lib/security-group";
import {
  type ITerraformDependable,
  type Precondition,
  ref,
  TerraformCount,
  type TerraformProvider,
  TerraformStack,
  Token,
} from "cdktf";
import { Construct, type IConstruct } from "constructs";
import { namingPath, physicalName, requireProps, SynthChecks, terraformCall } from "../../database/private";
import { AwsEnvironment } from "../private/aws-environment";
import { checkTags } from "../private/tags";
import type { IEncryptionKey } from "../secrets/encryption-key";
import { checkDatabaseNetwork } from "./database-network-checks";
import { IngressRules } from "./ingress-rules";
import { IsolatedVpc } from "./isolated-vpc";
import { checkSecurityGroup, type ISecurityGroup } from "./security-group";

/** VPC, DB subnet group and security group of database servers, created here or existing. */
export interface IDatabaseNetwork extends IConstruct {
  /** ID of the VPC; may be a token. */
  readonly vpcId: string;
  /** Name of the DB subnet group. */
  readonly subnetGroupName: string;
  /** ID of the servers' security group. */
  readonly securityGroupId: string;
  /** AWS Region; may be a token. */
  readonly region: string;
  /** AWS provider of the network's region. @default - the stack's only AWS provider */
  readonly provider?: TerraformProvider;
  /** Resources that have to exist before a client connects. */
  readonly dependables: ITerraformDependable[];

  /**
   * Allows the network's clients to connect to a port. A server calls this for its port.
   *
   * @param port the port; may be a token.
   */
  openPort(port: number): void;
}

/** Properties of a `DatabaseNetwork`: either `vpcId` and `subnetIds`, or `cidrBlock` and `availabilityZones`. */
export interface DatabaseNetworkProps {
  /**
   * ID of an existing VPC; may be a token. @default - a VPC is created
   *
   * @see https://docs.aws.amazon.com/vpc/latest/userguide/what-is-amazon-vpc.html
   */
  readonly vpcId?: string;
  /**
   * IDs of existing private subnets of that VPC in two Availability Zones or more; the list or its members may be tokens.
   * @default - subnets are created
   *
   * @see https://docs.aws.amazon.com/AmazonRDS/latest/UserGuide/USER_VPC.WorkingWithRDSInstanceinaVPC.html#USER_VPC.Subnets
   */
  readonly subnetIds?: string[];
  /**
   * IPv4 CIDR block of the VPC that is created, between /16 and /24. @default - an existing VPC
   *
   * @see https://docs.aws.amazon.com/vpc/latest/userguide/vpc-cidr-blocks.html
   */
  readonly cidrBlock?: string;
  /**
   * Availability Zones of the VPC that is created, two or more, such as `eu-central-1a`. @default - an existing VPC
   *
   * @see https://docs.aws.amazon.com/AWSEC2/latest/UserGuide/using-regions-availability-zones.html
   */
  readonly availabilityZones?: string[];
  /**
   * Security groups whose members may connect (`SecurityGroup.fromSecurityGroupId`). @default - none, until `allowFrom`
   *
   * @see https://docs.aws.amazon.com/AmazonRDS/latest/UserGuide/Overview.RDSSecurityGroups.html
   */
  readonly clients?: ISecurityGroup[];
  /**
   * Enables the flow log of the VPC that is created. @default true
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
  /** AWS Region; may be a token. @default - the provider's */
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

/** Description of a network whose DB subnet group and security group exist. */
export interface DatabaseNetworkAttributes {
  /**
   * ID of the VPC.
   *
   * @see https://docs.aws.amazon.com/vpc/latest/userguide/what-is-amazon-vpc.html
   */
  readonly vpcId: string;
  /**
   * Name of the DB subnet group.
   *
   * @see https://docs.aws.amazon.com/AmazonRDS/latest/UserGuide/USER_VPC.WorkingWithRDSInstanceinaVPC.html#USER_VPC.Subnets
   */
  readonly subnetGroupName: string;
  /**
   * Security group of the servers. Its rules are not changed, so it has to let the clients in already.
   *
   * @see https://docs.aws.amazon.com/AmazonRDS/latest/UserGuide/Overview.RDSSecurityGroups.html
   */
  readonly securityGroup: ISecurityGroup;
  /** AWS Region; may be a token. @default - the provider's */
  readonly region?: string;
  /** AWS provider. @default - the stack's only AWS provider */
  readonly provider?: TerraformProvider;
}

/**
 * DB subnet group with private subnets in two Availability Zones or more, and a security group that lets in the given clients only,
 * on the ports of the servers. In an existing VPC, or in one that is created without a route to the internet.
 *
 * @see https://docs.aws.amazon.com/AmazonRDS/latest/UserGuide/USER_VPC.WorkingWithRDSInstanceinaVPC.html
 *
 * @example
 * const network = new DatabaseNetwork(this, "network", {
 *   vpcId: "vpc-0a1b2c3d4e5f60001",
 *   subnetIds: ["subnet-0a1b2c3d4e5f60001", "subnet-0a1b2c3d4e5f60002"],
 *   clients: [SecurityGroup.fromSecurityGroupId("sg-0a1b2c3d4e5f60001")],
 * });
 */
export class DatabaseNetwork extends Construct implements IDatabaseNetwork {
  /**
   * A network whose DB subnet group and security group exist.
   *
   * @param scope the parent.
   * @param id the construct's id.
   * @param attributes description of the network.
   *
   * @example
   * const network = DatabaseNetwork.fromDatabaseNetworkAttributes(this, "network", {
   *   vpcId: "vpc-0a1b2c3d",
   *   subnetGroupName: "databases",
   *   securityGroup: SecurityGroup.fromSecurityGroupId("sg-0a1b2c3d"),
   * });
   */
  public static fromDatabaseNetworkAttributes(
    scope: Construct,
    id: string,
    attributes: DatabaseNetworkAttributes,
  ): IDatabaseNetwork {
    return new ImportedDatabaseNetwork(scope, id, attributes);
  }

  public readonly vpcId: string;
  /** IDs of the subnets; the list or its members may be tokens. */
  public readonly subnetIds: string[];
  public readonly subnetGroupName: string;
  public readonly securityGroupId: string;
  public readonly region: string;
  public readonly provider?: TerraformProvider;
  /** The security group. */
  public readonly securityGroup: SecurityGroupResource;
  /** The DB subnet group. */
  public readonly subnetGroup: DbSubnetGroup;
  /** The VPC that was created; not set in an existing VPC. */
  public readonly vpc?: IsolatedVpc;
  private readonly rules: IngressRules;

  public constructor(scope: Construct, id: string, props: DatabaseNetworkProps) {
    super(scope, id);
    const checks = new SynthChecks(this, "RDS-NETWORK");
    this.provider = props.provider;
    this.region = props.region ?? AwsEnvironment.of(this, props.provider).lookUpRegion();
    checkDatabaseNetwork(checks, props);
    checkTags(checks, this, props.tags);
    const isNewVpc = props.vpcId === undefined && props.subnetIds === undefined;
    const { provider, tags, dependsOn } = props;
    if (isNewVpc) {
      this.vpc = new IsolatedVpc(this, "Vpc", {
        cidrBlock: props.cidrBlock ?? "10.0.0.0/24",
        availabilityZones: props.availabilityZones ?? [],
        flowLog: props.flowLog,
        encryptionKey: props.encryptionKey,
        region: this.region,
        tags,
        provider,
        dependsOn,
      });
    }
    this.vpcId = this.vpc?.vpcId ?? props.vpcId ?? "";
    this.subnetIds = this.vpc?.subnetIds ?? props.subnetIds ?? [];
    this.subnetGroup = new DbSubnetGroup(this, "Subnets", {
      // Derived from the construct path only: RDS cannot move an instance to another subnet group of the same VPC.
      name: physicalName(this, 255),
      description: `Subnets of ${namingPath(this)}`,
      subnetIds: this.subnetIds,
      lifecycle: isNewVpc ? undefined : { precondition: this.zonePreconditions() },
      tags,
      provider,
      dependsOn,
    });
    this.subnetGroupName = this.subnetGroup.name;
    this.securityGroup = new SecurityGroupResource(this, "SecurityGroup", {
      // No inline rules: a database opens no connections, and each client has a rule resource.
      name: physicalName(this, 255),
      description: "Database servers",
      vpcId: this.vpcId,
      tags,
      provider,
      dependsOn,
    });
    this.securityGroupId = this.securityGroup.id;
    this.rules = new IngressRules(this, checks, {
      securityGroupId: this.securityGroupId,
      tags,
      provider,
      dependsOn,
    });
    this.rules.addClients(props.clients);
  }

  public get dependables(): ITerraformDependable[] {
    return [this.subnetGroup, this.securityGroup, ...this.rules.dependables];
  }

  /**
   * Allows the members of a security group to connect to every server of the network.
   *
   * @param id name of the client: letters, digits and hyphens; part of construct ids, so that it must not change.
   * @param client the security group.
   * @param description description of the rule. @default - the id
   */
  public allowFrom(id: string, client: ISecurityGroup, description?: string): void {
    this.rules.addSecurityGroup(id, client, description);
  }

  /**
   * Allows a CIDR block to connect, recorded as an opt-out. Prefer a security group; a CIDR block is for clients that have none, such
   * as an office behind a VPN.
   *
   * @param id name of the client; part of construct ids, so that it must not change.
   * @param cidrBlock IPv4 CIDR block, from /8 to /32.
   * @param reason the reason for a CIDR block instead of a security group, for the review.
   */
  public allowCidr(id: string, cidrBlock: string, reason: string): void {
    this.rules.addCidrBlock(id, cidrBlock, reason);
  }

  public openPort(port: number): void {
    this.rules.addPort(port);
  }

  /** RDS requires subnets in two Availability Zones, and reports their absence only in the middle of an apply. */
  private zonePreconditions(): Precondition[] {
    const ids = this.subnetIds;
    const count = Token.isUnresolved(ids) ? Token.asNumber(terraformCall("length", ids)) : ids.length;
    if (count === 0) return [];
    const counter = TerraformCount.of(count);
    // By count and not by id: the ids may be known after apply only, and no state depends on a data source's index.
    const subnets = new DataAwsSubnet(this, "SubnetFacts", {
      id: terraformCall("element", ids, counter.index),
      count: counter,
      provider: this.provider,
    });
    const zones = ref(
      `data.aws_subnet.${subnets.friendlyUniqueId}[*].availability_zone`,
      TerraformStack.of(this),
    );
    return [
      {
        condition: `\${length(distinct(${zones})) >= 2}`,
        errorMessage: "subnetIds must be subnets in two Availability Zones or more.",
      },
    ];
  }
}

class ImportedDatabaseNetwork extends Construct implements IDatabaseNetwork {
  public readonly vpcId: string;
  public readonly subnetGroupName: string;
  public readonly securityGroupId: string;
  public readonly region: string;
  public readonly provider?: TerraformProvider;
  public readonly dependables: ITerraformDependable[] = [];

  public constructor(scope: Construct, id: string, attributes: DatabaseNetworkAttributes) {
    super(scope, id);
    requireProps(this.node.path, "RDS-NETWORK", attributes, {
      vpcId: true,
      subnetGroupName: true,
      securityGroup: true,
    });
    this.vpcId = attributes.vpcId;
    this.subnetGroupName = attributes.subnetGroupName;
    checkSecurityGroup(new SynthChecks(this, "RDS-NETWORK"), "securityGroup", attributes.securityGroup);
    this.securityGroupId = attributes.securityGroup.securityGroupId;
    this.provider = attributes.provider;
    this.region = attributes.region ?? AwsEnvironment.of(this, attributes.provider).lookUpRegion();
  }

  /** Does nothing: the rules of an existing security group are managed elsewhere. */
  public openPort(_port: number): void {}
}
