export * from "./encryption-keys";
export * from "./gitpod-certificate";
export * from "./gitpod-secret";
export * from "./gitpod-secret-props";
