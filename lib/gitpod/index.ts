// Gitpod on an external MySQL: its database, its storage and its installation. Imports no cloud.

export type { GitpodProfile } from "./data/versions";
export * from "./database";
export * from "./gitpod-version";
export * from "./installer";
export * from "./kots";
export * from "./secrets";
export * from "./storage";
