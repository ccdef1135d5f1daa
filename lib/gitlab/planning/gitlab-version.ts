// One version decides much: the chart, PostgreSQL, how many connections GitLab opens. So it is a value of its own and nobody
// else compares version texts.

import type { SynthChecks } from "../../database/private";
import { isResolved } from "../../database/private";
import { GITLAB_LINES, type GitlabLine } from "./data/gitlab-versions";

const VERSION = /^v?(\d+)\.(\d+)(?:\.\d+)?$/;

/** A version of GitLab, to the minor. */
export class GitlabVersion {
  /**
   * By GitLab's own version.
   *
   * @param version such as `18.5` or `18.5.2`; known at synth. A wrong one is reported by the construct that gets it.
   */
  public static of(version: string): GitlabVersion {
    const [major, minor] = numbers(version);
    return new GitlabVersion(version, major, minor);
  }

  /**
   * By the version of the chart `gitlab/gitlab`.
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

  /** The version as given, or as it follows from the chart. */
  public readonly version: string;
  /** GitLab's major version; -1 when the text is none. */
  public readonly major: number;
  /** GitLab's minor version; -1 when the text is none. */
  public readonly minor: number;
  /** Whether the library has the data of this major version. Otherwise the newest stands in, and constructs report it. */
  public readonly known: boolean;
  /** The chart's major version. */
  public readonly chartMajor: number;
  /** The oldest PostgreSQL that this GitLab takes, such as `16.5`. */
  public readonly postgresMinimum: string;
  /** The newest major version of PostgreSQL that this GitLab takes. */
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

  /** The chart of this version to the minor, such as `9.5`. */
  public get chart(): string {
    return `${this.chartMajor}.${this.minor}`;
  }

  /**
   * Whether this is at least a certain version.
   *
   * @param major GitLab's major version.
   * @param minor GitLab's minor version. @default 0
   */
  public atLeast(major: number, minor = 0): boolean {
    return this.major > major || (this.major === major && this.minor >= minor);
  }
}

/** Reports a version that the library has no data of. @internal */
export function checkGitlabVersion(checks: SynthChecks, property: string, version: GitlabVersion): void {
  if (version.known) return;
  const lines = GITLAB_LINES.map((line) => `${line.gitlab}.x (chart ${line.chart}.x)`).join(", ");
  checks.fail(
    property,
    version.version,
    `allowed is a version such as 18.5, known at synth, of one of these: ${lines}`,
  );
}

function numbers(version: string): [number, number] {
  const match = isResolved(version) ? VERSION.exec(version) : null;
  return match ? [Number(match[1]), Number(match[2])] : [-1, -1];
}
