// Construct ids are a contract: another address of what holds data destroys it at the users' next apply. A line that changes here
// needs a `moved` block, or must not change. A line that is new is a new resource.

import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { KINDS } from "../../../lib/review/data/kinds";
import { addresses, Template } from "../../../lib/testing";
import { STACK_NAMES, synthesize } from "../../../stacks/main";

test("addresses of what holds data stay, in all stacks", async () => {
  const outdir = mkdtempSync(join(tmpdir(), "addresses-"));
  try {
    const { stacks } = await synthesize(STACK_NAMES, outdir);
    const found = stacks.map((stack) => {
      const types = new Set(
        Template.of(stack)
          .blocks.filter(({ block }) => block === "resource")
          .map(({ type }) => type),
      );
      const holding = [...types].filter((type) => KINDS.get(type)?.holdsData === true);
      return [stack.node.id, addresses(stack, holding)] as const;
    });
    expect(Object.fromEntries(found)).toMatchSnapshot();
  } finally {
    rmSync(outdir, { recursive: true, force: true });
  }
});
