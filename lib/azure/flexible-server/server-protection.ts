// Automated and geo-redundant backups of flexible servers as protections.
//
// RPO: transaction log backups every five minutes (MySQL: concepts-backup-restore "Transaction log backups occur every five minutes";
// PostgreSQL: "up to 5 minutes"), geo-redundant up to one hour [rec]: taken from the facts of 2026-11-26, the pages were not read again. Not run against Azure.
//
// The arguments follow azure-cli's source (command modules postgresql and mysql, read 2026-11-27). `az postgres ... restore` copies only the
// network of its source: it disables geo-redundant backups and the customer-managed key unless told otherwise, and a difference in either
// makes Terraform replace the restored server. `az mysql ... restore` copies all of them. `az mysql ... geo-restore` without a subnet
// enables public access unless told otherwise. The bodies for deleted servers follow API version 2023-12-30 of Microsoft.DBforMySQL.

import { EngineFamily, type Protection, RecoveryScenario, type RestoreStep } from "../../database";
import { isResolved } from "../../database/private";

const LOG_MINUTES = 5;
const GEO_MINUTES = 60;

/** Mechanism of automated backups. @internal */
export const AUTOMATED_BACKUPS = "Automated backups of the flexible server";

/** A server, for its runbook. @internal */
export interface ProtectedServer {
  readonly family: EngineFamily;
  /** Name of the server; may be a token. */
  readonly serverName: string;
  /** Resource ID of the server; may be a token. */
  readonly serverId: string;
  readonly resourceGroupName: string;
  readonly location: string;
  readonly retentionDays: number;
  readonly geoRedundant: boolean;
  /** Resource ID of the delegated subnet; may be a token. @default - the server has a private endpoint */
  readonly subnetId?: string;
  /** Resource ID of the private DNS zone of the delegated subnet; may be a token. @default - none */
  readonly dnsZoneId?: string;
  /** Customer-managed key. @default - the service's key */
  readonly encryption?: ServerKey;
  /** Unique id of the server resource in the stack. */
  readonly resourceId: string;
  /** Terraform type of the server resource. */
  readonly resourceType: string;
  readonly path: string;
}

/** Key and identity of the encryption, and those of geo-redundant backups in the paired region; may be tokens. */
interface ServerKey {
  readonly keyVaultKeyId: string;
  readonly primaryUserAssignedIdentityId: string;
  readonly geoBackupKeyVaultKeyId?: string;
  readonly geoBackupUserAssignedIdentityId?: string;
}

/** @internal */
export function flexibleServerProtections(server: ProtectedServer): Protection[] {
  const { location, retentionDays, family } = server;
  const source = page(family, "concepts-backup-restore");
  return [
    {
      mechanism: AUTOMATED_BACKUPS,
      location: `${location}, storage of Azure Database`,
      region: location,
      retentionDays,
      lossMinutes: LOG_MINUTES,
      procedures: [
        {
          scenarios: [RecoveryScenario.LOST_DATABASE],
          steps: [
            family === EngineFamily.POSTGRES ? reviveDropped(server) : restoreDropped(server),
            takePlace(server),
          ],
        },
        { scenarios: [RecoveryScenario.BAD_MIGRATION], steps: [pointInTime(server), takePlace(server)] },
      ],
      limits: [
        "Backups of a deleted server are kept for five days, and Microsoft does not guarantee their restore: the deletion lock prevents the deletion, and a `LongTermBackup` or a logical backup outlives it.",
        "A restored server has no standby, and no server parameters, firewall rules, private endpoints and roles of the old one: the apply sets them.",
      ],
      source,
    },
    ...(server.geoRedundant
      ? [
          {
            mechanism: "Geo-redundant backups of the flexible server",
            location: `the paired region of ${location}`,
            retentionDays,
            lossMinutes: GEO_MINUTES,
            procedures: [{ scenarios: [RecoveryScenario.LOST_REGION], steps: [geoRestore(server)] }],
            limits: ["A geo-restore brings back the latest copy, which is up to one hour old."],
            source,
          },
        ]
      : []),
  ];
}

const NEW_SERVER = {
  name: "NEW_SERVER",
  description: "Name of the restored server: new, unique in Azure",
  example: "restored-20261127",
};
const RESTORE_TIME = {
  name: "RESTORE_TIME",
  description: "Time to restore to, in UTC",
  example: "2026-11-27T08:00:00Z",
};

