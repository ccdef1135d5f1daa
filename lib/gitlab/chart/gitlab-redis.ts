import type { SecretValue } from "../../database";

/** How GitLab reaches a Redis that exists already. */
export interface GitlabExternalRedis {
  /** The DNS name or address; may be a token. */
  readonly host: string;
  /** The port, 1 to 65535; may be a token. @default 6379 */
  readonly port?: number;
  /** The password. @default - none is asked for */
  readonly password?: SecretValue;
  /** The user, for Redis with access lists. @default - the default user */
  readonly user?: string;
  /** Whether Redis speaks TLS. @default true */
  readonly tls?: boolean;
}

/**
 * The Redis of a GitLab release: sessions, caches and the job queue, without which nothing runs.
 *
 * @example
 * const redis = GitlabRedis.external({ host: "redis.internal.example.com", password });
 */
export class GitlabRedis {
  /**
   * A Redis that exists already; the only kind that chart 10 knows.
   *
   * @param redis where it is.
   */
  public static external(redis: GitlabExternalRedis): GitlabRedis {
    return new GitlabRedis(redis);
  }

  /** The chart's own Redis, on a volume in the cluster; for trials, and before chart 10 only. */
  public static bundled(): GitlabRedis {
    return new GitlabRedis(undefined);
  }

  /** Where the Redis is; not set for the chart's own. */
  public readonly endpoint?: GitlabExternalRedis;

  private constructor(endpoint: GitlabExternalRedis | undefined) {
    this.endpoint = endpoint;
  }
}
