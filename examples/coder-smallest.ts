// The smallest program: an RDS for PostgreSQL server and Coder on an existing EKS cluster.
// The defaults apply: private address, Multi-AZ, encryption, backups, deletion protection.

import { AwsProvider } from "@cdktf/provider-aws/lib/provider";
import { HelmProvider } from "@cdktf/provider-helm/lib/provider";
import { KubernetesProvider } from "@cdktf/provider-kubernetes/lib/provider";
import { App, TerraformStack } from "cdktf";
import { DatabaseNetwork, RdsServer } from "cdktf-devplatforms/aws";
import { EksConnection } from "cdktf-devplatforms/aws/eks";
import { CoderRelease } from "cdktf-devplatforms/coder";
import { DatabaseEngine, MachineSize, PostgresVersion } from "cdktf-devplatforms/database";
import type { Construct } from "constructs";

class CoderStack extends TerraformStack {
  public constructor(scope: Construct, id: string) {
    super(scope, id);
    new AwsProvider(this, "aws", { region: "eu-central-1" });
    const cluster = new EksConnection(this, "cluster", { clusterName: "platform" });
    new KubernetesProvider(this, "kubernetes", cluster.kubernetes);
    new HelmProvider(this, "helm", { kubernetes: cluster.helm });

    const network = new DatabaseNetwork(this, "network", {
      vpcId: cluster.vpcId,
      subnetIds: ["subnet-0a1b2c3d4e5f60001", "subnet-0a1b2c3d4e5f60002"],
      clients: [cluster.securityGroup],
    });
    const server = new RdsServer(this, "postgres", {
      engine: DatabaseEngine.postgres(PostgresVersion.V17),
      size: MachineSize.general(4),
      storage: { sizeGiB: 100, maxSizeGiB: 500 },
      network,
    });
    new CoderRelease(this, "coder", {
      database: server.database("coder"),
      accessUrl: "https://coder.example.com",
      chartVersion: "2.33.6",
    });
  }
}

const app = new App();
new CoderStack(app, "coder");
app.synth();
