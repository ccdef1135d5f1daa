export * from "./generated-password";
