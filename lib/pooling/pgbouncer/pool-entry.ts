import type { DatabaseLogin, IDatabase, IDatabaseServer } from "../../database";
import { EngineFamily, LoginAuthentication, PoolMode, strictestSslMode } from "../../database";
import type { SynthChecks } from "../../database/private";
import { checkUserName, isResolved } from "../../database/private";
import { RESERVED_ENTRIES, RESERVED_POOL_USERS } from "./data/pgbouncer-facts";

const ENTRY_NAME = /^[a-zA-Z_][a-zA-Z0-9_-]{0,62}$/;

/** Logical database behind a pooler, with the user of the one component that connects to it. */
export interface PoolEntry {
  /** Database on its server. */
  readonly database: IDatabase;
  /** Database name for clients; known at synth. @default - the database's name */
  readonly name?: string;
  /**
   * Component that connects. Two components must not share a user; one component may have several entries, such as one for each
   * pool mode. @default - the entry's name
   */
  readonly component?: string;
  /** Login of the component, which the pooler also uses for the server. @default - the database's owner */
  readonly login?: DatabaseLogin;
  /** Pool mode (`pool_mode`). @default PoolMode.TRANSACTION */
  readonly mode?: PoolMode;
  /** Pool size (`pool_size`): maximum number of server connections per pod, 1 to 10000; known at synth. @default - the entry's share of the server's connection budget */
  readonly poolSize?: number;
  /** Weight of the entry when the connection budget is divided, above 0. @default 1 */
  readonly share?: number;
  /**
   * Maximum number of client connections over all pods, 1 to 100000; known at synth. In session mode, clients beyond the pool size
   * wait.
   * @default - the connections that clients declare, plus 25 per cent; 500 when no client declares any
   */
  readonly maxClients?: number;
  /** Enables protocol-level prepared statements. In transaction mode this requires PgBouncer 1.21. @default false */
  readonly preparedStatements?: boolean;
}

/** Entry with its defaults. */
export interface ResolvedEntry {
  /** Name of the entry, which clients use as the database. */
  readonly name: string;
  /** Component that connects. */
  readonly component: string;
  /** Database. */
  readonly database: IDatabase;
  /** Login at the pooler and the server. */
  readonly login: DatabaseLogin;
  /** Pool mode. */
  readonly mode: PoolMode;
  /** Server connections of a pod. Not set: the entry's share of the remaining connections. */
  readonly poolSize?: number;
  /** Share of the remaining connections. */
  readonly share: number;
  /** Client connections of a pod. Not set: a number that follows from the pool size. */
  readonly maxClients?: number;
  /** True if protocol-level prepared statements are enabled. */
  readonly preparedStatements: boolean;
}

/** Sets the defaults of an entry. @internal */
export function resolveEntry(path: string, entry: PoolEntry): ResolvedEntry {
  const name = entry.name ?? entry.database.databaseName;
  if (!isResolved(name)) {
    throw new Error(
      `[${path}] PGBOUNCER-ENTRIES-NAME: entries.name must be known at synth (got not known at synth): construct ids are made from it`,
    );
  }
  return {
    name,
    component: entry.component ?? name,
    database: entry.database,
    login: entry.login ?? entry.database.owner,
    mode: entry.mode ?? PoolMode.TRANSACTION,
    poolSize: entry.poolSize,
    share: entry.share ?? 1,
    maxClients: entry.maxClients,
    preparedStatements: entry.preparedStatements ?? false,
  };
}

/** The servers of entries, without duplicates. @internal */
export function serversOf(entries: ResolvedEntry[]): IDatabaseServer[] {
  return [...new Set(entries.map((e) => e.database.server))];
}

/** Reports a size that is outside the range or not known at synth. @internal */
export function checkSize(
  checks: SynthChecks,
  property: string,
  value: number | undefined,
  min: number,
  max: number,
): void {
  if (value !== undefined && !isResolved(value)) {
    checks.fail(property, value, "must be known at synth: pool sizes are computed from it");
    return;
  }
  checks.wholeNumber(property, value, min, max);
}

