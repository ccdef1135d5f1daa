export * from "./generated-secret";
export * from "./secret-vault";
export * from "./stored-secret";
