import {
  type ConnectionCapacity,
  type DatabaseEngine,
  EngineFamily,
  type MachineClass,
} from "../../database";
import { MYSQL_CONNECTIONS, POSTGRES_CONNECTIONS, RESERVED_CONNECTIONS } from "./data/connection-limits";

const GIB = 1024 ** 3;

/**
 * Maximum number of connections of an instance: `maxConnections`, or the default that RDS derives from the memory of the
 * instance class. `undefined` if neither is known.
 *
 * @internal
 */
export function rdsConnectionCapacity(
  engine: DatabaseEngine,
  machine: MachineClass | undefined,
  maxConnections?: number,
): ConnectionCapacity | undefined {
  const reserved = RESERVED_CONNECTIONS;
  if (maxConnections !== undefined) return { maximum: maxConnections, reserved, basis: "maxConnections" };
  if (machine?.memoryGiB === undefined) return undefined;
  const rule = engine.family === EngineFamily.POSTGRES ? POSTGRES_CONNECTIONS : MYSQL_CONNECTIONS;
  const byMemory = ((machine.memoryGiB * GIB) / rule.bytesPerConnection) * rule.usable;
  return {
    maximum: Math.floor(Math.min(byMemory, rule.cap)),
    reserved,
    basis: `the default of ${machine.name}`,
  };
}
