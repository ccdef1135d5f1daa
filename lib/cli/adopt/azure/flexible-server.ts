// Flexible servers of a state, as `PostgresFlexibleServer`, `MysqlFlexibleServer` and their read replicas.

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
import { block, blocks, flag, type StateResource, tagsOf, text } from "../state/state-resource";
import { addNetwork } from "./network";
import { FlexibleServerParameters } from "./parameters";

const AZURE = "cdktf-devplatforms/azure";

/** Largest disk, in GiB, by engine: the limit that Azure's autogrow has. */
const LARGEST_DISK = { postgres: 32_767, mysql: 16_384 };

/** Azure's week begins on Sunday. */
const DAYS = ["SUNDAY", "MONDAY", "TUESDAY", "WEDNESDAY", "THURSDAY", "FRIDAY", "SATURDAY"];

/** A server or, with its source, a read replica. */
export function flexibleServerConstruct(
  server: StateResource,
  resources: readonly StateResource[],
  names: Names,
  networks: Map<string, string>,
  source?: AdoptedConstruct,
): AdoptedConstruct {
  const { values } = server;
  const family = server.type === "azurerm_mysql_flexible_server" ? "mysql" : "postgres";
  const name = String(values.name);
  const { id, constant } = names.of(name);
  const before: Statement[] = [];
  const notes: string[] = [];
  const network =
    source === undefined ? addNetwork(server, family, resources, names, networks, before, notes) : undefined;
  const version = majorOf(family, String(values.version));
  const storage = block(values, "storage");
  const isMysql = family === "mysql";
  const grows = isMysql ? storage.auto_grow_enabled === true : flag(server, "auto_grow_enabled");
  const sizeGiB = isMysql
    ? Number(storage.size_gb ?? 20)
    : Math.round(Number(values.storage_mb ?? 32_768) / 1024);
  const [standby] = blocks(values, "high_availability");
  const days = Number(values.backup_retention_days ?? 7);
  const [maintenance] = blocks(values, "maintenance_window");
  const parameters = new FlexibleServerParameters(server, family, resources);
  const administrator = resources.find(
    ({ type, values: each }) =>
      type === `${server.type}_active_directory_administrator` &&
      (each.server_id === values.id || each.server_name === name),
  );
  const found: AdoptedResource[] = [
    // The mode of creation is read then only.
    { path: "Resource", id: String(values.id), state: server, harmless: ["create_mode"] },
    ...(source === undefined ? parameters.adopted : []),
  ];
  notes.push(...parameters.notes);
  if (administrator && source === undefined)
    found.push({ path: "EntraAdministrator", id: String(administrator.values.id), state: administrator });
  const username = text(server, "administrator_login") ?? "dbadmin";
  if (source === undefined && text(server, "administrator_login") === undefined)
    notes.push(
      `administrator_login: sensitive or not in the input; ${username} is a guess: write the login of the administrator into adminLogin.`,
    );
  const login = `${constant}Password`;
  const variableName = `${id.replace(/-/g, "_")}_password`;
  if (source === undefined)
    before.push({
      comment: [
        `The present password of ${username}: TF_VAR_${variableName}. Nothing changes it; jobs that create databases log in with it.`,
      ],
      ...passwordVariable(login, variableName),
    });
  noteSurroundings(server, resources, notes);
  const common: { [name: string]: Expression | undefined } = {
    serverName: literal(name),
    resourceGroupName: literal(String(values.resource_group_name)),
    location: literal(String(values.location)),
    size: namedSize("azure", String(values.sku_name)),
    storage: object({
      sizeGiB: literal(sizeGiB),
      maxSizeGiB: grows && sizeGiB < LARGEST_DISK[family] ? literal(LARGEST_DISK[family]) : undefined,
      iops:
        isMysql && storage.io_scaling_enabled !== true
          ? optional(Number(storage.iops) || undefined)
          : undefined,
    }),
    tags: optional(tagsOf(server)),
    deletionLock: literal(false),
    maintenanceWindow: maintenance && windowOfAzure(maintenance),
  };
  const own: { [name: string]: Expression | undefined } = {
    network,
    adminLogin: call(imported(AZURE, "AzureAdminLogin.existing"), loginOf(username, login)),
    entraAdministrator: administrator && entraAdministrator(administrator),
    zone: optional(text(server, "zone")),
    availability: standby === undefined ? word("Availability.ZONAL") : undefined,
    standby: standby?.mode === "SameZone" ? imported(AZURE, "StandbyPlacement.SAME_ZONE") : undefined,
    backup: object({ retentionDays: literal(days) }),
    geoRedundantBackup: flag(server, "geo_redundant_backup_enabled") ? undefined : literal(false),
    ...parameters.props,
    ...(isMysql
      ? { ioScaling: storage.io_scaling_enabled === true ? literal(true) : undefined }
      : {
          storageTier: optional(text(server, "storage_tier")),
          passwordAuthentication:
            block(values, "authentication").password_auth_enabled === false ? literal(false) : undefined,
        }),
  };
  return {
    constant,
    id,
    comment: [
      `${server.address}: ${isMysql ? "MySQL" : "PostgreSQL"} ${version}, ${String(values.sku_name)}`,
    ],
    type: imported(AZURE, className(isMysql, source !== undefined)),
    before,
    props:
      source === undefined
        ? { engine: engineOf(family, version), ...common, ...own }
        : { source: variable(source.constant), ...common },
    hardened:
      source === undefined
        ? {
            availability: undefined,
            geoRedundantBackup: undefined,
            passwordAuthentication: undefined,
            ...(days < 14 ? { backup: undefined } : {}),
          }
        : {},
    properties: {
      high_availability: "availability",
      backup_retention_days: "backup.retentionDays",
      geo_redundant_backup_enabled: "geoRedundantBackup",
    },
    fallbacks: {
      acceptExtendedSupport: { acceptExtendedSupport: literal(version) },
      engine: { acceptExtendedSupport: literal(version) },
    },
    resources: found,
    absent: {},
    absentIn: {
      Parameters:
        "Sets a server parameter; a static one restarts a PostgreSQL server during the apply, and waits for a restart on MySQL.",
      Endpoint: "A private endpoint, through which clients of its virtual network then reach the server.",
    },
    notes,
  };
}

