export { GitlabObjectStorage } from "./object-storage";
export * from "./object-storage-props";
