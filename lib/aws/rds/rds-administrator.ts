// The administrator's login, from each of the three sources, and what it means for the arguments of the instance.

import type { DbInstance, DbInstanceConfig } from "@cdktf/provider-aws/lib/db-instance";
import { ref, type TerraformProvider, TerraformStack } from "cdktf";
import type { Construct } from "constructs";
import { Cloud, DatabaseLogin, SecretValue } from "../../database";
import { checkAdminName, EphemeralResource, type SynthChecks } from "../../database/private";
import type { GeneratedSecret } from "../secrets/generated-secret";
import type { RdsAdminLogin } from "./rds-admin-login";

/** What the administrator follows from. @internal */
export interface RdsAdministratorProps {
  readonly source: RdsAdminLogin;
  readonly keyArn: string;
  readonly provider?: TerraformProvider;
  /** Makes the secret for a generated password. */
  readonly generate: (id: string) => GeneratedSecret;
}

/** The administrator and how the instance learns of it. @internal */
export interface RdsAdministrator {
  readonly config: Partial<DbInstanceConfig>;
  /** The login, once the instance is there; for a password managed by RDS the secret is an attribute of the instance. */
  login(instance: DbInstance): DatabaseLogin;
}

/** @internal */
export function rdsAdministrator(
  scope: Construct,
  checks: SynthChecks,
  props: RdsAdministratorProps,
): RdsAdministrator {
  const { source } = props;
  const { username } = source;
  checkAdminName(checks, "adminLogin.username", Cloud.AWS, username);
  if (source._source === "managed") {
    return {
      config: { username, manageMasterUserPassword: true, masterUserSecretKmsKeyId: props.keyArn },
      login: (instance) => DatabaseLogin.withPassword(username, managedPassword(scope, instance, props)),
    };
  }
  const login = source._login ?? DatabaseLogin.withPassword(username, props.generate("AdminPassword").value);
  const { password } = login;
  if (!password) {
    checks.fail(
      "adminLogin",
      username,
      "the administrator needs a password: give DatabaseLogin.withPassword(...); RDS has no administrator by identity",
    );
  }
  return {
    config: { username, passwordWo: password?.writeOnly(), passwordWoVersion: password?.version },
    login: () => login,
  };
}

function managedPassword(scope: Construct, instance: DbInstance, props: RdsAdministratorProps): SecretValue {
  // The list is empty while an instance moves to a managed password, so its first element is never taken by index.
  const secretArn = ref(
    `one(aws_db_instance.${instance.friendlyUniqueId}.master_user_secret[*].secret_arn)`,
    TerraformStack.of(scope),
  );
  const stored = new EphemeralResource(scope, "ManagedPassword", {
    type: "aws_secretsmanager_secret_version",
    arguments: { secret_id: secretArn },
    provider: props.provider,
  });
  // RDS changes it every seven days without a word to Terraform; there is no version to follow.
  return SecretValue.fromEphemeral(stored.attribute("secret_string"), {
    version: 1,
    dependables: [instance],
  }).jsonField("password");
}
