// A server in the stack of a platform team, and Coder in the stack of another team. Apply "data" first, then "coder"; to rotate the passwords,
// increment passwordVersion and apply both in this order: the job of "coder" sets the new password, and the pods follow.

import { AwsProvider } from "@cdktf/provider-aws/lib/provider";
import { HelmProvider } from "@cdktf/provider-helm/lib/provider";
import { KubernetesProvider } from "@cdktf/provider-kubernetes/lib/provider";
import { App, S3Backend, TerraformStack } from "cdktf";
import { DatabaseNetwork, RdsServer, SecurityGroup, StoredSecret } from "cdktf-devplatforms/aws";
import { EksConnection } from "cdktf-devplatforms/aws/eks";
import { CoderRelease } from "cdktf-devplatforms/coder";
import {
  DatabaseEngine,
  DatabaseServer,
  type IDatabase,
  MachineSize,
  PostgresVersion,
} from "cdktf-devplatforms/database";
import type { Construct } from "constructs";

class DataStack extends TerraformStack {
  public readonly server: RdsServer;
  public readonly coder: IDatabase;

  public constructor(scope: Construct, id: string) {
    super(scope, id);
    new AwsProvider(this, "aws", { region: "eu-central-1" });
    // The other stack reads host, certificates and versions from this state. The passwords are not in it.
    new S3Backend(this, { bucket: "example-terraform-state", key: "data", region: "eu-central-1" });
    const network = new DatabaseNetwork(this, "network", {
      vpcId: "vpc-0a1b2c3d4e5f60001",
      subnetIds: ["subnet-0a1b2c3d4e5f60001", "subnet-0a1b2c3d4e5f60002"],
      clients: [SecurityGroup.fromSecurityGroupId("sg-0a1b2c3d4e5f60001")],
    });
    this.server = new RdsServer(this, "postgres", {
      engine: DatabaseEngine.postgres(PostgresVersion.V17),
      size: MachineSize.general(4),
      storage: { sizeGiB: 100, maxSizeGiB: 500 },
      network,
      passwordVersion: 1,
    });
    // Generates the owner's password and stores it in Secrets Manager.
    this.coder = this.server.database("coder");
  }
}

class CoderStack extends TerraformStack {
  public constructor(scope: Construct, id: string, data: DataStack) {
    super(scope, id);
    new AwsProvider(this, "aws", { region: "eu-central-1" });
    new S3Backend(this, { bucket: "example-terraform-state", key: "coder", region: "eu-central-1" });
    const cluster = new EksConnection(this, "cluster", { clusterName: "platform" });
    new KubernetesProvider(this, "kubernetes", cluster.kubernetes);
    new HelmProvider(this, "helm", { kubernetes: cluster.helm });

    const server = DatabaseServer.fromServer(this, "postgres", data.server, {
      // Without it the database and its owner must exist; see Getting started, A server in another stack.
      adminLogin: StoredSecret.login(this, "admin-password", data.server.adminLogin),
    });
    const owner = StoredSecret.login(this, "coder-password", data.coder.owner);
    new CoderRelease(this, "coder", {
      database: server.database("coder", { owner }),
      accessUrl: "https://coder.example.com",
      chartVersion: "2.33.6",
    });
  }
}

const app = new App();
const data = new DataStack(app, "data");
new CoderStack(app, "coder", data);
app.synth();
