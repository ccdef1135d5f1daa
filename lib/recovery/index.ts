// Recovery: data of applications, its protection, and the way back. Imports no cloud and no application.
export * from "./inventory/data-inventory";
export * from "./inventory/program-protection";
export * from "./inventory/rehearsal-result";
export * from "./inventory/stopped-workloads";
export * from "./logical-backup/backup-image";
export { LogicalBackup, type LogicalBackupProps } from "./logical-backup/logical-backup";
export { MajorUpgrade, type MajorUpgradeProps } from "./major-upgrade/major-upgrade";
export type { DataCoverage, RecoveryGap } from "./plan/coverage";
export * from "./plan/recovery-plan";
export * from "./rehearsal/rehearsal-check";
export { RestoreRehearsal, type RestoreRehearsalProps } from "./rehearsal/restore-rehearsal";
export * from "./runbook/restore-runbook";
export * from "./velero/kots-velero";
export * from "./velero/velero";
export type { VeleroLocation } from "./velero/velero-location";
export type { VeleroSchedule } from "./velero/velero-schedule";
