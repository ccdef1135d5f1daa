export * from "./azure-container-registry";
