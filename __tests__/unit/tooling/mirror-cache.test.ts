/** The cache of the provider mirror is shared by all clones on a machine. */
import { cpSync, mkdtempSync, readdirSync, renameSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { repository } from "../../../tools/machine/repository";
import { mirrorKey } from "../../../tools/machine/terraform";

const SOURCE = join(repository, "tools", "terraform-mirror");

describe("the place of the provider mirror in the cache", () => {
  let copy: string;
  beforeEach(() => {
    copy = mkdtempSync(join(tmpdir(), "devplatforms-mirror-"));
    cpSync(SOURCE, copy, { recursive: true });
  });
  afterEach(() => rmSync(copy, { recursive: true }));

  test("is the same for clones with the same sources", () => {
    expect(mirrorKey(copy)).toBe(mirrorKey(SOURCE));
  });

  test.each(["schemas", "rules", "replace", "provider"])("is another when a file of %s differs", (folder) => {
    const [file] = readdirSync(join(copy, folder), { withFileTypes: true }).filter((each) => each.isFile());
    writeFileSync(join(copy, folder, file?.name as string), "changed");
    expect(mirrorKey(copy)).not.toBe(mirrorKey(SOURCE));
  });

  test("is another when a file has another name", () => {
    renameSync(join(copy, "build-mirror"), join(copy, "build"));
    expect(mirrorKey(copy)).not.toBe(mirrorKey(SOURCE));
  });
});
