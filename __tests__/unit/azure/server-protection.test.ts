import type { TerraformStack } from "cdktf";
import { DelegatedDatabaseNetwork } from "../../../lib/azure";
import { EngineFamily, type IDatabaseServer, RecoveryScenario } from "../../../lib/database";
import { azureId, mysql, postgres, VAULT_ID } from "../../support/azure-stack";
import { synthesize } from "../../support/synth";

const keyId = `https://keys.vault.azure.net/keys/postgres/${"0123456789abcdef".repeat(2)}`;
const identity = (name: string) => azureId("Microsoft.ManagedIdentity/userAssignedIdentities", name);
const encryptionKey = {
  keyId,
  keyVaultId: VAULT_ID,
  identityId: identity("here"),
  geoBackup: {
    keyId: keyId.replace("postgres", "geo"),
    keyVaultId: VAULT_ID,
    location: "northeurope",
    identityId: identity("there"),
  },
};

/** The commands that restore a server after a loss. */
function commands(make: (stack: TerraformStack) => IDatabaseServer, scenario: RecoveryScenario): string {
  let text = "";
  synthesize((stack) => {
    const procedures = (make(stack).protections ?? []).flatMap(({ procedures }) => procedures ?? []);
    text = procedures
      .filter(({ scenarios }) => scenarios.includes(scenario))
      .flatMap(({ steps }) => steps.slice(0, 1))
      .flatMap(({ commands }) => commands ?? [])
      .join("\n");
  });
  return text;
}

test("az postgres restore gets what it does not take from the source and Terraform cannot change", () => {
  const { BAD_MIGRATION } = RecoveryScenario;
  const plain = commands((stack) => postgres(stack, { geoRedundantBackup: false }), BAD_MIGRATION);
  expect(plain).not.toMatch(/--geo-redundant-backup|--key/);
  expect(commands((stack) => postgres(stack), BAD_MIGRATION)).toContain("--geo-redundant-backup Enabled");
  expect(commands((stack) => postgres(stack, { encryptionKey }), BAD_MIGRATION)).toContain(
    ` --key "${keyId}" --identity "${identity("here")}" --backup-key "${encryptionKey.geoBackup.keyId}" --backup-identity "${identity("there")}"`,
  );
  expect(commands((stack) => mysql(stack, { encryptionKey }), BAD_MIGRATION)).not.toContain("--key");
});

test.each([
  ["PostgreSQL", postgres, true],
  ["MySQL", mysql, false],
] as const)("a deleted %s server is restored with its key", (_, make, geo) => {
  const text = commands((stack) => make(stack, { encryptionKey }), RecoveryScenario.LOST_DATABASE);
  const body = JSON.parse(/--body '(.*)'$/.exec(text)?.[1]?.replace(/'"(\$\w+)"'/g, "$1") ?? "");
  expect(Object.keys(body.identity.userAssignedIdentities)).toEqual([identity("here"), identity("there")]);
  expect(body.properties.dataEncryption).toMatchObject({
    primaryKeyURI: keyId,
    geoBackupUserAssignedIdentityId: identity("there"),
  });
  expect(body.properties.backup).toEqual(geo ? { geoRedundantBackup: "Enabled" } : undefined);
});

test("a geo-restore is decrypted by the key of the paired region", () => {
  const text = commands((stack) => postgres(stack, { encryptionKey }), RecoveryScenario.LOST_REGION);
  expect(text).toContain(` --key "${encryptionKey.geoBackup.keyId}" --identity "${identity("there")}"`);
  expect(text).not.toContain(identity("here"));
});

test("no restored server is open to the public network", () => {
  const { LOST_DATABASE, LOST_REGION } = RecoveryScenario;
  for (const make of [postgres, mysql]) {
    expect(commands(make, LOST_DATABASE)).toContain('"network":{"publicNetworkAccess":"Disabled"}');
    const geo = commands(make, LOST_REGION);
    expect(geo).not.toContain("--subnet");
    expect(geo.includes("--public-access Disabled")).toBe(make === mysql);
  }
});

test.each([
  [EngineFamily.POSTGRES, postgres, "privateDnsZoneArmResourceId"],
  [EngineFamily.MYSQL, mysql, "privateDnsZoneResourceId"],
] as const)("a restored %s server has a delegated subnet where its source has one", (family, make, zone) => {
  const place = { resourceGroupName: "platform", location: "westeurope", addressSpace: "10.20.0.0/24" };
  const delegated = (stack: TerraformStack) =>
    make(stack, { network: new DelegatedDatabaseNetwork(stack, "delegated", { family, ...place }) });
  const { LOST_DATABASE, LOST_REGION, BAD_MIGRATION } = RecoveryScenario;
  expect(commands(delegated, BAD_MIGRATION)).toMatch(/ --subnet "\S+" --private-dns-zone "\S+" --yes/);
  expect(commands(delegated, LOST_DATABASE)).toMatch(
    new RegExp(`"network":\\{"delegatedSubnetResourceId":"'"\\S+"'","${zone}":"'"\\S+"'"\\}`),
  );
  expect(commands(delegated, LOST_REGION)).toContain('--subnet "$NEW_SUBNET" --private-dns-zone "$NEW_ZONE"');
});
