// Coder's data: the database, the secrets, and the volumes of the workspaces.

import { type DatabaseLogin, type IDatabase, type RecoveryKey, RecoveryScenario } from "../../database";
import {
  type ApplicationRecovery,
  type DataItem,
  DataKind,
  ProgramProtection,
  StoppedWorkloads,
} from "../../recovery";

const UPGRADE = "https://coder.com/docs/install/upgrade";

/** Parts of a release, for its recovery. @internal */
export interface CoderParts {
  readonly database: IDatabase;
  readonly namespace: string;
  readonly releaseName: string;
  readonly accessUrl: string;
  /** Names of secrets with certificates that the program does not write. */
  readonly tlsSecretNames: readonly string[];
  /** Names of the environment variables. */
  readonly environment: readonly string[];
  readonly provisioners: boolean;
}

/** Data of Coder and the steps of its restore. @internal */
export function coderRecovery(parts: CoderParts): ApplicationRecovery {
  const { namespace, releaseName, accessUrl } = parts;
  // The chart of the provisioners gives its pods another name, so both are named.
  const names = parts.provisioners ? `${releaseName},${releaseName}-provisioner` : releaseName;
  const selector = `app.kubernetes.io/instance in (${names})`;
  const { stop, start } = StoppedWorkloads.scaledToZero(namespace, selector);
  return {
    application: "Coder",
    namespace,
    data: coderData(parts),
    stop,
    rollback: [
      {
        title: "Return to the chart version that the restored data belongs to",
        notes: [
          "Coder has no downgrade without a restore: set `chartVersion` in the program to the version before the migration, and apply it together with the restored server. A newer version migrates the data again at its start.",
        ],
        source: UPGRADE,
      },
    ],
    release: [],
    start,
    checks: [
      {
        title: "Coder is healthy and sees its data",
        verify: [
          `kubectl rollout status deployment/"${releaseName}" --namespace="${namespace}" --timeout=10m`,
          `curl --fail --silent --show-error "${accessUrl}/healthz"`,
          `curl --fail --silent --show-error "${accessUrl}/api/v2/buildinfo"`,
        ],
        notes: [
          "Log in, and compare the numbers of users, templates and workspaces with those before. Start a workspace.",
        ],
        source: "https://coder.com/docs/admin/monitoring/health-check",
      },
    ],
  };
}

function coderData(parts: CoderParts): DataItem[] {
  const { database, namespace, releaseName } = parts;
  const { server } = database.pooling?.direct ?? database;
  const items: DataItem[] = [
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
      description: `Database ${database.databaseName}: users, templates, workspaces' state, audit log`,
      location: server.endpoint.host,
      holdsUserData: true,
      protections: server.protections,
      keys: tokenKeys(parts),
    },
    {
      id: "secrets",
      kind: DataKind.SECRETS,
      description: `Secrets of the release ${releaseName}: database URL, certificate authorities, values of environment variables`,
      location: `namespace ${namespace}`,
      holdsUserData: false,
      protections: [ProgramProtection.writtenByTerraform(secretSource(database.owner))],
    },
    {
      id: "release",
      kind: DataKind.APPLICATION_CONFIGURATION,
      description: `Helm release ${releaseName}`,
      location: `namespace ${namespace}`,
      holdsUserData: false,
      protections: [ProgramProtection.writtenByTerraform("this program and its state")],
    },
  ];
  if (parts.tlsSecretNames.length > 0) {
    items.push({
      id: "tls-secrets",
      kind: DataKind.SECRETS,
      description: `TLS certificates in the secrets ${parts.tlsSecretNames.join(", ")}`,
      location: `namespace ${namespace}`,
      holdsUserData: false,
    });
  }
  items.push({
    id: "workspaces",
    kind: DataKind.VOLUMES,
    description: "Volumes of the workspaces: files that are in no Git remote",
    location: "namespaces of the workspaces",
    holdsUserData: true,
    lostIn: [RecoveryScenario.LOST_CLUSTER, RecoveryScenario.LOST_REGION],
    protections: [],
  });
  return items;
}

/** Tokens of external authentication in the database are encrypted with these keys, if the variable is set. */
function tokenKeys({ environment }: CoderParts): RecoveryKey[] {
  const variable = "CODER_EXTERNAL_TOKEN_ENCRYPTION_KEYS";
  if (!environment.includes(variable)) return [];
  return [{ name: variable, location: "the secret store from which the program reads it" }];
}

function secretSource({ password }: DatabaseLogin): string {
  return password === undefined
    ? "this program and its state"
    : "this program, its state, and the secret store of the database's passwords";
}
