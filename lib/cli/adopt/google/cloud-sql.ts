// Cloud SQL instances of a state, as `CloudSqlServer` and `CloudSqlReadReplica`.

import type { AdoptedConstruct } from "../adopted-construct";
import {
  call,
  type Expression,
  imported,
  literal,
  object,
  optional,
  type Statement,
  variable,
} from "../program/expression";
import type { Names } from "../program/names";
import { DAYS, engineOf, majorOf, namedSize, windowOf, word } from "../program/vocabulary";
import { hasMark, type Members } from "../state/members";
import { block, blocks, type StateResource, text } from "../state/state-resource";

const GOOGLE = "cdktf-devplatforms/google";

/** Flags that a property sets, by engine. */
const BY_PROPERTY = {
  postgres: ["cloudsql.iam_authentication", "log_min_duration_statement", "max_connections"],
  mysql: [
    "cloudsql_iam_authentication",
    "long_query_time",
    "max_connections",
    "require_secure_transport",
    "slow_query_log",
    "log_output",
  ],
};

/** Largest disk of Cloud SQL, in GiB: the limit of an instance without one. */
const LARGEST_DISK = 65_536;

/** Reason why an instance is not adopted; undefined if it can be. */
export function refusalOf({ address, values, sensitive }: StateResource): string | undefined {
  const version = String(values.database_version ?? "");
  const instance = `${address} (${String(values.name ?? "no name")})`;
  if (version.startsWith("SQLSERVER"))
    return `${instance}: Cloud SQL for SQL Server is not supported; CloudSqlServer takes PostgreSQL and MySQL.`;
  if (!/^(POSTGRES|MYSQL)_\d/.test(version))
    return `${instance}: its database version is not known (got "${version}").`;
  const [settings] = blocks(sensitive, "settings");
  if (hasMark(settings?.database_flags))
    return `${instance}: a value of settings.database_flags is sensitive in the state, and flags can be written all or none; take the mark away (nonsensitive) first.`;
  return undefined;
}

