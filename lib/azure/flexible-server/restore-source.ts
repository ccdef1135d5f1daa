// A restored server is a new server. Where its data come from is read once, when it is made, and never again.

import { isResolved, type SynthChecks } from "../../database/private";
import { checkResourceId } from "../network/virtual-network-checks";

/** What a restored server is made from. */
export interface RestoreSource {
  /** The resource id of the server whose data it gets; may be a token. */
  readonly sourceServerId: string;
  /** The time to go back to, in UTC, as `2026-11-22T03:04:05Z`; may be a token. */
  readonly restoreTime?: string;
}

/** Reports a source that is none. @internal */
export function checkRestoreSource(checks: SynthChecks, source: RestoreSource): void {
  checkResourceId(checks, "sourceServerId", source.sourceServerId, "flexibleServers");
  const { restoreTime } = source;
  checks.check(
    "restoreTime",
    restoreTime,
    () => isUtcTime(restoreTime as string),
    "allowed is a time in UTC, such as 2026-11-22T03:04:05Z",
  );
}

/** Reports a new server with the name of its source. @internal */
export function checkRestoredName(
  checks: SynthChecks,
  serverName: string | undefined,
  source: RestoreSource,
): void {
  if (!isResolved([serverName, source.sourceServerId]) || serverName === undefined) return;
  checks.check(
    "serverName",
    serverName,
    () => !source.sourceServerId.toLowerCase().endsWith(`/${serverName}`),
    "a restored server is a new one beside its source; give it a name of its own",
  );
}

function isUtcTime(text: string): boolean {
  const shape = /^\d{4}-\d{2}-\d{2}T\d{2}:\d{2}:\d{2}Z$/;
  const time = new Date(text);
  // JavaScript turns 30 February into 2 March.
  return shape.test(text) && !Number.isNaN(time.getTime()) && `${time.toISOString().slice(0, 19)}Z` === text;
}
