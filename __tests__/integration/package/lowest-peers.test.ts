/**
 * The package with the lowest versions of its peers: npm only warns about the version of an optional peer, and bindings that lack an
 * argument leave it out in silence, with the protection that it sets.
 */
import {
  mkdirSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  rmSync,
  symlinkSync,
  writeFileSync,
} from "node:fs";
import { tmpdir } from "node:os";
import { dirname, join } from "node:path";
import { pathToFileURL } from "node:url";
import { type LowestPeers, lowestPeers } from "../../../tools/machine/lowest-peers";
import { must } from "../../../tools/machine/processes";
import { repository } from "../../../tools/machine/repository";
import { entriesOnDisk, PACKAGE } from "../../../tools/package/entries";
import { describeWith } from "../../support/describe-with";
import { compile, modules } from "./packed-package";

const SYNTHESIZE = `
import { readdirSync } from "node:fs";
import { join } from "node:path";
(async () => {
  const out = process.argv[2] as string;
  const { synthesize } = await import("./stacks/main");
  await synthesize([], out);
  for (const file of readdirSync("examples").filter((name) => name.endsWith(".ts"))) {
    process.env.CDKTF_OUTDIR = join(out, "example-" + file);
    await import(join(process.cwd(), "examples", file));
  }
})();
`;

describeWith("the lowest versions of the peers", lowestPeers, (lowest) => {
  let root: string;
  beforeAll(() => {
    root = mkdtempSync(join(tmpdir(), "devplatforms-peers-"));
  });
  afterAll(() => rmSync(root, { recursive: true, force: true }));

  /** The sources of the package with its dependencies and these peers. */
  const checkout = (name: string, peers?: LowestPeers): string => {
    const folder = join(root, name);
    must("git", ["clone", "--quiet", "--no-hardlinks", repository, folder]);
    if (!peers) {
      symlinkSync(modules, join(folder, "node_modules"));
      return folder;
    }
    const { dependencies } = JSON.parse(readFileSync(join(folder, "package.json"), "utf8"));
    const linked = [
      ...[...Object.keys(dependencies), "@types/node", "@types/semver", "tsx"].map((each) => [each, modules]),
      ...[...peers.versions.keys()].map((each) => [each, peers.modules]),
    ] as [string, string][];
    for (const [each, from] of linked) {
      const target = join(folder, "node_modules", each);
      mkdirSync(dirname(target), { recursive: true });
      symlinkSync(join(from, each), target);
    }
    return folder;
  };

  /** The Terraform JSON of all stacks and examples, without the versions of the providers. */
  const synthesized = (folder: string): Map<string, unknown> => {
    writeFileSync(join(folder, "synthesize.ts"), SYNTHESIZE);
    const out = join(folder, "out");
    const tsx = pathToFileURL(join(modules, "tsx", "dist", "loader.mjs")).href;
    must(process.execPath, ["--import", tsx, "synthesize.ts", out], { cwd: folder });
    const files = (readdirSync(out, { recursive: true }) as string[]).filter((file) =>
      file.endsWith("cdk.tf.json"),
    );
    return new Map(
      files.sort().map((file) => {
        const text = readFileSync(join(out, file), "utf8").replaceAll(folder, "");
        const json = JSON.parse(text);
        for (const provider of Object.values<{ version?: string }>(json.terraform.required_providers)) {
          delete provider.version;
        }
        return [file, json];
      }),
    );
  };

  test("are installed", () => {
    for (const [name, version] of lowest.versions) {
      const { version: installed } = JSON.parse(
        readFileSync(join(lowest.modules, name, "package.json"), "utf8"),
      );
      expect([name, installed]).toEqual([name, version]);
    }
  });

  test("give the same stacks and examples as the newest, but for the versions of the providers", () => {
    const folder = checkout("lowest", lowest);
    const found = synthesized(folder);
    const usual = synthesized(checkout("usual"));
    expect([...found.keys()]).toEqual([...usual.keys()]);
    expect(found.size).toBeGreaterThan(15);
    for (const [file, json] of found) expect([file, json]).toEqual([file, usual.get(file)]);
  });

  test("have the types that every entry uses", () => {
    const folder = checkout("types", lowest);
    const entries = [...entriesOnDisk(repository).keys()];
    const program = entries.map((entry, i) => `export * as entry${i} from "${PACKAGE}/${entry}";`);
    writeFileSync(join(folder, "entries.ts"), program.join("\n"));
    compile(folder, ["entries.ts"], {
      module: "CommonJS",
      moduleResolution: "node",
      noEmit: true,
      skipLibCheck: true,
      resolveJsonModule: true,
      paths: { [`${PACKAGE}/stacks/*`]: ["./stacks/*"], [`${PACKAGE}/*`]: ["./lib/*"] },
    });
  });
});
