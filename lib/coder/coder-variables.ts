// The variables that a user adds, of Coder and of Coder v1: what may not be among them, and where their secret values are kept.

import type { Construct } from "constructs";
import type { SynthChecks } from "../database/private";
import type { EnvironmentVariable } from "../kubernetes";
import { checkEnvironmentName, DatabaseSecret, type DatabaseSecretProps, SecretEntry } from "../kubernetes";

/** What a chart and a construct say of variables. */
export interface VariableRules {
  /** Names that the construct sets, with the property to use instead. */
  readonly owned: { readonly [name: string]: string };
  /** Whether the chart sets a variable. */
  readonly isOfChart: (name: string) => boolean;
  /** Names whose values are secrets. */
  readonly secretName: RegExp;
}

/** Reports variables that others set, that are there twice, and secrets in plain text. */
export function checkVariables(
  checks: SynthChecks,
  variables: EnvironmentVariable[],
  { owned, isOfChart, secretName }: VariableRules,
): void {
  const seen = new Set<string>();
  for (const { name, plainText } of variables) {
    checkEnvironmentName(checks, "env.name", name);
    if (seen.has(name)) checks.fail("env", name, "each variable may be there once; the last one would win");
    seen.add(name);
    const property = Object.hasOwn(owned, name) ? owned[name] : undefined;
    if (property) checks.fail("env", name, `the construct sets this variable; use ${property}`);
    if (isOfChart(name)) {
      checks.fail("env", name, "the chart sets this variable itself and does not support another value");
    }
    if (/^PG[A-Z]/.test(name)) {
      checks.fail(
        "env",
        name,
        "Coder's database driver reads PG variables; what they say comes from database",
      );
    }
    if (plainText !== undefined && secretName.test(name)) {
      checks.fail(
        "env",
        name,
        "a secret as plain text would be in the output, the state and the release; use EnvironmentVariable.fromSecretValue or fromSecret",
      );
    }
  }
}

/** The secret `Environment` with the values that may not be in the chart's values; none where there are none. */
export function variablesSecret(
  scope: Construct,
  variables: EnvironmentVariable[] | undefined,
  options: Omit<DatabaseSecretProps, "entries">,
): DatabaseSecret | undefined {
  const entries = (variables ?? []).flatMap(({ name, secretValue }) =>
    secretValue ? [SecretEntry.secret(name, secretValue)] : [],
  );
  return entries.length > 0 ? new DatabaseSecret(scope, "Environment", { ...options, entries }) : undefined;
}
