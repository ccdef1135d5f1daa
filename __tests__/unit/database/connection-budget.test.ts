// That Terraform counts like this is shown in __tests__/terraform.
import { TerraformVariable } from "cdktf";
import { Construct } from "constructs";
import {
  ConnectionBudget,
  type ConnectionCapacity,
  type ConnectionConsumer,
  TerraformData,
} from "../../../lib/database";
import { problemsOf, synthesize } from "../../support/synth";

const capacity = (maximum: number, reserved = 3): ConnectionCapacity => ({
  maximum,
  reserved,
  basis: "maxConnections",
});

function adding(consumers: ConnectionConsumer[], of: ConnectionCapacity | undefined) {
  return (scope: Construct) => {
    const part = new Construct(scope, "server");
    const budget = new ConnectionBudget(part, "", of);
    for (const consumer of consumers) budget.add(consumer);
  };
}
const problems = (consumers: ConnectionConsumer[], of: ConnectionCapacity | undefined) =>
  problemsOf(adding(consumers, of));
const warnings = (consumers: ConnectionConsumer[], of: ConnectionCapacity | undefined) =>
  synthesize(adding(consumers, of)).warnings.map((note) => note.message);

function needed(...consumers: ConnectionConsumer[]): number | undefined {
  let result: number | undefined;
  synthesize((stack) => {
    const budget = new ConnectionBudget(stack, "", capacity(1_000_000));
    for (const consumer of consumers) budget.add(consumer);
    result = budget.needed;
  });
  return result;
}

describe("the worst moment", () => {
  // The tiers of Coder's validated architectures with pools of 10, 20, 30 and 50.
  test.each([
    [3, [44, 84, 124, 204]],
    [4, [55, 105, 155, 255]],
    [10, [143, 273, 403, 663]],
  ])("%d replicas with a listener each", (replicas, expected) => {
    const pools = [10, 20, 30, 50];
    expect(pools.map((poolMax) => needed({ name: "coder", replicas, poolMax, listeners: 1 }))).toEqual(
      expected,
    );
  });

  test.each([
    [{ replicas: 3, poolMax: 30, surge: 0 }, 90],
    [{ replicas: 3, poolMax: 30 }, 120],
    [{ replicas: 1, poolMax: 10 }, 20],
    [{ replicas: 0, poolMax: 10, other: 5 }, 5],
    [{ replicas: 4, poolMax: 10, surge: 1, other: 10 }, 90],
    // In a computer's arithmetic 0.07 x 100 is more than 7, and 0.1 x 30 is 3.0000000000000004 in some orders.
    [{ replicas: 100, poolMax: 1, surge: 0.07 }, 107],
    [{ replicas: 30, poolMax: 1, surge: 0.1 }, 33],
    [{ replicas: 30, poolMax: 1, surge: 0.101 }, 34],
  ])("%p needs %d", (consumer, expected) => {
    expect(needed({ name: "app", ...consumer })).toBe(expected);
  });

  test("consumers add up", () => {
    expect(needed()).toBe(0);
    expect(
      needed({ name: "a", replicas: 1, poolMax: 10 }, { name: "b", replicas: 2, poolMax: 5, other: 3 }),
    ).toBe(38);
  });
});

describe("against what the server takes", () => {
  const coder = { name: "coder", replicas: 3, poolMax: 30 };

  test("the worked example: 3 x 30 fits 97 at rest, not while it is updated", () => {
    expect(problems([{ ...coder, surge: 0 }], capacity(100))).toEqual([]);
    expect(problems([coder], capacity(100))).toEqual([
      "[server] connectionBudget must be at most 97 connections, 100 (maxConnections) less 3 reserved (got 120); peak connections " +
        "during a rolling update: coder 120. Reduce replicas or pools, use a larger size or set maxConnections, or put a pooler in front",
    ]);
  });

  test("the last connection may be used, with a warning from 80 % on", () => {
    expect(problems([coder], capacity(123))).toEqual([]);
    expect(problems([coder], capacity(122))).toHaveLength(1);
    expect(warnings([coder], capacity(123))).toEqual([
      "connectionBudget: 100 % of the connections are in use at peak: 120 of 120 (coder 120)",
    ]);
    expect(warnings([coder], capacity(153))).toEqual([]);
    expect(warnings([coder], capacity(152))).toHaveLength(1);
  });

  test("all consumers are named", () => {
    const other = { name: "grafana", replicas: 1, poolMax: 5 };
    expect(problems([coder, other], capacity(100))[0]).toMatch("coder 120, grafana 10.");
  });

  test("an unknown capacity warns when somebody connects", () => {
    expect(warnings([], undefined)).toEqual([]);
    expect(warnings([coder], undefined)).toEqual([expect.stringMatching("set maxConnections")]);
    expect(problems([coder], undefined)).toEqual([]);
  });

  test("nobody connects: nothing to say", () => {
    expect(problems([], capacity(1))).toEqual([]);
    expect(warnings([], capacity(1))).toEqual([]);
  });
});

