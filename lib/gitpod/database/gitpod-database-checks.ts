import type { Precondition, TerraformProvider } from "cdktf";
import type { IConstruct } from "constructs";
import { DatabaseProvisioning, EngineFamily, type IDatabase, LoginAuthentication } from "../../database";
import { claimOnce, isResolved, type SynthChecks, terraformCall } from "../../database/private";
import type { GitpodVersion } from "../version/gitpod-version";
import type { GitpodDatabaseProps } from "./gitpod-database";
import { TIMESTAMP_PARAMETER, TimestampSetting, timestampSetting } from "./gitpod-server-parameters";
/** The only database name that Gitpod supports: a constant in its Go code (gitpod-io/gitpod `components/gitpod-db/go/conn.go`). */
export const GITPOD_DATABASE_NAME = "gitpod";

/** Gitpod's init job passes the password to a shell without quotes, and HEAD writes it into a URI; RDS accepts at most 41 characters. */
const PASSWORD = "^[A-Za-z0-9]{16,41}$";
const PASSWORD_RULE =
  "16 to 41 letters and digits, since Gitpod hands it to a shell and into a URI without quotes";

/** Reports a database that Gitpod cannot use. @internal */
export function checkDatabase(
  checks: SynthChecks,
  database: IDatabase,
  version: GitpodVersion,
  props: GitpodDatabaseProps,
): void {
  const { engine } = database.server;
  if (engine.family !== EngineFamily.MYSQL) {
    checks.fail("database.server.engine", engine.label, "must be MySQL; use a server with MySQL 8.0");
    return;
  }
  if (database.databaseName !== GITPOD_DATABASE_NAME) {
    checks.fail(
      "database.databaseName",
      database.databaseName,
      `must be ${GITPOD_DATABASE_NAME}, the only name that Gitpod supports`,
    );
  }
  checkLogin(checks, database);
  checkVersion(checks, database, version, props.acceptUnprovenVersion ?? false);
}

/** Reports a server whose parameters do not meet Gitpod's requirements, as far as they are known at synth. @internal */
export function checkParameters(checks: SynthChecks, direct: IDatabase, preflight: boolean): void {
  const { server } = direct;
  const setting = timestampSetting(server.parameters);
  const property = `database.server.parameters.${TIMESTAMP_PARAMETER}`;
  const remedy = "set parameters: GitpodServerParameters.forCloud(...) on the server";
  if (setting === TimestampSetting.ON) {
    checks.fail(
      property,
      server.parameters?.[TIMESTAMP_PARAMETER],
      `must be OFF on ${server.node.path}, because Gitpod would store no timestamps; ${remedy}`,
    );
  } else if (setting === TimestampSetting.UNKNOWN && !preflight) {
    checks.fail(
      property,
      undefined,
      `must be known to be OFF on ${server.node.path} without a preflight; ${remedy}, or enable the preflight`,
      `${property}.unknown`,
    );
  }
  // MySQL 5.7 only has the native password plugin, and SQL jobs of this library choose the plugin.
  if (direct.provisioning !== DatabaseProvisioning.CLOUD_API || server.engine.majorVersion === "5.7") return;
  const plugin = server.parameters?.default_authentication_plugin;
  if (plugin === undefined) {
    checks.warn(
      `database.owner: the cloud's API creates this login with the default authentication plugin of the server, which in MySQL ${server.engine.majorVersion} may not be mysql_native_password, the only one that Gitpod's driver supports${
        preflight ? "; the preflight checks it" : ""
      }. With an administrator login (adminLogin) of the server, SQL sets the plugin`,
      "database.owner.plugin",
    );
  } else if (isResolved(plugin) && !/native/i.test(plugin)) {
    checks.fail(
      "database.server.parameters.default_authentication_plugin",
      plugin,
      "must be mysql_native_password, the only plugin that Gitpod's driver supports, because the cloud's API creates the login with the default plugin of the server; leave it out, or give the server an administrator login (adminLogin), with which SQL sets the plugin",
    );
  }
}

