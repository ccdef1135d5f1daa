// Databases of a flexible server are created in SQL, together with their owners, by the administrator. Azure's API could create
// the database (not the owner), but the administrator would own it, and Terraform would drop it with all data when the resource
// is removed from the program. So no Terraform resource stands for the data.

import type { ITerraformDependable } from "cdktf";
import {
  Cloud,
  type ConnectGrantOptions,
  DatabaseLogin,
  type DatabaseOptions,
  DatabaseProvisioning,
  EngineFamily,
  type IConnectGrant,
  type IDatabase,
  type IDatabaseServer,
  type IWorkloadIdentity,
  LoginAuthentication,
} from "../../database";
import {
  getOrCreateDatabase,
  isResolved,
  LogicalDatabase,
  type Rule,
  type SynthChecks,
} from "../../database/private";
import type { IAzureWorkloadIdentity } from "../identity/aks-workload-identity";
import type { GeneratedLogins } from "./logins";

/** Authentication settings of a server, for its databases. @internal */
export interface DatabaseContext {
  readonly checks: SynthChecks;
  readonly logins: GeneratedLogins;
  readonly passwordAuthentication: boolean;
}

/** @internal */
export function flexibleDatabase(
  server: IDatabaseServer,
  name: string,
  options: DatabaseOptions | undefined,
  context: DatabaseContext,
): IDatabase {
  return getOrCreateDatabase(server, name, options, (id) => {
    const ownerName = options?.ownerName ?? name;
    if (!options?.owner && !isResolved(ownerName)) {
      throw new Error(
        `[${server.node.path}] AZURE-DB-OWNER-NAME: ownerName of database "${name}" must be known at synth, since construct ids ` +
          "follow from it",
      );
    }
    const owner = options?.owner ?? context.logins.owner(ownerName);
    check(server, name, owner, options, context);
    // Without an administrator password the library cannot run SQL: database and owner must exist.
    const provisioning = server.adminLogin ? DatabaseProvisioning.SQL_JOB : DatabaseProvisioning.CLOUD_API;
    return new LogicalDatabase(server, id, { server, databaseName: name, owner, provisioning });
  });
}

function check(
  server: IDatabaseServer,
  name: string,
  owner: DatabaseLogin,
  options: DatabaseOptions | undefined,
  { checks, passwordAuthentication }: DatabaseContext,
): void {
  const property = `database "${name}"`;
  const refuse = (value: string, rule: Rule) => checks.fail(property, value, rule, "database.owner");
  const identity = owner.authentication === LoginAuthentication.CLOUD_IDENTITY;
  const requested = options?.owner?.authentication ?? options?.ownerAuthentication;
  if (requested === LoginAuthentication.PROXY) {
    refuse(owner.username, "must have an owner with a password; Azure has no auth proxy");
  } else if (options?.ownerAuthentication === LoginAuthentication.CLOUD_IDENTITY && !options.owner) {
    refuse(
      options.ownerName ?? name,
      `must have an owner that exists, since only a Microsoft Entra administrator can create a Microsoft Entra login; create it (pgaadauth_create_principal, CREATE AADUSER) and set owner: server.grantConnect(identity).login`,
    );
  } else if (!identity && !passwordAuthentication) {
    refuse(
      owner.username,
      `must have an owner with Microsoft Entra authentication, since passwordAuthentication is false; leave it true for applications without Microsoft Entra authentication, such as Coder`,
    );
  } else if (!options?.owner && passwordAuthentication && !server.adminLogin) {
    refuse(
      owner.username,
      "must have an owner that exists, since the server has no adminLogin to create one; set adminLogin, or owner",
    );
  }
}

/**
 * The login of a managed identity with Microsoft Entra authentication. Azure has no API for it, so the principal must be created
 * in SQL by the Microsoft Entra administrator, which a warning says.
 *
 * @see https://learn.microsoft.com/azure/postgresql/flexible-server/how-to-manage-azure-ad-users
 * @internal
 */
export function grantFlexibleConnect(
  server: IDatabaseServer,
  checks: SynthChecks,
  identity: IWorkloadIdentity,
  options: ConnectGrantOptions,
): IConnectGrant {
  const { identityName } = identity as IAzureWorkloadIdentity;
  const username = options.username ?? identityName;
  if (identity.cloud !== Cloud.AZURE) {
    checks.fail("grantConnect: identity.cloud", identity.cloud, "must be azure; use an AksWorkloadIdentity");
  } else if (username === undefined) {
    checks.fail(
      "grantConnect: username",
      username,
      "must be set for an identity without a name; or use an AksWorkloadIdentity",
    );
  } else if (!server.acceptsCloudIdentity) {
    checks.fail(
      "grantConnect",
      username,
      "must be called on a server with Microsoft Entra authentication; set entraAdministrator",
    );
  } else {
    checks.warn(
      `grantConnect: the Microsoft Entra administrator must create the principal ${isResolved(username) ? username : "of the identity"} ` +
        (server.engine.family === EngineFamily.POSTGRES
          ? "with pgaadauth_create_principal"
          : "with CREATE AADUSER ... IDENTIFIED BY the client ID of the identity"),
      "grantConnect",
    );
  }
  const dependables: ITerraformDependable[] = [...server.dependables, ...identity.dependables];
  return { login: DatabaseLogin.withCloudIdentity(username ?? identity.serviceAccountName), dependables };
}
