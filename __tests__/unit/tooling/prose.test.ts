/** The prose linter reads messages too, at the lines where they stand; its rules can fail. */
import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { alerts, literalsOf, proseLinter } from "../../../tools/prose/main";
import { describeWith } from "../../support/describe-with";

test("takes the texts of a program and leaves names, scripts and values", () => {
  const program = [
    'import { a } from "some module of names";',
    'const short = "two words";',
    "checks.fail(`prop`, `must be one of ${list}; leave it out`);",
    "const script = `set -e\n# a script is no prose at all`;",
  ].join("\n");
  expect(literalsOf("a.ts", program).split("\n")[2]).toMatch(/^must be one of +; leave it out$/);
  expect(literalsOf("a.ts", program)).not.toMatch(/script is no prose/);
});

describeWith("vale", proseLinter, (vale) => {
  test.each([
    ["/** Whether logins may carry an AWS identity. */", /FirstWords.*\n.*VendorTerms/],
    ["/** Password version. Nobody reads it. */", /Persons/],
    ["/** Key of its own. */", /Riddles/],
  ])("refuses %s", (comment, expected) => {
    const folder = mkdtempSync(join(tmpdir(), "devplatforms-prose-"));
    try {
      writeFileSync(join(folder, "bad.ts"), `${comment}\nexport const bad = 1;\n`);
      expect(alerts(vale, folder, ["."]).sort().join("\n")).toMatch(expected);
    } finally {
      rmSync(folder, { recursive: true, force: true });
    }
  });
});
