import { Construct } from "constructs";
import type { IDatabase } from "../../database";
import { requireProps } from "../../database/private";
import type { ApplicationRecovery, IRecoverable } from "../../recovery";
import type { IImageRegistry, IObjectStore } from "../../storage";
import type { GitpodEncryptionKeys } from "../secrets/gitpod-encryption-keys";
import { gitpodRecovery } from "./gitpod-recovery";

const RESTORE = "https://docs.replicated.com/enterprise/snapshots-restoring-full";

/** Properties of a `GitpodKotsRecovery`. */
export interface GitpodKotsRecoveryProps {
  /** Database `gitpod`. */
  readonly database: IDatabase;
  /** Keys that encrypt Gitpod's data in the database. */
  readonly encryptionKeys: GitpodEncryptionKeys;
  /** Object store of workspaces. */
  readonly store: IObjectStore;
  /** Registry outside the cluster. @default - a registry in the cluster */
  readonly registry?: IImageRegistry;
  /** Domain of Gitpod, without scheme; may be a token. */
  readonly domain: string;
  /** Namespace of Gitpod and of the KOTS admin console. @default "gitpod" */
  readonly namespace?: string;
}

/**
 * Data of a Gitpod that KOTS has installed, for a `RecoveryPlan`. Its release comes back from a KOTS snapshot: the configuration of the
 * admin console, the installed version and the certificate. A snapshot holds neither databases nor registry nor object storage.
 *
 * @see https://docs.replicated.com/enterprise/snapshots-restoring-full
 *
 * @example
 * const application = new GitpodKotsRecovery(this, "gitpod-data", {
 *   database: server.database("gitpod"),
 *   encryptionKeys,
 *   store,
 *   domain: "gitpod.example.com",
 * });
 */
export class GitpodKotsRecovery extends Construct implements IRecoverable {
  public readonly recovery: ApplicationRecovery;

  public constructor(scope: Construct, id: string, props: GitpodKotsRecoveryProps) {
    super(scope, id);
    requireProps(this.node.path, "GITPOD", props, {
      database: true,
      encryptionKeys: true,
      store: true,
      domain: true,
    });
    const namespace = props.namespace ?? "gitpod";
    this.recovery = gitpodRecovery({
      ...props,
      namespace,
      databaseNames: ["gitpod", "gitpod-sessions"],
      release: [
        {
          title: "List the snapshots of KOTS",
          inputs: [
            { name: "SNAPSHOT", description: "Newest full snapshot of the list", example: "instance-abcde" },
          ],
          commands: [`kubectl kots get backups --namespace="${namespace}"`],
          permissions: ["list backups.velero.io in the namespace of Velero"],
          notes: [
            "Velero runs in its own namespace, in the version that made the snapshots, with the same store as a read-only location. Only full snapshots restore into a new cluster.",
          ],
          source: RESTORE,
        },
        {
          title: "Restore the snapshot",
          commands: ['kubectl kots restore --from-backup "$SNAPSHOT"'],
          permissions: [
            "create restores.velero.io in the namespace of Velero",
            `admin of the namespace ${namespace}`,
          ],
          notes: ["Objects that exist, such as the secrets that Terraform has written, stay as they are."],
          verify: [`kubectl get pods --namespace="${namespace}"`],
          source: RESTORE,
        },
        {
          title: "Open the admin console and press Redeploy",
          commands: [`kubectl kots admin-console --namespace="${namespace}"`],
          notes: [
            "Check host and password of the database and the object store in the configuration, save, and deploy the version again.",
          ],
          source: RESTORE,
        },
      ],
    });
  }
}
