import type { ConnectionCapacity } from "../connections/connection-capacity";
import type { MachineClass } from "../machine-size";

/** A step of a table of default `max_connections` by memory, largest first. */
export interface ConnectionStep {
  /** Memory from which the step applies, in GB. */
  readonly fromGB: number;
  /** Default `max_connections`. */
  readonly connections: number;
}

/**
 * The default connection capacity of a machine by its memory, or `undefined` if the memory is not known.
 *
 * @param machine the machine.
 * @param table the steps, largest first.
 * @param reserved the number of connections that the service reserves.
 */
export function capacityByMemory(
  machine: MachineClass,
  table: readonly ConnectionStep[],
  reserved: number,
): ConnectionCapacity | undefined {
  const { memoryGiB, name } = machine;
  if (memoryGiB === undefined) return undefined;
  const maximum = table.find((step) => memoryGiB >= step.fromGB)?.connections;
  return maximum === undefined ? undefined : { maximum, reserved, basis: `the default of ${name}` };
}
