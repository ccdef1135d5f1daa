import { MonitorDiagnosticSetting } from "@cdktf/provider-azurerm/lib/monitor-diagnostic-setting";
import type { ITerraformDependable, TerraformProvider } from "cdktf";
import { Construct } from "constructs";
import { isResolved, requireProps, SynthChecks } from "../../database/private";
import type { IFlexibleServer } from "../flexible-server/flexible-server";
import { checkResourceId } from "../private/resource-checks";
import { MONITORING } from "./data/monitoring";

/** Properties of `AzureServerDiagnostics`. */
export interface AzureServerDiagnosticsProps {
  /** Server or read replica. */
  readonly server: IFlexibleServer;
  /**
   * Resource ID of the Log Analytics workspace; may be a token. Its interactive and total retention (`retention_in_days`) apply to
   * the logs: a diagnostic setting has no retention.
   * @see https://learn.microsoft.com/azure/azure-monitor/logs/data-retention-configure
   */
  readonly logAnalyticsWorkspaceId: string;
  /**
   * Log categories. @default - PostgreSQLLogs for PostgreSQL; MySqlAuditLogs and MySqlSlowLogs for MySQL
   * @see https://learn.microsoft.com/azure/azure-monitor/reference/supported-logs/microsoft-dbforpostgresql-flexibleservers-logs
   */
  readonly logCategories?: string[];
  /**
   * Enables the metric category AllMetrics. @default true
   *
   * @see https://learn.microsoft.com/azure/azure-monitor/essentials/diagnostic-settings
   */
  readonly metrics?: boolean;
  /**
   * Name of the diagnostic setting. @default database-logs
   *
   * @see https://learn.microsoft.com/azure/azure-monitor/essentials/diagnostic-settings
   */
  readonly settingName?: string;
  /** The azurerm provider. @default - the server's */
  readonly provider?: TerraformProvider;
  /** Resources that must exist before the diagnostic setting, beside the server's. @default - none */
  readonly dependsOn?: ITerraformDependable[];
}

/**
 * A diagnostic setting, which sends logs and metrics of a server to a Log Analytics workspace. Without one Azure keeps no server
 * logs.
 *
 * @see https://learn.microsoft.com/azure/azure-monitor/essentials/diagnostic-settings
 *
 * @example
 * new AzureServerDiagnostics(this, "diagnostics", { server, logAnalyticsWorkspaceId });
 */
export class AzureServerDiagnostics extends Construct {
  /** The diagnostic setting resource. */
  public readonly resource: MonitorDiagnosticSetting;

  public constructor(scope: Construct, id: string, props: AzureServerDiagnosticsProps) {
    super(scope, id);
    requireProps(this.node.path, "AZURE-DB", props, { server: true, logAnalyticsWorkspaceId: true });
    const { server, logAnalyticsWorkspaceId } = props;
    const checks = new SynthChecks(this, "AZURE-DB");
    checkResourceId(checks, "logAnalyticsWorkspaceId", logAnalyticsWorkspaceId, "workspaces");
    const categories = props.logCategories ?? [...(MONITORING[server.engine.family]?.logCategories ?? [])];
    if (!isResolved(categories)) {
      checks.fail("logCategories", categories, "must be known at synth");
    } else if (categories.length === 0) {
      checks.fail("logCategories", categories, "must have at least one category");
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
