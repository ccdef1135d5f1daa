/** A change of the public API that the changelog does not mention is found. */
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { changedNames, unmentioned, unreleased } from "../../../tools/api/changes";

const report = (code: string) => `## API Report File for "x"\n\n\`\`\`ts\n\n${code}\n\n\`\`\`\n`;
const BEFORE = report(
  "// @public\nexport interface RdsServerProps {\n    readonly size: MachineSize;\n}\n\nexport const A = 1;",
);

test("a name that is added, removed or declared otherwise has changed; its comment has not", () => {
  const after = report(
    "// @public (undocumented)\nexport interface RdsServerProps {\n    readonly size: string;\n}\n\nexport class B {\n}",
  );
  expect(changedNames(BEFORE, after)).toEqual(["A", "B", "RdsServerProps"]);
  expect(changedNames(BEFORE, BEFORE.replace("// @public", "// @beta"))).toEqual([]);
});

test("what changed has to be mentioned under Unreleased, not further down", () => {
  const folder = mkdtempSync(join(tmpdir(), "devplatforms-api-"));
  try {
    const changelog =
      "# Changelog\n\n## [Unreleased]\n\n- `RdsServerProps` has `iops`.\n\n## [0.1.0]\n\n- `A`\n";
    expect(unreleased(changelog)).toMatch(/RdsServerProps/);
    writeFileSync(
      join(folder, "aws.api.md"),
      report("export interface RdsServerProps {\n    readonly iops: number;\n}"),
    );
    expect(unmentioned(folder, changelog)).toEqual([]);
    mkdirSync(join(folder, "released"));
    writeFileSync(join(folder, "released", "aws.api.md"), BEFORE);
    expect(unmentioned(folder, changelog)).toEqual([
      expect.stringMatching(/^A \(api\/aws\.api\.md\) changed/),
    ]);
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
});
