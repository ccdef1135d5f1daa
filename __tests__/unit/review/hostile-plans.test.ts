/** Plans that are wrong, or that somebody wrote to mislead: the review says so, ends in time, and renders no name of a plan. */
import fc from "fast-check";
import {
  NotAPlanError,
  renderHtml,
  renderJson,
  renderMarkdown,
  renderText,
  reviewPlan,
} from "../../../lib/review";
import { configurationJson, type GivenChange, planJson } from "../../support/review/plan-json";

const FORMATS = { text: renderText, markdown: renderMarkdown, html: renderHtml, json: renderJson };
const ALL_EFFECTS = { failOn: ["any"], today: "2026-11-27" };

describe("values that are known after the apply", () => {
  test("at the root of a server: every rule of an attribute asks for an approval, and nothing is called unchanged", () => {
    const change = { actions: ["update"], before: { instance_class: "a" }, after: {} };
    const { verdict, findings } = reviewPlan(planJson([{ ...change, change: { after_unknown: true } }]));
    expect(verdict).toBe("approval needed");
    expect(findings.map(({ effects }) => effects)).not.toEqual([]);
  });

  test.each([
    [{ settings: true }, "settings"],
    [{ settings: [true] }, "settings"],
    [{ settings: [{ novel: true }] }, "settings.novel"],
    [{ settings: [{ novel: [{ deep: true }] }] }, "settings.novel"],
  ])("%j is a change of %s", (after_unknown, at) => {
    const before = { settings: [{ novel: [{ deep: 1 }], tier: "db-f1-micro" }] };
    const after = { settings: [{ novel: [{}], tier: "db-f1-micro" }] };
    const plan = planJson([
      { type: "google_sql_database_instance", actions: ["update"], before, after, change: { after_unknown } },
    ]);
    const { verdict, changes } = reviewPlan(plan);
    expect(verdict).toBe("approval needed");
    expect(changes[0]?.attributes.join()).toContain(at);
  });
});

/** Names of members that every object of JavaScript has. */
const INHERITED = ["__proto__", "constructor", "toString", "hasOwnProperty", "valueOf"];

describe.each(INHERITED)("the name %s", (name) => {
  const named = (value: unknown) => JSON.parse(`{${JSON.stringify(name)}: ${JSON.stringify(value)}}`);

  test("of a type, a reason, a module and a label changes no review and no object", () => {
    const plan = planJson(
      [
        ...["create", "update", "delete"].map((action) => ({
          type: name,
          actions: [action],
          before: named(1),
          after: named(2),
          more: { action_reason: name },
        })),
        { type: name, actions: ["create"], after: named(1) },
      ],
      {
        deferred_changes: [
          { reason: name, resource_change: planJson([{ actions: ["create"] }]).resource_changes[0] },
        ],
        output_changes: named({ actions: ["update"] }),
        relevant_attributes: [{ resource: name, attribute: [name] }],
        resource_drift: planJson([{ type: name, actions: ["update"], before: named(1), after: named(2) }])
          .resource_changes,
      },
    );
    const review = reviewPlan(plan, { ...ALL_EFFECTS, stack: named(named(named(1))) });
    for (const render of Object.values(FORMATS)) {
      expect(render(review)).toContain(name);
      expect(render(review)).not.toContain("[native code]");
    }
    expect(({} as { polluted?: unknown }).polluted).toBeUndefined();
    expect(Object.keys(Object.prototype)).toEqual([]);
  });

  test("of an attribute of a server is an attribute without a rule", () => {
    const plan = planJson([{ actions: ["update"], before: named(1), after: named(2) }]);
    expect(reviewPlan(plan).findings.map(({ id }) => id)).toEqual([
      `EFFECT-NOT-KNOWN:aws_db_instance.a:${name}`,
    ]);
  });

  test("in the values of a Helm release changes no object", () => {
    const values = (value: unknown) => ({ values: [JSON.stringify(named({ polluted: value }))] });
    const plan = planJson([
      { type: "helm_release", actions: ["update"], before: values(1), after: values(2) },
    ]);
    expect(reviewPlan(plan).changes).toHaveLength(1);
    expect(({} as { polluted?: unknown }).polluted).toBeUndefined();
  });
});

