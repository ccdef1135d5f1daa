/** The rooms on disk, the exports of package.json and the README's table of entries list the same entries. */
import { existsSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { repository } from "../../../tools/machine/repository";
import { documentedEntries, entriesOnDisk } from "../../../tools/package/entries";

const packageJson = JSON.parse(readFileSync(join(repository, "package.json"), "utf8"));
const documented = documentedEntries(repository);
const onDisk = entriesOnDisk(repository);

const compiled = (source: string, extension: string) => `./dist/${source.replace(/\.ts$/, extension)}`;

test("package.json exports each entry on disk, and nothing else", () => {
  const expected = [...onDisk].map(([entry, source]): [string, unknown] => [
    `./${entry}`,
    { types: compiled(source, ".d.ts"), default: compiled(source, ".js") },
  ]);
  expect(packageJson.exports).toEqual({
    ...Object.fromEntries(expected),
    "./review/plan-review.schema.json": "./lib/review/report/plan-review.schema.json",
    "./package.json": "./package.json",
  });
});

test("the command and the schema are on disk", () => {
  const source = String(packageJson.bin.devplatforms).replace("./dist/", "").replace(/\.js$/, ".ts");
  expect(readFileSync(join(repository, source), "utf8")).toMatch(/^#!\/usr\/bin\/env node\n/);
  expect(existsSync(join(repository, packageJson.exports["./review/plan-review.schema.json"]))).toBe(true);
});

test("typesVersions lists the same types for moduleResolution node", () => {
  const expected = [...onDisk].map(([entry, source]) => [entry, [compiled(source, ".d.ts")]]);
  expect(packageJson.typesVersions).toEqual({ "*": Object.fromEntries(expected) });
});

test("the API reference has each entry", () => {
  const { entryPoints } = JSON.parse(readFileSync(join(repository, "typedoc.json"), "utf8"));
  expect([...entryPoints].sort()).toEqual([...onDisk.values()].sort());
});

test("there is no root entry", () => {
  expect(Object.keys(packageJson)).not.toEqual(expect.arrayContaining(["main"]));
  expect(Object.keys(packageJson)).not.toEqual(expect.arrayContaining(["types"]));
});

test("the README lists each entry once", () => {
  expect(documented.map(({ entry }) => entry).sort()).toEqual([...onDisk.keys()].sort());
});

test.each(documented)("the README names exports of $entry", ({ entry, classes }) => {
  const room = require(join(repository, String(onDisk.get(entry))));
  expect(classes.filter((name) => !(name in room))).toEqual([]);
});

test("the README's peers are peer dependencies, and all optional ones are listed", () => {
  const listed = new Set(documented.flatMap(({ peers }) => peers));
  expect([...listed].sort()).toEqual(Object.keys(packageJson.peerDependencies).sort());
  expect(Object.keys(packageJson.peerDependenciesMeta).sort()).toEqual(
    [...listed].filter((peer) => peer.startsWith("@cdktf/")).sort(),
  );
});

test("the README's install lines name every peer", () => {
  const readme = readFileSync(join(repository, "README.md"), "utf8");
  const install = [...readme.matchAll(/^npm install (.*)$/gm)].map(([, line]) => line).join(" ");
  expect(Object.keys(packageJson.peerDependencies).filter((peer) => !install.includes(peer))).toEqual([]);
});

test("the paths of the README exist", () => {
  const readme = readFileSync(join(repository, "README.md"), "utf8");
  const paths = [...readme.matchAll(/\]\((?!http|#)([^)]+)\)/g)].map(([, path]) =>
    String(path).replace(/#.*$/, ""),
  );
  expect(paths.length).toBeGreaterThan(10);
  expect(paths.filter((path) => !existsSync(join(repository, path)))).toEqual([]);
});
