/**
 * The package as a user gets it: packed in a fresh clone, installed in an empty folder with the packages that the README names for an
 * entry, loaded and type-checked as CommonJS and as an ES module, and imported by the tools that users run.
 */
import { cpSync, mkdirSync, readdirSync, readFileSync, writeFileSync } from "node:fs";
import { basename, join } from "node:path";
import { satisfies } from "semver";
import { must, run } from "../../../tools/machine/processes";
import { repository } from "../../../tools/machine/repository";
import { type DocumentedEntry, documentedEntries, PACKAGE } from "../../../tools/package/entries";
import { compile, modules, PackedPackage } from "./packed-package";
import { asProgram, firstSnippets } from "./snippets";

const entries = documentedEntries(repository);
const everything = [...new Set(entries.flatMap(({ peers }) => peers))];
const examples = readdirSync(join(repository, "examples")).filter((file) => file.endsWith(".ts"));
const snippets = firstSnippets();

/** Entries with the same peers share a folder: it has what each of them needs, and nothing more. */
const groups = new Map<string, DocumentedEntry[]>();
for (const entry of entries) {
  const peers = [...entry.peers].sort().join(" ") || "none";
  groups.set(peers, [...(groups.get(peers) ?? []), entry]);
}

let packed: PackedPackage;
beforeAll(() => {
  packed = new PackedPackage();
});
afterAll(() => packed?.remove());

