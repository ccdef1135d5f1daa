import type { ITerraformDependable, TerraformProvider } from "cdktf";
import type { IConstruct } from "constructs";
import type { ConnectionCapacity, DatabaseEngine, DatabaseLocation, MachineClass } from "../../database";

/** A server or a replica of either kind, as alerts, diagnostics and long-term backups see it. */
export interface IFlexibleServer extends IConstruct {
  /** The resource id. */
  readonly serverId: string;
  /** The name; may be a token. */
  readonly serverName: string;
  /** The resource group. */
  readonly resourceGroupName: string;
  /** Where it runs. */
  readonly location: DatabaseLocation;
  /** The engine and version. */
  readonly engine: DatabaseEngine;
  /** The machine; not set when Azure has none of the size, which is reported. */
  readonly machine?: MachineClass;
  /** How many connections it takes; not set when nobody knows. */
  readonly connectionCapacity?: ConnectionCapacity;
  /** Whether it follows another server. */
  readonly isReplica: boolean;
  /** The provider. @default - the stack's only azurerm provider */
  readonly provider?: TerraformProvider;
  /** What has to exist before anything is attached to it. */
  readonly dependables: ITerraformDependable[];
}

/** How a server comes to be, other than empty. @internal */
export interface ServerOrigin {
  readonly createMode: string;
  readonly sourceServerId: string;
  readonly restoreTime?: string;
}
