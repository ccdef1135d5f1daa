/** The page of opt-outs is that of the sources. */
import { readFileSync } from "node:fs";
import { join } from "node:path";
import { optOutsOf, optOutsPage, subjectsOf } from "../../../tools/docs/opt-outs";
import { repository } from "../../../tools/machine/repository";

test("docs/opt-outs.md lists every opt-out of lib", () => {
  expect(optOutsOf(repository).length).toBeGreaterThan(50);
  expect(subjectsOf(repository)).toContain("RDS");
  expect(readFileSync(join(repository, "docs", "opt-outs.md"), "utf8")).toBe(optOutsPage(repository));
});

test("no opt-out hides its property or its effect from the page", () => {
  const hidden = optOutsOf(repository).filter(({ code, text }) => code === "" || !/\w{3,} \w+/.test(text));
  expect(hidden).toEqual([]);
});

test("each opt-out of a room is written once", () => {
  const notes = optOutsOf(repository).map(({ room, code, text }) => `${room} ${code} ${text}`);
  expect(notes.filter((note, index) => notes.indexOf(note) !== index)).toEqual([]);
});
