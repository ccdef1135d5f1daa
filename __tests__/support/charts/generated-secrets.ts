/** The secrets that jobs of a chart make before anything else is installed, as their scripts name them. */
import type { Json } from "../synth";
import { containersOf, podsOf, type RenderedObject } from "./rendered";

export interface GeneratedSecret {
  readonly kind: "Secret";
  readonly namespace: string;
  readonly name: string;
  /** Undefined where files become the keys. */
  readonly keys?: readonly string[];
}

/** In the script of GitLab's job for shared secrets. */
const CALL = /^\s*generate_secret_if_needed\s+"?([\w.-]+)"?\s+(--.*)$/gm;
/** In the script of GitLab's job for self-signed certificates. */
const CREATE = /kubectl create secret (generic|tls) ([\w.-]+)\s+(--.*)$/gm;
const KEY = /--from-(?:literal|file)[= ]"?([\w./-]+)"?(=)?/g;
const TLS = ["tls.crt", "tls.key"];

/**
 * Programs that make secrets without a script. Envoy Gateway: internal/provider/kubernetes/secrets.go and `hmacSecretKey`, read 2026-11.
 */
const PROGRAMS: { readonly [command: string]: { readonly [secret: string]: readonly string[] } } = {
  "envoy-gateway certgen": {
    "envoy-gateway": ["ca.crt", ...TLS],
    envoy: ["ca.crt", ...TLS],
    "envoy-rate-limit": ["ca.crt", ...TLS],
    "envoy-oidc-hmac": ["hmac-secret"],
  },
};

export function generatedSecrets(objects: readonly RenderedObject[]): GeneratedSecret[] {
  const scripts = objects
    .filter(({ kind }) => kind === "ConfigMap")
    .flatMap(({ namespace, object }) =>
      Object.values<unknown>(object.data ?? {}).map((text) => ({ namespace, text: String(text) })),
    );
  const commands = podsOf(objects)
    .filter(({ owner }) => owner.startsWith("Job/"))
    .flatMap((pod) =>
      containersOf(pod).map((container) => ({ namespace: pod.namespace, words: words(container) })),
    );
  return [
    ...scripts.flatMap(({ namespace, text }) =>
      [...text.matchAll(CALL)].map(([, name = "", options = ""]) => secret(namespace, name, keysOf(options))),
    ),
    ...commands.flatMap(({ namespace, words: list }) => [
      ...Object.entries(PROGRAMS[list.join(" ")] ?? {}).map(([name, keys]) => secret(namespace, name, keys)),
      ...[...assigned(list.join("\n")).matchAll(CREATE)].map(([, type, name = "", options = ""]) =>
        secret(namespace, name, type === "tls" ? TLS : keysOf(options)),
      ),
    ]),
  ];
}

const words = ({ command, args }: Json): string[] => [...(command ?? []), ...(args ?? [])].map(String);

const secret = (namespace: string, name: string, keys?: readonly string[]): GeneratedSecret => ({
  kind: "Secret",
  namespace,
  name,
  keys,
});

function keysOf(options: string): string[] | undefined {
  const keys = [...options.matchAll(KEY)];
  return keys.every(([, , equals]) => equals !== undefined) ? keys.map(([, key = ""]) => key) : undefined;
}

/** A script with its lines joined and its variables replaced by the words that are assigned to them. */
function assigned(script: string): string {
  const joined = script.replace(/\\\n\s*/g, " ");
  const variables = [...joined.matchAll(/^\s*(\w+)=([\w.-]+)$/gm)];
  return variables.reduce(
    (text, [, name = "", value = ""]) =>
      text.replace(new RegExp(`\\$(?:${name}\\b|\\{${name}\\})`, "g"), value),
    joined,
  );
}
