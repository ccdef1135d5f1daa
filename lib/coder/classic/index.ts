export * from "./coder-classic-release";
export * from "./coder-classic-release-props";
