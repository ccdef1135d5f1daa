// For the other rooms of this package only: `exports` of package.json keeps it from users.

export { CLIENT_IMAGES } from "../data/client-images";
export * from "../fingerprint";
export { atLeast, checkChartVersion, checkSince, hasFix, MIN_TIMEOUT_SECONDS } from "../helm-release";
export * from "../helm-values";
export * from "../monitoring/metrics-missing";
export * from "../monitoring/watch-metrics";
export * from "../object-names";
export * from "../proxied-server";
export * from "../rehearsal/isolation";
export * from "../rehearsal/job-functions";
export * from "../rehearsal/rehearsal-files";
export * from "../rehearsal/rehearsal-frame";
export { pemText, trimmed } from "../secret-entry";
export * from "../secret-variables";
export { yamlText } from "../yaml-text";
