/** A server and a network with the fewest props, which the tests vary. */
import { AwsProvider } from "@cdktf/provider-aws/lib/provider";
import { TerraformStack } from "cdktf";
import type { Construct } from "constructs";
import { DatabaseNetwork, RdsServer, type RdsServerProps, SecurityGroup } from "../../../lib/aws";
import { DatabaseEngine, MachineSize, MysqlVersion, PostgresVersion } from "../../../lib/database";

export const POSTGRES = DatabaseEngine.postgres(PostgresVersion.V17);
export const MYSQL = DatabaseEngine.mysql(MysqlVersion.V8_4);

export function provider(scope: Construct): AwsProvider {
  const stack = TerraformStack.of(scope);
  return (
    (stack.node.tryFindChild("aws") as AwsProvider | undefined) ??
    new AwsProvider(stack, "aws", { region: "eu-central-1" })
  );
}

export function network(stack: TerraformStack, clients?: string[]): DatabaseNetwork {
  provider(stack);
  return new DatabaseNetwork(stack, "network", {
    vpcId: "vpc-0a1",
    subnetIds: ["subnet-0a1", "subnet-0a2"],
    clients: clients && SecurityGroup.fromSecurityGroupIds(clients),
  });
}

export function server(stack: TerraformStack, props: Partial<RdsServerProps> = {}): RdsServer {
  return new RdsServer(stack, "postgres", {
    engine: POSTGRES,
    size: MachineSize.general(2),
    storage: { sizeGiB: 100 },
    network: props.network ?? network(stack),
    ...props,
  });
}

/** Parameters of a DB parameter group, by name. */
// biome-ignore lint/suspicious/noExplicitAny: Terraform JSON
export function parametersOf(group: any): { [name: string]: string } {
  return Object.fromEntries(
    group.parameter.map((each: { name: string; value: string }) => [each.name, each.value]),
  );
}
