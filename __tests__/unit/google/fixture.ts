/** A server with defaults, and the names that tests look at. */
import type { Construct } from "constructs";
import { DatabaseEngine, MachineSize, MysqlVersion, PostgresVersion } from "../../../lib/database";
import { CloudSqlServer, type CloudSqlServerProps, DatabaseNetwork } from "../../../lib/google";

export const VPC = "projects/platform/global/networks/main";

export const POSTGRES = DatabaseEngine.postgres(PostgresVersion.V17);
export const MYSQL = DatabaseEngine.mysql(MysqlVersion.V8_4);

/** A server in a VPC that is peered already. */
export function server(
  scope: Construct,
  props: Partial<CloudSqlServerProps> = {},
  id = "db",
): CloudSqlServer {
  return new CloudSqlServer(scope, id, {
    engine: POSTGRES,
    size: MachineSize.general(4),
    storage: { sizeGiB: 100 },
    network:
      props.network ??
      DatabaseNetwork.fromDatabaseNetworkAttributes(scope, `${id}-network`, { networkId: VPC }),
    region: "europe-west1",
    ...props,
  });
}
