/** Renamed constructs: Terraform moves what they made, and nothing gets another name. */
import { App, TerraformStack } from "cdktf";
import { Construct } from "constructs";
import { Cloud, moveConstruct, TerraformData } from "../../../lib/database";
import { namingPath, physicalName } from "../../../lib/database/private";
import { STACK_NAMES } from "../../../stacks/main";
import { type Json, problemsOf, synthesize } from "../../support/synth";
import { IMPLEMENTATIONS } from "../conformance/implementations";

class Part extends Construct {
  public constructor(scope: Construct, id: string, ...children: string[]) {
    super(scope, id);
    for (const child of children) new TerraformData(this, child, { input: { name: physicalName(this) } });
  }
}
const move = (stack: Construct, from: string, to: string) =>
  moveConstruct(stack, { from: `test/${from}`, to: `test/${to}` });
/** Addresses without CDKTF's hash. */
const movesOf = (json: Json): string[] =>
  (json.moved ?? []).map(({ from, to }: Json) =>
    `${from} ${to}`.replace(/terraform_data\.|_[0-9A-F]{8}/g, ""),
  );
const inputs = (json: Json): string[] =>
  Object.values<Json>(json.resource.terraform_data).map(({ input }) => input.name);

test("a renamed construct takes its resources and names along", () => {
  const before = synthesize((stack) => void new Part(stack, "postgres", "one", "two")).json;
  const { json } = synthesize((stack) => {
    move(stack, "postgres", "database");
    new Part(stack, "database", "one", "two");
  });
  expect(movesOf(json)).toEqual(["postgres_one database_one", "postgres_two database_two"]);
  expect(json.moved.map(({ from }: Json) => from)).toEqual(
    Object.keys(before.resource.terraform_data).map((name) => `terraform_data.${name}`),
  );
  expect(json.moved.map(({ to }: Json) => to)).toEqual(
    Object.keys(json.resource.terraform_data).map((name) => `terraform_data.${name}`),
  );
  expect(inputs(json)).toEqual(inputs(before));
});

test("constructs move under another parent, out of it, and with a parent that moves", () => {
  const { json } = synthesize((stack) => {
    move(stack, "old", "platform/new");
    move(stack, "old/two", "alone");
    new Part(new Part(stack, "platform"), "new", "one");
    new Part(stack, "alone", "x");
    new Part(stack, "other", "y");
  });
  expect(movesOf(json).sort()).toEqual(["old_one platform_new_one", "old_two_x alone_x"]);
  expect(inputs(json).sort()).toEqual(["test-old", "test-old-two", "test-other"]);
});

test("the nearest of nested moves counts", () => {
  const { json } = synthesize((stack) => {
    move(stack, "a", "b");
    move(stack, "c/d", "b/e");
    const b = new Part(stack, "b", "x");
    new Part(b, "e", "y");
  });
  expect(movesOf(json).sort()).toEqual(["a_x b_x", "c_d_y b_e_y"]);
});

test("a second move follows the first, and names stay those of the first program", () => {
  const { json } = synthesize((stack) => {
    move(stack, "a", "b");
    move(stack, "b", "c");
    new Part(stack, "c", "x");
  });
  expect(movesOf(json).sort()).toEqual(["a_x b_x", "b_x c_x"]);
  expect(inputs(json)).toEqual(["test-a"]);
});

test("a program without moves has no blocks", () => {
  expect(synthesize((stack) => void new Part(stack, "a", "x")).json).not.toHaveProperty("moved");
});

test.each([
  [
    "a destination that is not in the program",
    'MOVE-TO: to must be the path of a construct of the program (got "test/databse"); test has database',
    ["postgres", "databse"],
  ],
  [
    "an earlier path that is still in use",
    "MOVE-OCCUPIED: from must not be in the program any more",
    ["taken", "database"],
  ],
])("%s is refused", (_, message, [from, to]) => {
  const problems = problemsOf((stack) => {
    move(stack, from as string, to as string);
    new Part(stack, "database", "x");
    new Part(stack, "taken", "x");
  });
  expect(problems).toHaveLength(1);
  expect(problems[0]).toContain(message);
});

test("a construct that is made before its move is declared is refused: it has its new names already", () => {
  const problems = problemsOf((stack) => {
    new Part(stack, "b", "x");
    move(stack, "a", "b");
  });
  expect(problems).toEqual([
    expect.stringContaining("MOVE-ORDER: to must be declared before the construct is made"),
  ]);
});

