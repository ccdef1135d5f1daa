export * from "./dictionary-check";
export * from "./schema-dictionary";