test("of two changes with the same address, the dangerous one counts in both orders", () => {
  const harmless = { actions: ["update"], before: { tags: { a: "1" } }, after: { tags: { a: "2" } } };
  const dangerous = {
    actions: ["update"],
    before: { backup_retention_period: 14 },
    after: { backup_retention_period: 0 },
  };
  for (const changes of [
    [harmless, dangerous],
    [dangerous, harmless],
  ]) {
    expect(reviewPlan(planJson(changes)).findings.map(({ rule }) => rule)).toEqual(["RDS-BACKUPS-OFF"]);
  }
});

describe("depth", () => {
  const nested = (depth: number, inner: string, [open, close]: [string, string]) =>
    JSON.parse(`${open.repeat(depth)}${inner}${close.repeat(depth)}`) as object;
  const kinds: [string, [string, string]][] = [
    ["lists", ["[", "]"]],
    ["blocks", ['[{"a":', "}]"]],
    ["objects", ['{"a":', "}"]],
  ];

  test.each(kinds)("of 500 %s is reviewed", (_, kind) => {
    const plan = planJson([
      { actions: ["update"], before: { a: nested(500, "1", kind) }, after: { a: nested(500, "2", kind) } },
    ]);
    expect(reviewPlan(plan).verdict).toBe("approval needed");
  });

  test.each(kinds)("of 100,000 %s is reviewed or refused, never without danger", (_, kind) => {
    const [before, after] = [nested(100_000, "1", kind), nested(100_000, "2", kind)];
    for (const change of [
      { actions: ["update"], before: { a: before }, after: { a: after } },
      { type: "helm_release", actions: ["update"], before: { values: before }, after: { values: after } },
      { actions: ["update"], before: { a: 1 }, after: {}, change: { after_unknown: { a: before } } },
    ]) {
      let verdict = "refused";
      try {
        verdict = reviewPlan(planJson([change]), ALL_EFFECTS).verdict;
      } catch (error) {
        expect(error).toBeInstanceOf(NotAPlanError);
        expect((error as Error).message).toMatch(/nested too deep/);
      }
      expect(["refused", "approval needed"]).toContain(verdict);
    }
    const configuration = { root_module: { resources: [{ address: "a.b", expressions: { a: before } }] } };
    expect(() => reviewPlan(planJson([{ actions: ["create"] }], { configuration }))).toThrow(NotAPlanError);
  });
});

describe("time", () => {
  const inTime = (plan: unknown) => {
    const start = process.cpuUsage();
    const review = reviewPlan(plan);
    for (const render of Object.values(FORMATS)) render(review);
    const { user, system } = process.cpuUsage(start);
    // A quadratic way would take minutes.
    expect((user + system) / 1e6).toBeLessThan(20);
    return review;
  };
  const numbers = (count: number) => Array.from({ length: count }, (_, n) => n);

  test("of a list of 10,000 blocks in another order, named, unnamed and equal", () => {
    for (const make of [
      (n: number) => ({ name: `name-${n}`, value: n }),
      (n: number) => ({ value: n }),
      () => ({ value: 1 }),
    ]) {
      const before = { parameter: numbers(10_000).map(make) };
      const after = { parameter: [...before.parameter.slice(1), { value: -1 }].reverse() };
      inTime(planJson([{ type: "aws_db_parameter_group", actions: ["update"], before, after }]));
    }
  });

  test("of an object with 50,000 members and a text of 50 MB", () => {
    const tags = (value: string) => Object.fromEntries(numbers(50_000).map((n) => [`key-${n}`, value]));
    const text = "x".repeat(50_000_000);
    const { findings } = inTime(
      planJson([
        {
          actions: ["update"],
          before: { tags: tags("a"), novel: text, engine_version: text },
          after: { tags: tags("b"), novel: `${text}y`, engine_version: `${text}y` },
        },
      ]),
    );
    expect(findings.map(({ id }) => id)).toContain("EFFECT-NOT-KNOWN:aws_db_instance.a:novel");
  });

  test("of a chain, a star and a circle of 5,000 references", () => {
    const addresses = numbers(5_000).map((n) => `aws_db_instance.a${n}`);
    const changes = addresses.map((address) => ({ address, actions: ["delete"], before: {} }));
    const chain = addresses.map((address, n) => [address, [`${addresses[n + 1] ?? addresses[0]}.id`]]);
    const star = addresses.map((address, n) => [address, [`${addresses[n % 3]}.id`]]);
    for (const references of [chain, star]) {
      const configuration = configurationJson(Object.fromEntries(references));
      expect(inTime(planJson(changes, { configuration })).findings.length).toBeGreaterThanOrEqual(5_000);
    }
  });

  test("of values in YAML whose aliases grow without end", () => {
    const lines = numbers(30).map((n) => `k${n}: &a${n} [${n === 0 ? "x" : `*a${n - 1}, *a${n - 1}`}]`);
    const values = (end: string) => ({ values: [[...lines, `end: ${end}`].join("\n")] });
    const plan = planJson([
      { type: "helm_release", actions: ["update"], before: values("1"), after: values("2") },
    ]);
    expect(inTime(plan).changes).toHaveLength(1);
  });
});

