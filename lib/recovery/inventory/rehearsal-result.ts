import type { RecoveryScenario } from "../../database";

/** Result of a rehearsal: a restore into an isolated copy, with checks of the restored data. */
export interface RehearsalResult {
  /** Id of the restored data in the inventory, such as `database`. */
  readonly data: string;
  /** Scenario that the rehearsal stands for. */
  readonly scenario: RecoveryScenario;
  /** Name of the mechanism that was restored, as in its `Protection`. */
  readonly mechanism: string;
  /** End of the rehearsal, as an ISO 8601 time: `2026-11-27T04:12:00Z`. */
  readonly finishedAt: string;
  /** Enables its measurements; a failed rehearsal is listed as such. */
  readonly passed: boolean;
  /** Measured duration of the restore (RTO), in minutes. @default - not measured */
  readonly restoreMinutes?: number;
  /** Measured loss (RPO), the age of the newest row at the time of the restore, in minutes. @default - not measured */
  readonly lossMinutes?: number;
}
