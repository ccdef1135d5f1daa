// Database servers of a stack, one line each: engine, size, high availability, backups, deletion protection.

import { entry } from "./plan/values";
import { list, object, resourcesOf, type StackResource, shown, type Values } from "./stack-json";

/** One line for each database server of a stack. */
export function databaseLines(json: unknown): string[] {
  return resourcesOf(json, "resource").flatMap((resource) => {
    const describe = entry(READERS, resource.type);
    if (!describe) return [];
    const facts = describe(resource.values).filter(Boolean);
    return [`${resource.path}: ${facts.join(", ")}`, ...restoredFrom(resource)];
  });
}

type Fact = string | false | undefined;

const READERS: { readonly [type: string]: ((v: Values) => Fact[]) | undefined } = {
  aws_db_instance: (v) => [
    v.replicate_source_db !== undefined && "read replica",
    v.engine !== undefined && engine(shown(v.engine), v.engine_version),
    v.instance_class !== undefined && shown(v.instance_class),
    disk(v.allocated_storage, v.max_allocated_storage),
    v.multi_az === true ? "Multi-AZ" : "Single-AZ",
    backups(v.backup_retention_period),
    v.storage_encrypted !== true && v.replicate_source_db === undefined && "NOT ENCRYPTED",
    protection(v.deletion_protection === true, v),
    v.deletion_protection !== true && v.skip_final_snapshot === true && "NO FINAL SNAPSHOT",
  ],
  google_sql_database_instance: (v) => {
    const settings = object(v.settings);
    const backup = object(settings.backup_configuration);
    return [
      v.master_instance_name !== undefined && "read replica",
      cloudSqlVersion(v.database_version),
      settings.tier !== undefined && shown(settings.tier),
      disk(
        settings.disk_size,
        settings.disk_autoresize === true ? settings.disk_autoresize_limit : undefined,
      ),
      settings.availability_type === "REGIONAL" ? "regional HA" : "zonal, no HA",
      backup.enabled === true
        ? backups(object(backup.backup_retention_settings).retained_backups)
        : v.master_instance_name === undefined && "NO BACKUPS",
      protection(settings.deletion_protection_enabled === true, v),
    ];
  },
  azurerm_postgresql_flexible_server: (v) =>
    azure("PostgreSQL", v, Number(v.storage_mb) / 1024, v.auto_grow_enabled === true),
  azurerm_mysql_flexible_server: (v) =>
    azure("MySQL", v, Number(object(v.storage).size_gb), object(v.storage).auto_grow_enabled === true),
};

function azure(name: string, v: Values, sizeGiB: number, grows: boolean): Fact[] {
  const mode = object(v.high_availability).mode;
  return [
    engine(name, v.version),
    shown(v.sku_name),
    disk(Number.isNaN(sizeGiB) ? undefined : sizeGiB, undefined, grows),
    mode === "ZoneRedundant" ? "zone-redundant HA" : mode === "SameZone" ? "same-zone HA" : "no HA",
    backups(v.backup_retention_days),
    protection(false, v),
  ];
}

function engine(name: string, version: unknown): string {
  const words: { readonly [name: string]: string | undefined } = { postgres: "PostgreSQL", mysql: "MySQL" };
  return `${words[name] ?? name} ${shown(version ?? "(default version of the cloud)")}`;
}

function cloudSqlVersion(version: unknown): Fact {
  if (version === undefined) return undefined;
  const [, name, number] = /^(POSTGRES|MYSQL)_(\d+(?:_\d+)?)/.exec(shown(version)) ?? [];
  return name && number ? engine(name.toLowerCase(), number.replace("_", ".")) : shown(version);
}

function disk(size: unknown, most: unknown, grows = false): Fact {
  if (size === undefined) return undefined;
  if (most !== undefined && most !== 0)
    return `${shown(size)} GiB, storage autoscaling to ${shown(most)} GiB`;
  return grows ? `${shown(size)} GiB, storage auto-grow` : `${shown(size)} GiB`;
}

function backups(days: unknown): Fact {
  if (days === undefined) return undefined;
  return days === 0 ? "NO BACKUPS" : `backup retention ${shown(days)} days`;
}

function protection(cloud: boolean, v: Values): Fact {
  const plan = object(v.lifecycle).prevent_destroy === true || v.deletion_protection === true;
  if (cloud) return "deletion protection";
  return plan ? "prevent_destroy in Terraform" : "NO DELETION PROTECTION";
}

function restoredFrom({ values }: StackResource): string[] {
  const sources = [
    values.snapshot_identifier,
    ...list(values.restore_to_point_in_time).map((each) => {
      const {
        source_db_instance_identifier,
        source_dbi_resource_id,
        source_db_instance_automated_backups_arn,
      } = object(each);
      return (
        source_db_instance_identifier ?? source_dbi_resource_id ?? source_db_instance_automated_backups_arn
      );
    }),
    ...list(values.clone).map((each) => object(each).source_instance_name),
  ].filter((source) => source !== undefined);
  return sources.map((source) => `  restored from ${shown(source)}`);
}
