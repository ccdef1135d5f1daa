export * from "./backup-storage";
export * from "./blob-container";
export * from "./blob-storage";
export type { StorageAccountAttributes } from "./existing-blob-storage";
