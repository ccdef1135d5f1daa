// What differs between the versions of Gitpod that people install. Sources, read 2026-11: gitpod-io/gitpod at tag 2022.11.3 (the
// last self-hosted release, 2023-06) and at HEAD of 2026-07: `install/installer/pkg/common/common.go`, `pkg/config/v1/`,
// `pkg/components/database/`, `components/gitpod-db`; its `kots-config.yaml` (MySQL 5.7) and the pull requests 18069 and 18373
// (MySQL 8.0.33). No source mentions MySQL 8.4. That Google's proxy 1.33 goes on to a private address when there is no public one
// (`-ip_address_types`, PUBLIC,PRIVATE unless told otherwise) is remembered, not re-read; 1.11 has no such flag (it came with 1.12).

/** What a version of Gitpod is like, as far as its installation and its database go. */
export interface GitpodVersionProfile {
  /** The databases beside `gitpod` that its init job makes or, as HEAD with `gitpod-sessions`, drops. */
  readonly furtherDatabases: string[];
  /** Those of them that it drops again once it runs. */
  readonly droppedDatabases: string[];
  /** The release series of MySQL that Gitpod itself tests with. */
  readonly provenMysql: string[];
  /** The release series of MySQL that its driver can log in to and whose SQL it speaks, proven or not. */
  readonly possibleMysql: string[];
  /** The most connections that each process's pool opens. */
  readonly poolPerProcess: number;
  /** The components that open such a pool. */
  readonly databaseComponents: string[];
  /** The most connections of SpiceDB, which the version brings along; 0 when it has none. */
  readonly spiceDbConnections: number;
  /** The version of Google's proxy in `database.cloudSQL`. */
  readonly bundledProxy: string;
  /** Whether that proxy can reach an instance by a private address. */
  readonly bundledProxyReachesPrivate: boolean;
  /** Whether the installer has `objectStorage.azure`. */
  readonly azureStorage: boolean;
  /** Whether `objectStorage.s3.bucket` has to be set. */
  readonly bucketRequired: boolean;
  /** Whether object storage and registry may come without keys, by the pods' identity. */
  readonly keylessStorage: boolean;
}

const COMPONENTS = ["server", "ws-manager-bridge", "public-api-server", "usage", "iam"];

export const VERSIONS: { readonly [name: string]: GitpodVersionProfile } = {
  "2022.11": {
    furtherDatabases: ["gitpod-sessions"],
    droppedDatabases: [],
    provenMysql: ["5.7"],
    possibleMysql: ["5.7", "8.0"],
    poolPerProcess: 10,
    databaseComponents: COMPONENTS,
    spiceDbConnections: 0,
    bundledProxy: "1.11",
    bundledProxyReachesPrivate: false,
    azureStorage: true,
    bucketRequired: false,
    keylessStorage: false,
  },
  HEAD: {
    // Its init scripts make `gitpod-sessions` and drop it in the same run (00-create-and-init-sessions-db.sql, 04-drop-sessions-db.sql),
    // for which the login needs rights on it.
    furtherDatabases: ["gitpod-sessions", "authorization"],
    droppedDatabases: ["gitpod-sessions"],
    provenMysql: ["8.0"],
    possibleMysql: ["5.7", "8.0"],
    poolPerProcess: 40,
    databaseComponents: COMPONENTS,
    spiceDbConnections: 100,
    bundledProxy: "1.33.8",
    bundledProxyReachesPrivate: true,
    azureStorage: false,
    bucketRequired: true,
    keylessStorage: true,
  },
};
