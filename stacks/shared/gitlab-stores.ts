// The object stores of GitLab.

import type { GitlabStores } from "../../lib/gitlab";
import type { IObjectStore } from "../../lib/storage";

/**
 * Creates all object stores that GitLab needs.
 *
 * @param make creates one store; its name is a construct id and must not change
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
