export * from "./consul-leader-source";
export type { ILeaderSource, LeaderSourceFiles, LeaderSourceProblem } from "./leader-source";
export { LeaderWatch, type LeaderWatchProps } from "./leader-watch";
export * from "./patroni-leader-source";
export { LEADER_EXIT_CODES, LEADER_HANDLER_SCRIPT } from "./scripts/leader-handler";
