import { type GitpodVersionProfile, VERSIONS } from "./data/versions";

/** A version of Gitpod, and what of its installation follows from it. */
export class GitpodVersion {
  /** The last self-hosted release, 2022.11 (support ended; the last update is 2022.11.3 of June 2023). */
  public static readonly V2022_11 = new GitpodVersion("2022.11");
  /** The main branch of gitpod-io/gitpod, as of 2026-07. */
  public static readonly HEAD = new GitpodVersion("HEAD");

  /** The version's name: `2022.11` or `HEAD`. */
  public readonly name: string;
  /** What the version is like. */
  public readonly profile: GitpodVersionProfile;

  private constructor(name: string) {
    this.name = name;
    this.profile = VERSIONS[name] as GitpodVersionProfile;
  }
}
