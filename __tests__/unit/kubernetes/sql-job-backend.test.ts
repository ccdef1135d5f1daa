import { type TerraformStack, TerraformVariable } from "cdktf";
import { Construct } from "constructs";
import {
  Cloud,
  DatabaseEngine,
  DatabaseLogin,
  DatabaseServer,
  type DatabaseServerAttributes,
  type IDatabaseServer,
  MysqlVersion,
  PostgresVersion,
  SecretValue,
} from "../../../lib/database";
import { GitlabMigrations, GitlabSql } from "../../../lib/gitlab";
import { SqlJobBackend, type SqlJobBackendProps } from "../../../lib/kubernetes";
import {
  ComponentObjects,
  DatabaseMigration,
  type DatabaseMigrationProps,
  DatabaseObjects,
} from "../../../lib/sql";
import { login, secret } from "../../support/sql/sql-fixtures";
import { type Json, problemsOf, synthesize, treeOf } from "../../support/synth";
import { NullProviderStandIn } from "./fixtures";

const PEM = "-----BEGIN CERTIFICATE-----\nMIIB\n-----END CERTIFICATE-----";

interface Case {
  readonly backend?: Partial<SqlJobBackendProps>;
  readonly mysql?: boolean;
  readonly host?: string;
  readonly hostnameVerifiable?: boolean;
  readonly everyApply?: boolean;
  readonly migration?: Partial<DatabaseMigrationProps>;
  readonly server?: Partial<DatabaseServerAttributes>;
  readonly owner?: DatabaseLogin;
}

