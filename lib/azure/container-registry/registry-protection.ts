// Geo-replication of a container registry as a protection.
//
// Consistency, routing and what works without the home region: Microsoft's page on geo-replication, read 2026-11. Soft delete of artifacts is a
// preview that azurerm 4.55 cannot enable; a management lock and zone redundancy keep no copies. Not run against Azure.

import { type Protection, RecoveryScenario } from "../../database";

const GEO_REPLICATION =
  "https://learn.microsoft.com/azure/container-registry/container-registry-geo-replication";

/** A registry and the regions of its geo-replicas. @internal */
export interface ProtectedRegistry {
  /** Name; may be a token. */
  readonly registryName: string;
  readonly replicaLocations: readonly string[];
}

/** @internal */
export function registryProtections({ registryName, replicaLocations }: ProtectedRegistry): Protection[] {
  if (replicaLocations.length === 0) return [];
  const list = `az acr replication list --registry "${registryName}" --query "[].[location,status.displayStatus]" --output table`;
  return [
    {
      mechanism: "Geo-replication of the container registry",
      location: `${replicaLocations.join(", ")}, registry ${registryName}`,
      region: replicaLocations.length === 1 ? replicaLocations[0] : undefined,
      procedures: [
        {
          scenarios: [RecoveryScenario.LOST_REGION],
          steps: [
            {
              title: `Pull and push images of ${registryName} as before`,
              commands: [list],
              permissions: ["Microsoft.ContainerRegistry/registries/replications/read"],
              notes: [
                "Nothing is restored: the login server stays, and Azure routes to a geo-replica that works. As long as the home region is lost, settings of the registry cannot be changed: the program is applied without it, or later.",
              ],
              source: GEO_REPLICATION,
            },
          ],
        },
      ],
      limits: [
        "Images are replicated in the background, for which Microsoft states no time: the last ones pushed may be missing.",
        "An image that is deleted or overwritten is so in all regions.",
      ],
      source: GEO_REPLICATION,
    },
  ];
}
