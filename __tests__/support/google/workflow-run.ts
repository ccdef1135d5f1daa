/**
 * Executes a workflow of Google Cloud, as far as ours use its syntax, against functions that stand in for its connectors: assign, call,
 * for, switch, try with retry and except, next, raise, return, subworkflows, and expressions with `map.get`, `default`, `in`, `and`. It
 * refuses a step name that a workflow has twice, and an expression above 400 characters: cloud.google.com/workflows/quotas.
 *
 * @see https://cloud.google.com/workflows/docs/reference/syntax
 */

// biome-ignore lint/suspicious/noExplicitAny: a workflow is JSON of any shape
type Any = any;
type Step = Record<string, Any>;

/** Functions of connectors and of the standard library that a `call` names. */
export interface WorkflowCalls {
  readonly [name: string]: (args: Any) => Any;
}

/** An error that a workflow raised. */
export class WorkflowError extends Error {
  public constructor(public readonly raised: Any) {
    super(typeof raised === "string" ? raised : JSON.stringify(raised));
  }
}

const FUNCTIONS: Record<string, unknown> = {
  map: {
    get: (map: Any, path: string | string[]) =>
      [path].flat().reduce((value: Any, key) => value?.[key] ?? null, map),
  },
  text: {
    match_regex: (text: string, pattern: string) => new RegExp(pattern).test(text),
    substring: (text: string, start: number, end: number) => text.slice(start, end),
    replace_all: (text: string, found: string, other: string) => text.replaceAll(found, other),
  },
  time: {
    format: (seconds: number) => new Date(seconds * 1000).toISOString(),
    parse: (text: string) => Date.parse(text) / 1000,
  },
  json: { encode_to_string: (value: Any) => JSON.stringify(value) },
  int: (value: Any) => Math.trunc(Number(value)),
  string: (value: Any) => `${value}`,
  len: (value: Any) => value.length,
  if_: (condition: boolean, value: Any, other: Any) => (condition ? value : other),
  list: { concat: (list: Any[], value: Any) => [...list, value] },
  default_: (value: Any, other: Any) => value ?? other,
  in_: (value: Any, list: Any[]) => list.includes(value),
};