function make(stack: TerraformStack, options: Case): void {
  const server = DatabaseServer.fromServerAttributes(stack, "server", {
    engine: options.mysql
      ? DatabaseEngine.mysql(MysqlVersion.V8_4)
      : DatabaseEngine.postgres(PostgresVersion.V17),
    host: options.host ?? "db.internal",
    tls: {
      enforced: true,
      hostnameVerifiable: options.hostnameVerifiable ?? true,
      caCertificatesPem: options.hostnameVerifiable === false ? undefined : PEM,
    },
    adminLogin: login("dbadmin"),
    ...options.server,
  });
  const database = server.database("registry", { owner: options.owner ?? login("registry") });
  const backend = new SqlJobBackend(stack, "sql", { namespace: "database-jobs", ...options.backend });
  const component = options.mysql
    ? new ComponentObjects({
        component: "wiki",
        logins: [{ login: login("wiki") }],
        databases: [{ name: "wiki", owner: "wiki" }],
      })
    : GitlabSql.registry(database);
  const objects = new DatabaseObjects(stack, "objects", {
    server,
    components: [component],
    backend,
    everyApply: options.everyApply,
  });
  if (options.migration) {
    new DatabaseMigration(stack, "migration", {
      adapter: GitlabMigrations.registry("/config/config.yml"),
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

test("creates a separate namespace, and a Job with Secrets for each program", () => {
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

test("the Job runs as non-root without capabilities, Terraform waits for it, and it is kept", () => {
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
          enable_service_links: false,
          security_context: {
            run_as_non_root: true,
            run_as_user: "65532",
            fs_group: "65532",
            seccomp_profile: { type: "RuntimeDefault" },
          },
          container: [
            {
              image: "docker.io/library/postgres:17.11-alpine3.24",
              resources: {
                requests: { cpu: "50m", memory: "64Mi" },
                limits: { cpu: "500m", memory: "128Mi" },
              },
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

test("passwords are files of a Secret; the Job has no ephemeral values", () => {
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

test("Secrets are readable by the pod's group only, and only /tmp is writable", () => {
  const pod = build().resource("kubernetes_job_v1").spec.template.spec;
  expect(pod.volume).toEqual([
    { name: "secrets", secret: { secret_name: "test-objects", default_mode: "0440" } },
    { name: "ca", secret: { secret_name: "test-objects-ca", default_mode: "0444" } },
    { name: "tmp", empty_dir: { medium: "Memory", size_limit: "16Mi" } },
  ]);
  expect(pod.container[0].volume_mount).toEqual([
    { name: "secrets", mount_path: "/run/secrets/database", read_only: true },
    { name: "ca", mount_path: "/run/secrets/database-ca", read_only: true },
    { name: "tmp", mount_path: "/tmp" },
  ]);
});

test("the namespace enforces the restricted standard and can be destroyed", () => {
  const namespace = build().resource("kubernetes_namespace_v1");
  expect(namespace.metadata).toEqual({
    name: "database-jobs",
    labels: { "pod-security.kubernetes.io/enforce": "restricted" },
  });
  expect(namespace.lifecycle).not.toHaveProperty("prevent_destroy");
  expect(build({ backend: { createNamespace: false } }).resources("kubernetes_namespace_v1")).toEqual([]);
});

const containerOf = (options: Case = {}) =>
  build(options).resource("kubernetes_job_v1").spec.template.spec.container[0];

test("connects as the administrator and verifies the server certificate", () => {
  expect(environmentOf(containerOf())).toMatchObject({
    PGHOST: "db.internal",
    PGPORT: "5432",
    PGUSER: "dbadmin",
    PGSSLMODE: "verify-full",
    SQL_MAINTENANCE_DATABASE: "postgres",
    HOME: "/tmp",
  });
});

test("without CA certificates the client uses its image's", () => {
  const made = build({ server: { tls: { enforced: true, hostnameVerifiable: true } } });
  const container = made.resource("kubernetes_job_v1").spec.template.spec.container[0];
  expect(environmentOf(container)).toMatchObject({ PGSSLMODE: "verify-full", SQL_CA: "", SQL_CA_FILE: "" });
  expect(container.args[0]).toContain("/etc/ssl/certs/ca-certificates.crt");
  expect(made.resources("kubernetes_secret_v1")).toHaveLength(1);
});

test("an owner with a cloud identity has no password file", () => {
  const { resources } = build({
    owner: DatabaseLogin.withCloudIdentity("registry"),
    server: { location: { cloud: Cloud.AWS }, acceptsCloudIdentity: true },
  });
  const [secrets] = resources("kubernetes_secret_v1").filter((each: Json) => each.data_wo);
  expect(Object.keys(secrets.data_wo)).toEqual(["admin"]);
});

test("runs again when a password changes: a changed environment replaces the Job", () => {
  const fingerprint = (version: number) =>
    environmentOf(containerOf({ owner: DatabaseLogin.withPassword("registry", secret("owner", version)) }))
      .SQL_FINGERPRINT;
  expect(fingerprint(2)).not.toBe(fingerprint(1));
  expect(fingerprint(1)).toBe(fingerprint(1));
});

describe("a password that something else rotates, such as RDS every seven days", () => {
  const written = (options: Case, rotatedExternally = true) => {
    const password = SecretValue.fromEphemeral("${ephemeral.a.b.c}", { version: 1, rotatedExternally });
    const server = { adminLogin: DatabaseLogin.withPassword("dbadmin", password) };
    const { resources } = build({ ...options, server });
    return resources("kubernetes_secret_v1").map(({ data_wo_revision }) => data_wo_revision);
  };

  test("is written again with each new Job, which would log in with an outdated copy otherwise", () => {
    const changes: Case[] = [
      { owner: login("others") },
      { backend: { postgresImage: "postgres:17.6" } },
      { everyApply: true },
    ];
    for (const change of changes) expect(written(change)).not.toEqual(written({}));
    expect(written({})).toEqual(written({}));
  });

  test("no other password is written without need", () => {
    const image = { backend: { postgresImage: "postgres:17.6" } };
    expect(written(image, false)).toEqual(written({}, false));
  });
});

test("the script reaches the shell unchanged", () => {
  const { args, command } = containerOf();
  expect(command).toEqual(["sh", "-c"]);
  // A template would be evaluated by Terraform.
  expect(args[0]).not.toMatch(/(^|[^$])\$\{|(^|[^%])%\{/);
});

test("depends on the server, the Secrets and dependsOn", () => {
  const { resource } = synthesize((stack) => {
    make(stack, {
      server: { dependsOn: [new NullProviderStandIn(stack, "vpn")] },
      backend: { dependsOn: [new NullProviderStandIn(stack, "before")] },
    });
  });
  expect(resource("kubernetes_job_v1").depends_on).toEqual(
    expect.arrayContaining([
      "stand_in.vpn",
      "stand_in.before",
      expect.stringMatching(/^kubernetes_namespace_v1\./),
      expect.stringMatching(/^kubernetes_secret_v1\.objects_Secret/),
      expect.stringMatching(/^kubernetes_secret_v1\.objects_Ca/),
    ]),
  );
});

test("accepts a server that is known only at apply", () => {
  const { resource } = synthesize((stack) => {
    const host = new TerraformVariable(stack, "host", {}).stringValue;
    const port = new TerraformVariable(stack, "port", { type: "number" }).numberValue;
    make(stack, { server: { host, port } });
  });
  expect(environmentOf(resource("kubernetes_job_v1").spec.template.spec.container[0])).toMatchObject({
    PGHOST: "${var.host}",
    PGPORT: "${tostring(var.port)}",
  });
});

test.each([
  "postgres:17.6",
  "docker.io/library/postgres:17.11-alpine3.24",
  "registry.example.com:5000/team/postgres:17.6",
  `postgres@sha256:${"0".repeat(64)}`,
  `postgres:17.6@sha256:${"0".repeat(64)}`,
])("%s is an exact image", (postgresImage) => {
  expect(problems({ backend: { postgresImage } })).toBe("");
});

test("runs in every apply with everyApply", () => {
  const of = (everyApply: boolean) =>
    environmentOf(build({ everyApply }).resource("kubernetes_job_v1").spec.template.spec.container[0])
      .SQL_RUN;
  expect(of(true)).toBe("${plantimestamp()}");
  expect(of(false)).toBeUndefined();
});

test("uses the MySQL client image for MySQL", () => {
  const [container] = build({ mysql: true }).resource("kubernetes_job_v1").spec.template.spec.container;
  expect(container.image).toBe("docker.io/library/mysql:8.4.11");
  expect(environmentOf(container)).toMatchObject({
    MYSQL_HOST: "db.internal",
    MYSQL_TCP_PORT: "3306",
    SQL_TLS_MODE: "verify-full",
  });
});

test("a migration runs the guard in the client image, then the command in the component's image", () => {
  const { json } = build({ migration: {} });
  const jobs = Object.values<Json>(json.resource.kubernetes_job_v1);
  const job = jobs.find((j) => j.metadata.name === "test-migration");
  const pod = job.spec.template.spec;
  expect(pod.init_container).toMatchObject([
    { name: "before", image: "docker.io/library/postgres:17.11-alpine3.24" },
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
    'SQL-POSTGRES-IMAGE: postgresImage must be an image with an exact tag or digest, not latest (got "postgres:latest")',
  ],
  [
    "an image without a tag",
    { backend: { postgresImage: "postgres" } },
    'SQL-POSTGRES-IMAGE: postgresImage must be an image with an exact tag or digest, not latest (got "postgres")',
  ],
  [
    "an image whose registry's port looks like a tag",
    { backend: { postgresImage: "registry.example.com:5000/postgres" } },
    "an exact tag",
  ],
  [
    "no administrator",
    { server: { adminLogin: undefined } },
    "SQL-SERVER-ADMIN-LOGIN: server.adminLogin must be set, with a password, to create objects in SQL (got not set)",
  ],
  [
    "an administrator without a password",
    { server: { adminLogin: DatabaseLogin.withCloudIdentity("dbadmin") } },
    "SQL-SERVER-ADMIN-LOGIN: server.adminLogin must be set, with a password, to create objects in SQL (got not set)",
  ],
  [
    "an identity that the server does not take",
    { owner: DatabaseLogin.withCloudIdentity("registry") },
    "server accepts no cloud identities",
  ],
  [
    "a component's image without a tag",
    { migration: { image: "registry" } },
    'SQL-IMAGE: image must be an image with an exact tag or digest, not latest (got "registry")',
  ],
  [
    "a namespace with a bad name",
    { backend: { namespace: "No" } },
    'SQL-NAMESPACE: namespace must be 1 to 63 lower-case letters, digits and hyphens, with no hyphen first or last (got "No")',
  ],
  ["too short a time", { backend: { timeoutSeconds: 1 } }, "must be a whole number from 60"],
  [
    "a folder for logs in a pod",
    { migration: { logFolder: "/var/log" } },
    'SQL-LOG-FOLDER: logFolder must not be set with a SqlJobBackend: a pod has no persistent folder (got "/var/log"); its log has the output',
  ],
  [
    "a mount of nothing",
    { migration: { mounts: [{ path: "/config" }] } },
    'SQL-MOUNTS: mounts must have either secretName or configMapName (got {"path":"/config"})',
  ],
  [
    "a relative mount",
    { migration: { mounts: [{ path: "config", secretName: "x" }] } },
    'SQL-MOUNTS-PATH: mounts.path must be an absolute path (got "config")',
  ],
  [
    "a server that nothing vouches for",
    { hostnameVerifiable: false },
    "SQL-SERVER-TLS-CA-CERTIFICATES-PEM: server.tls.caCertificatesPem must be set unless the server's certificate names its host",
  ],
])("%s is refused", (_, options, message) => {
  expect(problems(options)).toContain(message);
});

test("a program that mounts CA certificates gets none of the server", () => {
  const { resources } = synthesize((stack) => {
    const server = (id: string, caCertificatesPem?: string) =>
      DatabaseServer.fromServerAttributes(stack, id, {
        engine: DatabaseEngine.mysql(MysqlVersion.V8_4),
        host: "db.internal",
        tls: { enforced: true, hostnameVerifiable: false, caCertificatesPem },
      });
    const backend = new SqlJobBackend(stack, "sql", { namespace: "jobs", createNamespace: false });
    const program = (of: IDatabaseServer) => ({
      name: "look",
      server: of,
      script: "true",
      environment: {},
      secrets: [],
      mountsCaCertificates: true,
      everyApply: false,
      dependsOn: [],
    });
    for (const one of [server("with", PEM), server("without")]) {
      backend.run(new Construct(stack, `look-${one.node.id}`), program(one));
    }
  });
  expect(resources("kubernetes_secret_v1")).toEqual([]);
  const jobs = resources("kubernetes_job_v1");
  expect(jobs).toHaveLength(2);
  expect(JSON.stringify(jobs)).not.toContain("CERTIFICATE");
});
