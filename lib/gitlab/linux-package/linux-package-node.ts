// Machines with the Linux package and their roles.

/**
 * Role of a machine with GitLab's Linux package.
 *
 * @see https://docs.gitlab.com/omnibus/roles/
 */
export enum LinuxPackageRole {
  /** All of GitLab without the databases: Puma, Sidekiq, Gitaly, Redis, NGINX, registry. */
  SINGLE_NODE = "single-node",
  /** Rails: Puma, Sidekiq, Workhorse, NGINX, registry (`application_role`). */
  RAILS = "rails",
  /** Sidekiq only, with the databases of Rails (`sidekiq_role`). Never runs migrations. */
  SIDEKIQ = "sidekiq",
  /** Member of a PostgreSQL cluster managed by Patroni (`patroni_role`). */
  PATRONI = "patroni",
  /** Single PostgreSQL server (`postgres_role`): no failover, no Consul. */
  POSTGRES = "postgres",
  /** PgBouncer, with a Consul agent if clusters are watched (`pgbouncer_role`). */
  PGBOUNCER = "pgbouncer",
  /** Consul server (`consul_role`). */
  CONSUL = "consul",
  /** Praefect only. */
  PRAEFECT = "praefect",
}

/** A machine with the Linux package. */
export interface LinuxPackageNode {
  /** Name of the machine in this configuration: letters, digits and hyphens; known at synth. */
  readonly name: string;
  /** Role of the machine. */
  readonly role: LinuxPackageRole;
  /** DNS name or address by which the other machines connect to it; may be a token. */
  readonly host: string;
  /** Name of the cluster; for `PATRONI` and `POSTGRES` only. @default - none */
  readonly cluster?: string;
  /**
   * Runs database migrations on this machine: exactly one machine with Rails and exactly one with Praefect. Such a machine
   * connects past poolers. @default - true if it is the only one of its role
   */
  readonly runsMigrations?: boolean;
  /**
   * Additional settings of gitlab.rb, such as `puma.worker_processes` or `registry_external_url`, with a text, number, boolean,
   * list or map. Keys that the package does not know and those that the construct sets are refused. For secrets: `rubyFile(path)`.
   * @default - none
   */
  readonly extra?: { readonly [setting: string]: unknown };
}

/** Files with a certificate and its key that exist on the machines. Set both or neither. */
export interface LinuxPackageTlsFiles {
  /** Absolute path of the certificate. @default - none; required with `keyFile` */
  readonly certificateFile?: string;
  /** Absolute path of the private key. @default - none; required with `certificateFile` */
  readonly keyFile?: string;
  /** Absolute path of the certificate authorities. @default - the public authorities of the package */
  readonly caFile?: string;
}
