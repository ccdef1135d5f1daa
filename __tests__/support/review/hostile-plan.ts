/** A plan with one name in every place where a plan has texts that others wrote. */
import type { ReviewPlanOptions } from "../../../lib/review";
import { changeJson, configurationJson, planJson } from "./plan-json";

/** Begins each of the names. */
export const MARKER = "Written";

/** What a terminal, Markdown, HTML or a reader's eye could take for more than a name. */
export const HOSTILE_PARTS: readonly string[] = [
  "\u001b[2J",
  "\u001b[1A\u001b[2K",
  "\u009b31m",
  "\u0007",
  "\r",
  "\n",
  "\r\n",
  "\u0085",
  "\u2028",
  "\b\b\b",
  "\0",
  "\x7f",
  "\u001b]8;;http://evil.example\u0007click\u001b]8;;\u0007",
  "\u001b]0;title\u0007",
  "\u001bP+q\u001b\\",
  "\u202e",
  "\u2066",
  "\u2069",
  "\u200b",
  "\u200d",
  "\u200f",
  "\u061c",
  "\ufeff",
  "\u00ad",
  "\u{e0041}",
  "\ud800",
  "`",
  "``",
  "```\n",
  "~~~\n",
  "\\",
  "**",
  "__",
  "*",
  "_",
  "# ",
  "\n# ",
  "\n- ",
  "> ",
  "| a | b |\n|---|---|\n",
  "---\n",
  "\n\n",
  "[a](http://evil.example)",
  "![a](http://evil.example/x.png)",
  "<http://evil.example>",
  "http://evil.example",
  "www.evil.example",
  "[x]: http://evil.example\n",
  "[^1]",
  "@team",
  "#12",
  "a/b#1",
  ":tada:",
  "$x$",
  "&lt;",
  "&#x3c;",
  "<script>alert(1)</script>",
  "<img src=x onerror=alert(1)>",
  "</code>",
  "</summary>",
  "</details>",
  "<!--",
  "-->",
  "<svg/onload=alert(1)>",
  '"',
  "'",
  '" onmouseover="x',
  "]]>",
  "</title>",
  "<a href=javascript:alert(1)>",
  "javascript:alert(1)",
  "{{x}}",
  "${x}",
];
export function hostilePlan(given: string): { readonly plan: object; readonly options: ReviewPlanOptions } {
  // The space makes all of them names that are not plain.
  const name = `${MARKER} ${given}`;
  const address = (type: string, n: number) => `${type}.a${n}[${JSON.stringify(name)}]`;
  const values = (suffix: string) => ({
    engine_version: `${name}${suffix}`,
    instance_class: `${name}${suffix}`,
    [name]: suffix,
    tags: { [name]: suffix },
    parameter: [
      { name, value: suffix },
      { name: `${name}2`, value: `${name}${suffix}` },
    ],
    rule: [{ id: name, status: suffix }, { id: `${name}2` }],
  });
  const types = [
    "aws_db_instance",
    "aws_db_parameter_group",
    "aws_s3_bucket_lifecycle_configuration",
    "helm_release",
    name,
  ];
  const actions = [["update"], ["delete"], ["delete", "create"], ["create"], ["forget"]];
  const changes = types.flatMap((type, n) =>
    actions.map((each, m) => ({
      type,
      address: address(type, 10 * n + m),
      actions: each,
      before: each[0] === "create" ? null : values("1"),
      after: each[0] === "update" || each.includes("create") ? values("2") : null,
      change: { importing: { id: name }, replace_paths: [[name, 0, "size"], ["engine_version"]] },
      more: {
        previous_address: `${address(type, 10 * n + m)}.old`,
        module_address: `module.${name}`,
        name,
        provider_name: name,
        action_reason: name,
        ...(each[0] === "delete" ? { deposed: name } : {}),
      },
    })),
  );
  const inModule = {
    type: "aws_db_instance",
    address: `module.${name}.aws_db_instance.a`,
    actions: ["delete"],
    before: {},
  };
  const server = address("aws_db_instance", 0);
  return {
    plan: planJson([...changes, inModule], {
      terraform_version: name,
      complete: false,
      deferred_changes: [
        {
          reason: name,
          resource_change: changeJson({ address: address("aws_db_instance", 99), actions: ["create"] }),
        },
      ],
      output_changes: { [name]: { actions: ["update"], before: name, after: `${name}2` } },
      resource_drift: [
        changeJson({ address: server, actions: ["update"], before: values("1"), after: values("2") }),
      ],
      relevant_attributes: [
        { resource: server, attribute: ["engine_version"] },
        { resource: server, attribute: [name] },
      ],
      checks: [
        {
          status: "fail",
          address: { to_display: name, name },
          instances: [{ problems: [{ message: name }], address: { to_display: name } }],
        },
      ],
      configuration: configurationJson({
        "aws_db_instance.a0": [],
        [`helm_release.${name}`]: ["aws_db_instance.a0.address"],
      }),
    }),
    options: {
      today: "2026-11-27",
      acceptedFindings: [
        { id: `RDS-CLASS-CHANGED:${server}:instance_class`, reason: name },
        { id: `${name}:nothing`, reason: name },
        { id: `EFFECT-NOT-KNOWN:${server}:${name}`, reason: name, until: "2020-01-01" },
      ],
    },
  };
}
