// Versions of GitLab with their chart and PostgreSQL versions. Sources, read 2026-11: docs.gitlab.com
// "Installation requirements" (19.x edition), the chart's version mappings. Chart minors follow GitLab's: chart 9.6 is GitLab 18.6.

/** Facts of one major version of GitLab. */
export interface GitlabLine {
  /** GitLab's major version. */
  readonly gitlab: number;
  /** The chart's major version. */
  readonly chart: number;
  /** Minimum version of PostgreSQL, such as `16.5`. */
  readonly postgresMinimum: string;
  /** Maximum major version of PostgreSQL. */
  readonly postgresMaximum: number;
}

/** Newest first. */
export const GITLAB_LINES: readonly GitlabLine[] = [
  { gitlab: 19, chart: 10, postgresMinimum: "17", postgresMaximum: 17 },
  { gitlab: 18, chart: 9, postgresMinimum: "16.5", postgresMaximum: 17 },
  { gitlab: 17, chart: 8, postgresMinimum: "14.14", postgresMaximum: 16 },
  { gitlab: 16, chart: 7, postgresMinimum: "13.6", postgresMaximum: 15 },
];
