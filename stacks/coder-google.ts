// Reference architecture: Coder on an existing GKE cluster with Cloud SQL for PostgreSQL. See docs/coder-google.md.

import { GoogleProvider } from "@cdktf/provider-google/lib/provider";
import { RandomProvider } from "@cdktf/provider-random/lib/provider";
import type { Construct } from "constructs";
import { requireProps } from "../lib/database/private";
import { CloudSqlAlerts, CloudSqlServer, type ICloudSqlNetwork } from "../lib/google";
import { GkeConnection } from "../lib/google/gke";
import { CoderStack, type CoderStackProps } from "./coder-stack";
import { type GoogleStackProps, googleBackups, googleDatabaseNetwork } from "./shared/google";
import { checkRestoredServers, restoredServer } from "./shared/restored-servers";

/** Properties of a `CoderGoogleStack`. */
export interface CoderGoogleStackProps extends CoderStackProps, GoogleStackProps {}

/**
 * Coder on GKE with Cloud SQL for PostgreSQL.
 *
 * @example
 * new CoderGoogleStack(app, "coder", {
 *   project: "platform",
 *   region: "europe-west1",
 *   clusterName: "platform",
 *   networkId: "projects/platform/global/networks/main",
 *   accessUrl: "https://coder.example.com",
 *   recovery: { velero: { repositoryPassword } },
 * });
 */
export class CoderGoogleStack extends CoderStack {
  /** Connection to the GKE cluster. */
  public readonly cluster: GkeConnection;
  /** Network of the database server. */
  public readonly network: ICloudSqlNetwork;
  /** The database server. */
  public readonly server: CloudSqlServer;
  /** Alerts of the database server; not set without `notificationChannels`. */
  public readonly alarms?: CloudSqlAlerts;

  public constructor(scope: Construct, id: string, props: CoderGoogleStackProps) {
    super(scope, id, props);
    requireProps(this.node.path, "CODER", props, {
      accessUrl: true,
      project: true,
      region: true,
      clusterName: true,
      networkId: true,
    });
    const { project, region, clusterName, notificationChannels } = props;
    new GoogleProvider(this, "google", { project, region, defaultLabels: this.cloudTags });
    new RandomProvider(this, "random");
    this.cluster = new GkeConnection(this, "cluster", { clusterName, location: region });
    this.network = googleDatabaseNetwork(this, props);
    checkRestoredServers(this, "GOOGLE", props.restoredServers, ["postgres"]);
    this.server = new CloudSqlServer(this, "postgres", {
      instanceName: restoredServer(this, "GOOGLE", props.restoredServers, "postgres")?.instanceName,
      ...this.databaseIntent,
      network: this.network,
      region,
      encryptionKey: props.encryptionKey,
    });
    if (notificationChannels) {
      this.alarms = new CloudSqlAlerts(this, "alerts", { server: this.server, notificationChannels });
    }
    this.installCoder(
      this.cluster,
      this.server,
      googleBackups(props, region, [this.server], this.disposable),
    );
  }
}
