export * from "./eks-connection";
