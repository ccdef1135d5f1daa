import { Annotations } from "cdktf";
import { Construct } from "constructs";
import type { IDatabaseServer } from "../../database";
import { Cloud, SecretValue } from "../../database";
import { SynthChecks } from "../../database/private";
import { fingerprint, revision } from "../../kubernetes";
import { ConsulLeaderSource, LeaderWatch, LinuxPackagePooler } from "../../pooling";
import { GitlabDatabaseKind, type TopologyEntry } from "../topology/topology-entry";
import { cloudConfig } from "./cloud-init";
import { GitlabRb, type LinuxPackageFile, type LinuxPackageSecretFile } from "./gitlab-rb";
import { checkLinuxPackage, isSelfManaged } from "./linux-package-checks";
import {
  type LinuxPackageCluster,
  type LinuxPackageConfigProps,
  type LinuxPackageNode,
  LinuxPackageRole,
} from "./linux-package-props";
import { writeExtra } from "./package-extra";
import { consulPolicyOf, writeConsul, writePgBouncer } from "./package-pooling";
import { PACKAGE_MAX_CONNECTIONS, writePatroni, writePostgres } from "./package-postgres";
import { writePraefect, writeRails } from "./package-rails";
import { isPooled } from "./package-reach";

/** The package's own name for what a machine does; none where it brings everything. */
const PACKAGE_ROLES: { readonly [role in LinuxPackageRole]?: string } = {
  [LinuxPackageRole.RAILS]: "application_role",
  [LinuxPackageRole.SIDEKIQ]: "sidekiq_role",
  [LinuxPackageRole.PATRONI]: "patroni_role",
  [LinuxPackageRole.POSTGRES]: "postgres_role",
  [LinuxPackageRole.PGBOUNCER]: "pgbouncer_role",
  [LinuxPackageRole.CONSUL]: "consul_role",
};

