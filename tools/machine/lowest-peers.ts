/** The peers of package.json at the lowest versions that it promises, installed by npm and kept by the hash of the versions. */
import { createHash } from "node:crypto";
import { existsSync, readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { minVersion } from "semver";
import { cacheFolder, exclusively } from "./cache";
import { run } from "./processes";
import { repository } from "./repository";
import { Unavailable } from "./unavailable";

/** Lowest versions, and the folder that has them as `node_modules`. */
export interface LowestPeers {
  readonly versions: ReadonlyMap<string, string>;
  readonly modules: string;
}

/** @returns the peers, or why npm cannot install them. */
export function lowestPeers(): LowestPeers | Unavailable {
  const { peerDependencies } = JSON.parse(readFileSync(join(repository, "package.json"), "utf8"));
  const versions = new Map(
    Object.entries<string>(peerDependencies).map(([name, range]) => [name, String(minVersion(range))]),
  );
  const packages = [...versions].map(([name, version]) => `${name}@${version}`);
  const hash = createHash("sha256").update(packages.join()).digest("hex").slice(0, 16);
  const folder = cacheFolder("lowest-peers", hash);
  const complete = join(folder, "complete");
  return exclusively(`lowest-peers-${hash}`, () => {
    if (!existsSync(complete)) {
      writeFileSync(join(folder, "package.json"), JSON.stringify({ private: true }));
      const argv = ["install", "--prefix", folder, "--no-audit", "--no-fund", "--ignore-scripts"];
      const done = run("npm", [...argv, ...packages], { cwd: folder });
      if (done.code !== 0) {
        return new Unavailable(`npm cannot install the peers: ${done.stderr.trim().split("\n").at(-1)}`);
      }
      writeFileSync(complete, "");
    }
    return { versions, modules: join(folder, "node_modules") };
  });
}
