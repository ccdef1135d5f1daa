import type { ITerraformDependable } from "cdktf";
import { Construct } from "constructs";
import type {
  DatabaseOptions,
  DatabasePooling,
  DatabaseProvisioning,
  IDatabase,
  IDatabaseServer,
} from "../database-server";
import { type DatabaseLogin, LoginAuthentication } from "../login";
import { refuseCrossStackReferences } from "./cross-stack";
import { isResolved } from "./is-resolved";
import { checkDatabaseName, checkUserName } from "./names";
import { SynthChecks } from "./synth-checks";

/** Properties of a `LogicalDatabase`. */
export interface LogicalDatabaseProps {
  /** Server of the database. */
  readonly server: IDatabaseServer;
  /** Name of the database. */
  readonly databaseName: string;
  /** The login that owns it. */
  readonly owner: DatabaseLogin;
  /** Remaining provisioning before the database can be used. */
  readonly provisioning: DatabaseProvisioning;
  /** Resources that must exist first. @default - the server's dependables */
  readonly dependables?: ITerraformDependable[];
  /** Connection pooling between clients and the server. @default - none */
  readonly pooling?: DatabasePooling;
}

/**
 * A logical database: its name, owner and provisioning. Servers create it; users call `server.database()`.
 *
 * @example
 * const database = server.database("coder");
 */
export class LogicalDatabase extends Construct implements IDatabase {
  public readonly server: IDatabaseServer;
  public readonly databaseName: string;
  public readonly owner: DatabaseLogin;
  public readonly provisioning: DatabaseProvisioning;
  public readonly dependables: ITerraformDependable[];
  public readonly pooling?: DatabasePooling;

  public constructor(scope: Construct, id: string, props: LogicalDatabaseProps) {
    super(scope, id);
    this.server = props.server;
    this.databaseName = props.databaseName;
    this.owner = props.owner;
    this.provisioning = props.provisioning;
    this.dependables = props.dependables ?? props.server.dependables;
    this.pooling = props.pooling;
    const { engine, reservedNames } = props.server;
    refuseCrossStackReferences(this);
    const checks = new SynthChecks(this, "DB");
    checkDatabaseName(checks, "databaseName", engine, props.databaseName, reservedNames);
    const admin = props.server.adminLogin;
    for (const user of props.owner.users) {
      checkUserName(checks, "owner", engine, user.username, reservedNames);
      // Compared also as tokens: the same token is the same user.
      if (admin && (user === admin || user.username === admin.username)) {
        checks.fail(
          "owner",
          user.username,
          "must not be the administrator's login; give the database another owner",
        );
      }
    }
    const { authentication } = props.owner;
    if (authentication === LoginAuthentication.CLOUD_IDENTITY && !props.server.acceptsCloudIdentity) {
      checks.fail(
        "owner.authentication",
        authentication,
        "must be PASSWORD, because the server accepts no cloud identities; enable them on the server or give the owner a password",
      );
    }
  }
}

/**
 * Returns the database that a server has under a name, or creates it.
 *
 * @param server the server, which keeps its databases as children.
 * @param name the database's name.
 * @param options the options of the caller; reported as a mistake if the database exists.
 * @param create creates the database under the given construct id.
 * @throws Error if the name is not known at synth.
 */
export function getOrCreateDatabase(
  server: IDatabaseServer,
  name: string,
  options: DatabaseOptions | undefined,
  create: (id: string) => IDatabase,
): IDatabase {
  if (!isResolved(name)) {
    throw new Error(
      `[${server.node.path}] DB-NAME: the name of a database must be known at synth, because construct ids are derived from it`,
    );
  }
  const id = `Database-${name}`;
  const existing = server.node.tryFindChild(id) as IDatabase | undefined;
  if (existing && options) {
    new SynthChecks(existing, "DB").fail(
      "options",
      Object.keys(options).join(", "),
      "must be set the first time that the database is requested; request it without options",
    );
  }
  return existing ?? create(id);
}
