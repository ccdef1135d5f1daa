export { ArtifactRegistry, type ArtifactRegistryProps } from "./artifact-registry";
export type { ArtifactRegistryAttributes } from "./imported-artifact-registry";
