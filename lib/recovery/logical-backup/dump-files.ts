import { EngineFamily, type IDatabase } from "../../database";

/** Schedule without `schedule`. @internal */
export const DEFAULT_SCHEDULE = "0 2 * * *";
/** Number of kept backups without `keep`. @internal */
export const DEFAULT_KEEP = 14;

/** Name of the file of each database in a backup. @internal */
export function dumpFiles(
  databases: readonly IDatabase[],
): { readonly file: string; readonly name: string }[] {
  return databases.map((database, index) => {
    const name = database.databaseName;
    const extension = database.server.engine.family === EngineFamily.POSTGRES ? "dump" : "sql.gz";
    // The number keeps names apart that differ in other characters only.
    return { file: `${index + 1}-${name.replace(/[^A-Za-z0-9_-]/g, "_")}.${extension}`, name };
  });
}

/** Days back that the kept backups reach; undefined if the longest gap between two runs is not known. @internal */
export function retentionDays(gapMinutes: number | undefined, keep = DEFAULT_KEEP): number | undefined {
  return gapMinutes === undefined ? undefined : Math.floor(((keep - 1) * gapMinutes) / 1440);
}
