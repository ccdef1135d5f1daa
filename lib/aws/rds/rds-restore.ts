// What every restored server has in common, whatever it is restored from.

import type { DbInstance } from "@cdktf/provider-aws/lib/db-instance";
import type { TerraformResourceLifecycle } from "cdktf";
import type { DatabaseLogin } from "../../database";
import { isResolved } from "../../database/private";

/**
 * Turns an instance into a restored one.
 *
 * @param resource the instance, with its source set.
 * @param administrator the login by which the library will administer it.
 * @param source the argument that names the source, which counts at creation only.
 *
 * @internal
 */
export function restoredFrom(resource: DbInstance, administrator: DatabaseLogin, source: string): void {
  const lifecycle = resource.lifecycle as TerraformResourceLifecycle;
  // All of these come with the data. Written down, they would be taken for a wish to replace the server.
  resource.resetUsername();
  resource.resetKmsKeyId();
  resource.lifecycle = {
    ...lifecycle,
    ignoreChanges: [...(lifecycle.ignoreChanges as string[]), source],
    postcondition: [
      ...(isResolved(administrator.username)
        ? [
            {
              condition: `\${self.username == ${JSON.stringify(administrator.username)}}`,
              errorMessage: `The restored server's administrator is not ${administrator.username}: name the right one in adminLogin.`,
            },
          ]
        : []),
      {
        condition: "${self.storage_encrypted}",
        errorMessage:
          "The restored server is not encrypted, because its source was not: restore from a copy of the snapshot made with a key.",
      },
    ],
  };
  resource.putTimeouts({ create: "180m", update: "120m", delete: "90m" });
}
