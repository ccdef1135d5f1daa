// GitLab on existing resources: a cluster with its namespace, a PostgreSQL server with the databases of main, ci and the registry and
// their logins, Redis, and buckets of an S3-compatible store. The program installs GitLab behind PgBouncer with the usual checks: TLS is
// verified on every connection, migrations run once in each database, connections fit the server, no secret is in the state.

import { HelmProvider } from "@cdktf/provider-helm/lib/provider";
import { KubernetesProvider } from "@cdktf/provider-kubernetes/lib/provider";
import { App, TerraformOutput, TerraformStack, TerraformVariable } from "cdktf";
import {
  DatabaseEngine,
  DatabaseLogin,
  DatabaseServer,
  PostgresVersion,
  SecretValue,
} from "cdktf-devplatforms/database";
import {
  DatabaseTopology,
  GitlabObjectStorage,
  GitlabRedis,
  GitlabRelease,
  GitlabSecrets,
  GitlabVersion,
} from "cdktf-devplatforms/gitlab";
import { ClusterConnection } from "cdktf-devplatforms/kubernetes";
import { ClientTls, PgBouncer } from "cdktf-devplatforms/pooling";
import { ObjectStore, ObjectStoreKey, ObjectStoreKind } from "cdktf-devplatforms/storage";
import type { Construct } from "constructs";

const CHART = "10.4.1";
const NAMESPACE = "gitlab";

class GitlabOnExistingServer extends TerraformStack {
  public constructor(scope: Construct, id: string) {
    super(scope, id);
    const cluster = ClusterConnection.fromKubeconfig({ path: "~/.kube/config", context: "platform" });
    new KubernetesProvider(this, "kubernetes", cluster.kubernetes);
    new HelmProvider(this, "helm", { kubernetes: cluster.helm });

    const server = DatabaseServer.fromServerAttributes(this, "postgres", {
      engine: DatabaseEngine.postgres(PostgresVersion.V17),
      host: "postgres.internal.example.com",
      maxConnections: 500,
      tls: {
        enforced: true,
        hostnameVerifiable: true,
        caCertificatesPem: this.pem("database_ca_certificates", "of the database server"),
      },
    });
    // Rails uses one login on a server, so main and ci have the same owner.
    const owner = this.login("gitlab");
    const main = server.database("gitlabhq_production", { owner });
    const ci = server.database("gitlabhq_production_ci", { owner });
    const topology = new DatabaseTopology(this, "topology", {
      version: GitlabVersion.ofChart(CHART),
      main,
      ci,
      registry: server.database("registry", { owner: this.login("registry") }),
      // A beta feature of GitLab that cannot be undone. For one database, leave out ci and this property.
      allowSeparateCiDatabase: true,
    });

    const pooler = new PgBouncer(this, "pgbouncer", {
      namespace: NAMESPACE,
      // Certificate for pgbouncer.gitlab.svc, for example issued by cert-manager.
      clientTls: ClientTls.fromSecret("pgbouncer-tls", this.pem("pooler_ca_certificates", "of the pooler")),
      entries: [main, ci].map((database) => ({ database, component: "gitlab" })),
    });

    const store = (name: string) =>
      ObjectStore.fromObjectStoreAttributes(this, name, {
        kind: ObjectStoreKind.S3,
        bucketName: `example-gitlab-${name}`,
        region: "eu-central-1",
        endpoint: "objects.internal.example.com",
      });
    const gitlab = new GitlabRelease(this, "gitlab", {
      // Pods go through the pooler; migrations, backups and the registry go past it.
      topology: topology.pooledBy(pooler),
      domain: "example.com",
      chartVersion: CHART,
      objectStorage: GitlabObjectStorage.withKey({
        stores: {
          artifacts: store("artifacts"),
          lfs: store("lfs"),
          uploads: store("uploads"),
          packages: store("packages"),
          externalDiffs: store("external-diffs"),
          terraformState: store("terraform-state"),
          ciSecureFiles: store("ci-secure-files"),
          dependencyProxy: store("dependency-proxy"),
          registry: store("registry-images"),
          backups: store("backups"),
          tmp: store("tmp"),
        },
        key: ObjectStoreKey.s3("gitlab", this.secret("objects_password", "the key to the buckets")),
      }),
      redis: GitlabRedis.fromRedisAttributes({
        host: "redis.internal.example.com",
        password: this.secret("redis_password", "the Redis"),
      }),
      secrets: GitlabSecrets.fromDocument(this.secret("rails_secrets", "the text of secrets.yml")),
      certificateEmail: "platform@example.com",
      // Upper limits of autoscaling, for which the pooler is sized.
      webservice: { maxReplicas: 3 },
      sidekiq: { maxReplicas: 2 },
      registry: { maxReplicas: 3 },
      namespace: NAMESPACE,
      createNamespace: false,
      // The cluster has a cert-manager already, which issued the pooler's certificate.
      values: { installCertmanager: false },
    });
    new TerraformOutput(this, "backup_coverage", { value: gitlab.backupCoverage.text });
  }

  /** A secret from an ephemeral variable. Increment the version when the value changes. */
  private secret(name: string, what: string): SecretValue {
    const variable = new TerraformVariable(this, name, {
      type: "string",
      description: `${what}; it is not stored in state or plan`,
    });
    return SecretValue.fromVariable(variable, 1);
  }

  private login(username: string): DatabaseLogin {
    return DatabaseLogin.withPassword(
      username,
      this.secret(`${username}_database_password`, `The password of the database user ${username}`),
    );
  }

  private pem(name: string, whose: string): string {
    return new TerraformVariable(this, name, {
      type: "string",
      description: `The certificate authorities ${whose}, as PEM text`,
    }).stringValue;
  }
}

const app = new App();
new GitlabOnExistingServer(app, "gitlab-existing");
app.synth();
