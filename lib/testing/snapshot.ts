import { parse, parseDocument, stringify } from "yaml";
import { hidden, isSecret } from "./secret-values";
import { Template } from "./template";

/** A snapshot serializer in the shape that jest and vitest take. */
export interface SnapshotSerializer {
  /** Returns true for values that this serializer prints. */
  test(value: unknown): boolean;
  /** Prints a value. */
  serialize(value: unknown): string;
}

/**
 * Prints a `Template` for a snapshot that people read: YAML with sorted keys, without CDKTF's metadata, the versions of
 * providers and literal secrets, and with the YAML of Helm values and the JSON of policies opened. The text is the same on every machine and in every
 * folder.
 *
 * @example
 *   expect.addSnapshotSerializer(templateSerializer);
 *   expect(Template.of(stack)).toMatchSnapshot();
 * @see https://jestjs.io/docs/expect#expectaddsnapshotserializerserializer
 */
export const templateSerializer: SnapshotSerializer = {
  test: (value) => value instanceof Template,
  serialize: (value) => snapshotText(value as Template),
};

/** The text that `templateSerializer` prints, for test runners without serializers such as `node:test`. */
export function snapshotText(template: Template): string {
  const text = stringify(clean(template.json, []), {
    lineWidth: 0,
    sortMapEntries: (a, b) => (String(a.key) < String(b.key) ? -1 : 1),
    aliasDuplicateObjects: false,
  });
  return text.trimEnd();
}

function clean(value: unknown, path: readonly string[]): unknown {
  if (typeof value === "string") return opened(value, path);
  if (Array.isArray(value)) return value.map((each) => clean(each, path));
  if (typeof value !== "object" || value === null) return value;
  return Object.fromEntries(
    Object.entries(value)
      .filter(([name]) => name !== "//")
      .map(([name, member]) => {
        const here = [...path, name];
        if (isMachine(here)) return [name, "*"];
        return [name, clean(isSecretAt(here, value) ? hidden(member) : member, here)];
      }),
  );
}

/** Versions of providers, which Dependabot changes, and the folder of a local state, which is of one machine. */
function isMachine(path: readonly string[]): boolean {
  const [top, kind] = path;
  if (top !== "terraform") return false;
  if (kind === "required_providers") return path.length === 4 && path[3] === "version";
  return kind === "backend" && path[2] === "local" && path[3] === "path";
}

/** True for an argument that holds a secret, and for the default of a sensitive variable. */
function isSecretAt(path: readonly string[], parent: object): boolean {
  const [block = "", type = "", , ...names] = path;
  if (block === "variable")
    return path[2] === "default" && (parent as { sensitive?: unknown }).sensitive === true;
  const isTyped = ["resource", "data", "ephemeral"].includes(block);
  return isTyped ? names.length > 0 && isSecret(names.join("."), type) : isSecret(path.at(-1) ?? "");
}

/** JSON of objects and lists anywhere, YAML in the values of a Helm release; all other texts stay. */
function opened(text: string, path: readonly string[]): unknown {
  if (/^\s*[{[]/.test(text)) {
    try {
      return { "(JSON)": clean(JSON.parse(text), path) };
    } catch {
      return text;
    }
  }
  const isHelmValues = path[0] === "resource" && path[1] === "helm_release" && path.at(-1) === "values";
  if (!isHelmValues || text.startsWith("${") || parseDocument(text).errors.length > 0) return text;
  const values: unknown = parse(text);
  return typeof values === "object" && values !== null ? { "(YAML)": clean(values, []) } : text;
}
