// The database of Gitpod's reference architecture of 2022 on AWS: MySQL 5.7 on RDS with the documented names. The review of this stack
// lists each deviation that is necessary today.

import { AwsProvider } from "@cdktf/provider-aws/lib/provider";
import { KubernetesProvider } from "@cdktf/provider-kubernetes/lib/provider";
import { App, TerraformOutput, TerraformStack } from "cdktf";
import { DatabaseNetwork, GeneratedSecret, RdsServer, SecurityGroup } from "cdktf-devplatforms/aws";
import { EksConnection } from "cdktf-devplatforms/aws/eks";
import { Cloud } from "cdktf-devplatforms/database";
import {
  GitpodDatabase,
  GitpodEncryptionKeys,
  GitpodPreset,
  GitpodServerParameters,
} from "cdktf-devplatforms/gitpod";
import { KubernetesNamespace } from "cdktf-devplatforms/kubernetes";
import type { Construct } from "constructs";

class Gitpod2022 extends TerraformStack {
  public constructor(scope: Construct, id: string) {
    super(scope, id);
    const tags = { project: "gitpod", department: "demo", Name: "gitpod-instance" };
    new AwsProvider(this, "aws", { region: "eu-central-1" });
    const cluster = new EksConnection(this, "cluster", { clusterName: "gitpod" });
    new KubernetesProvider(this, "kubernetes", cluster.kubernetes);

    // The path gives the DB subnet group and the security group the name gitpod-rds. Only the nodes of the services can connect to port 3306.
    const network = new DatabaseNetwork(this, "rds", {
      vpcId: cluster.vpcId,
      subnetIds: ["subnet-0a1b2c3d4e5f60001", "subnet-0a1b2c3d4e5f60002", "subnet-0a1b2c3d4e5f60003"],
      clients: [SecurityGroup.fromSecurityGroupId("sg-0a1b2c3d4e5f60001")],
      tags,
    });
    const preset = GitpodPreset.documented2022(Cloud.AWS);
    const { engine, acceptExtendedSupport, size, storage, availability } = preset;
    const server = new RdsServer(this, "mysql", {
      identifier: "gitpod-instance",
      engine,
      acceptExtendedSupport,
      size,
      storage,
      availability,
      parameters: GitpodServerParameters.forCloud(Cloud.AWS),
      network,
      tags,
    });
    preset.recordDeviations(server);

    const namespace = new KubernetesNamespace(this, "namespace", { namespaceName: "gitpod" });
    new GitpodDatabase(this, "database", {
      database: server.database("gitpod"),
      namespace: "gitpod",
      encryptionKeys: GitpodEncryptionKeys.single(
        GitpodEncryptionKeys.material(
          new GeneratedSecret(this, "encryption-key", {
            encryptionKey: server.encryptionKey,
            protect: true,
          }).value,
        ),
      ),
      dependsOn: namespace.dependables,
    });
    new TerraformOutput(this, "endpoint", { value: server.endpoint.host });
  }
}

const app = new App();
new Gitpod2022(app, "gitpod");
app.synth();
