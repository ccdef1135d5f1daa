/** The stack that is measured: a number of RDS servers of ours in one network. */
import { AwsProvider } from "@cdktf/provider-aws/lib/provider";
import { App, TerraformStack } from "cdktf";
import { DatabaseNetwork, RdsServer } from "../lib/aws";
import { DatabaseEngine, MachineSize, PostgresVersion } from "../lib/database";

export function ourStack(servers: number, outdir: string): App {
  const app = new App({ outdir, stackTraces: false });
  const stack = new TerraformStack(app, "bench");
  new AwsProvider(stack, "aws", { region: "eu-central-1" });
  const network = new DatabaseNetwork(stack, "network", {
    vpcId: "vpc-0a1b2c3d",
    subnetIds: ["subnet-0a1b2c3d", "subnet-1a1b2c3d"],
    clients: ["sg-0a1b2c3d"],
  });
  for (let i = 0; i < servers; i++) {
    new RdsServer(stack, `server${i}`, {
      engine: DatabaseEngine.postgres(PostgresVersion.V17),
      size: MachineSize.general(4),
      storage: { sizeGiB: 100, maxSizeGiB: 500 },
      network,
    });
  }
  return app;
}
