import { gte, valid } from "semver";
import { DEFAULT_IMAGE, OLDEST_VERSION, PREPARED_STATEMENTS_SINCE } from "./data/pgbouncer-facts";

/**
 * Container image of PgBouncer with its version. The image needs `/bin/sh`; for a leader watch also `psql`, and `curl` or `wget`.
 *
 * @example
 * PgBouncerImage.of("registry.example.com/pgbouncer:1.26.1", "1.26.1");
 */
export class PgBouncerImage {
  /** PgBouncer 1.26, image `edoburu/pgbouncer`. */
  public static readonly V1_26 = new PgBouncerImage(DEFAULT_IMAGE.reference, DEFAULT_IMAGE.version);

  /**
   * A custom image.
   *
   * @param reference the image with an exact tag or digest.
   * @param version version of PgBouncer in the image, such as `1.24.1`; at least 1.18.0.
   */
  public static of(reference: string, version: string): PgBouncerImage {
    return new PgBouncerImage(reference, version);
  }

  /** Image reference. */
  public readonly reference: string;
  /** Version of PgBouncer. */
  public readonly version: string;

  private constructor(reference: string, version: string) {
    this.reference = reference;
    this.version = version;
  }

  /** True if the configuration supports the version. */
  public get isSupported(): boolean {
    return this.atLeast(OLDEST_VERSION);
  }

  /** True if the version supports protocol-level prepared statements in transaction mode. */
  public get keepsPreparedStatements(): boolean {
    return this.atLeast(PREPARED_STATEMENTS_SINCE);
  }

  private atLeast(version: string): boolean {
    return valid(this.version) !== null && gte(this.version, version);
  }
}
