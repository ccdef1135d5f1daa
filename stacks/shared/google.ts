// The Google Cloud part of the reference architectures.

import type { Construct } from "constructs";
import {
  DatabaseNetwork,
  type DatabaseNetworkAttributes,
  type ICloudSqlNetwork,
  type ICryptoKey,
} from "../../lib/google";

/** Properties of a reference architecture on Google Cloud. */
export interface GoogleStackProps {
  /** Google Cloud project; may be a token. */
  readonly project: string;
  /** Region of the cluster and the databases, such as `europe-west1`; may be a token. */
  readonly region: string;
  /** Name of the GKE cluster; may be a token. */
  readonly clusterName: string;
  /** VPC of the cluster, as `projects/PROJECT/global/networks/NAME`; may be a token. */
  readonly networkId: string;
  /**
   * Existing private services access connection of the VPC. A VPC has one such connection for all services of Google.
   * @default - a new connection with a new address range
   */
  readonly databaseNetwork?: DatabaseNetworkAttributes;
  /** Notification channels for alerts; may be tokens. @default - no alerts */
  readonly notificationChannels?: string[];
  /** Customer-managed encryption key (CMEK) of the databases; changing it replaces the server. @default - a Google-managed key */
  readonly encryptionKey?: ICryptoKey;
}

/** Network of the databases: the existing private services access connection, or a new one. */
export function googleDatabaseNetwork(scope: Construct, props: GoogleStackProps): ICloudSqlNetwork {
  return props.databaseNetwork
    ? DatabaseNetwork.fromDatabaseNetworkAttributes(scope, "network", props.databaseNetwork)
    : new DatabaseNetwork(scope, "network", { networkId: props.networkId });
}
