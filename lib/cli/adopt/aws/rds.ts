// DB instances of RDS in a state, as `RdsServer` and `RdsReadReplica`.

import type { AdoptedConstruct, AdoptedResource } from "../adopted-construct";
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
import {
  engineOf,
  loginOf,
  majorOf,
  namedSize,
  passwordVariable,
  windowOf,
  word,
} from "../program/vocabulary";
import { hasMark, memberOf } from "../state/members";
import { blocks, flag, number, type StateResource, tagsOf, text, texts } from "../state/state-resource";
import type { AwsSurroundings } from "./surroundings";

const AWS = "cdktf-devplatforms/aws";

/** Parameters that have a property, by engine. */
const BY_PROPERTY = {
  postgres: ["rds.force_ssl", "max_connections", "log_min_duration_statement"],
  mysql: ["require_secure_transport", "max_connections", "slow_query_log", "long_query_time"],
};

const DAY_NAMES: { readonly [day: string]: string | undefined } = {
  mon: "MONDAY",
  tue: "TUESDAY",
  wed: "WEDNESDAY",
  thu: "THURSDAY",
  fri: "FRIDAY",
  sat: "SATURDAY",
  sun: "SUNDAY",
};

const AUTHORITIES: { readonly [identifier: string]: string | undefined } = {
  "rds-ca-rsa2048-g1": "RSA2048_G1",
  "rds-ca-rsa4096-g1": "RSA4096_G1",
  "rds-ca-ecc384-g1": "ECC384_G1",
};

/** Arguments that act on the state or on a later destruction only. Source: hashicorp/aws 6.25 `internal/service/rds/instance.go`. */
const HARMLESS = [
  "apply_immediately",
  "delete_automated_backups",
  "skip_final_snapshot",
  "final_snapshot_identifier",
  "allow_major_version_upgrade",
];

/** Reason why an instance is not adopted; undefined if it can be. */
export function refusalOf({ values, address }: StateResource): string | undefined {
  const engine = String(values.engine ?? "");
  const version = String(values.engine_version_actual ?? values.engine_version ?? "");
  const instance = `${address} (${String(values.identifier ?? "no identifier")})`;
  if (engine.startsWith("aurora"))
    return `${instance}: Aurora is not RDS for PostgreSQL or MySQL, and this package has no construct for it; leave it where it is managed.`;
  if (engine !== "postgres" && engine !== "mysql")
    return `${instance}: engine ${engine || "unknown"} is not supported; RdsServer takes PostgreSQL and MySQL.`;
  if (!/^\d+(\.\d+)*/.test(version))
    return `${instance}: its engine version is not known (got "${version}").`;
  if (!values.instance_class || typeof values.identifier !== "string" || values.identifier === "")
    return `${instance}: identifier or instance class is missing.`;
  return undefined;
}

