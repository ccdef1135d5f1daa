import { DbInstance } from "@cdktf/provider-aws/lib/db-instance";
import { DbProxy } from "@cdktf/provider-aws/lib/db-proxy";
import { IamPolicy } from "@cdktf/provider-aws/lib/iam-policy";
import { AwsProvider } from "@cdktf/provider-aws/lib/provider";
import { HelmProvider } from "@cdktf/provider-helm/lib/provider";
import { Release } from "@cdktf/provider-helm/lib/release";
import {
  App,
  Aspects,
  Annotations as CdktfAnnotations,
  DataTerraformRemoteStateLocal,
  LocalBackend,
  TerraformOutput,
  TerraformStack,
  TerraformVariable,
} from "cdktf";
import { Construct } from "constructs";
import {
  Annotations,
  addresses,
  Match,
  snapshotText,
  Template,
  templateSerializer,
} from "../../../lib/testing";

class Server extends Construct {
  public readonly instance: DbInstance;
  constructor(scope: Construct, id: string, password?: string) {
    super(scope, id);
    this.instance = new DbInstance(this, "instance", {
      instanceClass: "db.m7g.large",
      multiAz: true,
      password,
      tags: { team: "platform", stage: "prod" },
      restoreToPointInTime: { useLatestRestorableTime: true },
    });
  }
}

function example(name = "team", app = new App({ stackTraces: false })): TerraformStack & { server: Server } {
  const stack = new TerraformStack(app, name);
  new AwsProvider(stack, "aws", { region: "eu-central-1" });
  new HelmProvider(stack, "helm");
  const server = new Server(stack, "server");
  const user = new TerraformVariable(stack, "user", { type: "string", description: "user name" });
  new IamPolicy(stack, "policy", {
    policy: JSON.stringify({ Statement: [{ Effect: "Allow", Action: ["s3:GetObject", "s3:PutObject"] }] }),
  });
  new Release(stack, "coder", {
    name: "coder",
    chart: "coder",
    values: [`coder:\n  replicas: 3\n  env: [{ name: A, value: "1" }]\n`],
    set: [{ name: "host", value: server.instance.address }],
    description: user.stringValue,
  });
  new TerraformOutput(stack, "host", { value: server.instance.address });
  return Object.assign(stack, { server });
}

/** The message of an assertion that must fail. */
function refusal(assertion: () => unknown): string {
  try {
    assertion();
  } catch (error) {
    return (error as Error).message;
  }
  throw new Error("the assertion held");
}

