/** Each warning has a stable id, by which a program can be checked and the review can name it. */
import { readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { warningsOf } from "../../../tools/docs/opt-outs";
import { repository } from "../../../tools/machine/repository";

const lib = join(repository, "lib");
const sources = (readdirSync(lib, { recursive: true }) as string[]).filter((file) => file.endsWith(".ts"));

test("no warning lacks an id", () => {
  const warnings = warningsOf(repository);
  expect(warnings.length).toBeGreaterThan(40);
  expect(warnings.filter(({ code }) => code === "")).toEqual([]);
});

test("warnings of a room with the same id say the same", () => {
  const texts = new Map<string, Set<string>>();
  for (const { room, code, text } of warningsOf(repository)) {
    const id = `${room} ${code}`;
    texts.set(id, (texts.get(id) ?? new Set()).add(text));
  }
  expect([...texts].filter(([, said]) => said.size > 1).map(([id, said]) => [id, ...said])).toEqual([]);
});

test("no annotation is made without SynthChecks, which gives it its id", () => {
  const direct = sources
    // Reads annotations, and has a class of that name.
    .filter((file) => !/^testing[\\/]/.test(file))
    .filter((file) => readFileSync(join(lib, file), "utf8").includes("Annotations.of("));
  expect(direct.map((file) => file.replace(/\\/g, "/"))).toEqual(["database/private/synth-checks.ts"]);
});
