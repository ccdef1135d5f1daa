import type { IDatabase } from "../../database";
import { RehearsalCheck } from "../../recovery";

/**
 * Checks of a restored database of Coder, for a `RestoreRehearsal`.
 *
 * @example
 * const checks = [CoderRehearsal.newestHeartbeat(database, 48), CoderRehearsal.users(database)];
 */
export class CoderRehearsal {
  /**
   * Age of the newest heartbeat of a provisioner, which Coder writes as long as it runs, with users or without.
   *
   * @param database the database of Coder.
   * @param maxAgeHours the greatest age in hours.
   */
  public static newestHeartbeat(database: IDatabase, maxAgeHours: number): RehearsalCheck {
    // coder/coder, coderd/database/queries/provisionerdaemons.sql (UpdateProvisionerDaemonLastSeenAt) and its caller, the heartbeat of
    // coderd/provisionerdserver, read 2026-11.
    const sql = "SELECT extract(epoch FROM max(last_seen_at)) FROM provisioner_daemons";
    return RehearsalCheck.newestRow(database, sql, maxAgeHours);
  }

  /**
   * Number of users.
   *
   * @param database the database of Coder.
   * @param minimum the smallest number that passes; 0 for an installation without users. @default 1
   */
  public static users(database: IDatabase, minimum = 1): RehearsalCheck {
    return RehearsalCheck.atLeast("users", database, "SELECT count(*) FROM users", minimum);
  }

  private constructor() {}
}
