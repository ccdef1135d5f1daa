export * from "./azure-server-alerts";
export * from "./azure-server-diagnostics";
