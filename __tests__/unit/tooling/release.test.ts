/** The release script refuses a version that is not newer and a changelog without news. */
import { checkVersion, releasedChangelog } from "../../../tools/release";

test("the version has to be a newer one", () => {
  expect(checkVersion("0.1.0", "0.2.0")).toBe("0.2.0");
  for (const wrong of [undefined, "0.1.0", "0.0.9", "next"]) {
    expect(() => checkVersion("0.1.0", wrong)).toThrow(/must be a semantic version above 0.1.0/);
  }
});

test("the news become the section of the release", () => {
  const changelog = "# Changelog\n\n## [Unreleased]\n\n### Added\n\n- A\n\n## [0.1.0] - 2026-01-01\n\n- B\n";
  expect(releasedChangelog(changelog, "0.2.0", "2026-12-01")).toBe(
    "# Changelog\n\n## [Unreleased]\n\n## [0.2.0] - 2026-12-01\n\n### Added\n\n- A\n\n## [0.1.0] - 2026-01-01\n\n- B\n",
  );
});

test("without news there is no release", () => {
  for (const empty of ["# Changelog\n\n## [Unreleased]\n\n## [0.1.0]\n\n- B\n", "# Changelog\n"]) {
    expect(() => releasedChangelog(empty, "0.2.0", "2026-12-01")).toThrow(/nothing under Unreleased/);
  }
});
