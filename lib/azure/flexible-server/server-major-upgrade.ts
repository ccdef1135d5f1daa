// Major version upgrades of flexible servers. Pages read 2026-11: PostgreSQL concepts-major-version-upgrade, MySQL how-to-upgrade. The
// commands were not run against Azure.

import {
  type DatabaseEngine,
  EngineFamily,
  type MajorUpgradeProcedure,
  ReplicaUpgrade,
} from "../../database";
import { upgradePaths } from "../../database/private";
import { AZURE_SUPPORT } from "./data/engine-support";
import { type ProtectedServer, pointInTime, takePlace } from "./server-protection";

/** @internal */
export function flexibleServerMajorUpgrade(
  server: ProtectedServer,
  engine: DatabaseEngine,
): MajorUpgradeProcedure {
  const { resourceGroupName, serverName } = server;
  const postgres = engine.family === EngineFamily.POSTGRES;
  const az = postgres ? "az postgres flexible-server" : "az mysql flexible-server";
  const source = postgres
    ? "https://learn.microsoft.com/azure/postgresql/flexible-server/concepts-major-version-upgrade"
    : "https://learn.microsoft.com/azure/mysql/flexible-server/how-to-upgrade";
  const show = `${az} show --resource-group "${resourceGroupName}" --name "${serverName}"`;
  return {
    mechanism: "Azure Database in-place major version upgrade",
    paths: upgradePaths(engine, AZURE_SUPPORT),
    replicas: postgres ? ReplicaUpgrade.REMOVED : ReplicaUpgrade.BEFORE_SOURCE,
    checks: [
      {
        title: `Look at ${serverName}`,
        commands: [`${show} --query "[state,version,minorVersion,replica.role,sku.tier]" --output tsv`],
        permissions: [
          postgres
            ? "Microsoft.DBforPostgreSQL/flexibleServers/read"
            : "Microsoft.DBforMySQL/flexibleServers/read",
        ],
        notes: [
          "The state must be `Ready`.",
          ...(postgres
            ? [
                "Logical replication slots must be dropped before, and extensions that Azure does not upgrade (the page lists them) must be dropped and created again.",
              ]
            : [
                "Azure checks the server in the upgrade; one that fails a check stays as it is. On the Burstable tier Azure may want a larger tier for the upgrade (the page says when).",
              ]),
        ],
        source,
      },
    ],
    backup: {
      title: `Note the time before the upgrade of ${serverName}`,
      commands: [
        'BEFORE_UPGRADE="$(date -u +%Y-%m-%dT%H:%M:%SZ)"; echo "$BEFORE_UPGRADE"',
        `${show} --query "backup.[earliestRestoreDate,backupRetentionDays]" --output tsv`,
      ],
      notes: [
        "Azure restores to each second of the retention period: the time before the upgrade is the backup. Wait ten minutes after the last write, as the newest logs are copied every five minutes.",
        ...(postgres ? ["Azure also takes a backup at the beginning of the upgrade."] : []),
      ],
      source,
    },
    verify: [`${show} --query "[state,version,minorVersion]" --output tsv`],
    wayBack: [pointInTime(server), takePlace(server)],
    permissions: [
      postgres
        ? "Microsoft.DBforPostgreSQL/flexibleServers/write"
        : "Microsoft.DBforMySQL/flexibleServers/write",
    ],
    limits: [
      "The server is down during the upgrade, with its standby: zone-redundant high availability does not shorten it.",
    ],
    source,
  };
}
