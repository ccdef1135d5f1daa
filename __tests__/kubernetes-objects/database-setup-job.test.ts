import { TerraformVariable } from "cdktf";
import {
  DatabaseEngine,
  DatabaseLogin,
  ExistingServer,
  type ExistingServerProps,
  LoginAuthentication,
  MysqlVersion,
  PostgresVersion,
  SecretValue,
} from "../../lib/database";
import { DatabaseSetupJob, type DatabaseSetupJobProps } from "../../lib/kubernetes";
import { type Json, problemsOf, synthesize, treeOf } from "../support/synth";
import { NullProviderStandIn } from "./fixtures";

const PEM = "-----BEGIN CERTIFICATE-----\nMIIB\n-----END CERTIFICATE-----";
const secret = (name: string, version = 1) =>
  SecretValue.fromEphemeral(`\${ephemeral.random_password.${name}.result}`, { version });

interface Case {
  readonly server?: Partial<ExistingServerProps>;
  readonly job?: Partial<DatabaseSetupJobProps>;
  readonly identity?: boolean;
  readonly ownerVersion?: number;
}

function make(stack: Parameters<Parameters<typeof synthesize>[0]>[0], { server, job, ...rest }: Case): void {
  const existing = new ExistingServer(stack, "server", {
    engine: DatabaseEngine.postgres(PostgresVersion.V17),
    host: "db.internal",
    tls: { enforced: true, certifiesHost: true, caCertificatesPem: PEM },
    adminLogin: DatabaseLogin.withPassword("dbadmin", secret("admin")),
    ...server,
  });
  const database = existing.database(
    "coder_main",
    rest.identity
      ? { ownerName: "coder", ownerAuthentication: LoginAuthentication.CLOUD_IDENTITY }
      : { owner: DatabaseLogin.withPassword("coder", secret("owner", rest.ownerVersion)) },
  );
  new DatabaseSetupJob(stack, "setup", { database, namespace: "coder-database-setup", ...job });
}

const build = (options: Case = {}) => synthesize((stack) => make(stack, options));
const problems = (options: Case) => problemsOf((stack) => make(stack, options));
const podOf = (json: Json) => json.spec.template.spec;
const environmentOf = (json: Json) =>
  Object.fromEntries(
    podOf(json).container[0].env.map(({ name, value }: { name: string; value: string }) => [name, value]),
  );

test("runs to its end within a time, and stays, so that Terraform does not make it again", () => {
  const job = build().resource("kubernetes_job_v1");
  expect(job).toMatchObject({
    metadata: { name: "setup-coder-main", namespace: "coder-database-setup" },
    wait_for_completion: true,
    timeouts: { create: "960s", update: "960s" },
    spec: { backoff_limit: 6, active_deadline_seconds: 900 },
  });
  expect(job.spec.ttl_seconds_after_finished).toBeUndefined();
});

test("the pod has no rights beyond what psql needs", () => {
  const pod = podOf(build().resource("kubernetes_job_v1"));
  expect(pod).toMatchObject({
    restart_policy: "Never",
    automount_service_account_token: false,
    enable_service_links: false,
    security_context: {
      run_as_non_root: true,
      run_as_user: "65532",
      fs_group: "65532",
      seccomp_profile: { type: "RuntimeDefault" },
    },
  });
  expect(pod.container).toHaveLength(1);
  expect(pod.container[0]).toMatchObject({
    security_context: {
      run_as_non_root: true,
      read_only_root_filesystem: true,
      allow_privilege_escalation: false,
      capabilities: { drop: ["ALL"] },
      seccomp_profile: { type: "RuntimeDefault" },
    },
    resources: { requests: { cpu: "50m", memory: "64Mi" }, limits: { cpu: "500m", memory: "128Mi" } },
  });
  expect(pod.container[0].image).toMatch(/^docker\.io\/library\/postgres:\d+\.\d+-/);
});

test("passwords are files in a secret of the job's own, readable to its group only", () => {
  const { resource, resources } = build();
  const pod = podOf(resource("kubernetes_job_v1"));
  expect(pod.volume).toEqual([
    { name: "secrets", secret: { secret_name: "setup-coder-main", default_mode: "0440" } },
    { name: "ca", secret: { secret_name: "setup-coder-main-ca", default_mode: "0444" } },
    { name: "tmp", empty_dir: { medium: "Memory", size_limit: "1Mi" } },
  ]);
  expect(pod.container[0].volume_mount).toEqual([
    { name: "secrets", mount_path: "/run/secrets/database-setup", read_only: true },
    { name: "ca", mount_path: "/run/secrets/database-ca", read_only: true },
    { name: "tmp", mount_path: "/tmp" },
  ]);
  expect(resources("kubernetes_secret_v1").find((each: Json) => each.data_wo)).toMatchObject({
    metadata: { name: "setup-coder-main", namespace: "coder-database-setup" },
    data_wo: {
      "admin-password": "${trimspace(ephemeral.random_password.admin.result)}",
      "owner-password": "${trimspace(ephemeral.random_password.owner.result)}",
    },
  });
  expect(JSON.stringify(resource("kubernetes_job_v1"))).not.toContain("ephemeral.");
});

test("the namespace is the job's own, with the strictest standard, and may go with it", () => {
  const namespace = build().resource("kubernetes_namespace_v1");
  expect(namespace.metadata).toEqual({
    name: "coder-database-setup",
    labels: { "pod-security.kubernetes.io/enforce": "restricted" },
  });
  expect(namespace.lifecycle).toBeUndefined();
  expect(build({ job: { createNamespace: false } }).resources("kubernetes_namespace_v1")).toEqual([]);
});

