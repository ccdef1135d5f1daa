import { RdsParameterGroup, type RdsParameterGroupProps } from "../../../lib/aws";
import { synthesize } from "../../support/synth";
import { MYSQL, POSTGRES, parametersOf } from "./fixture";

const group = (props: Partial<RdsParameterGroupProps> = {}) =>
  synthesize((stack) => {
    new RdsParameterGroup(stack, "parameters", { engine: POSTGRES, ...props });
  });

test("PostgreSQL: requires TLS, and logs connections, lock waits and slow statements", () => {
  const made = group().resource("aws_db_parameter_group");
  expect(made).toMatchObject({ family: "postgres17", lifecycle: { create_before_destroy: true } });
  expect(made.name_prefix).toBe("test-parameters-");
  expect(parametersOf(made)).toEqual({
    log_connections: "1",
    log_disconnections: "1",
    log_lock_waits: "1",
    log_min_duration_statement: "1000",
    log_statement: "none",
    "rds.force_ssl": "1",
  });
});

test("MySQL: the same settings with its parameters", () => {
  const made = group({ engine: MYSQL, slowQueryMs: 250 }).resource("aws_db_parameter_group");
  expect(parametersOf(made)).toEqual({
    log_output: "FILE",
    long_query_time: "0.25",
    require_secure_transport: "1",
    slow_query_log: "1",
  });
  const silent = group({ engine: MYSQL, slowQueryMs: -1 }).resource("aws_db_parameter_group");
  expect(parametersOf(silent)).toMatchObject({ slow_query_log: "0" });
  expect(parametersOf(silent)).not.toHaveProperty("long_query_time");
  const late = group({ engine: MYSQL, slowQueryMs: "${var.slow}" as unknown as number });
  expect(parametersOf(late.resource("aws_db_parameter_group")).long_query_time).toBe(
    "${(tonumber(var.slow) / 1000)}",
  );
});

test("static parameters are applied at the next reboot, others immediately", () => {
  const made = group({
    maxConnections: 300,
    parameters: {
      work_mem: "65536",
      shared_preload_libraries: "pg_stat_statements,pgaudit",
      "pgaudit.log": "ddl",
      odd: "1",
    },
    staticParameters: ["odd"],
  }).resource("aws_db_parameter_group");
  const methods = Object.fromEntries(
    made.parameter.map((each: { name: string; apply_method: string }) => [each.name, each.apply_method]),
  );
  expect(methods).toMatchObject({
    max_connections: "pending-reboot",
    shared_preload_libraries: "pending-reboot",
    odd: "pending-reboot",
    work_mem: "immediate",
    "pgaudit.log": "immediate",
    "rds.force_ssl": "immediate",
  });
  // MySQL changes the number of connections while it runs, PostgreSQL does not.
  const mysql = group({ engine: MYSQL, maxConnections: 300 }).resource("aws_db_parameter_group");
  expect(mysql.parameter.find((p: { name: string }) => p.name === "max_connections").apply_method).toBe(
    "immediate",
  );
});

test("parameters are sorted by name", () => {
  const one = group({ parameters: { b: "1", a: "2" } });
  const two = group({ parameters: { a: "2", b: "1" } });
  expect(one.resource("aws_db_parameter_group")).toEqual(two.resource("aws_db_parameter_group"));
});

test("log_statement is recorded as an opt-out, since statements may contain passwords", () => {
  const out = group({ parameters: { log_statement: "ddl" } });
  expect(out.infos[0]?.message).toMatch(
    /^opt-out: RDS-PARAMETERS-LOG-STATEMENT: parameters\.log_statement: passwords/,
  );
  expect(() => group({ parameters: { log_statement: "some" } })).toThrow(
    /must be none, ddl, mod or all \(got "some"\)/,
  );
});
