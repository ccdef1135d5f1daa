export * from "./database-network";
export * from "./instance-dns";
export * from "./private-service-connect";
