export { EncryptionKey, type EncryptionKeyProps, type IEncryptionKey } from "./encryption-key";
export * from "./generated-secret";
