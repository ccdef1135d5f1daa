import type { DatabaseEngine, MachineSize } from "../../database";
import type { IDatabaseNetwork } from "../network/database-network-contract";
import type { RdsInstanceOptions } from "./rds-instance-options";

/** What an instance is, beside its options. @internal */
export interface RdsInstanceShape {
  readonly options: RdsInstanceOptions;
  readonly engine: DatabaseEngine;
  readonly size: MachineSize;
  readonly network: IDatabaseNetwork;
  /** Whether a key of its own outlives the instance. */
  readonly retainKey: boolean;
}
