/** The reports of the public API: types that the entries do not export are in no signature that others may use. */
import { readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";

const folder = join(__dirname, "../../../api");
const reports = readdirSync(folder).filter((file) => file.endsWith(".api.md"));

test("there are reports", () => {
  expect(reports.length).toBeGreaterThan(5);
});

test.each(reports)("%s: the checks of the synthesis are in internal members only", (file) => {
  const lines = readFileSync(join(folder, file), "utf8").split("\n");
  const used = lines.flatMap((line, index) => (/\bSynthChecks/.test(line) ? [index] : []));
  const open = used.filter((index) => !lines[index - 1]?.includes("@internal"));
  expect(open.map((index) => lines[index])).toEqual([]);
});
