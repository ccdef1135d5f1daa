/** The reference architectures: three applications on three clouds, each with its class and its page. */
import { existsSync, readdirSync } from "node:fs";
import { join } from "node:path";
import { STACK_NAMES } from "../../../stacks/main";
import { repository } from "../../../tools/machine/repository";

test("there are nine stacks", () => {
  expect(STACK_NAMES).toEqual([
    "coder-aws",
    "coder-google",
    "coder-azure",
    "gitpod-aws",
    "gitpod-google",
    "gitpod-azure",
    "gitlab-aws",
    "gitlab-google",
    "gitlab-azure",
  ]);
});

test.each(STACK_NAMES)("%s has a file and a page", (name) => {
  for (const file of [`stacks/${name}.ts`, `docs/${name}.md`]) {
    expect([file, existsSync(join(repository, file))]).toEqual([file, true]);
  }
});

test("main.ts has every stack", () => {
  const programs = readdirSync(join(repository, "stacks")).filter((file) =>
    /-(aws|google|azure)\.ts$/.test(file),
  );
  expect(programs.map((file) => file.replace(".ts", "")).sort()).toEqual([...STACK_NAMES].sort());
});
