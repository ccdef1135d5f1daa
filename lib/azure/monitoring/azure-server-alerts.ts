import { MonitorMetricAlert } from "@cdktf/provider-azurerm/lib/monitor-metric-alert";
import { type ITerraformDependable, Op, type TerraformProvider, Token } from "cdktf";
import { Construct } from "constructs";
import { isResolved, requireProps, SynthChecks, terraformCall } from "../../database/private";
import type { IFlexibleServer } from "../flexible-server/flexible-server";
import { checkResourceId, checkTags } from "../private/resource-checks";
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

interface Alert {
  readonly id: string;
  readonly metric: string;
  readonly above: boolean;
  readonly threshold: number;
  readonly statistic: "Average" | "Maximum" | "Minimum";
  /** 0 is critical, 4 is verbose. */
  readonly severity: number;
  /** Period over which the metric is aggregated. */
  readonly window: "PT5M" | "PT15M";
  readonly description: string;
}

/**
 * Metric alert rules of a flexible server: storage, CPU, memory, connections, liveness, CPU credits and replication lag. Each
 * also notifies the action group when it is resolved.
 *
 * @see https://learn.microsoft.com/azure/postgresql/flexible-server/concepts-monitoring
 *
 * @example
 * new AzureServerAlerts(this, "alerts", { server, actionGroupId });
 */
export class AzureServerAlerts extends Construct {
  /** The metric alert rules. */
  public readonly alerts: MonitorMetricAlert[];
  private readonly props: AzureServerAlertsProps;

  public constructor(scope: Construct, id: string, props: AzureServerAlertsProps) {
    super(scope, id);
    requireProps(this.node.path, "AZURE-DB", props, { server: true, actionGroupId: true });
    this.props = props;
    const { server, tags } = props;
    this.check();
    const monitoring = MONITORING[server.engine.family] as ServerMonitoring;
    this.alerts = this.list(monitoring).map(
      (alert) =>
        new MonitorMetricAlert(this, alert.id, {
          name: `${server.serverName}-${alert.id}`,
          description: alert.description,
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
          tags,
          provider: props.provider ?? server.provider,
          dependsOn: [...server.dependables, ...(props.dependsOn ?? [])],
        }),
    );
  }

  private list(monitoring: ServerMonitoring): Alert[] {
    const { server, storageUsedPercent = 85, memoryUsedPercent = 95, cpuPercent = 85 } = this.props;
    const alerts: Alert[] = [
      {
        id: "storage",
        metric: "storage_percent",
        above: true,
        threshold: storageUsedPercent,
        statistic: "Maximum",
        severity: 1,
        window: "PT5M",
        description: "The disk is nearly full; at the end the server takes no more writes.",
      },
      {
        id: "cpu",
        metric: "cpu_percent",
        above: true,
        threshold: cpuPercent,
        statistic: "Average",
        severity: 2,
        window: "PT15M",
        description: "The CPU has been busy for 15 minutes.",
      },
      {
        id: "memory",
        metric: "memory_percent",
        above: true,
        threshold: memoryUsedPercent,
        statistic: "Average",
        severity: 2,
        window: "PT15M",
        description: "Memory is short.",
      },
    ];
    const capacity = server.connectionCapacity;
    if (capacity) {
      const share = (this.props.connectionsPercent ?? 80) / 100;
      alerts.push({
        id: "connections",
        metric: "active_connections",
        above: true,
        threshold: isResolved(capacity.maximum)
          ? Math.floor(capacity.maximum * share)
          : Token.asNumber(terraformCall("floor", Op.mul(capacity.maximum, share))),
        statistic: "Maximum",
        severity: 2,
        window: "PT5M",
        description: "Most connections are in use.",
      });
    }
    if (monitoring.alive) {
      alerts.push({
        id: "alive",
        metric: monitoring.alive,
        above: false,
        threshold: 1,
        statistic: "Maximum",
        severity: 0,
        window: "PT5M",
        description: "The database does not answer.",
      });
    }
    if (server.machine?.burstable) {
      alerts.push({
        id: "cpu-credits",
        metric: monitoring.cpuCredits,
        above: false,
        threshold: 20,
        statistic: "Minimum",
        severity: 2,
        window: "PT15M",
        description: "The CPU credits are nearly used up; the machine then slows down.",
      });
    }
    if (server.isReplica) {
      alerts.push({
        id: "replica-lag",
        metric: monitoring.replicaLag,
        above: true,
        threshold: this.props.replicaLagSeconds ?? 60,
        statistic: "Maximum",
        severity: 2,
        window: "PT5M",
        description: "The replica is behind its source.",
      });
    }
    return alerts;
  }

  private check(): void {
    const { props } = this;
    const { storageUsedPercent, cpuPercent, connectionsPercent, memoryUsedPercent } = props;
    const checks = new SynthChecks(this, "AZURE-DB");
    checkPercent(checks, "storageUsedPercent", storageUsedPercent, 99);
    checkPercent(checks, "cpuPercent", cpuPercent, 100);
    checkPercent(checks, "connectionsPercent", connectionsPercent, 100);
    checkPercent(checks, "memoryUsedPercent", memoryUsedPercent, 99);
    checks.wholeNumber("replicaLagSeconds", props.replicaLagSeconds, 1, 86_400, "seconds");
    checkResourceId(checks, "actionGroupId", props.actionGroupId, "actionGroups");
    checkTags(checks, this, props.tags);
    if (!props.server.connectionCapacity) {
      checks.warn(
        "connectionsPercent has no effect: the maximum number of connections is not known; set maxConnections",
        "connectionsPercent",
      );
    }
  }
}

function checkPercent(checks: SynthChecks, property: string, value: number | undefined, max: number): void {
  if (!isResolved(value)) checks.fail(property, value, "must be known at synth");
  checks.check(
    property,
    value,
    () => (value as number) >= 10 && (value as number) <= max,
    `must be 10 to ${max} per cent`,
  );
}
