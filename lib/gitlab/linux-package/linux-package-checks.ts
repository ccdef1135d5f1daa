// Mistakes that the package accepts with wrong results, or refuses half-way through `gitlab-ctl reconfigure`.

import type { SynthChecks } from "../../database/private";
import { isResolved } from "../../database/private";
import { mapAt } from "../chart/release-values-checks";
import { type IDatabaseTopology, RegistryMetadata } from "../topology/database-topology";
import type { LinuxPackageConfigProps } from "./linux-package-config";
import { type LinuxPackageNode, LinuxPackageRole } from "./linux-package-node";
import { checkConsul, checkPooler } from "./linux-package-service-checks";
import { canLogIn } from "./package-connection";
import {
  COMPONENTS_SINCE,
  divided,
  isSelfManaged,
  type LinuxPackageCluster,
  RESTRICTS_SINCE,
} from "./package-postgres";

const RAILS = [LinuxPackageRole.RAILS, LinuxPackageRole.SINGLE_NODE];
const WITH_RAILS_DATABASES = [...RAILS, LinuxPackageRole.SIDEKIQ];
const DATABASE = [LinuxPackageRole.PATRONI, LinuxPackageRole.POSTGRES];

/** Reports mistakes in the machines, each by itself and together. @internal */
export function checkLinuxPackage(checks: SynthChecks, props: LinuxPackageConfigProps): void {
  checkNodes(checks, props);
  checkTexts(checks, props);
  checkMigrations(checks, props.nodes, RAILS, "Rails");
  checkMigrations(checks, props.nodes, [LinuxPackageRole.PRAEFECT], "Praefect");
  checkClusters(checks, props);
  checkConsul(checks, props);
  checkPooler(checks, props);
  checkDatabases(checks, props);
  checkRegistryImport(checks, props);
  checkSecretNames(checks, props);
  if (props.inlineSecrets)
    checks.optOut("inlineSecrets: user data may hold the secrets, readable with the machine's metadata");
}

/** `gitlab-ctl registry-database import` exits while the registry runs and takes new images (omnibus-gitlab 440b1f83, registry/database.rb). */
function checkRegistryImport(checks: SynthChecks, { topology, nodes }: LinuxPackageConfigProps): void {
  if (topology.registryMetadata !== RegistryMetadata.IMPORT) return;
  for (const { name, role, extra } of nodes) {
    const storage = mapAt(extra, "registry.storage");
    if (!RAILS.includes(role) || mapAt(mapAt(storage, "maintenance"), "readonly")?.enabled === true) continue;
    checks.warn(
      `nodes.${name}.extra: without maintenance.readonly.enabled in registry.storage the registry takes new images, and the import exits until it is stopped (gitlab-ctl stop registry)`,
      "nodes.extra.registryReadOnly",
    );
  }
}

function checkNodes(checks: SynthChecks, { nodes, clusters }: LinuxPackageConfigProps): void {
  if (nodes.length === 0) checks.fail("nodes", [], "must have at least one machine");
  const names = new Set<string>();
  for (const { name, role, host, cluster } of nodes) {
    const at = `nodes.${name}`;
    if (!isResolved(name)) checks.fail("nodes.name", name, "must be known at synth");
    checks.matches(
      "nodes.name",
      name,
      /^[A-Za-z0-9]([A-Za-z0-9-]{0,61}[A-Za-z0-9])?$/,
      "must be 1 to 63 letters, digits and hyphens, as in a host name",
    );
    if (names.has(name)) checks.fail("nodes.name", name, "must be unique");
    names.add(name);
    const roles = Object.values(LinuxPackageRole);
    if (!roles.includes(role)) checks.fail(`${at}.role`, role, `must be one of ${roles.join(", ")}`);
    checks.matches(
      `${at}.host`,
      host,
      /^[A-Za-z0-9._:-]+$/,
      "must be a DNS name or an address, without scheme, port and brackets",
    );
    const wanted = DATABASE.includes(role);
    if (wanted && !clusters?.some((each) => each.name === cluster))
      checks.fail(
        `${at}.cluster`,
        cluster,
        `must be one of clusters for a machine with PostgreSQL: ${(clusters ?? []).map((c) => c.name).join(", ") || "none"}`,
      );
    if (!wanted && cluster !== undefined)
      checks.fail(`${at}.cluster`, cluster, "must not be set on a machine without PostgreSQL");
  }
}

