/**
 * Tests that need a tool which a laptop may lack. Without it they are skipped, and the reason is in their name, where
 * the runner of `npm test` reads it: a missing tool is never reported as passed.
 */
import { Unavailable } from "../../tools/machine/unavailable";

/** Like `describe`, with what `find` found; skipped if it found a reason instead. */
export function describeWith<T>(name: string, find: () => T | Unavailable, body: (tool: T) => void): void {
  const tool = find();
  if (tool instanceof Unavailable) {
    // Parentheses would end the reason where it is read.
    const reason = tool.reason.replace(/[()\n]+/g, " ").trim();
    describe.skip(`${name} (skipped: ${reason})`, () => {
      test("needs what is missing", () => expect(tool).toBeUndefined());
    });
  } else {
    describe(name, () => body(tool));
  }
}
