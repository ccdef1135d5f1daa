export * from "./aks-connection";
