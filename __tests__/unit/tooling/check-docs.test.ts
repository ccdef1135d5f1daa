import { relative } from "node:path";
import { commentProblems } from "../../../tools/docs/comments";
import { exampleProblems } from "../../../tools/docs/examples";
import { openLibrary } from "../../../tools/docs/library";
import { pageExamples } from "../../../tools/docs/pages";

const root = `${__dirname}/fixtures/docs`;

function problems(room: string): string[] {
  const library = openLibrary(root, [room]);
  return [...commentProblems(library), ...exampleProblems(library)].map(
    ({ file, line, message }) => `${relative(root, file)}:${line} ${message}`,
  );
}

test("what is documented passes", () => {
  expect(openLibrary(root, ["good"]).examples).toHaveLength(1);
  expect(problems("good")).toEqual([]);
});

test("what is missing is found, and examples that do not compile", () => {
  expect(problems("bad")).toEqual([
    "lib/bad/alone.ts:3 Alone.name has no comment",
    "lib/bad/thing.ts:4 Kind has no comment",
    "lib/bad/thing.ts:5 Kind.ONE has no comment",
    "lib/bad/thing.ts:8 LIMIT has no comment",
    "lib/bad/thing.ts:10 act has no comment",
    "lib/bad/thing.ts:12 ThingProps has no comment",
    'lib/bad/thing.ts:14 ThingProps.name is optional and has neither @default nor the words "not set"',
    'lib/bad/thing.ts:16 ThingProps.size is optional and has neither @default nor the words "not set"',
    "lib/bad/thing.ts:17 ThingProps.kind has no comment",
    "lib/bad/thing.ts:22 Thing.used has no comment",
    "lib/bad/thing.ts:24 Thing.name has no comment",
    "lib/bad/thing.ts:28 Thing.act has no comment",
    "lib/bad/thing.ts:21 Thing is a construct without an @example",
    "lib/bad/used.ts:1 UsedByThing has no comment",
    "lib/bad/thing.ts:36 example: Property 'nonsense' does not exist on type 'Thing'.",
    "lib/bad/thing.ts:39 example: Argument expression expected.",
    "lib/bad/thing.ts:39 the example is empty",
  ]);
});

test("blocks of pages that do not compile are found, and whole files of the reader's left alone", () => {
  const examples = pageExamples(root);
  expect(examples.map(({ line }) => line)).toEqual([3, 9]);
  const found = exampleProblems(openLibrary(root, ["good"]), examples);
  expect(found.map(({ file, line, message }) => `${relative(root, file)}:${line} ${message}`)).toEqual([
    expect.stringMatching(/^docs\/page\.md:11 example: .*nonsense/),
  ]);
});