describe("numbers that are none", () => {
  const base = { name: "coder", replicas: 3, poolMax: 10 };

  test.each([
    [{ replicas: -1 }, "replicas of coder must be a whole number from 0 to 1000000 (got -1)"],
    [{ replicas: 2.5 }, "replicas of coder must be a whole number from 0 to 1000000 (got 2.5)"],
    [{ replicas: Number.NaN }, "replicas of coder must be a whole number from 0 to 1000000 (got NaN)"],
    [{ surge: -0.1 }, "surge of coder must be a number from 0 to 1 (got -0.1)"],
    [{ surge: 25 }, "surge of coder must be a number from 0 to 1 (got 25)"],
    [{ surge: Number.NaN }, "surge of coder must be a number from 0 to 1 (got NaN)"],
    // An unlimited pool, in Go.
    [{ poolMax: 0 }, "poolMax of coder must be a whole number from 1 to 1000000 (got 0)"],
    [{ listeners: -1 }, "listeners of coder must be a whole number from 0 to 1000000 (got -1)"],
    [{ other: 0.5 }, "other of coder must be a whole number from 0 to 1000000 (got 0.5)"],
  ])("%p", (wrong, message) => {
    expect(problems([{ ...base, ...wrong }], capacity(10))).toEqual([`[server] ${message}`]);
  });
});

