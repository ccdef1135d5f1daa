import { DbParameterGroup } from "@cdktf/provider-aws/lib/db-parameter-group";
import { type ITerraformDependable, Op, type TerraformProvider } from "cdktf";
import { Construct } from "constructs";
import { type DatabaseEngine, EngineFamily } from "../../database";
import {
  isResolved,
  namingPath,
  physicalName,
  requireProps,
  SynthChecks,
  terraformCall,
} from "../../database/private";
import { shortened } from "../private/short-names";
import { checkTags } from "../private/tags";
import { STATIC_PARAMETERS } from "./data/static-parameters";

/** Properties of a `RdsParameterGroup`. */
export interface RdsParameterGroupProps {
  /**
   * Engine and version, from which the DB parameter group family follows.
   *
   * @see https://docs.aws.amazon.com/AmazonRDS/latest/UserGuide/USER_WorkingWithDBInstanceParamGroups.html
   */
  readonly engine: DatabaseEngine;
  /**
   * Parameters by RDS's names, in addition to those that the library sets. @default - none
   *
   * @see https://docs.aws.amazon.com/AmazonRDS/latest/UserGuide/USER_WorkingWithDBInstanceParamGroups.html
   */
  readonly parameters?: { readonly [name: string]: string };
  /**
   * Names in `parameters` that are static, so that they take effect after a reboot, in addition to those that the library knows.
   * @default - none
   *
   * @see https://docs.aws.amazon.com/AmazonRDS/latest/UserGuide/USER_WorkingWithParamGroups.html
   */
  readonly staticParameters?: string[];
  /**
   * Maximum number of connections (`max_connections`). @default - derived from the memory by RDS
   *
   * @see https://docs.aws.amazon.com/AmazonRDS/latest/UserGuide/CHAP_Limits.html#RDS_Limits.MaxConnections
   */
  readonly maxConnections?: number;
  /**
   * Duration from which statements are logged as slow, in milliseconds; -1 disables the log. @default 1000
   *
   * @see https://docs.aws.amazon.com/AmazonRDS/latest/UserGuide/USER_LogAccess.html
   */
  readonly slowQueryMs?: number;
  /**
   * Requires TLS for all connections (`rds.force_ssl`, `require_secure_transport`). @default true
   *
   * @see https://docs.aws.amazon.com/AmazonRDS/latest/UserGuide/UsingWithRDS.SSL.html
   */
  readonly tlsEnforced?: boolean;
  /**
   * Tags. @default - the provider's default tags only
   *
   * @see https://docs.aws.amazon.com/AmazonRDS/latest/UserGuide/USER_Tagging.html
   */
  readonly tags?: { readonly [name: string]: string };
  /** AWS provider. @default - the stack's only AWS provider */
  readonly provider?: TerraformProvider;
  /** Resources that have to exist first. @default - none */
  readonly dependsOn?: ITerraformDependable[];
}

const DEFAULT_SLOW_MS = 1000;
const PARAMETER_NAME = /^[a-zA-Z][a-zA-Z0-9_.-]*$/;

/** Parameters that have a prop, by engine: two settings of one parameter could contradict each other. */
const BY_PROPERTY: { readonly [family: string]: { readonly [parameter: string]: string } } = {
  postgres: {
    "rds.force_ssl": "tlsEnforced",
    max_connections: "maxConnections",
    log_min_duration_statement: "slowQueryMs",
  },
  mysql: {
    require_secure_transport: "tlsEnforced",
    max_connections: "maxConnections",
    slow_query_log: "slowQueryMs",
    long_query_time: "slowQueryMs",
  },
};

/**
 * A DB parameter group that requires TLS and logs connections, lock waits and slow statements.
 *
 * @see https://docs.aws.amazon.com/AmazonRDS/latest/UserGuide/USER_WorkingWithParamGroups.html
 *
 * @example
 * const group = new RdsParameterGroup(this, "parameters", { engine: DatabaseEngine.postgres(PostgresVersion.V17) });
 */
export class RdsParameterGroup extends Construct {
  /** The DB parameter group. */
  public readonly resource: DbParameterGroup;
  /** Name of the DB parameter group. */
  public readonly groupName: string;
  /** Parameters that the group sets, by RDS's names. */
  public readonly parameters: { readonly [name: string]: string };

