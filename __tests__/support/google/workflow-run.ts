/**
 * Executes a workflow of Google Cloud, as far as ours use its syntax, against functions that stand in for its connectors: assign, call,
 * for, switch, try with retry and except, next, raise, return, and expressions with `map.get`, `default`, `in`, `and`.
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
  map: { get: (map: Any, key: string) => map?.[key] ?? null },
  text: { match_regex: (text: string, pattern: string) => new RegExp(pattern).test(text) },
  list: { concat: (list: Any[], value: Any) => [...list, value] },
  default_: (value: Any, other: Any) => value ?? other,
  in_: (value: Any, list: Any[]) => list.includes(value),
};

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
  }

  public run(): Any {
    return this.steps(this.subworkflows.main.steps)?.returned;
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
        return this.step(body.try);
      } catch (thrown) {
        if (!(thrown instanceof WorkflowError)) throw thrown;
        const predicate = /^\$\{(\w+)\}$/.exec(body.retry.predicate)?.[1] as string;
        if (attempt < body.retry.max_retries && this.subworkflow(predicate, thrown.raised) === true) continue;
        if (!body.except) throw thrown;
        this.variables[body.except.as] = thrown.raised;
        return this.steps(body.except.steps);
      }
    }
  }

  private subworkflow(name: string, argument: Any): Any {
    const { params, steps } = this.subworkflows[name];
    const outer = this.variables;
    this.variables = { [params[0]]: argument };
    try {
      return this.steps(steps)?.returned;
    } finally {
      this.variables = outer;
    }
  }

  private call(body: Any): Any {
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
    const script = text
      .replace(/\bdefault\(/g, "default_(")
      .replace(/([\w.]+) in (\w+)/g, "in_($1, $2)")
      .replace(/ and /g, " && ")
      .replace(/ != /g, " !== ")
      .replace(/ == /g, " === ");
    const scope = { ...FUNCTIONS, sys: this.sys, ...this.variables };
    return new Function(...Object.keys(scope), `return ${script};`)(...Object.values(scope));
  }
}
