import { Construct } from "constructs";
import { Cloud, SecretValue } from "../../database";
import { requireProps, SynthChecks } from "../../database/private";
import { fingerprint, revision } from "../../kubernetes/private";
import type { LinuxPackagePooler } from "../../pooling";
import type { IDatabaseTopology } from "../topology/database-topology";
import type { TopologyEntry } from "../topology/topology-entry";
import { cloudConfig } from "./cloud-init";
import { GitlabRb, type LinuxPackageFile, type LinuxPackageSecretFile } from "./gitlab-rb";
import { checkLinuxPackage } from "./linux-package-checks";
import { type LinuxPackageNode, LinuxPackageRole } from "./linux-package-node";
import { usesPackagePooler } from "./package-connection";
import { writeExtra } from "./package-extra";
import {
  consulPolicyOf,
  type LinuxPackageConsul,
  type LinuxPackagePooling,
  packagePooler,
  writeConsul,
  writePgBouncer,
} from "./package-pooling";
import { type LinuxPackageCluster, writePatroni, writePostgres } from "./package-postgres";
import { writePraefect, writeRails } from "./package-rails";

/** Properties of a `LinuxPackageConfig`. */
export interface LinuxPackageConfigProps {
  /**
   * Topology of the logical databases.
   *
   * @see https://docs.gitlab.com/administration/postgresql/multiple_databases/
   */
  readonly topology: IDatabaseTopology;
  /**
   * Machines.
   *
   * @see https://docs.gitlab.com/omnibus/roles/
   */
  readonly nodes: LinuxPackageNode[];
  /**
   * External URL of GitLab, such as `https://gitlab.example.com`. Required with `RAILS`, `SIDEKIQ` or `SINGLE_NODE`. @default - none
   *
   * @see https://docs.gitlab.com/omnibus/settings/configuration/#configure-the-external-url-for-gitlab
   */
  readonly externalUrl?: string;
  /**
   * PostgreSQL clusters on machines of the package. @default - none; all servers are external
   *
   * @see https://docs.gitlab.com/administration/postgresql/replication_and_failover/
   */
  readonly clusters?: LinuxPackageCluster[];
  /**
   * PgBouncer of the package. Required with `PGBOUNCER`. @default - GitLab connects as the topology says
   *
   * @see https://docs.gitlab.com/administration/postgresql/pgbouncer/
   */
  readonly pooler?: LinuxPackagePooling;
  /**
   * Settings of Consul. @default - the package's defaults
   *
   * @see https://docs.gitlab.com/administration/consul/
   */
  readonly consul?: LinuxPackageConsul;
  /**
   * Folder on the machines with the secret files. @default "/etc/gitlab/secrets"
   *
   * @see https://docs.gitlab.com/omnibus/settings/configuration/#provide-the-postgresql-user-password-to-gitlab-rails
   */
  readonly secretFolder?: string;
  /**
   * Command on Rails machines that prints the databases' passwords (`gitlab_rails['db_extra_config_command']`) in place of the
   * secret files. @default - the secret files
   *
   * @see https://docs.gitlab.com/omnibus/settings/configuration/#provide-the-postgresql-user-password-to-gitlab-rails
   */
  readonly railsSecretCommand?: string;
  /** Shell commands that cloud-init runs before the package is configured, to install it and to fetch secrets. @default - none */
  readonly setupCommands?: string[];
  /**
   * Allows `cloudInitWithSecrets`. The secrets are then readable in the machine's user data; recorded as an opt-out.
   * @default false
   */
  readonly inlineSecrets?: boolean;
}

/** Name of a role in the package; none where a machine runs everything. */
const PACKAGE_ROLES: { readonly [role in LinuxPackageRole]?: string } = {
  [LinuxPackageRole.RAILS]: "application_role",
  [LinuxPackageRole.SIDEKIQ]: "sidekiq_role",
  [LinuxPackageRole.PATRONI]: "patroni_role",
  [LinuxPackageRole.POSTGRES]: "postgres_role",
  [LinuxPackageRole.PGBOUNCER]: "pgbouncer_role",
  [LinuxPackageRole.CONSUL]: "consul_role",
};

