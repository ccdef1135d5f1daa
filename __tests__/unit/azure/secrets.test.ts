import { type TerraformStack, TerraformVariable } from "cdktf";
import { GeneratedSecret, SecretVault, type SecretVaultProps, StoredSecret } from "../../../lib/azure";
import { azureNetwork, postgres, VAULT_ID } from "../../support/azure-stack";
import { problemsOf, synthesize, treeOf } from "../../support/synth";

const vault = SecretVault.fromKeyVaultId(VAULT_ID);

describe("a generated secret", () => {
  const secret = (props = {}) =>
    synthesize((stack) => void new GeneratedSecret(stack, "password", { vault, ...props }));

  test("is written to the key vault by a write-only argument, and read back as an ephemeral value", () => {
    const { ephemeral, resource } = secret();
    expect(ephemeral("random_password")).toEqual({
      length: 32,
      special: false,
      min_lower: 1,
      min_upper: 1,
      min_numeric: 1,
    });
    const written = resource("azurerm_key_vault_secret");
    expect(written).toMatchObject({
      name: "test-password",
      key_vault_id: VAULT_ID,
      content_type: "password",
      value_wo: expect.stringMatching(/^\$\{ephemeral\.random_password\.\w+\.result\}$/),
      value_wo_version: 1,
    });
    expect(written.value).toBeUndefined();
    // The version is not known before the secret is written, so Terraform cannot read it too early.
    const read = ephemeral("azurerm_key_vault_secret");
    expect(read.version).toMatch(/^\$\{azurerm_key_vault_secret\.\w+\.version\}$/);
    // Terraform 1.11.4 crashes when it shows a plan with conditions of ephemeral resources as JSON.
    expect(read.lifecycle).toBeUndefined();
  });

  test("expires one year after its generation, not after each plan", () => {
    const { resource, resources } = secret({ version: 3 });
    expect(resource("azurerm_key_vault_secret").expiration_date).toMatch(/terraform_data\.\w+\.output/);
    expect(resources("terraform_data")[0]).toEqual({
      input: { expires: '${timeadd(plantimestamp(), "8760h")}', vault: VAULT_ID, name: "test-password" },
      triggers_replace: { version: 3 },
      lifecycle: { ignore_changes: ["input"] },
    });
  });

  test("has prevent_destroy with protect", () => {
    const of = (made: ReturnType<typeof secret>) => made.resource("azurerm_key_vault_secret").lifecycle;
    expect(of(secret({ protect: true }))).toMatchObject({ prevent_destroy: true, precondition: [{}, {}] });
    expect(of(secret())).not.toHaveProperty("prevent_destroy");
  });

  test("depends on the role assignments of a SecretVault", () => {
    const { resource } = synthesize((stack) => {
      const own = new SecretVault(stack, "vault", { network: azureNetwork(stack) });
      new GeneratedSecret(stack, "password", { vault: own });
    });
    expect(resource("azurerm_key_vault_secret").depends_on.map((each: string) => each.split(".")[0])).toEqual(
      [
        "azurerm_key_vault",
        "azurerm_role_assignment",
        "azurerm_private_endpoint",
        "azurerm_private_dns_zone_virtual_network_link",
      ],
    );
  });

  test("takes the 15 tags that Key Vault takes, and refuses more, once for a server with several logins", () => {
    const tags = (count: number) =>
      Object.fromEntries(Array.from({ length: count }, (_, i) => [`tag${i}`, "a"]));
    expect(problemsOf((stack) => void postgres(stack, { tags: tags(15) }).database("coder"))).toEqual([]);
    expect(problemsOf((stack) => void postgres(stack, { tags: tags(16) }).database("coder"))).toEqual([
      expect.stringMatching(/KEY-VAULT-TAGS-COUNT: tags must be at most 15 .*"16 tags"/),
    ]);
  });

  test("freezes ids", () => {
    expect(treeOf(secret().stack.node.findChild("password"))).toBe("Random\nGeneration\nResource\nStored\n");
  });

  test("refuses illegal lengths and names, and accepts tokens", () => {
    const build = (props: object) => (stack: TerraformStack) =>
      void new GeneratedSecret(stack, "password", { vault, ...props });
    expect(problemsOf(build({ length: 12, secretName: "data_base", expiresAfterDays: 0 }))).toEqual([
      expect.stringContaining("length "),
      expect.stringContaining("expiresAfterDays "),
      expect.stringContaining(
        'KEY-VAULT-SECRET-NAME: secretName must be 1 to 127 letters, digits and hyphens (got "data_base")',
      ),
    ]);
    const { resources } = synthesize((stack) => {
      const number = (name: string) => new TerraformVariable(stack, name, { type: "number" }).numberValue;
      build({ version: number("version"), expiresAfterDays: number("days") })(stack);
    });
    expect(resources("terraform_data")[0].input.expires).toBe(
      '${timeadd(plantimestamp(), "${(var.days * 24)}h")}',
    );
  });
});

