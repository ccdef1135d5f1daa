// The contract of object stores and image registries. Imports no provider.
export * from "./image-registry";
export * from "./object-store";
export * from "./object-store-attributes";
export * from "./object-store-key";
export * from "./registry-login";
