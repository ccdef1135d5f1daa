import { Cloud } from "./cloud";
import {
  AWS_MYSQL,
  AWS_POSTGRES,
  AZURE_MYSQL,
  AZURE_POSTGRES,
  GOOGLE_MYSQL,
  GOOGLE_POSTGRES,
  RESERVED_CONNECTIONS,
} from "./data/connection-limits";
import { type DatabaseEngine, EngineFamily } from "./engine";
import type { MachineClass } from "./machine-size";

const GIB = 1024 ** 3;

/** How many connections a server takes. */
export interface ConnectionCapacity {
  /** The server's `max_connections`; may be a token. */
  readonly maximum: number;
  /** How many of them the server or the cloud keeps for itself. */
  readonly reserved: number;
  /** Where the maximum comes from, for messages, such as `the default of db.m7g.large`. */
  readonly basis: string;
}

/**
 * The connections that a machine takes unless `max_connections` is set, or nothing when the memory is not known or the
 * server is self-managed.
 *
 * @param cloud the cloud.
 * @param engine the engine.
 * @param machine the machine.
 */
export function defaultConnectionCapacity(
  cloud: Cloud,
  engine: DatabaseEngine,
  machine: MachineClass,
): ConnectionCapacity | undefined {
  if (machine.memoryGiB === undefined) return undefined;
  const maximum = defaultMaximum(cloud, engine.family, machine.memoryGiB);
  if (maximum === undefined) return undefined;
  return { maximum, reserved: reservedConnections(cloud), basis: `the default of ${machine.name}` };
}

/**
 * How many connections the server or the cloud keeps for itself. The figures are PostgreSQL's; for MySQL they err on the safe side.
 *
 * @param cloud the cloud.
 */
export function reservedConnections(cloud: Cloud): number {
  return RESERVED_CONNECTIONS[cloud.name] ?? 0;
}

function defaultMaximum(cloud: Cloud, family: EngineFamily, memoryGiB: number): number | undefined {
  const postgres = family === EngineFamily.POSTGRES;
  const step = (table: readonly { fromGB: number; connections: number }[]) =>
    table.find((row) => memoryGiB >= row.fromGB)?.connections;
  switch (cloud) {
    case Cloud.AWS: {
      // The memory a server sees is less than the machine's, so less than the formula is counted on.
      const rule = postgres ? AWS_POSTGRES : AWS_MYSQL;
      return Math.floor(Math.min(((memoryGiB * GIB) / rule.bytesPerConnection) * rule.usable, rule.cap));
    }
    case Cloud.GOOGLE:
      return step(postgres ? GOOGLE_POSTGRES : GOOGLE_MYSQL);
    case Cloud.AZURE:
      return step(postgres ? AZURE_POSTGRES : AZURE_MYSQL);
    default:
      return undefined;
  }
}
