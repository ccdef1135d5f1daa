import { existsSync, readFileSync } from "node:fs";
import { dirname, join } from "node:path";
import semver from "semver";
import { type StackFact, Urgency } from "../../review";
import { daysBetween, factTables } from "./fact-tables";

/** Age from which facts about clouds and versions are called old. */
const OLD_DAYS = 90;

interface PackageJson {
  readonly name: string;
  readonly version: string;
  readonly peerDependencies?: { readonly [name: string]: string };
  readonly peerDependenciesMeta?: { readonly [name: string]: { readonly optional?: boolean } | undefined };
}

/** The nearest folder above with a `package.json`. */
export function packageRoot(folder: string): string {
  if (existsSync(join(folder, "package.json"))) return folder;
  const above = dirname(folder);
  if (above === folder) throw new Error(`${folder}: no package.json above it`);
  return packageRoot(above);
}

/** Facts about this package's tables: how long ago their sources were read. */
export function factAges(root: string, today: string): StackFact[] {
  const old = factTables(root)
    .flatMap(({ file, read }) => (read === undefined ? [] : [{ file, read, days: daysBetween(read, today) }]))
    .filter(({ days }) => days > OLD_DAYS)
    .sort((a, b) => b.days - a.days);
  const [oldest] = old;
  if (oldest === undefined) return [];
  return [
    {
      rule: "FACTS-OLD",
      urgency: Urgency.NOTE,
      words: `${old.length} tables of facts of the package were compared with their sources more than ${OLD_DAYS} days ago, the oldest, ${oldest.file}, on ${oldest.read}.`,
      next: "Update the package; until then compare support dates, versions and prices with the vendor's pages.",
    },
  ];
}

/**
 * Versions of peer dependencies that the program has installed, compared with those that the package supports.
 *
 * @param root folder of the package.
 * @param program folder of the program.
 */
export function peerFacts(root: string, program: string): StackFact[] {
  const { peerDependencies = {}, peerDependenciesMeta = {} } = readPackage(root);
  return Object.entries(peerDependencies).flatMap(([name, range]): StackFact[] => {
    const installed = installedVersion(program, name);
    if (installed === undefined) {
      if (peerDependenciesMeta[name]?.optional) return [];
      return [
        {
          rule: "PEER-MISSING",
          urgency: Urgency.NOW,
          words: `${name} is not installed; the package needs ${range}.`,
          next: `npm install ${name}`,
        },
      ];
    }
    if (semver.satisfies(installed, range, { includePrerelease: true })) return [];
    return [
      {
        rule: "PEER-VERSION",
        urgency: Urgency.NOW,
        words: `${name} ${installed} is installed; the package was tested with ${range}.`,
        next: semver.ltr(installed, range)
          ? "Update it: an older binding leaves out arguments in silence, such as protections."
          : "Use a version of the range, or update this package.",
      },
    ];
  });
}

/** As Node.js looks: in `node_modules` of the folder and of those above. */
function installedVersion(folder: string, name: string): string | undefined {
  const file = join(folder, "node_modules", name, "package.json");
  if (existsSync(file)) return (JSON.parse(readFileSync(file, "utf8")) as PackageJson).version;
  const above = dirname(folder);
  return above === folder ? undefined : installedVersion(above, name);
}

function readPackage(root: string): PackageJson {
  return JSON.parse(readFileSync(join(root, "package.json"), "utf8")) as PackageJson;
}
