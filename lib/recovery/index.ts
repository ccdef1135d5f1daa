// Recovery: data of applications, its protection, and the way back. Imports no cloud and no application.
export * from "./inventory/data-inventory";
export * from "./inventory/rehearsal-result";
