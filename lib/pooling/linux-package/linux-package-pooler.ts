// Poolers and watches for the PgBouncer nodes of GitLab's Linux package. The package's watch supports one cluster: it watches the
// service `postgresql` and moves every database. Our watches replace it: one per logical database, through
// `consul['configuration']`. Read in omnibus-gitlab 440b1f83: consul/libraries/watch_helper.rb, pgbouncer/attributes/default.rb,
// pgbouncer/recipes/enable.rb, gitlab-ctl-commands-ee/lib/gitlab_ctl/pgbouncer.rb.

import { Construct } from "constructs";
import { PoolMode, SslMode, strictestSslMode } from "../../database";
import { requireProps, SynthChecks } from "../../database/private";
import { ConsulLeaderSource, consulWatchPolicy } from "../leader-watch/consul-leader-source";
import { checkWatches, type LeaderWatch } from "../leader-watch/leader-watch";
import { LEADER_HANDLER_SCRIPT } from "../leader-watch/scripts/leader-handler";
import { PACKAGE_CA_FILE } from "../pgbouncer/data/pgbouncer-facts";
import { joinedCertificates, numberText } from "../pgbouncer/pgbouncer-config";
import {
  checkEntries,
  checkIdentities,
  checkServerTls,
  type PoolEntry,
  type ResolvedEntry,
  resolveEntry,
  serversOf,
} from "../pgbouncer/pool-entry";
import { rubyText } from "./ruby";

const CONSUL_FOLDER = "/var/opt/gitlab/consul";

/** Properties of a `LinuxPackagePooler`. */
export interface LinuxPackagePoolerProps {
  /**
   * Logical databases, each with the user of the one component that connects to it.
   *
   * @see https://docs.gitlab.com/administration/postgresql/pgbouncer/
   */
  readonly entries: PoolEntry[];
  /**
   * Watches of self-managed clusters; their sources must be Consul services. @default - none: endpoints do not move
   *
   * @see https://docs.gitlab.com/administration/postgresql/replication_and_failover/
   */
  readonly leaderWatches?: LeaderWatch[];
  /**
   * Folder on the nodes for the files that you provide: the handler, the servers' CA certificates (`server-ca.crt`), the MD5 hash of
   * each user's password (`<user>.md5`), and the client certificate and key where servers require one (`server-client.crt`, `.key`).
   * @default "/etc/gitlab/pooling" */
  readonly folder?: string;
}

/**
 * Settings and files for the PgBouncer nodes of GitLab's Linux package. It creates no resources: write the texts to the nodes.
 *
 * @see https://docs.gitlab.com/administration/postgresql/pgbouncer/
 *
 * @example
 * const nodes = new LinuxPackagePooler(this, "nodes", { entries: [{ database: cluster.database("gitlabhq_production") }], leaderWatches: [watch] });
 * new TerraformOutput(this, "gitlab_rb", { value: nodes.gitlabRb });
 */
export class LinuxPackagePooler extends Construct {
  /** Settings for `/etc/gitlab/gitlab.rb`. */
  public readonly gitlabRb: string;
  /** Handler script for the nodes, mode 0755, owner root. Escape `${` and `%{` in a Terraform string. */
  public readonly handlerScript = LEADER_HANDLER_SCRIPT;
  /** Path of the handler script. */
  public readonly handlerPath: string;
  /** CA certificates of the servers in PEM format, for `server-ca.crt` in the folder; not set for public CAs. */
  public readonly serverCaCertificatesPem?: string;
  /** Consul ACL policy of the nodes' agents; not set without a watch. */
  public readonly consulPolicy?: string;
  private readonly entries: ResolvedEntry[];
  private readonly watches: LeaderWatch[];
  private readonly folder: string;

  public constructor(scope: Construct, id: string, props: LinuxPackagePoolerProps) {
    super(scope, id);
    requireProps(this.node.path, "PGBOUNCER", props, { entries: true });
    this.entries = props.entries.map((entry) => resolveEntry(this.node.path, entry));
    this.watches = (props.leaderWatches ?? []).filter((w) => w.isActive);
    this.folder = props.folder ?? "/etc/gitlab/pooling";
    this.handlerPath = `${this.folder}/leader-handler`;
    const checks = new SynthChecks(this, "PGBOUNCER");
    checks.matches(
      "folder",
      props.folder,
      /^(\/[A-Za-z0-9._-]+)+$/,
      "must be an absolute path of letters, digits, dots, hyphens and underscores",
    );
    checkEntries(checks, this.entries);
    checkIdentities(checks, this.entries);
    checkServerTls(checks, this.entries);
    this.serverCaCertificatesPem = joinedCertificates(serversOf(this.entries));
    checkWatches(checks, props.leaderWatches ?? [], serversOf(this.entries));
    for (const { source, node } of this.watches) {
      if (!(source instanceof ConsulLeaderSource)) {
        checks.fail(
          "leaderWatches",
          node.id,
          `must have a Consul service as source: Consul runs the watches of the Linux package, and the source is ${source.label}`,
        );
      }
    }
    const services = this.watches.flatMap(({ source }) =>
      source instanceof ConsulLeaderSource ? [source.service] : [],
    );
    this.consulPolicy = services.length > 0 ? consulWatchPolicy(services) : undefined;
    this.gitlabRb = [...this.pgbouncerLines(), ...this.consulLines()].join("\n");
  }

