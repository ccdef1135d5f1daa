import { EngineFamily, type SupportedEngine } from "../../database";
import { GITPOD_VERSIONS, type GitpodVersionProfile } from "./data/versions";

/**
 * Version of Gitpod with the properties of its installation.
 *
 * @see https://github.com/gitpod-io/gitpod/releases
 */
export class GitpodVersion {
  /** Last self-hosted release, 2022.11. Support has ended; the last update is 2022.11.3 of June 2023. */
  public static readonly V2022_11 = new GitpodVersion("2022.11");
  /** Main branch of gitpod-io/gitpod, as of 2026-07. */
  public static readonly HEAD = new GitpodVersion("HEAD");

  /** Name of the version: `2022.11` or `HEAD`. */
  public readonly name: string;
  /** Properties of the version. */
  public readonly profile: GitpodVersionProfile;

  /** Versions of MySQL that it supports, for `MajorUpgrade`. */
  public get supportedEngine(): SupportedEngine {
    const { possibleMysql } = this.profile;
    return {
      application: `Gitpod ${this.name}`,
      family: EngineFamily.MYSQL,
      oldest: possibleMysql[0] as string,
      newest: possibleMysql[possibleMysql.length - 1],
    };
  }

  private constructor(name: string) {
    this.name = name;
    this.profile = GITPOD_VERSIONS[name] as GitpodVersionProfile;
  }
}
