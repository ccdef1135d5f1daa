// A self-managed PostgreSQL cluster (Patroni) with two existing databases and their owners. Each component connects to its database with
// its own user, through one PgBouncer that follows the leader of the cluster. Neither an administrator nor a network is needed.

import { KubernetesProvider } from "@cdktf/provider-kubernetes/lib/provider";
import { App, TerraformOutput, TerraformStack, TerraformVariable } from "cdktf";
import {
  DatabaseEngine,
  DatabaseLogin,
  DatabaseServer,
  PoolMode,
  PostgresVersion,
  SecretValue,
} from "cdktf-devplatforms/database";
import { ClusterConnection, DatabaseSecret, SecretEntry } from "cdktf-devplatforms/kubernetes";
import { ClientTls, LeaderWatch, PatroniLeaderSource, PgBouncer } from "cdktf-devplatforms/pooling";
import type { Construct } from "constructs";

class PooledDatabases extends TerraformStack {
  public constructor(scope: Construct, id: string) {
    super(scope, id);
    const kubernetes = ClusterConnection.fromKubeconfig({ path: "~/.kube/config", context: "platform" });
    new KubernetesProvider(this, "kubernetes", kubernetes.kubernetes);

    const serverCa = this.pem("database_ca_certificates", "of the database servers");
    const clusterCa = this.pem("cluster_ca_certificates", "of the secret pgbouncer-tls");
    const [main, registry] = [this.owner("gitlab"), this.owner("registry")];

    const server = DatabaseServer.fromServerAttributes(this, "postgres", {
      engine: DatabaseEngine.postgres(PostgresVersion.V17),
      host: "db1.internal.example.com",
      tls: { enforced: true, hostnameVerifiable: true, caCertificatesPem: serverCa },
      maxConnections: 400,
    });
    const members = ["db1", "db2", "db3"].map((name) => ({ host: `${name}.internal.example.com` }));
    const watch = new LeaderWatch(this, "watch", { server, source: new PatroniLeaderSource(members) });

    const pooler = new PgBouncer(this, "pooler", {
      namespace: "databases",
      // Certificate for pgbouncer.databases.svc, for example issued by cert-manager.
      clientTls: ClientTls.fromSecret("pgbouncer-tls", clusterCa),
      clientNamespaces: ["gitlab", "registry"],
      entries: [
        // Three quarters of the server connections of the pooler.
        { database: server.database("gitlabhq_production", { owner: main }), name: "main", share: 3 },
        { database: server.database("registry", { owner: registry }), mode: PoolMode.SESSION },
      ],
      leaderWatches: [watch],
    });

    // Clients connect to the pooler; migrations and backups connect directly to the server.
    const pooled = pooler.database("main");
    const direct = pooled.pooling?.direct.server.endpoint;
    const { host, port } = pooled.server.endpoint;
    new DatabaseSecret(this, "gitlab-login", {
      namespace: "gitlab",
      secretName: "gitlab-postgres",
      entries: [
        SecretEntry.plain("host", host),
        SecretEntry.plain("port", String(port)),
        SecretEntry.plain("database", pooled.databaseName),
        SecretEntry.plain("username", pooled.owner.username),
        ...(pooled.owner.password ? [SecretEntry.secret("password", pooled.owner.password)] : []),
      ],
      dependsOn: pooled.dependables,
    });
    new TerraformOutput(this, "pooled", { value: `${host}:${port}/${pooled.databaseName}` });
    new TerraformOutput(this, "direct", { value: direct?.host });
    // Adds the connections of GitLab: the pools are sized for them, and a pooler without enough connections is an error.
    pooled.server.connectionBudget.add({ name: "gitlab", replicas: 4, poolMax: 28 });
  }

  /** The owner of a database. Its password is not stored in state or plan. */
  private owner(name: string): DatabaseLogin {
    const password = new TerraformVariable(this, `${name}_database_password`, {
      type: "string",
      description: `The password of the database user ${name}; it is not stored in state or plan`,
    });
    return DatabaseLogin.withPassword(name, SecretValue.fromVariable(password, 1));
  }

  private pem(name: string, whose: string): string {
    return new TerraformVariable(this, name, {
      type: "string",
      description: `The certificate authorities ${whose}, as PEM text`,
    }).stringValue;
  }
}

const app = new App();
new PooledDatabases(app, "pooled-databases");
app.synth();