/** Operators and functions of Workflows in JavaScript. */
function operators(text: string): string {
  return text
    .replace(/\bdefault\(/g, "default_(")
    .replace(/\bif\(/g, "if_(")
    .replace(/\bnot\(/g, "!(")
    .replace(/([\w.]+) in (\w+)/g, "in_($1, $2)")
    .replace(/ and /g, " && ")
    .replace(/ != /g, " !== ")
    .replace(/ == /g, " === ");
}

/** Refuses a step name that a workflow has twice, in nested steps too. */
function uniqueNames(value: Any, names: Set<string>): void {
  if (Array.isArray(value)) {
    for (const one of value) uniqueNames(one, names);
    return;
  }
  if (value === null || typeof value !== "object") return;
  for (const [key, inner] of Object.entries<Any>(value)) {
    if (key !== "steps" && !(Array.isArray(inner) && key === "switch")) {
      uniqueNames(inner, names);
      continue;
    }
    for (const step of inner as Step[]) {
      if (key === "steps") {
        const [name] = Object.keys(step) as [string];
        if (names.has(name)) throw new Error(`two steps are called ${name}`);
        names.add(name);
      }
      uniqueNames(step, names);
    }
  }
}

/** Runs a workflow's source. @returns the value of its `return`. @throws WorkflowError for a `raise`. */
export class WorkflowRun {
  private variables: Record<string, Any> = {};
  private readonly subworkflows: Record<string, Any>;

  public constructor(
    source: string,
    private readonly calls: WorkflowCalls,
    private readonly sys: { now(): number; get_env(name: string): string },
  ) {
    this.subworkflows = JSON.parse(source);
    for (const { steps } of Object.values(this.subworkflows)) uniqueNames(steps, new Set());
  }

  /** @param argument the argument of the execution; the value of the first parameter of `main`. */
  public run(argument: Any = null): Any {
    const { params, steps } = this.subworkflows.main;
    if (params) this.variables[params[0]] = argument;
    return this.steps(steps)?.returned;
  }

  private steps(steps: Step[]): { next?: string; returned?: Any } | undefined {
    let at = 0;
    while (at < steps.length) {
      const [body] = Object.values(steps[at] as Step);
      const done = this.step(body);
      if (done && "returned" in done) return done;
      if (done?.next === undefined) {
        at += 1;
        continue;
      }
      const target = steps.findIndex((step) => (done.next as string) in step);
      // A step of an outer list.
      if (target < 0) return done;
      at = target;
    }
    return undefined;
  }

  private step(body: Any): { next?: string; returned?: Any } | undefined {
    if (body.assign) {
      for (const one of body.assign) {
        const [[name, value]] = Object.entries(one) as [[string, Any]];
        this.variables[name] = this.value(value);
      }
    } else if (body.call) {
      const result = this.call(body);
      if (body.result) this.variables[body.result] = result;
    } else if (body.for) {
      for (const value of this.value(body.for.in)) {
        this.variables[body.for.value] = value;
        const done = this.steps(body.for.steps);
        if (done) return done;
      }
    } else if (body.switch) {
      const found = body.switch.find((one: Any) => this.value(one.condition) === true);
      if (found?.steps) {
        const done = this.steps(found.steps);
        if (done) return done;
      }
      if (found && "return" in found) return { returned: this.value(found.return) };
      if (found?.next) return { next: found.next };
    } else if (body.try) {
      const done = this.attempt(body);
      if (done) return done;
    } else if ("raise" in body) {
      throw new WorkflowError(this.value(body.raise));
    } else if ("return" in body) {
      return { returned: this.value(body.return) };
    } else {
      throw new Error(`unknown step: ${JSON.stringify(body)}`);
    }
    return body.next ? { next: body.next } : undefined;
  }

  private attempt(body: Any): { next?: string; returned?: Any } | undefined {
    for (let attempt = 0; ; attempt += 1) {
      try {
        return body.try.steps ? this.steps(body.try.steps) : this.step(body.try);
      } catch (thrown) {
        if (!(thrown instanceof WorkflowError)) throw thrown;
        if (body.retry && attempt < body.retry.max_retries && this.retries(body.retry, thrown.raised))
          continue;
        if (!body.except) throw thrown;
        this.variables[body.except.as] = thrown.raised;
        return this.steps(body.except.steps);
      }
    }
  }

  private retries(retry: Any, raised: Any): boolean {
    const predicate = /^\$\{(\w+)\}$/.exec(retry.predicate)?.[1] as string;
    const [parameter] = this.subworkflows[predicate].params;
    return this.subworkflow(predicate, { [parameter]: raised }) === true;
  }

  private subworkflow(name: string, args: Record<string, Any>): Any {
    const { params, steps } = this.subworkflows[name];
    if (Object.keys(args).sort().join() !== [...params].sort().join())
      throw new Error(`${name} is called with ${Object.keys(args)}`);
    const outer = this.variables;
    this.variables = { ...args };
    try {
      return this.steps(steps)?.returned;
    } finally {
      this.variables = outer;
    }
  }

  private call(body: Any): Any {
    if (body.call in this.subworkflows) return this.subworkflow(body.call, this.value(body.args));
    const call = this.calls[body.call];
    if (!call) throw new Error(`no stand-in for ${body.call}`);
    return call(this.value(body.args));
  }

  private value(value: Any): Any {
    if (Array.isArray(value)) return value.map((one) => this.value(one));
    if (value !== null && typeof value === "object") {
      return Object.fromEntries(Object.entries(value).map(([key, one]) => [key, this.value(one)]));
    }
    const text = typeof value === "string" ? /^\$\{(.*)\}$/s.exec(value)?.[1] : undefined;
    return text === undefined ? value : this.evaluate(text);
  }

  private evaluate(text: string): Any {
    if (text.length > 400) throw new Error(`the expression is longer than 400 characters: ${text}`);
    // Words of string literals stay as they are.
    const script = text
      .split(/("(?:[^"\\]|\\.)*")/)
      .map((part, at) => (at % 2 === 1 ? part : operators(part)))
      .join("");
    const scope = { ...FUNCTIONS, sys: this.sys, ...this.variables };
    return new Function(...Object.keys(scope), `return ${script};`)(...Object.values(scope));
  }
}
