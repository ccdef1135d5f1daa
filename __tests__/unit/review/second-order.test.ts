import { RDS_SUPPORT } from "../../../lib/aws/rds/data/engine-support";
import { CLOUD_SQL_SUPPORT } from "../../../lib/google/cloud-sql/data/engine-support";
import { reviewPlan } from "../../../lib/review";
import { SERVER_SUPPORT } from "../../../lib/review/data/server-support";
import { configurationJson, type GivenChange, planJson } from "../../support/review/plan-json";

const found = (
  changes: readonly GivenChange[],
  references: { readonly [address: string]: readonly string[] },
  stack?: object,
) => {
  const review = reviewPlan(planJson(changes, { configuration: configurationJson(references) }), { stack });
  return [...review.findings, ...review.notes];
};
const rule = (list: ReturnType<typeof found>, id: string) => list.filter((each) => each.rule === id);

describe("a server renamed in place", () => {
  const rename: GivenChange = {
    actions: ["update"],
    before: { identifier: "a" },
    after: { identifier: "b" },
  };

  test("leaves its dependents with the old endpoint", () => {
    const list = found([rename], {
      "aws_db_instance.a": [],
      "kubernetes_secret_v1.url": ["aws_db_instance.a.address", "aws_db_instance.a"],
      "aws_iam_role.a": ["aws_db_instance.a.resource_id", "aws_db_instance.a"],
    });
    expect(rule(list, "STALE-ENDPOINT")).toMatchObject([
      { effects: ["outage"], when: "now", affected: ["kubernetes_secret_v1.url"], change: "identifier" },
    ]);
  });

  test("with no dependents has the finding of the rename only", () => {
    const list = found([rename], { "aws_db_instance.a": [] });
    expect(rule(list, "STALE-ENDPOINT")).toEqual([]);
    expect(list.some(({ effects }) => effects.includes("outage"))).toBe(true);
  });

  test("in a module leaves the dependents in the module", () => {
    const plan = planJson([{ ...rename, address: 'module.m["x"].aws_db_instance.a' }], {
      configuration: {
        root_module: {
          module_calls: {
            m: {
              module: configurationJson({
                "aws_db_instance.a": [],
                "helm_release.b": ["aws_db_instance.a.endpoint"],
              }).root_module,
            },
          },
        },
      },
    });
    expect(rule([...reviewPlan(plan).findings], "STALE-ENDPOINT")[0]?.affected).toEqual([
      "module.m.helm_release.b",
    ]);
  });
});

describe("a server restored beside the present one", () => {
  const restored: GivenChange = {
    address: "aws_db_instance.restored",
    actions: ["create"],
    after: { restore_to_point_in_time: [{ use_latest_restorable_time: true }] },
  };
  const present: GivenChange = { actions: ["no-op"], before: {}, after: {} };

  test("is of no use while applications keep the endpoint of the present one", () => {
    const list = found([restored, present], {
      "aws_db_instance.a": [],
      "aws_db_instance.restored": [],
      "helm_release.coder": ["aws_db_instance.a.address"],
    });
    expect(rule(list, "RESTORED-SERVER-UNUSED")).toMatchObject([{ affected: ["helm_release.coder"] }]);
  });

  test("that the applications use has no finding", () => {
    const list = found([restored, present], {
      "aws_db_instance.a": [],
      "aws_db_instance.restored": [],
      "helm_release.coder": ["aws_db_instance.restored.address"],
    });
    expect(rule(list, "RESTORED-SERVER-UNUSED")).toEqual([]);
  });
});

describe("a changed secret", () => {
  const secret: GivenChange = {
    type: "kubernetes_secret_v1",
    actions: ["update"],
    before: { data_wo_revision: 1, metadata: [{ name: "coder-db-url", namespace: "coder" }] },
    after: { data_wo_revision: 2, metadata: [{ name: "coder-db-url", namespace: "coder" }] },
  };
  const release = (action: string, values: string[], namespace = "coder"): GivenChange => ({
    type: "helm_release",
    actions: [action],
    before: { namespace, values },
    after: { namespace, values },
  });
  const values = ['{"env":[{"valueFrom":{"secretKeyRef":{"name":"coder-db-url"}}}]}'];

  test("does not reach pods whose release does not change", () => {
    expect(rule(found([secret, release("no-op", values)], {}), "PODS-KEEP-OLD-SECRET")).toMatchObject([
      { effects: ["outage"], when: "next restart", affected: ["helm_release.a"], certainty: "likely" },
    ]);
  });

  test.each([
    ["the release changes", release("update", values)],
    ["the release names another secret", release("no-op", ["name: coder-db-url-2"])],
    ["the release is in another namespace", release("no-op", values, "other")],
  ])("has no finding if %s", (_, other) => {
    expect(rule(found([secret, other], {}), "PODS-KEEP-OLD-SECRET")).toEqual([]);
  });

  test("also reaches workloads by a reference", () => {
    const list = found([secret, release("no-op", [])], {
      "kubernetes_secret_v1.a": [],
      "helm_release.a": ["kubernetes_secret_v1.a"],
    });
    expect(rule(list, "PODS-KEEP-OLD-SECRET")).toHaveLength(1);
  });

  test("whose labels change has no finding", () => {
    const labels = { ...secret, after: { ...secret.after, data_wo_revision: 1, immutable: true } };
    expect(rule(found([labels, release("no-op", values)], {}), "PODS-KEEP-OLD-SECRET")).toEqual([]);
  });
});

