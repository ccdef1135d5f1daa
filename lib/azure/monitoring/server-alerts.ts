import { MonitorMetricAlert } from "@cdktf/provider-azurerm/lib/monitor-metric-alert";
import { type ITerraformDependable, Op, type TerraformProvider, Token } from "cdktf";
import { Construct } from "constructs";
import { isResolved, SynthChecks, terraformCall } from "../../database/private";
import type { IFlexibleServer } from "../flexible-server/flexible-server";
import { checkResourceId } from "../network/virtual-network-checks";
import { MONITORING, type ServerMonitoring } from "./data/monitoring";

/** Properties of `ServerAlerts`. */
export interface ServerAlertsProps {
  /** The server or replica. */
  readonly server: IFlexibleServer;
  /** The resource id of the action group that is told; may be a token. */
  readonly actionGroupId: string;
  /** The share of the disk that has to stay free, 0.01 to 0.9. @default 0.15 */
  readonly freeStorageShare?: number;
  /** The share of the CPU that may be used for 15 minutes, 0.1 to 1. @default 0.85 */
  readonly cpuShare?: number;
  /** The share of the connections that may be open, 0.1 to 1. @default 0.8 */
  readonly connectionShare?: number;
  /** The share of the memory that has to stay free, 0.01 to 0.9. @default 0.05 */
  readonly freeMemoryShare?: number;
  /** How far a replica may be behind, in seconds. @default 60 */
  readonly replicaLagSeconds?: number;
  /** Tags for all resources. @default - none */
  readonly tags?: { readonly [name: string]: string };
  /** The provider. @default - the server's */
  readonly provider?: TerraformProvider;
  /** What has to exist first. @default - the server's dependables */
  readonly dependsOn?: ITerraformDependable[];
}

interface Alert {
  readonly id: string;
  readonly metric: string;
  readonly above: boolean;
  readonly threshold: number;
  readonly statistic: "Average" | "Maximum" | "Minimum";
  /** 0 is the worst, 4 the least. */
  readonly severity: number;
  /** How long it has to last. */
  readonly window: "PT5M" | "PT15M";
  readonly says: string;
}

/**
 * Alerts that every database server should have, to an action group of yours. Each also says when all is well again.
 *
 * @example
 * new ServerAlerts(this, "alerts", { server, actionGroupId });
 */
export class ServerAlerts extends Construct {
  /** The alerts. */
  public readonly alerts: MonitorMetricAlert[];
  private readonly props: ServerAlertsProps;

  public constructor(scope: Construct, id: string, props: ServerAlertsProps) {
    super(scope, id);
    this.props = props;
    const { server, tags } = props;
    this.check();
    const monitoring = MONITORING[server.engine.family] as ServerMonitoring;
    this.alerts = this.list(monitoring).map(
      (alert) =>
        new MonitorMetricAlert(this, alert.id, {
          name: `${server.serverName}-${alert.id}`,
          description: alert.says,
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
              // A new server has measured nothing yet, and Azure would refuse the alert.
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
    const { server, freeStorageShare = 0.15, freeMemoryShare = 0.05, cpuShare = 0.85 } = this.props;
    const alerts: Alert[] = [
      {
        id: "storage",
        metric: "storage_percent",
        above: true,
        threshold: percent(1 - freeStorageShare),
        statistic: "Maximum",
        severity: 1,
        window: "PT5M",
        says: "The disk is nearly full; at the end the server takes no more writes.",
      },
      {
        id: "cpu",
        metric: "cpu_percent",
        above: true,
        threshold: percent(cpuShare),
        statistic: "Average",
        severity: 2,
        window: "PT15M",
        says: "The CPU has been busy for 15 minutes.",
      },
      {
        id: "memory",
        metric: "memory_percent",
        above: true,
        threshold: percent(1 - freeMemoryShare),
        statistic: "Average",
        severity: 2,
        window: "PT15M",
        says: "Memory is short.",
      },
    ];
    const capacity = server.connectionCapacity;
    if (capacity) {
      const share = this.props.connectionShare ?? 0.8;
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
        says: "Most connections are in use.",
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
        says: "The database does not answer.",
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
        says: "The CPU credits are nearly used up; the machine then slows down.",
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
        says: "The replica is behind its source.",
      });
    }
    return alerts;
  }

  private check(): void {
    const { props } = this;
    const checks = new SynthChecks(this);
    checks.share("freeStorageShare", props.freeStorageShare, 0.01, 0.9);
    checks.share("cpuShare", props.cpuShare, 0.1, 1);
    checks.share("connectionShare", props.connectionShare, 0.1, 1);
    checks.share("freeMemoryShare", props.freeMemoryShare, 0.01, 0.9);
    for (const [name, value] of Object.entries(props)) {
      if (name.endsWith("Share") && !isResolved(value))
        checks.fail(name, value, "it has to be known at synth");
    }
    checks.wholeNumber("replicaLagSeconds", props.replicaLagSeconds, 1, 86_400, "seconds");
    checkResourceId(checks, "actionGroupId", props.actionGroupId, "actionGroups");
    if (!props.server.connectionCapacity) {
      checks.warn(
        "the connections that the server takes are not known, so there is no alert on them; set maxConnections",
      );
    }
  }
}

/** A share as a percentage with one decimal. */
function percent(share: number): number {
  return Math.round(share * 1000) / 10;
}
