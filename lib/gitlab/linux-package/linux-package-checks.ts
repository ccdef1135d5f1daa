// What the package would take and do wrong by, or refuse half-way through `gitlab-ctl reconfigure`.

import { Cloud } from "../../database";
import type { SynthChecks } from "../../database/private";
import { isResolved } from "../../database/private";
import type { DatabaseTopology } from "../topology/database-topology";
import {
  type LinuxPackageCluster,
  type LinuxPackageConfigProps,
  type LinuxPackageNode,
  LinuxPackageRole,
} from "./linux-package-props";
import { checkConsul, checkPooler } from "./linux-package-service-checks";
import { COMPONENTS_SINCE, divided, RESTRICTS_SINCE } from "./package-postgres";
import { canLogIn } from "./package-reach";

const RAILS = [LinuxPackageRole.RAILS, LinuxPackageRole.SINGLE_NODE];
const WITH_RAILS_DATABASES = [...RAILS, LinuxPackageRole.SIDEKIQ];
const DATABASE = [LinuxPackageRole.PATRONI, LinuxPackageRole.POSTGRES];

/** Reports what is wrong with the machines, each by itself and together. @internal */
export function checkLinuxPackage(checks: SynthChecks, props: LinuxPackageConfigProps): void {
  checkNodes(checks, props);
  checkTexts(checks, props);
  checkMigrations(checks, props.nodes, RAILS, "Rails");
  checkMigrations(checks, props.nodes, [LinuxPackageRole.PRAEFECT], "Praefect");
  checkClusters(checks, props);
  checkConsul(checks, props);
  checkPooler(checks, props);
  checkDatabases(checks, props);
  checkSecretNames(checks, props);
  if (props.inlineSecrets)
    checks.optOut("inlineSecrets: cloud-init's text may hold the secrets, and who reads it has them");
}

/** Whether a server is nobody's service: clusters and watches are for such only. @internal */
export function isSelfManaged({ server }: LinuxPackageCluster): boolean {
  return server.location.cloud === Cloud.SELF_MANAGED;
}

function checkNodes(checks: SynthChecks, { nodes, clusters }: LinuxPackageConfigProps): void {
  if (nodes.length === 0) checks.fail("nodes", [], "there is nothing to write; name a machine");
  const names = new Set<string>();
  for (const { name, role, host, cluster } of nodes) {
    const at = `nodes.${name}`;
    if (!isResolved(name)) checks.fail("nodes.name", name, "it has to be known at synth");
    checks.matches(
      "nodes.name",
      name,
      /^[A-Za-z0-9]([A-Za-z0-9-]{0,61}[A-Za-z0-9])?$/,
      "allowed are 1 to 63 letters, digits and hyphens, as for a machine's name",
    );
    if (names.has(name)) checks.fail("nodes.name", name, "each machine may be there once");
    names.add(name);
    const roles = Object.values(LinuxPackageRole);
    if (!roles.includes(role)) checks.fail(`${at}.role`, role, `allowed are ${roles.join(", ")}`);
    checks.matches(
      `${at}.host`,
      host,
      /^[A-Za-z0-9._:-]+$/,
      "allowed is a DNS name or an address, without scheme, port and brackets",
    );
    const wanted = DATABASE.includes(role);
    if (wanted && !clusters?.some((each) => each.name === cluster))
      checks.fail(
        `${at}.cluster`,
        cluster,
        `a machine with PostgreSQL belongs to one of clusters: ${(clusters ?? []).map((c) => c.name).join(", ") || "there are none"}`,
      );
    if (!wanted && cluster !== undefined)
      checks.fail(`${at}.cluster`, cluster, "only machines with PostgreSQL belong to a cluster");
  }
}

