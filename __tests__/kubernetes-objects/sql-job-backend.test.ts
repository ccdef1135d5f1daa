import type { TerraformStack } from "cdktf";
import { DatabaseEngine, ExistingServer, MysqlVersion, PostgresVersion } from "../../lib/database";
import { SqlJobBackend, type SqlJobBackendProps } from "../../lib/kubernetes";
import {
  ComponentObjects,
  DatabaseMigration,
  type DatabaseMigrationProps,
  DatabaseObjects,
  MigrationAdapter,
  SqlPresets,
} from "../../lib/sql";
import { login } from "../support/sql-fixtures";
import { type Json, problemsOf, synthesize, treeOf } from "../support/synth";

const PEM = "-----BEGIN CERTIFICATE-----\nMIIB\n-----END CERTIFICATE-----";

interface Case {
  readonly backend?: Partial<SqlJobBackendProps>;
  readonly mysql?: boolean;
  readonly host?: string;
  readonly certifiesHost?: boolean;
  readonly everyApply?: boolean;
  readonly migration?: Partial<DatabaseMigrationProps>;
}

function make(stack: TerraformStack, options: Case): void {
  const server = new ExistingServer(stack, "server", {
    engine: options.mysql
      ? DatabaseEngine.mysql(MysqlVersion.V8_4)
      : DatabaseEngine.postgres(PostgresVersion.V17),
    host: options.host ?? "db.internal",
    tls: {
      enforced: true,
      certifiesHost: options.certifiesHost ?? true,
      caCertificatesPem: options.certifiesHost === false ? undefined : PEM,
    },
    adminLogin: login("dbadmin"),
  });
  const database = server.database("registry", { owner: login("registry") });
  const backend = new SqlJobBackend(stack, "sql", { namespace: "database-jobs", ...options.backend });
  const component = options.mysql
    ? new ComponentObjects({
        component: "wiki",
        logins: [{ login: login("wiki") }],
        databases: [{ name: "wiki", owner: "wiki" }],
      })
    : SqlPresets.gitlabRegistry(database);
  const objects = new DatabaseObjects(stack, "objects", {
    server,
    components: [component],
    backend,
    everyApply: options.everyApply,
  });
  if (options.migration) {
    new DatabaseMigration(stack, "migration", {
      adapter: MigrationAdapter.gitlabRegistry("/config/config.yml"),
      database,
      applicationVersion: "4.19.0",
      objects,
      backend,
      image: "registry.example.com/registry:4.19.0",
      mounts: [{ path: "/config", secretName: "registry-config" }],
      ...options.migration,
    });
  }
}
const build = (options: Case = {}) => synthesize((stack) => make(stack, options));
const problems = (options: Case) => problemsOf((stack) => make(stack, options)).join("\n");
const environmentOf = (container: Json) =>
  Object.fromEntries(container.env.map(({ name, value }: { name: string; value: string }) => [name, value]));

test("one namespace of its own, and a job with its secrets for each program", () => {
  expect(treeOf(build({ migration: {} }).stack).split("stand-in")[0]).toBe(
    [
      "server",
      "  Database-registry",
      "sql",
      "  Namespace",
      "    Resource",
      "objects",
      "  Secret",
      "    Resource",
      "  Ca",
      "    Resource",
      "  Resource",
      "migration",
      "  Secret",
      "    Resource",
      "  Ca",
      "    Resource",
      "  Resource",
      "",
    ].join("\n"),
  );
});

test("the job has no rights beyond what a client needs, waits for its end and stays", () => {
  const job = build().resource("kubernetes_job_v1");
  expect(job).toMatchObject({
    metadata: { name: "test-objects", namespace: "database-jobs" },
    wait_for_completion: true,
    timeouts: { create: "960s", update: "960s" },
    spec: {
      backoff_limit: 6,
      active_deadline_seconds: 900,
      template: {
        spec: {
          restart_policy: "Never",
          automount_service_account_token: false,
          security_context: { run_as_non_root: true, seccomp_profile: { type: "RuntimeDefault" } },
          container: [
            {
              image: "docker.io/library/postgres:17.6-alpine3.22",
              security_context: {
                run_as_non_root: true,
                read_only_root_filesystem: true,
                allow_privilege_escalation: false,
                capabilities: { drop: ["ALL"] },
              },
            },
          ],
        },
      },
    },
  });
  expect(job.spec.ttl_seconds_after_finished).toBeUndefined();
  expect(job.depends_on.some((d: string) => d.startsWith("kubernetes_namespace_v1.sql_Namespace"))).toBe(
    true,
  );
});

