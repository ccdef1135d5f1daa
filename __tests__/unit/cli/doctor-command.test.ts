/** `devplatforms doctor` as a program: what it reads, says and returns. */
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { factAges, peerFacts } from "../../../lib/cli/doctor/package-facts";
import { run } from "../../../tools/machine/processes";
import { repository } from "../../../tools/machine/repository";

let folder: string;
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), "doctor-"));
});
afterEach(() => rmSync(folder, { recursive: true, force: true }));

const write = (path: string, value: unknown) => {
  mkdirSync(join(folder, path, ".."), { recursive: true });
  writeFileSync(join(folder, path), typeof value === "string" ? value : JSON.stringify(value));
};
const doctor = (...args: string[]) =>
  run(process.execPath, ["--import", "tsx", join(repository, "lib/cli/main.ts"), "doctor", ...args], {
    cwd: repository,
  });

test("reads all stacks of an output folder and ends with 3 when something has to be done now", () => {
  write("manifest.json", {
    stacks: {
      good: { synthesizedStackPath: "stacks/good/cdk.tf.json" },
      old: { synthesizedStackPath: "stacks/old/cdk.tf.json" },
    },
  });
  const backend = { backend: { s3: { bucket: "states" } } };
  write("stacks/good/cdk.tf.json", { terraform: backend });
  write("stacks/old/cdk.tf.json", {
    terraform: backend,
    resource: {
      azurerm_postgresql_flexible_server: {
        db: { version: "14", "//": { metadata: { path: "old/data/postgres/Resource" } } },
      },
    },
  });
  const { code, stdout, stderr } = doctor(folder, "--today", "2026-11-27");
  expect([code, stderr]).toEqual([3, ""]);
  expect(stdout).toMatch(
    /^good\n {2}nothing found\n\nold\n {2}now {2}data\/postgres: Standard support .* ended on 2026-11-12\. \[SUPPORT-ENDED\]\n/,
  );
  const json = doctor(folder, "--today", "2026-11-27", "--format", "json");
  expect(json.code).toBe(3);
  expect(JSON.parse(json.stdout).sections.map(({ name }: { name: string }) => name)).toEqual([
    "good",
    "old",
    "program",
  ]);
  expect(doctor(join(folder, "stacks/good/cdk.tf.json"), "--today", "2026-11-27").code).toBe(0);
});

test.each([
  [["/nowhere"], "no such file or folder; run the synth first"],
  [["."], "has no manifest.json"],
  [["package.json", "--days", "soon"], "It must be a whole number of days."],
  [["package.json", "--today", "27.11.2026"], "It must be a day such as 2026-11-27."],
  [["README.md"], "README.md"],
])("%j is an error and no result", (args, message) => {
  const { code, stdout, stderr } = doctor(...(args as string[]));
  expect([code, stdout]).toEqual([1, ""]);
  expect(stderr).toContain(message);
});

test("peer dependencies are those of the program, and only installed or required ones count", () => {
  const root = join(folder, "package");
  write("package/package.json", {
    name: "x",
    peerDependencies: {
      cdktf: ">=0.21.0 <1.0.0",
      constructs: "^10.4.2",
      "@cdktf/provider-google": ">=16.5.0",
      "@cdktf/provider-aws": ">=21",
    },
    peerDependenciesMeta: {
      "@cdktf/provider-google": { optional: true },
      "@cdktf/provider-aws": { optional: true },
    },
  });
  write("program/node_modules/cdktf/package.json", { version: "0.21.0" });
  // Found above, as Node.js does.
  write("node_modules/@cdktf/provider-google/package.json", { version: "16.4.1" });
  const found = peerFacts(root, join(folder, "program"));
  expect(found.map(({ rule, words }) => `${rule} ${words}`)).toEqual([
    "PEER-MISSING constructs is not installed; the package needs ^10.4.2.",
    "PEER-VERSION @cdktf/provider-google 16.4.1 is installed; the package was tested with >=16.5.0.",
  ]);
  expect(found[1]?.next).toMatch(/Update it/);
});

test("old facts are counted, and the oldest is named", () => {
  write("lib/a/data/one.ts", "// Prices, read 2026-06-01.\nexport const A = 1;\n");
  write("lib/b/data/two.ts", "// Versions, read 2026-11-01, some read 2026-07.\nexport const B = 1;\n");
  write("lib/c/data/three.ts", "// New, read 2026-11-20.\nexport const C = 1;\n");
  expect(factAges(folder, "2026-11-27").map(({ words }) => words)).toEqual([
    expect.stringMatching(/^2 tables .* the oldest, lib\/a\/data\/one\.ts, on 2026-06-01\.$/),
  ]);
  expect(factAges(folder, "2026-06-02")).toEqual([]);
});