function checkTexts(checks: SynthChecks, props: LinuxPackageConfigProps): void {
  const { nodes, externalUrl, secretFolder, railsSecretCommand, topology } = props;
  const rails = nodes.some((node) => WITH_RAILS_DATABASES.includes(node.role));
  if (rails && externalUrl === undefined)
    checks.fail(
      "externalUrl",
      externalUrl,
      "Rails needs GitLab's address, such as https://gitlab.example.com",
    );
  checks.check(
    "externalUrl",
    externalUrl,
    () => /^https?:\/\/[^\s/?#@]+(\/[^\s?#]*)?$/.test(externalUrl as string),
    "allowed is https:// or http:// and a host, perhaps with a port and a path",
  );
  const path = /^(\/[A-Za-z0-9._-]+)+$/;
  const rule = "allowed is an absolute path of letters, digits, dots, hyphens and underscores";
  checks.matches("secretFolder", secretFolder, path, rule);
  checks.matches(
    "railsSecretCommand",
    railsSecretCommand,
    /^(\/[A-Za-z0-9._-]+)+( [A-Za-z0-9._/=-]+)*$/,
    "allowed is the absolute path of an executable, perhaps with plain arguments",
  );
  if (nodes.some((node) => node.role === LinuxPackageRole.PRAEFECT) && !topology.entry("praefect"))
    checks.fail("topology.praefect", undefined, "a Praefect machine needs a database in the topology");
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
      `exactly one machine with ${what} runs migrations, or two at once change the same tables or none does; there are ${candidates.map((n) => n.name).join(", ")}`,
    );
  if (candidates.length === 1 && candidates[0]?.runsMigrations === false)
    checks.fail(
      "nodes.runsMigrations",
      false,
      `it is the only machine with ${what}, so migrations would never run`,
    );
  if (what !== "Rails") return;
  for (const { name, role, runsMigrations } of nodes) {
    if (runsMigrations && !RAILS.includes(role) && role !== LinuxPackageRole.PRAEFECT)
      checks.fail(`nodes.${name}.runsMigrations`, true, `a machine with the role ${role} has none to run`);
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
      "allowed are 1 to 63 lower-case letters, digits and hyphens: it is a service's name in Consul",
    );
    if (seen.has(cluster.name)) checks.fail("clusters.name", cluster.name, "each cluster may be there once");
    seen.add(cluster.name);
    if (servers.has(cluster.server))
      checks.fail(`${at}.server`, cluster.server, "another cluster has this server");
    servers.add(cluster.server);
    if (!isSelfManaged(cluster))
      checks.fail(
        `${at}.server`,
        cluster.server.location.cloud,
        "it is a managed server: the cloud runs it and moves its endpoint, so there is no cluster of the package to set up or watch",
      );
    if (!topology.entries.some((entry) => entry.direct.server === cluster.server))
      checks.fail(`${at}.server`, cluster.server, "no database of the topology is on it");
    const members = nodes.filter((node) => node.cluster === cluster.name);
    checkMembers(checks, at, cluster, members);
    for (const property of ["passwordAddresses", "trustAddresses"] as const)
      for (const address of cluster[property] ?? [])
        checks.matches(
          `${at}.${property}`,
          address,
          /^[0-9a-fA-F.:]+\/\d{1,3}$/,
          "allowed is a network in CIDR notation, such as 10.6.0.0/16",
        );
    if (cluster.trustAddresses?.length)
      checks.optOut(
        `${at}.trustAddresses: whoever has such an address is let in as any user, without a password`,
      );
    if (!cluster.passwordAddresses?.length && !cluster.trustAddresses?.length)
      checks.fail(
        `${at}.passwordAddresses`,
        cluster.passwordAddresses,
        "no machine could log in; name a network",
      );
    checkVersion(checks, at, cluster, topology);
    if (cluster.restrictDatabaseAccess === false)
      checks.optOut(
        `${at}.restrictDatabaseAccess: every user of the cluster may connect to each of its databases`,
      );
  }
}

