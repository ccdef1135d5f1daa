import { X509Certificate } from "node:crypto";

const PEM = /-----BEGIN CERTIFICATE-----[\s\S]+?-----END CERTIFICATE-----/g;

/** Certificate in a stack's file. */
export interface FoundCertificate {
  /** Common name, or the whole subject. */
  readonly name: string;
  /** Last day as `YYYY-MM-DD`. */
  readonly lastDay: string;
}

/** The certificates in the texts of a value, each once. What only looks like a certificate is left out. */
export function certificatesIn(value: unknown): FoundCertificate[] {
  const texts = new Set<string>();
  collect(value, texts);
  return [...texts].flatMap((pem) => {
    try {
      const { subject, validTo } = new X509Certificate(pem);
      const name = /CN=([^\n]+)/.exec(subject)?.[1] ?? subject.replace(/\n/g, ", ");
      return [{ name, lastDay: new Date(validTo).toISOString().slice(0, 10) }];
    } catch {
      return [];
    }
  });
}

function collect(value: unknown, found: Set<string>): void {
  if (typeof value === "string") {
    // In an expression the line ends are written as escapes.
    for (const [pem] of value.replace(/\\n/g, "\n").matchAll(PEM)) found.add(pem);
  } else if (typeof value === "object" && value !== null) {
    for (const member of Object.values(value)) collect(member, found);
  }
}
