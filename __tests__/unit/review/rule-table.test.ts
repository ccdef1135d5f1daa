/** The rules of the review as a table: each is proved by a pair, and no argument of a database server, bucket or storage account has none. */
import { readFileSync } from "node:fs";
import { join } from "node:path";
import { gunzipSync } from "node:zlib";
import { KINDS } from "../../../lib/review/data/kinds";
import { RULES } from "../../../lib/review/data/rules";
import type { Rule } from "../../../lib/review/rules/rule";
import { repository } from "../../../tools/machine/repository";
import { AWS_PAIRS, STAND_IN_AWS_PAIRS } from "../../support/review/pairs-aws";
import { AZURE_PAIRS } from "../../support/review/pairs-azure";
import { GOOGLE_PAIRS } from "../../support/review/pairs-google";
import { KUBERNETES_PAIRS } from "../../support/review/pairs-kubernetes";

const PAIRS = [...AWS_PAIRS, ...STAND_IN_AWS_PAIRS, ...GOOGLE_PAIRS, ...AZURE_PAIRS, ...KUBERNETES_PAIRS];

test("ids are unique", () => {
  const ids = RULES.map(({ id }) => id);
  expect(ids.filter((id, index) => ids.indexOf(id) !== index)).toEqual([]);
  for (const id of ids) expect(id).toMatch(/^[A-Z0-9]+(-[A-Z0-9]+)*$/);
});

test("each rule is proved by a pair of its types and actions, and each pair names rules", () => {
  // No Terraform of the tests plans it: `destroy = false` is newer.
  const isPlanned = ({ actions }: Rule) => String(actions) !== "replace-and-forget";
  const without = RULES.filter(isPlanned).filter(
    ({ id, types, actions = ["update"] }) =>
      !PAIRS.some(
        (pair) => pair.rules.includes(id) && types.includes(pair.type) && actions.includes(pair.action),
      ),
  );
  expect(without.map(({ id }) => id)).toEqual([]);
  const ids = new Set(RULES.map(({ id }) => id));
  expect(PAIRS.flatMap(({ rules }) => rules).filter((id) => !ids.has(id))).toEqual([]);
});

test("each rule has words that end, and a source", () => {
  for (const { id, words, next, source } of RULES) {
    expect([id, words]).toEqual([id, expect.stringMatching(/^[A-Z0-9a-z].*[.]$/s)]);
    if (next !== undefined) expect([id, next]).toEqual([id, expect.stringMatching(/[.]$/)]);
    expect([id, source]).toEqual([id, expect.stringMatching(/^https:\/\/\S+$/)]);
  }
});

test("each type that holds data says what a destroy, a replacement and a removed block do", () => {
  const says = (type: string, action: "destroy" | "replace" | "forget") =>
    RULES.some(
      (rule) => rule.types.includes(type) && rule.paths === undefined && rule.actions?.includes(action),
    );
  const silent = [...KINDS]
    .filter(([, kind]) => kind.holdsData === true)
    .flatMap(([type]) => (["destroy", "replace", "forget"] as const).map((action) => [type, action] as const))
    .filter(([type, action]) => !says(type, action));
  expect(silent).toEqual([]);
});

const WITH_RULES = [
  ["aws_db_instance", "hashicorp_aws_6.25.0"],
  ["aws_rds_cluster", "hashicorp_aws_6.25.0"],
  ["google_sql_database_instance", "hashicorp_google_6.50.0"],
  ["azurerm_postgresql_flexible_server", "hashicorp_azurerm_4.55.0"],
  ["azurerm_mysql_flexible_server", "hashicorp_azurerm_4.55.0"],
  ["aws_s3_bucket", "hashicorp_aws_6.25.0"],
  ["google_storage_bucket", "hashicorp_google_6.50.0"],
  ["azurerm_storage_account", "hashicorp_azurerm_4.55.0"],
  ["azurerm_storage_container", "hashicorp_azurerm_4.55.0"],
] as const;

test.each(WITH_RULES)("each argument of %s has a rule, or replaces it", (type, schema) => {
  const known = [
    ...RULES.filter(({ types }) => types.includes(type)).flatMap(({ paths = [] }) => paths),
    ...replacing(type),
  ].map((path) => path.replace(/\[[^\]]*\]/g, ""));
  const inside = (path: string, outer: string) => path === outer || path.startsWith(`${outer}.`);
  const silent = argumentsOf(type, schema).filter(
    (path) => !known.some((each) => inside(path, each)) && !WITHOUT_RULE.has(`${type}.${path}`),
  );
  expect(silent).toEqual([]);
});

/** Arguments whose effect is not known, with the reason: the review says so. */
const WITHOUT_RULE: ReadonlyMap<string, string> = new Map([
  [
    "google_sql_database_instance.settings.enable_dataplex_integration",
    "neither Google's pages nor the provider's say what switching it does to a running instance",
  ],
]);

test("the arguments without a rule are arguments of the schemas", () => {
  const all = WITH_RULES.flatMap(([type, schema]) =>
    argumentsOf(type, schema).map((path) => `${type}.${path}`),
  );
  expect([...WITHOUT_RULE.keys()].filter((each) => !all.includes(each))).toEqual([]);
});

interface Block {
  readonly attributes?: {
    readonly [name: string]: {
      readonly optional?: boolean;
      readonly required?: boolean;
      readonly write_only?: boolean;
    };
  };
  readonly block_types?: { readonly [name: string]: { readonly block: Block } };
}

function argumentsOf(type: string, schema: string): string[] {
  const { block } = unpacked(`schemas/${schema}.json.gz`).resource_schemas[type];
  const walk = ({ attributes = {}, block_types: blocks = {} }: Block, before: string): string[] => [
    ...Object.entries(attributes)
      .filter(([, { optional, required, write_only: isWriteOnly }]) => (optional || required) && !isWriteOnly)
      .map(([name]) => `${before}${name}`),
    ...Object.entries(blocks).flatMap(([name, inner]) => walk(inner.block, `${before}${name}.`)),
  ];
  return walk(block, "").filter((path) => path !== "id" && path !== "region");
}

/** Arguments that force a replacement: the rules of the mirror, and for aws its list. */
function replacing(type: string): string[] {
  if (type.startsWith("aws_")) {
    return JSON.parse(
      readFileSync(join(repository, "tools/terraform-mirror/replace/hashicorp_aws.json"), "utf8"),
    )[type];
  }
  const provider = type.startsWith("google_") ? "hashicorp_google_6.50.0" : "hashicorp_azurerm_4.55.0";
  const rules: { [path: string]: { force_new?: boolean } } = unpacked(`rules/${provider}.json.gz`)[type];
  return Object.entries(rules)
    .filter(([, rule]) => rule.force_new === true)
    .map(([path]) => path);
}

function unpacked(file: string) {
  return JSON.parse(gunzipSync(readFileSync(join(repository, "tools/terraform-mirror", file))).toString());
}
