// Source: CloudWatch Logs API reference, PutRetentionPolicy (the aws provider has the same list), read 2026-11; RDS API
// reference, CreateDBInstance (MonitoringInterval).

/** Retention periods that CloudWatch Logs supports, in days; 0 never expires. */
export const LOG_RETENTION_DAYS: readonly number[] = [
  0, 1, 3, 5, 7, 14, 30, 60, 90, 120, 150, 180, 365, 400, 545, 731, 1096, 1827, 2192, 2557, 2922, 3288, 3653,
];

/** Enhanced Monitoring intervals, in seconds; 0 disables it. */
export const MONITORING_INTERVALS: readonly number[] = [0, 1, 5, 10, 15, 30, 60];