  public constructor(scope: Construct, id: string, props: RdsParameterGroupProps) {
    super(scope, id);
    requireProps(this.node.path, "RDS", props, { engine: true });
    const { engine, provider, tags, dependsOn } = props;
    const checks = new SynthChecks(this, "RDS");
    checkTags(checks, this, props.tags);
    this.check(checks, props);
    const parameters: { readonly [name: string]: string } = { ...defaults(props), ...props.parameters };
    this.parameters = parameters;
    const staticNames = [...(STATIC_PARAMETERS[engine.family] ?? []), ...(props.staticParameters ?? [])];
    const isStatic = (name: string) => staticNames.includes(name) || name.startsWith("performance_schema");
    const waiting = Object.keys(parameters).filter(isStatic).sort();
    if (waiting.length > 0) {
      checks.warn(
        `${waiting.join(", ")}: static parameters; a change takes effect after a reboot (aws rds reboot-db-instance), which neither RDS nor Terraform does`,
        "parameters.static",
      );
    }
    this.resource = new DbParameterGroup(this, "Resource", {
      // A name prefix and create_before_destroy: a major version upgrade needs a group of another family, the group of a running
      // instance cannot be deleted, and two groups cannot have one name.
      namePrefix: `${shortened(physicalName(this, 200), 200)}-`,
      description: `Parameters of ${namingPath(this)}`.slice(0, 255),
      family: `${engine.family}${engine.majorVersion}`,
      parameter: Object.keys(parameters)
        .sort()
        .map((name) => ({
          name,
          value: parameters[name] as string,
          applyMethod: isStatic(name) ? "pending-reboot" : "immediate",
        })),
      lifecycle: { createBeforeDestroy: true },
      tags,
      provider,
      dependsOn,
    });
    this.groupName = this.resource.name;
  }

  private check(checks: SynthChecks, props: RdsParameterGroupProps): void {
    const { engine, maxConnections, slowQueryMs } = props;
    const postgres = engine.family === EngineFamily.POSTGRES;
    // RDS API, DescribeEngineDefaultParameters: the allowed values of max_connections.
    checks.wholeNumber("maxConnections", maxConnections, postgres ? 6 : 10, postgres ? 262_143 : 100_000);
    checks.wholeNumber("slowQueryMs", slowQueryMs, -1, 2_147_483_647, "milliseconds");
    const parameters = props.parameters ?? {};
    if (!isResolved(Object.keys(parameters))) {
      checks.fail("parameters", parameters, "must have names that are known at synth; values may be tokens");
      return;
    }
    for (const [name, value] of Object.entries(parameters)) {
      const property = BY_PROPERTY[engine.family]?.[name.toLowerCase()];
      if (property)
        checks.fail(
          `parameters["${name}"]`,
          value,
          `must not be set; set ${property} instead`,
          `PARAMETERS-${name}`,
        );
      checks.matches("parameters", name, PARAMETER_NAME, "must be names of DB parameters");
      if (postgres && name === "log_statement") {
        checks.check(
          `parameters["${name}"]`,
          value,
          () => ["none", "ddl", "mod", "all"].includes(value),
          LOG_RULE,
        );
        if (value !== "none") {
          checks.optOut("parameters.log_statement: passwords in SQL statements may be logged");
        }
      }
    }
    for (const name of props.staticParameters ?? []) {
      checks.check("staticParameters", name, () => name in parameters, "must be names in parameters");
    }
  }
}

const LOG_RULE = "must be none, ddl, mod or all";

function defaults(props: RdsParameterGroupProps): { [name: string]: string } {
  const slowMs = props.slowQueryMs ?? DEFAULT_SLOW_MS;
  const tls = (props.tlsEnforced ?? true) ? "1" : "0";
  const connections: { [name: string]: string } =
    props.maxConnections === undefined ? {} : { max_connections: `${props.maxConnections}` };
  if (props.engine.family === EngineFamily.POSTGRES) {
    return {
      ...connections,
      "rds.force_ssl": tls,
      log_connections: "1",
      log_disconnections: "1",
      log_lock_waits: "1",
      log_min_duration_statement: `${slowMs}`,
      // Not `ddl`, which logs `CREATE ROLE ... PASSWORD` with the password. The pgaudit extension logs the same statements without
      // passwords.
      log_statement: "none",
    };
  }
  return {
    ...connections,
    require_secure_transport: tls,
    slow_query_log: slowMs === -1 ? "0" : "1",
    ...(slowMs === -1 ? {} : { long_query_time: seconds(slowMs) }),
    // CloudWatch exports files, not tables.
    log_output: "FILE",
  };
}

function seconds(milliseconds: number): string {
  return isResolved(milliseconds)
    ? `${milliseconds / 1000}`
    : `${Op.div(terraformCall("tonumber", milliseconds), 1000)}`;
}
