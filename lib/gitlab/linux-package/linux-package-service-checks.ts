// The services around PostgreSQL: Consul, which holds Patroni's lock, and PgBouncer.

import { Cloud } from "../../database";
import type { SynthChecks } from "../../database/private";
import {
  type LinuxPackageConfigProps,
  LinuxPackageRole,
  type LinuxPackageTlsFiles,
} from "./linux-package-props";

/** Reports what is wrong with Consul. @internal */
export function checkConsul(checks: SynthChecks, { nodes, consul }: LinuxPackageConfigProps): void {
  const servers = nodes.filter((node) => node.role === LinuxPackageRole.CONSUL);
  tlsFiles(checks, "consul.tls", consul?.tls);
  const patroni = nodes.filter((node) => node.role === LinuxPackageRole.PATRONI);
  if (patroni.length > 0 && servers.length === 0)
    checks.fail(
      "nodes",
      patroni.map((n) => n.name),
      "Patroni keeps the leader's lock in Consul: add machines with the role consul, best three",
    );
  if (servers.length > 0 && servers.length % 2 === 0)
    checks.fail(
      "nodes",
      servers.map((n) => n.name),
      "an odd number of Consul servers: half of an even one is no majority",
    );
  if (servers.length === 1) checks.warn("there is one Consul server: without it no leader is elected");
  if (servers.length === 0) return;
  if (!consul?.encryptionKey) checks.optOut("consul.encryptionKey: Consul's gossip is not encrypted");
  if (!consul?.accessControl)
    checks.optOut("consul.accessControl: whoever reaches Consul may change who leads");
  checks.matches(
    "consul.datacenter",
    consul?.datacenter,
    /^[a-z0-9_-]+$/,
    "allowed are lower-case letters, digits, hyphens and underscores",
  );
}

/** Reports what is wrong with the poolers. @internal */
export function checkPooler(checks: SynthChecks, { nodes, pooler, topology }: LinuxPackageConfigProps): void {
  const poolers = nodes.filter((node) => node.role === LinuxPackageRole.PGBOUNCER);
  const names = poolers.map((node) => node.name);
  if (poolers.length > 0 && !pooler)
    checks.fail(
      "pooler",
      undefined,
      `the machines ${names.join(", ")} run PgBouncer: say how they are reached, and the console's user`,
    );
  if (!pooler) return;
  tlsFiles(checks, "pooler.tls", pooler.tls);
  if (poolers.length === 0)
    checks.fail("pooler.host", pooler.host, "no machine has the role pgbouncer, so nobody would answer");
  checks.wholeNumber("pooler.port", pooler.port, 1, 65_535);
  checks.matches(
    "pooler.host",
    pooler.host,
    /^[A-Za-z0-9._:-]+$/,
    "allowed is a DNS name or an address, without scheme, port and brackets",
  );
  if (!pooler.consoleLogin?.password)
    checks.fail(
      "pooler.consoleLogin",
      undefined,
      'the console\'s user has a password: DatabaseLogin.withPassword("pgbouncer", secret)',
    );
  checks.check(
    "pooler.consoleLogin",
    pooler.consoleLogin?.username,
    () => pooler.consoleLogin.username === "pgbouncer",
    "the console is for the user pgbouncer (pgbouncer['admin_users'])",
  );
  if (!pooler.tls) checks.optOut("pooler.tls: between GitLab and PgBouncer nothing is encrypted");
  if (pooler.authQuery)
    checks.optOut("pooler.authQuery: PgBouncer's user may read the hash of every password");
  const managed = topology.entries.filter((e) => e.direct.server.location.cloud !== Cloud.SELF_MANAGED);
  for (const { name, direct } of managed)
    checks.fail(
      `topology.${name}`,
      direct.server.location.cloud,
      "the package's PgBouncer knows MD5 hashes only, which managed servers refuse, and is not required there: leave it out, or take the cloud's pooler or a PgBouncer of lib/pooling",
    );
  for (const { name, settings } of topology.rails) {
    if (settings.preparedStatements)
      checks.fail(
        `topology.${name}.preparedStatements`,
        true,
        "the package's PgBouncer pools by transaction, where they do not work",
      );
  }
  for (const name of Object.keys(pooler.poolSizes ?? {})) {
    if (!topology.entries.some((entry) => entry.name === name && entry.databaseTasks))
      checks.fail("pooler.poolSizes", name, "the topology has no such entry with a database of its own");
  }
  const authorities = new Set(
    topology.entries.map(({ direct }) => direct.server.tls.caCertificatesPem === undefined),
  );
  if (authorities.size > 1)
    checks.fail(
      "pooler",
      "public and own authorities",
      "PgBouncer has one list of authorities for all servers: give each server its authorities as PEM text",
    );
}

function tlsFiles(checks: SynthChecks, property: string, files: LinuxPackageTlsFiles | undefined): void {
  if (!files) return;
  for (const key of ["certificateFile", "keyFile", "caFile"] as const)
    checks.matches(
      `${property}.${key}`,
      files[key],
      /^(\/[A-Za-z0-9._-]+)+$/,
      "allowed is an absolute path of letters, digits, dots, hyphens and underscores",
    );
  if (!files.certificateFile || !files.keyFile)
    checks.fail(
      property,
      Object.keys(files).filter((key) => files[key as keyof LinuxPackageTlsFiles]),
      "certificateFile and keyFile come together",
    );
}
