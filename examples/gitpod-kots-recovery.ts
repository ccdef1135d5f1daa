// Recovery of a Gitpod that KOTS has installed, on an existing cluster with an existing MySQL server and bucket: Velero with the access
// that KOTS looks for, dumps of the database, and a runbook that restores a snapshot.

import { AwsProvider } from "@cdktf/provider-aws/lib/provider";
import { HelmProvider } from "@cdktf/provider-helm/lib/provider";
import { KubernetesProvider } from "@cdktf/provider-kubernetes/lib/provider";
import { App, TerraformStack, TerraformVariable } from "cdktf";
import { EncryptionKey, GeneratedSecret, PodIdentity, S3Bucket } from "cdktf-devplatforms/aws";
import { EksConnection } from "cdktf-devplatforms/aws/eks";
import {
  Cloud,
  DatabaseEngine,
  DatabaseLogin,
  DatabaseServer,
  MysqlVersion,
  RecoveryScenario,
  SecretValue,
} from "cdktf-devplatforms/database";
import { GitpodEncryptionKeys, GitpodKotsRecovery, GitpodRehearsal } from "cdktf-devplatforms/gitpod";
import { KubernetesNamespace, PodSecurity } from "cdktf-devplatforms/kubernetes";
import {
  KotsVelero,
  LogicalBackup,
  RecoveryPlan,
  RestoreRehearsal,
  RestoreRunbook,
  Velero,
} from "cdktf-devplatforms/recovery";
import type { Construct } from "constructs";

const CLUSTER = "platform";

class GitpodRecovery extends TerraformStack {
  public constructor(scope: Construct, id: string) {
    super(scope, id);
    new AwsProvider(this, "aws", { region: "eu-central-1" });
    const cluster = new EksConnection(this, "cluster", { clusterName: CLUSTER });
    new KubernetesProvider(this, "kubernetes", cluster.kubernetes);
    new HelmProvider(this, "helm", { kubernetes: cluster.helm });
    const variable = (name: string) =>
      SecretValue.fromVariable(new TerraformVariable(this, name, { type: "string" }), 1);

    const server = DatabaseServer.fromServerAttributes(this, "mysql", {
      engine: DatabaseEngine.mysql(MysqlVersion.V8_0),
      host: "gitpod.internal.example.com",
      tls: { enforced: true, hostnameVerifiable: true },
      location: { cloud: Cloud.AWS, region: "eu-central-1" },
      maxConnections: 500,
      acceptExtendedSupport: "8.0",
    });
    const database = server.database("gitpod", {
      owner: DatabaseLogin.withPassword("gitpod", variable("database_password")),
    });
    const encryptionKeys = GitpodEncryptionKeys.single(variable("encryption_key"));

    const encryptionKey = new EncryptionKey(this, "key", { description: "Backups of Gitpod" });
    const password = new GeneratedSecret(this, "velero-password", { encryptionKey, protect: true });
    const velero = new Velero(this, "velero", {
      store: new S3Bucket(this, "snapshots", { encryptionKey }),
      identity: new PodIdentity(this, "velero-identity", {
        clusterName: CLUSTER,
        namespace: Velero.NAMESPACE,
        serviceAccountName: Velero.SERVICE_ACCOUNT,
      }),
      repositoryPassword: password.value,
      repositoryKey: { name: password.arn, location: "AWS Secrets Manager, eu-central-1" },
      namespaces: ["gitpod"],
    });
    const kots = new KotsVelero(this, "kots-velero", {
      velero,
      kotsNamespace: "gitpod",
      kotsVersion: "1.130.7",
    });

    // A separate namespace: a pod in that of Gitpod could mount the login.
    const namespace = new KubernetesNamespace(this, "dumps-namespace", {
      namespaceName: "gitpod-backups",
      podSecurity: PodSecurity.RESTRICTED,
    });
    const backup = new LogicalBackup(this, "dumps", {
      databases: [database],
      store: new S3Bucket(this, "dumps-store", { encryptionKey }),
      identity: new PodIdentity(this, "dumps-identity", {
        clusterName: CLUSTER,
        namespace: namespace.namespaceName,
        serviceAccountName: "gitpod-dumps",
      }),
      dependsOn: namespace.dependables,
    });
    new RestoreRehearsal(this, "rehearsal", {
      backup,
      checks: [
        GitpodRehearsal.newestWorkspace(database, 8 * 24),
        GitpodRehearsal.tokensDecrypt(database, encryptionKeys),
      ],
    });

    const application = new GitpodKotsRecovery(this, "gitpod", {
      database,
      encryptionKeys,
      store: S3Bucket.fromBucketAttributes(this, "workspaces", { bucketName: "platform-gitpod-workspaces" }),
      domain: "gitpod.example.com",
    });
    const protections = [
      { data: "database", protection: backup.protection() },
      { data: "configuration", protection: kots.protection() },
    ];
    const { DELETED_OBJECTS, LOST_CLUSTER, LOST_REGION } = RecoveryScenario;
    const accepted = (data: string, scenario: RecoveryScenario, reason: string) => ({
      data,
      scenario,
      reason,
    });
    const plan = new RecoveryPlan(this, "recovery", {
      application,
      protections,
      acceptedGaps: [
        accepted("database", LOST_REGION, "one region is enough"),
        accepted("workspaces", LOST_REGION, "one region is enough"),
        accepted("workspaces", DELETED_OBJECTS, "the program of the bucket keeps versions"),
        accepted("running-workspaces", LOST_CLUSTER, "they are backed up when they stop"),
        accepted("running-workspaces", LOST_REGION, "they are backed up when they stop"),
      ],
    });
    new RestoreRunbook(this, "runbook", { plan });
  }
}

const app = new App();
new GitpodRecovery(app, "gitpod-recovery");
app.synth();
