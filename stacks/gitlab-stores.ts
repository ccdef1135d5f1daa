// The stores that GitLab needs, made the same way on each cloud.

import type { GitlabStores } from "../lib/gitlab";
import type { IObjectStore } from "../lib/storage";

/**
 * Makes every store.
 *
 * @param make makes one; its name is a construct id, so it does not change.
 */
export function gitlabStores(make: (name: string) => IObjectStore): GitlabStores {
  return {
    artifacts: make("artifacts"),
    lfs: make("lfs"),
    uploads: make("uploads"),
    packages: make("packages"),
    externalDiffs: make("external-diffs"),
    terraformState: make("terraform-state"),
    ciSecureFiles: make("ci-secure-files"),
    dependencyProxy: make("dependency-proxy"),
    registry: make("registry-images"),
    backups: make("backups"),
    tmp: make("tmp"),
  };
}
