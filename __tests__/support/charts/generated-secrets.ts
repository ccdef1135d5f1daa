/** The secrets that a job of GitLab's chart generates before anything else is installed, as its script names them. */
import type { RenderedObject } from "./rendered";

export interface GeneratedSecret {
  readonly kind: "Secret";
  readonly namespace: string;
  readonly name: string;
  /** Undefined where files become the keys. */
  readonly keys?: readonly string[];
}

const CALL = /^\s*generate_secret_if_needed\s+"?([\w.-]+)"?\s+(--.*)$/gm;
const KEY = /--from-(?:literal|file)[= ]"?([\w.-]+)"?(=)?/g;

export function generatedSecrets(objects: readonly RenderedObject[]): GeneratedSecret[] {
  const scripts = objects
    .filter(({ kind }) => kind === "ConfigMap")
    .flatMap(({ namespace, object }) =>
      Object.values<unknown>(object.data ?? {}).map((text) => ({ namespace, text: String(text) })),
    );
  return scripts.flatMap(({ namespace, text }) =>
    [...text.matchAll(CALL)].map(([, name = "", options = ""]) => {
      const keys = [...options.matchAll(KEY)];
      return {
        kind: "Secret" as const,
        namespace,
        name,
        keys: keys.every(([, , equals]) => equals !== undefined)
          ? keys.map(([, key = ""]) => key)
          : undefined,
      };
    }),
  );
}
