export * from "./long-term-backup";
