// Gitpod's data: two databases on one server with the keys that encrypt them, the objects of workspaces, the images, the configuration.

import type { IDatabase, RecoveryKey, RestoreStep } from "../../database";
import { directDatabase } from "../../database/private";
import {
  type ApplicationRecovery,
  type DataItem,
  DataKind,
  ProgramProtection,
  StoppedWorkloads,
} from "../../recovery";
import type { IImageRegistry, IObjectStore } from "../../storage";
import type { GitpodEncryptionKeys } from "../secrets/gitpod-encryption-keys";
import { DEFAULT_KEY_NAME } from "../secrets/gitpod-encryption-keys";

const SEED = "https://github.com/gitpod-io/gitpod/tree/2022.11.3/install/installer";

/** Parts of an installation, for its recovery. @internal */
export interface GitpodParts {
  readonly database: IDatabase;
  readonly databaseNames: readonly string[];
  readonly encryptionKeys: GitpodEncryptionKeys;
  readonly store: IObjectStore;
  readonly registry?: IImageRegistry;
  readonly imageStore?: IObjectStore;
  readonly namespace: string;
  /** Domain; may be a token. */
  readonly domain: string;
  /** Steps that install the release again. */
  readonly release: readonly RestoreStep[];
}

/** Data of Gitpod and the steps of its restore. @internal */
export function gitpodRecovery(parts: GitpodParts): ApplicationRecovery {
  const { namespace, domain } = parts;
  const { stop, start } = StoppedWorkloads.scaledToZero(namespace);
  return {
    application: "Gitpod",
    namespace,
    data: gitpodData(parts),
    stop,
    rollback: [
      {
        title: "Return to the Gitpod version that the restored data belongs to",
        notes: [
          "Set the installer's image in the program to the version before the migration, and apply it together with the restored server: a newer version migrates the data again at its start.",
        ],
        source: SEED,
      },
    ],
    release: parts.release,
    start,
    checks: [
      {
        title: "Gitpod runs, and reads its encrypted data",
        verify: [
          `kubectl rollout status deployment/server --namespace="${namespace}" --timeout=15m`,
          `curl --fail --silent --show-error --output /dev/null "https://${domain}/api/version"`,
        ],
        notes: [
          "Log in with a Git provider, which decrypts a row with the kept key; open the list of workspaces, and start a stopped one, which reads its backup from the object store.",
        ],
        source: SEED,
      },
    ],
  };
}

function gitpodData(parts: GitpodParts): DataItem[] {
  const { namespace, store, registry, imageStore } = parts;
  const { server } = directDatabase(parts.database);
  const images = registry ?? imageStore;
  return [
    {
      id: "infrastructure",
      kind: DataKind.CLUSTER_CONFIGURATION,
      description: "Cluster, and the network, identities and permissions of this stack",
      location: "the programs that create them",
      holdsUserData: false,
      protections: [ProgramProtection.clusterByProgram()],
    },
    {
      id: "database",
      kind: DataKind.DATABASE,
      description: `Databases ${parts.databaseNames.join(" and ")}: users, workspaces, settings, encrypted tokens`,
      location: server.endpoint.host,
      holdsUserData: true,
      protections: server.protections,
      keys: encryptionKeys(parts.encryptionKeys),
    },
    {
      id: "encryption-keys",
      kind: DataKind.SECRETS,
      description:
        "Keys that encrypt tokens in the database; without them a restored database is unreadable in part",
      location: `secret in the namespace ${namespace}, written from the program's source`,
      holdsUserData: true,
      protections: keyProtections(parts.encryptionKeys),
    },
    {
      id: "workspaces",
      kind: DataKind.OBJECT_STORE,
      description: "Backups of workspaces, and prebuilds",
      location: store.bucketName,
      holdsUserData: true,
      protections: store.protections,
    },
    {
      id: "images",
      kind: DataKind.IMAGE_REGISTRY,
      description: "Images of workspaces, which Gitpod builds again: until then workspaces start slowly",
      location: registry?.url ?? imageStore?.bucketName ?? `volume in the namespace ${namespace}`,
      holdsUserData: false,
      protections: images === undefined ? [] : images.protections,
    },
    {
      id: "configuration",
      kind: DataKind.APPLICATION_CONFIGURATION,
      description: "Configuration, secrets and certificate of the installation",
      location: `namespace ${namespace}`,
      holdsUserData: false,
      protections: [ProgramProtection.writtenByTerraform("this program, its state and its variables")],
    },
    {
      id: "running-workspaces",
      kind: DataKind.VOLUMES,
      description: "Files of running workspaces since their last backup, on the nodes",
      location: "nodes of the cluster",
      holdsUserData: true,
      protections: [],
    },
  ];
}

function encryptionKeys({ keys }: GitpodEncryptionKeys): RecoveryKey[] {
  return keys.map(({ name, version, material }) => ({
    name: `encryption key ${name ?? DEFAULT_KEY_NAME}, version ${version}`,
    location: material.protections?.[0]?.location ?? "the secret store from which the program reads it",
  }));
}

/** Mechanisms that protect all keys: one lost key makes the rows unreadable that it encrypted. */
function keyProtections({ keys }: GitpodEncryptionKeys) {
  if (keys.some(({ material }) => material.protections === undefined)) return undefined;
  return keys.flatMap(({ material }) => material.protections ?? []);
}