describe("properties of resources", () => {
  const stack = example();
  const template = Template.of(stack);

  test("are compared deeply, with further properties allowed", () => {
    expect(
      template.hasResource("aws_db_instance", { multi_az: true, tags: { team: "platform" } }),
    ).toHaveLength(1);
    expect(template.hasResource(DbInstance)[0]).toMatchObject({
      path: "server/instance",
      type: "aws_db_instance",
    });
    expect(refusal(() => template.hasResource(DbInstance, { multi_az: true, tags: { team: "other" } }))).toBe(
      'expected one aws_db_instance with {"multi_az":true,"tags":{"team":"other"}}; got 1, of which ' +
        `${
          template.at("server").address
        } (server/instance) is the closest:\n  tags.team: expected "other", got "platform"`,
    );
  });

  test("of a block that occurs once match as an object and as a list of one", () => {
    template.hasResource(DbInstance, { restore_to_point_in_time: { use_latest_restorable_time: true } });
    template.hasResource(DbInstance, { restore_to_point_in_time: [{ use_latest_restorable_time: true }] });
    refusal(() => template.hasResource(DbInstance, { restore_to_point_in_time: [{}, {}] }));
  });

  test("may be given as tokens of the stack, in texts and in lists", () => {
    template.hasResource(Release, { set: [{ name: "host", value: stack.server.instance.address }] });
    template.hasOutput("host", { value: stack.server.instance.address });
    const other = refusal(() => template.hasOutput("host", { value: stack.server.instance.arn }));
    expect(other).toContain(".arn}");
  });

  test("in the spelling of the bindings are told the argument's name", () => {
    expect(refusal(() => template.hasResource(DbInstance, { multiAz: true }))).toContain(
      "multiAz: expected true, got not set; the argument is multi_az",
    );
  });

  test("of lists are of the same length and order, unless arrayWith allows others between", () => {
    const actions = (list: unknown) => ({
      policy: Match.serializedJson({ Statement: [{ Action: list }] }),
    });
    template.hasResource(IamPolicy, actions(["s3:GetObject", "s3:PutObject"]));
    template.hasResource(IamPolicy, actions(Match.arrayWith(["s3:PutObject"])));
    refusal(() => template.hasResource(IamPolicy, actions(["s3:PutObject"])));
    refusal(() =>
      template.hasResource(IamPolicy, actions(Match.arrayWith(["s3:PutObject", "s3:GetObject"]))),
    );
  });

  test.each<[string, { [name: string]: unknown }, { [name: string]: unknown }]>([
    [
      "objectEquals",
      { tags: Match.objectEquals({ team: "platform", stage: "prod" }) },
      { tags: Match.objectEquals({ team: "platform" }) },
    ],
    [
      "objectLike",
      { tags: Match.objectLike({ team: "platform" }) },
      { tags: Match.objectLike({ owner: "x" }) },
    ],
    [
      "arrayEquals",
      { instance_class: "db.m7g.large" },
      { instance_class: Match.arrayEquals(["db.m7g.large"]) },
    ],
    ["absent", { iops: Match.absent() }, { multi_az: Match.absent() }],
    ["anyValue", { multi_az: Match.anyValue() }, { iops: Match.anyValue() }],
    ["not", { multi_az: Match.not(false) }, { multi_az: Match.not(true) }],
    [
      "stringLikeRegexp",
      { instance_class: Match.stringLikeRegexp("^db\\.") },
      { instance_class: Match.stringLikeRegexp("^x") },
    ],
    ["a regular expression", { instance_class: /large$/ }, { instance_class: /small/ }],
    ["jest's any", { instance_class: expect.any(String) }, { instance_class: expect.any(Number) }],
    [
      "jest's objectContaining",
      { tags: expect.objectContaining({ team: "platform" }) },
      { tags: expect.objectContaining({ x: 1 }) },
    ],
  ])("take %s", (_, holds, fails) => {
    template.hasResource(DbInstance, holds);
    refusal(() => template.hasResource(DbInstance, fails));
  });

  test("of Helm values are read as YAML", () => {
    template.hasResource(Release, { values: [Match.serializedYaml({ coder: { replicas: 3 } })] });
    expect(
      refusal(() =>
        template.hasResource(Release, { values: [Match.serializedYaml({ coder: { replicas: 2 } })] }),
      ),
    ).toContain("values[0](yaml).coder.replicas: expected 2, got 3");
  });
});

describe("an assertion about absence", () => {
  const template = Template.of(example());

  test("compares the resources that exist", () => {
    template.hasNoResource(DbInstance, { publicly_accessible: true });
    expect(refusal(() => template.hasNoResource(DbInstance, { multi_az: true }))).toMatch(
      /^expected no aws_db_instance with \{"multi_az":true\}; got 1: aws_db_instance\./,
    );
  });

  test("about a type that occurs nowhere fails, as a misspelt type would hold", () => {
    expect(refusal(() => template.hasNoResource("aws_db_instanc", { publicly_accessible: true }))).toBe(
      'expected resources of type aws_db_instanc to compare; got none in this stack; hasNone("aws_db_instanc") asserts that; this stack has aws_db_instance',
    );
    expect(refusal(() => template.hasNone("db_instance"))).toContain(
      "providers: aws, helm; this stack has aws_db_instance",
    );
  });

  test("about a type that no installed bindings have fails, whatever its provider", () => {
    for (const type of ["aws_database_instance", "aws_rds_instanc", "helm_chart", "terraform_dat"]) {
      expect(refusal(() => template.hasNone(type))).toContain(
        `expected a type of the installed bindings; got ${type}, of which they have neither a resource nor a data source`,
      );
    }
    refusal(() => template.resourceCountIs("aws_databases", 0));
    for (const type of ["aws_vpc", "aws_ami", "terraform_data"]) template.hasNone(type);
    template.hasNone("aws_s3_bucket_server_side_encryption_configuration");
  });

  test("of a whole type is said by hasNone, by class or by a name of one of the stack's providers", () => {
    template.hasNone(DbProxy);
    template.hasNone("aws_db_proxy");
    expect(refusal(() => template.hasNone("aws_db_instanc"))).toBe(
      "expected no aws_db_instanc; got aws_db_instance; is aws_db_instanc misspelt? A class of the bindings is not",
    );
    expect(refusal(() => template.resourceCountIs("aws_db_isntance", 0))).toContain("misspelt");
    template.hasNone("aws_db_instance_role_association");
    template.resourceCountIs(DbProxy, 0);
    refusal(() => template.hasNone(DbInstance));
    refusal(() => template.resourceCountIs("ibm_database", 0));
  });
});

