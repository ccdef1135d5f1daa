export * from "./backup-storage";
export * from "./blob-container";
export * from "./blob-storage";
