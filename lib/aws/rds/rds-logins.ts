// Logins of a server: generated passwords of owners, each in a secret of Secrets Manager, and IAM database authentication.

import type { TerraformProvider } from "cdktf";
import type { Construct } from "constructs";
import {
  Cloud,
  type ConnectGrantOptions,
  DatabaseLogin,
  type DatabaseOptions,
  type IConnectGrant,
  type IWorkloadIdentity,
  LoginAuthentication,
} from "../../database";
import {
  checkCloneNames,
  constructIdFor,
  isResolved,
  namingPath,
  ownerOrAlternating,
  physicalName,
  type Rule,
  SynthChecks,
  shortHash,
  terraformCall,
  userVersions,
} from "../../database/private";
import type { IAwsWorkloadIdentity } from "../identity/workload-role";
import { policyDocument } from "../private/policy-document";
import type { IEncryptionKey } from "../secrets/encryption-key";
import { GeneratedSecret, type GeneratedSecretProps } from "../secrets/generated-secret";
import type { RdsInstanceReference } from "./rds-instance";

/** The server that logins belong to. @internal */
export interface RdsLoginHost extends Construct {
  readonly provider?: TerraformProvider;
}

/** Options of the secrets. @internal */
export type RdsLoginOptions = Pick<GeneratedSecretProps, "tags" | "dependsOn"> & {
  readonly passwordVersion: number;
  readonly alternatingUsersSince?: number;
};

/** The logins whose passwords the library generates for a server. @internal */
export class RdsLogins {
  /** Grants by identity and user. @internal */
  public readonly grants = new Map<IWorkloadIdentity, Map<string, IConnectGrant>>();
  private readonly secrets = new Map<string, GeneratedSecret>();
  private readonly owners = new Set<string>();

  public constructor(
    private readonly server: RdsLoginHost,
    private readonly options: RdsLoginOptions,
    private readonly key: IEncryptionKey,
  ) {}

  /** The owner of a database whose options give no login; the same name has the same password. */
  public ownerOf(databaseName: string, options: DatabaseOptions | undefined): DatabaseLogin {
    const username = options?.ownerName ?? databaseName;
    if (options?.ownerAuthentication === LoginAuthentication.CLOUD_IDENTITY) {
      return DatabaseLogin.withCloudIdentity(username);
    }
    if (!isResolved(username)) {
      throw new Error(
        `[${this.server.node.path}] RDS-OWNER-NAME: ownerName of database "${databaseName}" must be known at synth, since construct ids ` +
          "follow from it (got not known at synth)",
      );
    }
    const { passwordVersion, alternatingUsersSince } = this.options;
    if (alternatingUsersSince !== undefined) {
      checkCloneNames(new SynthChecks(this.server, "RDS"), this.owners, username);
    }
    return ownerOrAlternating(
      username,
      userVersions(passwordVersion, alternatingUsersSince),
      (name, version) => {
        const secret = this.secrets.get(name) ?? this.generate(`Login-${name}`, name, version);
        return DatabaseLogin.withPassword(name, secret.value);
      },
    );
  }

  /** Creates the password of a user. */
  public generate(id: string, username: string, version = this.options.passwordVersion): GeneratedSecret {
    const { server } = this;
    const { tags, dependsOn } = this.options;
    const secret = new GeneratedSecret(server, id, {
      version,
      // By the path and not by the identifier of the server: a changed prefix would make a new secret with another password.
      namePrefix: `${physicalName(server)}/${isResolved(username) ? username : "login"}-`,
      description: `Password of ${isResolved(username) ? username : "a login"} on RDS ${namingPath(server)}`,
      encryptionKey: this.key,
      tags,
      provider: server.provider,
      dependsOn,
    });
    this.secrets.set(username, secret);
    return secret;
  }

  /** The secret of a user; undefined if the library generated none. */
  public secretOf(username: string): GeneratedSecret | undefined {
    return this.secrets.get(username);
  }
}

/** The server side of a grant. @internal */
export interface RdsGrantTarget {
  readonly scope: Construct;
  readonly instanceRef: RdsInstanceReference;
  readonly adminUsername?: string;
  readonly iamAuthentication: boolean;
  readonly logins: RdsLogins;
}

/**
 * Lets an identity connect as one database user to one server with IAM database authentication, or reports why it cannot. Granting
 * twice changes nothing.
 *
 * @internal
 */
export function grantRdsConnect(
  checks: SynthChecks,
  target: RdsGrantTarget,
  identity: IWorkloadIdentity,
  options: ConnectGrantOptions = {},
): IConnectGrant {
  const username = options.username ?? identity.serviceAccountName;
  const given = target.logins.grants.get(identity) ?? new Map<string, IConnectGrant>();
  target.logins.grants.set(identity, given);
  const before = given.get(username);
  if (before) return before;
  const login = DatabaseLogin.withCloudIdentity(username);
  const role = identity as IAwsWorkloadIdentity;
  const where = `grantConnect("${isResolved(username) ? username : "(token)"}")`;
  let refused = false;
  const refuse = (property: string, value: unknown, rule: Rule) => {
    checks.fail(`${where}: ${property}`, value, rule, `GRANT-CONNECT-${property}`);
    refused = true;
  };
  if (!target.iamAuthentication) {
    refuse("iamAuthentication", false, "must be true for an identity to connect");
  }
  const { adminUsername } = target;
  const isAdministrator = isResolved([username, adminUsername]) && username === adminUsername;
  if (isAdministrator) {
    // AWS: once a user has the role rds_iam, its password no longer works; for the master user that locks RDS out.
    refuse("username", username, "must not be the master user; give the application a database user");
  }
  if (identity.cloud !== Cloud.AWS) {
    refuse("identity.cloud", identity.cloud, "must be aws; use IrsaIdentity or PodIdentity");
  } else if (role.addPolicy === undefined) {
    refuse(
      "identity",
      identity.serviceAccountName,
      "must have an IAM role that takes policies; use IrsaIdentity or PodIdentity",
    );
  }
  // The user may get its password after the grant.
  checks.whenComplete(() => {
    if (isAdministrator || !target.logins.secretOf(username)) return;
    refuse(
      "username",
      username,
      "must be a user without a password; ask for the database with ownerAuthentication: LoginAuthentication.CLOUD_IDENTITY",
    );
  });
  if (refused) return { login, dependables: [] };
  // Partition, region and account are those of the instance, so they are taken from its ARN:
  // arn:<partition>:rds:<region>:<account>:db:<identifier>.
  const { arn, resourceId } = target.instanceRef;
  const part = (index: number) => terraformCall("element", terraformCall("split", ":", arn), index);
  const policy = role.addPolicy(
    `Connect-${shortHash(namingPath(target.scope))}-${constructIdFor(target.scope, username)}`,
    policyDocument({
      Sid: "ConnectToDatabase",
      Effect: "Allow",
      Action: "rds-db:connect",
      Resource: `arn:${part(1)}:rds-db:${part(3)}:${part(4)}:dbuser:${resourceId}/${username}`,
    }),
  );
  const grant = { login, dependables: [policy] };
  given.set(username, grant);
  return grant;
}