/** Reports mistakes in entries. @internal */
export function checkEntries(checks: SynthChecks, entries: ResolvedEntry[]): void {
  if (entries.length === 0) checks.fail("entries", [], "must have at least one entry");
  const names = new Set<string>();
  for (const entry of entries) {
    checks.matches(
      "entries.name",
      entry.name,
      ENTRY_NAME,
      "must be 1 to 63 letters, digits, underscores and hyphens, with a letter or underscore first",
    );
    checks.check(
      "entries.name",
      entry.name,
      () => !RESERVED_ENTRIES.includes(entry.name),
      "must not be the name of PgBouncer's admin console",
    );
    if (names.has(entry.name)) {
      checks.fail("entries.name", entry.name, "must be unique; give one of the entries another name");
    }
    names.add(entry.name);
    checkEntrySizes(checks, entry);
    checkEntryDatabase(checks, entry);
  }
  checkSharedUsers(checks, entries);
}

function checkEntrySizes(checks: SynthChecks, { name, poolSize, maxClients, share }: ResolvedEntry): void {
  checkSize(checks, `entries[${name}].poolSize`, poolSize, 1, 10_000);
  checkSize(checks, `entries[${name}].maxClients`, maxClients, 1, 100_000);
  checks.check(
    `entries[${name}].share`,
    share,
    () => share > 0 && Number.isFinite(share),
    "must be a number above 0",
  );
  if (!isResolved(share)) {
    checks.fail(`entries[${name}].share`, share, "must be known at synth: pool sizes are computed from it");
  }
}

function checkEntryDatabase(checks: SynthChecks, entry: ResolvedEntry): void {
  const { name, database, login } = entry;
  const { engine, reservedNames, adminLogin } = database.server;
  checks.check(
    `entries[${name}].database`,
    engine.label,
    () => engine.family === EngineFamily.POSTGRES,
    "must be a PostgreSQL database",
  );
  if (database.pooling) {
    checks.fail(
      `entries[${name}].database`,
      database.databaseName,
      "must not be behind another pooler; use the database on its server (pooling.direct)",
    );
  }
  for (const { username } of login.users) {
    // The owner is checked with its database.
    if (login !== database.owner) {
      checkUserName(checks, `entries[${name}].login`, engine, username, reservedNames);
    }
    checks.check(
      `entries[${name}].login`,
      username,
      () => !RESERVED_POOL_USERS.includes(username.toLowerCase()),
      `must not be a reserved user: ${RESERVED_POOL_USERS.join(", ")}`,
    );
    if (username === adminLogin?.username) {
      checks.fail(`entries[${name}].login`, username, "must not be the administrator's login");
    }
  }
}

/** PgBouncer stores one password per user name, so users of the same name on two servers conflict too. */
function checkSharedUsers(checks: SynthChecks, entries: ResolvedEntry[]): void {
  const first = new Map<string, ResolvedEntry>();
  for (const entry of entries) {
    // Both of two users that alternate: the owner stands for them.
    const username = entry.login.ownerName;
    const other = first.get(username);
    if (!other) {
      first.set(username, entry);
    } else if (other.component !== entry.component) {
      checks.fail(
        `entries[${entry.name}].login`,
        username,
        `must belong to one component: component ${other.component} has the same user (entry ${other.name}); give each component a separate user, so that it reaches only its databases`,
      );
    } else if (other.database.server !== entry.database.server) {
      checks.fail(
        `entries[${entry.name}].login`,
        username,
        `must be on one server: entry ${other.name} has a user of the same name on another server, and PgBouncer stores one password per name`,
      );
    }
  }
}

/** Reports logins by cloud identity: a pooler does not have its clients' identities. @internal */
export function checkIdentities(checks: SynthChecks, entries: ResolvedEntry[]): void {
  for (const { name, login } of entries) {
    if (login.authentication === LoginAuthentication.CLOUD_IDENTITY) {
      checks.fail(
        `entries[${name}].login`,
        login.authentication,
        "must be a login with a password: a pooler cannot log in with its clients' cloud identities",
      );
    }
  }
}

/** Reports servers that need different TLS settings: PgBouncer has one setting for all. @internal */
export function checkServerTls(checks: SynthChecks, entries: ResolvedEntry[]): void {
  const servers = serversOf(entries);
  const modes = new Set(servers.map((server) => strictestSslMode(server.tls)));
  if (modes.size > 1) {
    checks.fail(
      "entries",
      [...modes],
      "must be on servers with the same SSL mode: PgBouncer has one server_tls_sslmode; use one pooler per SSL mode",
      "entries.tls",
    );
  }
  const certificates = new Set(servers.map((server) => server.tls.clientCertificate));
  if (certificates.size > 1) {
    checks.fail(
      "entries",
      servers.map((s) => s.node.id),
      "must be on servers with the same client certificate: PgBouncer has one server_tls_cert_file; use one pooler per certificate",
      "entries.clientCertificate",
    );
  }
}