describe("tokens", () => {
  type Order = "first" | "between" | "last";
  function withTokens(
    build: (n: (name: string) => number) => {
      consumers: ConnectionConsumer[];
      of: ConnectionCapacity | undefined;
    },
    late: ConnectionConsumer[] = [],
    asked: Order = "between",
  ) {
    const seen: { needed?: number; available?: number; rendered: unknown[] } = { rendered: [] };
    const make = (scope: Construct) => {
      const n = (name: string) => new TerraformVariable(scope, name, { type: "number" }).numberValue;
      const { consumers, of } = build(n);
      const budget = new ConnectionBudget(scope, "", of);
      const first = asked === "first" && budget.preconditions();
      for (const consumer of consumers) budget.add(consumer);
      seen.needed = budget.needed;
      seen.available = budget.available;
      const between = asked === "between" && budget.preconditions();
      for (const consumer of late) budget.add(consumer);
      const preconditions = first || between || budget.preconditions();
      const { Password } = require("@cdktf/provider-random/lib/password");
      new Password(scope, "user", { length: 16, lifecycle: { precondition: preconditions } });
    };
    const { resource, warnings: notes } = synthesize(make);
    return { ...seen, notes, precondition: resource("random_password").lifecycle?.precondition?.[0] };
  }

  test("with everything known there is nothing left for Terraform", () => {
    const result = withTokens(() => ({
      consumers: [{ name: "a", replicas: 1, poolMax: 1 }],
      of: capacity(100),
    }));
    expect(result).toMatchObject({ needed: 2, available: 97, precondition: undefined });
  });

  test.each(["replicas", "surge", "poolMax", "listeners", "other"])("%s known later", (property) => {
    const result = withTokens((n) => ({
      consumers: [
        { name: "coder", replicas: 3, poolMax: 10, [property]: n("n") },
        { name: "grafana", replicas: 1, poolMax: 5 },
      ],
      of: capacity(100),
    }));
    expect(result.needed).toBeUndefined();
    expect(result.notes).toEqual([]);
    // Whatever is known is counted at synth: grafana's ten. A zero on an operator's right would be "undefined".
    expect(result.precondition.condition).not.toContain("undefined");
    expect(result.precondition.condition).toMatch(/^\$\{\(\(\(10 \+ .*var\.n.*\) \+ 3\) <= 100\)\}$/);
    expect(result.precondition.error_message).toMatch("than the server accepts (coder, grafana). Reduce");
  });

  test("a capacity known later", () => {
    const result = withTokens((n) => ({
      consumers: [{ name: "coder", replicas: 3, poolMax: 10 }],
      of: { maximum: n("max"), reserved: 3, basis: "maxConnections" },
    }));
    expect(result.available).toBeUndefined();
    expect(result.precondition.condition).toBe("${((40 + 3) <= var.max)}");
  });

  test.each<Order>(["first", "between", "last"])(
    "the precondition counts every consumer when it is taken %s of the calls",
    (asked) => {
      const result = withTokens(
        (n) => ({ consumers: [{ name: "coder", replicas: n("n"), poolMax: 10 }], of: capacity(100) }),
        [{ name: "late", replicas: 1, poolMax: 7 }],
        asked,
      );
      expect(result.precondition.condition).toContain("(14 + ");
      expect(result.precondition.condition).not.toContain("undefined");
      expect(result.precondition.error_message).toContain("(coder, late)");
    },
  );

  test.each<Order>(["first", "last"])(
    "a consumer with a token, added after one without, makes the precondition when it is taken %s",
    (asked) => {
      const result = withTokens(
        (n) => ({
          consumers: [
            { name: "known", replicas: 1, poolMax: 7 },
            { name: "token", replicas: n("n"), poolMax: 10 },
          ],
          of: capacity(100),
        }),
        [],
        asked,
      );
      expect(result.precondition.error_message).toContain("(known, token)");
    },
  );

  test("what is known may be too much already", () => {
    expect(
      problemsOf((stack) => {
        const n = new TerraformVariable(stack, "n", { type: "number" }).numberValue;
        const budget = new ConnectionBudget(stack, "", capacity(100));
        budget.add({ name: "coder", replicas: n, poolMax: 10 });
        budget.add({ name: "gitlab", replicas: 10, poolMax: 10 });
      }),
    ).toEqual([expect.stringMatching(/^connectionBudget must be .*got 130.*: gitlab 130\. Reduce/)]);
  });

  test("without a capacity there is no condition", () => {
    const result = withTokens((n) => ({
      consumers: [{ name: "a", replicas: n("n"), poolMax: 1 }],
      of: undefined,
    }));
    expect(result.precondition).toBeUndefined();
    expect(result.notes).toHaveLength(1);
  });
});

describe("a limit that waits for a restart", () => {
  const pending = (inForce: number) => ({
    ...capacity(400),
    inForce,
    pending: "reboot the instance",
  });
  const consumer = { name: "coder", replicas: 3, poolMax: 40 };

  test("is not certified before it is in force", () => {
    expect(problems([consumer], pending(100))).toEqual([
      expect.stringMatching(
        /^\[server\] connectionBudget must be at most 97 connections, 100 \(in force, before 400, .*: reboot the instance\) less 3 reserved \(got 160\); /,
      ),
    ]);
    expect(problems([consumer], pending(400))).toEqual([]);
  });

  test("that is lower than the limit in force counts already", () => {
    expect(problems([consumer], { ...capacity(100), inForce: 400 })).toHaveLength(1);
  });

  test("that only Terraform knows is compared at apply, with the smaller of both", () => {
    const { json } = synthesize((stack) => {
      const inForce = new TerraformVariable(stack, "limit", { type: "number" }).numberValue;
      const budget = new ConnectionBudget(stack, "", pending(inForce));
      budget.add(consumer);
      expect(budget.available).toBe(397);
      new TerraformData(stack, "release", { lifecycle: { precondition: budget.preconditions() } });
    });
    const [precondition] = json.resource.terraform_data.release.lifecycle.precondition;
    expect(precondition.condition).toBe("${((160 + 3) <= min(400, var.limit))}");
    expect(precondition.error_message).toMatch(
      /A changed maximum counts when it is in force; reboot the instance\.$/,
    );
  });
});

test("the list of consumers cannot be changed from outside", () => {
  synthesize((stack) => {
    const budget = new ConnectionBudget(stack, "", capacity(100));
    budget.add({ name: "a", replicas: 1, poolMax: 1 });
    budget.consumers.push({ name: "b", replicas: 1, poolMax: 1 });
    expect(budget.consumers.map((c) => c.name)).toEqual(["a"]);
  });
});
