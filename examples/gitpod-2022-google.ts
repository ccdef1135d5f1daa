// The database of Gitpod's reference architecture of 2022 on Google Cloud: MySQL 5.7 on Cloud SQL behind the Cloud SQL Auth Proxy. The
// review of this stack lists each deviation that is necessary today.

import { GoogleProvider } from "@cdktf/provider-google/lib/provider";
import { KubernetesProvider } from "@cdktf/provider-kubernetes/lib/provider";
import { RandomProvider } from "@cdktf/provider-random/lib/provider";
import { App, TerraformOutput, TerraformStack, TerraformVariable } from "cdktf";
import { Cloud, SecretValue } from "cdktf-devplatforms/database";
import {
  GitpodConnection,
  GitpodDatabase,
  GitpodEncryptionKeys,
  GitpodPreset,
  GitpodServerParameters,
} from "cdktf-devplatforms/gitpod";
import {
  CloudSqlAdminLogin,
  CloudSqlServer,
  DatabaseNetwork,
  GkeWorkloadIdentity,
} from "cdktf-devplatforms/google";
import { CloudSqlAuthProxy, GkeConnection } from "cdktf-devplatforms/google/gke";
import { KubernetesNamespace } from "cdktf-devplatforms/kubernetes";
import type { Construct } from "constructs";

class Gitpod2022 extends TerraformStack {
  public constructor(scope: Construct, id: string) {
    super(scope, id);
    const project = "example";
    const region = "europe-west1";
    new GoogleProvider(this, "google", { project, region });
    new RandomProvider(this, "random");
    const cluster = new GkeConnection(this, "cluster", { clusterName: "gitpod", location: region });
    new KubernetesProvider(this, "kubernetes", cluster.kubernetes);

    const network = new DatabaseNetwork(this, "network", {
      networkId: "projects/example/global/networks/gitpod",
    });
    const preset = GitpodPreset.documented2022(Cloud.GOOGLE);
    const { engine, acceptExtendedSupport, size, storage, availability } = preset;
    const server = new CloudSqlServer(this, "mysql", {
      engine,
      acceptExtendedSupport,
      size,
      storage,
      availability,
      parameters: GitpodServerParameters.forCloud(Cloud.GOOGLE),
      network,
      region,
      adminLogin: CloudSqlAdminLogin.generated(),
    });
    preset.recordDeviations(server);

    const namespace = new KubernetesNamespace(this, "namespace", { namespaceName: "gitpod" });
    const proxy = new CloudSqlAuthProxy(this, "proxy", {
      server,
      connectionName: server.connectionName,
      namespace: "gitpod",
      identity: new GkeWorkloadIdentity(this, "identity", {
        namespace: "gitpod",
        serviceAccountName: "gitpod-mysql",
        accountId: "gitpod-mysql",
        project,
      }),
      dependsOn: namespace.dependables,
    });
    // 32 random bytes in base64 from your secret store. The value must be the same in each run.
    const key = new TerraformVariable(this, "encryption_key", { type: "string" });
    new GitpodDatabase(this, "database", {
      database: server.database("gitpod"),
      namespace: "gitpod",
      connection: GitpodConnection.proxyService(proxy),
      encryptionKeys: GitpodEncryptionKeys.single(SecretValue.fromVariable(key, 1)),
      dependsOn: namespace.dependables,
    });
    new TerraformOutput(this, "connection_name", { value: server.connectionName });
  }
}

const app = new App();
new Gitpod2022(app, "gitpod");
app.synth();
