import type { Construct } from "constructs";
import { SynthChecks } from "../../lib/database/private";

/** The entry of a server among the restored ones. A stack passes the ids of all its servers one after the other. */
export function restoredServer<T extends { readonly server: string }>(
  scope: Construct,
  subject: string,
  restored: readonly T[] | undefined,
  id: string,
): T | undefined {
  const entries = (restored ?? []).filter(({ server }) => server === id);
  if (entries.length > 1) {
    new SynthChecks(scope, subject).fail(
      "restoredServers",
      id,
      "must have one entry for a server; remove the others",
    );
  }
  return entries[0];
}

/** Refuses entries for servers that the stack does not have. */
export function checkRestoredServers(
  scope: Construct,
  subject: string,
  restored: readonly { readonly server: string }[] | undefined,
  ids: readonly string[],
): void {
  const checks = new SynthChecks(scope, subject);
  for (const [i, { server }] of (restored ?? []).entries()) {
    checks.check(
      `restoredServers[${i}].server`,
      server,
      () => ids.includes(server),
      `must be the construct id of a server of the stack: ${ids.join(", ")}`,
    );
  }
}
