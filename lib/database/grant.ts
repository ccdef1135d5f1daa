import type { ITerraformDependable } from "cdktf";
import type { DatabaseLogin } from "./login";

/** Access given to an identity. */
export interface IGrant {
  /** The resources that give the access; what uses it depends on them. */
  readonly dependables: ITerraformDependable[];
}

/** Access of an identity to a database server. */
export interface IConnectGrant extends IGrant {
  /** The database login of the identity. */
  readonly login: DatabaseLogin;
}

/** Options of `grantConnect`. */
export interface ConnectGrantOptions {
  /**
   * Name of the database user that the identity connects as.
   * @default - the name of the service account; on Google Cloud it always follows from the service account's e-mail address, on
   * Azure it is the name of the managed identity
   */
  readonly username?: string;
}
