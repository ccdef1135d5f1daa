// AWS Backup beside the automated backups of RDS: daily backups in a locked vault, copies in another region, and a recovery plan that
// counts them. The copies are kept for a year.

import { AwsProvider } from "@cdktf/provider-aws/lib/provider";
import { HelmProvider } from "@cdktf/provider-helm/lib/provider";
import { KubernetesProvider } from "@cdktf/provider-kubernetes/lib/provider";
import { App, TerraformStack } from "cdktf";
import {
  AwsBackupPlan,
  AwsBackupVault,
  AwsBackupVaultLockMode,
  DatabaseNetwork,
  RdsServer,
} from "cdktf-devplatforms/aws";
import { EksConnection } from "cdktf-devplatforms/aws/eks";
import { CoderRelease } from "cdktf-devplatforms/coder";
import { DatabaseEngine, MachineSize, PostgresVersion, RecoveryScenario } from "cdktf-devplatforms/database";
import { RecoveryPlan } from "cdktf-devplatforms/recovery";
import type { Construct } from "constructs";

class CoderStack extends TerraformStack {
  public constructor(scope: Construct, id: string) {
    super(scope, id);
    new AwsProvider(this, "aws", { region: "eu-central-1" });
    const ireland = new AwsProvider(this, "ireland", { alias: "ireland", region: "eu-west-1" });
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
    const application = new CoderRelease(this, "coder", {
      database: server.database("coder"),
      accessUrl: "https://coder.example.com",
      chartVersion: "2.33.6",
    });

    const lock = { mode: AwsBackupVaultLockMode.GOVERNANCE, minRetentionDays: 14, maxRetentionDays: 400 };
    const backups = new AwsBackupPlan(this, "backups", {
      vault: new AwsBackupVault(this, "vault", { lock }),
      servers: [server],
      rules: {
        daily: {
          schedule: "cron(0 1 * * ? *)",
          retentionDays: 35,
          copies: [
            { vault: new AwsBackupVault(this, "copies", { lock, provider: ireland }), retentionDays: 365 },
          ],
        },
      },
    });
    new RecoveryPlan(this, "recovery", {
      application,
      protections: backups.serverProtections(server).map((protection) => ({ data: "database", protection })),
      // Volumes of workspaces: Velero backs them up, as in the stack coder-aws.
      acceptedGaps: [RecoveryScenario.LOST_CLUSTER, RecoveryScenario.LOST_REGION].map((scenario) => ({
        data: "workspaces",
        scenario,
        reason: "workspaces are rebuilt from their templates",
      })),
    });
  }
}

const app = new App();
new CoderStack(app, "coder");
app.synth();
