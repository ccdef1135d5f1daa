/**
 * `npm run facts`: names the tables of facts (`data/*.ts` in lib and stacks) that were compared with their sources more than 90 days ago.
 *
 *   npm run facts                 as of today
 *   npm run facts -- 2027-03-01   as of a day
 *
 * Each table says in its first comment when its sources were read: `read 2026-11` or `read 2026-11-21`. The oldest date counts.
 */
import { daysBetween, type FactTable, factTables } from "../lib/cli/doctor/fact-tables";
import { repository } from "./machine/repository";

const LONGEST_DAYS = 90;
/** @returns a line for each table without a date or older than 90 days on `today`. */
export function staleTables(tables: readonly FactTable[], today: Date): string[] {
  return tables.flatMap(({ file, read }) => {
    if (read === undefined)
      return [`${file}: its first comment does not say when its sources were read (read YYYY-MM)`];
    const days = daysBetween(read, today.toISOString().slice(0, 10));
    return days > LONGEST_DAYS
      ? [`${file}: read ${read}, ${days} days ago; compare it with its sources and write the date`]
      : [];
  });
}

if (require.main === module) {
  const today = new Date(process.argv[2] ?? Date.now());
  const tables = factTables(repository);
  const stale = staleTables(tables, today);
  for (const line of stale) console.error(line);
  console.log(`${tables.length} tables, ${stale.length} to compare`);
  process.exitCode = stale.length === 0 && tables.length > 0 ? 0 : 1;
}
