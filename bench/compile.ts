/** Compiles `lib` and `bench` once, so that no measurement holds the time of a compiler. */
import { mkdirSync, mkdtempSync, readdirSync, writeFileSync } from "node:fs";
import { dirname, join } from "node:path";
import { transformFileSync } from "@swc/core";

/** @returns the folder with the compiled files; below `node_modules`, so that packages are found from there. */
export function compile(repository: string): string {
  const cache = join(repository, "node_modules", ".cache");
  mkdirSync(cache, { recursive: true });
  const folder = mkdtempSync(join(cache, "bench-"));
  for (const part of ["lib", "bench"]) {
    const paths = readdirSync(join(repository, part), { recursive: true }) as string[];
    for (const path of paths.filter((each) => each.endsWith(".ts") && !each.endsWith(".d.ts"))) {
      const { code } = transformFileSync(join(repository, part, path), {
        configFile: false,
        swcrc: false,
        jsc: { target: "es2022", parser: { syntax: "typescript" } },
        module: { type: "commonjs" },
      });
      const target = join(folder, part, path.replace(/\.ts$/, ".js"));
      mkdirSync(dirname(target), { recursive: true });
      writeFileSync(target, code);
    }
  }
  return folder;
}
