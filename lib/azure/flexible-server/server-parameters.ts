// The provider has one resource for each server parameter. They are created one after the other: Azure refuses a change while
// another one is in progress, and a parameter such as azure.extensions must be set before it is needed.

import { MysqlFlexibleServerConfiguration } from "@cdktf/provider-azurerm/lib/mysql-flexible-server-configuration";
import { PostgresqlFlexibleServerConfiguration } from "@cdktf/provider-azurerm/lib/postgresql-flexible-server-configuration";
import {
  dependable,
  type ITerraformDependable,
  Op,
  type TerraformProvider,
  type TerraformResource,
  Token,
} from "cdktf";
import { Construct } from "constructs";
import { type DatabaseEngine, EngineFamily } from "../../database";
import { isResolved, type SynthChecks, terraformCall } from "../../database/private";
import {
  MYSQL_PARAMETERS,
  OWNED_PARAMETERS,
  POSTGRES_PARAMETERS,
  STATIC_MYSQL_PARAMETERS,
  STATIC_POSTGRES_PARAMETERS,
} from "./data/parameters";

/** Properties from which the server parameters follow. @internal */
export interface ServerParametersProps {
  readonly engine: DatabaseEngine;
  readonly parameters?: { readonly [name: string]: string };
  readonly maxConnections?: number;
  readonly slowQueryMs?: number;
  readonly extensions?: string[];
  /** True for a read replica, which inherits all but these from its source. */
  readonly inherited?: boolean;
  /** Recovery parameters of the source of a read replica, by Azure's names. */
  readonly recovery?: { readonly [name: string]: string };
}

/** The server whose parameters are set. @internal */
export interface ParameterTarget {
  readonly id: string;
  readonly name: string;
  readonly resourceGroupName: string;
  readonly provider?: TerraformProvider;
  readonly dependsOn: ITerraformDependable[];
}

/**
 * Server parameters by name. They are sorted, so that adding one does not change the others.
 *
 * @see https://learn.microsoft.com/azure/postgresql/flexible-server/concepts-server-parameters
 * @internal
 */
export function serverParameters(checks: SynthChecks, props: ServerParametersProps): Map<string, string> {
  const { engine, parameters = {} } = props;
  const postgres = engine.family === EngineFamily.POSTGRES;
  check(checks, props, postgres);
  const given = Object.entries(parameters).filter(([name]) => !(name in OWNED_PARAMETERS));
  const connections: { [name: string]: string } =
    props.maxConnections === undefined ? {} : { max_connections: `${props.maxConnections}` };
  if (props.inherited) {
    return sorted({ ...props.recovery, ...(postgres ? connections : {}), ...Object.fromEntries(given) });
  }
  const slow = props.slowQueryMs ?? 1000;
  const all: { [name: string]: string } = { ...(postgres ? POSTGRES_PARAMETERS : MYSQL_PARAMETERS) };
  if (postgres) {
    all.log_min_duration_statement = `${slow}`;
    const { extensions } = props;
    if (extensions !== undefined) {
      // In capitals, as Azure returns them: otherwise every plan would show a change.
      all["azure.extensions"] = isResolved(extensions)
        ? [...extensions].sort().join(",").toUpperCase()
        : terraformCall("upper", terraformCall("join", ",", extensions));
    }
  } else {
    if (engine.majorVersion === "5.7") all.tls_version = "TLSv1.2";
    all.slow_query_log = isResolved(slow) && slow < 0 ? "OFF" : "ON";
    if (isResolved(slow) && slow >= 0) all.long_query_time = `${slow / 1000}`;
    if (!isResolved(slow)) all.long_query_time = Token.asString(Op.div(slow, 1000));
  }
  return sorted({ ...all, ...connections, ...Object.fromEntries(given) });
}

function sorted(parameters: { readonly [name: string]: string }): Map<string, string> {
  return new Map(Object.entries(parameters).sort(([a], [b]) => (a < b ? -1 : 1)));
}

/**
 * The resources of the server parameters, each of which depends on the one before.
 *
 * @internal
 */
export class ServerParameters extends Construct {
  /** The resources, in order. */
  public readonly resources: TerraformResource[] = [];

  public constructor(
    scope: Construct,
    id: string,
    family: EngineFamily,
    parameters: Map<string, string>,
    target: ParameterTarget,
  ) {
    super(scope, id);
    for (const [name, value] of parameters) {
      const before = this.resources.at(-1);
      const common = {
        name,
        value,
        provider: target.provider,
        dependsOn: before ? [before] : target.dependsOn,
      };
      this.resources.push(
        family === EngineFamily.POSTGRES
          ? new PostgresqlFlexibleServerConfiguration(this, name, { ...common, serverId: target.id })
          : new MysqlFlexibleServerConfiguration(this, name, {
              ...common,
              serverName: target.name,
              resourceGroupName: target.resourceGroupName,
            }),
      );
    }
  }

  /** Lets all parameters wait for resources that are added later, such as those of a read replica. */
  public waitFor(dependables: ITerraformDependable[]): void {
    const [first] = this.resources;
    if (first) first.dependsOn = [...(first.dependsOn ?? []), ...dependables.map((each) => dependable(each))];
  }

  /** The last resource, which depends on all others. */
  public get dependables(): ITerraformDependable[] {
    return this.resources.slice(-1);
  }
}

function check(checks: SynthChecks, props: ServerParametersProps, postgres: boolean): void {
  const { parameters = {}, maxConnections, slowQueryMs, extensions } = props;
  for (const [name, value] of Object.entries(parameters)) {
    const owned = OWNED_PARAMETERS[name];
    if (owned) {
      checks.fail(`parameters.${name}`, value, `must not be set here; ${owned}`, "parameters.owned");
    } else if (!/^[a-z][a-z0-9_.]*$/.test(name)) {
      checks.fail("parameters", name, "must have names of server parameters, in lower case");
    }
  }
  checks.wholeNumber("slowQueryMs", slowQueryMs, -1, 3_600_000, "milliseconds");
  if (postgres) checks.wholeNumber("maxConnections", maxConnections, 25, 5000);
  else checks.wholeNumber("maxConnections", maxConnections, 10, 43_690);
  if (extensions !== undefined && !postgres)
    checks.fail("extensions", extensions, "must not be set for MySQL");
  for (const extension of isResolved(extensions) ? (extensions ?? []) : []) {
    checks.matches(
      "extensions",
      extension,
      /^[a-z][a-z0-9_-]*$/i,
      "must be names of extensions, such as pg_trgm",
    );
  }
  const names = [
    ...Object.keys(parameters),
    ...(maxConnections === undefined || props.inherited ? [] : ["max_connections"]),
  ];
  const found = names.filter((name) =>
    (postgres ? STATIC_POSTGRES_PARAMETERS : STATIC_MYSQL_PARAMETERS).includes(name),
  );
  if (found.length === 0) return;
  checks.warn(
    postgres
      ? `${found.join(", ")}: static parameters; each change restarts the server during the apply, unless the provider's ` +
          "features.postgresql_flexible_server.restart_server_on_configuration_value_change is false"
      : `${found.join(", ")}: static parameters; a change takes effect at the next restart of the server, which Terraform does not trigger`,
    "parameters.static",
  );
}
