import { type Protection, RecoveryScenario } from "../../database";

/** A secret in a key vault, which outlives the cluster. Key vaults are replicated to the paired region. @internal */
export function secretProtection(secretId: string): Protection {
  return {
    mechanism: "Azure Key Vault",
    location: `Azure Key Vault, ${secretId}`,
    lossMinutes: 0,
    procedures: [
      {
        scenarios: [RecoveryScenario.LOST_CLUSTER, RecoveryScenario.LOST_REGION],
        steps: [
          {
            title: "The secret is in the key vault",
            verify: [
              `az keyvault secret show --id "${secretId}" --query "[id,attributes.enabled]" --output tsv`,
            ],
            permissions: ["Key Vault Secrets Officer on the vault"],
            notes: [
              "A deleted secret comes back during soft delete: `az keyvault secret recover --vault-name VAULT --name NAME`. While its region is lost, Azure fails the vault over to the paired region, where it is read-only. The apply writes the secret into the cluster again.",
            ],
            source: "https://learn.microsoft.com/azure/key-vault/general/disaster-recovery-guidance",
          },
        ],
      },
    ],
    limits: ["In a region without a pair, the vault is not replicated to another region."],
    source: "https://learn.microsoft.com/azure/key-vault/general/soft-delete-overview",
  };
}