test("connects as the administrator, and checks the server", () => {
  expect(environmentOf(build().resource("kubernetes_job_v1"))).toEqual({
    PGHOST: "db.internal",
    PGPORT: "5432",
    PGUSER: "dbadmin",
    PGDATABASE: "postgres",
    PGSSLMODE: "verify-full",
    PGSSLROOTCERT: "/run/secrets/database-ca/ca.crt",
    SETUP_DATABASE: "coder_main",
    SETUP_OWNER: "coder",
    SETUP_AUTHENTICATION: "password",
    SETUP_ADMIN_PASSWORD_FILE: "/run/secrets/database-setup/admin-password",
    SETUP_OWNER_PASSWORD_FILE: "/run/secrets/database-setup/owner-password",
    HOME: "/tmp",
    SETUP_FINGERPRINT: expect.stringMatching(/^[0-9a-f]{64}$/),
  });
});

test("without a bundle psql takes the public authorities of its image", () => {
  const { resource, resources } = build({ server: { tls: { enforced: true, certifiesHost: true } } });
  expect(environmentOf(resource("kubernetes_job_v1"))).toMatchObject({
    PGSSLMODE: "verify-full",
    PGSSLROOTCERT: "system",
  });
  expect(resources("kubernetes_secret_v1")).toHaveLength(1);
});

test("an owner with an identity has no password file", () => {
  const { resource, resources } = build({ identity: true, server: { acceptsCloudIdentity: true } });
  expect(environmentOf(resource("kubernetes_job_v1"))).toMatchObject({
    SETUP_OWNER: "coder",
    SETUP_AUTHENTICATION: "cloud-identity",
  });
  const [secrets] = resources("kubernetes_secret_v1").filter((each: Json) => each.data_wo);
  expect(Object.keys(secrets.data_wo)).toEqual(["admin-password"]);
});

test("runs again when a password changes: a changed environment replaces a job", () => {
  const fingerprint = (options: Case) =>
    environmentOf(build(options).resource("kubernetes_job_v1")).SETUP_FINGERPRINT;
  expect(fingerprint({ ownerVersion: 2 })).not.toBe(fingerprint({}));
  expect(fingerprint({})).toBe(fingerprint({}));
});

test("its script reaches the shell as it is", () => {
  const { args, command } = podOf(build().resource("kubernetes_job_v1")).container[0];
  expect(command).toEqual(["sh", "-c"]);
  // A template would be evaluated by Terraform.
  expect(args[0]).not.toMatch(/(^|[^$])\$\{|(^|[^%])%\{/);
  expect(args[0]).toContain('GRANT rds_iam TO :"owner"');
});

test("comes after the server, the secrets and what the caller says", () => {
  const { resource } = synthesize((stack) => {
    const before = new NullProviderStandIn(stack, "before");
    make(stack, {
      server: { dependsOn: [new NullProviderStandIn(stack, "vpn")] },
      job: { dependsOn: [before] },
    });
  });
  expect(resource("kubernetes_job_v1").depends_on).toEqual(
    expect.arrayContaining([
      "stand_in.vpn",
      "stand_in.before",
      expect.stringMatching(/^kubernetes_namespace_v1\./),
      expect.stringMatching(/^kubernetes_secret_v1\.setup_Secret/),
      expect.stringMatching(/^kubernetes_secret_v1\.setup_Ca/),
    ]),
  );
});

test("takes a server that only Terraform knows", () => {
  const { resource } = synthesize((stack) => {
    const host = new TerraformVariable(stack, "host", {}).stringValue;
    const port = new TerraformVariable(stack, "port", { type: "number" }).numberValue;
    make(stack, { server: { host, port } });
  });
  expect(environmentOf(resource("kubernetes_job_v1"))).toMatchObject({
    PGHOST: "${var.host}",
    PGPORT: "${var.port}",
  });
});

test.each<[string, Case, string]>([
  [
    "MySQL",
    { server: { engine: DatabaseEngine.mysql(MysqlVersion.V8_4) } },
    'database.server.engine is "MySQL 8.4": the job speaks to PostgreSQL only',
  ],
  ["no administrator", { server: { adminLogin: undefined } }, "takes the server's administrator"],
  [
    "an administrator without a password",
    { server: { adminLogin: DatabaseLogin.withCloudIdentity("dbadmin") } },
    "takes the server's administrator, with a password",
  ],
  ["an identity that the server does not take", { identity: true }, "the server takes no cloud identity"],
  [
    "a private authority that nobody gave",
    { server: { tls: { enforced: true, certifiesHost: false } } },
    "give the server's own authorities",
  ],
  ["latest", { job: { image: "postgres:latest" } }, "an exact tag or a digest, not latest"],
  ["no tag", { job: { image: "postgres" } }, "an exact tag or a digest"],
  ["a port that looks like a tag", { job: { image: "registry.example.com:5000/postgres" } }, "an exact tag"],
  ["a short time", { job: { timeoutSeconds: 59 } }, "allowed is a whole number from 60"],
  ["a wrong job name", { job: { jobName: "Setup" } }, "jobName is"],
])("%s is refused", (_, options, message) => {
  expect(problems(options).join("\n")).toContain(message);
  expect(problems(options).join("\n")).toContain("[setup");
});

test.each([
  "postgres:17.6",
  "docker.io/library/postgres:17.6-alpine3.22",
  "registry.example.com:5000/team/postgres:17.6",
  `postgres@sha256:${"0".repeat(64)}`,
  `postgres:17.6@sha256:${"0".repeat(64)}`,
])("%s is an exact image", (image) => {
  expect(problems({ job: { image } })).toEqual([]);
});

test("its tree", () => {
  expect(treeOf(build().stack)).toContain(
    "setup\n  Namespace\n    Resource\n  Secret\n    Resource\n  Ca\n    Resource\n  Resource\n",
  );
});
