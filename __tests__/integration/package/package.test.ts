/**
 * What users get: the package is packed, unpacked into a project of its own beside its dependencies, and each example
 * is type-checked and run there, by the package's name and against the compiled files.
 */
import {
  cpSync,
  existsSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  rmSync,
  symlinkSync,
  writeFileSync,
} from "node:fs";
import { tmpdir } from "node:os";
import { basename, join } from "node:path";
import { must } from "../../../tools/machine/processes";
import { repository } from "../../../tools/machine/repository";

const examples = readdirSync(join(repository, "examples")).filter((file) => file.endsWith(".ts"));
const modules = join(repository, "node_modules");

/** The repository's package.json, as far as it is read here. */
interface PackageJson {
  readonly name: string;
  readonly dependencies: Record<string, string>;
  readonly peerDependencies: Record<string, string>;
}

function compile(configuration: string, cwd: string): void {
  must(process.execPath, [join(modules, "typescript", "bin", "tsc"), "--project", configuration], { cwd });
}

describe("the packed package", () => {
  let user: string;
  let project: string;
  let files: string[];
  beforeAll(() => {
    user = mkdtempSync(join(tmpdir(), "devplatforms-user-"));
    // Compiled in a copy: beside the sources, the result would get in the way of whoever works here.
    const build = join(user, "build");
    for (const name of [
      "lib",
      "stacks",
      "package.json",
      "README.md",
      "LICENSE",
      "tsconfig.json",
      "tsconfig.build.json",
    ]) {
      if (existsSync(join(repository, name))) {
        cpSync(join(repository, name), join(build, name), { recursive: true });
      }
    }
    symlinkSync(modules, join(build, "node_modules"));
    compile("tsconfig.build.json", build);
    must("npm", ["pack", "--ignore-scripts", "--silent", "--pack-destination", user], { cwd: build });
    const tarball = readdirSync(user).find((file) => file.endsWith(".tgz"));

    const { name, dependencies, peerDependencies } = JSON.parse(
      readFileSync(join(repository, "package.json"), "utf8"),
    ) as PackageJson;
    project = join(user, "project");
    const installed = join(project, "node_modules", name);
    mkdirSync(installed, { recursive: true });
    must("tar", ["-xzf", join(user, String(tarball)), "-C", installed, "--strip-components=1"]);
    // Only what a user has: our dependencies and peers. A development dependency is not to be found.
    const needed = [...Object.keys(dependencies), ...Object.keys(peerDependencies), "@types/node"];
    for (const each of needed) {
      const target = join(project, "node_modules", each);
      mkdirSync(join(target, ".."), { recursive: true });
      symlinkSync(join(modules, each), target);
    }
    for (const example of examples) {
      cpSync(join(repository, "examples", example), join(project, example));
    }
    files = must("tar", ["-tzf", join(user, String(tarball))])
      .trim()
      .split("\n")
      .sort();
  });
  afterAll(() => rmSync(user, { recursive: true, force: true }));

  test("there are examples", () => {
    expect(examples.length).toBeGreaterThan(0);
  });

  test("holds compiled files, their types and the sources of both, and no tests", () => {
    expect(files).toEqual(
      expect.arrayContaining(["package/dist/lib/database/index.js", "package/dist/lib/database/index.d.ts"]),
    );
    expect(
      files.filter(
        (file) =>
          !/^package\/(dist\/.*\.(js|d\.ts|d\.ts\.map)|(lib|stacks)\/.*\.ts|package\.json|README\.md|LICENSE)$/.test(
            file,
          ),
      ),
    ).toEqual([]);
  });

  test("its types hold for a strict user who checks libraries too", () => {
    const compilerOptions = {
      strict: true,
      skipLibCheck: false,
      target: "ES2022",
      module: "CommonJS",
      moduleResolution: "node",
      esModuleInterop: true,
      types: ["node"],
    };
    writeFileSync(join(project, "tsconfig.json"), JSON.stringify({ compilerOptions, files: examples }));
    compile("tsconfig.json", project);
    expect(readdirSync(project)).toEqual(
      expect.arrayContaining(examples.map((file) => file.replace(/ts$/, "js"))),
    );
  });

  test.each(examples)("%s runs", (example) => {
    const out = join(project, `out-${basename(example, ".ts")}`);
    must(process.execPath, [example.replace(/ts$/, "js")], {
      cwd: project,
      env: { ...process.env, CDKTF_OUTDIR: out },
    });
    const stacks = readdirSync(join(out, "stacks"));
    expect(stacks.length).toBeGreaterThan(0);
    for (const stack of stacks) {
      const json = JSON.parse(readFileSync(join(out, "stacks", stack, "cdk.tf.json"), "utf8"));
      expect(Object.keys(json.resource).length).toBeGreaterThan(0);
    }
  });
});
