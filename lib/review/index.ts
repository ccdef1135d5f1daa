// Reviews of synthesized stacks and plans in words. Reads JSON only, so it works for any CDKTF stack.
export { planSummary } from "./plan-summary";
export { type StackAnnotation, stackSummary } from "./stack-summary";
