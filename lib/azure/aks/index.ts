export * from "./aks-connection";
export {
  FlexibleServerRestoreRehearsal,
  type FlexibleServerRestoreRehearsalProps,
} from "./restore-rehearsal/flexible-server-restore-rehearsal";
