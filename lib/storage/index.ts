// What applications see of object storage and image registries. Imports no provider.
export * from "./image-registry";
export * from "./object-store";
export * from "./object-store-key";
