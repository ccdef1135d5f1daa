import { EngineFamily, type SupportedEngine } from "../../database";
import type { SynthChecks } from "../../database/private";
import { isResolved } from "../../database/private";
import { GITLAB_LINES, type GitlabLine } from "./data/gitlab-versions";

const VERSION = /^v?(\d+)\.(\d+)(?:\.\d+)?$/;

/**
 * Version of GitLab, to the minor version; decides the chart and the supported PostgreSQL versions.
 *
 * @see https://docs.gitlab.com/charts/installation/version_mappings/
 */
export class GitlabVersion {
  /**
   * Version of GitLab.
   *
   * @param version such as `18.5` or `18.5.2`; known at synth. Constructs report a wrong one.
   */
  public static of(version: string): GitlabVersion {
    const [major, minor] = numbers(version);
    return new GitlabVersion(version, major, minor);
  }

  /**
   * Version that a version of the chart `gitlab/gitlab` installs.
   *
   * @param version such as `9.5.2`, which is GitLab 18.5; known at synth.
   */
  public static ofChart(version: string): GitlabVersion {
    const [chart, minor] = numbers(version);
    const line = GITLAB_LINES.find((each) => each.chart === chart);
    return line
      ? new GitlabVersion(`${line.gitlab}.${minor}`, line.gitlab, minor)
      : GitlabVersion.of(version);
  }

  /** Version as given, or as installed by the chart. */
  public readonly version: string;
  /** Major version; -1 if the text is no version. */
  public readonly major: number;
  /** Minor version; -1 if the text is no version. */
  public readonly minor: number;
  /** True if the library has data of this major version. Otherwise those of the newest apply, and constructs report it. */
  public readonly known: boolean;
  /** Major version of the chart. */
  public readonly chartMajor: number;
  /** Minimum version of PostgreSQL, such as `16.5`. */
  public readonly postgresMinimum: string;
  /** Maximum major version of PostgreSQL. */
  public readonly postgresMaximum: number;

  private constructor(version: string, major: number, minor: number) {
    const line = GITLAB_LINES.find((each) => each.gitlab === major);
    const data = line ?? (GITLAB_LINES[0] as GitlabLine);
    this.version = version;
    this.major = major;
    this.minor = minor;
    this.known = line !== undefined;
    this.chartMajor = data.chart;
    this.postgresMinimum = data.postgresMinimum;
    this.postgresMaximum = data.postgresMaximum;
  }

  /** Versions of PostgreSQL that it supports, for `MajorUpgrade`. */
  public get supportedEngine(): SupportedEngine {
    return {
      application: `GitLab ${this.version}`,
      family: EngineFamily.POSTGRES,
      oldest: this.postgresMinimum.split(".")[0] as string,
      newest: `${this.postgresMaximum}`,
    };
  }

  /** Version of the chart to the minor version, such as `9.5`. */
  public get chart(): string {
    return `${this.chartMajor}.${this.minor}`;
  }

  /**
   * True if this version is at least a given one.
   *
   * @param major major version.
   * @param minor minor version. @default 0
   */
  public atLeast(major: number, minor = 0): boolean {
    return this.major > major || (this.major === major && this.minor >= minor);
  }
}

/** Reports a version without data in the library. @internal */
export function checkGitlabVersion(checks: SynthChecks, property: string, version: GitlabVersion): void {
  if (version.known) return;
  const lines = GITLAB_LINES.map((line) => `${line.gitlab}.x (chart ${line.chart}.x)`).join(", ");
  checks.fail(
    property,
    version.version,
    `must be a version such as 18.5, known at synth, of one of these lines: ${lines}`,
  );
}

function numbers(version: string): [number, number] {
  const match = isResolved(version) ? VERSION.exec(version) : null;
  return match ? [Number(match[1]), Number(match[2])] : [-1, -1];
}
