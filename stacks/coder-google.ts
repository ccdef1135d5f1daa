// Reference architecture: Coder on a GKE cluster that you have, with a PostgreSQL of its own on Cloud SQL.

import { GoogleProvider } from "@cdktf/provider-google/lib/provider";
import { RandomProvider } from "@cdktf/provider-random/lib/provider";
import type { Construct } from "constructs";
import type { CoderRelease } from "../lib/coder";
import { CloudSqlAdminLogin, CloudSqlAlerts, CloudSqlServer, DatabaseNetwork } from "../lib/google";
import { GkeConnection } from "../lib/google/gke";
import { CoderStack, type CoderStackProps } from "./coder-stack";

/** Properties of a `CoderGoogleStack`. */
export interface CoderGoogleStackProps extends CoderStackProps {
  /** The Google Cloud project; may be a token. */
  readonly project: string;
  /** The region of cluster and database, such as `europe-west1`; may be a token. */
  readonly region: string;
  /** The GKE cluster's name; may be a token. */
  readonly clusterName: string;
  /** The cluster's VPC, as `projects/PROJECT/global/networks/NAME`; may be a token. */
  readonly networkId: string;
  /** The notification channels that alerts go to; may be tokens. @default - no alerts */
  readonly notificationChannels?: string[];
}

/** Coder on GKE with Cloud SQL for PostgreSQL. */
export class CoderGoogleStack extends CoderStack {
  /** The database server. */
  public readonly server: CloudSqlServer;
  /** The Coder release. */
  public readonly coder: CoderRelease;

  public constructor(scope: Construct, id: string, props: CoderGoogleStackProps) {
    super(scope, id, props);
    const { project, region, clusterName, networkId, notificationChannels } = props;
    new GoogleProvider(this, "google", { project, region, defaultLabels: this.cloudTags });
    new RandomProvider(this, "random");
    const cluster = new GkeConnection(this, "cluster", { clusterName, location: region });
    const network = new DatabaseNetwork(this, "network", { networkId });
    this.server = new CloudSqlServer(this, "postgres", {
      ...this.databaseIntent,
      network,
      region,
      // So that Coder's login owns its database and nothing else: what the API makes may do far more.
      adminLogin: CloudSqlAdminLogin.generated(),
    });
    if (notificationChannels)
      new CloudSqlAlerts(this, "alerts", { server: this.server, notificationChannels });
    this.coder = this.installCoder(cluster, this.server);
  }
}
