export { EncryptionKey, type EncryptionKeyProps, type IEncryptionKey } from "./encryption-key";
export * from "./generated-secret";
export * from "./stored-secret";
