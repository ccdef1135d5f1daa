export * from "./consul-policy";
export * from "./leader-source";
export { LeaderWatch, type LeaderWatchProps } from "./leader-watch";
export { LEADER_EXIT_CODES, LEADER_HANDLER_SCRIPT } from "./scripts/leader-handler";
