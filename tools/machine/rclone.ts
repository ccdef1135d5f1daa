import { goProgram } from "./go-program";
import type { Unavailable } from "./unavailable";

/** rclone with the backends and commands of the backup jobs. */
export function rclone(): string | Unavailable {
  return goProgram("rclone", ".");
}
