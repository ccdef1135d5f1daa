// What every restored server has in common, whatever it is restored from. That making a user who came with the data sets
// its password anew, as it does for the built-in `postgres`, was not tried against Cloud SQL [inf].

import type { TerraformResourceLifecycle } from "cdktf";
import type { CloudSqlServer } from "./cloud-sql-server";

/**
 * Turns a server into a restored one: databases come with the data, and the source counts at creation only.
 *
 * @param server the server, with its source set.
 * @param source the argument that names the source. Cloud SQL would restore again, over what is there now, if it changed.
 *
 * @internal
 */
export function restored(server: CloudSqlServer, source: string): void {
  const { resource } = server;
  const lifecycle = resource.lifecycle as TerraformResourceLifecycle;
  const ignored = (lifecycle.ignoreChanges as string[] | undefined) ?? [];
  resource.lifecycle = { ...lifecycle, ignoreChanges: [...ignored, source] };
  resource.putTimeouts({ create: "180m", update: "90m", delete: "90m" });
  server._logins.databasesExist = true;
}
