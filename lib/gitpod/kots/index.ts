export { KOTS_CONFIG_VALUES_KEY, KotsConfigValues } from "./kots-config-values";
export * from "./kots-config-values-props";
