// Reviews of synthesized stacks and plans in words. Reads JSON only, so it works for any CDKTF stack.
export { type AcceptedFinding, readAcceptedFindings } from "./accepted-findings";
export { compareStacks } from "./compare/compare-stacks";
export { type ExamineStackOptions, examineStack, type StackFact, Urgency } from "./examine/examine-stack";
export type { Finding, ResourceChange } from "./finding";
export { NotAPlanError } from "./plan/read-plan";
export { renderHtml } from "./report/html";
export { renderJson } from "./report/json";
export { renderMarkdown } from "./report/markdown";
export { renderText } from "./report/text";
export { type PlanReview, type ReviewPlanOptions, reviewPlan } from "./review-plan";
export { type StackAnnotation, stackSummary } from "./stack-summary";
