import type { ITerraformDependable, TerraformProvider } from "cdktf";
import type { IDatabaseServer, MachineClass } from "../database";

/** A flexible server of either kind, as replicas, alerts, diagnostics and backups see it. */
export interface IFlexibleServer extends IDatabaseServer {
  /** The resource id. */
  readonly serverId: string;
  /** The name. */
  readonly serverName: string;
  /** The resource group. */
  readonly resourceGroupName: string;
  /** The machine; not set when the size has none on Azure, which is reported. */
  readonly machine?: MachineClass;
  /** The provider; not set for the stack's own. */
  readonly provider?: TerraformProvider;
  /** What has to exist before something is attached to the server. */
  readonly serverDependables: ITerraformDependable[];
}

/** How a server comes to be, other than empty. @internal */
export interface ServerOrigin {
  readonly createMode: string;
  readonly sourceServerId: string;
  readonly restoreTime?: string;
}
