import { Document, isScalar, type Scalar, visit } from "yaml";

/** An octal number in YAML 1.2 and to some parsers of 1.1. */
const OCTAL = /^[-+]?0o[0-7]+$/;

/**
 * YAML that every parser reads as the same values. Helm and Go read YAML 1.1, in which `yes`, `on`, `12:30:00`, `1_000` and
 * `2001-01-01` are no texts unless they are quoted.
 *
 * @param value maps, lists, texts, numbers and booleans.
 * @see https://yaml.org/type/bool.html
 */
export function yamlText(value: unknown): string {
  const document = new Document(value, { version: "1.1", aliasDuplicateObjects: false });
  visit(document, {
    Scalar(_key, node) {
      if (isScalar(node) && typeof node.value === "string" && OCTAL.test(node.value)) {
        (node as Scalar).type = "QUOTE_DOUBLE";
      }
    },
  });
  return document.toString({ lineWidth: 0 });
}
