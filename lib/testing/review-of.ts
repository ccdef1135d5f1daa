import type { TerraformStack } from "cdktf";
import { type StackAnnotation, stackSummary } from "../review";
import { notesOf, synthesized } from "./synthesized-stack";

/**
 * The summary of a stack in words: servers, counts, exposure, opt-outs, warnings, variables. As a snapshot of some tens of lines it
 * shows a reviewer the effect of a change, where the JSON would show hundreds of lines.
 *
 * @throws one error with all mistakes that validations and error annotations report.
 * @see https://jestjs.io/docs/snapshot-testing
 */
export function reviewOf(stack: TerraformStack): string {
  const json = synthesized(stack);
  const { warnings, infos } = notesOf(stack);
  const annotations: StackAnnotation[] = [
    ...warnings.map((note) => ({ ...note, level: "@cdktf/warn" })),
    ...infos.map((note) => ({ ...note, level: "@cdktf/info" })),
  ].map(({ path, message, level }) => ({
    constructPath: [stack.node.path, path].filter(Boolean).join("/"),
    level,
    message,
  }));
  return stackSummary(stack.node.id, json, annotations);
}