function className(isMysql: boolean, isReplica: boolean): string {
  return `${isMysql ? "Mysql" : "Postgres"}${isReplica ? "ReadReplica" : "FlexibleServer"}`;
}

function noteSurroundings(server: StateResource, resources: readonly StateResource[], notes: string[]): void {
  const { values } = server;
  if (values.public_network_access_enabled === true || values.public_network_access === "Enabled")
    notes.push(
      "public network access: held; the firewall rules of the server decide which clients connect. Move the clients to the private network first.",
    );
  for (const { type, address, values: rule } of resources)
    if (
      type === `${server.type}_firewall_rule` &&
      (rule.server_id === values.id || rule.server_name === values.name)
    )
      notes.push(`${address}: the construct has no firewall rules; leave it where it is managed.`);
  if (blocks(values, "customer_managed_key").length > 0)
    notes.push(
      "customer_managed_key and identity: held as they are; encryptionKey would make another identity.",
    );
  notes.push(
    "deletionLock false: with true, a management lock refuses the deletion outside Terraform; Terraform then needs the right to write locks.",
  );
}

function entraAdministrator({ values }: StateResource): Expression {
  const types: { readonly [type: string]: string | undefined } = {
    User: "USER",
    ServicePrincipal: "SERVICE_PRINCIPAL",
  };
  const type = types[String(values.principal_type)];
  return object({
    objectId: literal(String(values.object_id)),
    principalName: literal(String(values.principal_name ?? values.login)),
    principalType: type === undefined ? undefined : imported(AZURE, `EntraPrincipalType.${type}`),
    tenantId: typeof values.tenant_id === "string" ? literal(values.tenant_id) : undefined,
    identityId: typeof values.identity_id === "string" ? literal(values.identity_id) : undefined,
  });
}

function windowOfAzure(window: { readonly [name: string]: unknown }): Expression {
  const two = (value: unknown) => String(value ?? 0).padStart(2, "0");
  const day = DAYS[Number(window.day_of_week ?? 0)] ?? "SUNDAY";
  return windowOf(day, `${two(window.start_hour)}:${two(window.start_minute)}`, 60);
}
