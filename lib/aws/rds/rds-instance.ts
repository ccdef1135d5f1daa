import type { DbInstance } from "@cdktf/provider-aws/lib/db-instance";
import type { TerraformProvider } from "cdktf";
import type { IConstruct } from "constructs";
import type { ConnectionCapacity, DatabaseEngine, MachineClass } from "../../database";

/** A server or a replica, as alarms and copies see it. */
export interface IRdsInstance extends IConstruct {
  /** The instance. */
  readonly resource: DbInstance;
  /** The name in RDS; may be a token. */
  readonly identifier: string;
  /** The engine and version. */
  readonly engine: DatabaseEngine;
  /** The machine. */
  readonly machine: MachineClass;
  /** How many connections it takes; not set when nobody knows. */
  readonly connectionCapacity?: ConnectionCapacity;
  /** The size of its disk at creation in GiB; may be a token. */
  readonly storageGiB: number;
  /** Whether it follows another instance. */
  readonly isReplica: boolean;
  /** The provider of its region. @default - the stack's only AWS provider */
  readonly provider?: TerraformProvider;
}
