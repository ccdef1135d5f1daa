// The Google Cloud part of the reference architectures.

import type { Construct } from "constructs";
import { DeletionPolicy } from "../../lib/database";
import {
  CloudSqlRestoreRehearsal,
  type CloudSqlServer,
  DatabaseNetwork,
  type DatabaseNetworkAttributes,
  GcsBucket,
  GkeWorkloadIdentity,
  type ICloudSqlNetwork,
  type ICryptoKey,
} from "../../lib/google";
import type { BackupCloud } from "./backups";

/** Database server of a stack that was restored under another name. */
export interface RestoredCloudSqlServer {
  /** Construct id of the server in the stack, such as `postgres`. */
  readonly server: string;
  /** Name of the restored instance, which is imported under the construct. */
  readonly instanceName: string;
}

/**
 * Rehearsals of the Cloud SQL backups (see `CloudSqlRestoreRehearsal`). The project needs the APIs `workflows`, `workflowexecutions`,
 * `cloudscheduler`, `logging` and `sqladmin`.
 */
export interface GoogleServerRehearsal {
  /** Schedule in unix-cron format, in UTC. @default "0 4 * * 0" */
  readonly schedule?: string;
  /** Machine type of the copies, of the server's edition. @default - the server's, at the time of the rehearsal */
  readonly tier?: string;
  /** Notification channels of the alerts, at least one; may be tokens. @default - `notificationChannels` of the stack */
  readonly notificationChannels?: string[];
}

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
  /**
   * Database servers that were restored under another name and take the place of the lost ones. The runbook (`RESTORE.md`) says when to set
   * them. @default - none
   */
  readonly restoredServers?: RestoredCloudSqlServer[];
  /**
   * Restores the newest backup of each database server on a schedule into a copy that is deleted, beside the rehearsals of the dumps
   * (`recovery.rehearsal`), which read the rows. `{}` takes all defaults. @default - the backups of Cloud SQL are not rehearsed
   */
  readonly serverRehearsal?: GoogleServerRehearsal;
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

/** Stores and identities of the backups. */
export function googleBackups(
  props: GoogleStackProps,
  location: string,
  servers: readonly CloudSqlServer[],
  disposable: boolean,
): BackupCloud {
  const { project, region, clusterName, serverRehearsal, notificationChannels } = props;
  return {
    cluster: [project, region, clusterName],
    store: (scope, id) =>
      new GcsBucket(scope, id, {
        location,
        // The identity that writes backups may delete versions too; soft delete keeps what it deletes.
        softDeleteDays: 30,
        deletionPolicy: disposable ? DeletionPolicy.DELETE : undefined,
      }),
    identity: (scope, id, account) =>
      new GkeWorkloadIdentity(scope, id, { ...account, project, cloudSql: false }),
    rehearseServers: serverRehearsal
      ? (scope, rehearsed) => ({
          protections: [],
          plannedRehearsals: rehearsed.flatMap(({ server, data, databases }) =>
            servers
              .filter((each) => each === server)
              .map((each) => {
                const rehearsal = new CloudSqlRestoreRehearsal(scope, each.node.id, {
                  server: each,
                  schedule: serverRehearsal.schedule,
                  tier: serverRehearsal.tier,
                  databases: databases.map(({ databaseName }) => databaseName),
                  notificationChannels: serverRehearsal.notificationChannels ?? notificationChannels ?? [],
                });
                return { data, rehearsal: rehearsal.rehearsal() };
              }),
          ),
        })
      : undefined,
    // Cloud SQL installs it in databases, and public scripts that restore its dumps elsewhere pass over it (read 2026-11); not tried here.
    ignoredExtensions: ["google_vacuum_mgmt"],
  };
}
