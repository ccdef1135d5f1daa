export * from "./azure-server-alerts";
export * from "./azure-server-dashboard";
export * from "./azure-server-diagnostics";
