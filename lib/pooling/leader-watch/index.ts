export * from "./consul-leader-source";
export {
  type ILeaderSource,
  type LeaderSourceFiles,
  LeaderWatch,
  type LeaderWatchProps,
} from "./leader-watch";
export * from "./patroni-leader-source";
export { LEADER_EXIT_CODES, LEADER_HANDLER_SCRIPT } from "./scripts/leader-handler";
