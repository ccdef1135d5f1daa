// For the other rooms of this package only: `exports` of package.json keeps it from users.

export { checkBackup, DEFAULT_RETENTION_DAYS } from "../backup-policy";
export { peakConnections } from "../connections/peak-connections";
export {
  checkWindows,
  DEFAULT_BACKUP_WINDOW,
  DEFAULT_MAINTENANCE_WINDOW,
  dailyRange,
  weeklyRange,
} from "../utc-window";
export { checkIsAdopted } from "./adoption/check-is-adopted";
export * from "./claim-once";
export * from "./connection-steps";
export * from "./construct-id";
export * from "./data/name-rules";
export * from "./direct-database";
export * from "./engine-support";
export * from "./ephemeral-resource";
export * from "./growing-dependables";
export * from "./imported-server";
export * from "./is-resolved";
export * from "./logical-database";
export * from "./minor-version";
export * from "./monitoring-page";
export { namingPath } from "./moves/naming-path";
export * from "./names";
export * from "./physical-name";
export * from "./provider-binding";
export * from "./replica-engine";
export * from "./required-props";
export * from "./resources-of-type";
export * from "./secrets/alternating-users";
export * from "./secrets/password-rules";
export * from "./secrets/secret-identity";
export * from "./secrets/stored-login";
export * from "./secrets/variable-protection";
export * from "./seen-in-stack";
export * from "./storage-checks";
export * from "./synth-checks";
export * from "./terraform-expression";
export * from "./time/clock";
export * from "./time/cron-schedule";
export * from "./time/time-zone";
export * from "./time/utc-time";
export * from "./upgrade-paths";
