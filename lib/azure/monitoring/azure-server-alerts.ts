import { MonitorActivityLogAlert } from "@cdktf/provider-azurerm/lib/monitor-activity-log-alert";
import { MonitorMetricAlert } from "@cdktf/provider-azurerm/lib/monitor-metric-alert";
import type { ITerraformDependable, TerraformProvider } from "cdktf";
import { Construct } from "constructs";
import { isResolved, monitoringPage, requireProps, SynthChecks } from "../../database/private";
import type { IFlexibleServer } from "../flexible-server/flexible-server";
import { checkResourceId, checkTags } from "../private/resource-checks";
import { azureAlertList } from "./azure-alert-list";
import { AzureServerDashboard } from "./azure-server-dashboard";
import { MONITORING, type ServerMonitoring } from "./data/monitoring";

/** Properties of `AzureServerAlerts`. */
export interface AzureServerAlertsProps {
  /** Server or read replica. */
  readonly server: IFlexibleServer;
  /**
   * Resource ID of the action group that is notified; may be a token.
   *
   * @see https://learn.microsoft.com/azure/azure-monitor/alerts/action-groups
   */
  readonly actionGroupId: string;
  /**
   * Threshold of storage use (`storage_percent`), in per cent, 10 to 99. @default 85
   *
   * @see https://learn.microsoft.com/azure/azure-monitor/reference/supported-metrics/microsoft-dbforpostgresql-flexibleservers-metrics
   * @see https://learn.microsoft.com/azure/azure-monitor/reference/supported-metrics/microsoft-dbformysql-flexibleservers-metrics
   */
  readonly storageUsedPercent?: number;
  /**
   * Threshold of CPU use (`cpu_percent`) over 15 minutes, in per cent, 10 to 100. @default 85
   *
   * @see https://learn.microsoft.com/azure/azure-monitor/reference/supported-metrics/microsoft-dbforpostgresql-flexibleservers-metrics
   * @see https://learn.microsoft.com/azure/azure-monitor/reference/supported-metrics/microsoft-dbformysql-flexibleservers-metrics
   */
  readonly cpuPercent?: number;
  /**
   * Threshold of open connections (`active_connections`), in per cent of the maximum, 10 to 100. @default 80
   *
   * @see https://learn.microsoft.com/azure/azure-monitor/reference/supported-metrics/microsoft-dbforpostgresql-flexibleservers-metrics
   * @see https://learn.microsoft.com/azure/azure-monitor/reference/supported-metrics/microsoft-dbformysql-flexibleservers-metrics
   */
  readonly connectionsPercent?: number;
  /**
   * Threshold of memory use (`memory_percent`) over 15 minutes, in per cent, 10 to 99. @default 95
   *
   * @see https://learn.microsoft.com/azure/azure-monitor/reference/supported-metrics/microsoft-dbforpostgresql-flexibleservers-metrics
   * @see https://learn.microsoft.com/azure/azure-monitor/reference/supported-metrics/microsoft-dbformysql-flexibleservers-metrics
   */
  readonly memoryUsedPercent?: number;
  /**
   * Threshold of the replication lag of a read replica, in seconds. @default 60
   *
   * @see https://learn.microsoft.com/azure/azure-monitor/reference/supported-metrics/microsoft-dbforpostgresql-flexibleservers-metrics
   * @see https://learn.microsoft.com/azure/azure-monitor/reference/supported-metrics/microsoft-dbformysql-flexibleservers-metrics
   */
  readonly replicaLagSeconds?: number;
  /**
   * Threshold of the disk space of write-ahead log (PostgreSQL) or binary logs (MySQL), and of the lag of a logical replication slot, in per
   * cent of the storage, 1 to 90. Only for servers whose storage size is known. @default 20
   *
   * @see https://learn.microsoft.com/azure/azure-monitor/reference/supported-metrics/microsoft-dbforpostgresql-flexibleservers-metrics
   * @see https://learn.microsoft.com/azure/azure-monitor/reference/supported-metrics/microsoft-dbformysql-flexibleservers-metrics
   */
  readonly transactionLogsPercent?: number;
  /**
   * Threshold of deadlocks per minute over 15 minutes, more than 0. PostgreSQL counts them with the server parameter
   * `metrics.collector_database_activity` set to `ON` in `parameters` only. @default 1
   *
   * @see https://learn.microsoft.com/azure/postgresql/flexible-server/concepts-monitoring#enhanced-metrics
   */
  readonly deadlocksPerMinute?: number;
  /**
   * Creates an `AzureServerDashboard` of the server. @default true
   *
   * @see https://learn.microsoft.com/azure/azure-portal/azure-portal-dashboards
   */
  readonly dashboard?: boolean;
  /**
   * Tags of all resources. @default - none
   *
   * @see https://learn.microsoft.com/azure/azure-resource-manager/management/tag-resources
   */
  readonly tags?: { readonly [name: string]: string };
  /** The azurerm provider. @default - the server's */
  readonly provider?: TerraformProvider;
  /** Resources that must exist before the alerts, beside the server's. @default - none */
  readonly dependsOn?: ITerraformDependable[];
}

