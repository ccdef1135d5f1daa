// A repository in a multi-region as a protection.
//
// What a multi-region outlives, and what immutable tags refuse: Google's pages on repository locations and on repository settings, read
// 2026-11. Artifact Registry has no versions and no soft delete: immutable tags and a KEEP policy keep images from being deleted, and
// bring none back. Not run against Google Cloud.

import { type Protection, RecoveryScenario } from "../../database";
import { isResolved } from "../../database/private";

const LOCATIONS = "https://cloud.google.com/artifact-registry/docs/repositories/repo-locations";

/** A repository. @internal */
export interface ProtectedRepository {
  /** Prefix of the names of images. */
  readonly url: string;
  /** Region or multi-region; may be a token. */
  readonly location: string;
  readonly immutableTags: boolean;
  readonly deleteUntaggedAfterDays?: number;
}

/** @internal */
export function repositoryProtections(repository: ProtectedRepository): Protection[] {
  const { url, location, immutableTags, deleteUntaggedAfterDays: days } = repository;
  if (!isResolved(location) || location.includes("-")) return [];
  return [
    {
      mechanism: "Artifact Registry multi-region",
      location: `the regions of ${location}, the repository ${url}`,
      region: location,
      procedures: [
        {
          scenarios: [RecoveryScenario.LOST_REGION],
          steps: [
            {
              title: `Pull and push images of ${url} as before`,
              commands: [`gcloud artifacts docker images list "${url}" --include-tags --limit=5`],
              permissions: ["artifactregistry.dockerimages.list", "artifactregistry.tags.list"],
              notes: [
                "Nothing is restored: the names of the images stay. The stack of the other region takes the repository by `ArtifactRegistry.fromRegistryAttributes`.",
              ],
              source: "https://cloud.google.com/sdk/gcloud/reference/artifacts/docker/images/list",
            },
          ],
        },
      ],
      limits: [
        "Google says that a multi-region may go on working without one of its regions, and states no time for the copies: the images pushed last may be missing.",
        immutableTags
          ? "An image that is deleted is so in all regions; as long as it has a tag, immutable tags refuse that."
          : "An image that is deleted, or whose tag is pushed again, is so in all regions.",
        ...(days === undefined
          ? []
          : [`The cleanup policy deletes images ${days} days after their upload once they have no tag.`]),
      ],
      source: LOCATIONS,
    },
  ];
}
