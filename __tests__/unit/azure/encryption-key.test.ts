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
  "%s reads both keys as two identities, one in each region, and depends on their roles",
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

test("uses given identities", () => {
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
      "geo-redundant backups without a key",
      { encryptionKey: { keyId, keyVaultId: VAULT_ID } },
      /encryptionKey.geoBackup must be set where backups are geo-redundant.*\(got not set\)/,
    ],
    [
      "a key of geo-redundant backups without them",
      { encryptionKey: key, geoRedundantBackup: false },
      /encryptionKey.geoBackup must not be set where backups are not geo-redundant/,
    ],
    [
      "a key of geo-redundant backups without its version",
      {
        encryptionKey: {
          ...key,
          geoBackup: {
            keyId: "https://keys.vault.azure.net/keys/postgres",
            keyVaultId: VAULT_ID,
            location: "northeurope",
          },
        },
      },
      /encryptionKey.geoBackup.keyId must be a key identifier with its version/,
    ],
    [
      "a vault by name",
      { encryptionKey: { keyId, keyVaultId: "keys" }, geoRedundantBackup: false },
      /encryptionKey.keyVaultId must be a resource ID .*"keys"/,
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
      /must be another identity than encryptionKey.identityId/,
    ],
  ];
  test.each(cases)("%s", (_, props, rule) => {
    const found = problemsOf((stack) => void postgres(stack, props));
    expect(found.filter((problem) => rule.test(problem))).toHaveLength(1);
  });
});

describe("a key identifier without version, with which Azure follows the rotation of the key", () => {
  const encryptionKey = { keyId: "https://keys.vault.azure.net/keys/postgres", keyVaultId: VAULT_ID };

  test("is taken by PostgreSQL", () => {
    const { resource } = synthesize(
      (stack) => void postgres(stack, { encryptionKey, geoRedundantBackup: false }),
    );
    expect(resource("azurerm_postgresql_flexible_server").customer_managed_key.key_vault_key_id).toBe(
      encryptionKey.keyId,
    );
  });

  test("is refused for MySQL, for which the provider has no rotation", () => {
    expect(problemsOf((stack) => void mysql(stack, { encryptionKey, geoRedundantBackup: false }))).toEqual([
      expect.stringMatching(
        /AZURE-MYSQL-ENCRYPTION-KEY-KEY-ID: encryptionKey.keyId must be a key identifier with its version/,
      ),
    ]);
  });
});
