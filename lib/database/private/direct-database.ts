import type { IDatabase } from "../database-server";

/** The database on its server, past all poolers and proxies: for SQL objects, migrations and backups. */
export function directDatabase(database: IDatabase): IDatabase {
  let direct = database;
  while (direct.pooling) direct = direct.pooling.direct;
  return direct;
}