/**
 * Configuration of GitLab's Linux package for a database topology: the text of `gitlab.rb` for each machine and the files that it
 * needs. It creates no resources. No text holds a secret: gitlab.rb reads each from a file (`secretFiles`).
 *
 * @see https://docs.gitlab.com/omnibus/settings/configuration/
 *
 * @example
 * const config = new LinuxPackageConfig(this, "package", {
 *   topology,
 *   externalUrl: "https://gitlab.example.com",
 *   nodes: [{ name: "gitlab", role: LinuxPackageRole.SINGLE_NODE, host: "gitlab.internal.example.com" }],
 * });
 * new TerraformOutput(this, "user_data", { value: config.cloudInit("gitlab") });
 */
export class LinuxPackageConfig extends Construct {
  /** Names of the machines, in the order given. */
  public readonly nodeNames: string[];
  /** True if every server is managed, so that neither PgBouncer nor Consul is required. */
  public readonly isManaged: boolean;
  private readonly props: LinuxPackageConfigProps;
  private readonly checks: SynthChecks;
  private readonly written = new Map<string, GitlabRb>();
  /** Clusters that Patroni manages: their leader changes. */
  private readonly watched: LinuxPackageCluster[];
  /** One entry for each physical database behind the package's poolers; entries that share one share its pool. */
  private readonly pooled: TopologyEntry[];
  private readonly poolerNodes?: LinuxPackagePooler;

  public constructor(scope: Construct, id: string, props: LinuxPackageConfigProps) {
    super(scope, id);
    requireProps(this.node.path, "GITLAB-PACKAGE", props, { topology: true, nodes: true });
    this.props = props;
    this.checks = new SynthChecks(this, "GITLAB-PACKAGE");
    this.nodeNames = props.nodes.map((node) => node.name);
    checkLinuxPackage(this.checks, props);
    this.watched = (props.clusters ?? []).filter((cluster) =>
      props.nodes.some((node) => node.cluster === cluster.name && node.role === LinuxPackageRole.PATRONI),
    );
    this.pooled = props.topology.entries.filter((e) => usesPackagePooler(e) && e.databaseTasks);
    const clouds = new Set(props.topology.entries.map((entry) => entry.direct.server.location.cloud));
    this.isManaged = !clouds.has(Cloud.SELF_MANAGED);
    if (this.isManaged) {
      this.checks.note(
        `topology: all databases are on managed servers (${[...clouds].join(", ")}), so machines with PgBouncer and Consul are not required`,
        "topology.managed",
      );
    }
    if (props.pooler && this.pooled.length > 0) {
      this.poolerNodes = packagePooler(this, props, this.pooled, this.watched);
    }
    for (const node of props.nodes) this.written.set(node.name, this.write(node));
  }

  /**
   * Text of a machine's `/etc/gitlab/gitlab.rb`, mode 0600, without secrets.
   *
   * @param node name of the machine.
   * @throws Error if there is no such machine.
   */
  public gitlabRb(node: string): string {
    return this.of(node).toString();
  }

  /**
   * Files without secrets that a machine needs with its gitlab.rb.
   *
   * @param node name of the machine.
   * @throws Error if there is no such machine.
   */
  public files(node: string): LinuxPackageFile[] {
    return [...this.of(node).files];
  }

  /**
   * Files with secrets that a machine needs. Store each with a write-only argument where the machine can fetch it, such as in the
   * cloud's secret store.
   *
   * @param node name of the machine.
   * @throws Error if there is no such machine.
   */
  public secretFiles(node: string): LinuxPackageSecretFile[] {
    return [...this.of(node).secrets];
  }

  /**
   * Consul policy of the machine's token; undefined for a machine without Consul.
   *
   * @param node name of the machine.
   * @throws Error if there is no such machine.
   */
  public consulPolicy(node: string): string | undefined {
    const found = this.props.nodes.find((each) => each.name === node);
    return (
      found &&
      this.of(node) &&
      consulPolicyOf(
        found,
        this.watched.map((cluster) => cluster.name),
      )
    );
  }

  /**
   * User data of a machine for cloud-init, without secrets. Some clouds accept 16 KiB only: compress it there (`base64gzip`).
   *
   * @param node name of the machine.
   * @throws Error if there is no such machine.
   */
  public cloudInit(node: string): string {
    const { files } = this.of(node);
    const commands = this.props.setupCommands ?? [];
    return cloudConfig({ gitlabRb: this.gitlabRb(node), files, secrets: [], commands });
  }

