// The database of Gitpod's reference architecture of 2022 on Azure: MySQL 5.7 on Flexible Server, which replaced Single Server. The review
// of this stack lists each deviation that is necessary today.

import { AzurermProvider } from "@cdktf/provider-azurerm/lib/provider";
import { KubernetesProvider } from "@cdktf/provider-kubernetes/lib/provider";
import { RandomProvider } from "@cdktf/provider-random/lib/provider";
import { App, TerraformOutput, TerraformStack, TerraformVariable } from "cdktf";
import { DatabaseNetwork, GeneratedSecret, MysqlFlexibleServer, SecretVault } from "cdktf-devplatforms/azure";
import { AksConnection } from "cdktf-devplatforms/azure/aks";
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
    const text = (name: string) => new TerraformVariable(this, name, { type: "string" }).stringValue;
    new AzurermProvider(this, "azurerm", { features: [{}], subscriptionId: text("subscription_id") });
    new RandomProvider(this, "random");
    const cluster = new AksConnection(this, "cluster", {
      clusterFqdn: text("cluster_fqdn"),
      clusterCaCertificateBase64: text("cluster_ca_certificate"),
    });
    new KubernetesProvider(this, "kubernetes", cluster.kubernetes);

    const network = new DatabaseNetwork(this, "network", {
      resourceGroupName: "gitpod",
      location: "westeurope",
      virtualNetworkId: text("virtual_network_id"),
      subnetId: text("subnet_id"),
    });
    const vault = new SecretVault(this, "vault", { network });
    const preset = GitpodPreset.documented2022(Cloud.AZURE);
    const { engine, acceptExtendedSupport, size, storage, availability } = preset;
    // The server name is the path with a random suffix, because it must be unique in Azure.
    const server = new MysqlFlexibleServer(this, "mysql", {
      engine,
      acceptExtendedSupport,
      size,
      storage,
      availability,
      parameters: GitpodServerParameters.forCloud(Cloud.AZURE),
      network,
      vault,
    });
    preset.recordDeviations(server);

    const namespace = new KubernetesNamespace(this, "namespace", { namespaceName: "gitpod" });
    new GitpodDatabase(this, "database", {
      database: server.database("gitpod"),
      namespace: "gitpod",
      encryptionKeys: GitpodEncryptionKeys.single(
        GitpodEncryptionKeys.material(
          new GeneratedSecret(this, "encryption-key", { vault, protect: true }).value,
        ),
      ),
      dependsOn: namespace.dependables,
    });
    new TerraformOutput(this, "host", { value: server.endpoint.host });
  }
}

const app = new App();
new Gitpod2022(app, "gitpod");
app.synth();