test("matchers inside an expected object are described", () => {
  const template = Template.of(example());
  const wrong = { tags: { team: Match.absent(), stage: expect.any(Number) }, instance_class: /small/ };
  expect(refusal(() => template.hasResource(DbInstance, wrong))).toContain(
    'with {"tags":{"team":"<not set>","stage":"<Any<Number>>"},"instance_class":"<text matching /small/>"}',
  );
});

test("counts say which resources there are", () => {
  const template = Template.of(example());
  template.resourceCountIs("aws_db_instance", 1);
  expect(refusal(() => template.resourceCountIs(DbInstance, 2))).toMatch(
    /^expected 2 aws_db_instance; got 1: aws_db_inst/,
  );
});

test("a construct path leads to its block, or says which paths there are", () => {
  const template = Template.of(example());
  expect(template.at("server").values).toBe(template.at("server/instance").values);
  template.hasAt("server", { multi_az: true });
  expect(refusal(() => template.hasAt("server", { multi_az: false }))).toContain(
    "multi_az: expected false, got true",
  );
  expect(refusal(() => template.at("sever"))).toContain("paths: ");
});

test("variables, outputs, moved and import blocks are found", () => {
  const stack = example();
  stack.server.instance.importFrom("db-1");
  stack.addOverride("moved", [{ from: "aws_db_instance.old", to: "aws_db_instance.new" }]);
  const template = Template.of(stack);
  template.hasVariable("user", { type: "string" });
  template.hasMoved({ from: "aws_db_instance.old" });
  template.hasImport({ id: "db-1" });
  expect(refusal(() => template.hasMoved({ from: "x" }))).toContain(
    'from: expected "x", got "aws_db_instance.old"',
  );
  const empty = Template.of(example("other"));
  expect(refusal(() => empty.hasMoved({ from: "a.b" }))).toBe(
    'expected one moved with {"from":"a.b"}; got none',
  );
  expect(refusal(() => empty.hasImport({ id: "db-1" }))).toBe(
    'expected one import with {"id":"db-1"}; got none',
  );
  expect(refusal(() => template.hasOutput("port", { value: 1 }))).toBe(
    'expected the output port with {"value":1}; got host',
  );
  expect(refusal(() => template.hasOutput("port"))).toBe("expected the output port; got host");
  expect(refusal(() => template.hasEphemeralResource("aws_secretsmanager_secret_version"))).toContain(
    "got none",
  );
  expect(refusal(() => template.hasDataSource("aws_vpc"))).toBe("expected one data aws_vpc; got none");
});

test("validations and error annotations of the stack are thrown, all at once", () => {
  const stack = example();
  stack.server.node.addValidation({ validate: () => ["first mistake", "second mistake"] });
  expect(() => Template.of(stack)).toThrow(/\[team\/server\] first mistake[\s\S]*second mistake/);
  const annotated = example();
  CdktfAnnotations.of(annotated.server).addError("not like this");
  expect(() => Template.of(annotated)).toThrow(/not like this/);
});

test("aspects run, and a reference to another stack is rendered on both sides", () => {
  const app = new App({ stackTraces: false });
  const network = example("network", app);
  const stack = example("team", app);
  new TerraformOutput(stack, "other", { value: network.server.instance.address });
  Aspects.of(stack).add({
    visit: (node) => {
      if (node instanceof DbInstance) node.deletionProtection = true;
    },
  });
  const template = Template.of(stack);
  template.hasResource(DbInstance, { deletion_protection: true });
  template.hasDataSource(DataTerraformRemoteStateLocal.tfResourceType, {});
  template.hasOutput("other", { value: /terraform_remote_state/ });
  expect(Template.of(network).blocks.filter(({ block }) => block === "output")).toHaveLength(2);
});

