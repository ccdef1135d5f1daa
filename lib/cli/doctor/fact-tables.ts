import { existsSync, readdirSync, readFileSync } from "node:fs";
import { join, relative } from "node:path";

const READ = /\bread (?:in |on )?(\d{4}-\d{2}(?:-\d{2})?)/gi;

/** Table of facts of the package (`data/*.ts` in lib and stacks). */
export interface FactTable {
  /** Path in the package. */
  readonly file: string;
  /** Day on which its sources were read, as `YYYY-MM-DD`; a month counts from its first day, and the oldest date counts. @default - the table has no date */
  readonly read?: string;
}

/** Tables of facts of a package, from its sources. */
export function factTables(root: string): FactTable[] {
  const files = ["lib", "stacks"]
    .filter((folder) => existsSync(join(root, folder)))
    .flatMap((folder) =>
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

/** Days from one day to another. */
export function daysBetween(from: string, to: string): number {
  return Math.floor((Date.parse(to) - Date.parse(from)) / 86_400_000);
}
