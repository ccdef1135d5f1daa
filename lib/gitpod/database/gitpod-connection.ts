import type { SecretValue } from "../../database";
import type { IDatabaseProxyService } from "../../kubernetes";

/** How Gitpod's installer names the two ways to a database outside the cluster; it has no third. */
export enum GitpodDatabaseMode {
  /** A host and a port (`database.external`). */
  EXTERNAL = "external",
  /** Google's proxy, which Gitpod brings along (`database.cloudSQL`). */
  CLOUD_SQL = "cloudSQL",
}

/** Options of a direct connection. */
export interface GitpodDirectOptions {
  /**
   * The authorities that sign the server's certificate, as PEM text of less than 128 KiB; may be a token.
   * @default - the server's own; for Azure, the public roots that Azure uses
   */
  readonly caCertificatesPem?: string;
  /** Whether Gitpod may speak to the server without TLS. Recorded as an opt-out. @default false */
  readonly acceptPlainText?: boolean;
}

/** Options of the proxy that Gitpod brings along. */
export interface GitpodBundledProxyOptions {
  /** The instance, as `project:region:name`; may be a token. */
  readonly connectionName: string;
  /** The key file of a service account with `roles/cloudsql.client`, as JSON text and not as base64. */
  readonly credentials: SecretValue;
}

/** How Gitpod reaches its database. */
export class GitpodConnection {
  /**
   * The server's own address, with TLS when the server's certificate names the host.
   *
   * @param options authorities. @default - the server's
   */
  public static direct(options: GitpodDirectOptions = {}): GitpodConnection {
    return new GitpodConnection(GitpodDatabaseMode.EXTERNAL, { direct: options });
  }

  /**
   * Google's proxy in the version that Gitpod brings along. It needs a key file and, in 2022.11, a public address.
   *
   * @param options the instance and the key file.
   */
  public static bundledProxy(options: GitpodBundledProxyOptions): GitpodConnection {
    return new GitpodConnection(GitpodDatabaseMode.CLOUD_SQL, { bundled: options });
  }

  /**
   * A proxy of your own, version 2, behind a Service: also for a private address, and without a key file.
   *
   * @param proxy the proxy in Gitpod's namespace.
   */
  public static ownProxy(proxy: IDatabaseProxyService): GitpodConnection {
    return new GitpodConnection(GitpodDatabaseMode.EXTERNAL, { proxy });
  }

  /** The mode of the installer that it takes. */
  public readonly mode: GitpodDatabaseMode;
  /** @internal */
  public readonly _direct?: GitpodDirectOptions;
  /** @internal */
  public readonly _bundled?: GitpodBundledProxyOptions;
  /** @internal */
  public readonly _proxy?: IDatabaseProxyService;

  private constructor(
    mode: GitpodDatabaseMode,
    way: { direct?: GitpodDirectOptions; bundled?: GitpodBundledProxyOptions; proxy?: IDatabaseProxyService },
  ) {
    this.mode = mode;
    this._direct = way.direct;
    this._bundled = way.bundled;
    this._proxy = way.proxy;
  }
}
