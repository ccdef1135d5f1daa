// A database on a flexible server is made in SQL, together with its owner, by the server's administrator. Azure's API could
// make the database (not the owner), but then the administrator would own it, and Terraform would drop it with all data when
// the resource leaves the program. So nothing in Terraform stands for the data itself.

import {
  type DatabaseLogin,
  type DatabaseOptions,
  DatabaseProvisioning,
  type IDatabase,
  type IDatabaseServer,
  LoginAuthentication,
} from "../../database";
import { getOrCreateDatabase, isResolved, LogicalDatabase, type SynthChecks } from "../../database/private";
import type { FlexibleServerParts } from "./flexible-server-parts";

/** What the server says about log-ins. @internal */
export interface DatabaseRules {
  readonly checks: SynthChecks;
  readonly parts: FlexibleServerParts;
  readonly passwordAuthentication: boolean;
}

/** @internal */
export function flexibleDatabase(
  server: IDatabaseServer,
  name: string,
  options: DatabaseOptions | undefined,
  rules: DatabaseRules,
): IDatabase {
  return getOrCreateDatabase(server, name, options, (id) => {
    const ownerName = options?.ownerName ?? name;
    if (!options?.owner && !isResolved(ownerName)) {
      throw new Error(
        `[${server.node.path}] ownerName of database "${name}" has to be known at synth, since construct ids follow from it`,
      );
    }
    const owner = options?.owner ?? rules.parts.logins.owner(ownerName);
    check(server, name, owner, options, rules);
    // Without the administrator's password nobody can set up anything: database and owner have to exist.
    const provisioning = server.adminLogin ? DatabaseProvisioning.SQL_JOB : DatabaseProvisioning.CLOUD_API;
    return new LogicalDatabase(server, id, { server, databaseName: name, owner, provisioning });
  });
}

function check(
  server: IDatabaseServer,
  name: string,
  owner: DatabaseLogin,
  options: DatabaseOptions | undefined,
  { checks, passwordAuthentication }: DatabaseRules,
): void {
  const property = `database "${name}"`;
  const identity = owner.authentication === LoginAuthentication.CLOUD_IDENTITY;
  const asked = options?.owner?.authentication ?? options?.ownerAuthentication;
  if (asked === LoginAuthentication.PROXY) {
    checks.fail(
      property,
      owner.username,
      "Azure has no proxy that logs in for a client; let the owner use a password",
    );
  } else if (options?.ownerAuthentication === LoginAuthentication.CLOUD_IDENTITY && !options.owner) {
    checks.fail(
      property,
      options.ownerName ?? name,
      "only an Entra administrator can make a login for an identity: make it (pgaadauth_create_principal, CREATE AADUSER), then " +
        "give it with owner: DatabaseLogin.withCloudIdentity(name)",
    );
  } else if (!identity && !passwordAuthentication) {
    checks.fail(
      property,
      owner.username,
      "its owner logs in by password, which passwordAuthentication: false forbids; leave that on for applications such as Coder, " +
        "which know no Entra log-in",
    );
  } else if (!options?.owner && passwordAuthentication && !server.adminLogin) {
    checks.fail(
      property,
      owner.username,
      "nobody could make its owner: give the server's adminLogin, or the owner's present login with owner",
    );
  }
}
