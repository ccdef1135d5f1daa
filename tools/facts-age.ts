/**
 * `npm run facts`: names the tables of facts (`data/*.ts` in lib and stacks) that were compared with their sources more than 90 days ago.
 *
 *   npm run facts                 as of today
 *   npm run facts -- 2027-03-01   as of a day
 *
 * Each table says in its first comment when its sources were read: `read 2026-11` or `read 2026-11-21`. The oldest date counts.
 */
import { readdirSync, readFileSync } from "node:fs";
import { join, relative } from "node:path";
import { repository } from "./machine/repository";

const LONGEST_DAYS = 90;
const DAY_MS = 86_400_000;
const READ = /\bread (?:in |on )?(\d{4}-\d{2}(?:-\d{2})?)/gi;

/** A table of facts and when it was compared with its sources. */
export interface FactTable {
  readonly file: string;
  /** The day as `YYYY-MM-DD`; a month counts from its first day. Not set when the table has no date. */
  readonly read?: string;
}

/** @returns every table of facts below `root`/lib and `root`/stacks. */
export function factTables(root: string): FactTable[] {
  const files = ["lib", "stacks"].flatMap((folder) =>
    (readdirSync(join(root, folder), { recursive: true }) as string[])
      .filter((file) => /(^|[\\/])data[\\/][^\\/]+\.ts$/.test(file) && !file.endsWith(".d.ts"))
      .map((file) => join(root, folder, file)),
  );
  return files.sort().map((file) => {
    const head = /^(?:\s*\/\/.*\n)+/.exec(readFileSync(file, "utf8"))?.[0].replace(/\n\/\/ ?/g, " ") ?? "";
    const dates = [...head.matchAll(READ)].map((match) => `${match[1]}-01`.slice(0, 10)).sort();
    return { file: relative(root, file), read: dates[0] };
  });
}

/** @returns a line for each table without a date or older than 90 days on `today`. */
export function staleTables(tables: readonly FactTable[], today: Date): string[] {
  return tables.flatMap(({ file, read }) => {
    if (read === undefined)
      return [`${file}: its first comment does not say when its sources were read (read YYYY-MM)`];
    const days = Math.floor((today.getTime() - Date.parse(read)) / DAY_MS);
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
