export { GeneratedPassword, type GeneratedPasswordProps } from "./generated-password";
export * from "./stored-secret";