/** A server or, with its source, a read replica. */
export function rdsConstruct(
  found: StateResource,
  around: AwsSurroundings,
  names: Names,
  source?: AdoptedConstruct,
): AdoptedConstruct {
  const { values } = found;
  // An import reads the full version.
  const engineVersion = { engine_version: values.engine_version_actual ?? values.engine_version };
  const instance = {
    ...found,
    values: { ...values, ...engineVersion },
    compared: { ...(found.compared ?? values), ...engineVersion },
  };
  const identifier = String(values.identifier);
  const family = values.engine === "mysql" ? "mysql" : "postgres";
  const version = String(instance.values.engine_version);
  const major = majorOf(family, version);
  const automatic = values.auto_minor_version_upgrade !== false;
  const { id, constant } = names.of(identifier);
  const before: Statement[] = [];
  const notes: string[] = [];
  const ofState = around.parameterGroup(text(instance, "parameter_group_name"));
  // Its parameters cannot be written, and a part of them would reset the others.
  const isSecret = hasMark(memberOf(ofState?.sensitive, "parameter"));
  const group = isSecret ? undefined : ofState;
  const parameters = new Map(
    blocks(group?.values, "parameter").map(({ name, value }) => [String(name), String(value ?? "")]),
  );
  const network = source === undefined ? around.network(instance, names, before) : undefined;
  const key = flag(instance, "storage_encrypted") ? text(instance, "kms_key_id") : undefined;
  const others = [...parameters].filter(([name]) => !BY_PROPERTY[family].includes(name.toLowerCase()));
  const insights = flag(instance, "performance_insights_enabled");
  const tlsParameter = parameters.get(family === "postgres" ? "rds.force_ssl" : "require_secure_transport");
  const tlsEnforced = isEnforced(family, major, tlsParameter);
  const logs = texts(instance, "enabled_cloudwatch_logs_exports");
  const iam = flag(instance, "iam_database_authentication_enabled");
  const possible = family === "postgres" ? ["postgresql", "upgrade"] : ["error", "slowquery"];
  const logTypes = iam ? [...possible, "iam-db-auth-error"] : possible;
  const interval = Number(values.monitoring_interval ?? 0);
  const authority = text(instance, "ca_cert_identifier");
  const multiAz = flag(instance, "multi_az");
  const managed =
    values.manage_master_user_password === true || blocks(values, "master_user_secret").length > 0;
  const username = text(instance, "username") ?? (family === "mysql" ? "admin" : "postgres");
  if (source === undefined && text(instance, "username") === undefined)
    notes.push(
      `username: sensitive or not in the input; ${username} is a guess: write the login of the administrator into adminLogin.`,
    );
  const login = `${constant}Password`;
  if (source === undefined && !managed)
    before.push({
      comment: [
        `The present password of ${username}: TF_VAR_${id.replace(/-/g, "_")}_password. Nothing changes it; jobs that create databases log in with it.`,
      ],
      ...passwordVariable(login, `${id.replace(/-/g, "_")}_password`),
    });
  const defaultPort = family === "postgres" ? 5432 : 3306;
  const port = number(instance, "port");
  const days = number(instance, "backup_retention_period");
  const window = dailyWindow(text(instance, "backup_window"));
  const isReplica = source !== undefined;
  const settings: { [name: string]: Expression | undefined } = {
    availability: availability(source === undefined, multiAz),
    backup:
      days === undefined && (isReplica || window === undefined)
        ? undefined
        : object({ retentionDays: optional(days), window }),
    maintenanceWindow: weeklyWindow(text(instance, "maintenance_window")),
    parameters: others.length === 0 ? undefined : literal(Object.fromEntries(others)),
    maxConnections: whole(parameters.get("max_connections")),
    slowQueryMs: slowQueryMs(family, parameters),
    tlsEnforced: tlsEnforced ? undefined : literal(false),
    iamAuthentication: iam ? undefined : literal(false),
    performanceInsights: literal(insights),
    performanceInsightsRetentionDays: insights
      ? optional(number(instance, "performance_insights_retention_period"))
      : undefined,
    monitoringIntervalSeconds: interval === 60 ? undefined : literal(interval),
    certificateAuthority: authorityOf(authority),
    autoMinorVersionUpgrade: automatic ? undefined : literal(false),
    publiclyAccessible: flag(instance, "publicly_accessible") ? literal(true) : undefined,
  };
  const size = number(instance, "allocated_storage") ?? 20;
  const props: { [name: string]: Expression | undefined } =
    source === undefined
      ? {
          identifier: literal(identifier),
          engine: engineOf(family, automatic ? major : version),
          size: namedSize("aws", String(values.instance_class)),
          storage: object({
            sizeGiB: literal(size),
            maxSizeGiB: optional(number(instance, "max_allocated_storage")),
            iops: text(instance, "storage_type") === "gp3" ? optional(number(instance, "iops")) : undefined,
            throughputMiBps:
              text(instance, "storage_type") === "gp3"
                ? optional(number(instance, "storage_throughput"))
                : undefined,
          }),
          network: network as Expression,
          adminLogin: managed
            ? call(imported(AWS, "RdsAdminLogin.managedByRds"), object({ username: literal(username) }))
            : call(imported(AWS, "RdsAdminLogin.existing"), loginOf(username, login)),
        }
      : {
          identifier: literal(identifier),
          source: variable(source.constant),
          size: namedSize("aws", String(values.instance_class)),
        };
  const resources: AdoptedResource[] = [
    {
      path: "Resource",
      id: identifier,
      state: instance,
      harmless: HARMLESS,
      // RDS upgrades it: a version in the program would be a downgrade one day, which RDS refuses together with every other change.
      ignored: automatic ? ["engine_version"] : [],
    },
  ];
  if (group) resources.push({ path: "Parameters/Resource", id: String(group.values.name), state: group });
  else
    notes.push(
      `parameter_group_name ${String(values.parameter_group_name)}: ${
        String(values.parameter_group_name).startsWith("default.")
          ? "the default group cannot be changed; the program makes its own group and does not use it yet"
          : isSecret
            ? "has values that are sensitive in the state and are not written; the program makes its own group and does not use it yet"
            : "not in the input, so that its parameters are not known; the program makes a group and does not use it yet"
      }.`,
    );
  const absent: { [path: string]: string } = {};
  for (const type of logTypes) {
    const name = `/aws/rds/instance/${identifier}/${type}`;
    const known = around.logGroup(name);
    if (known) resources.push({ path: `Log-${type}`, id: name, state: known });
    // Neither created nor imported: RDS makes the group with the first line that it writes, and either fails in the other case.
    else if (logs.includes(type))
      absent[`Log-${type}`] =
        `If aws logs describe-log-groups shows ${name}, add it to ids of adoptConstruct first; otherwise it is created.`;
    else absent[`Log-${type}`] = `Log group of ${type}, which the instance does not export yet.`;
  }
  for (const type of logs.filter((each) => !logTypes.includes(each)))
    notes.push(`enabled_cloudwatch_logs_exports ${type}: kept, but its log group is not in the program.`);
  if (text(instance, "storage_type") !== "gp3")
    notes.push(`storage_type ${String(values.storage_type)}: the construct has gp3 only; kept by hold.`);
  if (source === undefined && !flag(instance, "storage_encrypted"))
    notes.push(
      "storage_encrypted false: RDS encrypts a new instance only. Copy a snapshot with a key, restore it under another identifier and move the clients; the hold stays until then. A KMS key is made for secrets and logs.",
    );
  return {
    constant,
    id,
    comment: [
      `${instance.address}: ${family === "postgres" ? "PostgreSQL" : "MySQL"} ${version}, ${String(values.instance_class)}`,
    ],
    type: imported(AWS, source === undefined ? "RdsServer" : "RdsReadReplica"),
    before,
    props: {
      ...props,
      encryptionKey:
        key === undefined ? undefined : call(imported(AWS, "EncryptionKey.fromKeyArn"), literal(key)),
      port: port === undefined || port === defaultPort ? undefined : literal(port),
      tags: optional(tagsOf(instance)),
      ...settings,
    },
    hardened: {
      availability: undefined,
      // More days than the default are not fewer later.
      ...(days !== undefined && days < 14 ? { backup: window && object({ window }) } : {}),
      ...(tlsEnforced ? {} : { tlsEnforced: undefined }),
      iamAuthentication: undefined,
      performanceInsights: undefined,
      ...(interval === 0 ? { monitoringIntervalSeconds: undefined } : {}),
      ...(authority !== undefined && AUTHORITIES[authority] === undefined
        ? { certificateAuthority: undefined }
        : {}),
      autoMinorVersionUpgrade: undefined,
      ...(automatic ? {} : { engine: engineOf(family, major) }),
      publiclyAccessible: undefined,
    },
    properties: {
      multi_az: "availability",
      backup_retention_period: "backup.retentionDays",
      iam_database_authentication_enabled: "iamAuthentication",
      performance_insights_enabled: "performanceInsights",
      monitoring_interval: "monitoringIntervalSeconds",
      ca_cert_identifier: "certificateAuthority",
      auto_minor_version_upgrade: "autoMinorVersionUpgrade",
      publicly_accessible: "publiclyAccessible",
    },
    fallbacks: {
      acceptExtendedSupport: { acceptExtendedSupport: literal(major) },
      engine: { acceptExtendedSupport: literal(major) },
      size: { availability: word("Availability.ZONAL") },
      performanceInsights: { performanceInsights: literal(false) },
    },
    resources,
    absent,
    notes,
  };
}

