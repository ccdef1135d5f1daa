/** The machine class of a size on each cloud, for tests that compare clouds. */
import { rdsInstanceClass } from "../../lib/aws/rds/instance-class";
import { machineSku } from "../../lib/azure/flexible-server/machine-sku";
import { Cloud, type DatabaseEngine, type MachineClass, type MachineSize } from "../../lib/database";
import { cloudSqlTier } from "../../lib/google/cloud-sql/cloud-sql-tier";

export function machineOn(
  size: MachineSize,
  cloud: Cloud,
  engine: DatabaseEngine,
): (MachineClass & { readonly edition?: string }) | undefined {
  if (cloud === Cloud.AWS) return rdsInstanceClass(size, engine);
  if (cloud === Cloud.GOOGLE) return cloudSqlTier(size);
  return cloud === Cloud.AZURE ? machineSku(size, engine) : undefined;
}
