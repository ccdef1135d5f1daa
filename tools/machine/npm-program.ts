/** Programs of npm packages that are no development dependencies: fetched into the cache, in an exact version. */
import { existsSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { cacheFolder, exclusively } from "./cache";
import { findProgram, run } from "./processes";
import { Unavailable } from "./unavailable";

/**
 * @param name the package
 * @param version its exact version
 * @param program the program in its `bin`
 * @returns the path of the program, or why it cannot be had.
 */
export function npmProgram(name: string, version: string, program: string): string | Unavailable {
  const npm = findProgram(["npm"]);
  if (npm === undefined) return new Unavailable("there is no npm on PATH");
  const folder = cacheFolder("npm", `${name.replace(/\W/g, "-")}-${version}`);
  const complete = join(folder, "complete");
  return exclusively(`npm-${name.replace(/\W/g, "-")}`, () => {
    if (!existsSync(complete)) {
      writeFileSync(join(folder, "package.json"), JSON.stringify({ private: true }));
      const argv = ["install", "--prefix", folder, "--no-audit", "--no-fund", "--no-progress"];
      const done = run(npm, [...argv, `${name}@${version}`], { cwd: folder });
      if (done.code !== 0) {
        return new Unavailable(`${name} cannot be installed: ${done.stderr.trim().split("\n").at(-1)}`);
      }
      writeFileSync(complete, "");
    }
    return join(folder, "node_modules", ".bin", program);
  });
}
