/** The back end on the provider cyrilgdn/postgresql, before Terraform with that provider's true schema. */

import { type TerraformStack, TerraformVariable } from "cdktf";
import {
  DatabaseEngine,
  DatabaseLogin,
  DatabaseServer,
  PostgresVersion,
  SecretValue,
} from "../../../lib/database";
import { GitlabSql } from "../../../lib/gitlab";
import {
  ComponentObjects,
  type ComponentObjectsProps,
  DatabaseObjects,
  PostgresProviderBackend,
  PostgresqlProvider,
} from "../../../lib/sql";
import { describeWith } from "../../support/describe-with";
import "../../support/patience";
import { terraformWithMirror } from "../../../tools/machine/terraform";
import { login, mysqlServer, postgresServer } from "../../support/sql/sql-fixtures";
import { problemsOf, synthesize } from "../../support/synth";
import { StackCopy } from "../../support/terraform/stack-copy";
import { writtenStack } from "../../support/terraform/written-stack";

function build(stack: TerraformStack): void {
  const secret = (name: string) =>
    DatabaseLogin.withPassword(
      name,
      SecretValue.fromVariable(new TerraformVariable(stack, `${name}_password`, { type: "string" }), 1),
    );
  const server = DatabaseServer.fromServerAttributes(stack, "server", {
    engine: DatabaseEngine.postgres(PostgresVersion.V17),
    host: "localhost",
    adminLogin: secret("dbadmin"),
  });
  const provider = new PostgresqlProvider(stack, "postgresql", { server });
  const main = server.database("main", { owner: secret("gitlab") });
  const registry = server.database("registry", { owner: secret("registry") });
  new DatabaseObjects(stack, "objects", {
    server,
    components: [GitlabSql.rails({ main }), GitlabSql.registry(registry, { backupLogin: secret("backup") })],
    backend: new PostgresProviderBackend({ provider }),
  });
}

const variables = {
  dbadmin_password: "a",
  gitlab_password: "b",
  registry_password: "c",
  backup_password: "d",
};

describeWith("objects by the PostgreSQL provider", terraformWithMirror, (tools) => {
  test("Terraform takes them, and keeps no password", () => {
    const copy = new StackCopy(tools, writtenStack(build), { variables });
    try {
      copy.init();
      expect(copy.validate().diagnostics).toEqual([]);
      const plan = copy.plan();
      const types = (plan.resource_changes ?? []).map((c) => c.type).sort();
      expect(new Set(types)).toEqual(
        new Set([
          "postgresql_database",
          "postgresql_default_privileges",
          "postgresql_extension",
          "postgresql_grant",
          "postgresql_role",
          "postgresql_schema",
        ]),
      );
      expect(types.filter((t) => t === "postgresql_role")).toHaveLength(5);
    } finally {
      copy.remove();
    }
  });
});

test("one resource waits for the other, databases stay, and everybody is shut out last", () => {
  const { json } = synthesize(build);
  const all = Object.entries(json.resource).flatMap(([type, byName]) =>
    Object.entries(byName as object).map(([name, resource]) => ({ address: `${type}.${name}`, resource })),
  );
  // Each but the first depends on exactly one other, and no two on the same: a chain.
  const waits = all.flatMap(({ resource }) => resource.depends_on ?? []);
  expect(waits).toHaveLength(all.length - 1);
  expect(new Set(waits).size).toBe(waits.length);
  for (const { address, resource } of all) {
    expect([address, resource.lifecycle?.prevent_destroy]).toEqual([
      address,
      address.startsWith("postgresql_database") ? true : undefined,
    ]);
  }
  const end = all.find(({ address }) => !waits.includes(address));
  expect(end?.resource).toMatchObject({ role: "public", object_type: "database", privileges: [] });
  expect(JSON.stringify(json)).toContain('"lc_collate":"DEFAULT"');
  expect(json.provider.postgresql[0]).toMatchObject({
    superuser: false,
    password: "${var.dbadmin_password}",
  });
});

test.each<[string, Partial<ComponentObjectsProps>, string]>([
  [
    "a setting",
    { logins: [{ login: login("c"), settings: [{ name: "work_mem", values: ["1MB"] }] }] },
    "must be search_path only: the provider has no other settings of a role",
  ],
  [
    "a database's setting",
    { databases: [{ name: "c", owner: "c", settings: [{ name: "work_mem", values: ["1MB"] }] }] },
    "must be empty: the provider does not support them",
  ],
  [
    "a query",
    {
      databases: [
        { name: "c", owner: "c", queries: [{ name: "q", sql: "SELECT 1", unless: "SELECT true" }] },
      ],
    },
    "must be empty: the provider does not support them",
  ],
  [
    "a name that only Terraform knows",
    { logins: [{ login: login("${var.name}"), id: "c" }], databases: [] },
    "must be known at synth",
  ],
])("%s is refused", (_, props, message) => {
  const found = problemsOf((stack) => {
    const server = postgresServer(stack);
    const component = new ComponentObjects({
      component: "c",
      logins: [{ login: login("c") }],
      databases: [],
      ...props,
    });
    new DatabaseObjects(stack, "objects", {
      server,
      components: [component],
      backend: new PostgresProviderBackend(),
    });
  });
  expect(found.join()).toContain(message);
});

test("MySQL and dry runs are refused", () => {
  const component = new ComponentObjects({ component: "c", logins: [{ login: login("c") }], databases: [] });
  const backend = new PostgresProviderBackend();
  const found = problemsOf((stack) => {
    new DatabaseObjects(stack, "mysql-objects", {
      server: mysqlServer(stack),
      components: [component],
      backend,
    });
    new DatabaseObjects(stack, "objects", {
      server: postgresServer(stack),
      components: [component],
      backend,
      dryRun: true,
    });
  }).join();
  expect(found).toContain("PostgresProviderBackend creates PostgreSQL objects only");
  expect(found).toContain("Terraform's plan shows the changes");
});