function command({ family }: ProtectedServer): string {
  return family === EngineFamily.POSTGRES ? "az postgres flexible-server" : "az mysql flexible-server";
}

function permissions({ family }: ProtectedServer): string[] {
  const provider = family === EngineFamily.POSTGRES ? "Microsoft.DBforPostgreSQL" : "Microsoft.DBforMySQL";
  return [
    `${provider}/flexibleServers/read`,
    `${provider}/flexibleServers/write`,
    "Microsoft.Network/virtualNetworks/subnets/join/action",
    "Microsoft.Network/privateDnsZones/join/action",
  ];
}

/** The arguments of the network: a restored server has the same kind of network as its source. */
function networkArguments({ subnetId, dnsZoneId }: ProtectedServer): string {
  if (subnetId === undefined) return "";
  return ` --subnet "${subnetId}"${dnsZoneId === undefined ? "" : ` --private-dns-zone "${dnsZoneId}"`} --yes`;
}

/** The arguments that PostgreSQL does not take from the source, although neither can be changed later. */
function immutableArguments({ family, geoRedundant, encryption }: ProtectedServer): string {
  if (family !== EngineFamily.POSTGRES) return "";
  const geo = geoRedundant ? " --geo-redundant-backup Enabled" : "";
  if (encryption === undefined) return geo;
  const { geoBackupKeyVaultKeyId, geoBackupUserAssignedIdentityId } = encryption;
  const backupKey =
    geoBackupKeyVaultKeyId === undefined
      ? ""
      : ` --backup-key "${geoBackupKeyVaultKeyId}" --backup-identity "${geoBackupUserAssignedIdentityId}"`;
  return `${geo} --key "${encryption.keyVaultKeyId}" --identity "${encryption.primaryUserAssignedIdentityId}"${backupKey}`;
}

/** @internal */
export function pointInTime(server: ProtectedServer): RestoreStep {
  const { resourceGroupName, serverName } = server;
  return {
    title: `Restore ${serverName} to the time before the damage, into a new server`,
    inputs: [NEW_SERVER, RESTORE_TIME],
    commands: [
      `${command(server)} restore --resource-group "${resourceGroupName}" --name "$NEW_SERVER" --source-server "${serverName}" --restore-time "$RESTORE_TIME"${networkArguments(server)}${immutableArguments(server)}`,
    ],
    permissions: permissions(server),
    notes: [
      "The restored server has the administrator and the passwords of the source, which stays as it is.",
    ],
    verify: [ready(server)],
    source: page(server.family, "how-to-restore-server-cli"),
  };
}

/** Server of a deletion: found in the activity log, as `az` knows no deleted servers. */
function reviveDropped(server: ProtectedServer): RestoreStep {
  return droppedStep(server, {
    apiVersion: "2025-08-01",
    provider: "Microsoft.DBforPostgreSQL",
    dnsZoneProperty: "privateDnsZoneArmResourceId",
    properties: `"createMode": "ReviveDropped", "pointInTimeUTC": "'"$DELETED_AT"'", "sourceServerResourceId": "'"$SOURCE_ID"'"`,
    note: "`DELETED_AT` is the `submissionTimestamp`, and `SOURCE_ID` the `resourceId`, which the first command prints.",
    source: "https://learn.microsoft.com/azure/postgresql/backup-restore/how-to-restore-deleted-server",
  });
}

function restoreDropped(server: ProtectedServer): RestoreStep {
  return droppedStep(server, {
    apiVersion: "2023-12-30",
    provider: "Microsoft.DBforMySQL",
    dnsZoneProperty: "privateDnsZoneResourceId",
    properties: `"createMode": "PointInTimeRestore", "restorePointInTime": "'"$DELETED_AT"'", "sourceServerResourceId": "'"$SOURCE_ID"'"`,
    note: "`DELETED_AT` is the `submissionTimestamp` less 15 minutes, and `SOURCE_ID` the `resourceId`, which the first command prints.",
    source: "https://learn.microsoft.com/azure/mysql/flexible-server/how-to-restore-dropped-server",
  });
}

