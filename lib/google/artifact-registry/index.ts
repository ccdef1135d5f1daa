export {
  ArtifactRegistry,
  type ArtifactRegistryAttributes,
  type ArtifactRegistryProps,
} from "./artifact-registry";
