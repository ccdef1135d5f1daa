// Construct ids are a contract: another address of what holds data destroys it at the users' next apply. A line that changes here
// needs a `moved` block, or must not change. A line that is new is a new resource.

import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { KINDS } from "../../../lib/review/data/kinds";
import { addresses } from "../../../lib/testing";
import { STACK_NAMES, synthesize } from "../../../stacks/main";

test("addresses of what holds data stay, in all stacks", async () => {
  const outdir = mkdtempSync(join(tmpdir(), "addresses-"));
  try {
    const { stacks } = await synthesize(STACK_NAMES, outdir);
    const found = stacks.map((stack) => {
      const holding = Object.entries(addresses(stack)).filter(([, address]) => {
        const [type = ""] = address.split(".");
        return KINDS.get(type)?.holdsData === true;
      });
      return [stack.node.id, Object.fromEntries(holding)] as const;
    });
    expect(Object.fromEntries(found)).toMatchSnapshot();
  } finally {
    rmSync(outdir, { recursive: true, force: true });
  }
});