interface Dropped {
  readonly apiVersion: string;
  readonly provider: string;
  readonly dnsZoneProperty: string;
  readonly properties: string;
  readonly note: string;
  readonly source: string;
}

function droppedStep(server: ProtectedServer, dropped: Dropped): RestoreStep {
  const { resourceGroupName, location, serverName } = server;
  const { apiVersion, provider, dnsZoneProperty, properties } = dropped;
  const rest = JSON.stringify({
    ...immutableProperties(server),
    network: networkOf(server, dnsZoneProperty),
  });
  const body = JSON.stringify({ location, identity: identityOf(server), properties: "PROPERTIES" }).replace(
    '"PROPERTIES"',
    `{${properties}, ${rest.slice(1)}`,
  );
  return {
    title: `Restore the deleted server ${serverName} within five days`,
    inputs: [
      NEW_SERVER,
      {
        name: "DELETED_AT",
        description: "Time of the deletion, in UTC; see the note",
        example: "2026-11-27T08:10:00Z",
      },
      {
        name: "SOURCE_ID",
        description: "Resource ID of the deleted server",
        example: "/subscriptions/.../flexibleServers/...",
      },
    ],
    commands: [
      `az monitor activity-log list --resource-group "${resourceGroupName}" --offset 5d --query "[?operationName.value=='${provider}/flexibleServers/delete'].[submissionTimestamp,resourceId]" --output table`,
      `az rest --method put --url "https://management.azure.com/subscriptions/$(az account show --query id --output tsv)/resourceGroups/${resourceGroupName}/providers/${provider}/flexibleServers/$NEW_SERVER?api-version=${apiVersion}" \\\n  --body '${outOfQuotes(server, body)}'`,
    ],
    permissions: [...permissions(server), "Microsoft.Insights/eventtypes/values/read"],
    notes: [dropped.note, "Microsoft advises another name than that of the deleted server."],
    verify: [ready(server)],
    source: dropped.source,
  };
}

/** Subnet and zone in the other region; a server with a private endpoint gets one from the program there. */
function geoNetwork({ family, subnetId }: ProtectedServer) {
  if (subnetId === undefined) {
    const flag = family === EngineFamily.POSTGRES ? "" : " --public-access Disabled";
    return { arguments: flag, inputs: [] };
  }
  return {
    arguments: ' --subnet "$NEW_SUBNET" --private-dns-zone "$NEW_ZONE" --yes',
    inputs: [
      {
        name: "NEW_SUBNET",
        description: "Resource ID of the delegated subnet there",
        example: "/subscriptions/.../subnets/databases",
      },
      {
        name: "NEW_ZONE",
        description: "Resource ID of the private DNS zone there",
        example: "/subscriptions/.../privateDnsZones/...",
      },
    ],
  };
}

/** The key in the paired region, which decrypts the geo-redundant backups. MySQL takes it from the source. */
function geoKeyArguments({ family, encryption }: ProtectedServer): string {
  if (family !== EngineFamily.POSTGRES || encryption?.geoBackupKeyVaultKeyId === undefined) return "";
  return ` --key "${encryption.geoBackupKeyVaultKeyId}" --identity "${encryption.geoBackupUserAssignedIdentityId}"`;
}

/** Values that only Terraform knows are variables of the shell, which single quotes would hide. */
function outOfQuotes({ location, subnetId, dnsZoneId, encryption }: ProtectedServer, body: string): string {
  const values = new Set([location, subnetId, dnsZoneId, ...Object.values(encryption ?? {})]);
  return [...values]
    .filter((value) => value !== undefined && !isResolved(value))
    .reduce<string>((text, value) => text.replaceAll(value as string, `'"${value}"'`), body);
}

/** Without a network, the service enables public access. */
function networkOf({ subnetId, dnsZoneId }: ProtectedServer, dnsZoneProperty: string) {
  if (subnetId === undefined) return { publicNetworkAccess: "Disabled" };
  return { delegatedSubnetResourceId: subnetId, [dnsZoneProperty]: dnsZoneId };
}