describe("annotations", () => {
  function annotated() {
    const stack = example();
    CdktfAnnotations.of(stack.server).addWarning("SERVER-SMALL: the class is small");
    CdktfAnnotations.of(stack.server).addInfo("opt-out: SERVER-SINGLE-AZ: one zone");
    CdktfAnnotations.of(stack.server).addInfo("a note");
    return stack;
  }

  test("are found by construct path and id, opt-outs apart from notes", () => {
    const annotations = Annotations.of(annotated());
    annotations.hasNoErrors();
    annotations.hasWarning("server", "SERVER-SMALL");
    annotations.hasOptOut("server", "SERVER-SINGLE-AZ");
    annotations.hasInfo("server", /^a note$/);
    annotations.hasNoOptOuts(["SERVER-SINGLE-AZ"]);
    expect(refusal(() => annotations.hasNoOptOuts())).toContain("[server] SERVER-SINGLE-AZ: one zone");
    expect(refusal(() => annotations.hasNoWarnings())).toContain("SERVER-SMALL");
    expect(refusal(() => annotations.hasNoOptOuts(["SERVER-SINGLE-AZ", "OTHER"]))).toContain("OTHER");
    expect(refusal(() => annotations.hasWarning("", "SERVER-SMALL"))).toBe(
      "expected the warning SERVER-SMALL at the stack; got 1:\n  [server] SERVER-SMALL: the class is small",
    );
  });

  test("of wrong input are all mistakes, without a throw", () => {
    const stack = annotated();
    stack.server.node.addValidation({ validate: () => ["RULE-ONE: must be 1", "RULE-TWO: must be 2"] });
    CdktfAnnotations.of(stack).addError("not like this");
    const annotations = Annotations.of(stack);
    annotations.hasError("server", "RULE-ONE");
    annotations.hasError("server", /RULE-TWO/);
    annotations.hasError("", "not like this");
    expect(annotations.errors).toHaveLength(3);
    expect(refusal(() => annotations.hasNoErrors())).toContain("got 3");
  });

  test("of an aspect are found", () => {
    const stack = example();
    Aspects.of(stack).add({
      visit: (node) => {
        if (node instanceof DbInstance) CdktfAnnotations.of(node).addWarning("seen by an aspect");
      },
    });
    Annotations.of(stack).hasWarning("server/instance", "seen by an aspect");
  });
});

test("addresses map construct paths to Terraform addresses, by type if given", () => {
  const stack = example();
  const all = addresses(stack);
  expect(Object.keys(all)).toEqual(["coder", "policy", "server/instance"]);
  expect(all["server/instance"]).toMatch(/^aws_db_instance\.server_instance_/);
  expect(Object.keys(addresses(stack, ["aws_db_instance"]))).toEqual(["server/instance"]);
  expect(() => addresses(stack, ["aws_s3_bucket"])).toThrow(
    "types must be resource types of the stack (got aws_s3_bucket)",
  );
});

describe("a snapshot", () => {
  test("opens Helm values and policies, sorts, and leaves out what differs from machine to machine", () => {
    const stack = example();
    new LocalBackend(stack, { path: "/home/me/terraform.tfstate" });
    expect(templateSerializer.test(Template.of(stack))).toBe(true);
    expect(templateSerializer.test({})).toBe(false);
    expect(templateSerializer.serialize(Template.of(stack))).toBe(snapshotText(Template.of(stack)));
    expect(snapshotText(Template.of(stack))).toMatchInlineSnapshot(`
      "output:
        host:
          value: \${aws_db_instance.server_instance_AD56310F.address}
      provider:
        aws:
          - region: eu-central-1
        helm:
          - {}
      resource:
        aws_db_instance:
          server_instance_AD56310F:
            instance_class: db.m7g.large
            multi_az: true
            restore_to_point_in_time:
              use_latest_restorable_time: true
            tags:
              stage: prod
              team: platform
        aws_iam_policy:
          policy:
            policy:
              (JSON):
                Statement:
                  - Action:
                      - s3:GetObject
                      - s3:PutObject
                    Effect: Allow
        helm_release:
          coder:
            chart: coder
            description: \${var.user}
            name: coder
            set:
              - name: host
                value: \${aws_db_instance.server_instance_AD56310F.address}
            values:
              - (YAML):
                  coder:
                    env:
                      - name: A
                        value: "1"
                    replicas: 3
      terraform:
        backend:
          local:
            path: "*"
        required_providers:
          aws:
            source: aws
            version: "*"
          helm:
            source: helm
            version: "*"
      variable:
        user:
          description: user name
          type: string"
    `);
  });

  test("is the same for every order of the JSON", () => {
    const json = Template.of(example()).json;
    const reversed = JSON.parse(JSON.stringify(json), (_, value) =>
      typeof value === "object" && value !== null && !Array.isArray(value)
        ? Object.fromEntries(Object.entries(value).reverse())
        : value,
    );
    expect(snapshotText(Template.fromJson(reversed))).toBe(snapshotText(Template.fromJson(json)));
  });
});

test("a synthesized file is read without its program", () => {
  const template = Template.fromJson(JSON.parse(JSON.stringify(Template.of(example()).json)));
  template.hasResource("aws_db_instance", { multi_az: true });
  expect(() => Template.fromJson("{}")).toThrow('json must be the object of a cdk.tf.json (got "{}")');
});
