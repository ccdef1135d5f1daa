/** Programs built from their Go modules, exactly as pinned in `tools/go/<name>`, and kept by the hash of that. */
import { createHash } from "node:crypto";
import { existsSync, readdirSync, readFileSync, renameSync } from "node:fs";
import { join } from "node:path";
import { cacheFolder, exclusively } from "./cache";
import { findProgram, run } from "./processes";
import { repository } from "./repository";
import { Unavailable } from "./unavailable";

/** How a Go program is built. */
export interface GoBuild {
  /** Flags for the linker. @default - none but those that strip symbols */
  readonly flags?: readonly string[];
  /** Folder in `tools/go` that pins the module, for a second program of a module. @default - the name of the program */
  readonly module?: string;
  /** Enables cgo, for which a C compiler is needed. @default false */
  readonly cgo?: boolean;
}

/**
 * @param name the program, which is also the folder in `tools/go` that pins its module
 * @param main the import path of the program
 * @param build how it is built
 * @returns the path of the program, or why it cannot be built.
 */
export function goProgram(name: string, main: string, build: GoBuild = {}): string | Unavailable {
  const { flags = [], cgo = false, module: folder = name } = build;
  const go = findProgram(["go"]);
  if (go === undefined) {
    return new Unavailable(`${name} is built with Go, and there is no go on PATH`);
  }
  if (cgo && findProgram(["gcc", "cc"]) === undefined) {
    return new Unavailable(`${name} is built with cgo, and there is no C compiler on PATH`);
  }
  const module = join(repository, "tools", "go", folder);
  const hash = createHash("sha256").update(flags.join(" "));
  for (const file of readdirSync(module).sort()) {
    hash.update(readFileSync(join(module, file)));
  }
  const program = join(cacheFolder("go"), `${name}-${hash.digest("hex").slice(0, 16)}`);
  return exclusively(`go-${name}`, () => {
    if (existsSync(program)) {
      return program;
    }
    const args = [
      "build",
      "-trimpath",
      "-ldflags",
      ["-s", "-w", ...flags].join(" "),
      "-o",
      `${program}.part`,
    ];
    const env = { ...process.env, CGO_ENABLED: cgo ? "1" : "0", GOFLAGS: "-mod=readonly", GOWORK: "off" };
    const done = run(go, [...args, main], { cwd: module, env });
    if (done.code !== 0) {
      return new Unavailable(`${name} cannot be built: ${done.stderr.trim().split("\n").at(-1)}`);
    }
    renameSync(`${program}.part`, program);
    return program;
  });
}
