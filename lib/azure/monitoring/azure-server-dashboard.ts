import { PortalDashboard } from "@cdktf/provider-azurerm/lib/portal-dashboard";
import type { ITerraformDependable, TerraformProvider } from "cdktf";
import { Construct } from "constructs";
import { requireProps, SynthChecks, terraformCall } from "../../database/private";
import type { IFlexibleServer } from "../flexible-server/flexible-server";
import { checkTags } from "../private/resource-checks";
import { azureDashboardProperties } from "./azure-dashboard-properties";
import { MONITORING, type ServerMonitoring } from "./data/monitoring";

/** Properties of `AzureServerDashboard`. */
export interface AzureServerDashboardProps {
  /** Server or read replica. */
  readonly server: IFlexibleServer;
  /**
   * Location of the dashboard. Changing it replaces the dashboard. @default - the server's; required where that is not known
   *
   * @see https://learn.microsoft.com/azure/azure-portal/azure-portal-dashboards
   */
  readonly location?: string;
  /**
   * Tags of the dashboard, beside `hidden-title`, which holds its title. @default - none
   *
   * @see https://learn.microsoft.com/azure/azure-resource-manager/management/tag-resources
   */
  readonly tags?: { readonly [name: string]: string };
  /** The azurerm provider. @default - the server's */
  readonly provider?: TerraformProvider;
  /** Resources that must exist before the dashboard, beside the server's. @default - none */
  readonly dependsOn?: ITerraformDependable[];
}

/**
 * A shared dashboard of the Azure portal for a flexible server: load, connections, memory, storage, disk, transaction logs, replication lag
 * and transaction IDs. `AzureServerAlerts` creates one by default. A dashboard of the portal takes platform metrics as they are; a workbook would
 * need a UUID for a name, and shows no more.
 *
 * @see https://learn.microsoft.com/azure/azure-portal/azure-portal-dashboards-structure
 *
 * @example
 * new AzureServerDashboard(this, "dashboard", { server });
 */
export class AzureServerDashboard extends Construct {
  /** The dashboard. */
  public readonly resource: PortalDashboard;

  public constructor(scope: Construct, id: string, props: AzureServerDashboardProps) {
    super(scope, id);
    requireProps(this.node.path, "AZURE-DB", props, { server: true });
    const { server, tags } = props;
    const checks = new SynthChecks(this, "AZURE-DB");
    checkTags(checks, this, tags);
    const location = props.location ?? server.location.region;
    if (location === undefined) {
      checks.fail("location", location, "must be set, since the location of the server is not known");
    }
    const monitoring = MONITORING[server.engine.family] as ServerMonitoring;
    // Only a subscription shows whether the portal's API returns the properties as they were sent.
    this.resource = new PortalDashboard(this, "Resource", {
      name: `${server.serverName}-dashboard`,
      resourceGroupName: server.resourceGroupName,
      location: location ?? "",
      dashboardProperties: terraformCall("jsonencode", azureDashboardProperties(server, monitoring)),
      tags: { ...tags, "hidden-title": `Database server ${server.serverName}` },
      provider: props.provider ?? server.provider,
      dependsOn: [...server.dependables, ...(props.dependsOn ?? [])],
    });
  }
}
