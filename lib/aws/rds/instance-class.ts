// DB instance classes of RDS: the class of a size, its vCPU and memory, and the connections that it takes.

import {
  Cloud,
  type ConnectionCapacity,
  type DatabaseEngine,
  EngineFamily,
  type MachineClass,
  MachineKind,
  type MachineSize,
} from "../../database";
import type { SynthChecks } from "../../database/private";
import { MYSQL_CONNECTIONS, POSTGRES_CONNECTIONS, RESERVED_CONNECTIONS } from "./data/connection-limits";
import {
  BURSTABLE_CLASSES,
  GENERAL_FAMILIES,
  INSTANCE_SIZES,
  MEMORY_FAMILIES,
} from "./data/instance-classes";

const GIB = 1024 ** 3;

/**
 * The DB instance class of a size; undefined if RDS has none.
 *
 * @param size the size.
 * @param engine the engine: MySQL 5.7 runs on older classes only.
 *
 * @internal
 */
export function rdsInstanceClass(size: MachineSize, engine: DatabaseEngine): MachineClass | undefined {
  if (size.kind === MachineKind.NAMED) return size.named(Cloud.AWS, describeInstanceClass);
  // Of the classes here RDS offers only the older ones for MySQL 5.7 (cfn-lint's data; shown by the policy tests).
  const old = engine.family === EngineFamily.MYSQL && engine.majorVersion === "5.7";
  if (size.kind === MachineKind.BURSTABLE) {
    const burstable = BURSTABLE_CLASSES.find((b) => b.vcpu === size.vcpu && b.memoryGiB === size.memoryGiB);
    return burstable && describeInstanceClass(`db.${old ? "t3" : "t4g"}.${burstable.suffix}`);
  }
  const [newer, older] = size.kind === MachineKind.GENERAL ? ["m7g", "m5"] : ["r7g", "r5"];
  const instance = INSTANCE_SIZES.find((s) => s.vcpu === size.vcpu && s.vcpu <= 64);
  return instance && describeInstanceClass(`db.${old ? older : newer}.${instance.suffix}`);
}

/**
 * vCPU and memory of a DB instance class, as far as the class is known.
 *
 * @param name the class, such as `db.m7g.large`.
 *
 * @internal
 */
export function describeInstanceClass(name: string): MachineClass {
  const [, family = "", suffix = ""] = name.split(".");
  if (/^t\d/.test(family)) {
    const size = BURSTABLE_CLASSES.find((b) => b.suffix === suffix);
    return { name, vcpu: size?.vcpu, memoryGiB: size?.memoryGiB, burstable: true };
  }
  const perVcpu = GENERAL_FAMILIES.includes(family) ? 4 : MEMORY_FAMILIES.includes(family) ? 8 : 0;
  const size = INSTANCE_SIZES.find((s) => s.suffix === suffix);
  if (!size || !perVcpu) return { name, burstable: false };
  return { name, vcpu: size.vcpu, memoryGiB: size.vcpu * perVcpu, burstable: false };
}

/**
 * The DB instance class of a size; undefined if RDS has none, which is reported.
 *
 * @internal
 */
export function rdsMachine(
  checks: SynthChecks,
  size: MachineSize,
  engine: DatabaseEngine,
): MachineClass | undefined {
  const machine = rdsInstanceClass(size, engine);
  if (machine) {
    checks.matches(
      "size",
      machine.name,
      /^db\.[a-z0-9-]+\.[a-z0-9-]+$/,
      "must be a DB instance class such as db.m7g.large",
    );
    return machine;
  }
  checks.fail(
    "size",
    size.label,
    `must be a size that RDS has; take general(n) or memory(n) with 2, 4, 8, 16, 32, 48 or 64 vCPU, burstable(2) with 1, 2, 4 or 8 GiB, burstable(4), burstable(8), or MachineSize.of({ names: { aws: "db..." } })`,
  );
  return undefined;
}

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
