export { AwsBackupPlan, type AwsBackupPlanProps } from "./backup-plan";
export type { AwsBackupCopy, AwsBackupRule } from "./backup-rule";
export * from "./backup-vault";
export { AwsRestoreTesting, type AwsRestoreTestingProps } from "./restore-testing";
