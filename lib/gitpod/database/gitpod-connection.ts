import type { SecretValue } from "../../database";
import type { IDatabaseProxyService } from "../../kubernetes";
/**
 * Database mode of Gitpod's installer for a database outside the cluster. There is no third one.
 *
 * @see https://github.com/gitpod-io/gitpod/blob/2022.11.3/install/installer/pkg/config/v1/config.go
 */
export enum GitpodDatabaseMode {
  /** Host and port (`database.external`). */
  EXTERNAL = "external",
  /** Cloud SQL through the proxy that Gitpod bundles (`database.cloudSQL`). */
  CLOUD_SQL = "cloudSQL",
}

/** Options of a direct connection. */
export interface GitpodDirectOptions {
  /**
   * Certificate authorities of the server as PEM text, less than 128 KiB; may be a token.
   * @default - from the server; on Azure, the public roots that Azure uses
   *
   * @see https://github.com/gitpod-io/gitpod/blob/2022.11.3/install/installer/docs/overview.md#external-database
   */
  readonly caCertificatesPem?: string;
  /** Accepts a connection without TLS. Recorded as an opt-out. @default false */
  readonly acceptPlainText?: boolean;
}

/** Options of the Cloud SQL Auth Proxy that Gitpod bundles. */
export interface GitpodBundledProxyOptions {
  /**
   * Connection name of the instance, `project:region:name`; may be a token.
   *
   * @see https://github.com/gitpod-io/gitpod/blob/2022.11.3/install/installer/docs/overview.md#google-cloud-sql-proxy
   */
  readonly connectionName: string;
  /**
   * Key file of a service account with `roles/cloudsql.client`, as JSON text, not base64.
   *
   * @see https://github.com/gitpod-io/gitpod/blob/2022.11.3/install/installer/docs/overview.md#google-cloud-sql-proxy
   */
  readonly credentials: SecretValue;
}

/**
 * Connection of Gitpod to its database server.
 *
 * @example
 * const connection = GitpodConnection.direct({ caCertificatesPem });
 */
export class GitpodConnection {
  /**
   * Connects to the server's endpoint, with TLS if the server's certificate includes the host name.
   *
   * @param options certificate authorities. @default - from the server
   */
  public static direct(options: GitpodDirectOptions = {}): GitpodConnection {
    return new GitpodConnection(GitpodDatabaseMode.EXTERNAL, { direct: options });
  }

  /**
   * Connects through the Cloud SQL Auth Proxy that Gitpod bundles. It requires a key file and, in 2022.11, a public IP address.
   *
   * @param options connection name and key file.
   */
  public static bundledProxy(options: GitpodBundledProxyOptions): GitpodConnection {
    return new GitpodConnection(GitpodDatabaseMode.CLOUD_SQL, { bundled: options });
  }

  /**
   * Connects through a database proxy behind a Service, such as `CloudSqlAuthProxy`. It supports private IP addresses and needs no
   * key file.
   *
   * @param proxy the proxy in Gitpod's namespace.
   * @see https://cloud.google.com/sql/docs/mysql/sql-proxy
   */
  public static proxyService(proxy: IDatabaseProxyService): GitpodConnection {
    return new GitpodConnection(GitpodDatabaseMode.EXTERNAL, { proxy });
  }

  /** Database mode of the installer. */
  public readonly mode: GitpodDatabaseMode;
  /** @internal */
  public readonly _direct?: GitpodDirectOptions;
  /** @internal */
  public readonly _bundled?: GitpodBundledProxyOptions;
  /** @internal */
  public readonly _proxy?: IDatabaseProxyService;

  private constructor(
    mode: GitpodDatabaseMode,
    kind: {
      direct?: GitpodDirectOptions;
      bundled?: GitpodBundledProxyOptions;
      proxy?: IDatabaseProxyService;
    },
  ) {
    this.mode = mode;
    this._direct = kind.direct;
    this._bundled = kind.bundled;
    this._proxy = kind.proxy;
  }
}