/** A server or, with its source, a read replica. */
export function cloudSqlConstruct(
  instance: StateResource,
  names: Names,
  networks: Map<string, string>,
  source?: AdoptedConstruct,
): AdoptedConstruct {
  const { values } = instance;
  const name = String(values.name);
  const version = String(values.database_version);
  const family = version.startsWith("MYSQL") ? "mysql" : "postgres";
  const number = version.replace(/^[A-Z]+_/, "").replace(/_/g, ".");
  const settings = block(values, "settings");
  const ip = block(settings, "ip_configuration");
  const backup = block(settings, "backup_configuration");
  const flags = new Map(
    blocks(settings, "database_flags").map((flag) => [String(flag.name), String(flag.value)] as const),
  );
  const { id, constant } = names.of(name);
  const before: Statement[] = [];
  const notes: string[] = [];
  const network = source === undefined ? networkOf(ip, instance, names, networks, before) : undefined;
  const others = [...flags].filter(([flag]) => !BY_PROPERTY[family].includes(flag));
  const iam = flags.get(
    family === "postgres" ? "cloudsql.iam_authentication" : "cloudsql_iam_authentication",
  );
  const regional = settings.availability_type === "REGIONAL";
  const tlsMode = tlsModeOf(ip);
  const insights = block(settings, "insights_config").query_insights_enabled === true;
  const days = Number(block(backup, "backup_retention_settings").retained_backups ?? 0);
  const isBackedUp = backup.enabled === true && source === undefined;
  const window = isBackedUp && backup.start_time ? object({ start: literal(backup.start_time) }) : undefined;
  const logDays = Number(backup.transaction_log_retention_days ?? 0);
  const limit = Number(settings.disk_autoresize_limit ?? 0);
  const labels = tagsIn(settings);
  const key = text(instance, "encryption_key_name");
  const maintenance = block(settings, "maintenance_window");
  const maintenanceDay = DAYS[Number(maintenance.day ?? 0) - 1];
  if (blocks(ip, "authorized_networks").length > 0)
    notes.push(
      "authorized_networks: held; the instance accepts connections from these addresses on the internet.",
    );
  if (ip.ipv4_enabled === true)
    notes.push(
      "ipv4_enabled true: held; the instance has a public address. Move the clients to the private one first.",
    );
  if (ip.private_network === "" || ip.private_network === undefined || ip.private_network === null)
    notes.push(
      "private_network: the instance has none, so that the network of the program is a placeholder and its endpoint has no address until one is added. Adding one restarts the instance.",
    );
  if (blocks(ip, "psc_config").some(({ psc_enabled }) => psc_enabled === true))
    notes.push(
      "psc_config: held; replace the network of the program by PrivateServiceConnect before clients use its endpoint.",
    );
  if (settings.disk_autoresize === true && limit === 0)
    notes.push(
      `disk_autoresize_limit 0: the disk grows without a limit; storage.maxSizeGiB has to name one, and is held.`,
    );
  if (source === undefined)
    notes.push(
      "adminLogin none: users stay as they are. CloudSqlAdminLogin.generated() adds the user dbadmin, without a restart; nothing else changes.",
    );
  const common: { [name: string]: Expression | undefined } = {
    instanceName: literal(name),
    project: optional(text(instance, "project")),
    region: literal(String(values.region)),
    size: namedSize("google", String(settings.tier)),
    storage: object({
      sizeGiB: literal(Number(settings.disk_size ?? 10)),
      maxSizeGiB:
        settings.disk_autoresize === false ? undefined : literal(limit === 0 ? LARGEST_DISK : limit),
    }),
    encryptionKey:
      key === undefined ? undefined : call(imported(GOOGLE, "CryptoKey.fromKeyName"), literal(key)),
    grantEncryptionKey: key === undefined ? undefined : literal(false),
    tags: optional(labels),
  };
  const current: { [name: string]: Expression | undefined } = {
    availability:
      regional === (source === undefined)
        ? undefined
        : word(regional ? "Availability.ZONE_REDUNDANT" : "Availability.ZONAL"),
    backup: isBackedUp ? object({ retentionDays: optional(days || undefined), window }) : undefined,
    transactionLogRetentionDays: isBackedUp ? optional(logDays || undefined) : undefined,
    backupLocation: isBackedUp && backup.location ? literal(backup.location) : undefined,
    maintenanceWindow:
      maintenanceDay === undefined || source !== undefined
        ? undefined
        : windowOf(maintenanceDay, `${String(maintenance.hour ?? 0).padStart(2, "0")}:00`, 60),
    maintenanceTrack: source === undefined ? trackOf(maintenance.update_track) : undefined,
    parameters: others.length === 0 ? undefined : literal(Object.fromEntries(others)),
    maxConnections: whole(flags.get("max_connections")),
    slowQueryMs: slowQueryMs(family, flags),
    iamAuthentication: iam === "on" ? undefined : literal(false),
    tlsMode: tlsMode === "ENCRYPTED" ? undefined : imported(GOOGLE, `TlsMode.${tlsMode}`),
    certificateAuthority: authorityOf(ip),
    connectorRequired: settings.connector_enforcement === "REQUIRED" ? literal(true) : undefined,
    queryInsights: insights ? undefined : literal(false),
  };
  return {
    constant,
    id,
    comment: [`${instance.address}: ${version}, ${String(settings.tier)}`],
    type: imported(GOOGLE, source === undefined ? "CloudSqlServer" : "CloudSqlReadReplica"),
    before,
    props:
      source === undefined
        ? {
            engine: engineOf(family, number),
            ...common,
            network,
            adminLogin: call(imported(GOOGLE, "CloudSqlAdminLogin.none")),
            ...current,
          }
        : { source: variable(source.constant), ...common, ...current },
    hardened: {
      availability: undefined,
      ...(isBackedUp && days < 14
        ? { backup: window && object({ window }), transactionLogRetentionDays: undefined }
        : {}),
      iamAuthentication: undefined,
      ...(tlsMode === "OPTIONAL" ? { tlsMode: undefined } : {}),
      queryInsights: undefined,
    },
    properties: {
      "settings.availability_type": "availability",
      "settings.backup_configuration.backup_retention_settings.retained_backups": "backup.retentionDays",
      "settings.backup_configuration.transaction_log_retention_days": "transactionLogRetentionDays",
      "settings.ip_configuration.ssl_mode": "tlsMode",
      "settings.insights_config.query_insights_enabled": "queryInsights",
    },
    fallbacks: {
      acceptExtendedSupport: { acceptExtendedSupport: literal(majorOf(family, number)) },
      engine: { acceptExtendedSupport: literal(majorOf(family, number)) },
    },
    resources: [
      {
        path: "Resource",
        id: importId(instance),
        state: instance,
        // The provider's own protection, not that of the instance; and arguments of a clone or replacement.
        harmless: ["deletion_protection", "root_password"],
        ignored: [],
      },
    ],
    absent: {},
    notes,
  };
}

