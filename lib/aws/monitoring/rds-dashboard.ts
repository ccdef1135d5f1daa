import { CloudwatchDashboard } from "@cdktf/provider-aws/lib/cloudwatch-dashboard";
import type { CloudwatchMetricAlarm } from "@cdktf/provider-aws/lib/cloudwatch-metric-alarm";
import { DataAwsRegion } from "@cdktf/provider-aws/lib/data-aws-region";
import type { ITerraformDependable, TerraformProvider } from "cdktf";
import { Construct } from "constructs";
import { requireProps, SynthChecks, terraformCall } from "../../database/private";
import type { IRdsInstance } from "../rds/rds-instance";
import { rdsDashboardBody } from "./rds-dashboard-body";

/** Properties of `RdsDashboard`. */
export interface RdsDashboardProps {
  /** Server or read replica, created here or existing. */
  readonly server: IRdsInstance;
  /** Alarms whose state the dashboard shows, at most 100. @default - none */
  readonly alarms?: CloudwatchMetricAlarm[];
  /**
   * Name of the dashboard, unique in the account, whatever the region: letters, digits, `-` and `_`, at most 255 characters. Changing it
   * replaces the dashboard. @default - the DB instance identifier and the region
   *
   * @see https://docs.aws.amazon.com/AmazonCloudWatch/latest/APIReference/API_PutDashboard.html
   */
  readonly dashboardName?: string;
  /** AWS provider. @default - the server's */
  readonly provider?: TerraformProvider;
  /** Resources that have to exist first. @default - none */
  readonly dependsOn?: ITerraformDependable[];
}

/**
 * CloudWatch dashboard of an RDS server or read replica: state of its alarms, load, connections, memory, storage, disk, transaction logs and, with
 * Performance Insights, database load and deadlocks. `RdsAlarms` creates one by default. CloudWatch bills dashboards from the fourth on.
 *
 * @see https://docs.aws.amazon.com/AmazonCloudWatch/latest/APIReference/CloudWatch-Dashboard-Body-Structure.html
 *
 * @example
 * new RdsDashboard(this, "dashboard", { server });
 */
export class RdsDashboard extends Construct {
  /** The dashboard. */
  public readonly resource: CloudwatchDashboard;

  public constructor(scope: Construct, id: string, props: RdsDashboardProps) {
    super(scope, id);
    requireProps(this.node.path, "RDS-DASHBOARD", props, { server: true });
    const { server, alarms = [], dashboardName, dependsOn } = props;
    const provider = props.provider ?? server.provider;
    const checks = new SynthChecks(this, "RDS-DASHBOARD");
    checks.matches(
      "dashboardName",
      dashboardName,
      /^[A-Za-z0-9_-]{1,255}$/,
      "must be 1 to 255 letters, digits, hyphens and underscores",
    );
    checks.check("alarms", alarms.length, () => alarms.length <= 100, "must be at most 100 alarms");
    const region = server.location.region ?? new DataAwsRegion(this, "Region", { provider }).id;
    this.resource = new CloudwatchDashboard(this, "Resource", {
      dashboardName: dashboardName ?? `${server.identifier}-${region}`,
      dashboardBody: terraformCall("jsonencode", rdsDashboardBody(server, region, alarms)),
      provider,
      dependsOn,
    });
  }
}
