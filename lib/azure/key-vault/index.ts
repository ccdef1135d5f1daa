export type { GeoBackupKey, KeyVaultKey, ServerEncryptionKey } from "./encryption-key";
export * from "./secret-vault";
export * from "./secrets";
export * from "./stored-secret";
