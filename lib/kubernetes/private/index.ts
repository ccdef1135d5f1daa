// For the other rooms of this package only: `exports` of package.json keeps it from users.
export * from "../fingerprint";
export { atLeast, checkChartVersion, checkSince, hasFix, MIN_TIMEOUT_SECONDS } from "../helm-release";
export * from "../helm-values";
export * from "../object-names";
export * from "../proxied-server";
export { pemText, trimmed } from "../secret-entry";
export * from "../secret-variables";
export { yamlText } from "../yaml-text";
