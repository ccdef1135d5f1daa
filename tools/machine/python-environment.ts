/** Python environments with exactly the packages of `tools/python/<name>.txt`, kept by the hash of that file. */
import { createHash } from "node:crypto";
import { existsSync, readFileSync, renameSync, rmSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { cacheFolder, exclusively } from "./cache";
import { findProgram, run } from "./processes";
import { repository } from "./repository";
import { Unavailable } from "./unavailable";

/** @returns the path of the environment's interpreter, or why there is none. */
export function python(name: "aws" | "cel" | "checkov" | "pg-upgrade"): string | Unavailable {
  const system = findProgram(["python3"]);
  if (system === undefined) {
    return new Unavailable("there is no python3 on PATH");
  }
  const requirements = join(repository, "tools", "python", `${name}.txt`);
  const version = run(system, ["--version"]).stdout;
  const hash = createHash("sha256").update(version).update(readFileSync(requirements)).digest("hex");
  const folder = join(cacheFolder("python"), `${name}-${hash.slice(0, 16)}`);
  const interpreter = join(folder, "bin", "python");
  return exclusively(`python-${name}`, () => {
    if (existsSync(join(folder, "complete"))) {
      return interpreter;
    }
    rmSync(folder, { recursive: true, force: true });
    const steps = [
      [system, "-m", "venv", folder],
      [interpreter, "-m", "pip", "install", "--quiet", "--requirement", requirements],
    ];
    for (const [program, ...args] of steps) {
      const done = run(program as string, args);
      if (done.code !== 0) {
        const last = `${done.stdout}${done.stderr}`.trim().split("\n").at(-1);
        return new Unavailable(
          `the Python packages of tools/python/${name}.txt cannot be installed: ${last}`,
        );
      }
    }
    // Written last, so that an interrupted installation is never taken for a whole one.
    writeFileSync(join(folder, "complete.part"), "");
    renameSync(join(folder, "complete.part"), join(folder, "complete"));
    return interpreter;
  });
}
