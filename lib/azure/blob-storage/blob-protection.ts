// Soft delete, versioning and geo-redundancy of Blob Storage as protections.

import { type Protection, RecoveryScenario } from "../../database";

const SOFT_DELETE = "https://learn.microsoft.com/azure/storage/blobs/soft-delete-blob-manage";
const FAILOVER = "https://learn.microsoft.com/azure/storage/common/storage-initiate-account-failover";

/** A container of a storage account, for its runbook. @internal */
export interface ProtectedContainer {
  readonly containerName: string;
  readonly accountName: string;
  /** Host of the blob service. */
  readonly endpoint: string;
  readonly location: string;
  /** Days of soft delete and of previous versions. */
  readonly softDeleteDays: number;
  /** Redundancy of the account: `GZRS`. */
  readonly replication: string;
  /** Days of the version-level immutability policy. @default - none */
  readonly lockDays?: number;
}

/** @internal */
export function containerProtections(container: ProtectedContainer): Protection[] {
  const { containerName, accountName, location, softDeleteDays, replication, lockDays } = container;
  const blobs = `--account-name "${accountName}" --container-name "${containerName}" --auth-mode login`;
  return [
    {
      mechanism: "Blob versioning and soft delete",
      location: `${location}, the container ${containerName} of ${accountName}`,
      region: location,
      retentionDays: softDeleteDays,
      lossMinutes: 0,
      procedures: [
        {
          scenarios: [RecoveryScenario.DELETED_OBJECTS],
          steps: [
            {
              title: `Bring the deleted blobs of ${containerName} back`,
              inputs: [
                { name: "PREFIX", description: "Prefix of the deleted blobs", example: "workspaces/" },
              ],
              commands: [
                `az storage blob list ${blobs} --prefix "$PREFIX" --include dv --num-results "*" --query "[].[name,versionId,isCurrentVersion]" --output tsv > versions.tsv`,
                "# The newest version of each blob without a current one.\nsort -r versions.tsv | awk -F'\\t' 'tolower($3) == \"true\" { current[$1] = 1 } !($1 in newest) { newest[$1] = $2 } END { for (name in newest) if (!(name in current)) print name \"\\t\" newest[name] }' > deleted.tsv\nwc -l < deleted.tsv",
                `while IFS=$'\\t' read -r name version; do\n  encoded="$(jq --raw-output --null-input --arg name "$name" '$name | @uri')"\n  az storage blob copy start --account-name "${accountName}" --auth-mode login --destination-container "${containerName}" --destination-blob "$name" \\\n    --source-uri "https://${container.endpoint}/${containerName}/$encoded?versionid=$version"\ndone < deleted.tsv`,
              ],
              permissions: [
                "Microsoft.Storage/storageAccounts/blobServices/containers/blobs/read",
                "Microsoft.Storage/storageAccounts/blobServices/containers/blobs/write",
              ],
              notes: ["Look at the number of the second command before the third."],
              verify: [
                `az storage blob list ${blobs} --prefix "$PREFIX" --num-results "*" --query "length(@)"`,
              ],
              source: "https://learn.microsoft.com/azure/storage/blobs/versioning-enable",
            },
          ],
        },
      ],
      limits: [
        "A previous version is deleted when it is older than the retention, also while the blob is in use.",
        ...(lockDays === undefined
          ? []
          : [
              `No version can be deleted for ${lockDays} days after its creation, by the immutability policy.`,
            ]),
      ],
      source: SOFT_DELETE,
    },
    ...(/^(RA)?GZ?RS$/.test(replication)
      ? [
          {
            mechanism: `Geo-redundant storage (${replication})`,
            location: `the paired region of ${location}, ${accountName}`,
            // "typically ... less than 15 minutes, although there's currently no SLA" (storage-redundancy) [rec]: not stated.
            procedures: [
              {
                scenarios: [RecoveryScenario.LOST_REGION],
                steps: [
                  {
                    title: `Fail the storage account ${accountName} over to the paired region`,
                    inputs: [
                      {
                        name: "GROUP",
                        description: "Resource group of the storage account",
                        example: "platform",
                      },
                    ],
                    commands: [
                      `az storage account show --name "${accountName}" --resource-group "$GROUP" --expand geoReplicationStats --query geoReplicationStats`,
                      `az storage account failover --name "${accountName}" --resource-group "$GROUP" --yes`,
                    ],
                    permissions: [
                      "Microsoft.Storage/storageAccounts/failover/action",
                      "Microsoft.Storage/storageAccounts/read",
                    ],
                    notes: [
                      "What was written after `lastSyncTime` of the first command is lost. After the failover the account is locally redundant in the other region; its name and address stay, and the stack of the other region takes it by `BlobStorage.fromStorageAccountAttributes`.",
                    ],
                    verify: [
                      `az storage account show --name "${accountName}" --resource-group "$GROUP" --query "[primaryLocation,statusOfPrimary,sku.name]" --output tsv`,
                    ],
                    source: FAILOVER,
                  },
                ],
              },
            ],
            source: "https://learn.microsoft.com/azure/storage/common/storage-redundancy",
          },
        ]
      : []),
  ];
}
