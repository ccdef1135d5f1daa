// Environment variables that the user adds to Coder v1 or v2: the names that are not allowed, and the secret for their secret values.

import type { Construct } from "constructs";
import type { SynthChecks } from "../../database/private";
import type { EnvironmentVariable } from "../../kubernetes";
import { DatabaseSecret, type DatabaseSecretProps, SecretEntry } from "../../kubernetes";
import { checkEnvironmentName, holdsSecret } from "../../kubernetes/private";

/** Rules of a chart and a construct for the user's variables. */
export interface VariableRules {
  /** Names that the construct sets, each with the property to use instead. */
  readonly owned: { readonly [name: string]: string };
  /** True if the chart sets the variable. */
  readonly isOfChart: (name: string) => boolean;
}

/** Reports variables that the chart or the construct sets, duplicates, and secrets as plain values. */
export function checkVariables(
  checks: SynthChecks,
  variables: EnvironmentVariable[],
  { owned, isOfChart }: VariableRules,
): void {
  const seen = new Set<string>();
  for (const { name, plainText } of variables) {
    checkEnvironmentName(checks, "env.name", name);
    if (seen.has(name)) {
      checks.fail(
        "env",
        name,
        "must not set a variable twice, since the last one would win",
        "env.duplicate",
      );
    }
    seen.add(name);
    const property = Object.hasOwn(owned, name) ? owned[name] : undefined;
    if (property) {
      checks.fail("env", name, `must not set a variable of the construct; use ${property}`, "env.owned");
    }
    if (isOfChart(name)) {
      checks.fail(
        "env",
        name,
        "must not set a variable of the chart, which supports no other value",
        "env.chart",
      );
    }
    if (/^PG[A-Z]/.test(name)) {
      checks.fail(
        "env",
        name,
        "must not set a PG variable, because Coder's database driver reads it; use database",
        "env.pg",
      );
    }
    if (holdsSecret(name, plainText)) {
      checks.fail(
        "env",
        name,
        "must not hold a secret as a plain value, which the output, the state and the release would show; use EnvironmentVariable.fromSecretValue or fromSecret",
        "env.secret",
      );
    }
  }
}

/** Secret `Environment` for values that must not be in the chart's values; not created without such values. */
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
