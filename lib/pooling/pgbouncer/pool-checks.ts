// What PgBouncer, or Kubernetes half-way through an apply, would refuse, and what it would accept although it is wrong.

import {
  Cloud,
  DatabaseProvisioning,
  EngineFamily,
  type IDatabaseServer,
  LoginAuthentication,
  PoolMode,
  strictestSslMode,
} from "../../database";
import type { SynthChecks } from "../../database/private";
import { checkUserName, isResolved } from "../../database/private";
import type { AuthQuery } from "./auth-query";
import { PREPARED_STATEMENTS_SINCE, RESERVED_ENTRIES, RESERVED_POOL_USERS } from "./data/pgbouncer-facts";
import type { PgBouncerImage } from "./pgbouncer-image";
import type { ResolvedEntry } from "./pool-entry";

const ENTRY_NAME = /^[a-zA-Z_][a-zA-Z0-9_-]{0,62}$/;

/** Reports a size that is no number of the range, or that only Terraform knows. */
export function checkSize(
  checks: SynthChecks,
  property: string,
  value: number | undefined,
  min: number,
  max: number,
): void {
  if (value !== undefined && !isResolved(value)) {
    checks.fail(property, value, "the sizes of pools follow from it, so it has to be known at synth");
    return;
  }
  checks.wholeNumber(property, value, min, max);
}

/** Reports processor time and memory that Kubernetes would refuse, or that make no pooler. */
export function checkResources(
  checks: SynthChecks,
  cpu: string | undefined,
  memory: string | undefined,
): void {
  checks.check(
    "cpu",
    cpu,
    () => /^([1-9]\d{0,2}m|1000m|1|0?\.\d*[1-9]\d*)$/.test(cpu as string),
    'allowed is "1m" to "1000m" or a part of one core such as "0.5"; PgBouncer has one thread',
  );
  checks.matches(
    "memory",
    memory,
    /^[1-9]\d*(Mi|Gi|M|G)$/,
    'allowed is a whole number with Mi, Gi, M or G, such as "512Mi"',
  );
}

/** Reports what is wrong with entries, each by itself and together. */
export function checkEntries(checks: SynthChecks, entries: ResolvedEntry[]): void {
  if (entries.length === 0) checks.fail("entries", [], "a pooler needs at least one entry");
  const names = new Set<string>();
  for (const entry of entries) {
    const at = (property: string) => `entries.${property} of ${entry.name}`;
    checks.matches(
      "entries.name",
      entry.name,
      ENTRY_NAME,
      "allowed are 1 to 63 letters, digits, underscores and hyphens, with a letter or underscore first",
    );
    checks.check(
      "entries.name",
      entry.name,
      () => !RESERVED_ENTRIES.includes(entry.name),
      "the name is reserved: PgBouncer's console has it",
    );
    if (names.has(entry.name))
      checks.fail(
        "entries.name",
        entry.name,
        "each name may be there once; give one of the entries another name",
      );
    names.add(entry.name);
    checkSize(checks, at("poolSize"), entry.poolSize, 1, 10_000);
    checkSize(checks, at("maxClients"), entry.maxClients, 1, 100_000);
    checks.check(
      at("share"),
      entry.share,
      () => entry.share > 0 && Number.isFinite(entry.share),
      "allowed is a number above 0",
    );
    if (!isResolved(entry.share))
      checks.fail(
        at("share"),
        entry.share,
        "the sizes of pools follow from it, so it has to be known at synth",
      );
    const { engine } = entry.database.server;
    checks.check(
      at("database"),
      engine.label,
      () => engine.family === EngineFamily.POSTGRES,
      "PgBouncer speaks PostgreSQL only",
    );
    if (entry.database.pooling) {
      checks.fail(
        at("database"),
        entry.database.databaseName,
        "it is behind a pooler already; give the database itself (pooling.direct)",
      );
    }
    const { username } = entry.login;
    // The owner was judged with its database.
    if (entry.login !== entry.database.owner) {
      checkUserName(checks, at("login"), engine, username, entry.database.server.reservedNames);
    }
    checks.check(
      at("login"),
      username,
      () => !RESERVED_POOL_USERS.includes(username.toLowerCase()),
      `the name is reserved; not allowed are ${RESERVED_POOL_USERS.join(", ")}`,
    );
    if (username === entry.database.server.adminLogin?.username) {
      checks.fail(at("login"), username, "a component never uses the administrator's login");
    }
  }
  checkSharedUsers(checks, entries);
}

