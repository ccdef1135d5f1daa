export * from "./encryption-key";
export * from "./secret-vault";
export * from "./secrets";
