/** A real API server takes the jobs that run SQL and migrations, in their fullest form. */

import { readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { KubernetesProvider } from "@cdktf/provider-kubernetes/lib/provider";
import { type TerraformStack, TerraformVariable } from "cdktf";
import {
  DatabaseEngine,
  DatabaseLogin,
  DatabaseServer,
  MysqlVersion,
  PostgresVersion,
  SecretValue,
} from "../../../lib/database";
import { GitlabMigrations, GitlabSql } from "../../../lib/gitlab";
import { GitpodSql } from "../../../lib/gitpod";
import { SqlJobBackend } from "../../../lib/kubernetes";
import { DatabaseMigration, DatabaseObjects } from "../../../lib/sql";
import { describeWith } from "../../support/describe-with";
import { kubernetesTools } from "../../support/kubernetes/kubernetes-tools";
import { KubeApiserver } from "../../support/servers/kube-apiserver";
import type { StackJson, SynthesizedStack } from "../../support/terraform/stacks";
import { writtenStack } from "../../support/terraform/written-stack";
import { judge } from "./judge";

const PEM = "-----BEGIN CERTIFICATE-----\nMIIB\n-----END CERTIFICATE-----\n";

function build(stack: TerraformStack): void {
  new KubernetesProvider(stack, "kubernetes", {});
  const login = (name: string) =>
    DatabaseLogin.withPassword(
      name,
      SecretValue.fromVariable(new TerraformVariable(stack, `${name}_password`, { type: "string" }), 1),
    );
  const tls = { enforced: true, hostnameVerifiable: true, caCertificatesPem: PEM };
  const postgres = DatabaseServer.fromServerAttributes(stack, "postgres", {
    engine: DatabaseEngine.postgres(PostgresVersion.V17),
    host: "postgres.internal",
    tls,
    adminLogin: login("dbadmin"),
  });
  const mysql = DatabaseServer.fromServerAttributes(stack, "mysql", {
    engine: DatabaseEngine.mysql(MysqlVersion.V8_4),
    host: "mysql.internal",
    tls,
    adminLogin: login("mysqladmin"),
  });
  const backend = new SqlJobBackend(stack, "sql", {
    namespace: "database-jobs",
    labels: { team: "platform" },
  });
  const registry = postgres.database("registry", { owner: login("registry") });
  const objects = new DatabaseObjects(stack, "objects", {
    server: postgres,
    components: [GitlabSql.registry(registry, { backupLogin: login("backup") })],
    backend,
  });
  new DatabaseObjects(stack, "mysql-objects", {
    server: mysql,
    components: [GitpodSql.objects(mysql.database("gitpod", { owner: login("gitpod") }))],
    backend,
    everyApply: true,
  });
  new DatabaseMigration(stack, "migration", {
    adapter: GitlabMigrations.registry("/config/config.yml"),
    database: registry,
    applicationVersion: "4.19.0",
    objects,
    backend,
    image: "registry.example.com/registry:4.19.0",
    mounts: [
      { path: "/config", secretName: "registry-config" },
      { path: "/more", configMapName: "registry-more" },
    ],
  });
}

describeWith("SQL jobs on a real API server", kubernetesTools, (tools) => {
  let api: KubeApiserver;
  beforeAll(async () => {
    api = await KubeApiserver.start(tools.kubernetes);
  });
  afterAll(() => api?.stop());

  test("every object is taken", async () => {
    const folder = writtenStack(build);
    const file = join(folder, "cdk.tf.json");
    const json = JSON.parse(readFileSync(file, "utf8")) as StackJson;
    for (const variable of Object.values(json.variable ?? {}))
      Object.assign(variable, { default: "made up" });
    writeFileSync(file, JSON.stringify(json));
    const stack: SynthesizedStack = { name: "sql-jobs", folder, json };
    const { taken, refused } = await judge(api, tools.terraform, stack);
    expect(refused).toEqual([]);
    expect(taken.filter((t) => t.startsWith("kubernetes_job_v1"))).toHaveLength(3);
  });
});
