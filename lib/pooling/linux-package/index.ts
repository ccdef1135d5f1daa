export * from "./linux-package-pooler";