const anyAction = fc.constantFrom(
  ["no-op"],
  ["read"],
  ["create"],
  ["update"],
  ["delete"],
  ["delete", "create"],
  ["create", "delete"],
  ["forget"],
);
const anyType = fc.constantFrom(
  "aws_db_instance",
  "google_sql_database_instance",
  "azurerm_postgresql_flexible_server",
  "helm_release",
  "kubernetes_secret_v1",
  "aws_s3_bucket_lifecycle_configuration",
  "aws_security_group",
  "novel",
);
const anyValue = fc.jsonValue({ maxDepth: 4 });
const anyValues = fc.dictionary(
  fc.oneof(
    fc.constantFrom("settings", "values", "rule", "tags", "password", "engine_version", "metadata"),
    fc.string(),
  ),
  anyValue,
);
const anyChange: fc.Arbitrary<GivenChange> = fc.record({
  type: anyType,
  actions: anyAction,
  before: fc.oneof(anyValues, fc.constant(null)),
  after: fc.oneof(anyValues, fc.constant(null)),
  change: fc.record(
    {
      after_unknown: anyValue,
      before_sensitive: anyValue,
      after_sensitive: anyValue,
      replace_paths: anyValue,
      importing: anyValue,
    },
    { requiredKeys: [] },
  ),
  more: fc.record(
    { previous_address: anyValue, action_reason: anyValue, deposed: anyValue, module_address: anyValue },
    { requiredKeys: [] },
  ),
});

test("any values of changes are reviewed, and a change is never nothing", () => {
  fc.assert(
    fc.property(fc.array(anyChange, { maxLength: 6 }), (changes) => {
      const review = reviewPlan(planJson(changes), ALL_EFFECTS);
      for (const render of Object.values(FORMATS)) expect(render(review)).not.toBe("");
      const acts = changes.some(({ actions }) => !["no-op", "read"].includes(actions[0] as string));
      if (acts) expect(review.verdict).not.toBe("nothing to do");
      const loses = changes.some(
        ({ type, actions }) => type === "aws_db_instance" && actions.includes("delete"),
      );
      if (loses) expect(review.findings[0]?.effects).toContain("data-loss");
    }),
    { numRuns: 400 },
  );
});

test("any JSON is a plan or refused with a message, and no other error", () => {
  const member = fc.oneof(
    anyValue,
    fc.array(fc.record({ address: anyValue, type: anyValue, change: anyValue })),
  );
  const almost = fc.record(
    {
      format_version: fc.constantFrom("1.0", "1.2", "2.0", "0.1", 1, null),
      resource_changes: member,
      configuration: fc.oneof(
        anyValue,
        fc.record({ root_module: fc.oneof(anyValue, fc.record({ resources: member })) }),
      ),
      output_changes: anyValue,
      resource_drift: member,
      relevant_attributes: member,
      deferred_changes: member,
      checks: member,
      complete: anyValue,
      applyable: anyValue,
      errored: anyValue,
      prior_state: anyValue,
      variables: anyValue,
    },
    { requiredKeys: [] },
  );
  fc.assert(
    fc.property(fc.oneof(anyValue, almost), (json) => {
      try {
        const review = reviewPlan(json, ALL_EFFECTS);
        for (const render of Object.values(FORMATS)) render(review);
      } catch (error) {
        expect(error).toBeInstanceOf(NotAPlanError);
      }
    }),
    { numRuns: 1_000 },
  );
});