test("passwords are files of a secret; nothing ephemeral is in the job", () => {
  const { json, resource } = build();
  const job = resource("kubernetes_job_v1");
  expect(JSON.stringify(job)).not.toContain("ephemeral.");
  const secret = Object.values<Json>(json.resource.kubernetes_secret_v1).find((s) => s.data_wo);
  expect(Object.keys(secret.data_wo)).toEqual(["admin", expect.stringMatching(/^p[0-9a-f]{8}$/)]);
  const environment = environmentOf(job.spec.template.spec.container[0]);
  expect(environment).toMatchObject({
    SQL_SECRETS: "/run/secrets/database",
    SQL_CA_FILE: "/run/secrets/database-ca/ca.crt",
    SQL_FINGERPRINT: expect.stringMatching(/^[0-9a-f]{64}$/),
  });
  expect(JSON.parse(environment.SQL_DESIRED).databases).toHaveLength(1);
});

test("every apply, when that is asked for", () => {
  const of = (everyApply: boolean) =>
    environmentOf(build({ everyApply }).resource("kubernetes_job_v1").spec.template.spec.container[0])
      .SQL_RUN;
  expect(of(true)).toBe("${plantimestamp()}");
  expect(of(false)).toBeUndefined();
});

test("MySQL has its own client", () => {
  const [container] = build({ mysql: true }).resource("kubernetes_job_v1").spec.template.spec.container;
  expect(container.image).toBe("docker.io/library/mysql:8.4.6");
  expect(environmentOf(container)).toMatchObject({
    MYSQL_HOST: "db.internal",
    MYSQL_TCP_PORT: "3306",
    SQL_TLS_MODE: "verify-full",
  });
});

test("a migration asks with the client first, then runs in the component's image with its configuration", () => {
  const { json } = build({ migration: {} });
  const jobs = Object.values<Json>(json.resource.kubernetes_job_v1);
  const job = jobs.find((j) => j.metadata.name === "test-migration");
  const pod = job.spec.template.spec;
  expect(pod.init_container).toMatchObject([
    { name: "before", image: "docker.io/library/postgres:17.6-alpine3.22" },
  ]);
  expect(pod.init_container[0].args[0]).toContain("pg_is_in_recovery");
  expect(pod.container).toMatchObject([
    { image: "registry.example.com/registry:4.19.0", resources: { limits: { memory: "1024Mi" } } },
  ]);
  const volume = pod.volume.find((v: Json) => v.secret?.secret_name === "registry-config");
  expect(pod.container[0].volume_mount).toContainEqual({
    name: volume.name,
    mount_path: "/config",
    read_only: true,
  });
  // After the objects.
  expect(job.depends_on.some((d: string) => d.startsWith("kubernetes_job_v1.objects"))).toBe(true);
});

test.each<[string, Case, string]>([
  [
    "an image by its latest tag",
    { backend: { postgresImage: "postgres:latest" } },
    "allowed is an image with an exact tag or a digest",
  ],
  [
    "a component's image without a tag",
    { migration: { image: "registry" } },
    "allowed is an image with an exact tag or a digest",
  ],
  ["a namespace with a bad name", { backend: { namespace: "No" } }, "allowed are 1 to 63 lower-case letters"],
  ["too short a time", { backend: { timeoutSeconds: 1 } }, "allowed is a whole number from 60"],
  ["a folder for logs in a pod", { migration: { logFolder: "/var/log" } }, "a pod has no folder that stays"],
  [
    "a mount of nothing",
    { migration: { mounts: [{ path: "/config" }] } },
    "a mount is a Secret or a ConfigMap",
  ],
  [
    "a relative mount",
    { migration: { mounts: [{ path: "config", secretName: "x" }] } },
    "allowed is an absolute path",
  ],
  ["a server that nothing vouches for", { certifiesHost: false }, "give the server's own authorities"],
])("%s is refused", (_, options, message) => {
  expect(problems(options)).toContain(message);
});
