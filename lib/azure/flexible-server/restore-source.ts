// A restored server is a new server. Where its data come from is read once, when it is made, and never again.

import { checkUtcTime, isResolved, type SynthChecks } from "../../database/private";
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
  checkUtcTime(checks, "restoreTime", source.restoreTime);
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