  private pgbouncerLines(): string[] {
    const lines = this.entries.flatMap((entry) => {
      const { endpoint } = entry.database.server;
      return [
        `  ${rubyText(entry.name)} => {`,
        `    host: ${rubyText(endpoint.host)},`,
        `    port: ${numberText(endpoint.port)},`,
        `    dbname: ${rubyText(entry.database.databaseName)},`,
        `    user: ${rubyText(entry.login.username)},`,
        // The package requires md5(password + user) and writes it to its file; it is a secret like the password.
        `    password: File.read(${rubyText(`${this.folder}/${entry.login.username}.md5`)}).strip,`,
        `    pool_mode: ${rubyText(entry.mode)},`,
        ...(entry.poolSize === undefined ? [] : [`    pool_size: ${entry.poolSize},`]),
        "  },",
      ];
    });
    const prepared = this.entries.some((e) => e.preparedStatements && e.mode === PoolMode.TRANSACTION);
    return [
      "# PgBouncer: one entry for each logical database, a user of its own for each component.",
      "pgbouncer['enable'] = true",
      ...this.serverLines(),
      ...(prepared ? ["pgbouncer['max_prepared_statements'] = 200"] : []),
      "pgbouncer['databases'] = {",
      ...lines,
      "}",
    ];
  }

  /** TLS to the servers; the package's default is no TLS. */
  private serverLines(): string[] {
    const servers = serversOf(this.entries);
    const mode = servers.map((s) => strictestSslMode(s.tls))[0] ?? SslMode.DISABLE;
    const file = (name: string) => rubyText(`${this.folder}/${name}`);
    const certificate = servers.some((s) => s.tls.clientCertificate);
    return [
      `pgbouncer['server_tls_sslmode'] = '${mode}'`,
      ...(mode === SslMode.DISABLE
        ? []
        : [
            `pgbouncer['server_tls_ca_file'] = ${this.serverCaCertificatesPem ? file("server-ca.crt") : `'${PACKAGE_CA_FILE}'`}`,
            "pgbouncer['server_tls_protocols'] = 'secure'",
          ]),
      ...(certificate
        ? [
            `pgbouncer['server_tls_cert_file'] = ${file("server-client.crt")}`,
            `pgbouncer['server_tls_key_file'] = ${file("server-client.key")}`,
          ]
        : []),
      "# After a failover the new server is tried at once.",
      "pgbouncer['server_login_retry'] = 1",
      "pgbouncer['server_connect_timeout'] = 5",
    ];
  }

  private consulLines(): string[] {
    if (this.watches.length === 0)
      return ["# No cluster is watched: the servers' endpoints do not move.", ""];
    const watches = this.watches.flatMap((watch) =>
      this.entries
        .filter((e) => e.database.server === watch.server)
        .flatMap((entry) => this.watchLines(watch, entry)),
    );
    return [
      "# The watches change the list of databases, so it belongs to Consul's user. After a change of pgbouncer['databases']",
      "# the package writes that list anew: run `gitlab-ctl hup consul`, which makes the watches look again.",
      `pgbouncer['databases_ini'] = '${CONSUL_FOLDER}/databases.ini'`,
      `pgbouncer['databases_json'] = '${CONSUL_FOLDER}/databases.json'`,
      "pgbouncer['databases_ini_user'] = 'gitlab-consul'",
      "# One watch for each logical database, on the service of its cluster. The package's own watch, which knows one cluster",
      "# only, stays off. The console's password: gitlab-ctl write-pgpass --database pgbouncer --user pgbouncer --hostuser gitlab-consul",
      "consul['enable'] = true",
      "consul['watchers'] = []",
      "consul['configuration'] = {",
      "  watches: [",
      ...watches,
      "  ],",
      "}",
      "",
    ];
  }

  private watchLines(watch: LeaderWatch, entry: ResolvedEntry): string[] {
    const { source } = watch;
    if (!(source instanceof ConsulLeaderSource)) return [];
    const args = [
      ...["/bin/sh", this.handlerPath, "handle", "--database", entry.name],
      ...["--ini", `${CONSUL_FOLDER}/databases.ini`, "--psql", "/opt/gitlab/embedded/bin/psql"],
      ...source.handlerArguments(),
      ...watch.handlerArguments(),
    ];
    return [
      "    {",
      "      type: 'service',",
      `      service: ${rubyText(source.service)},`,
      ...(source.datacenter ? [`      datacenter: ${rubyText(source.datacenter)},`] : []),
      `      args: [${args.map(rubyText).join(", ")}],`,
      "    },",
    ];
  }
}
