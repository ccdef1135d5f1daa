// Who may log in to a server with an AWS identity: one role, one user, one server.

import type { DbInstance } from "@cdktf/provider-aws/lib/db-instance";
import { Cloud, type DatabaseLogin, type IWorkloadIdentity, LoginAuthentication } from "../../database";
import {
  constructIdFor,
  isResolved,
  type SynthChecks,
  shortHash,
  terraformCall,
} from "../../database/private";
import type { IAwsWorkloadIdentity } from "../identity/aws-workload-identity";
import { policyDocument } from "../private/policy-document";

/** What a grant is about. @internal */
export interface ConnectGrant {
  readonly instance: DbInstance;
  readonly identity: IWorkloadIdentity;
  readonly login: DatabaseLogin;
  readonly adminUsername: string;
  readonly iamAuthentication: boolean;
}

/**
 * Lets an identity log in as a user, or reports why it cannot.
 *
 * @internal
 */
export function grantRdsConnect(checks: SynthChecks, grant: ConnectGrant): void {
  const { identity, login, instance } = grant;
  const { username } = login;
  const where = `grantConnect("${isResolved(username) ? username : "(token)"}")`;
  const role = identity as IAwsWorkloadIdentity;
  let legal = true;
  const refuse = (property: string, value: unknown, rule: string) => {
    checks.fail(`${where}: ${property}`, value, rule);
    legal = false;
  };
  if (!grant.iamAuthentication) {
    refuse("iamAuthentication", false, "an identity can log in only where iamAuthentication is true");
  }
  if (login.authentication !== LoginAuthentication.CLOUD_IDENTITY) {
    refuse(
      "login.authentication",
      login.authentication,
      "a user with a password does not log in with an identity; ask for the database with ownerAuthentication CLOUD_IDENTITY",
    );
  }
  if (isResolved(username) && isResolved(grant.adminUsername) && username === grant.adminUsername) {
    // AWS: once a user has the role rds_iam, its password no longer works; for the administrator that locks RDS out.
    refuse(
      "login",
      username,
      "the administrator never logs in with an identity; give the application a user of its own",
    );
  }
  if (identity.cloud !== Cloud.AWS) {
    refuse("identity.cloud", identity.cloud, "RDS knows identities of AWS only (IrsaIdentity, PodIdentity)");
  } else if (role.addPolicy === undefined) {
    refuse(
      "identity",
      identity.serviceAccountName,
      "it has no role that can be given a policy; use IrsaIdentity or PodIdentity",
    );
  }
  if (!legal) return;
  // Partition, region and account are those of the server, so they are read off its ARN:
  // arn:<partition>:rds:<region>:<account>:db:<identifier>.
  const part = (index: number) => terraformCall("element", terraformCall("split", ":", instance.arn), index);
  role.addPolicy(
    `Connect-${shortHash(instance.node.path)}-${constructIdFor(instance, username)}`,
    policyDocument({
      Sid: "ConnectToDatabase",
      Effect: "Allow",
      Action: "rds-db:connect",
      Resource: `arn:${part(1)}:rds-db:${part(3)}:${part(4)}:dbuser:${instance.resourceId}/${username}`,
    }),
  );
}