test.each([
  [
    "a destination without the stack's id",
    { from: "test/a", to: "b" },
    /MOVE-TO: to must be the path of a construct .* begin with the id of the stack/,
  ],
  [
    "a destination in a stack that is not there",
    { from: "test/a", to: "tset/b" },
    /MOVE-TO: to must be the path of a construct of the program .* there is no tset/,
  ],
  [
    "an earlier path without the stack's id",
    { from: "a", to: "test/b" },
    /MOVE-PATH: from must begin with the id of the stack/,
  ],
])("%s is refused, and the move is not lost", (_, paths, message) => {
  for (const scope of [(stack: TerraformStack) => stack, (stack: TerraformStack) => stack.node.root]) {
    const problems = problemsOf((stack) => {
      moveConstruct(scope(stack), paths);
      new Part(stack, "b", "x");
    });
    expect(problems).toEqual([expect.stringMatching(message)]);
  }
});

test("two sources, two destinations and circles are refused, all at once", () => {
  const problems = problemsOf((stack) => {
    move(stack, "a", "b");
    move(stack, "c", "b");
    move(stack, "d", "e");
    move(stack, "d", "f");
    move(stack, "g", "h");
    move(stack, "h", "g");
    for (const id of ["b", "e", "f", "g", "h"]) new Part(stack, id, "x");
  });
  const text = problems.join("\n");
  expect(text).toContain("MOVE-TO: to must be the destination of one move");
  expect(text).toContain("MOVE-FROM: from must be moved once");
  expect(text).toContain("MOVE-CIRCLE: from must not lead back");
});

test("HCL output, which would lose the blocks, is refused", () => {
  const { stack } = synthesize((scope) => {
    move(scope, "a", "b");
    new Part(scope, "b", "x");
  });
  expect(() => stack.toHclTerraform()).toThrow(/MOVE-HCL/);
});

/** The JSON without CDKTF's hashes, blocks and the parent's id in addresses. */
const withoutParent = ({ moved, ...json }: Json): Json =>
  JSON.parse(
    JSON.stringify(json)
      .replace(/\bplatform_(?=\w)/g, "")
      .replace(/(?<=\w)_[0-9A-F]{8}\b/g, ""),
  );

describe.each(IMPLEMENTATIONS.filter(({ cloud }) => cloud !== Cloud.SELF_MANAGED))(
  "$label",
  (implementation) => {
    test("nothing but addresses changes when it moves under another parent", () => {
      const build = (scope: Construct) => {
        implementation.build(scope as TerraformStack, {}).database("app");
      };
      const before = synthesize(build);
      const inParent = (stack: TerraformStack) => build(new Construct(stack, "platform"));
      const { children } = synthesize(inParent).stack.node.findChild("platform").node;
      const after = synthesize((stack) => {
        for (const { node } of children) move(stack, node.id, `platform/${node.id}`);
        inParent(stack);
      }).json;
      const earlier = Object.entries<Json>(before.json.resource).flatMap(([type, all]) =>
        Object.keys(all).map((name) => `${type}.${name}`),
      );
      // Some constructs put a resource that is one for the whole stack beside themselves: it has no other address.
      const present = Object.entries<Json>(after.resource).flatMap(([type, all]) =>
        Object.keys(all).map((name) => `${type}.${name}`),
      );
      const from = after.moved.map((block: Json) => block.from);
      expect([...from, ...earlier.filter((each) => present.includes(each))].sort()).toEqual(earlier.sort());
      expect(withoutParent(after)).toEqual(withoutParent(before.json));
    });
  },
);

test.each(STACK_NAMES)("no name of %s changes when its stack has another path", async (name) => {
  const cloud = name.split("-")[1] as string;
  const builders = await import(`../../../stacks/inputs/${cloud}`);
  const key = name.replace(/-(\w)/, (_: string, letter: string) => letter.toUpperCase());
  const build = (declare: (app: App) => Construct): Json => {
    const app = new App({ stackTraces: false, context: { "cdktf-devplatforms/today": "2026-11-22" } });
    const stack: TerraformStack = builders[key](declare(app));
    stack.prepareStack();
    const json = JSON.parse(JSON.stringify(stack.toTerraform()));
    delete json["//"];
    return json;
  };
  // Messages name the construct where it is now, and so does the description of the key in the stack's own file.
  const plain = (json: Json) =>
    JSON.parse(
      JSON.stringify(json, (key, value) =>
        ["//", "backend", "error_message"].includes(key) || /^Backups of /.test(value) ? undefined : value,
      ),
    );
  const before = build((app) => app);
  const renamed = build((app) => {
    moveConstruct(app, { from: name, to: `platforms/${name}` });
    return new Construct(app, "platforms");
  });
  expect(plain(renamed)).toEqual(plain(before));
});

test("a path without moves is the construct's", () => {
  const app = new App({ stackTraces: false });
  const stack = new TerraformStack(app, "test");
  moveConstruct(app, { from: "test/a", to: "test/b" });
  expect(namingPath(new Part(stack, "c"))).toBe("test/c");
  expect(namingPath(new Part(new Part(stack, "b"), "d"))).toBe("test/a/d");
});
