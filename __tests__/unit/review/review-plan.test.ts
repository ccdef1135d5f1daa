import { Ajv2020 } from "ajv/dist/2020";
import {
  type PlanReview,
  renderHtml,
  renderJson,
  renderMarkdown,
  renderText,
  reviewPlan,
} from "../../../lib/review";
import schema from "../../../lib/review/report/plan-review.schema.json";
import { changeJson, configurationJson, type GivenChange, planJson } from "../../support/review/plan-json";

const review = (changes: readonly GivenChange[], more: object = {}) => reviewPlan(planJson(changes, more));
const ids = (list: PlanReview["findings"]) => list.map(({ id }) => id);

describe("verdict", () => {
  test.each([
    [[], "nothing to do"],
    [[{ actions: ["no-op"] }], "nothing to do"],
    [[{ actions: ["create"] }], "changes"],
    [[{ type: "aws_iam_role", actions: ["delete"] }], "changes"],
    [[{ actions: ["delete"], before: { skip_final_snapshot: false } }], "approval needed"],
    [[{ actions: ["forget"] }], "changes"],
    [[{ type: "random_password", actions: ["forget"] }], "approval needed"],
    [[{ actions: ["create", "forget"] }], "approval needed"],
  ])("%j", (changes, verdict) => {
    expect(review(changes).verdict).toBe(verdict);
  });

  test("changed outputs alone are changes", () => {
    const outputs = { output_changes: { url: { actions: ["update"], before: "a", after: "b" } } };
    expect(review([], outputs)).toMatchObject({ verdict: "changes", outputs: ["url: changes"] });
  });

  test("follows the effects that need an approval", () => {
    const plan = planJson([
      {
        actions: ["update"],
        before: { instance_class: "db.m7g.large" },
        after: { instance_class: "db.m7g.xlarge" },
      },
    ]);
    expect(reviewPlan(plan).verdict).toBe("approval needed");
    expect(reviewPlan(plan, { failOn: ["data-loss"] }).verdict).toBe("changes");
    expect(reviewPlan(plan, { failOn: ["cost"] }).verdict).toBe("approval needed");
    expect(reviewPlan(plan, { failOn: ["any"] }).verdict).toBe("approval needed");
  });
});

describe("destruction of data", () => {
  test.each([
    "aws_db_instance",
    "google_sql_database_instance",
    "azurerm_postgresql_flexible_server",
    "azurerm_mysql_flexible_server",
    "google_sql_database",
    "aws_kms_key",
    "azurerm_key_vault",
    "google_secret_manager_secret",
    "kubernetes_persistent_volume_claim_v1",
    "random_password",
    "aws_efs_file_system",
  ])("of %s is data loss, by a replacement and of a deposed object too", (type) => {
    for (const change of [
      { type, actions: ["delete"] },
      { type, actions: ["delete", "create"] },
      { type, actions: ["create", "delete"] },
      { type, actions: ["delete"], more: { deposed: "1234" } },
    ]) {
      expect(review([change]).findings[0]?.effects[0]).toBe("data-loss");
    }
  });

  test.each(["aws_s3_bucket", "google_storage_bucket", "aws_ecr_repository", "aws_backup_vault"])(
    "of %s fails unless it is empty; emptied first, it loses data or backups",
    (type) => {
      const effects = (before: object) =>
        review([{ type, actions: ["delete"], before }]).findings.map(({ effects: [worst] }) => worst);
      expect(effects({ force_destroy: false, force_delete: false })).toEqual(["failure"]);
      expect(effects({ force_destroy: true, force_delete: true })[0]).toMatch(/^(data|backup)-loss$/);
    },
  );

  test.each(["aws_db_parameter_group", "aws_iam_role", "some_unknown_type"])("of %s is none", (type) => {
    expect(review([{ type, actions: ["delete"] }]).findings.flatMap(({ effects }) => effects)).not.toContain(
      "data-loss",
    );
  });

  test("comes first, with the reason", () => {
    const { findings, changes } = review([
      { type: "aws_db_instance", actions: ["update"], before: { novel: 1 }, after: { novel: 2 } },
      {
        type: "aws_efs_file_system",
        actions: ["delete", "create"],
        change: { replace_paths: [["encrypted"], ["size", 0, "unit"]] },
      },
      {
        type: "aws_iam_role",
        actions: ["delete"],
        more: { action_reason: "delete_because_no_resource_config" },
      },
    ]);
    expect(ids(findings)).toEqual([
      "EFS-DELETED:aws_efs_file_system.a",
      "EFFECT-NOT-KNOWN:aws_db_instance.a:novel",
    ]);
    expect(findings[0]?.change).toBe("because of encrypted, size.unit");
    expect(changes[2]?.reason).toBe("because it is no longer in the program");
  });
});

