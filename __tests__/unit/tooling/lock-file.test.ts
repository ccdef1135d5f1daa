/**
 * `npm ci` refuses a lock file that lacks a package, also one for another platform. npm leaves out, without a word,
 * what the registry did not have when the file was written.
 */
import { readFileSync } from "node:fs";
import { join } from "node:path";
import { repository } from "../../../tools/machine/repository";

interface Entry {
  readonly dependencies?: Record<string, string>;
  readonly optionalDependencies?: Record<string, string>;
  readonly resolved?: string;
}

interface LockFile {
  readonly packages: Record<string, Entry>;
}

/** @returns what is asked for and not there, as "package needs package". */
function missing({ packages }: LockFile): string[] {
  return Object.entries(packages).flatMap(([path, { dependencies, optionalDependencies }]) =>
    Object.keys({ ...dependencies, ...optionalDependencies })
      .filter((name) => !places(path).some((place) => `${place}node_modules/${name}` in packages))
      .map((name) => `${path} needs ${name}`),
  );
}

/** Where Node looks for a package, from the inside out. */
function places(path: string): string[] {
  const parts = path.split("/node_modules/");
  return [...parts.map((_, index) => `${parts.slice(0, index + 1).join("/node_modules/")}/`), ""];
}

const lock = JSON.parse(readFileSync(join(repository, "package-lock.json"), "utf8")) as LockFile;

test("the lock file has every package, for every platform", () => {
  expect(Object.keys(lock.packages).length).toBeGreaterThan(100);
  expect(missing(lock)).toEqual([]);
});

test("the lock file names no registry", () => {
  expect(Object.values(lock.packages).filter(({ resolved }) => resolved?.startsWith("http"))).toEqual([]);
});

test("a package that is missing is found", () => {
  const packages = {
    "node_modules/a": { optionalDependencies: { "a-linux": "1.0.0", "a-windows": "1.0.0" } },
    "node_modules/a/node_modules/a-linux": { dependencies: { b: "1.0.0" } },
    "node_modules/b": {},
  };
  expect(missing({ packages })).toEqual(["node_modules/a needs a-windows"]);
});
