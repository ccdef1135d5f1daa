import {
  Cloud,
  type ConnectionCapacity,
  type DatabaseEngine,
  EngineFamily,
  type MachineClass,
  MachineKind,
  type MachineSize,
} from "../../database";
import { capacityByMemory } from "../../database/private";
import { MYSQL_CONNECTIONS, POSTGRES_CONNECTIONS, RESERVED_CONNECTIONS } from "./data/connection-limits";
import { BURSTABLE_SKUS, MEMORY_EXCEPTIONS, SKU_NAME, SKU_VCPUS } from "./data/skus";

/**
 * The SKU of a size, or `undefined` if Azure has none.
 *
 * @param size the size.
 * @param engine the engine: PostgreSQL and MySQL are offered on different machines.
 *
 * @internal
 */
export function machineSku(size: MachineSize, engine: DatabaseEngine): MachineClass | undefined {
  const { kind, vcpu, memoryGiB } = size;
  if (kind === MachineKind.NAMED) return size.named(Cloud.AZURE, describeSku);
  if (kind === MachineKind.BURSTABLE) {
    const burstable = BURSTABLE_SKUS.find((b) => b.vcpu === vcpu && b.memoryGiB === memoryGiB);
    return burstable && describeSku(burstable.name);
  }
  if (!SKU_VCPUS.includes(vcpu as number)) return undefined;
  const mysql = engine.family === EngineFamily.MYSQL;
  const machine = describeSku(
    kind === MachineKind.MEMORY
      ? `MO_Standard_E${vcpu}ds_v5`
      : `GP_Standard_D${vcpu}${mysql ? "ads_v5" : "ds_v5"}`,
  );
  // The largest memory machine has less than 8 GiB per vCPU, so it is not the size that was asked for.
  return machine.memoryGiB === memoryGiB ? machine : undefined;
}

/**
 * vCPU and memory of a SKU, as far as the SKU is known.
 *
 * @param name the SKU, such as `GP_Standard_D4ds_v5`.
 *
 * @internal
 */
export function describeSku(name: string): MachineClass {
  const burstable = BURSTABLE_SKUS.find((b) => b.name === name);
  if (burstable) return { ...burstable, burstable: true };
  const sku = SKU_NAME.exec(name);
  if (!sku) return { name, burstable: name.startsWith("B_") };
  const vcpu = Number(sku[2]);
  const memoryGiB = MEMORY_EXCEPTIONS[name] ?? vcpu * (sku[1] === "GP_Standard_D" ? 4 : 8);
  return { name, vcpu, memoryGiB, burstable: false };
}

/**
 * Maximum number of connections of a server: `maxConnections`, or the default that Azure derives from the machine's
 * memory. `undefined` if neither is known.
 *
 * @internal
 */
export function flexibleServerConnectionCapacity(
  engine: DatabaseEngine,
  machine: MachineClass | undefined,
  maxConnections?: number,
): ConnectionCapacity | undefined {
  const reserved = RESERVED_CONNECTIONS;
  if (maxConnections !== undefined) return { maximum: maxConnections, reserved, basis: "maxConnections" };
  const table = engine.family === EngineFamily.POSTGRES ? POSTGRES_CONNECTIONS : MYSQL_CONNECTIONS;
  return machine && capacityByMemory(machine, table, reserved);
}
