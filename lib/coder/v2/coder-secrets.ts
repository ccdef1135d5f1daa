// The secrets that Coder's pods read.

import type { ITerraformDependable } from "cdktf";
import type { Construct } from "constructs";
import { CaSecret, DatabaseSecret, SecretEntry } from "../../kubernetes";
import type { DatabaseAccess } from "../database/database-access";
import { variablesSecret } from "../environment/user-variables";
import type { CoderReleaseProps } from "./coder-release-props";

/** Namespace and names of the secrets. */
export interface CoderSecretOptions {
  readonly namespace: string;
  readonly releaseName: string;
  readonly secretName: string;
  readonly dependsOn: ITerraformDependable[];
  /**
   * Resources that set the owner's password. The Secret comes after them: with a new password that is not set yet, because a job
   * failed or has not run, the next restarted pod could not log in.
   */
  readonly passwordSetBy: ITerraformDependable[];
}

/** Secrets of a release; those that it does not need are not set. */
export interface CoderSecrets {
  readonly database: DatabaseSecret;
  readonly ca?: CaSecret;
  readonly client?: DatabaseSecret;
  readonly environment?: DatabaseSecret;
  readonly environmentSecretName: string;
  readonly provisionerKey?: DatabaseSecret;
  readonly all: (DatabaseSecret | CaSecret)[];
}

/** Creates the secrets of a release. */
export function coderSecrets(
  scope: Construct,
  props: CoderReleaseProps,
  access: DatabaseAccess,
  { namespace, releaseName, secretName, dependsOn, passwordSetBy }: CoderSecretOptions,
): CoderSecrets {
  const common = { namespace, provider: props.kubernetesProvider, dependsOn };
  const database = new DatabaseSecret(scope, "DatabaseSecret", {
    ...common,
    secretName,
    entries: access.entries,
    dependsOn: [...dependsOn, ...passwordSetBy],
  });
  const ca =
    access.caCertificatesPem === undefined
      ? undefined
      : new CaSecret(scope, "DatabaseCa", {
          ...common,
          secretName: `${releaseName}-db-ca`,
          caCertificatesPem: access.caCertificatesPem,
        });
  const client =
    access.clientEntries.length === 0
      ? undefined
      : new DatabaseSecret(scope, "DatabaseClient", {
          ...common,
          secretName: `${releaseName}-db-client`,
          entries: access.clientEntries,
        });
  const environmentSecretName = `${releaseName}-env`;
  const environment = variablesSecret(scope, props.env, { ...common, secretName: environmentSecretName });
  // Coder reads a pre-shared key as well, so its secret is created here and not by CoderProvisioners.
  const preShared = props.provisioners?.key.isPreShared ? props.provisioners.key.value : undefined;
  const provisionerKey =
    preShared &&
    new DatabaseSecret(scope, "ProvisionerKey", {
      ...common,
      secretName: `${releaseName}-provisioner-psk`,
      entries: [SecretEntry.secret("psk", preShared)],
    });
  return {
    database,
    ca,
    client,
    environment,
    environmentSecretName,
    provisionerKey,
    all: [database, ca, client, environment, provisionerKey].filter((secret) => secret !== undefined),
  };
}