function availability(isServer: boolean, multiAz: boolean): Expression | undefined {
  if (multiAz === isServer) return undefined;
  return word(multiAz ? "Availability.ZONE_REDUNDANT" : "Availability.ZONAL");
}

/** PostgreSQL 15 and later and MySQL 8.4 require TLS unless a parameter says otherwise (RDS user guide, "Using SSL with"). */
function isEnforced(family: string, major: string, parameter: string | undefined): boolean {
  if (parameter !== undefined) return ["1", "on", "true"].includes(parameter.toLowerCase());
  return family === "postgres" ? Number(major) >= 15 : major === "8.4";
}

function slowQueryMs(family: string, parameters: ReadonlyMap<string, string>): Expression | undefined {
  if (family === "postgres") return whole(parameters.get("log_min_duration_statement"));
  if (["0", "off"].includes((parameters.get("slow_query_log") ?? "").toLowerCase())) return literal(-1);
  const seconds = Number(parameters.get("long_query_time") ?? Number.NaN);
  return Number.isFinite(seconds) ? literal(Math.round(seconds * 1000)) : undefined;
}

function whole(value: string | undefined): Expression | undefined {
  return value !== undefined && /^-?\d+$/.test(value) ? literal(Number(value)) : undefined;
}

function authorityOf(identifier: string | undefined): Expression | undefined {
  if (identifier === undefined || identifier === "rds-ca-rsa2048-g1") return undefined;
  const known = AUTHORITIES[identifier];
  return known === undefined
    ? call(imported(AWS, "RdsCertificateAuthority.of"), literal(identifier))
    : imported(AWS, `RdsCertificateAuthority.${known}`);
}

function dailyWindow(range: string | undefined): Expression | undefined {
  const [, start, end] = /^(\d\d:\d\d)-(\d\d:\d\d)$/.exec(range ?? "") ?? [];
  if (start === undefined || end === undefined) return undefined;
  const minutes = between(start, end);
  return object({ start: literal(start), minutes: minutes === 60 ? undefined : literal(minutes) });
}

function weeklyWindow(range: string | undefined): Expression | undefined {
  const [, day, start, , end] =
    /^(\w{3}):(\d\d:\d\d)-(\w{3}):(\d\d:\d\d)$/.exec(range?.toLowerCase() ?? "") ?? [];
  const name = DAY_NAMES[day ?? ""];
  if (name === undefined || start === undefined || end === undefined) return undefined;
  return windowOf(name, start, between(start, end));
}

function between(start: string, end: string): number {
  const minute = (time: string) => Number(time.slice(0, 2)) * 60 + Number(time.slice(3));
  return (minute(end) - minute(start) + 1440) % 1440;
}

/** The construct of a read replica needs its source in the program. */
export function sourceOf(instance: StateResource): string | undefined {
  const source = text(instance, "replicate_source_db");
  return source?.split(":").at(-1);
}
