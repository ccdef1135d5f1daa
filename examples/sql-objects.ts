// Users, databases, schemas, extensions and grants on an existing PostgreSQL server, created with SQL by a job in the cluster because the
// server is private. Then the migration of a component runs, and again for each new version.

import { KubernetesProvider } from "@cdktf/provider-kubernetes/lib/provider";
import { App, TerraformStack, TerraformVariable } from "cdktf";
import { CoderSql } from "cdktf-devplatforms/coder";
import {
  Cloud,
  DatabaseEngine,
  DatabaseLogin,
  DatabaseServer,
  PostgresVersion,
  SecretValue,
} from "cdktf-devplatforms/database";
import { GitlabSql } from "cdktf-devplatforms/gitlab";
import { ClusterConnection, SqlJobBackend } from "cdktf-devplatforms/kubernetes";
import {
  ComponentObjects,
  DatabaseMigration,
  DatabaseObjects,
  MigrationAdapter,
  SqlGrantTarget,
  SqlPrivilege,
} from "cdktf-devplatforms/sql";
import type { Construct } from "constructs";

class ObjectsOnAServer extends TerraformStack {
  public constructor(scope: Construct, id: string) {
    super(scope, id);
    const cluster = ClusterConnection.fromKubeconfig({ path: "~/.kube/config", context: "platform" });
    new KubernetesProvider(this, "kubernetes", cluster.kubernetes);

    const server = DatabaseServer.fromServerAttributes(this, "postgres", {
      engine: DatabaseEngine.postgres(PostgresVersion.V17),
      host: "platform.abc123.eu-central-1.rds.amazonaws.com",
      tls: {
        enforced: true,
        hostnameVerifiable: true,
        caCertificatesPem: this.text("database_ca_certificates"),
      },
      location: { cloud: Cloud.AWS, region: "eu-central-1" },
      // The predefined roles of the service. RdsServer.fromServerAttributes brings them and the list of extensions.
      sqlRules: { predefinedRolePrefixes: ["rds_"], adminRole: "rds_superuser", identityRole: "rds_iam" },
      maxConnections: 500,
      adminLogin: this.login("dbadmin"),
    });
    const coder = server.database("coder", { owner: this.login("coder") });
    const registry = server.database("registry", { owner: this.login("registry") });
    const wiki = server.database("wiki", { owner: this.login("wiki") });

    // A separate namespace for the jobs: permission to start pods in it is permission to read the administrator's password.
    const backend = new SqlJobBackend(this, "sql", { namespace: "database-jobs" });
    const objects = new DatabaseObjects(this, "objects", {
      server,
      backend,
      components: [
        CoderSql.objects(coder),
        GitlabSql.registry(registry, { backupLogin: this.login("registry_backup") }),
        new ComponentObjects({
          component: "wiki",
          sources: [wiki],
          logins: [
            { login: wiki.owner, settings: [{ name: "statement_timeout", values: ["30s"] }] },
            { login: this.login("reports"), memberOf: ["wiki_readers"], connectionLimit: 5 },
          ],
          groupRoles: [{ name: "wiki_readers" }],
          databases: [
            {
              name: wiki.databaseName,
              owner: wiki.owner.username,
              users: ["reports"],
              schemas: [{ name: "app" }],
              extensions: [{ name: "pg_trgm" }],
              grants: [
                {
                  on: SqlGrantTarget.SCHEMA,
                  schema: "app",
                  grantee: "wiki_readers",
                  privileges: [SqlPrivilege.USAGE],
                },
              ],
              defaultPrivileges: [
                {
                  on: SqlGrantTarget.TABLES,
                  schema: "app",
                  grantee: "wiki_readers",
                  privileges: [SqlPrivilege.SELECT],
                },
              ],
            },
          ],
        }),
      ],
    });
    new DatabaseMigration(this, "wiki-migration", {
      adapter: MigrationAdapter.fromCommands("wiki", {
        up: ["wiki", "migrate", "up"],
        down: ["wiki", "migrate", "down"],
        status: ["wiki", "migrate", "status"],
      }),
      database: wiki,
      applicationVersion: "4.2.1",
      image: "registry.example.com/wiki:4.2.1",
      objects,
      backend,
    });
  }

  /** A Terraform variable. */
  private text(name: string): string {
    return new TerraformVariable(this, name, { type: "string" }).stringValue;
  }

  /** A login with a password from an ephemeral variable. Increment the version when it changes, so that the jobs run again. */
  private login(name: string): DatabaseLogin {
    const password = new TerraformVariable(this, `${name}_password`, {
      type: "string",
      description: `The password of ${name}`,
    });
    return DatabaseLogin.withPassword(name, SecretValue.fromVariable(password, 1));
  }
}

const app = new App();
new ObjectsOnAServer(app, "sql-objects");
app.synth();
