/**
 * The public API, one report an entry of the package (API Extractor), in `api/`.
 *
 *   npm run api          writes the reports
 *   npm run api:check    fails when a report is not that of the code, or a changed name is not in CHANGELOG.md
 *
 * The reports of the last release are in `api/released`: `npm run release` copies them there.
 */
import { existsSync, mkdirSync, mkdtempSync, readdirSync, readFileSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { CompilerState, Extractor, ExtractorConfig, ExtractorLogLevel } from "@microsoft/api-extractor";
import { must } from "../machine/processes";
import { repository } from "../machine/repository";
import { unmentioned } from "./changes";

const FOLDER = join(repository, "api");

interface PackageJson {
  readonly exports: { readonly [entry: string]: string | { readonly types: string } };
}

/** The entries of the package with their declarations. */
function entries(root: string): { readonly name: string; readonly types: string }[] {
  const { exports } = JSON.parse(readFileSync(join(root, "package.json"), "utf8")) as PackageJson;
  return Object.entries(exports).flatMap(([entry, target]) =>
    typeof target === "string"
      ? []
      : [{ name: entry.replace(/^\.\//, "").replace(/\//g, "-"), types: join(root, target.types) }],
  );
}

/** Compiles the package and writes a report for each entry into `folder`. */
function writeReports(folder: string): number {
  must("npm", ["run", "--silent", "build"], { cwd: repository });
  mkdirSync(folder, { recursive: true });
  const work = mkdtempSync(join(tmpdir(), "devplatforms-api-"));
  process.once("exit", () => rmSync(work, { recursive: true, force: true }));
  const all = entries(repository);
  const configs = all.map(({ name, types }) =>
    ExtractorConfig.prepare({
      configObjectFullPath: undefined,
      packageJsonFullPath: join(repository, "package.json"),
      configObject: {
        projectFolder: repository,
        mainEntryPointFilePath: types,
        compiler: {
          overrideTsconfig: {
            compilerOptions: {
              target: "es2022",
              module: "node16",
              moduleResolution: "node16",
              skipLibCheck: true,
              types: ["node"],
            },
            files: [types],
          },
        },
        apiReport: {
          enabled: true,
          reportFolder: folder,
          reportTempFolder: join(work, name),
          reportFileName: name,
          // The words are in the reference; a report that changes with every comment would hide the changes of names.
          includeForgottenExports: false,
        },
        docModel: { enabled: false },
        dtsRollup: { enabled: false },
        tsdocMetadata: { enabled: false },
        newlineKind: "lf",
        messages: {
          // Comments are checked by npm run check:docs.
          compilerMessageReporting: { default: { logLevel: ExtractorLogLevel.None } },
          extractorMessageReporting: { default: { logLevel: ExtractorLogLevel.None } },
          tsdocMessageReporting: { default: { logLevel: ExtractorLogLevel.None } },
        },
      },
    }),
  );
  const [first, ...others] = configs;
  if (first === undefined) throw new Error("package.json has no entries");
  // One program for all: each entry alone would read the bindings of the providers again.
  const compilerState = CompilerState.create(first, {
    additionalEntryPoints: others.map(({ mainEntryPointFilePath }) => mainEntryPointFilePath),
  });
  for (const config of configs) {
    Extractor.invoke(config, {
      localBuild: true,
      compilerState,
      messageCallback: (message) => {
        message.handled = true;
      },
    });
  }
  return all.length;
}

function check(): string[] {
  const folder = mkdtempSync(join(tmpdir(), "devplatforms-api-"));
  try {
    writeReports(folder);
    const names = readdirSync(folder).sort();
    const stale = names
      .filter((name) => {
        const written = join(FOLDER, name);
        return (
          !existsSync(written) || readFileSync(written, "utf8") !== readFileSync(join(folder, name), "utf8")
        );
      })
      .map(
        (name) => `api/${name} is not that of the code: npm run api, and write the change into CHANGELOG.md`,
      );
    const gone = readdirSync(FOLDER)
      .filter((name) => name.endsWith(".api.md") && !names.includes(name))
      .map((name) => `api/${name} belongs to no entry of the package: remove it`);
    return [
      ...stale,
      ...gone,
      ...unmentioned(FOLDER, readFileSync(join(repository, "CHANGELOG.md"), "utf8")),
    ];
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
}

if (process.argv[2] === "--check") {
  const problems = check();
  for (const problem of problems) console.error(problem);
  console.log(`${entries(repository).length} entries, ${problems.length} problems`);
  process.exitCode = problems.length === 0 ? 0 : 1;
} else {
  for (const name of existsSync(FOLDER) ? readdirSync(FOLDER) : []) {
    if (name.endsWith(".api.md")) rmSync(join(FOLDER, name));
  }
  console.log(`${writeReports(FOLDER)} reports in api/`);
}
