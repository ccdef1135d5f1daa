import { MonitorDiagnosticSetting } from "@cdktf/provider-azurerm/lib/monitor-diagnostic-setting";
import type { ITerraformDependable, TerraformProvider } from "cdktf";
import { Construct } from "constructs";
import { isResolved, SynthChecks } from "../../database/private";
import type { IFlexibleServer } from "../flexible-server/flexible-server";
import { checkResourceId } from "../network/virtual-network-checks";
import { MONITORING } from "./data/monitoring";

/** Properties of `ServerDiagnostics`. */
export interface ServerDiagnosticsProps {
  /** The server or replica. */
  readonly server: IFlexibleServer;
  /** The resource id of the Log Analytics workspace, which decides how long logs are kept; may be a token. */
  readonly logAnalyticsWorkspaceId: string;
  /** The log categories. @default - the server log for PostgreSQL; audit and slow queries for MySQL */
  readonly logCategories?: string[];
  /** Whether metrics go there too. @default true */
  readonly metrics?: boolean;
  /** The setting's name. @default database-logs */
  readonly settingName?: string;
  /** The provider. @default - the server's */
  readonly provider?: TerraformProvider;
  /** What has to exist first. @default - the server's dependables */
  readonly dependsOn?: ITerraformDependable[];
}

/**
 * Sends a server's logs and metrics to a Log Analytics workspace of yours. Azure keeps no logs of servers by itself.
 *
 * @example
 * new ServerDiagnostics(this, "diagnostics", { server, logAnalyticsWorkspaceId });
 */
export class ServerDiagnostics extends Construct {
  /** The setting. */
  public readonly resource: MonitorDiagnosticSetting;

  public constructor(scope: Construct, id: string, props: ServerDiagnosticsProps) {
    super(scope, id);
    const { server, logAnalyticsWorkspaceId } = props;
    const checks = new SynthChecks(this);
    checkResourceId(checks, "logAnalyticsWorkspaceId", logAnalyticsWorkspaceId, "workspaces");
    const categories = props.logCategories ?? [...(MONITORING[server.engine.family]?.logCategories ?? [])];
    if (!isResolved(categories)) {
      checks.fail("logCategories", categories, "they have to be known at synth");
    } else if (categories.length === 0) {
      checks.fail("logCategories", categories, "name at least one, or leave the construct out");
    }
    this.resource = new MonitorDiagnosticSetting(this, "Resource", {
      name: props.settingName ?? "database-logs",
      targetResourceId: server.serverId,
      logAnalyticsWorkspaceId,
      enabledLog: categories.map((category) => ({ category })),
      enabledMetric: (props.metrics ?? true) ? [{ category: "AllMetrics" }] : undefined,
      provider: props.provider ?? server.provider,
      dependsOn: [...server.dependables, ...(props.dependsOn ?? [])],
    });
  }
}
