import {
  type ConnectionCapacity,
  type DatabaseEngine,
  EngineFamily,
  type MachineClass,
} from "../../database";
import { capacityByMemory } from "../../database/private";
import { MYSQL_CONNECTIONS, POSTGRES_CONNECTIONS, RESERVED_CONNECTIONS } from "./data/connection-limits";

/**
 * Maximum number of connections of a server: `maxConnections`, or the default that Cloud SQL derives from the machine's
 * memory. `undefined` if neither is known.
 *
 * @internal
 */
export function cloudSqlConnectionCapacity(
  engine: DatabaseEngine,
  machine: MachineClass | undefined,
  maxConnections?: number,
): ConnectionCapacity | undefined {
  const reserved = RESERVED_CONNECTIONS;
  if (maxConnections !== undefined) return { maximum: maxConnections, reserved, basis: "maxConnections" };
  const table = engine.family === EngineFamily.POSTGRES ? POSTGRES_CONNECTIONS : MYSQL_CONNECTIONS;
  return machine && capacityByMemory(machine, table, reserved);
}