/**
 * Metric alert rules of a flexible server: storage, CPU, memory, connections, liveness, CPU credits, replication lag, transaction logs and
 * replication slots, transaction ID wraparound and deadlocks; and an activity log alert on its resource health. Each metric alert
 * also notifies the action group when it is resolved. The description of each names the section of docs/monitoring.md with the steps.
 *
 * @see https://learn.microsoft.com/azure/postgresql/flexible-server/concepts-monitoring
 *
 * @example
 * new AzureServerAlerts(this, "alerts", { server, actionGroupId });
 */
export class AzureServerAlerts extends Construct {
  /** The metric alert rules. */
  public readonly alerts: MonitorMetricAlert[];
  /** The activity log alert on the resource health of the server. */
  public readonly resourceHealth: MonitorActivityLogAlert;
  /** Dashboard of the server; not set if `dashboard` is false. */
  public readonly dashboard?: AzureServerDashboard;
  private readonly props: AzureServerAlertsProps;

  public constructor(scope: Construct, id: string, props: AzureServerAlertsProps) {
    super(scope, id);
    requireProps(this.node.path, "AZURE-DB", props, { server: true, actionGroupId: true });
    this.props = props;
    const { server, tags } = props;
    this.check();
    const monitoring = MONITORING[server.engine.family] as ServerMonitoring;
    const common = {
      tags,
      provider: props.provider ?? server.provider,
      dependsOn: [...server.dependables, ...(props.dependsOn ?? [])],
    };
    this.alerts = azureAlertList(props, monitoring).map(
      (alert) =>
        new MonitorMetricAlert(this, alert.id, {
          name: `${server.serverName}-${alert.id}`,
          description: `${alert.says}. ${monitoringPage(alert.section)}`,
          resourceGroupName: server.resourceGroupName,
          scopes: [server.serverId],
          severity: alert.severity,
          frequency: alert.window === "PT5M" ? "PT1M" : "PT5M",
          windowSize: alert.window,
          autoMitigate: true,
          criteria: [
            {
              metricNamespace: monitoring.namespace,
              metricName: alert.metric,
              aggregation: alert.statistic,
              operator: alert.above ? "GreaterThan" : "LessThan",
              threshold: alert.threshold,
              // A new server has no metrics yet, and Azure would refuse the alert.
              skipMetricValidation: true,
            },
          ],
          action: [{ actionGroupId: props.actionGroupId }],
          ...common,
        }),
    );
    if (props.dashboard ?? true) {
      this.dashboard = new AzureServerDashboard(this, "Dashboard", {
        server,
        tags,
        provider: props.provider,
        dependsOn: props.dependsOn,
      });
    }
    // Only a subscription shows that Azure reports the health of its servers; the API takes the alert for any resource.
    this.resourceHealth = new MonitorActivityLogAlert(this, "resource-health", {
      name: `${server.serverName}-resource-health`,
      description: `Azure reports the server as degraded or unavailable. ${monitoringPage("availability")}`,
      resourceGroupName: server.resourceGroupName,
      // Activity log alerts are global, or regional in few regions only.
      location: "global",
      scopes: [server.serverId],
      criteria: {
        category: "ResourceHealth",
        // Without previous states and causes each of them counts; what a user stopped is no alert.
        resourceHealth: { current: ["Degraded", "Unavailable"], reason: ["PlatformInitiated", "Unknown"] },
      },
      action: [{ actionGroupId: props.actionGroupId }],
      ...common,
    });
  }

  private check(): void {
    const { props } = this;
    const { storageUsedPercent, cpuPercent, connectionsPercent, memoryUsedPercent } = props;
    const checks = new SynthChecks(this, "AZURE-DB");
    checkPercent(checks, "storageUsedPercent", storageUsedPercent, 99);
    checkPercent(checks, "cpuPercent", cpuPercent, 100);
    checkPercent(checks, "connectionsPercent", connectionsPercent, 100);
    checkPercent(checks, "memoryUsedPercent", memoryUsedPercent, 99);
    checkPercent(checks, "transactionLogsPercent", props.transactionLogsPercent, 90, 1);
    checks.check(
      "deadlocksPerMinute",
      props.deadlocksPerMinute,
      () => (props.deadlocksPerMinute as number) > 0,
      "must be more than 0",
    );
    checks.wholeNumber("replicaLagSeconds", props.replicaLagSeconds, 1, 86_400, "seconds");
    checkResourceId(checks, "actionGroupId", props.actionGroupId, "actionGroups");
    checkTags(checks, this, props.tags);
    if (props.dashboard === false) checks.optOut("dashboard: the server has no dashboard");
    if (!props.server.connectionCapacity) {
      checks.warn(
        "connectionsPercent has no effect: the maximum number of connections is not known; set maxConnections",
        "connectionsPercent",
      );
    }
  }
}

function checkPercent(
  checks: SynthChecks,
  property: string,
  value: number | undefined,
  max: number,
  min = 10,
): void {
  if (!isResolved(value)) checks.fail(property, value, "must be known at synth");
  checks.check(
    property,
    value,
    () => (value as number) >= min && (value as number) <= max,
    `must be ${min} to ${max} per cent`,
  );
}
