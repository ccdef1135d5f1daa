import type { DatabaseLogin, IDatabaseServer, SecretValue } from "../../database";
import type { DatabaseTopology } from "../topology/database-topology";

/** What a machine with GitLab's Linux package does. */
export enum LinuxPackageRole {
  /** Everything of GitLab but the databases: Puma, Sidekiq, Gitaly, Redis, NGINX, the registry. */
  SINGLE_NODE = "single-node",
  /** Rails: Puma, Sidekiq, Workhorse, NGINX, the registry (`application_role`). */
  RAILS = "rails",
  /** Sidekiq alone, with the databases of Rails (`sidekiq_role`). It never migrates. */
  SIDEKIQ = "sidekiq",
  /** One member of a PostgreSQL cluster that Patroni runs (`patroni_role`). */
  PATRONI = "patroni",
  /** The only PostgreSQL of a cluster of one (`postgres_role`): no fail-over, no Consul. */
  POSTGRES = "postgres",
  /** PgBouncer, with a Consul agent where clusters are watched (`pgbouncer_role`). */
  PGBOUNCER = "pgbouncer",
  /** A Consul server (`consul_role`). */
  CONSUL = "consul",
  /** Praefect and nothing else. */
  PRAEFECT = "praefect",
}

/** A machine. */
export interface LinuxPackageNode {
  /** The machine's name here: letters, digits and hyphens, known at synth. */
  readonly name: string;
  /** What it does. */
  readonly role: LinuxPackageRole;
  /** The DNS name or address by which the other machines reach it; may be a token. */
  readonly host: string;
  /** The cluster's name, for `PATRONI` and `POSTGRES` only. @default - none */
  readonly cluster?: string;
  /**
   * Whether migrations run on this machine: on exactly one with Rails, and on exactly one with Praefect. Such a machine
   * connects past poolers. @default - true when it is the only one of its role
   */
  readonly runsMigrations?: boolean;
  /**
   * Settings of your own: `puma.worker_processes` or `registry_external_url` with a text, number, boolean, list or map. Keys
   * that the package does not know and those that are written here anyway are refused. For secrets: `rubyFile(path)`.
   * @default - none
   */
  readonly extra?: { readonly [setting: string]: unknown };
}

/** Files with a certificate and its key, which you bring to the machines. Certificate and key come together. */
export interface LinuxPackageTlsFiles {
  /** The certificate's absolute path. @default - none; required with the key */
  readonly certificateFile?: string;
  /** The key's absolute path. @default - none; required with the certificate */
  readonly keyFile?: string;
  /** The absolute path of the authorities that signed the certificates. @default - the package's own public authorities */
  readonly caFile?: string;
}

/** PostgreSQL on machines of the package: one cluster, with a leader of its own. */
export interface LinuxPackageCluster {
  /** The cluster's name: Patroni's scope, and the service in Consul. */
  readonly name: string;
  /** The server that the topology's databases are on; its endpoint leads to the leader. */
  readonly server: IDatabaseServer;
  /** The password with which members copy from the leader; required under Patroni. @default - none */
  readonly replicationPassword?: SecretValue;
  /** Who may change Patroni through its interface. @default - nobody has to log in */
  readonly apiLogin?: DatabaseLogin;
  /** Networks in CIDR notation from which logins have to show a password. @default - none */
  readonly passwordAddresses?: string[];
  /** Networks in CIDR notation that are let in without a password; written down as an opt-out. @default - none */
  readonly trustAddresses?: string[];
  /** Whether each database lets in its own users only. @default true, from the package 19.3 on; older ones cannot */
  readonly restrictDatabaseAccess?: boolean;
}

/** The PgBouncer machines, as one address. */
export interface LinuxPackagePooling {
  /** The address in front of the PgBouncer machines, or `127.0.0.1`; may be a token. */
  readonly host: string;
  /** The port, 1 to 65535; may be a token. @default 6432 */
  readonly port?: number;
  /** The user of PgBouncer's console, by which watches tell it to follow a leader: `pgbouncer`, with a password. */
  readonly consoleLogin: DatabaseLogin;
  /** PgBouncer's certificate. @default - GitLab's connections to it are not encrypted, written down as an opt-out */
  readonly tls?: LinuxPackageTlsFiles;
  /**
   * The server connections of an entry on each machine, by the entry's name, 1 to 10000.
   * @default - an equal share of nine tenths of what the server takes
   */
  readonly poolSizes?: { readonly [entry: string]: number };
  /**
   * Whether database machines make a user for PgBouncer and a function that shows it every password's hash. Not needed: each
   * component's user is on PgBouncer's list. @default false
   */
  readonly authQuery?: boolean;
}

/** How Consul is set up on all machines that run it. */
export interface LinuxPackageConsul {
  /** The datacenter. @default - the package's: gitlab_consul */
  readonly datacenter?: string;
  /** The key with which gossip is encrypted (`consul keygen`). @default - not encrypted, written down as an opt-out */
  readonly encryptionKey?: SecretValue;
  /**
   * Whether Consul refuses who has no token. Each machine's token is in `consul.token` of the secrets' folder, with the rights of
   * `consulPolicy()`. @default false, written down as an opt-out
   */
  readonly accessControl?: boolean;
  /** Certificates for Consul's own traffic. @default - none */
  readonly tls?: LinuxPackageTlsFiles;
}

/** Properties of a `LinuxPackageConfig`. */
export interface LinuxPackageConfigProps {
  /** The logical databases and where they are. */
  readonly topology: DatabaseTopology;
  /** The machines. */
  readonly nodes: LinuxPackageNode[];
  /** GitLab's address, such as `https://gitlab.example.com`. Required with `RAILS`, `SIDEKIQ` or `SINGLE_NODE`. @default - none */
  readonly externalUrl?: string;
  /** PostgreSQL clusters on machines of the package. @default - none: servers of others */
  readonly clusters?: LinuxPackageCluster[];
  /** The poolers. Required with `PGBOUNCER`. @default - GitLab connects as the topology says */
  readonly pooler?: LinuxPackagePooling;
  /** Consul's settings. @default - the package's */
  readonly consul?: LinuxPackageConsul;
  /** The folder on the machines with the secrets' files. @default "/etc/gitlab/secrets" */
  readonly secretFolder?: string;
  /**
   * An executable on Rails machines that prints the databases' passwords (`gitlab_rails['db_extra_config_command']`); their
   * files are not read then. @default - the files
   */
  readonly railsSecretCommand?: string;
  /** Shell commands that cloud-init runs before the package is configured: installs it, fetches secrets. @default - none */
  readonly setupCommands?: string[];
  /**
   * Whether `cloudInitWithSecrets` may be asked for. Whoever reads a machine's user data reads the secrets; written down as
   * an opt-out. @default false
   */
  readonly inlineSecrets?: boolean;
}