/**
 * A database topology for GitLab's Linux package: the text of `gitlab.rb` for each machine, and what the machine needs beside
 * it. It makes no resources. No text holds a secret: gitlab.rb reads each from a file that you bring (`secretFiles`).
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
  /** The machines' names, in the order given. */
  public readonly nodeNames: string[];
  /** Whether every server is managed, so that neither PgBouncer nor Consul is required. */
  public readonly isManaged: boolean;
  private readonly props: LinuxPackageConfigProps;
  private readonly checks: SynthChecks;
  private readonly written = new Map<string, GitlabRb>();
  private readonly poolerNodes?: LinuxPackagePooler;

  public constructor(scope: Construct, id: string, props: LinuxPackageConfigProps) {
    super(scope, id);
    this.props = props;
    this.checks = new SynthChecks(this);
    this.nodeNames = props.nodes.map((node) => node.name);
    checkLinuxPackage(this.checks, props);
    const clouds = new Set(props.topology.entries.map((entry) => entry.direct.server.location.cloud));
    this.isManaged = !clouds.has(Cloud.SELF_MANAGED);
    if (this.isManaged) {
      Annotations.of(this).addInfo(
        `the databases are on managed servers (${[...clouds].join(", ")}): PgBouncer and Consul are not required, and machines for them may be left out`,
      );
    }
    if (props.pooler && this.pooled.length > 0) this.poolerNodes = this.makePooler();
    for (const node of props.nodes) this.written.set(node.name, this.write(node));
  }

  /**
   * A machine's `/etc/gitlab/gitlab.rb`, mode 0600, without secrets.
   *
   * @param node the machine's name.
   * @throws Error when there is no such machine.
   */
  public gitlabRb(node: string): string {
    return this.of(node).toString();
  }

  /**
   * The files without secrets that a machine needs beside its gitlab.rb.
   *
   * @param node the machine's name.
   * @throws Error when there is no such machine.
   */
  public files(node: string): LinuxPackageFile[] {
    return [...this.of(node).files];
  }

  /**
   * The files with secrets that a machine needs. Put each where the machine may fetch it from, such as the cloud's secret
   * store, by a write-only argument.
   *
   * @param node the machine's name.
   * @throws Error when there is no such machine.
   */
  public secretFiles(node: string): LinuxPackageSecretFile[] {
    return [...this.of(node).secrets];
  }

  /**
   * The rights in Consul that the machine's token needs; nothing for a machine without Consul.
   *
   * @param node the machine's name.
   * @throws Error when there is no such machine.
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
   * A machine's user data for cloud-init, without secrets. Some clouds take 16 KiB: compress it there (`base64gzip`).
   *
   * @param node the machine's name.
   * @throws Error when there is no such machine.
   */
  public cloudInit(node: string): string {
    const { files } = this.of(node);
    const commands = this.props.setupCommands ?? [];
    return cloudConfig({ gitlabRb: this.gitlabRb(node), files, secrets: [], commands });
  }

  /**
   * A machine's user data with the secrets in it, for write-only arguments: Terraform refuses it elsewhere, so that no state
   * keeps it. Its version changes with every part of it.
   *
   * @param node the machine's name.
   * @throws Error when there is no such machine, or `inlineSecrets` is not set.
   */
  public cloudInitWithSecrets(node: string): SecretValue {
    if (!this.props.inlineSecrets)
      throw new Error(`[${this.node.path}] a text with secrets in it needs inlineSecrets: true`);
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
      `[${this.node.path}] there is no machine "${node}"; there are ${this.nodeNames.join(", ")}`,
    );
  }

  private write(node: LinuxPackageNode): GitlabRb {
    const { topology, pooler, consul, externalUrl, railsSecretCommand, nodes } = this.props;
    const rb = new GitlabRb(this.props.secretFolder ?? "/etc/gitlab/secrets");
    rb.header(
      `${node.name} (${node.role}): changes in this file are lost, it is written from the database topology.`,
    );
    const role = PACKAGE_ROLES[node.role];
    const geo = topology.entry("geo") && node.role === LinuxPackageRole.RAILS ? ["geo_secondary_role"] : [];
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
        const praefect = topology.entry("praefect");
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

  /** The clusters that Patroni runs: their leader changes. */
  private get watched(): LinuxPackageCluster[] {
    const { clusters, nodes } = this.props;
    return (clusters ?? []).filter((cluster) =>
      nodes.some((node) => node.cluster === cluster.name && node.role === LinuxPackageRole.PATRONI),
    );
  }

  /** One entry for each physical database: those that share one come through the same door. */
  private get pooled(): TopologyEntry[] {
    return this.props.topology.entries.filter((entry) => isPooled(entry) && entry.databaseTasks);
  }

  /**
   * The package starts with 100 connections for each entry on each machine, which is soon more than the server takes. A tenth
   * is for migrations and people, and each pool may go over by five (`reserve_pool_size`).
   */
  private shareOf({ node, connectionBudget }: IDatabaseServer): number | undefined {
    const own = this.props.clusters?.some((cluster) => cluster.server.node === node);
    const { available, capacity } = connectionBudget;
    const given = capacity?.basis === "maxConnections" || !own;
    const total = given ? available : PACKAGE_MAX_CONNECTIONS;
    if (total === undefined) return undefined;
    const machines = this.props.nodes.filter((each) => each.role === LinuxPackageRole.PGBOUNCER).length;
    const entries = this.pooled.filter((entry) => entry.direct.server.node === node).length;
    return Math.max(1, Math.floor((total * 0.9) / (machines * entries)) - 5);
  }

  private makePooler(): LinuxPackagePooler {
    const on = (cluster: LinuxPackageCluster) => this.pooled.some((e) => e.direct.server === cluster.server);
    // The agent beside PgBouncer asks; no address of it is written anywhere.
    const leaderWatches = this.watched
      .filter((cluster) => isSelfManaged(cluster) && on(cluster))
      .map(({ name, server }) => {
        const source = ConsulLeaderSource.patroni(name, { url: "http://127.0.0.1:8500" });
        return new LeaderWatch(this, `Watch-${name}`, { server, source });
      });
    // Main, ci and sec are one application and may have one user.
    const entries = this.pooled.map(({ name, kind, direct }) => ({
      database: direct,
      component: kind === GitlabDatabaseKind.RAILS ? "rails" : name,
      poolSize: this.props.pooler?.poolSizes?.[name] ?? this.shareOf(direct.server),
    }));
    return new LinuxPackagePooler(this, "Pooler", { entries, leaderWatches });
  }
}

/** A number that changes with a text and its secrets: what is write-only is written again only when its version changes. */
function versionOf(text: string, secrets: readonly LinuxPackageSecretFile[]): number {
  return revision(fingerprint([text, ...secrets.map((secret) => secret.content.version)]));
}
