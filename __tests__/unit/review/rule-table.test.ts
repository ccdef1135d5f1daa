/** The rules of the review as a table: each is proved by a pair, and no argument of a database server has none. */
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

test.each([
  ["aws_db_instance", "hashicorp_aws_6.25.0"],
  ["google_sql_database_instance", "hashicorp_google_6.50.0"],
  ["azurerm_postgresql_flexible_server", "hashicorp_azurerm_4.55.0"],
  ["azurerm_mysql_flexible_server", "hashicorp_azurerm_4.55.0"],
])("each argument of %s has a rule, or replaces it", (type, schema) => {
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

/** Arguments whose effect is not known: the review says so. */
const WITHOUT_RULE = new Set([
  "aws_db_instance.customer_owned_ip_enabled",
  "aws_db_instance.identifier_prefix",
  "aws_db_instance.master_user_secret_kms_key_id",
  "aws_db_instance.replica_mode",
  "aws_db_instance.upgrade_storage_config",
  ...[
    "master_instance_name",
    "node_count",
    "replica_names",
    "replica_configuration.cascadable_replica",
    "replication_cluster.failover_dr_replica_name",
    "replication_cluster.psa_write_endpoint",
    "settings.advanced_machine_features.threads_per_core",
    "settings.backup_configuration.backup_retention_settings.retention_unit",
    "settings.connection_pool_config.connection_pooling_enabled",
    "settings.connection_pool_config.flags.name",
    "settings.connection_pool_config.flags.value",
    "settings.data_cache_config.data_cache_enabled",
    "settings.enable_dataplex_integration",
    "settings.enable_google_ml_integration",
    "settings.ip_configuration.psc_config.allowed_consumer_projects",
    "settings.ip_configuration.psc_config.network_attachment_uri",
    "settings.ip_configuration.psc_config.psc_auto_connections.consumer_network",
    "settings.ip_configuration.psc_config.psc_auto_connections.consumer_service_project_id",
    "settings.ip_configuration.psc_config.psc_enabled",
    "settings.location_preference.follow_gae_application",
    "settings.password_validation_policy.complexity",
    "settings.password_validation_policy.disallow_username_substring",
    "settings.password_validation_policy.enable_password_policy",
    "settings.password_validation_policy.min_length",
    "settings.password_validation_policy.password_change_interval",
    "settings.password_validation_policy.reuse_interval",
    "settings.pricing_plan",
    "settings.sql_server_audit_config.bucket",
    "settings.sql_server_audit_config.retention_interval",
    "settings.sql_server_audit_config.upload_interval",
  ].map((path) => `google_sql_database_instance.${path}`),
]);

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
