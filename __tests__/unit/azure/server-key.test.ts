import type { PostgresFlexibleServerProps, ServerEncryptionKey } from "../../../lib/azure";
import { azureId, mysql, postgres, VAULT_ID } from "../../support/azure-stack";
import { problemsOf, synthesize } from "../../support/synth";

const keyId = `https://keys.vault.azure.net/keys/postgres/${"0123456789abcdef".repeat(2)}`;
const key: ServerEncryptionKey = {
  keyId,
  keyVaultId: VAULT_ID,
  geoBackup: { keyId, keyVaultId: VAULT_ID, location: "northeurope" },
};
const identity = (name: string) => azureId("Microsoft.ManagedIdentity/userAssignedIdentities", name);

test.each([
  ["azurerm_postgresql_flexible_server", postgres],
  ["azurerm_mysql_flexible_server", mysql],
] as const)(
  "%s reads both keys as identities of its own, each in its region, with its role first",
  (type, make) => {
    const { resource, resources } = synthesize((stack) => void make(stack, { encryptionKey: key }));
    expect(resources("azurerm_user_assigned_identity").map(({ location }) => location)).toEqual([
      "westeurope",
      "northeurope",
    ]);
    expect(
      resources("azurerm_role_assignment").map(({ scope, role_definition_name }) => [
        scope,
        role_definition_name,
      ]),
    ).toEqual([
      [VAULT_ID, "Key Vault Crypto Service Encryption User"],
      [VAULT_ID, "Key Vault Crypto Service Encryption User"],
    ]);
    const server = resource(type);
    const block = server.customer_managed_key;
    expect(block).toMatchObject({ key_vault_key_id: keyId, geo_backup_key_vault_key_id: keyId });
    expect(server.identity).toEqual({
      type: "UserAssigned",
      identity_ids: [block.primary_user_assigned_identity_id, block.geo_backup_user_assigned_identity_id],
    });
    expect(new Set(server.identity.identity_ids).size).toBe(2);
    expect(
      server.depends_on.filter((each: string) => each.startsWith("azurerm_role_assignment")),
    ).toHaveLength(2);
  },
);

test("identities that have the role already", () => {
  const encryptionKey = {
    ...key,
    identityId: identity("here"),
    geoBackup: { ...key.geoBackup, identityId: identity("there") },
  } as ServerEncryptionKey;
  const { resource, resources } = synthesize((stack) => void postgres(stack, { encryptionKey }));
  expect(resources("azurerm_user_assigned_identity")).toEqual([]);
  expect(resource("azurerm_postgresql_flexible_server").identity.identity_ids).toEqual([
    identity("here"),
    identity("there"),
  ]);
});

describe("refuses", () => {
  const cases: [string, Partial<PostgresFlexibleServerProps>, RegExp][] = [
    [
      "geo-redundant backups without a key there",
      { encryptionKey: { keyId, keyVaultId: VAULT_ID } },
      /encryptionKey.geoBackup is not set: geo-redundant backups need a key in the paired region too/,
    ],
    [
      "a key there without geo-redundant backups",
      { encryptionKey: key, geoRedundantBackup: false },
      /leave it out without geo-redundant backups/,
    ],
    [
      "a key without its version",
      {
        encryptionKey: { keyId: "https://keys.vault.azure.net/keys/postgres", keyVaultId: VAULT_ID },
        geoRedundantBackup: false,
      },
      /encryptionKey.keyId is .*allowed is the id of a key with its version/,
    ],
    [
      "a vault by name",
      { encryptionKey: { keyId, keyVaultId: "keys" }, geoRedundantBackup: false },
      /encryptionKey.keyVaultId is "keys"/,
    ],
    [
      "one identity for both regions",
      {
        encryptionKey: {
          ...key,
          identityId: identity("one"),
          geoBackup: { keyId, keyVaultId: VAULT_ID, location: "northeurope", identityId: identity("one") },
        },
      },
      /the identity has to be another one/,
    ],
  ];
  test.each(cases)("%s", (_, props, rule) => {
    const found = problemsOf((stack) => void postgres(stack, props));
    expect(found.filter((problem) => rule.test(problem))).toHaveLength(1);
  });
});
