// Since when the chart hands a cloud's identity to all pods that use object storage. Sources, read 2026-11: CHANGELOG.md of the chart up
// to 10.3.1 (2026-08-25), and the templates of the released archives from 8.5.2 to 10.3.0.

/** Rails and the registry on Azure: "Make Azure workload identity work for object storage" (charts!4116), chart 8.9.0. */
export const AZURE_IDENTITY_SINCE = { major: 17, minor: 9 };

/** Labels of the backup cron job's pods, which Azure needs: "Apply podLabels to backup cron job pods" (charts!4148). */
export const AZURE_BACKUPS_FIXED: readonly string[] = ["8.11.0"];

/**
 * Backups on Google: "Toolbox: Fix boto config when using Workload Identity" (charts!5074). Before, `configure-gsutil` writes a
 * `.boto` without credentials and every transfer ends in 401. One version of each line that got the fix, in order.
 */
export const GOOGLE_BACKUPS_FIXED: readonly string[] = ["9.10.7", "9.11.5", "10.0.1"];
