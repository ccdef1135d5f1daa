// Says in words what a synthesized stack or a plan would do. Reads JSON only: it works on any CDKTF stack.
export { planSummary } from "./plan-summary";
export { type StackAnnotation, stackSummary } from "./stack-summary";
