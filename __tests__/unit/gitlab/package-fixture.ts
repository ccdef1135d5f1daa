/** Topologies on machines of the Linux package, and on managed servers. */
import { type TerraformStack, TerraformVariable } from "cdktf";
import {
  Cloud,
  DatabaseEngine,
  DatabaseLogin,
  DatabaseServer,
  type DatabaseServerAttributes,
  type IDatabaseServer,
  PostgresVersion,
  SecretValue,
} from "../../../lib/database";
import {
  DatabaseTopology,
  type DatabaseTopologyProps,
  GitlabVersion,
  LinuxPackageConfig,
  type LinuxPackageConfigProps,
  LinuxPackageRole,
} from "../../../lib/gitlab";
import { synthesize } from "../../support/synth";

export const CA = "-----BEGIN CERTIFICATE-----\nMIIB\n-----END CERTIFICATE-----\n";

export function secret(stack: TerraformStack, id: string, version = 1): SecretValue {
  const variable =
    (stack.node.tryFindChild(id) as TerraformVariable | undefined) ??
    new TerraformVariable(stack, id, { type: "string" });
  return SecretValue.fromVariable(variable, version);
}

export function login(stack: TerraformStack, username: string): DatabaseLogin {
  return DatabaseLogin.withPassword(username, secret(stack, `password-${username}`));
}

export function server(
  stack: TerraformStack,
  id: string,
  props: Partial<DatabaseServerAttributes> = {},
): IDatabaseServer {
  return DatabaseServer.fromServerAttributes(stack, id, {
    engine: DatabaseEngine.postgres(PostgresVersion.V17),
    host: `${id}.example.com`,
    maxConnections: 500,
    tls: { enforced: true, hostnameVerifiable: true, caCertificatesPem: CA },
    ...props,
  });
}

export function topology(stack: TerraformStack, props: Omit<DatabaseTopologyProps, "version">) {
  return new DatabaseTopology(stack, "topology", { version: GitlabVersion.of("19.3"), ...props });
}

export const named = (stack: TerraformStack, on: IDatabaseServer, name: string, owner = name) =>
  on.database(name, { owner: login(stack, owner) });

/** One managed server with everything on it, and one machine. */
export function managed(
  stack: TerraformStack,
  props: Partial<LinuxPackageConfigProps> = {},
  databases: Partial<DatabaseTopologyProps> = {},
): LinuxPackageConfig {
  const postgres = server(stack, "postgres", { location: { cloud: Cloud.AWS, region: "eu-central-1" } });
  return new LinuxPackageConfig(stack, "package", {
    topology: topology(stack, {
      main: named(stack, postgres, "gitlabhq_production", "gitlab"),
      registry: named(stack, postgres, "registry"),
      ...databases,
    }),
    externalUrl: "https://gitlab.example.com",
    nodes: [{ name: "gitlab", role: LinuxPackageRole.SINGLE_NODE, host: "10.0.0.5" }],
    ...props,
  });
}

/** Two clusters in one Consul: main with the registry and Praefect, and ci by itself; poolers, and three machines of Rails. */
export function ownClusters(
  stack: TerraformStack,
  props: Partial<LinuxPackageConfigProps> = {},
): LinuxPackageConfig {
  const main = server(stack, "main");
  const ci = server(stack, "ci");
  const node = (name: string, role: LinuxPackageRole, cluster?: string) => ({
    name,
    role,
    host: `${name}.example.com`,
    cluster,
  });
  const three = (name: string, role: LinuxPackageRole, cluster?: string) =>
    [1, 2, 3].map((n) => node(`${name}-${n}`, role, cluster));
  return new LinuxPackageConfig(stack, "package", {
    topology: topology(stack, {
      main: named(stack, main, "gitlabhq_production", "gitlab"),
      ci: named(stack, ci, "gitlabhq_production_ci", "gitlab_ci"),
      registry: named(stack, main, "registry"),
      praefect: named(stack, main, "praefect"),
      allowSeparateCiDatabase: true,
    }),
    externalUrl: "https://gitlab.example.com",
    nodes: [
      { ...node("deploy", LinuxPackageRole.RAILS), runsMigrations: true },
      node("rails-1", LinuxPackageRole.RAILS),
      node("rails-2", LinuxPackageRole.RAILS),
      ...three("pg-main", LinuxPackageRole.PATRONI, "gitlab-main"),
      ...three("pg-ci", LinuxPackageRole.PATRONI, "gitlab-ci"),
      node("pooler-1", LinuxPackageRole.PGBOUNCER),
      node("pooler-2", LinuxPackageRole.PGBOUNCER),
      ...three("consul", LinuxPackageRole.CONSUL),
      node("praefect-1", LinuxPackageRole.PRAEFECT),
    ],
    clusters: [
      {
        name: "gitlab-main",
        server: main,
        replicationPassword: secret(stack, "replication-main"),
        apiLogin: login(stack, "patroni"),
        passwordAddresses: ["10.0.0.0/16"],
      },
      {
        name: "gitlab-ci",
        server: ci,
        replicationPassword: secret(stack, "replication-ci"),
        apiLogin: login(stack, "patroni"),
        passwordAddresses: ["10.0.0.0/16"],
      },
    ],
    pooler: {
      host: "pooler.example.com",
      consoleLogin: login(stack, "pgbouncer"),
      tls: { certificateFile: "/etc/gitlab/ssl/pooler.crt", keyFile: "/etc/gitlab/ssl/pooler.key" },
    },
    consul: { encryptionKey: secret(stack, "gossip"), accessControl: true },
    ...props,
  });
}

/** What `build` makes, synthesized with all validations. */
export function config(build: (stack: TerraformStack) => LinuxPackageConfig): LinuxPackageConfig {
  let made: LinuxPackageConfig | undefined;
  synthesize((stack) => {
    made = build(stack);
  });
  return made as LinuxPackageConfig;
}