describe("changed attributes of a type that holds data", () => {
  const update = (before: object, after: object, change: object = {}, more: object = {}) =>
    review([{ actions: ["update"], before, after, change }], more);

  test("without a rule say that the effect is not known, never nothing", () => {
    expect(ids(update({ novel: [{ deep: 1 }] }, { novel: [{ deep: 2 }] }).findings)).toEqual([
      "EFFECT-NOT-KNOWN:aws_db_instance.a:novel.deep",
    ]);
  });

  test("known after the apply are not known, those of the provider are no change", () => {
    const configuration = {
      root_module: {
        resources: [{ address: "aws_db_instance.a", expressions: { novel: { references: ["var.x"] } } }],
      },
    };
    const { findings } = update(
      { novel: 1, arn: "a" },
      {},
      { after_unknown: { novel: true, arn: true } },
      { configuration },
    );
    expect(ids(findings)).toEqual(["EFFECT-NOT-KNOWN:aws_db_instance.a:novel"]);
  });

  test("with a harmless rule are listed as a change only", () => {
    const found = update({ tags: { a: "1" } }, { tags: { a: "2" } });
    expect(found).toMatchObject({ verdict: "changes", findings: [], notes: [] });
    expect(found.changes[0]?.attributes).toEqual(["tags.a"]);
  });
});

test("values are shown by an allow-list of attribute paths", () => {
  const { changes } = review([
    {
      actions: ["update"],
      before: {
        instance_class: "db.m7g.large",
        multi_az: true,
        tags: { a: "hunter1" },
        engine_version: "16",
      },
      after: {
        instance_class: "db.m7g.xlarge",
        multi_az: false,
        tags: { a: "hunter2" },
        engine_version: "\u001b[31mhunter",
      },
      change: { after_unknown: { port: true } },
    },
  ]);
  expect(changes[0]?.attributes).toEqual([
    "engine_version",
    "instance_class db.m7g.large -> db.m7g.xlarge",
    "multi_az true -> false",
    "port unset -> (known after apply)",
    "tags.a",
  ]);
});

describe("planted secrets are in no format", () => {
  const secret = "hunter2-hunter2-hunter2";
  const marks = { password: true, settings: [{ user: true }] };
  const values = (suffix: string) => ({
    password: secret + suffix,
    engine_version: secret + suffix,
    values: [`key: ${secret}${suffix}`],
    settings: [{ user: secret + suffix }],
    env: [
      { name: secret + suffix, value: secret },
      { name: `other${suffix}`, value: secret + suffix },
    ],
    set: [{ id: secret + suffix, key: secret }, { id: "b" }],
    tags: { [`${secret} ${suffix}`]: "a" },
  });
  const given = (type: string, actions: string[]): GivenChange => ({
    type,
    actions,
    before: values("1"),
    after: values("2"),
    change: {
      before_sensitive: { ...marks, engine_version: true },
      after_sensitive: marks,
      importing: { id: secret },
      replace_paths: [["env", 0, `${secret} `]],
    },
  });
  const plan = planJson(
    [
      "aws_db_instance",
      "helm_release",
      "kubernetes_secret_v1",
      "azurerm_key_vault_secret",
      "aws_security_group",
      "novel",
    ].flatMap((type) =>
      [["update"], ["delete"], ["delete", "create"], ["create"]].map((actions) => given(type, actions)),
    ),
    {
      output_changes: { password: { actions: ["update"], before: secret, after: secret } },
      resource_drift: [changeJson(given("aws_db_instance", ["update"]))],
      relevant_attributes: [{ resource: "aws_db_instance.a", attribute: ["password"] }],
      variables: { password: { value: secret } },
      prior_state: { values: { root_module: { resources: [{ values: values("1") }] } } },
      checks: [
        {
          status: "fail",
          instances: [{ problems: [{ message: secret }] }],
          address: { to_display: "check.a" },
        },
      ],
    },
  );

  test.each([renderText, renderMarkdown, renderJson, renderHtml])("%p", (render) => {
    const text = render(reviewPlan(plan));
    expect(text).toContain("aws_db_instance.a");
    expect(text).not.toContain("hunter");
  });
});

