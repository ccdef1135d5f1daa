// Present disk size of an instance from which data comes. It may have grown beyond the size in any program, and Cloud SQL refuses a
// replica or clone with a smaller disk, or leaves a tainted instance (terraform-google-modules/terraform-google-sql-db#338).

import { DataGoogleSqlDatabaseInstances } from "@cdktf/provider-google/lib/data-google-sql-database-instances";
import type { SqlDatabaseInstance } from "@cdktf/provider-google/lib/sql-database-instance";
import { type TerraformProvider, Token } from "cdktf";
import type { Construct } from "constructs";
import { terraformCall } from "../../database/private";

/** The disk size of an instance of the program, as an expression: the plan has read it. @internal */
export function diskSizeOf(instance: SqlDatabaseInstance): number {
  return Token.asNumber(instance.interpolationForAttribute("settings[0].disk_size"));
}

/** An instance that the program did not create. @internal */
export interface DiskSource {
  readonly instanceName: string;
  readonly project?: string;
  readonly provider?: TerraformProvider;
}

/**
 * The disk size of an existing instance in GiB, or 0 if it does not exist any more, as an expression. The list of instances is read
 * (permission `cloudsql.instances.list`), not the instance: once it is deleted, every plan would fail.
 *
 * @internal
 */
export function existingDiskSize(scope: Construct, source: DiskSource): number {
  const { instanceName, project, provider } = source;
  const all = new DataGoogleSqlDatabaseInstances(scope, "Source", { project, provider });
  const names = all.interpolationForAttribute("instances[*].name");
  const sizes = all.interpolationForAttribute("instances[*].settings[0].disk_size");
  return Token.asNumber(terraformCall("lookup", terraformCall("zipmap", names, sizes), instanceName, 0));
}
