// The values of Coder v1's chart, in the shape that values.yaml of coder/enterprise-helm has. Frozen by tests: the chart
// has no schema, and what it does not know it ignores.

import type { IDatabase, IWorkloadIdentity, SslMode } from "../../database";
import { LoginAuthentication } from "../../database";
import { isResolved, terraformCall } from "../../database/private";
import type { EnvironmentVariable, HelmValues } from "../../kubernetes";
import type { CoderResources } from "../coder-size";
import type { CoderCertificateAuthorities } from "../v2/coder-values";

/** The chart reads the password from this key and from no other. */
export const CLASSIC_PASSWORD_KEY = "password";
export const CLASSIC_CLIENT_CERTIFICATE_KEY = "client.crt";
export const CLASSIC_CLIENT_KEY_KEY = "client.key";

/** What the values are made of. */
export interface CoderClassicValuesInput {
  readonly database: IDatabase;
  readonly replicas: number;
  readonly resources?: CoderResources;
  readonly environment: EnvironmentVariable[];
  readonly environmentSecretName: string;
  readonly passwordSecretName?: string;
  readonly noPasswordEnv: boolean;
  readonly sslMode: SslMode;
  readonly searchPath?: string;
  readonly rootCertificate?: CoderCertificateAuthorities;
  readonly clientSecretName?: string;
  readonly checksum: string;
  readonly identity?: IWorkloadIdentity;
  readonly certificateAuthorities?: CoderCertificateAuthorities;
}

/** What a user may change. */
export function classicDefaults(input: CoderClassicValuesInput): HelmValues {
  const { resources } = input;
  return {
    coderd: {
      resources: resources && { requests: { ...resources }, limits: { ...resources } },
      securityContext: { capabilities: { drop: ["ALL"] } },
    },
  };
}

/** What the release has to have to be what it says it is. */
export function classicRequired(input: CoderClassicValuesInput): HelmValues {
  const { database, identity, rootCertificate, clientSecretName, certificateAuthorities } = input;
  const { endpoint } = database.server;
  const cloudIdentity = database.owner.authentication === LoginAuthentication.CLOUD_IDENTITY;
  return {
    coderd: {
      replicas: input.replicas,
      extraEnvs: input.environment.map((variable) => variable.toContainer(input.environmentSecretName)),
      // On the deployment and, what matters, on its pods.
      annotations: { "checksum/secrets": input.checksum },
      // The service account "coder" is Coder's own; this is the only place where its annotations can be set.
      builtinProviderServiceAccount: identity && { annotations: { ...identity.serviceAccountAnnotations } },
      extraLabels:
        identity && Object.keys(identity.podLabels).length > 0 ? { ...identity.podLabels } : undefined,
    },
    postgres: {
      // Without this line the chart ignores all others and starts a throw-away database in the cluster.
      default: { enable: false },
      host: endpoint.host,
      // A text, as the chart wants it, also when Terraform knows a number.
      port: isResolved(endpoint.port) ? `${endpoint.port}` : terraformCall("tostring", endpoint.port),
      user: database.owner.username,
      database: database.databaseName,
      connector: cloudIdentity ? "awsiamrds" : "postgres",
      passwordSecret: input.passwordSecretName ?? "",
      noPasswordEnv: input.passwordSecretName !== undefined && input.noPasswordEnv,
      sslMode: input.sslMode,
      searchPath: input.searchPath,
      ssl: {
        rootCertSecret: rootCertificate && { name: rootCertificate.name, key: rootCertificate.key },
        certSecret: clientSecretName && { name: clientSecretName, key: CLASSIC_CLIENT_CERTIFICATE_KEY },
        keySecret: clientSecretName && { name: clientSecretName, key: CLASSIC_CLIENT_KEY_KEY },
      },
    },
    certs: certificateAuthorities && {
      secret: { name: certificateAuthorities.name, key: certificateAuthorities.key },
    },
  };
}
