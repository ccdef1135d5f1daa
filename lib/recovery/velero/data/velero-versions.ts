// Which chart, Velero, plugin and KOTS fit together. Sources, read 2026-11: Chart.yaml of vmware-tanzu/helm-charts, tags velero-10.0.0 to
// velero-12.1.0; "Compatibility" in the README of velero-plugin-for-aws and velero-plugin-for-gcp v1.14.2 (that of
// velero-plugin-for-microsoft-azure has the same pairs, as far as v1.12); docs.replicated.com, "Velero Version Compatibility", which
// names v1.14.2 for all three plugins.

/** Chart repository of Velero. */
export const VELERO_REPOSITORY = "https://vmware-tanzu.github.io/helm-charts";

/** Default chart version. */
export const DEFAULT_CHART_VERSION = "12.1.0";

/** Versions that fit together: one line of the chart, of Velero and of the plugins. */
export interface VeleroLine {
  /** Major version of the chart. */
  readonly chart: number;
  /** Line of Velero, which the chart installs. */
  readonly velero: string;
  /** Line of the plugins. */
  readonly plugin: string;
  /** Version of the plugins that is installed by default. @default - none; `pluginVersion` must be set */
  readonly defaultPlugin?: string;
}

export const VELERO_LINES: readonly VeleroLine[] = [
  { chart: 10, velero: "1.16", plugin: "1.12" },
  { chart: 11, velero: "1.17", plugin: "1.13", defaultPlugin: "1.13.2" },
  { chart: 12, velero: "1.18", plugin: "1.14", defaultPlugin: "1.14.2" },
];

/** Newest line of Velero that a version of KOTS supports, the newest version of KOTS first. */
export const KOTS_SUPPORT: readonly { readonly since: string; readonly newest: string }[] = [
  { since: "1.130.7", newest: "1.18" },
  { since: "1.124.18", newest: "1.16" },
];