describe("a stored secret", () => {
  test("is read as an ephemeral value", () => {
    const { json, ephemeral } = synthesize((stack) => {
      const { value } = new StoredSecret(stack, "old", {
        secretId: `${VAULT_ID}/secrets/pg`,
        version: 4,
      });
      expect(value.version).toBe(4);
    });
    expect(json.resource).toBeUndefined();
    expect(ephemeral("azurerm_key_vault_secret")).toEqual({ key_vault_id: VAULT_ID, name: "pg" });
  });

  test("is found by the resource ID that another stack hands over", () => {
    const { ephemeral } = synthesize((stack) => {
      const secretId = new TerraformVariable(stack, "secret", { type: "string" }).stringValue;
      new StoredSecret(stack, "old", { secretId });
    });
    expect(ephemeral("azurerm_key_vault_secret")).toEqual({
      key_vault_id: "${dirname(dirname(var.secret))}",
      name: "${basename(var.secret)}",
    });
  });

  test.each(["pg", `${VAULT_ID}/secrets/a b`, "https://vault.vault.azure.net/secrets/pg", VAULT_ID])(
    "refuses the id %s",
    (secretId) => {
      expect(problemsOf((stack) => void new StoredSecret(stack, "old", { secretId }))).toEqual([
        expect.stringContaining("[old] KEY-VAULT-SECRET-ID: secretId must be the resource ID of a secret"),
      ]);
    },
  );
});

describe("a key vault", () => {
  const build =
    (props: Partial<SecretVaultProps> = {}) =>
    (stack: TerraformStack) =>
      void new SecretVault(stack, "vault", { network: azureNetwork(stack), ...props });

  test("has private access, role-based access control and purge protection", () => {
    const { resource } = synthesize(build());
    const { name, tenant_id, ...rest } = resource("azurerm_key_vault");
    expect(rest).toEqual({
      resource_group_name: "platform",
      location: "westeurope",
      sku_name: "standard",
      rbac_authorization_enabled: true,
      purge_protection_enabled: true,
      soft_delete_retention_days: 90,
      public_network_access_enabled: false,
      network_acls: { bypass: "None", default_action: "Deny" },
      lifecycle: { prevent_destroy: true },
    });
    // 24 characters at most.
    expect(resource("random_id").prefix.length + 8).toBeLessThanOrEqual(24);
    expect(resource("azurerm_private_endpoint").private_service_connection.subresource_names).toEqual([
      "vault",
    ]);
    expect(resource("azurerm_private_dns_zone").name).toBe("privatelink.vaultcore.azure.net");
    expect(resource("azurerm_role_assignment")).toMatchObject({
      role_definition_name: "Key Vault Secrets Officer",
      principal_id: expect.stringContaining("data.azurerm_client_config"),
    });
  });

  test("allows the given IP addresses, and records the opt-out", () => {
    const { resource, infos } = synthesize(build({ allowedIpRanges: ["203.0.113.7"] }));
    expect(resource("azurerm_key_vault")).toMatchObject({
      public_network_access_enabled: true,
      network_acls: { default_action: "Deny", ip_rules: ["203.0.113.7"] },
    });
    expect(infos).toEqual([
      {
        path: "vault",
        message: expect.stringContaining("opt-out: KEY-VAULT-ALLOWED-IP-RANGES: allowedIpRanges"),
      },
    ]);
  });

  test("assigns the role to the given writers", () => {
    const { json } = synthesize(build({ writerObjectIds: { pipeline: "p", people: "q" } }));
    const roles = Object.values<{ principal_id: string }>(json.resource.azurerm_role_assignment);
    expect(roles.map((role) => role.principal_id)).toEqual(["p", "q"]);
  });

  test("refuses the whole internet, illegal names and a short soft-delete retention", () => {
    const props = {
      allowedIpRanges: ["0.0.0.0/0"],
      vaultName: "a--vault",
      softDeleteRetentionDays: 6,
    };
    expect(problemsOf(build(props))).toEqual([
      expect.stringContaining("[vault] KEY-VAULT-VAULT-NAME: vaultName must be 3 to 24"),
      expect.stringContaining("softDeleteRetentionDays "),
      expect.stringContaining("allowedIpRanges must not contain the whole internet"),
    ]);
  });
});
