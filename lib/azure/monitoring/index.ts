export * from "./server-alerts";
export * from "./server-diagnostics";