describe("names that others wrote have no effect in any format", () => {
  const evil =
    'aws_db_instance.a["\u001b[2J\u0007\u202e<script>alert(1)</script><img src=x onerror=y>`](http://x)|@team ![a](b)\n# x"]';
  const plan = planJson(
    [
      { address: evil, actions: ["delete"] },
      { address: evil, type: "</code><b>", actions: ["update"], before: { "<i>`": 1 }, after: { "<i>`": 2 } },
    ],
    {
      output_changes: { [evil]: { actions: ["create"] } },
      checks: [{ status: "fail", address: { to_display: evil } }],
    },
  );
  const accepted = [{ id: "A:b", reason: evil }];

  test("control characters and changes of direction", () => {
    for (const render of [renderText, renderMarkdown, renderJson, renderHtml]) {
      const text = render(reviewPlan(plan, { acceptedFindings: accepted }));
      // biome-ignore lint/suspicious/noControlCharactersInRegex: these must not be there
      expect(text).not.toMatch(/[\u0000-\u0009\u000b-\u001f\u007f-\u009f\u202a-\u202e]/);
      expect(text).not.toContain("\\u001b");
      expect(text).not.toMatch(/^# x/m);
    }
  });

  test("HTML", () => {
    const html = renderHtml(reviewPlan(plan, { acceptedFindings: accepted }));
    expect(html).not.toMatch(/<(script|img|b|i)[ >]/);
    expect(html).toContain("&lt;script&gt;");
  });

  test("Markdown: names are in code spans, with no way out", () => {
    const markdown = renderMarkdown(reviewPlan(plan, { acceptedFindings: accepted }));
    for (const line of markdown.split("\n").filter((each) => each.includes("script"))) {
      expect(
        line
          .split("`")
          .filter((_, index) => index % 2 === 0)
          .join(""),
      ).not.toMatch(/script|@team|http:|\[|#/);
    }
  });
});

describe("formats", () => {
  const configuration = configurationJson({
    "aws_db_instance.a": [],
    "kubernetes_secret_v1.db": ["aws_db_instance.a.address", "aws_db_instance.a"],
    "helm_release.coder": ["kubernetes_secret_v1.db"],
  });
  const plan = planJson(
    [
      {
        actions: ["update"],
        before: { backup_retention_period: 14, instance_class: "db.m7g.xlarge", identifier: "a" },
        after: { backup_retention_period: 0, instance_class: "db.m7g.large", identifier: "a" },
      },
      { type: "aws_iam_role", actions: ["create"] },
      {
        address: "aws_iam_role.b",
        type: "aws_iam_role",
        actions: ["no-op"],
        more: { previous_address: "aws_iam_role.c" },
      },
    ],
    { configuration },
  );

  test("text", () => {
    expect(renderText(reviewPlan(plan))).toMatchInlineSnapshot(`
      "APPROVAL NEEDED: 2 findings
      1 to create, 1 to update in place, 1 moved

        BACKUPS LOST
          aws_db_instance.a (RDS DB instance): updated in place
            maintenance window: RDS deletes all automated backups of the instance and makes no more; point-in-time recovery is no longer possible. Input and output are suspended for seconds to minutes.
            change: backup_retention_period 14 -> 0
            affects: helm_release.coder
            next: Keep at least 1 day, or take a manual snapshot before the apply.
            source: https://docs.aws.amazon.com/AmazonRDS/latest/UserGuide/USER_WorkingWithAutomatedBackups.html
            id: RDS-BACKUPS-OFF:aws_db_instance.a:backup_retention_period

        OUTAGE
          aws_db_instance.a (RDS DB instance): updated in place
            maintenance window: The instance restarts (Multi-AZ: it fails over) with less memory. max_connections follows the memory unless the parameter group sets it, so fewer connections are accepted.
            change: instance_class db.m7g.xlarge -> db.m7g.large
            affects: helm_release.coder
            next: Compare max_connections of the new class with the connections of all applications.
            source: https://docs.aws.amazon.com/AmazonRDS/latest/APIReference/API_ModifyDBInstance.html
            id: RDS-CLASS-SMALLER:aws_db_instance.a:instance_class

        Also
          aws_db_instance.a (RDS DB instance): updated in place
            maintenance window, likely: The apply only registers the change; until the maintenance window, each plan shows the same difference again, and the outage comes without a run of Terraform.
            affects: helm_release.coder
            next: Announce the window. An apply with apply_immediately = true makes all waiting changes at once.
            source: https://github.com/hashicorp/terraform-provider-aws/blob/v6.25.0/website/docs/r/db_instance.html.markdown
            id: PLAN-REPEATS-UNTIL-WINDOW:aws_db_instance.a

        Moved
          aws_iam_role.c -> aws_iam_role.b

        All changes
          aws_db_instance.a (RDS DB instance): updated in place; backup_retention_period 14 -> 0, instance_class db.m7g.xlarge -> db.m7g.large
          created: 1 IAM role"
    `);
  });

  test("Markdown", () => {
    expect(renderMarkdown(reviewPlan(plan))).toMatchInlineSnapshot(`
      "## Plan review: APPROVAL NEEDED: 2 findings

      1 to create, 1 to update in place, 1 moved

      ### BACKUPS LOST

      - \`aws_db_instance.a\` (RDS DB instance): updated in place
        - **maintenance window: RDS deletes all automated backups of the instance and makes no more; point-in-time recovery is no longer possible. Input and output are suspended for seconds to minutes.**
        - change: \`backup_retention_period 14 -> 0\`
        - affects: \`helm_release.coder\`
        - next: Keep at least 1 day, or take a manual snapshot before the apply.
        - source: <https://docs.aws.amazon.com/AmazonRDS/latest/UserGuide/USER_WorkingWithAutomatedBackups.html>
        - id: \`RDS-BACKUPS-OFF:aws_db_instance.a:backup_retention_period\`

      ### OUTAGE

      - \`aws_db_instance.a\` (RDS DB instance): updated in place
        - **maintenance window: The instance restarts (Multi-AZ: it fails over) with less memory. max\\_connections follows the memory unless the parameter group sets it, so fewer connections are accepted.**
        - change: \`instance_class db.m7g.xlarge -> db.m7g.large\`
        - affects: \`helm_release.coder\`
        - next: Compare max\\_connections of the new class with the connections of all applications.
        - source: <https://docs.aws.amazon.com/AmazonRDS/latest/APIReference/API_ModifyDBInstance.html>
        - id: \`RDS-CLASS-SMALLER:aws_db_instance.a:instance_class\`

      ### Also

      - \`aws_db_instance.a\` (RDS DB instance): updated in place
        - **maintenance window, likely: The apply only registers the change; until the maintenance window, each plan shows the same difference again, and the outage comes without a run of Terraform.**
        - affects: \`helm_release.coder\`
        - next: Announce the window. An apply with apply\\_immediately = true makes all waiting changes at once.
        - source: <https://github.com/hashicorp/terraform-provider-aws/blob/v6.25.0/website/docs/r/db_instance.html.markdown>
        - id: \`PLAN-REPEATS-UNTIL-WINDOW:aws_db_instance.a\`

      ### Moved

      - \`aws_iam_role.c -> aws_iam_role.b\`

      <details><summary>All changes</summary>

      - \`aws_db_instance.a (RDS DB instance): updated in place; backup_retention_period 14 -> 0, instance_class db.m7g.xlarge -> db.m7g.large\`
      - \`created: 1 IAM role\`

      </details>
      "
    `);
  });

  test("JSON follows its schema", () => {
    const validate = new Ajv2020({ strict: true }).compile(schema);
    for (const each of [plan, planJson([])]) {
      const json = JSON.parse(
        renderJson(reviewPlan(each, { acceptedFindings: [{ id: "A:b", reason: "c" }] })),
      );
      expect([validate(json), validate.errors]).toEqual([true, null]);
    }
    expect(validate({ ...JSON.parse(renderJson(reviewPlan(plan))), novel: 1 })).toBe(false);
  });

  test("HTML has no script and nothing from elsewhere, and a picture of the applications", () => {
    const html = renderHtml(reviewPlan(plan));
    expect(html).not.toMatch(/<script|<link|<img|<iframe|@import|url\(|\son\w+=/i);
    expect(html).toContain("default-src 'none'");
    expect(html).toMatch(/<svg[\s\S]*helm_release\.coder[\s\S]*<\/svg>/);
  });

  test("Markdown is cut to the length of a comment, dangerous first, with the number of entries", () => {
    const many = Array.from({ length: 2_000 }, (_, index) => ({
      address: `aws_efs_file_system.a${index}`,
      type: "aws_efs_file_system",
      actions: ["delete"],
    }));
    const full = reviewPlan(planJson([...many, { actions: ["create"] }]));
    const text = renderMarkdown(full);
    expect(text.length).toBeLessThanOrEqual(65_000);
    const shown = [...text.matchAll(/^- `aws_efs/gm)].length;
    const cut = Number(/\*\*(\d+) entries are cut here/.exec(text)?.[1]);
    expect(shown).toBeGreaterThan(100);
    expect(shown + cut).toBeGreaterThanOrEqual(4_000);
    expect(renderMarkdown(full, 1_000).length).toBeLessThanOrEqual(1_000);
  });
});

test("moved, imported, failed checks and relevant drift are said", () => {
  const drifted = (address: string, before: object, after: object | null, actions = ["update"]) =>
    changeJson({ address, actions, before, after });
  const found = review(
    [
      {
        address: "aws_iam_role.new",
        type: "aws_iam_role",
        actions: ["no-op"],
        more: { previous_address: "aws_iam_role.old" },
      },
      {
        address: "aws_iam_role.in",
        type: "aws_iam_role",
        actions: ["no-op"],
        change: { importing: { id: "x" } },
      },
    ],
    {
      checks: [
        { address: { to_display: "check.health" }, status: "fail" },
        { address: { to_display: "check.fine" }, status: "pass" },
      ],
      resource_drift: [
        drifted(
          "aws_db_instance.a",
          { allocated_storage: 100, port: 1 },
          { allocated_storage: 120, port: 2 },
        ),
        drifted("aws_db_instance.b", { allocated_storage: 100 }, { allocated_storage: 120 }),
        drifted("aws_db_instance.c", { allocated_storage: 100 }, null, ["delete"]),
      ],
      relevant_attributes: [{ resource: "aws_db_instance.a", attribute: ["allocated_storage"] }],
    },
  );
  expect(found).toMatchObject({
    verdict: "changes",
    counts: { move: 1, import: 1 },
    moved: ["aws_iam_role.old -> aws_iam_role.new"],
    imported: ["aws_iam_role.in"],
    failedChecks: ["check.health"],
    drift: [
      "aws_db_instance.a: allocated_storage 100 -> 120 (irreversible)",
      "aws_db_instance.c: deleted outside Terraform",
    ],
  });
});

test("a move does not hide that the resource is replaced or changed, and what is forgotten needs an approval", () => {
  const moved = { more: { previous_address: "aws_db_instance.old" } };
  const replaced = review([
    {
      actions: ["delete", "create"],
      change: { replace_paths: [["engine"]] },
      before: {},
      after: {},
      ...moved,
    },
  ]);
  expect(replaced).toMatchObject({
    verdict: "approval needed",
    counts: { replace: 1, move: 1 },
    moved: ["aws_db_instance.old -> aws_db_instance.a"],
  });
  expect(replaced.findings[0]).toMatchObject({ rule: "RDS-REPLACED", change: "because of engine" });
  const changed = review([{ actions: ["update"], before: { novel: 1 }, after: { novel: 2 }, ...moved }]);
  expect(ids(changed.findings)).toEqual(["EFFECT-NOT-KNOWN:aws_db_instance.a:novel"]);
});

describe("drift", () => {
  const drift = [
    changeJson({
      actions: ["update"],
      before: { backup_retention_period: 7, tags: { a: "hunter1" } },
      after: { backup_retention_period: 0, tags: { a: "hunter2" } },
    }),
  ];

  test("of a plan that does not depend on it is not shown", () => {
    expect(review([], { applyable: false, resource_drift: drift })).toMatchObject({
      verdict: "nothing to do",
      drift: [],
    });
  });

  test("is what the option -refresh-only records: no plan without changes", () => {
    const found = review([{ actions: ["no-op"] }], { resource_drift: drift });
    expect(found).toMatchObject({
      verdict: "approval needed",
      drift: ["aws_db_instance.a: backup_retention_period 7 -> 0 (backup-loss), tags.a"],
    });
    expect(ids(found.findings)).toEqual(["DRIFT-RDS-BACKUPS-OFF:aws_db_instance.a:backup_retention_period"]);
    expect(renderText(found)).toContain("aws_db_instance.a (RDS DB instance): changed outside Terraform");
    expect(renderText(found)).toContain("Plan and apply the program to set it back");
  });

  const recorded = (types: readonly object[], more: object = {}) =>
    review([{ actions: ["no-op"] }], {
      resource_drift: types.map((each) => changeJson(each as never)),
      ...more,
    });

  test("without an effect is a change of the state only", () => {
    const found = recorded([
      { actions: ["update"], before: { tags: { a: "1" } }, after: { tags: { a: "2" } } },
    ]);
    expect(found).toMatchObject({ verdict: "changes", findings: [], drift: ["aws_db_instance.a: tags.a"] });
    expect(renderText(found)).toContain("the state only: changes outside Terraform are recorded");
  });

  test("of attributes that only the provider computes is not told: nothing to do", () => {
    const change = {
      actions: ["update"],
      before: { latest_restorable_time: "1" },
      after: { latest_restorable_time: "2" },
    };
    const configuration = {
      root_module: {
        resources: [
          { address: "aws_db_instance.a", expressions: { backup_retention_period: { constant_value: 7 } } },
        ],
      },
    };
    expect(recorded([change], { configuration })).toMatchObject({ verdict: "nothing to do", drift: [] });
  });

  test("that removed what holds data is a loss of data; another resource is an outage", () => {
    const gone = { actions: ["delete"], before: {}, after: null };
    const found = recorded([gone, { ...gone, type: "aws_iam_role", address: "aws_iam_role.a" }]);
    expect(found.findings.map(({ id, effects }) => [id, effects[0]])).toEqual([
      ["DRIFT-DELETED:aws_db_instance.a", "data-loss"],
      ["DRIFT-DELETED:aws_iam_role.a", "outage"],
    ]);
  });

  test("of a plan that sets it back needs no approval: its changes are judged", () => {
    const found = review(
      [{ actions: ["update"], before: { deletion_protection: false }, after: { deletion_protection: true } }],
      {
        resource_drift: [
          changeJson({
            actions: ["update"],
            before: { deletion_protection: true },
            after: { deletion_protection: false },
          }),
        ],
        relevant_attributes: [{ resource: "aws_db_instance.a", attribute: ["deletion_protection"] }],
      },
    );
    expect(found.verdict).toBe("changes");
    expect(found.drift).toEqual(["aws_db_instance.a: deletion_protection true -> false (weaker)"]);
  });

  test("is accepted by its id", () => {
    const change = {
      actions: ["update"],
      before: { deletion_protection: true },
      after: { deletion_protection: false },
    };
    const id = "DRIFT-RDS-DELETION-PROTECTION-OFF:aws_db_instance.a:deletion_protection";
    const plan = planJson([{ actions: ["no-op"] }], { resource_drift: [changeJson(change)] });
    const found = reviewPlan(plan, { acceptedFindings: [{ id, reason: "is moved by hand" }] });
    expect(found).toMatchObject({ verdict: "changes", acceptanceProblems: [] });
    expect(ids(found.accepted)).toEqual([id]);
  });
});

describe("a resource that Terraform forgets", () => {
  test("stays with its data: a note", () => {
    const { verdict, counts, notes } = review([
      { actions: ["forget"], before: { skip_final_snapshot: true } },
    ]);
    expect({ verdict, counts, notes: ids(notes) }).toEqual({
      verdict: "changes",
      counts: { forget: 1 },
      notes: ["FORGOTTEN:aws_db_instance.a"],
    });
  });

  test.each(["random_password", "tls_private_key"])("%s is nowhere but in the state: data loss", (type) => {
    expect(review([{ type, actions: ["forget"], before: {} }]).findings[0]?.effects).toContain("data-loss");
  });

  test.each([
    ["of Terraform", ["create", "forget"]],
    ["of OpenTofu", ["forget", "create"]],
  ])("and replaces by an empty one (order %s): an outage, no data loss", (_, actions) => {
    const change = { actions, before: { engine: "mysql" }, after: { engine: "postgres" } };
    const found = review([{ ...change, change: { replace_paths: [["engine"]] } }]);
    expect(found.counts).toEqual({ "replace-and-forget": 1 });
    expect(found.findings).toMatchObject([
      { rule: "REPLACED-AND-KEPT", effects: ["outage"], change: "because of engine" },
    ]);
    expect(renderText(found)).toContain(
      "aws_db_instance.a (RDS DB instance): replaced, with the old object kept",
    );
  });

  test("and replaces is judged as one that is created, too", () => {
    const open = { ip_protocol: "tcp", from_port: 5432, to_port: 5432, cidr_ipv4: "0.0.0.0/0" };
    const type = "aws_vpc_security_group_ingress_rule";
    const found = review([{ type, actions: ["create", "forget"], before: {}, after: open }]);
    expect(found.findings.map(({ effects }) => effects[0])).toEqual(["exposure"]);
  });
});
