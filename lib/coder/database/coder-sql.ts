import type { IDatabase } from "../../database";
import { ComponentObjects, MigrationAdapter } from "../../sql";

/**
 * SQL objects and migrations of Coder.
 *
 * @see https://coder.com/docs/admin/setup#postgresql-database
 * @example
 * new DatabaseObjects(this, "objects", { server, components: [CoderSql.objects(database)], backend });
 */
export class CoderSql {
  /** Coder's database and its owner. Coder's migrations (plpgsql only) need ownership of the database and no further privilege. */
  public static objects(database: IDatabase): ComponentObjects {
    return ComponentObjects.fromDatabases("coder", [database]);
  }

  /** Coder's migrations, which run at startup (`cli/server.go`). */
  public static migrations(): MigrationAdapter {
    return MigrationAdapter.atStartup("coder");
  }
}
