// IAM database authentication: Coder's pods log in to RDS with the IAM role of their Kubernetes service account, without a password.

import { AwsProvider } from "@cdktf/provider-aws/lib/provider";
import { HelmProvider } from "@cdktf/provider-helm/lib/provider";
import { KubernetesProvider } from "@cdktf/provider-kubernetes/lib/provider";
import { App, TerraformStack } from "cdktf";
import { DatabaseNetwork, IrsaIdentity, RdsServer } from "cdktf-devplatforms/aws";
import { EksConnection } from "cdktf-devplatforms/aws/eks";
import { CoderRelease } from "cdktf-devplatforms/coder";
import { DatabaseEngine, MachineSize, PostgresVersion } from "cdktf-devplatforms/database";
import type { Construct } from "constructs";

class CoderWithIamLogin extends TerraformStack {
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
    const identity = new IrsaIdentity(this, "identity", {
      oidcProviderArn:
        "arn:aws:iam::123456789012:oidc-provider/oidc.eks.eu-central-1.amazonaws.com/id/EXAMPLE",
      oidcIssuerUrl: cluster.oidcIssuerUrl,
      namespace: "coder",
      serviceAccountName: "coder",
    });
    const { login } = server.grantConnect(identity, { username: "coder" });
    const database = server.database("coder", { owner: login });
    new CoderRelease(this, "coder", {
      database,
      identity,
      accessUrl: "https://coder.example.com",
      chartVersion: "2.33.6",
    });
  }
}

const app = new App();
new CoderWithIamLogin(app, "coder-iam-login");
app.synth();