/** Properties of a restored server that cannot be changed later. */
function immutableProperties({ family, geoRedundant, encryption }: ProtectedServer) {
  const backup =
    geoRedundant && family === EngineFamily.POSTGRES ? { geoRedundantBackup: "Enabled" } : undefined;
  if (encryption === undefined) return { backup };
  return {
    backup,
    dataEncryption: {
      type: "AzureKeyVault",
      primaryKeyURI: encryption.keyVaultKeyId,
      primaryUserAssignedIdentityId: encryption.primaryUserAssignedIdentityId,
      geoBackupKeyURI: encryption.geoBackupKeyVaultKeyId,
      geoBackupUserAssignedIdentityId: encryption.geoBackupUserAssignedIdentityId,
    },
  };
}

function identityOf({ encryption }: ProtectedServer) {
  if (encryption === undefined) return undefined;
  const ids = [encryption.primaryUserAssignedIdentityId, encryption.geoBackupUserAssignedIdentityId];
  const userAssignedIdentities = Object.fromEntries(
    ids.filter((id) => id !== undefined).map((id) => [id, {}]),
  );
  return { type: "UserAssigned", userAssignedIdentities };
}

function geoRestore(server: ProtectedServer): RestoreStep {
  const { serverId, family } = server;
  const network = geoNetwork(server);
  return {
    title: `Restore ${server.serverName} in the paired region`,
    inputs: [
      NEW_SERVER,
      { name: "NEW_GROUP", description: "Resource group in the other region", example: "platform-recovery" },
      { name: "NEW_LOCATION", description: "Paired region", example: "northeurope" },
      ...network.inputs,
    ],
    commands: [
      `${command(server)} geo-restore --resource-group "$NEW_GROUP" --name "$NEW_SERVER" --source-server "${serverId}" --location "$NEW_LOCATION"${network.arguments}${geoKeyArguments(server)}`,
    ],
    programChange: [
      "// In the stack of the other region, instead of the command, the program can restore the server:",
      `// ${family === EngineFamily.POSTGRES ? "PostgresServerFromGeoBackup" : "MysqlServerFromGeoBackup"} with sourceServerId of the lost server.`,
    ].join("\n"),
    permissions: permissions(server),
    source: page(family, "concepts-backup-restore"),
  };
}

/** @internal */
export function takePlace(server: ProtectedServer): RestoreStep {
  const { resourceId, resourceType, path, serverName, serverId } = server;
  const address = `${resourceType}.${resourceId}`;
  const prefix = resourceId.replace(/_[0-9A-F]{8}$/, "");
  const forget = `terraform state list | grep -E '^azurerm_(postgresql_flexible_server|mysql_flexible_server|management_lock|private_endpoint)[a-z_]*\\.${prefix}_' | while read -r address; do\n  terraform state rm "$address"\ndone`;
  const restoredId = `$(${command(server)} show --resource-group "${server.resourceGroupName}" --name "$NEW_SERVER" --query id --output tsv)`;
  return {
    title: `Put the restored server in the place of ${serverName}`,
    commands: [`OLD_SERVER_ID="${serverId}"`, forget],
    programChange: [
      `// ${path}: the construct keeps its id, and gets the name of the restored server. No standby in this apply.`,
      'restoredServerName: "restored-20261127", // NEW_SERVER',
      "availability: Availability.ZONAL, // back to ZONE_REDUNDANT in the next apply",
      `// In a reference stack: restoredServers: [{ server: "${path.split("/").pop()}", serverName: "..." }].`,
    ].join("\n"),
    beforePlan: [`terraform import '${address}' "${restoredId}"`],
    permissions: permissions(server),
    notes: [
      "Terraform forgets the old server without deleting it. The apply sets the administrator's password, which is in the key vault, on the restored server, and gives its address to the application's secrets.",
    ],
    undo: [forget, `terraform import '${address}' "$OLD_SERVER_ID"`],
    source: "https://developer.hashicorp.com/terraform/cli/commands/import",
  };
}

function ready(server: ProtectedServer): string {
  return `${command(server)} show --resource-group "${server.resourceGroupName}" --name "$NEW_SERVER" --query "[state,fullyQualifiedDomainName,version]" --output tsv`;
}

function page(family: EngineFamily, name: string): string {
  return family === EngineFamily.POSTGRES
    ? `https://learn.microsoft.com/azure/postgresql/flexible-server/${name}`
    : `https://learn.microsoft.com/azure/mysql/flexible-server/${name}`;
}
