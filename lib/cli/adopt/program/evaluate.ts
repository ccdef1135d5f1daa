import type { Expression, Statement } from "./expression";

/** Exports of a module. */
type Exports = { readonly [name: string]: unknown };

/** Loads the modules that the program imports, from this package and the user's installation. */
const MODULES: { readonly [name: string]: () => Promise<Exports> } = {
  cdktf: () => import("cdktf"),
  "@cdktf/provider-aws/lib/provider": () => import("@cdktf/provider-aws/lib/provider"),
  "@cdktf/provider-aws/lib/data-aws-db-subnet-group": () =>
    import("@cdktf/provider-aws/lib/data-aws-db-subnet-group"),
  "@cdktf/provider-google/lib/provider": () => import("@cdktf/provider-google/lib/provider"),
  "@cdktf/provider-azurerm/lib/provider": () => import("@cdktf/provider-azurerm/lib/provider"),
  "cdktf-devplatforms/database": () => import("../../../database"),
  "cdktf-devplatforms/aws": () => import("../../../aws"),
  "cdktf-devplatforms/google": () => import("../../../google"),
  "cdktf-devplatforms/azure": () => import("../../../azure"),
};

/** Modules of the program by name. */
export async function loadModules(names: Iterable<string>): Promise<Map<string, Exports>> {
  const loaded = new Map<string, Exports>();
  for (const name of names) {
    try {
      loaded.set(name, (await MODULES[name]?.()) ?? {});
    } catch (error) {
      const [, missing] = /Cannot find (?:module|package) '(@cdktf\/[a-z-]+|cdktf)/.exec(String(error)) ?? [];
      if (missing === undefined) throw error;
      throw new Error(`${missing} is not installed; the program needs it: npm install ${missing}`);
    }
  }
  return loaded;
}

/**
 * Runs statements as the printed program would.
 *
 * @param self the value of `this`.
 * @param functions functions that the program declares.
 * @returns the values of the constants.
 */
export function evaluateAll(
  statements: readonly Statement[],
  modules: ReadonlyMap<string, Exports>,
  self: unknown,
  functions: Exports,
): Map<string, unknown> {
  const constants = new Map<string, unknown>([["this", self], ...Object.entries(functions)]);
  const evaluate = (expression: Expression): unknown => {
    switch (expression.kind) {
      case "value":
        return expression.value;
      case "list":
        return expression.items.map(evaluate);
      case "object":
        return Object.fromEntries(expression.entries.map(([name, each]) => [name, evaluate(each)]));
      case "variable":
        return constants.get(expression.name);
      case "imported":
        return memberAt(modules.get(expression.module), expression.path.split("."));
      case "member":
        return memberAt(evaluate(expression.of), [expression.name]);
      case "new":
        return Reflect.construct(evaluate(expression.callee) as never, expression.args.map(evaluate));
      case "call":
        return callOf(expression.callee, expression.args.map(evaluate));
    }
  };
  const callOf = (callee: Expression, args: unknown[]): unknown => {
    if (callee.kind === "imported") {
      const path = callee.path.split(".");
      const owner = memberAt(modules.get(callee.module), path.slice(0, -1));
      return Reflect.apply(memberAt(owner, path.slice(-1)) as never, owner, args);
    }
    const owner = callee.kind === "member" ? evaluate(callee.of) : undefined;
    return Reflect.apply(evaluate(callee) as never, owner, args);
  };
  for (const { constant, expression } of statements) {
    const value = evaluate(expression);
    if (constant !== undefined) constants.set(constant, value);
  }
  return constants;
}

function memberAt(value: unknown, path: readonly string[]): unknown {
  return path.reduce<unknown>((owner, name) => (owner as Exports)[name], value);
}
