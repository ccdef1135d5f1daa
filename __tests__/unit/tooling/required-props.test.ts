/** Every public construct and stack reports the required properties that a program without types leaves out, and never a TypeError. */
import { join } from "node:path";
import { App, TerraformStack } from "cdktf";
import { Construct } from "constructs";
import { repository } from "../../../tools/machine/repository";
import { entriesOnDisk } from "../../../tools/package/entries";

type Constructor = new (scope: Construct, id: string, props: object) => Construct;

/** Classes whose constructors are private or protected, which only TypeScript knows: static methods or subclasses construct them. */
const HIDDEN = [
  "GitpodCertificate",
  "GitpodRegistry",
  "GitpodSecret",
  "CoderStack",
  "GitlabStack",
  "GitpodStack",
];

const constructs = [...entriesOnDisk(repository)].flatMap(([entry, source]) =>
  Object.entries<Constructor>(require(join(repository, source))).flatMap(([name, value]) =>
    typeof value === "function" && value.prototype instanceof Construct && !HIDDEN.includes(name)
      ? [{ entry, name, value }]
      : [],
  ),
);

type Reference = (scope: Construct, id: string, attributes: object) => Construct;

/** Static methods that make a reference to a resource that exists already. */
const references = [...entriesOnDisk(repository)].flatMap(([entry, source]) =>
  Object.entries<object>(require(join(repository, source))).flatMap(([name, value]) =>
    Object.getOwnPropertyNames(value)
      .filter((method) => /^from\w+Attributes$/.test(method))
      // Scope, id and attributes; what has attributes alone is no construct.
      .filter((method) => (value as { [method: string]: Reference })[method]?.length === 3)
      .map((method) => ({
        entry,
        name: `${name}.${method}`,
        from: (value as { [method: string]: Reference })[method]?.bind(value) as Reference,
      })),
  ),
);

function mistakes(value: Constructor, props: object): string[] {
  const app = new App({ stackTraces: false });
  const scope = value.prototype instanceof TerraformStack ? app : new TerraformStack(app, "stack");
  return mistakesOf(() => new value(scope, "x", props));
}

function mistakesOf(build: () => Construct): string[] {
  let construct: Construct;
  try {
    construct = build();
  } catch (error) {
    return `${error}`.replace(/^Error: /, "").split("\n");
  }
  return construct.node
    .findAll()
    .flatMap(({ node }) => node.validate().map((text) => `[${node.path}] ${text}`));
}

test("the walk finds the constructs of all rooms and stacks", () => {
  expect(new Set(constructs.map(({ entry }) => entry)).size).toBeGreaterThanOrEqual(20);
  expect(constructs.length).toBeGreaterThanOrEqual(80);
});

test.each(constructs)("$entry $name: {} names what is missing", ({ value }) => {
  for (const line of mistakes(value, {})) {
    expect(line).toMatch(/^\[(stack\/)?x(\/[^\]]+)?\] [A-Z0-9-]+: \S+ .*must /);
  }
});

test("the walk finds the references to resources that exist", () => {
  expect(references.length).toBeGreaterThanOrEqual(15);
});

test.each(references)("$entry $name: {} names what is missing", ({ from }) => {
  const found = mistakesOf(() => from(new TerraformStack(new App({ stackTraces: false }), "stack"), "x", {}));
  expect(found.length).toBeGreaterThan(0);
  for (const line of found) {
    expect(line).toMatch(/^\[(stack\/)?x(\/[^\]]+)?\] [A-Z0-9-]+: \S+ .*must /);
  }
});

test.each([
  ["aws", "RdsServer", ["RDS-ENGINE", "RDS-SIZE", "RDS-STORAGE", "RDS-NETWORK"]],
  ["coder", "CoderRelease", ["CODER-DATABASE", "CODER-ACCESS-URL", "CODER-CHART-VERSION"]],
])("%s %s: {} names each missing property by id", (entry, name, ids) => {
  const found = constructs.find((construct) => construct.entry === entry && construct.name === name);
  expect(
    mistakes((found as (typeof constructs)[number]).value, {}).map((line) => line.split(/[ :]/)[1]),
  ).toEqual(ids);
});
