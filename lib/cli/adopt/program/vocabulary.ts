// Expressions of the package's vocabulary that every cloud uses.

import { call, type Expression, imported, list, literal, object } from "./expression";

/** Module of the vocabulary. */
export const DATABASE = "cdktf-devplatforms/database";

/** A name of the vocabulary, such as `Availability.ZONAL`. */
export function word(path: string): Expression {
  return imported(DATABASE, path);
}

const CONSTANTS: { readonly [family: string]: { readonly [version: string]: string } } = {
  postgres: { "13": "V13", "14": "V14", "15": "V15", "16": "V16", "17": "V17", "18": "V18" },
  mysql: { "5.7": "V5_7", "8.0": "V8_0", "8.4": "V8_4" },
};

/** `DatabaseEngine.postgres(PostgresVersion.V17)`, by the constant where there is one. */
export function engineOf(family: "postgres" | "mysql", version: string): Expression {
  const type = family === "postgres" ? "PostgresVersion" : "MysqlVersion";
  const constant = CONSTANTS[family]?.[version];
  return call(
    word(`DatabaseEngine.${family}`),
    constant === undefined ? call(word(`${type}.of`), literal(version)) : word(`${type}.${constant}`),
  );
}

/** Major version of PostgreSQL, release series of MySQL. */
export function majorOf(family: "postgres" | "mysql", version: string): string {
  return version
    .split(".")
    .slice(0, family === "postgres" ? 1 : 2)
    .join(".");
}

/** A size by the name of its machine, which stays as it is. */
export function namedSize(cloud: string, name: string): Expression {
  return call(word("MachineSize.of"), object({ names: object({ [cloud]: literal(name) }) }));
}

/** A maintenance window. */
export function windowOf(day: string, start: string, minutes: number): Expression {
  return object({
    day: word(`DayOfWeek.${day}`),
    start: literal(start),
    minutes: minutes === 60 ? undefined : literal(minutes),
  });
}

/** The days of `DayOfWeek`, Monday first. */
export const DAYS = ["MONDAY", "TUESDAY", "WEDNESDAY", "THURSDAY", "FRIDAY", "SATURDAY", "SUNDAY"];

/** Reads a password that is known outside Terraform: a variable, of which no value is in the state or plan. */
export function passwordVariable(
  constant: string,
  name: string,
): { constant: string; expression: Expression } {
  return {
    constant,
    expression: {
      kind: "new",
      callee: imported("cdktf", "TerraformVariable"),
      args: [{ kind: "variable", name: "this" }, literal(name), object({ type: literal("string") })],
    },
  };
}

/** A login whose password is a variable's value. */
export function loginOf(username: string, constant: string): Expression {
  return call(
    word("DatabaseLogin.withPassword"),
    literal(username),
    call(word("SecretValue.fromVariable"), { kind: "variable", name: constant }, literal(1)),
  );
}

/** A list of texts. */
export function textList(values: readonly string[]): Expression {
  return list(...values.map(literal));
}