  /**
   * User data of a machine with the secrets in it, for write-only arguments; Terraform refuses it elsewhere, so that it is never in
   * the state. Its version changes with every part of it.
   *
   * @param node name of the machine.
   * @throws Error if there is no such machine, or `inlineSecrets` is not set.
   */
  public cloudInitWithSecrets(node: string): SecretValue {
    if (!this.props.inlineSecrets)
      throw new Error(
        `[${this.node.path}] GITLAB-PACKAGE-INLINE-SECRETS: inlineSecrets must be true for user data with secrets`,
      );
    const { files, secrets } = this.of(node);
    const commands = this.props.setupCommands ?? [];
    const text = cloudConfig({ gitlabRb: this.gitlabRb(node), files, secrets, commands });
    return SecretValue.fromEphemeral(text, {
      version: versionOf(this.cloudInit(node), secrets),
      dependables: [...new Set(secrets.flatMap((secret) => secret.content.dependables))],
    });
  }

  private of(node: string): GitlabRb {
    const found = this.written.get(node);
    if (found) return found;
    throw new Error(
      `[${this.node.path}] GITLAB-PACKAGE-NODE: node must be one of ${this.nodeNames.join(", ")} (got "${node}")`,
    );
  }

  private write(node: LinuxPackageNode): GitlabRb {
    const { topology, pooler, consul, externalUrl, railsSecretCommand, nodes } = this.props;
    const rb = new GitlabRb(this.props.secretFolder ?? "/etc/gitlab/secrets");
    rb.header(
      `${node.name} (${node.role}): changes in this file are lost, it is written from the database topology.`,
    );
    const role = PACKAGE_ROLES[node.role];
    const geo = topology.geo && node.role === LinuxPackageRole.RAILS ? ["geo_secondary_role"] : [];
    if (role) rb.top("roles", [...geo, role]);
    switch (node.role) {
      case LinuxPackageRole.SINGLE_NODE:
      case LinuxPackageRole.RAILS:
      case LinuxPackageRole.SIDEKIQ: {
        const runsMigrations = this.runsMigrations(node, [
          LinuxPackageRole.SINGLE_NODE,
          LinuxPackageRole.RAILS,
        ]);
        const options = { topology, pooler, secretCommand: railsSecretCommand, runsMigrations };
        const withRegistry = node.role !== LinuxPackageRole.SIDEKIQ;
        writeRails(rb, { ...options, withRegistry, externalUrl: externalUrl ?? "" });
        break;
      }
      case LinuxPackageRole.PRAEFECT: {
        const praefect = topology.praefect;
        const runsMigrations = this.runsMigrations(node, [LinuxPackageRole.PRAEFECT]);
        if (praefect) writePraefect(rb, praefect, pooler, runsMigrations);
        break;
      }
      case LinuxPackageRole.PATRONI:
      case LinuxPackageRole.POSTGRES: {
        const cluster = this.props.clusters?.find((each) => each.name === node.cluster);
        if (!cluster) break;
        const members = nodes.filter((each) => each.cluster === cluster.name);
        const options = { topology, cluster, node, members, pooler, consul };
        writePostgres(rb, options);
        if (node.role === LinuxPackageRole.PATRONI) writePatroni(rb, options);
        break;
      }
      case LinuxPackageRole.PGBOUNCER:
        if (pooler && this.poolerNodes) writePgBouncer(rb, pooler, this.pooled, this.poolerNodes);
        break;
      default:
        rb.section("gitlab_rails", { auto_migrate: false });
    }
    this.writeConsul(rb, node);
    writeExtra(rb, this.checks, `nodes.${node.name}`, node.extra);
    return rb;
  }

  private writeConsul(rb: GitlabRb, { name, role }: LinuxPackageNode): void {
    const servers = this.props.nodes.filter((node) => node.role === LinuxPackageRole.CONSUL);
    const isServer = role === LinuxPackageRole.CONSUL;
    const watches = role === LinuxPackageRole.PGBOUNCER && this.watched.length > 0;
    if (isServer || watches || role === LinuxPackageRole.PATRONI)
      writeConsul(rb, name, this.props.consul, servers, isServer);
    else if (role === LinuxPackageRole.PGBOUNCER) rb.section("consul", { enable: false });
  }

  private runsMigrations(node: LinuxPackageNode, roles: LinuxPackageRole[]): boolean {
    const alone = this.props.nodes.filter((each) => roles.includes(each.role)).length === 1;
    return roles.includes(node.role) && (node.runsMigrations ?? alone);
  }
}

/** A number that changes with a text and its secrets, since a write-only value is written again only with a new version. */
function versionOf(text: string, secrets: readonly LinuxPackageSecretFile[]): number {
  return revision(fingerprint([text, ...secrets.map((secret) => secret.content.version)]));
}
