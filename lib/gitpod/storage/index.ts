export * from "./gitpod-object-storage";
export * from "./gitpod-object-storage-props";
export * from "./gitpod-registry";
