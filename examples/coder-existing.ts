// Coder on an existing network, Kubernetes cluster, PostgreSQL server, database and owner.
// Only Coder is installed, with the same checks: verified TLS, enough connections, no password in the state.

import { HelmProvider } from "@cdktf/provider-helm/lib/provider";
import { KubernetesProvider } from "@cdktf/provider-kubernetes/lib/provider";
import { App, TerraformStack, TerraformVariable } from "cdktf";
import { CoderRelease } from "cdktf-devplatforms/coder";
import {
  Cloud,
  DatabaseEngine,
  DatabaseLogin,
  DatabaseServer,
  PostgresVersion,
  SecretValue,
} from "cdktf-devplatforms/database";
import { ClusterConnection } from "cdktf-devplatforms/kubernetes";
import type { Construct } from "constructs";

class CoderOnExistingServer extends TerraformStack {
  public constructor(scope: Construct, id: string) {
    super(scope, id);
    const cluster = ClusterConnection.fromKubeconfig({ path: "~/.kube/config", context: "platform" });
    new KubernetesProvider(this, "kubernetes", cluster.kubernetes);
    new HelmProvider(this, "helm", { kubernetes: cluster.helm });

    const password = new TerraformVariable(this, "coder_database_password", {
      type: "string",
      description: "The password of the database's owner; it is not stored in state or plan",
    });
    const caCertificates = new TerraformVariable(this, "database_ca_certificates", {
      type: "string",
      description: "The certificate authorities of the database server, as PEM text",
    });
    const server = DatabaseServer.fromServerAttributes(this, "postgres", {
      engine: DatabaseEngine.postgres(PostgresVersion.V16),
      host: "postgres.internal.example.com",
      tls: { enforced: true, hostnameVerifiable: true, caCertificatesPem: caCertificates.stringValue },
      location: { cloud: Cloud.SELF_MANAGED },
      maxConnections: 300,
    });
    const database = server.database("coder", {
      // Increment the version when the password changes, so that the Kubernetes secret is written again.
      owner: DatabaseLogin.withPassword("coder", SecretValue.fromVariable(password, 1)),
    });
    new CoderRelease(this, "coder", {
      database,
      accessUrl: "https://coder.example.com",
      chartVersion: "2.33.6",
      createNamespace: false,
      replicas: 3,
    });
  }
}

const app = new App();
new CoderOnExistingServer(app, "coder-existing");
app.synth();
