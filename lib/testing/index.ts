// Assertions on synthesized stacks and plans, for the tests of programs. Works in jest, vitest and node:test, for any CDKTF stack.
export { addresses } from "./addresses";
export { Annotations } from "./annotations";
export type { Mismatch } from "./compare-values";
export { type ExpectPlanOptions, expectPlan, PlanExpectation } from "./expect-plan";
export { Match, Matcher } from "./match";
export { reviewOf } from "./review-of";
export { type SnapshotSerializer, snapshotText, templateSerializer } from "./snapshot";
export type { ConstructNote } from "./synthesized-stack";
export { type BlockType, type ResourceClass, Template } from "./template";
export type { TemplateBlock } from "./template-block";
