export { GeneratedPassword, type GeneratedPasswordProps } from "./generated-password";
