// Values of Coder v1's Helm chart, structured as values.yaml of coder/enterprise-helm. The chart has no schema and ignores
// unknown values, so tests freeze this structure.

import type { IDatabase, IWorkloadIdentity, SslMode } from "../../database";
import { LoginAuthentication } from "../../database";
import { isResolved, terraformCall } from "../../database/private";
import type { EnvironmentVariable, HelmValues } from "../../kubernetes";
import type { CoderResources } from "../sizing/coder-size";
import type { CoderCertificateAuthorities } from "../v2/coder-values";

/** Key of the password in its secret, fixed by the chart. */
export const CLASSIC_PASSWORD_KEY = "password";
export const CLASSIC_CLIENT_CERTIFICATE_KEY = "client.crt";
export const CLASSIC_CLIENT_KEY_KEY = "client.key";

/** Inputs of the chart's values. */
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

/** Default values, which the user's values may override. */
export function classicDefaults(input: CoderClassicValuesInput): HelmValues {
  const { resources } = input;
  return {
    coderd: {
      resources: resources && { requests: { ...resources }, limits: { ...resources } },
      securityContext: { capabilities: { drop: ["ALL"] } },
    },
  };
}

/** Required values, which the user's values must not override. */
export function classicRequired(input: CoderClassicValuesInput): HelmValues {
  const { database, identity, rootCertificate, clientSecretName, certificateAuthorities } = input;
  const { endpoint } = database.server;
  const cloudIdentity = database.owner.authentication === LoginAuthentication.CLOUD_IDENTITY;
  return {
    coderd: {
      replicas: input.replicas,
      extraEnvs: input.environment.map((variable) => variable.toContainer(input.environmentSecretName)),
      // The chart sets these on the deployment and on its pods; the pods matter.
      annotations: { "checksum/secrets": input.checksum },
      // The chart creates the service account "coder" and takes its annotations only here.
      builtinProviderServiceAccount: identity && { annotations: { ...identity.serviceAccountAnnotations } },
      extraLabels:
        identity && Object.keys(identity.podLabels).length > 0 ? { ...identity.podLabels } : undefined,
    },
    postgres: {
      // Otherwise the chart ignores the following values and starts a temporary database in the cluster.
      default: { enable: false },
      host: endpoint.host,
      // The chart requires a string, also if the port is a number known to Terraform only.
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
