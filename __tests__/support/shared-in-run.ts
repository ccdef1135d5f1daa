/**
 * Work that several test files need, done once in a run of `npm test`: the stacks' JSON, their plans. The runner names a folder,
 * new in each run, by DEVPLATFORMS_RUN_FOLDER; a test file that runs without it does the work itself, so that nothing is ever taken
 * from an earlier run.
 */
import { createHash } from "node:crypto";
import { existsSync, mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { exclusively } from "../../tools/machine/cache";

let ownFolder: string | undefined;

/** @returns the folder of this run, or one that lasts as long as this process */
function runFolder(): string {
  const given = process.env.DEVPLATFORMS_RUN_FOLDER;
  if (given !== undefined) return given;
  if (ownFolder === undefined) {
    const folder = mkdtempSync(join(tmpdir(), "devplatforms-run-"));
    process.once("exit", () => rmSync(folder, { recursive: true, force: true }));
    ownFolder = folder;
  }
  return ownFolder;
}

/**
 * Makes a folder once in a run, whichever test file asks first; the others wait for it.
 *
 * @param key everything that the content depends on, but for the sources of this repository
 * @param make fills the folder; when it throws, the next one that asks tries again
 * @returns the folder, which is not changed afterwards
 */
export function sharedFolder(key: string, make: (folder: string) => void): string {
  const name = createHash("sha256").update(key).digest("hex").slice(0, 16);
  const folder = join(runFolder(), name);
  const done = join(folder, ".done");
  if (!existsSync(done)) {
    exclusively(`run-${createHash("sha256").update(folder).digest("hex").slice(0, 16)}`, () => {
      if (existsSync(done)) return;
      rmSync(folder, { recursive: true, force: true });
      mkdirSync(folder, { recursive: true });
      make(folder);
      writeFileSync(done, "");
    });
  }
  return folder;
}

/** Like `sharedFolder`, for a value that JSON can hold. */
export function sharedValue<T>(key: string, make: () => T): T {
  const folder = sharedFolder(key, (each) => writeFileSync(join(each, "value.json"), JSON.stringify(make())));
  return JSON.parse(readFileSync(join(folder, "value.json"), "utf8")) as T;
}
