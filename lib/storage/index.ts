// What applications see of object storage and image registries. Imports no provider.
export * from "./existing-image-registry";
export * from "./existing-object-store";
export * from "./image-registry";
export * from "./names-and-places";
export * from "./object-store";
export * from "./object-store-key";
export * from "./registry-login";
