/**
 * `npm run release -- VERSION`: makes a release from a clean `main` and stops before it is published.
 *
 *   npm run release -- 0.2.0
 *
 * In order: the version is newer and the working tree clean; the checks; plans from each earlier release, which must destroy nothing and change
 * what CHANGELOG.md names only; the tarball with every entry loaded from it; CHANGELOG.md, package.json, the API reports and the output of the
 * programs of the release; one commit and the tag. A step that fails leaves no commit and no tag.
 */
import { cpSync, existsSync, mkdirSync, readdirSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import semver from "semver";
import { must, run } from "./machine/processes";
import { repository } from "./machine/repository";
import { writeBaseline } from "./upgrades/baselines";

const CHECKS = ["lint", "imports", "types", "prose", "docs", "api", "unit", "package"];
const UPGRADES = "__tests__/integration/terraform/upgrades.test.ts";

/**
 * @param changelog the text of CHANGELOG.md
 * @param version the version to release
 * @param day the day as `YYYY-MM-DD`
 * @returns the text with the section of the release, and an empty *Unreleased* above it.
 * @throws Error when nothing stands under *Unreleased*.
 */
export function releasedChangelog(changelog: string, version: string, day: string): string {
  const heading = "## [Unreleased]\n";
  const start = changelog.indexOf(heading);
  const rest = changelog.slice(start + heading.length);
  const end = rest.search(/^## \[/m);
  const news = (end < 0 ? rest : rest.slice(0, end)).trim();
  if (start < 0 || news === "") throw new Error("CHANGELOG.md has nothing under Unreleased");
  return changelog.replace(heading, `${heading}\n## [${version}] - ${day}\n`);
}

/** @throws Error when `next` is no version above `current`. */
export function checkVersion(current: string, next: string | undefined): string {
  if (next === undefined || !semver.valid(next) || !semver.gt(next, current)) {
    throw new Error(`the version must be a semantic version above ${current} (got ${next ?? "none"})`);
  }
  return next;
}

function main(wanted: string | undefined): void {
  const file = join(repository, "package.json");
  const { version: current } = JSON.parse(readFileSync(file, "utf8")) as { version: string };
  const version = checkVersion(current, wanted);
  const git = (...args: string[]) => must("git", args, { cwd: repository }).trim();
  if (git("status", "--porcelain") !== "")
    throw new Error("the working tree must be clean; commit or stash first");
  if (git("tag", "--list", `v${version}`) !== "") throw new Error(`the tag v${version} exists already`);
  const changelog = join(repository, "CHANGELOG.md");
  const released = releasedChangelog(
    readFileSync(changelog, "utf8"),
    version,
    new Date().toISOString().slice(0, 10),
  );
  const tests = run("npm", ["test", "--", ...CHECKS], {
    cwd: repository,
    env: { ...process.env, DEVPLATFORMS_REQUIRE_ALL: "1" },
  });
  if (tests.code !== 0) throw new Error(`the checks failed:\n${tests.stdout.slice(-4000)}`);
  const upgrades = run("npx", ["jest", UPGRADES, "--selectProjects", "terraform"], {
    cwd: repository,
    env: { ...process.env, DEVPLATFORMS_REQUIRE_ALL: "1" },
  });
  if (upgrades.code !== 0)
    throw new Error(`an upgrade to this version is not as announced:\n${upgrades.stderr.slice(-4000)}`);

  try {
    writeFileSync(changelog, released);
    must("npm", ["version", version, "--no-git-tag-version"], { cwd: repository });
    const reports = join(repository, "api");
    rmSync(join(reports, "released"), { recursive: true, force: true });
    mkdirSync(join(reports, "released"));
    for (const name of readdirSync(reports).filter((each) => each.endsWith(".api.md"))) {
      cpSync(join(reports, name), join(reports, "released", name));
    }
    writeBaseline(version);
    must("npm", ["pack", "--silent"], { cwd: repository });
  } catch (error) {
    git("checkout", "--", ".");
    throw error;
  }
  const tarball = join(repository, `cdktf-devplatforms-${version}.tgz`);
  if (!existsSync(tarball)) throw new Error("npm pack wrote no tarball");
  git("add", "CHANGELOG.md", "package.json", "package-lock.json", "api", "baselines");
  git("commit", "--quiet", "--message", `Release ${version}`);
  git("tag", "--annotate", `v${version}`, "--message", `cdktf-devplatforms ${version}`);
  console.log(`${tarball}\ncommitted and tagged v${version}; publish with: npm publish ${tarball}`);
}

if (require.main === module) {
  try {
    main(process.argv[2]);
  } catch (error) {
    console.error((error as Error).message);
    process.exitCode = 1;
  }
}
