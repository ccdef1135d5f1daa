// What stands around the instances of a state: networks, parameter groups, log groups and regions.

import {
  call,
  type Expression,
  imported,
  literal,
  object,
  type Statement,
  variable,
} from "../program/expression";
import type { Names } from "../program/names";
import { type StateResource, text, texts } from "../state/state-resource";

const AWS = "cdktf-devplatforms/aws";

/** Resources of a state by what refers to them. */
export class AwsSurroundings {
  /** Resources that the program refers to, and that stay where they are managed. */
  public readonly left = new Set<string>();
  private readonly networks = new Map<string, Expression>();
  private readonly providers = new Map<string, string>();

  public constructor(private readonly resources: readonly StateResource[]) {}

  /** The parameter group of a name; undefined if it is not in the state. */
  public parameterGroup(name: string | undefined): StateResource | undefined {
    return this.find("aws_db_parameter_group", "name", name);
  }

  /** The log group of a name; undefined if it is not in the state. */
  public logGroup(name: string): StateResource | undefined {
    return this.find("aws_cloudwatch_log_group", "name", name);
  }

  /** The statements of the providers, one for each region; the first has no alias. */
  public get providerStatements(): Statement[] {
    return [...this.providers].map(([region, constant], index) => ({
      constant,
      expression: {
        kind: "new",
        callee: imported("@cdktf/provider-aws/lib/provider", "AwsProvider"),
        args: [
          variable("this"),
          literal(constant),
          object({
            alias: index === 0 ? undefined : literal(region),
            region: region === "" ? undefined : literal(region),
          }),
        ],
      },
    }));
  }

  /** The provider of a region; undefined for the first one, which is the default. */
  public provider(region: string): Expression | undefined {
    // A bucket of an older state does not say its region.
    if (region === "" && this.providers.size > 0) return undefined;
    if (!this.providers.has(region)) {
      const isFirst = this.providers.size === 0;
      this.providers.set(
        region,
        isFirst
          ? "aws"
          : `aws${region.replace(/[^a-z0-9]*([a-z0-9]+)[^a-z0-9]*/gi, (_, part: string) => part.charAt(0).toUpperCase() + part.slice(1))}`,
      );
    }
    const [first] = this.providers.keys();
    return region === first ? undefined : variable(this.providers.get(region) ?? "aws");
  }

  /** The network of an instance: its subnet group and its first security group, by reference. */
  public network(instance: StateResource, names: Names, statements: Statement[]): Expression {
    const subnetGroupName = text(instance, "db_subnet_group_name") ?? "default";
    const [securityGroup = "sg-00000000"] = texts(instance, "vpc_security_group_ids");
    const region = regionOf(instance);
    const provider = this.provider(region);
    const identity = [region, subnetGroupName, securityGroup].join("/");
    const known = this.networks.get(identity);
    if (known) return known;
    const subnets = this.find("aws_db_subnet_group", "name", subnetGroupName);
    const group = this.find("aws_security_group", "id", securityGroup);
    for (const each of [subnets, group]) if (each) this.left.add(each.address);
    const { id, constant } = names.of("network");
    const vpcId = text(subnets, "vpc_id") ?? text(group, "vpc_id");
    const subnetsConstant = `${constant}Subnets`;
    if (vpcId === undefined)
      statements.push({
        constant: subnetsConstant,
        expression: {
          kind: "new",
          callee: imported("@cdktf/provider-aws/lib/data-aws-db-subnet-group", "DataAwsDbSubnetGroup"),
          args: [
            variable("this"),
            literal(`${id}-subnets`),
            object({ name: literal(subnetGroupName), provider }),
          ],
        },
      });
    statements.push({
      comment: ["Subnet group and security group stay where they are managed."],
      constant,
      expression: call(
        imported(AWS, "DatabaseNetwork.fromDatabaseNetworkAttributes"),
        variable("this"),
        literal(id),
        object({
          vpcId:
            vpcId === undefined
              ? { kind: "member", of: variable(subnetsConstant), name: "vpcId" }
              : literal(vpcId),
          subnetGroupName: literal(subnetGroupName),
          securityGroup: call(imported(AWS, "SecurityGroup.fromSecurityGroupId"), literal(securityGroup)),
          region: region === "" ? undefined : literal(region),
          provider,
        }),
      ),
    });
    const expression = variable(constant);
    this.networks.set(identity, expression);
    return expression;
  }

  private find(type: string, attribute: string, value: string | undefined): StateResource | undefined {
    if (value === undefined) return undefined;
    return this.resources.find((each) => each.type === type && each.values[attribute] === value);
  }
}

/** Region of a resource, by its attribute or its ARN; empty if neither says it. */
export function regionOf(resource: StateResource): string {
  return text(resource, "region") ?? text(resource, "arn")?.split(":")[3] ?? "";
}
