import type { Precondition, TerraformProvider } from "cdktf";
import type { IConstruct } from "constructs";
import { DatabaseProvisioning, EngineFamily, type IDatabase, LoginAuthentication } from "../../database";
import type { SynthChecks } from "../../database/private";
import { claimOnce, isResolved, terraformCall } from "../../database/private";
import type { GitpodVersion } from "../gitpod-version";
import type { GitpodDatabaseProps } from "./gitpod-database-props";
import { TIMESTAMP_PARAMETER, TimestampSetting, timestampSetting } from "./gitpod-server-parameters";

/** The only name that Gitpod knows: its Go code has it as a constant (gitpod-io/gitpod `components/gitpod-db/go/conn.go`). */
export const GITPOD_DATABASE_NAME = "gitpod";

/** Gitpod's init job hands the password to a shell without quotes, and HEAD writes it into a URI; RDS takes at most 41. */
const PASSWORD = "^[A-Za-z0-9]{16,41}$";
const PASSWORD_RULE =
  "allowed are 16 to 41 letters and digits, since Gitpod hands it to a shell and into a URI without quotes";

/** Reports a database that Gitpod cannot use. @internal */
export function checkDatabase(
  checks: SynthChecks,
  database: IDatabase,
  version: GitpodVersion,
  props: GitpodDatabaseProps,
): void {
  const { engine } = database.server;
  if (engine.family !== EngineFamily.MYSQL) {
    checks.fail("database", engine.label, "Gitpod's database is MySQL; give a server with MySQL 8.0");
    return;
  }
  if (database.databaseName !== GITPOD_DATABASE_NAME) {
    checks.fail(
      "database",
      database.databaseName,
      `Gitpod knows its database by the name ${GITPOD_DATABASE_NAME} only`,
    );
  }
  checkLogin(checks, database);
  checkVersion(checks, database, version, props.acceptUnprovenVersion ?? false);
}

/** Reports a server that is not set as Gitpod needs it, as far as anybody knows. @internal */
export function checkParameters(checks: SynthChecks, direct: IDatabase, preflight: boolean): void {
  const { server } = direct;
  const setting = timestampSetting(server.parameters);
  const way = `give it parameters: GitpodServerParameters.on(...), which sets ${TIMESTAMP_PARAMETER} to OFF`;
  if (setting === TimestampSetting.ON) {
    checks.fail(
      "database.server.parameters",
      server.node.path,
      `the server does not set ${TIMESTAMP_PARAMETER} to OFF, and Gitpod would store no times; ${way}`,
    );
  } else if (setting === TimestampSetting.UNKNOWN && !preflight) {
    checks.fail(
      "database.server.parameters",
      undefined,
      `nobody knows whether the server has ${TIMESTAMP_PARAMETER} set to OFF, and no preflight looks; ${way}`,
    );
  }
  // 5.7 has no other kind, and SQL of ours names the kind.
  if (direct.provisioning !== DatabaseProvisioning.CLOUD_API || server.engine.majorVersion === "5.7") return;
  const plugin = server.parameters?.default_authentication_plugin;
  if (plugin === undefined) {
    checks.warn(
      `database.owner: not made in SQL here, so its password is of the server's default kind, which in MySQL ${server.engine.majorVersion} may be one that Gitpod's driver does not know (it knows mysql_native_password)${
        preflight ? "; the preflight looks" : ""
      }. A server with an administrator (adminLogin) gets the right one by SQL`,
    );
  } else if (isResolved(plugin) && !/native/i.test(plugin)) {
    checks.fail(
      "database.server.parameters",
      `default_authentication_plugin ${plugin}`,
      "Gitpod's driver knows mysql_native_password only, and the cloud's API makes the login with the server's default; leave it out, or give the server an administrator (adminLogin), who sets the kind of password in SQL",
    );
  }
}

/** The conditions under which Terraform refuses a password that only it knows. @internal */
export function passwordPreconditions(database: IDatabase): Precondition[] {
  const expression = database.owner.password?.writeOnly();
  if (expression === undefined || isResolved(expression)) return [];
  return [
    {
      condition: terraformCall(
        "can",
        terraformCall("regex", PASSWORD, terraformCall("trimspace", expression)),
      ),
      errorMessage: `The password of Gitpod's database is refused: ${PASSWORD_RULE}.`,
    },
  ];
}

function checkLogin(checks: SynthChecks, { owner }: IDatabase): void {
  if (owner.authentication !== LoginAuthentication.PASSWORD || !owner.password) {
    checks.fail(
      "database.owner",
      owner.authentication,
      "Gitpod logs in by password only; give the database an owner with one",
    );
    return;
  }
  checks.matches(
    "database.owner.username",
    owner.username,
    /^[A-Za-z0-9_.-]{1,32}$/,
    "allowed are 1 to 32 letters, digits, underscores, dots and hyphens, since Gitpod hands it to a shell without quotes",
  );
  const text = owner.password.writeOnly();
  if (isResolved(text) && !new RegExp(PASSWORD).test(text)) {
    checks.fail("database.owner.password", "(not shown)", PASSWORD_RULE);
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
  if (!profile.possibleMysql.includes(series)) {
    const rule =
      `Gitpod ${name} was shown to work with MySQL ${profile.provenMysql.join(", ")}, and can with ${profile.possibleMysql.join(", ")}; ` +
      "its driver knows mysql_native_password only, which MySQL 8.4 has switched off (mysqljs/mysql#2005)";
    if (accepted) {
      checks.optOut(`acceptUnprovenVersion: ${engine.label}; ${rule}`);
    } else {
      checks.fail("database.server.engine", engine.label, `${rule}; take 8.0, or set acceptUnprovenVersion`);
    }
  } else if (!profile.provenMysql.includes(series)) {
    checks.warn(
      `database.server.engine: Gitpod ${name} itself is tested with MySQL ${profile.provenMysql.join(", ")}; with ${series} try each update first`,
    );
  }
}

/**
 * Reports a second Gitpod of a cluster on the same database: both would migrate the same tables and log each other's users in. One
 * in another cluster may take the first one's place.
 *
 * @param direct the database past a proxy.
 * @param cluster the provider that says which cluster it is; none means the stack's only one.
 * @internal
 */
export function checkNotTaken(
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
    `${other.node.path} has it already, and Gitpod knows no other name than ${GITPOD_DATABASE_NAME}; give each Gitpod a server of its own`,
  );
}

/**
 * Reports a second database in a namespace: the installer has one, and renders nonsense for two.
 *
 * @param cluster the provider that says in which cluster the namespace is; none means the stack's only one.
 * @internal
 */
export function checkOnlyOne(
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
    `it has a database already, ${other.node.path}, and Gitpod has one database in one mode (external or cloudSQL); leave one of the two out`,
  );
}
