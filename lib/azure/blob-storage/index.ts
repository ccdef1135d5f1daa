export * from "./backup-storage";
export * from "./blob-container";
export { BlobLockState } from "./blob-lock";
export * from "./blob-storage";
export type { StorageAccountAttributes } from "./existing-blob-storage";