/** Preconditions for a password that is only known to Terraform. @internal */
export function ownerPasswordPreconditions(database: IDatabase): Precondition[] {
  const expression = database.owner.password?.writeOnly();
  if (expression === undefined || isResolved(expression)) return [];
  return [
    {
      condition: terraformCall(
        "can",
        terraformCall("regex", PASSWORD, terraformCall("trimspace", expression)),
      ),
      errorMessage: `The password of Gitpod's database is refused: allowed are ${PASSWORD_RULE}.`,
    },
  ];
}

function checkLogin(checks: SynthChecks, { owner }: IDatabase): void {
  if (owner.authentication !== LoginAuthentication.PASSWORD || !owner.password) {
    checks.fail(
      "database.owner.authentication",
      owner.authentication,
      "must be a password, the only authentication that Gitpod supports",
    );
    return;
  }
  checks.matches(
    "database.owner.username",
    owner.username,
    /^[A-Za-z0-9_.-]{1,32}$/,
    "must be 1 to 32 letters, digits, underscores, dots and hyphens, because Gitpod passes it to a shell without quotes",
  );
  const text = owner.password.writeOnly();
  if (isResolved(text) && !new RegExp(PASSWORD).test(text)) {
    checks.fail("database.owner.password", "(not shown)", `must be ${PASSWORD_RULE}`);
  }
}

function checkVersion(
  checks: SynthChecks,
  { server: { engine } }: IDatabase,
  { name, profile }: GitpodVersion,
  accepted: boolean,
): void {
  const series = engine.majorVersion;
  if (!isResolved(series)) return;
  const proven = `MySQL ${profile.provenMysql.join(", ")}`;
  if (!profile.possibleMysql.includes(series)) {
    const possible = `MySQL ${profile.possibleMysql.join(", ")}`;
    const reason =
      `Gitpod ${name} is proven with ${proven}; its driver only supports mysql_native_password, ` +
      "which MySQL 8.4 disables (mysqljs/mysql#2005)";
    if (accepted) {
      checks.optOut(`acceptUnprovenVersion: the server has ${engine.label}, not ${possible}; ${reason}`);
    } else {
      checks.fail(
        "database.server.engine",
        engine.label,
        `must be ${possible}; ${reason}; use 8.0, or set acceptUnprovenVersion`,
        "database.server.engine.version",
      );
    }
  } else if (!profile.provenMysql.includes(series)) {
    checks.warn(
      `database.server.engine: Gitpod ${name} itself is tested with ${proven}; test each update before you use it with ${series}`,
      "database.server.engine.tested",
    );
  }
}

/**
 * Reports a second Gitpod of a cluster on the same database: both would migrate the same tables and accept each other's
 * sessions. A Gitpod in another cluster may replace the first one.
 *
 * @param direct the database behind a proxy.
 * @param cluster the provider of the cluster; undefined is the default provider of the stack.
 * @internal
 */
export function checkUnclaimed(
  checks: SynthChecks,
  scope: IConstruct,
  direct: IDatabase,
  cluster: TerraformProvider | undefined,
): void {
  const other = claimOnce(scope, "Gitpod", "", { within: direct, provider: cluster });
  if (!other) return;
  checks.fail(
    "database",
    direct.node.path,
    `must not be used by another Gitpod, and ${other.node.path} uses it; since Gitpod only supports the name ${GITPOD_DATABASE_NAME}, use one server for each Gitpod`,
  );
}

/**
 * Reports a second database in a namespace: the installer supports one database and renders invalid objects for two.
 *
 * @param cluster the provider of the cluster; undefined is the default provider of the stack.
 * @internal
 */
export function checkSingleDatabase(
  checks: SynthChecks,
  scope: IConstruct,
  namespace: string,
  cluster: TerraformProvider | undefined,
): void {
  const other = claimOnce(scope, "Gitpod database", namespace, { provider: cluster });
  if (!other) return;
  checks.fail(
    "namespace",
    namespace,
    `must have one database, since Gitpod supports one in one mode (external or cloudSQL), and ${other.node.path} is in it; remove one of the two`,
  );
}