function checkTexts(checks: SynthChecks, props: LinuxPackageConfigProps): void {
  const { nodes, externalUrl, secretFolder, railsSecretCommand, topology } = props;
  const rails = nodes.some((node) => WITH_RAILS_DATABASES.includes(node.role));
  if (rails && externalUrl === undefined)
    checks.fail(
      "externalUrl",
      externalUrl,
      "must be set for machines with Rails, such as https://gitlab.example.com",
    );
  checks.check(
    "externalUrl",
    externalUrl,
    () => /^https?:\/\/[^\s/?#@]+(\/[^\s?#]*)?$/.test(externalUrl as string),
    "must be https:// or http:// and a host, with an optional port and path",
  );
  const path = /^(\/[A-Za-z0-9._-]+)+$/;
  const rule = "must be an absolute path of letters, digits, dots, hyphens and underscores";
  checks.matches("secretFolder", secretFolder, path, rule);
  checks.matches(
    "railsSecretCommand",
    railsSecretCommand,
    /^(\/[A-Za-z0-9._-]+)+( [A-Za-z0-9._/=-]+)*$/,
    "must be the absolute path of an executable, with optional plain arguments",
  );
  if (nodes.some((node) => node.role === LinuxPackageRole.PRAEFECT) && !topology.praefect)
    checks.fail("topology.praefect", undefined, "must be set for a Praefect machine");
}

function checkMigrations(
  checks: SynthChecks,
  nodes: readonly LinuxPackageNode[],
  roles: readonly LinuxPackageRole[],
  what: string,
): void {
  const candidates = nodes.filter((node) => roles.includes(node.role));
  const chosen = candidates.filter((node) => node.runsMigrations);
  if (candidates.length > 1 && chosen.length !== 1)
    checks.fail(
      "nodes.runsMigrations",
      chosen.map((node) => node.name),
      `must be true on exactly one machine with ${what}; set it on one of ${candidates.map((n) => n.name).join(", ")}`,
    );
  if (candidates.length === 1 && candidates[0]?.runsMigrations === false)
    checks.fail(
      "nodes.runsMigrations",
      false,
      `must not be false on the only machine with ${what}, or migrations never run`,
    );
  if (what !== "Rails") return;
  for (const { name, role, runsMigrations } of nodes) {
    if (runsMigrations && !RAILS.includes(role) && role !== LinuxPackageRole.PRAEFECT)
      checks.fail(
        `nodes.${name}.runsMigrations`,
        true,
        `must not be true on a machine with the role ${role}, which has no migrations`,
      );
  }
}

function checkClusters(checks: SynthChecks, { nodes, clusters, topology }: LinuxPackageConfigProps): void {
  const seen = new Set<string>();
  const servers = new Set<unknown>();
  for (const cluster of clusters ?? []) {
    const at = `clusters.${cluster.name}`;
    checks.matches(
      "clusters.name",
      cluster.name,
      /^[a-z0-9]([a-z0-9-]{0,61}[a-z0-9])?$/,
      "must be 1 to 63 lower-case letters, digits and hyphens, as the name of a service in Consul",
    );
    if (seen.has(cluster.name)) checks.fail("clusters.name", cluster.name, "must be unique");
    seen.add(cluster.name);
    if (servers.has(cluster.server))
      checks.fail(`${at}.server`, cluster.server, "must not be the server of another cluster");
    servers.add(cluster.server);
    if (!isSelfManaged(cluster))
      checks.fail(
        `${at}.server`,
        cluster.server.location.cloud,
        "must be a self-managed server; a managed one needs no cluster and no watch, since the cloud moves its endpoint",
      );
    if (!topology.entries.some((entry) => entry.direct.server === cluster.server))
      checks.fail(`${at}.server`, cluster.server, "must have a database of the topology");
    const members = nodes.filter((node) => node.cluster === cluster.name);
    checkMembers(checks, at, cluster, members);
    for (const property of ["passwordAddresses", "trustAddresses"] as const)
      for (const address of cluster[property] ?? [])
        checks.matches(
          `${at}.${property}`,
          address,
          /^[0-9a-fA-F.:]+\/\d{1,3}$/,
          "must be a network in CIDR notation, such as 10.6.0.0/16",
        );
    if (cluster.trustAddresses?.length)
      checks.optOut(
        `${at}.trustAddresses: clients with these addresses log in as any user without a password`,
        "clusters.trustAddresses",
      );
    if (!cluster.passwordAddresses?.length && !cluster.trustAddresses?.length)
      checks.fail(
        `${at}.passwordAddresses`,
        cluster.passwordAddresses,
        "must have a network, or no client can log in",
      );
    checkVersion(checks, at, cluster, topology);
    if (cluster.restrictDatabaseAccess === false)
      checks.optOut(
        `${at}.restrictDatabaseAccess: every user of the cluster may connect to each of its databases`,
        "clusters.restrictDatabaseAccess",
      );
  }
}

function checkVersion(
  checks: SynthChecks,
  at: string,
  cluster: LinuxPackageCluster,
  topology: IDatabaseTopology,
): void {
  const { version } = topology;
  const { components } = divided(topology, cluster);
  if (components.length > 0 && !version.atLeast(...COMPONENTS_SINCE)) {
    checks.warn(
      `${at}: before 19.2 the package creates only the databases of Rails with one owner; create ${components.map((e) => e.name).join(", ")} with DatabaseObjects`,
      "clusters.components",
    );
  }
  if (version.atLeast(...RESTRICTS_SINCE)) return;
  if (cluster.restrictDatabaseAccess)
    checks.fail(
      `${at}.restrictDatabaseAccess`,
      true,
      `must not be set before version 19.3 of the package, which is ${version.version}`,
    );
  else if (cluster.restrictDatabaseAccess === undefined)
    checks.optOut(
      `${at}.restrictDatabaseAccess: before 19.3 every user may connect to each database`,
      "clusters.restrictDatabaseAccess",
    );
}

function checkMembers(
  checks: SynthChecks,
  at: string,
  cluster: LinuxPackageCluster,
  members: readonly LinuxPackageNode[],
): void {
  const patroni = members.filter((node) => node.role === LinuxPackageRole.PATRONI);
  const names = members.map((node) => node.name);
  if (members.length === 0) checks.fail(at, names, "must have at least one machine; set cluster of a node");
  if (patroni.length > 0 && patroni.length < members.length)
    checks.fail(at, names, "must have PATRONI machines only, or a single POSTGRES");
  if (patroni.length === 0 && members.length > 1)
    checks.fail(
      at,
      names,
      "must have PATRONI machines if there are several, since Patroni elects the leader",
    );
  if (patroni.length === 1)
    checks.warn(`${at}: the cluster has one member, so there is no failover`, "clusters.patroni");
  if (patroni.length > 0 && cluster.replicationPassword === undefined)
    checks.fail(
      `${at}.replicationPassword`,
      undefined,
      "must be set with Patroni, for replication from the leader",
    );
  if (patroni.length > 0 && cluster.apiLogin === undefined)
    checks.optOut(
      `${at}.apiLogin: Patroni's REST API, which can switch the leader, has no authentication`,
      "clusters.apiLogin",
    );
}

/** Secret files are named after their login, so two of one name would be one file with one of the two passwords. */
function checkSecretNames(checks: SynthChecks, { topology, clusters }: LinuxPackageConfigProps): void {
  const names = topology.entries.map(({ name }) => name);
  const taken = new Map([
    ...(clusters ?? []).flatMap(({ name }): [string, string][] => [
      [`${name}-replication`, `the replication of cluster ${name}`],
      [`${name}-api`, `Patroni's REST API of cluster ${name}`],
    ]),
    ...names.map((name): [string, string] => [`${name}-direct`, `${name} past its pooler`]),
  ]);
  for (const name of names) {
    const other = taken.get(name);
    if (other !== undefined)
      checks.fail(
        `topology.${name}`,
        name,
        `must not be ${name}, since the file ${name}.password is for ${other}; rename the component`,
      );
  }
}

function checkDatabases(checks: SynthChecks, { topology, nodes, pooler }: LinuxPackageConfigProps): void {
  for (const { name, database, direct } of topology.entries) {
    if (!canLogIn(database) || !canLogIn(direct))
      checks.fail(
        `topology.${name}.owner`,
        "cloud-identity",
        "must have a password, with which the Linux package logs in",
      );
    if (pooler && direct.owner.alternating)
      checks.fail(
        `topology.${name}.owner`,
        direct.owner.username,
        "must be a single user behind the package's PgBouncer, whose machines have one user for each database; leave out alternatingUsersSince of the server",
        "topology.alternating",
      );
  }
  if (topology.geo?.direct.server.tls.clientCertificate)
    checks.fail(
      "topology.geo",
      "a client certificate",
      "must not require a client certificate, since the package has no setting for one (geo_secondary['db_sslcert'])",
    );
  const { main } = topology;
  if (!main || !nodes.some((node) => WITH_RAILS_DATABASES.includes(node.role))) return;
  for (const entry of topology.rails.filter((each) => each !== main)) {
    const address = (e: typeof entry) => {
      const { host, port } = e.database.server.endpoint;
      return [pooler ? pooler.host : host, pooler ? pooler.port : port, e.database.databaseName];
    };
    if (entry.databaseTasks && String(address(entry)) === String(address(main)))
      checks.fail(
        `topology.${entry.name}`,
        entry.database.databaseName,
        "must have another name than main's at the same host and port, or the package takes it for main's database and never migrates it",
      );
    const handed = Object.keys(main.settings).filter(
      (key) => !(key in entry.settings) && key !== "loadBalancing",
    );
    if (handed.length > 0)
      checks.warn(
        `topology.${entry.name}: the package applies main's ${handed.join(", ")} to ${entry.name}; set it for ${entry.name} as well if it has to differ`,
        "topology.handedDown",
      );
  }
}