function checkVersion(
  checks: SynthChecks,
  at: string,
  cluster: LinuxPackageCluster,
  topology: DatabaseTopology,
): void {
  const { version } = topology;
  const { components } = divided(topology, cluster);
  if (components.length > 0 && !version.atLeast(...COMPONENTS_SINCE)) {
    checks.warn(
      `${at}: before 19.2 the package makes no databases but those of Rails with one owner; make ${components.map((e) => e.name).join(", ")} with DatabaseObjects`,
    );
  }
  if (version.atLeast(...RESTRICTS_SINCE)) return;
  if (cluster.restrictDatabaseAccess)
    checks.fail(
      `${at}.restrictDatabaseAccess`,
      true,
      `the package ${version.version} cannot; 19.3 is the first`,
    );
  else if (cluster.restrictDatabaseAccess === undefined)
    checks.optOut(`${at}.restrictDatabaseAccess: before 19.3 every user may connect to each database`);
}

function checkMembers(
  checks: SynthChecks,
  at: string,
  cluster: LinuxPackageCluster,
  members: readonly LinuxPackageNode[],
): void {
  const patroni = members.filter((node) => node.role === LinuxPackageRole.PATRONI);
  const names = members.map((node) => node.name);
  if (members.length === 0) checks.fail(at, names, "the cluster has no machine; give one its name");
  if (patroni.length > 0 && patroni.length < members.length)
    checks.fail(at, names, "the machines of a cluster all run Patroni, or it is a single POSTGRES");
  if (patroni.length === 0 && members.length > 1)
    checks.fail(at, names, "several machines of one cluster need Patroni, or nobody decides who leads");
  if (patroni.length === 1) checks.warn(`${at} has one member: nobody takes over when it fails`);
  if (patroni.length > 0 && cluster.replicationPassword === undefined)
    checks.fail(`${at}.replicationPassword`, undefined, "members copy from the leader with a password");
  if (patroni.length > 0 && cluster.apiLogin === undefined)
    checks.optOut(`${at}.apiLogin: whoever reaches Patroni's interface may change who leads`);
}

/** A secret's file has the name of who it is for, so two of one name would be one file with one of the two passwords. */
function checkSecretNames(checks: SynthChecks, { topology, clusters }: LinuxPackageConfigProps): void {
  const names = topology.entries.map(({ name }) => name);
  const taken = new Map([
    ...(clusters ?? []).flatMap(({ name }): [string, string][] => [
      [`${name}-replication`, `the replication of cluster ${name}`],
      [`${name}-api`, `Patroni's interface of cluster ${name}`],
    ]),
    ...names.map((name): [string, string] => [`${name}-direct`, `${name} past its pooler`]),
  ]);
  for (const name of names) {
    const other = taken.get(name);
    if (other !== undefined)
      checks.fail(
        `topology.${name}`,
        name,
        `the file ${name}.password is for ${other}; give the component another name`,
      );
  }
}

function checkDatabases(checks: SynthChecks, { topology, nodes, pooler }: LinuxPackageConfigProps): void {
  for (const { name, database, direct } of topology.entries) {
    if (!canLogIn(database) || !canLogIn(direct))
      checks.fail(
        `topology.${name}.owner`,
        "cloud-identity",
        "the Linux package logs in with a password; give the owner one",
      );
  }
  if (topology.entry("geo")?.direct.server.tls.clientCertificate)
    checks.fail(
      "topology.geo",
      "a client certificate",
      "the package has no setting for it (geo_secondary['db_sslcert']); let the server of the tracking database do without",
    );
  const main = topology.entry("main");
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
        "host, port and name are main's, so the package would take it for main's database and never migrate it; give it another name",
      );
    const handed = Object.keys(main.settings).filter(
      (key) => !(key in entry.settings) && key !== "loadBalancing",
    );
    if (handed.length > 0)
      checks.warn(
        `the package hands main's ${handed.join(", ")} on to ${entry.name}; set it for ${entry.name}, too, if it is to be another`,
      );
  }
}
