import type { SecretValue } from "../../database";

/** Attributes of an existing Redis. */
export interface GitlabRedisAttributes {
  /**
   * DNS name or address; may be a token (`global.redis.host`).
   *
   * @see https://docs.gitlab.com/charts/charts/globals/#configure-redis-settings
   */
  readonly host: string;
  /**
   * Port, 1 to 65535; may be a token. @default 6379
   *
   * @see https://docs.gitlab.com/charts/charts/globals/#configure-redis-settings
   */
  readonly port?: number;
  /**
   * Password. @default - no authentication
   *
   * @see https://docs.gitlab.com/charts/installation/secrets/#redis-password
   */
  readonly password?: SecretValue;
  /**
   * User, for Redis with access control lists. @default - the default user
   *
   * @see https://docs.gitlab.com/charts/charts/globals/#configure-redis-settings
   */
  readonly user?: string;
  /**
   * Enables TLS (`rediss`). @default true
   *
   * @see https://docs.gitlab.com/charts/charts/globals/#specify-secure-redis-scheme-ssl
   */
  readonly tls?: boolean;
}

/**
 * Redis of a GitLab release: sessions, caches and the job queue.
 *
 * @see https://docs.gitlab.com/charts/advanced/external-redis/
 *
 * @example
 * const redis = GitlabRedis.fromRedisAttributes({ host: "redis.internal.example.com", password });
 */
export class GitlabRedis {
  /**
   * An existing Redis; required since chart 10.
   *
   * @param attributes its address and login.
   */
  public static fromRedisAttributes(attributes: GitlabRedisAttributes): GitlabRedis {
    return new GitlabRedis(attributes);
  }

  /** Redis installed by the chart, on a volume in the cluster; for trials, and before chart 10 only. */
  public static bundled(): GitlabRedis {
    return new GitlabRedis(undefined);
  }

  /** Address and login; not set for the chart's Redis. */
  public readonly endpoint?: GitlabRedisAttributes;

  private constructor(endpoint: GitlabRedisAttributes | undefined) {
    this.endpoint = endpoint;
  }
}
