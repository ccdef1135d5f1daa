// Checks of Consul, which holds Patroni's leader lock, and of PgBouncer.

import { Cloud } from "../../database";
import type { SynthChecks } from "../../database/private";
import type { LinuxPackageConfigProps } from "./linux-package-config";
import { LinuxPackageRole, type LinuxPackageTlsFiles } from "./linux-package-node";

/** Reports mistakes in the Consul machines and settings. @internal */
export function checkConsul(checks: SynthChecks, { nodes, consul }: LinuxPackageConfigProps): void {
  const servers = nodes.filter((node) => node.role === LinuxPackageRole.CONSUL);
  tlsFiles(checks, "consul.tls", consul?.tls);
  const patroni = nodes.filter((node) => node.role === LinuxPackageRole.PATRONI);
  if (patroni.length > 0 && servers.length === 0)
    checks.fail(
      "nodes",
      patroni.map((n) => n.name),
      "must include machines with the role consul, best three, since Patroni keeps the leader lock in Consul",
      "nodes.consul",
    );
  if (servers.length > 0 && servers.length % 2 === 0)
    checks.fail(
      "nodes",
      servers.map((n) => n.name),
      "must have an odd number of Consul servers, so that a majority exists when they are split",
      "nodes.consul.odd",
    );
  if (servers.length === 1)
    checks.warn("nodes: with a single Consul server no leader is elected while it is down", "nodes.consul");
  if (servers.length === 0) return;
  if (!consul?.encryptionKey) checks.optOut("consul.encryptionKey: Consul's gossip is not encrypted");
  if (!consul?.accessControl)
    checks.optOut("consul.accessControl: every client that can connect to Consul may change the leader");
  checks.matches(
    "consul.datacenter",
    consul?.datacenter,
    /^[a-z0-9_-]+$/,
    "must be lower-case letters, digits, hyphens and underscores",
  );
}

/** Reports mistakes in the PgBouncer machines and settings. @internal */
export function checkPooler(checks: SynthChecks, { nodes, pooler, topology }: LinuxPackageConfigProps): void {
  const poolers = nodes.filter((node) => node.role === LinuxPackageRole.PGBOUNCER);
  const names = poolers.map((node) => node.name);
  if (poolers.length > 0 && !pooler)
    checks.fail("pooler", undefined, `must be set for the PgBouncer machines ${names.join(", ")}`);
  if (!pooler) return;
  tlsFiles(checks, "pooler.tls", pooler.tls);
  if (poolers.length === 0)
    checks.fail("pooler.host", pooler.host, "must have a machine with the role pgbouncer behind it");
  checks.wholeNumber("pooler.port", pooler.port, 1, 65_535);
  checks.matches(
    "pooler.host",
    pooler.host,
    /^[A-Za-z0-9._:-]+$/,
    "must be a DNS name or an address, without scheme, port and brackets",
  );
  if (!pooler.consoleLogin?.password)
    checks.fail(
      "pooler.consoleLogin",
      undefined,
      'must have a password; use DatabaseLogin.withPassword("pgbouncer", secret)',
    );
  checks.check(
    "pooler.consoleLogin",
    pooler.consoleLogin?.username,
    () => pooler.consoleLogin.username === "pgbouncer",
    "must be the user pgbouncer (pgbouncer['admin_users'])",
  );
  if (!pooler.tls) checks.optOut("pooler.tls: connections from GitLab to PgBouncer are not encrypted");
  if (pooler.authQuery)
    checks.optOut("pooler.authQuery: PgBouncer's user may read the hash of every password");
  const managed = topology.entries.filter((e) => e.direct.server.location.cloud !== Cloud.SELF_MANAGED);
  for (const { name, direct } of managed)
    checks.fail(
      `topology.${name}`,
      direct.server.location.cloud,
      "must be self-managed behind the package's PgBouncer, which supports MD5 hashes only, and managed servers refuse them; use the cloud's pooler or `PgBouncer` of the pooling module, or none",
      "topology.managed",
    );
  for (const { name, settings } of topology.rails) {
    if (settings.preparedStatements)
      checks.fail(
        `topology.${name}.preparedStatements`,
        true,
        "must be false, since the package's PgBouncer runs in transaction mode",
        "topology.preparedStatements",
      );
  }
  for (const name of Object.keys(pooler.poolSizes ?? {})) {
    if (!topology.entries.some((entry) => entry.name === name && entry.databaseTasks))
      checks.fail("pooler.poolSizes", name, "must be for entries of the topology with a separate database");
  }
  const authorities = new Set(
    topology.entries.map(({ direct }) => direct.server.tls.caCertificatesPem === undefined),
  );
  if (authorities.size > 1)
    checks.fail(
      "pooler",
      "public and own authorities",
      "must use one kind of certificate authorities, since PgBouncer has one list for all servers; set tls.caCertificatesPem of each server",
    );
}

function tlsFiles(checks: SynthChecks, property: string, files: LinuxPackageTlsFiles | undefined): void {
  if (!files) return;
  for (const key of ["certificateFile", "keyFile", "caFile"] as const)
    checks.matches(
      `${property}.${key}`,
      files[key],
      /^(\/[A-Za-z0-9._-]+)+$/,
      "must be an absolute path of letters, digits, dots, hyphens and underscores",
    );
  if (!files.certificateFile || !files.keyFile)
    checks.fail(
      property,
      Object.keys(files).filter((key) => files[key as keyof LinuxPackageTlsFiles]),
      "must have both certificateFile and keyFile",
    );
}
