/**
 * The tarball that `npm pack` makes in a fresh clone of the repository, and folders of users who have installed it. What is not
 * committed is not in it.
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
import { must } from "../../../tools/machine/processes";
import { repository } from "../../../tools/machine/repository";
import { PACKAGE } from "../../../tools/package/entries";

/** The packages of the repository, which users' folders link to. */
export const modules = join(repository, "node_modules");

/** Compiler options of a strict user. */
export const STRICT = { strict: true, target: "ES2022", types: ["node"], esModuleInterop: true };

/** The packed package. */
export class PackedPackage {
  /** The paths in the tarball, without `package/`. */
  public readonly files: readonly string[];
  private readonly tarball: string;
  private readonly dependencies: readonly string[];

  public constructor() {
    this.root = mkdtempSync(join(tmpdir(), "devplatforms-package-"));
    const clone = join(this.root, "clone");
    must("git", ["clone", "--quiet", "--no-hardlinks", repository, clone]);
    symlinkSync(modules, join(clone, "node_modules"));
    must("npm", ["pack", "--silent", "--pack-destination", this.root], { cwd: clone });
    const tarballs = readdirSync(this.root).filter((file) => file.endsWith(".tgz"));
    this.tarball = join(this.root, String(tarballs[0]));
    const listed = must("tar", ["-tzf", this.tarball]).trim().split("\n");
    this.files = listed.map((file) => file.replace(/^package\//, "")).sort();
    const { dependencies } = JSON.parse(readFileSync(join(clone, "package.json"), "utf8"));
    this.dependencies = Object.keys(dependencies);
  }

  private readonly root: string;

  /**
   * A folder in which the package is installed with these packages beside its dependencies, and no others.
   *
   * @returns its path; the same one for the same packages
   */
  public project(
    packages: readonly string[],
    packageJson: { readonly [name: string]: unknown } = {},
  ): string {
    const names = [...packages, JSON.stringify(packageJson)].join(" ").replace(/[^a-z ]/g, "");
    const folder = join(this.root, `user of ${names}`.replaceAll(" ", "-"));
    const installed = join(folder, "node_modules", PACKAGE);
    if (readdirSync(this.root).includes(folder.slice(this.root.length + 1))) return folder;
    mkdirSync(installed, { recursive: true });
    must("tar", ["-xzf", this.tarball, "-C", installed, "--strip-components=1"]);
    for (const name of [...this.dependencies, ...packages, "@types/node"]) {
      const target = join(folder, "node_modules", name);
      mkdirSync(dirname(target), { recursive: true });
      symlinkSync(join(modules, name), target);
    }
    writeFileSync(
      join(folder, "package.json"),
      JSON.stringify({ name: "user", private: true, ...packageJson }),
    );
    return folder;
  }

  /** Removes everything. */
  public remove(): void {
    rmSync(this.root, { recursive: true, force: true });
  }
}

/** Compiles a user's files. */
export function compile(
  folder: string,
  files: readonly string[],
  options: { readonly [name: string]: unknown },
): void {
  writeFileSync(
    join(folder, "tsconfig.json"),
    JSON.stringify({ compilerOptions: { ...STRICT, ...options }, files }),
  );
  must(process.execPath, [join(modules, "typescript", "bin", "tsc"), "--project", "tsconfig.json"], {
    cwd: folder,
  });
}
