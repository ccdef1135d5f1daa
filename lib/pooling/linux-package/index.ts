export * from "./linux-package-pooler";
export * from "./ruby";
