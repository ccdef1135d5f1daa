/** Texts stay texts for parsers of YAML 1.1, such as Helm's, and of 1.2. */
import { parse, stringify } from "yaml";
import { valueDocuments, yamlText } from "../../../lib/kubernetes/private";

/** What one of the two versions takes for something else. */
const TEXTS = [
  ...["yes", "Yes", "no", "No", "on", "off", "y", "n", "Y", "N", "true", "False", "null", "~", ""],
  ...["0777", "0o17", "-0o7", "0x1F", "0b11", "1_000", "685_230.15", "12:30:00", "1e3", "12e03", "+1", "1."],
  ...[
    ".inf",
    "-.INF",
    ".NaN",
    "2001-01-01",
    "2001-12-14t21:59:43.10-05:00",
    "- a",
    "a: b",
    "# a",
    "&a",
    "*a",
    "!a",
    "%",
  ],
];

test.each(TEXTS)("%s", (text) => {
  const value = { text, list: [text], nested: { [text || "empty"]: 1 } };
  for (const version of ["1.1", "1.2"] as const) {
    expect([version, parse(yamlText(value), { version })]).toEqual([version, value]);
  }
});

test("plain YAML 1.2 would have lost them, so the cases are cases", () => {
  const lost = TEXTS.filter((text) => parse(stringify({ text }), { version: "1.1" }).text !== text);
  expect(lost).toEqual(expect.arrayContaining(["yes", "off", "12:30:00", "1_000", "2001-01-01"]));
});

test("what every parser reads alike is not quoted, and long lines are not broken", () => {
  const value = {
    host: "db.internal",
    port: 5432,
    on: true,
    cron: "0 1 * * *",
    long: "a ".repeat(100).trim(),
  };
  expect(yamlText(value)).toBe(
    `host: db.internal\nport: 5432\n"on": true\ncron: 0 1 * * *\nlong: ${value.long}\n`,
  );
});

test("an object that is there twice is written twice", () => {
  const labels = { a: "b" };
  expect(yamlText({ first: labels, second: labels })).toBe("first:\n  a: b\nsecond:\n  a: b\n");
});

test("values of a chart are written so", () => {
  expect(valueDocuments({ env: [{ name: "A", value: "yes" }] })).toEqual([
    'env:\n  - name: A\n    value: "yes"\n',
  ]);
});
