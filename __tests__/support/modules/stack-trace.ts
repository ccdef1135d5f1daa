/**
 * In place of CDKTF's: it notes for every token the stack of calls that made it, and under Jest each of these stacks is mapped to
 * the TypeScript sources. That was a third of the processor time of the unit tier, for lines that appear only in CDKTF's message on
 * a token that cannot be resolved.
 */
export function captureStackTrace(): string[] {
  return ["(not recorded in tests: see __tests__/support/modules/stack-trace.ts)"];
}