describe("a changed password", () => {
  const password: GivenChange = {
    actions: ["update"],
    before: { password_wo_version: 1 },
    after: { password_wo_version: 2 },
  };

  test("without a changed secret is not passed on", () => {
    expect(rule(found([password], {}), "PASSWORD-NOT-PASSED-ON")).toHaveLength(1);
  });

  test("with a changed secret is", () => {
    const secret = {
      type: "kubernetes_secret_v1",
      actions: ["update"],
      before: { data_wo_revision: 1 },
      after: { data_wo_revision: 2 },
    };
    expect(rule(found([password, secret], {}), "PASSWORD-NOT-PASSED-ON")).toEqual([]);
  });
});

describe("a parameter that waits for a restart", () => {
  const parameters = (value: string) => ({
    family: "postgres17",
    parameter: [
      { name: "max_connections", value, apply_method: "pending-reboot" },
      { name: "rds.force_ssl", value: "1", apply_method: "immediate" },
    ],
  });
  const group: GivenChange = {
    type: "aws_db_parameter_group",
    actions: ["update"],
    before: parameters("100"),
    after: parameters("200"),
  };
  const references = {
    "aws_db_parameter_group.a": [],
    "aws_db_instance.a": ["aws_db_parameter_group.a.name", "aws_db_parameter_group.a"],
  };

  test("names the servers that have to restart", () => {
    const list = found([group, { actions: ["no-op"], before: {}, after: {} }], references);
    expect(rule(list, "PARAMETER-WAITS-FOR-RESTART")).toMatchObject([{ affected: ["aws_db_instance.a"] }]);
  });

  test("that this plan restarts is not waiting", () => {
    const server: GivenChange = {
      actions: ["update"],
      before: { instance_class: "db.m7g.large" },
      after: { instance_class: "db.m7g.xlarge" },
    };
    expect(rule(found([group, server], references), "PARAMETER-WAITS-FOR-RESTART")).toEqual([]);
  });
});

describe("a smaller server", () => {
  const plan = (needed: number) =>
    found(
      [
        {
          actions: ["update"],
          before: { instance_class: "db.m7g.2xlarge" },
          after: { instance_class: "db.t4g.medium" },
        },
        {
          type: "terraform_data",
          address: "terraform_data.limit",
          actions: ["no-op"],
          before: { output: { maximum: 3064 } },
          after: { output: { maximum: 3064 } },
        },
      ],
      { "aws_db_instance.a": [], "helm_release.coder": ["aws_db_instance.a.address"] },
      {
        resource: {
          helm_release: {
            coder: {
              lifecycle: {
                precondition: [
                  {
                    condition: `\${((${needed} + 8) <= min(383, tonumber(terraform_data.limit.output["maximum"])))}`,
                  },
                ],
              },
            },
          },
          terraform_data: { limit: { triggers_replace: { instance: "${aws_db_instance.a.resource_id}" } } },
        },
      },
    );

  test.each([
    [400, ["outage"]],
    [350, ["weaker"]],
    [54, []],
  ])("with a budget of %i connections", (needed, effects) => {
    expect(rule(plan(needed), "CONNECTIONS-SHRINK")).toMatchObject([
      {
        effects,
        affected: ["helm_release.coder"],
        words: expect.stringContaining(
          `383 connections instead of 3064; the applications on it may open ${needed + 8}`,
        ),
      },
    ]);
  });
});