test("the tarball has compiled files, their types, and the sources that the declaration maps name", () => {
  const { files } = packed;
  for (const file of ["dist/lib/aws/index.js", "dist/lib/aws/index.d.ts", "dist/stacks/coder-aws.js"]) {
    expect(files).toContain(file);
  }
  const expected =
    /^(dist\/(lib|stacks)\/.*\.(js|d\.ts|d\.ts\.map)|(lib|stacks)\/.*\.ts|lib\/\w+\/README\.md|lib\/review\/report\/plan-review\.schema\.json|lib\/kubernetes\/monitoring\/prometheus-rule-chart\/(Chart|templates\/prometheus-rule)\.yaml|package\.json|README\.md|LICENSE|CHANGELOG\.md)$/;
  expect(files.filter((file) => !expected.test(file))).toEqual([]);
  const maps = files.filter((file) => file.endsWith(".d.ts.map"));
  const sources = maps.map((file) => file.replace(/^dist\//, "").replace(/\.d\.ts\.map$/, ".ts"));
  expect(sources.filter((source) => !files.includes(source))).toEqual([]);
  expect(maps).toHaveLength(files.filter((file) => file.endsWith(".js")).length);
});

test("the declarations hold nothing that is internal", () => {
  const installed = join(packed.project([]), "node_modules", PACKAGE);
  const declarations = packed.files.filter((file) => file.endsWith(".d.ts"));
  expect(declarations.length).toBeGreaterThan(300);
  const internal = declarations.filter((file) =>
    /@internal|^\s*readonly _\w+[?]?:/m.test(readFileSync(join(installed, file), "utf8")),
  );
  expect(internal).toEqual([]);
});

describe.each([...groups])("with %s", (_, group) => {
  const project = () => packed.project(group[0]?.peers ?? []);

  test.each(group)("$entry loads, alone, by require and by import", ({ entry }) => {
    const program = `
      import { createRequire } from "node:module";
      const required = Object.keys(createRequire(import.meta.url)("${PACKAGE}/${entry}"));
      const imported = Object.keys(await import("${PACKAGE}/${entry}"));
      const missing = required.filter((name) => !imported.includes(name));
      if (required.length === 0 || missing.length > 0) throw new Error("not imported: " + missing);`;
    must(process.execPath, ["--input-type=module", "--eval", program], { cwd: project() });
  });

  test("their types hold in CommonJS and in ES modules, libraries included", () => {
    const program = group
      .map(({ entry }, i) => `export * as entry${i} from "${PACKAGE}/${entry}";`)
      .join("\n");
    writeFileSync(join(project(), "common.cts"), program);
    writeFileSync(join(project(), "module.mts"), program);
    const options = { module: "NodeNext", moduleResolution: "NodeNext", noEmit: true, skipLibCheck: false };
    compile(project(), ["common.cts", "module.mts"], options);
  });
});

describe("a program", () => {
  let project: string;
  beforeAll(() => {
    project = packed.project(everything);
    for (const example of examples) cpSync(join(repository, "examples", example), join(project, example));
    for (const { name, text } of snippets) {
      writeFileSync(join(project, `${name}.ts`), asProgram({ name, text }));
    }
    writeFileSync(join(project, "program.ts"), String(snippets[0]?.text));
  });

  test("begins with its imports on each page", () => {
    const without = snippets.filter(({ text }) => !text.includes(`from "${PACKAGE}/`));
    expect(without.map(({ name }) => name)).toEqual([]);
  });

  test("compiles with moduleResolution node: examples, the README, the first snippet of each page", () => {
    const files = [...examples, "program.ts", ...snippets.map(({ name }) => `${name}.ts`)];
    compile(project, files, { module: "CommonJS", moduleResolution: "node", skipLibCheck: true });
  });

  test("compiles for a bundler", () => {
    const options = { module: "ESNext", moduleResolution: "Bundler", noEmit: true, skipLibCheck: true };
    compile(project, ["program.ts", ...examples], options);
  });

  test.each([...examples.map((file) => basename(file, ".ts")), "program"])("%s runs", (name) => {
    const out = join(project, `out-${name}`);
    must(process.execPath, [`${name}.js`], { cwd: project, env: { ...process.env, CDKTF_OUTDIR: out } });
    const stacks = readdirSync(join(out, "stacks"));
    expect(stacks.length).toBeGreaterThan(0);
    for (const stack of stacks) {
      const json = JSON.parse(readFileSync(join(out, "stacks", stack, "cdk.tf.json"), "utf8"));
      expect(Object.keys(json.resource).length).toBeGreaterThan(0);
    }
  });

  test.each([
    PACKAGE,
    `${PACKAGE}/lib/database`,
    `${PACKAGE}/database/private`,
    `${PACKAGE}/dist/lib/aws/index.js`,
  ])("cannot import %s", (specifier) => {
    const { stderr } = run(process.execPath, ["--eval", `require("${specifier}")`], { cwd: project });
    expect(stderr).toMatch(/ERR_PACKAGE_PATH_NOT_EXPORTED/);
  });
});

describe("in an ES module package", () => {
  const TOOLS = ["jest", "vitest"];
  const assertion = 'test("imports", () => { expect(typeof RdsServer).toBe("function"); });';
  const imported = `import { RdsServer } from "${PACKAGE}/aws";`;
  let project: string;
  beforeAll(() => {
    project = packed.project([...everything, ...TOOLS], { type: "module" });
    writeFileSync(join(project, "program.ts"), String(snippets[0]?.text));
    for (const tool of TOOLS) mkdirSync(join(project, tool));
    writeFileSync(join(project, "jest", "package.json"), '{ "type": "commonjs" }');
    writeFileSync(
      join(project, "jest", "aws.test.js"),
      `const { RdsServer } = require("${PACKAGE}/aws");\n${assertion}`,
    );
    writeFileSync(
      join(project, "vitest", "aws.spec.ts"),
      `import { expect, test } from "vitest";\n${imported}\n${assertion}`,
    );
  });

  test.each([
    ["tsx", [join(modules, "tsx", "dist", "cli.mjs"), "program.ts"]],
    ["node", ["program.js"]],
  ])("%s runs the README's program", (tool, args) => {
    if (tool === "node") {
      compile(project, ["program.ts"], {
        module: "NodeNext",
        moduleResolution: "NodeNext",
        skipLibCheck: true,
      });
    }
    const out = join(project, `out-${tool}`);
    must(process.execPath, args, { cwd: project, env: { ...process.env, CDKTF_OUTDIR: out } });
    expect(readdirSync(join(out, "stacks"))).toEqual(["coder"]);
  });

  test("jest imports the package", () => {
    const cli = join(modules, "jest", "bin", "jest.js");
    must(process.execPath, [cli, "--rootDir", join(project, "jest"), "--ci"], { cwd: project });
  });

  test("vitest imports the package", () => {
    const cli = join(modules, "vitest", "vitest.mjs");
    must(process.execPath, [cli, "run", "--root", join(project, "vitest")], {
      cwd: project,
    });
  });
});

describe("the example project of tests", () => {
  const files = join(repository, "examples", "test-your-stack");
  let project: string;
  beforeAll(() => {
    const { jest } = JSON.parse(readFileSync(join(files, "package.json"), "utf8"));
    const tools = ["jest", "@swc/jest", "@swc/core", "vitest", "tsx", "@types/jest"];
    project = packed.project([...everything, ...tools], { jest });
    cpSync(files, project, { recursive: true, filter: (source) => !source.endsWith("package.json") });
  });

  test("names the packages that the README names for its entries, in versions that hold", () => {
    const { dependencies } = JSON.parse(readFileSync(join(files, "package.json"), "utf8"));
    const { version } = JSON.parse(readFileSync(join(repository, "package.json"), "utf8"));
    const used = entries.filter(({ entry }) => ["stacks/coder-aws", "testing"].includes(entry));
    const peers = new Set(used.flatMap((each) => each.peers));
    expect(Object.keys(dependencies).sort()).toEqual([...peers, PACKAGE].sort());
    for (const [name, range] of Object.entries<string>(dependencies)) {
      const installed = () => JSON.parse(readFileSync(join(modules, name, "package.json"), "utf8")).version;
      const present = name === PACKAGE ? version : installed();
      expect([name, satisfies(present, range)]).toEqual([name, true]);
    }
  });

  test("passes with jest, without new snapshots", () => {
    must(process.execPath, [join(modules, "jest", "bin", "jest.js"), "--ci"], { cwd: project });
  });

  test("passes with vitest", () => {
    must(process.execPath, [join(modules, "vitest", "vitest.mjs"), "run", "team-stack.spec.ts"], {
      cwd: project,
    });
  });

  test("passes with node:test", () => {
    const { stdout } = run(process.execPath, ["--import", "tsx", "--test", "team-stack.node.ts"], {
      cwd: project,
    });
    expect(stdout).toMatch(/pass [1-9]/);
    expect(stdout).toMatch(/fail 0/);
  });

  test("fails when the stack is worse", () => {
    const source = readFileSync(join(project, "team-stack.ts"), "utf8");
    writeFileSync(
      join(project, "team-stack.ts"),
      source.replace("props.singleZone ?", "true ?").replace("days: 365", "days: 7"),
    );
    const { code, stderr } = run(process.execPath, [join(modules, "jest", "bin", "jest.js"), "--ci"], {
      cwd: project,
    });
    expect(code).toBe(1);
    expect(stderr).toContain("rule[0].expiration.days: expected 365, got 7");
    expect(stderr).toContain("multi_az: expected true, got false");
  });
});
