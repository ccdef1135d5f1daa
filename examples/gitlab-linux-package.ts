// GitLab on virtual machines with the Linux package: two Patroni clusters of PostgreSQL, for main and for ci, poolers that follow their
// leaders through Consul, and three Rails nodes. Each node gets its gitlab.rb as cloud-init user data. The passwords are in AWS
// Secrets Manager and not in the state: the nodes fetch them before they configure the package.

import { AwsProvider } from "@cdktf/provider-aws/lib/provider";
import { SecretsmanagerSecret } from "@cdktf/provider-aws/lib/secretsmanager-secret";
import { SecretsmanagerSecretVersion } from "@cdktf/provider-aws/lib/secretsmanager-secret-version";
import { App, TerraformStack, TerraformVariable } from "cdktf";
import { EncryptionKey } from "cdktf-devplatforms/aws";
import {
  DatabaseEngine,
  DatabaseLogin,
  DatabaseServer,
  PostgresVersion,
  SecretValue,
  TerraformData,
} from "cdktf-devplatforms/database";
import {
  DatabaseTopology,
  GitlabVersion,
  LinuxPackageConfig,
  type LinuxPackageNode,
  LinuxPackageRole,
} from "cdktf-devplatforms/gitlab";
import type { Construct } from "constructs";

class GitlabOnMachines extends TerraformStack {
  public constructor(scope: Construct, id: string) {
    super(scope, id);
    new AwsProvider(this, "aws", { region: "eu-central-1" });
    const caCertificatesPem = new TerraformVariable(this, "database_ca_certificates", {
      type: "string",
      description: "The certificate authorities of the PostgreSQL machines, as PEM text",
    }).stringValue;
    const server = (name: string) =>
      DatabaseServer.fromServerAttributes(this, name, {
        engine: DatabaseEngine.postgres(PostgresVersion.V17),
        host: `${name}.internal.example.com`,
        maxConnections: 500,
        tls: { enforced: true, hostnameVerifiable: true, caCertificatesPem },
      });
    const [main, ci] = [server("gitlab-main"), server("gitlab-ci")];

    const topology = new DatabaseTopology(this, "topology", {
      version: GitlabVersion.of("19.3"),
      main: main.database("gitlabhq_production", { owner: this.login("gitlab") }),
      ci: ci.database("gitlabhq_production_ci", { owner: this.login("gitlab_ci") }),
      registry: main.database("registry", { owner: this.login("registry") }),
      allowSeparateCiDatabase: true,
    });

    const config = new LinuxPackageConfig(this, "package", {
      topology,
      externalUrl: "https://gitlab.example.com",
      nodes: [
        { ...node("deploy", LinuxPackageRole.RAILS), runsMigrations: true },
        ...nodes("rails", 2, LinuxPackageRole.RAILS),
        ...nodes("main", 3, LinuxPackageRole.PATRONI, "gitlab-main"),
        ...nodes("ci", 3, LinuxPackageRole.PATRONI, "gitlab-ci"),
        ...nodes("pooler", 2, LinuxPackageRole.PGBOUNCER),
        ...nodes("consul", 3, LinuxPackageRole.CONSUL),
      ],
      clusters: [
        {
          name: "gitlab-main",
          server: main,
          replicationPassword: this.secret("main_replication_password"),
          apiLogin: this.login("patroni"),
          passwordAddresses: ["10.6.0.0/16"],
        },
        {
          name: "gitlab-ci",
          server: ci,
          replicationPassword: this.secret("ci_replication_password"),
          apiLogin: this.login("patroni"),
          passwordAddresses: ["10.6.0.0/16"],
        },
      ],
      pooler: {
        host: "pooler.internal.example.com",
        consoleLogin: this.login("pgbouncer"),
        tls: {
          certificateFile: "/etc/gitlab/ssl/pooler.crt",
          keyFile: "/etc/gitlab/ssl/pooler.key",
          caFile: "/etc/gitlab/ssl/internal-ca.crt",
        },
      },
      consul: { encryptionKey: this.secret("encryption_key"), accessControl: true },
      setupCommands: ["apt-get install --yes gitlab-ee=19.3.0-ee.0", "/usr/local/bin/fetch-gitlab-secrets"],
    });
    // Stands for your cloud's virtual machine, which takes the same user data.
    for (const name of config.nodeNames) {
      new TerraformData(this, `machine-${name}`, { input: { user_data: config.cloudInit(name) } });
    }
    this.store(config);
  }

  /** Stores each file that contains a secret in Secrets Manager. Nodes that need the same file fetch the same secret. */
  private store(config: LinuxPackageConfig): void {
    const key = new EncryptionKey(this, "key", { description: "Secrets of GitLab's machines" });
    for (const { path, content } of config.nodeNames.flatMap((name) => config.secretFiles(name))) {
      const name = path.replace("/etc/gitlab/", "");
      const id = name.replaceAll("/", "-");
      if (this.node.tryFindChild(id)) continue;
      const secret = new SecretsmanagerSecret(this, id, {
        name: `gitlab/${name}`,
        kmsKeyId: key.arn,
      });
      new SecretsmanagerSecretVersion(this, `${id}-version`, {
        secretId: secret.id,
        secretStringWo: content.writeOnly(),
        secretStringWoVersion: content.version,
        dependsOn: content.dependables,
      });
    }
  }

  /** A secret from an ephemeral variable. Increment the version when the value changes. */
  private secret(name: string): SecretValue {
    const existing = this.node.tryFindChild(name) as TerraformVariable | undefined;
    const variable = existing ?? new TerraformVariable(this, name, { type: "string" });
    return SecretValue.fromVariable(variable, 1);
  }

  private login(username: string): DatabaseLogin {
    return DatabaseLogin.withPassword(username, this.secret(`${username}_password`));
  }
}

function node(name: string, role: LinuxPackageRole, cluster?: string): LinuxPackageNode {
  return { name, role, host: `${name}.internal.example.com`, cluster };
}

function nodes(name: string, count: number, role: LinuxPackageRole, cluster?: string): LinuxPackageNode[] {
  return Array.from({ length: count }, (_, i) => node(`${name}-${i + 1}`, role, cluster));
}

const app = new App();
new GitlabOnMachines(app, "gitlab-linux-package");
app.synth();
