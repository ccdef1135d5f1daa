// The programs before and after an upgrade, for a back end that runs SQL.

import { EngineFamily, type IDatabase, type IDatabaseServer, strictestSslMode } from "../../database";
import type { SqlProgram, SqlProgramSecret } from "../../sql";
import { portText } from "../../sql/private";
import { MYSQL_AFTER_UPGRADE, MYSQL_UPGRADE_CHECK } from "./scripts/mysql-upgrade";
import { POSTGRES_AFTER_UPGRADE, POSTGRES_UPGRADE_CHECK } from "./scripts/postgres-upgrade";

/** Upgrade that the programs belong to. @internal */
export interface UpgradePrograms {
  readonly server: IDatabaseServer;
  readonly databases: readonly IDatabase[];
  readonly from: string;
  readonly to: string;
  readonly maintenanceDatabase: string;
}

/** Looks for what stops the upgrade. @internal */
export function checkProgram(upgrade: UpgradePrograms): SqlProgram {
  const postgres = upgrade.server.engine.family === EngineFamily.POSTGRES;
  return program(upgrade, "upgrade-check", postgres ? POSTGRES_UPGRADE_CHECK : MYSQL_UPGRADE_CHECK);
}

/** Gathers statistics after the upgrade. @internal */
export function afterProgram(upgrade: UpgradePrograms): SqlProgram {
  const postgres = upgrade.server.engine.family === EngineFamily.POSTGRES;
  return program(upgrade, "after-upgrade", postgres ? POSTGRES_AFTER_UPGRADE : MYSQL_AFTER_UPGRADE);
}

function program(
  { server, databases, from, to, maintenanceDatabase }: UpgradePrograms,
  name: string,
  script: string,
): SqlProgram {
  const { endpoint, tls, adminLogin, reservedNames } = server;
  const secrets: SqlProgramSecret[] = [];
  if (adminLogin?.password) secrets.push({ key: "admin", value: adminLogin.password });
  const lines: string[] = [];
  for (const [i, { databaseName, owner }] of databases.entries()) {
    if (!owner.password) continue;
    secrets.push({ key: `owner${i + 1}`, value: owner.password });
    lines.push(databaseName, owner.username, `owner${i + 1}`);
  }
  const connection: { [variable: string]: string } =
    server.engine.family === EngineFamily.POSTGRES
      ? {
          PGHOST: endpoint.host,
          PGPORT: portText(endpoint.port),
          PGSSLMODE: strictestSslMode(tls),
          UPGRADE_ADMIN: adminLogin?.username ?? "",
          UPGRADE_MAINTENANCE_DATABASE: maintenanceDatabase,
          UPGRADE_DATABASES: lines.join("\n"),
          UPGRADE_SKIP: (reservedNames?.databases ?? []).join(" "),
        }
      : {
          MYSQL_HOST: endpoint.host,
          MYSQL_TCP_PORT: portText(endpoint.port),
          SQL_USER: adminLogin?.username ?? "",
          SQL_TLS_MODE: strictestSslMode(tls),
        };
  return {
    name,
    server,
    script,
    environment: { ...connection, UPGRADE_FROM: from, UPGRADE_TO: to },
    // MySQL's administrator reads and analyzes the tables of all databases.
    secrets: server.engine.family === EngineFamily.POSTGRES ? secrets : secrets.slice(0, 1),
    everyApply: false,
    dependsOn: [
      ...new Set([...server.dependables, ...databases.flatMap((database) => database.dependables)]),
    ],
  };
}
