import type { MonitoringAlertPolicy } from "@cdktf/provider-google/lib/monitoring-alert-policy";
import { MonitoringDashboard } from "@cdktf/provider-google/lib/monitoring-dashboard";
import type { ITerraformDependable, TerraformProvider } from "cdktf";
import { Construct } from "constructs";
import { requireProps, terraformCall } from "../../database/private";
import type { ICloudSqlInstance } from "../cloud-sql/cloud-sql-instance";
import { cloudSqlDashboardBody } from "./cloud-sql-dashboard-body";

/** Properties of `CloudSqlDashboard`. */
export interface CloudSqlDashboardProps {
  /** The server or read replica, created here or existing. */
  readonly server: ICloudSqlInstance;
  /** Alerting policies whose incidents the dashboard shows. @default - none */
  readonly policies?: MonitoringAlertPolicy[];
  /**
   * Project of the dashboard, whose metrics scope has to include the server's project. @default - the server's project
   *
   * @see https://cloud.google.com/monitoring/settings
   */
  readonly project?: string;
  /** The google provider. @default - the stack's only google provider */
  readonly provider?: TerraformProvider;
  /** Resources that must exist first. @default - none */
  readonly dependsOn?: ITerraformDependable[];
}

/**
 * Cloud Monitoring dashboard of a Cloud SQL instance: incidents, load, connections, memory, disk, throughput, deadlocks and, for
 * PostgreSQL, transaction IDs. `CloudSqlAlerts` creates one by default.
 *
 * @see https://cloud.google.com/monitoring/api/ref_v3/rest/v1/projects.dashboards
 *
 * @example
 * new CloudSqlDashboard(this, "dashboard", { server });
 */
export class CloudSqlDashboard extends Construct {
  /** The dashboard. */
  public readonly resource: MonitoringDashboard;

  public constructor(scope: Construct, id: string, props: CloudSqlDashboardProps) {
    super(scope, id);
    requireProps(this.node.path, "CLOUDSQL-DASHBOARD", props, { server: true });
    const { server, policies = [], project, provider, dependsOn } = props;
    this.resource = new MonitoringDashboard(this, "Resource", {
      dashboardJson: terraformCall("jsonencode", cloudSqlDashboardBody(server, policies)),
      project: project ?? server.projectId,
      provider,
      dependsOn,
    });
  }
}
