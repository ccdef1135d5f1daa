import { gte, valid } from "semver";
import { DEFAULT_IMAGE, OLDEST_VERSION, PREPARED_STATEMENTS_SINCE } from "./data/pgbouncer-facts";

/**
 * A container image of PgBouncer and the version in it. It has to have `/bin/sh`; for a leader watch also `psql`, and `curl`
 * or `wget`.
 *
 * @example
 * PgBouncerImage.of("registry.example.com/pgbouncer:1.25.2", "1.25.2");
 */
export class PgBouncerImage {
  /** PgBouncer 1.25 of the edoburu project. */
  public static readonly V1_25 = new PgBouncerImage(DEFAULT_IMAGE.reference, DEFAULT_IMAGE.version);

  /**
   * Another image.
   *
   * @param reference the image with an exact tag or a digest.
   * @param version PgBouncer's version in it, such as `1.24.1`; at least 1.18.0.
   */
  public static of(reference: string, version: string): PgBouncerImage {
    return new PgBouncerImage(reference, version);
  }

  /** The image. */
  public readonly reference: string;
  /** PgBouncer's version in it. */
  public readonly version: string;

  private constructor(reference: string, version: string) {
    this.reference = reference;
    this.version = version;
  }

  /** Whether the version is one we write the configuration of. */
  public get isSupported(): boolean {
    return this.atLeast(OLDEST_VERSION);
  }

  /** Whether prepared statements of the protocol work in transaction mode. */
  public get keepsPreparedStatements(): boolean {
    return this.atLeast(PREPARED_STATEMENTS_SINCE);
  }

  private atLeast(version: string): boolean {
    return valid(this.version) !== null && gte(this.version, version);
  }
}