describe("a major version past its standard support", () => {
  const today = "2026-11-27";
  const review = (change: GivenChange) => {
    const { findings, notes } = reviewPlan(planJson([change]), { today });
    return [...findings, ...notes].filter(({ rule }) =>
      /^(SUPPORT-ENDED|EXTENDED-SUPPORT-CHARGED)$/.test(rule),
    );
  };
  const rds = (engine: string, engine_version: string, more: object = {}) => ({
    engine,
    engine_version,
    ...more,
  });
  const refused = { engine_lifecycle_support: "open-source-rds-extended-support-disabled" };

  test.each([
    ["a new RDS server", undefined, rds("mysql", "8.0.40"), "gets"],
    ["an RDS server that is upgraded too little", rds("mysql", "5.7.44"), rds("mysql", "8.0.40"), "gets"],
    [
      "an RDS server that stays",
      rds("postgres", "13.23-rds.20260701"),
      rds("postgres", "13.23-rds.20260701", { tags: { a: "b" } }),
      "keeps",
    ],
  ])("is charged: %s", (_, before, after, verb) => {
    const actions = before === undefined ? ["create"] : ["update"];
    expect(review({ actions, before, after })).toMatchObject([
      {
        rule: "EXTENDED-SUPPORT-CHARGED",
        effects: ["cost"],
        words: expect.stringContaining(`The server ${verb} `),
      },
    ]);
  });

  test("is charged on Cloud SQL", () => {
    const change = {
      type: "google_sql_database_instance",
      actions: ["create"],
      after: { database_version: "MYSQL_8_0" },
    };
    expect(review(change)).toMatchObject([
      { rule: "EXTENDED-SUPPORT-CHARGED", words: expect.stringContaining("2026-07-01") },
    ]);
    expect(review({ ...change, after: { database_version: "MYSQL_8_4" } })).toEqual([]);
    expect(review({ ...change, after: { database_version: "POSTGRES_13" } })).toHaveLength(1);
    expect(review({ ...change, after: { database_version: "SQLSERVER_2019_STANDARD" } })).toEqual([]);
  });

  test("without extended support is refused, or upgraded by RDS", () => {
    const old = rds("postgres", "13.20", refused);
    expect(review({ actions: ["create"], after: old })).toMatchObject([
      { rule: "SUPPORT-ENDED", effects: ["failure"] },
    ]);
    expect(
      review({ actions: ["update"], before: { ...old, tags: {} }, after: { ...old, tags: { a: "b" } } }),
    ).toMatchObject([{ rule: "SUPPORT-ENDED", effects: ["outage"], when: "later" }]);
  });

  test.each([
    rds("postgres", "16.4"),
    rds("mysql", "8.4.5"),
    rds("mariadb", "10.6.20"),
    rds("postgres", "${var.version}"),
    {},
  ])("is not said of %j", (after) => {
    expect(review({ actions: ["create"], after })).toEqual([]);
  });

  test("counts from the day after the last one", () => {
    const on = (day: string) => {
      const plan = planJson([{ actions: ["create"], after: rds("postgres", "14.10") }]);
      return reviewPlan(plan, { today: day }).notes.length;
    };
    expect([on("2027-02-28"), on("2027-03-01")]).toEqual([0, 1]);
  });

  test("has the dates of the clouds", () => {
    const of = (type: string) =>
      Object.entries(SERVER_SUPPORT[type]?.ends ?? {}).flatMap(([family, majors]) =>
        Object.entries(majors).map(([major, [standardEnd, extendedEnd]]) => ({
          family,
          major,
          standardEnd,
          extendedEnd,
        })),
      );
    const charged = ({ releases }: typeof RDS_SUPPORT) =>
      releases.filter(({ extendedEnd }) => extendedEnd !== undefined);
    const sorted = (list: object[]) => list.map((each) => JSON.stringify(each)).sort();
    expect(sorted(of("aws_db_instance"))).toEqual(sorted(charged(RDS_SUPPORT)));
    expect(sorted(of("google_sql_database_instance"))).toEqual(sorted(charged(CLOUD_SQL_SUPPORT)));
  });
});

describe("a change that waits for the maintenance window", () => {
  const change = (more: object): GivenChange => ({
    actions: ["update"],
    before: { instance_class: "db.m7g.large", tags: {}, ...more },
    after: { instance_class: "db.m7g.xlarge", tags: {}, ...more },
  });
  const repeats = (given: GivenChange) => rule(found([given], {}), "PLAN-REPEATS-UNTIL-WINDOW");

  test("is in each plan until then", () => {
    expect(repeats(change({ apply_immediately: false }))).toMatchObject([
      { effects: [], when: "maintenance window" },
    ]);
    expect(repeats(change({}))).toHaveLength(1);
  });

  test("does not wait with apply_immediately, nor if it holds at once", () => {
    expect(repeats(change({ apply_immediately: true }))).toEqual([]);
    expect(repeats({ actions: ["update"], before: { tags: {} }, after: { tags: { a: "b" } } })).toEqual([]);
    expect(repeats({ actions: ["update"], before: { port: 5432 }, after: { port: 5433 } })).toEqual([]);
  });
});
