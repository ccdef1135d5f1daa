/** The entries of the package: as the README's table lists them, as package.json exports them, and as they are on disk. */
import { existsSync, readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";

/** The name of the package. */
export const PACKAGE = "cdktf-devplatforms";

/** A row of the README's table of entries. */
export interface DocumentedEntry {
  /** The entry without the package's name, such as `aws/eks`. */
  readonly entry: string;
  /** The npm packages that it needs beside ours, `cdktf` and `constructs` included. */
  readonly peers: readonly string[];
  /** The names of classes in its description. */
  readonly classes: readonly string[];
}

/** @returns the rows of the README's table of entries, in its order. */
export function documentedEntries(repository: string): DocumentedEntry[] {
  const readme = readFileSync(join(repository, "README.md"), "utf8");
  const rows = [...readme.matchAll(/^\| `cdktf-devplatforms\/([^`]+)` \| ([^|]+) \| ([^|]+) \|$/gm)];
  return rows.map(([, entry, providers, description]) => ({
    entry: entry as string,
    peers: [
      ...(entry === "review" ? [] : ["cdktf", "constructs"]),
      ...words(providers).map((each) => `@cdktf/provider-${each}`),
    ],
    classes: words(description).filter((each) => /^[A-Z]\w+$/.test(each)),
  }));
}

/** @returns the entries on disk, with the source of each: rooms of `lib`, clusters of a cloud, and stacks. */
export function entriesOnDisk(repository: string): Map<string, string> {
  const entries = new Map<string, string>();
  for (const room of folders(join(repository, "lib"))) {
    const index = join("lib", room, "index.ts");
    // A room without an index is a program: `bin` in package.json.
    if (!existsSync(join(repository, index))) continue;
    entries.set(room, index);
    const reexported = readFileSync(join(repository, index), "utf8");
    for (const folder of folders(join(repository, "lib", room))) {
      // A subject that the room does not re-export is an entry itself: it loads providers that the room does not.
      const inner = join("lib", room, folder, "index.ts");
      const isEntry = folder !== "private" && existsSync(join(repository, inner));
      if (isEntry && !reexported.includes(`"./${folder}`)) entries.set(`${room}/${folder}`, inner);
    }
  }
  for (const file of readdirSync(join(repository, "stacks"))) {
    if (file.endsWith(".ts") && file !== "main.ts") {
      entries.set(`stacks/${file.replace(/\.ts$/, "")}`, join("stacks", file));
    }
  }
  return entries;
}

function folders(path: string): string[] {
  const all = readdirSync(path, { withFileTypes: true });
  return all.filter((each) => each.isDirectory()).map(({ name }) => name);
}

function words(text: string | undefined): string[] {
  return [...(text ?? "").matchAll(/`([^`]+)`/g)].map(([, word]) => word as string);
}
