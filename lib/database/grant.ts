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