/** PgBouncer keeps one password for each user name, so a name on two servers is shared as well. */
function checkSharedUsers(checks: SynthChecks, entries: ResolvedEntry[]): void {
  const first = new Map<string, ResolvedEntry>();
  for (const entry of entries) {
    const { username } = entry.login;
    const other = first.get(username);
    if (!other) {
      first.set(username, entry);
    } else if (other.component !== entry.component) {
      checks.fail(
        `entries.login of ${entry.name}`,
        username,
        `component ${other.component} has the same user (entry ${other.name}); each component gets a user of its own, so that it reaches its own databases only`,
      );
    } else if (other.database.server !== entry.database.server) {
      checks.fail(
        `entries.login of ${entry.name}`,
        username,
        `entry ${other.name} has a user of the same name on another server, and PgBouncer keeps one password for a name`,
      );
    }
  }
}

/** Reports what the version of PgBouncer cannot do. */
export function checkImage(checks: SynthChecks, image: PgBouncerImage, entries: ResolvedEntry[]): void {
  checks.check(
    "image.version",
    image.version,
    () => image.isSupported,
    "allowed is an exact version, 1.18.0 or later",
  );
  checks.check(
    "image.reference",
    image.reference,
    () => /(:[^/:]+|@sha256:[0-9a-f]{64})$/.test(image.reference) && !/:latest$/.test(image.reference),
    "allowed is an image with an exact tag or a digest",
  );
  for (const entry of entries) {
    if (entry.preparedStatements && entry.mode === PoolMode.TRANSACTION && !image.keepsPreparedStatements) {
      checks.fail(
        `entries.preparedStatements of ${entry.name}`,
        true,
        `in transaction mode they need PgBouncer ${PREPARED_STATEMENTS_SINCE} (this is ${image.version}); turn them off in the application, take session mode, or a newer image`,
      );
    }
  }
}

/** Reports logins by identity: a pooler has no identity of its clients. */
export function checkIdentities(checks: SynthChecks, entries: ResolvedEntry[]): void {
  for (const { name, login } of entries) {
    if (login.authentication === LoginAuthentication.CLOUD_IDENTITY) {
      checks.fail(
        `entries.login of ${name}`,
        login.authentication,
        "a pooler cannot log in with its clients' cloud identity; give the component a login with a password",
      );
    }
  }
}

/** Reports logins that PgBouncer could not use at the server. */
export function checkLogins(
  checks: SynthChecks,
  entries: ResolvedEntry[],
  authQuery: AuthQuery | undefined,
): void {
  checkIdentities(checks, entries);
  for (const { name, login } of entries) {
    const identity = login.authentication === LoginAuthentication.CLOUD_IDENTITY;
    if (!identity && !login.password && !authQuery) {
      checks.fail(
        `entries.login of ${name}`,
        login.username,
        "PgBouncer needs the password to log in to the server",
      );
    }
  }
  if (!authQuery) return;
  if (!authQuery.login.password) {
    checks.fail(
      "authQuery.login",
      authQuery.login.username,
      "PgBouncer needs the password to ask the server",
    );
  }
  for (const server of serversOf(entries)) {
    const { cloud } = server.location;
    if (cloud !== Cloud.SELF_MANAGED) {
      checks.fail(
        "authQuery",
        cloud,
        "managed servers have no superuser, and nobody else may read the verifiers of users, not even through a SECURITY DEFINER function; leave it out, and the pooler gets a list of users",
      );
    }
  }
  const taken = entries.find((e) => e.login.username === authQuery.login.username);
  if (taken)
    checks.fail(
      "authQuery.login",
      authQuery.login.username,
      `entry ${taken.name} has the same user; the pooler asks with a user of its own`,
    );
}

/** Reports servers that need different TLS settings: PgBouncer has one for all. */
export function checkServerTls(checks: SynthChecks, entries: ResolvedEntry[]): void {
  const servers = serversOf(entries);
  const modes = new Set(servers.map((server) => strictestSslMode(server.tls)));
  if (modes.size > 1) {
    checks.fail(
      "entries",
      [...modes],
      "PgBouncer checks all servers in one way; give servers that need another way a pooler of their own",
    );
  }
  const certificates = new Set(servers.map((server) => server.tls.clientCertificate));
  if (certificates.size > 1) {
    checks.fail(
      "entries",
      servers.map((s) => s.node.id),
      "PgBouncer has one client certificate for all servers; give them poolers of their own",
    );
  }
}

/** Reports users that nobody may have made yet when the pooler starts. */
export function checkSetup(checks: SynthChecks, entries: ResolvedEntry[], dependsOnSomething: boolean): void {
  const open = entries
    .filter((e) => e.database.provisioning === DatabaseProvisioning.SQL_JOB)
    .map((e) => e.name);
  if (open.length > 0 && !dependsOnSomething) {
    checks.fail(
      "dependsOn",
      undefined,
      `the databases and users of ${open.join(", ")} are made in SQL; pass what makes them, such as objects.dependables, so that the pooler comes after its users`,
    );
  }
}

/** The servers of entries, each once. */
export function serversOf(entries: ResolvedEntry[]): IDatabaseServer[] {
  return [...new Set(entries.map((e) => e.database.server))];
}
