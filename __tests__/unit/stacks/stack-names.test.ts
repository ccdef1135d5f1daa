/** The reference architectures: each stack in `stacks` is in main.ts and has a page that the site lists. */
import { existsSync, readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { KINDS } from "../../../lib/review/data/kinds";
import { STACK_NAMES } from "../../../stacks/main";
import { repository } from "../../../tools/machine/repository";
import { synthesizedStacks } from "../../support/terraform/stacks";

test.each(STACK_NAMES)("%s has a file and a page", (name) => {
  for (const file of [`stacks/${name}.ts`, `docs/${name}.md`]) {
    expect([file, existsSync(join(repository, file))]).toEqual([file, true]);
  }
});

test("main.ts has every stack", () => {
  const programs = readdirSync(join(repository, "stacks")).filter(
    (file) => /-\w+\.ts$/.test(file) && !file.endsWith("-stack.ts"),
  );
  expect(programs.map((file) => file.replace(".ts", "")).sort()).toEqual([...STACK_NAMES].sort());
});

test("the site's sidebar has every page, once", () => {
  const config = readFileSync(join(repository, "docs/.vitepress/config.mts"), "utf8");
  const listed = [...config.matchAll(/page\("[^"]+", "\/([^"]+)"\)/g)].map(([, name]) => `${name}.md`);
  const pages = readdirSync(join(repository, "docs")).filter(
    (file) => file.endsWith(".md") && file !== "index.md",
  );
  // The navigation bar names the first page again.
  expect([...new Set(listed)].sort()).toEqual(pages.sort());
  expect(listed).toHaveLength(pages.length + 1);
});

test.each(synthesizedStacks().map((each) => [each.name, each.json] as const))(
  "the review of %s has words for each resource type",
  (_, json) => {
    expect(Object.keys(json.resource ?? {}).filter((type) => !KINDS.has(type))).toEqual([]);
  },
);
