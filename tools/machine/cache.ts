/**
 * The cache of what is slow to make: Python environments, Go programs, the provider mirror. It may be removed at any
 * time; every entry is made again from what is committed here.
 */
import { existsSync, mkdirSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { homedir } from "node:os";
import { join } from "node:path";

export function cacheFolder(...path: string[]): string {
  const base = process.env.XDG_CACHE_HOME ?? join(homedir(), ".cache");
  const folder = join(base, "cdktf-devplatforms", ...path);
  mkdirSync(folder, { recursive: true });
  return folder;
}

/** Only one process at a time makes an entry: tiers run side by side. A lock whose owner is gone is taken over. */
export function exclusively<T>(name: string, make: () => T): T {
  const lock = join(cacheFolder("locks"), name);
  for (;;) {
    try {
      writeFileSync(lock, String(process.pid), { flag: "wx" });
      break;
    } catch {
      if (!isAlive(lock)) {
        rmSync(lock, { force: true });
      }
      Atomics.wait(new Int32Array(new SharedArrayBuffer(4)), 0, 0, 200);
    }
  }
  try {
    return make();
  } finally {
    rmSync(lock, { force: true });
  }
}

function isAlive(lock: string): boolean {
  try {
    const owner = readFileSync(lock, "utf8");
    // An owner that has just made the file may not have written its id yet.
    return owner === "" || existsSync(`/proc/${owner}`) || process.kill(Number(owner), 0);
  } catch {
    return false;
  }
}
