/** Types by the folders of bindings: every type of the pinned schemas is known, and bindings are found where projects have them. */
import { mkdirSync, mkdtempSync, readdirSync, readFileSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { gunzipSync } from "node:zlib";
import { isKnownType } from "../../../lib/testing/known-types";
import { repository } from "../../../tools/machine/repository";

const SCHEMAS = join(repository, "tools/terraform-mirror/schemas");

test.each(["aws", "azurerm", "google", "helm", "kubernetes", "random"])(
  "each resource and data source of %s is known",
  (provider) => {
    const file = readdirSync(SCHEMAS).find((each) => each.startsWith(`hashicorp_${provider}_`)) as string;
    const schema = JSON.parse(gunzipSync(readFileSync(join(SCHEMAS, file))).toString());
    const types = [...Object.keys(schema.resource_schemas), ...Object.keys(schema.data_source_schemas ?? {})];
    expect(types.filter((type) => isKnownType(type, [provider], repository) !== true)).toEqual([]);
    expect(isKnownType(`${types[0]}x`, [provider], repository)).toBe(false);
  },
);

test("bindings are found in the folder, in those around it, and where cdktf get writes them", () => {
  const project = mkdtempSync(join(tmpdir(), "known-types-"));
  try {
    const inner = join(project, "packages", "infra");
    mkdirSync(join(inner, ".gen/providers/hcp/vault-cluster"), { recursive: true });
    mkdirSync(join(project, "node_modules/@cdktf/provider-google-beta/lib/google-sql-user"), {
      recursive: true,
    });
    expect(isKnownType("hcp_vault_cluster", ["hcp"], inner)).toBe(true);
    expect(isKnownType("hcp_vault_clusters", ["hcp"], inner)).toBe(false);
    expect(isKnownType("google_sql_user", ["google-beta"], inner)).toBe(true);
    expect(isKnownType("google_sql_users", ["google-beta"], inner)).toBe(false);
    expect(isKnownType("ibm_database", ["ibm"], inner)).toBeUndefined();
    expect(isKnownType("terraform_data", [], inner)).toBe(true);
  } finally {
    rmSync(project, { recursive: true, force: true });
  }
});