function importId({ values }: StateResource): string {
  return `projects/${String(values.project)}/instances/${String(values.name)}`;
}

function networkOf(
  ip: Members,
  instance: StateResource,
  names: Names,
  networks: Map<string, string>,
  statements: Statement[],
): Expression {
  const named = typeof ip.private_network === "string" ? ip.private_network : "";
  const networkId =
    /projects\/[^/]+\/global\/networks\/[^/]+$/.exec(named)?.[0] ??
    `projects/${String(instance.values.project)}/global/networks/default`;
  const range =
    typeof ip.allocated_ip_range === "string" && ip.allocated_ip_range !== ""
      ? ip.allocated_ip_range
      : undefined;
  const identity = `${networkId} ${range}`;
  const known = networks.get(identity);
  if (known !== undefined) return variable(known);
  const { id, constant } = names.of("network");
  networks.set(identity, constant);
  statements.push({
    comment: ["The VPC network and its private services access stay where they are managed."],
    constant,
    expression: call(
      imported(GOOGLE, "DatabaseNetwork.fromDatabaseNetworkAttributes"),
      variable("this"),
      literal(id),
      object({ networkId: literal(networkId), allocatedRangeName: optional(range) }),
    ),
  });
  return variable(constant);
}

function tlsModeOf(ip: Members): string {
  if (ip.ssl_mode === "ENCRYPTED_ONLY") return "ENCRYPTED";
  if (ip.ssl_mode === "TRUSTED_CLIENT_CERTIFICATE_REQUIRED") return "MUTUAL";
  return ip.require_ssl === true ? "MUTUAL" : "OPTIONAL";
}

function authorityOf(ip: Members): Expression | undefined {
  if (ip.server_ca_mode === "GOOGLE_MANAGED_CAS_CA")
    return imported(GOOGLE, "CloudSqlCertificateAuthority.REGIONAL");
  if (ip.server_ca_mode === "CUSTOMER_MANAGED_CAS_CA")
    return call(imported(GOOGLE, "CloudSqlCertificateAuthority.pool"), literal(ip.server_ca_pool));
  return undefined;
}

function trackOf(track: unknown): Expression | undefined {
  const names: { readonly [track: string]: string | undefined } = { canary: "EARLY", week5: "WEEK5" };
  const name = names[String(track)];
  return name === undefined ? undefined : imported(GOOGLE, `MaintenanceTrack.${name}`);
}

function slowQueryMs(family: string, flags: ReadonlyMap<string, string>): Expression | undefined {
  if (family === "postgres") return whole(flags.get("log_min_duration_statement") ?? "-1");
  if (flags.get("slow_query_log") !== "on") return literal(-1);
  const seconds = Number(flags.get("long_query_time") ?? 10);
  return Number.isFinite(seconds) ? literal(Math.round(seconds * 1000)) : undefined;
}

function whole(value: string | undefined): Expression | undefined {
  return value !== undefined && /^-?\d+$/.test(value) ? literal(Number(value)) : undefined;
}

function tagsIn(settings: Members): { [name: string]: unknown } | undefined {
  const labels = settings.user_labels;
  return typeof labels === "object" && labels !== null && Object.keys(labels).length > 0
    ? { ...labels }
    : undefined;
}
