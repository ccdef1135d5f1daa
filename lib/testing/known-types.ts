// The types of providers, as far as the project knows them: the folders of the installed bindings. Names only; no binding is loaded.

import { existsSync, readdirSync } from "node:fs";
import { dirname, join } from "node:path";

/** Types of Terraform itself. */
const BUILT_IN = ["terraform_data", "terraform_remote_state"];
/** Where the bindings of a provider are, below a folder of the project or one around it: prebuilt ones, and those of `cdktf get`. */
const PLACES = [
  "node_modules/@cdktf/provider-*/lib",
  "node_modules/@cdktn/provider-*/lib",
  ".gen/providers/*",
];

/** Bindings of the providers that have types with a prefix. */
export interface Bindings {
  /** Folder of the bindings, relative to the one where they were found. */
  readonly place: string;
  /** Names of their folders: a resource each, or a data source. */
  readonly names: ReadonlySet<string>;
}

/**
 * True if one of the project's bindings has a resource or data source of a type, false if there are bindings and none has it. `undefined` if
 * no bindings are installed, or not as folders (Yarn Plug'n'Play): then only Terraform can tell.
 *
 * @param providers providers of the stack, such as `google` and `google-beta`.
 */
export function isKnownType(
  type: string,
  providers: readonly string[],
  folder = process.cwd(),
): boolean | undefined {
  const [prefix = ""] = type.split("_");
  if (prefix === "terraform") return BUILT_IN.includes(type);
  const own = providers.filter((name) => name === prefix || name.startsWith(`${prefix}-`));
  const bindings = [...new Set([prefix, ...own])].flatMap((name) => bindingsOf(name, folder));
  if (bindings.length === 0) return undefined;
  return bindings.some(({ names }) => foldersOf(type, prefix).some((each) => names.has(each)));
}

/** Bindings of a provider, in the folder or in those around it, nearest first. */
export function bindingsOf(provider: string, folder: string): Bindings[] {
  const found: Bindings[] = [];
  for (let at = folder; ; at = dirname(at)) {
    for (const pattern of PLACES) {
      const place = pattern.replace("*", provider);
      if (existsSync(join(at, place))) found.push({ place, names: new Set(readdirSync(join(at, place))) });
    }
    if (found.length > 0 || at === dirname(at)) return found;
  }
}

/**
 * Names that CDKTF's generator gives to the folder of a type: `db-instance` of `aws_db_instance`, and another ending where a name of
 * TypeScript or of another class is in the way (`string-resource`, `s3-bucket-server-side-encryption-configuration-a`).
 * @see https://github.com/hashicorp/terraform-cdk/blob/v0.21.0/packages/%40cdktf/provider-generator/lib/get/generator/resource-parser.ts
 */
function foldersOf(type: string, prefix: string): string[] {
  const name = type.slice(prefix.length + 1).replaceAll("_", "-");
  const whole = type.replaceAll("_", "-");
  return [name, whole, `data-${whole}`].flatMap((each) => [each, `${each}-a`, `${each}-resource`]);
}
