// Differences between the versions of Gitpod that are in use. Sources, read 2026-11: gitpod-io/gitpod at tag 2022.11.3 (the
// last self-hosted release, 2023-06) and at HEAD of 2026-07: `install/installer/pkg/common/common.go`, `pkg/config/v1/`,
// `pkg/components/database/`, `components/gitpod-db`; its `kots-config.yaml` (MySQL 5.7) and the pull requests 18069 and 18373
// (MySQL 8.0.33). No source mentions MySQL 8.4. That Google's proxy 1.33 goes on to a private address when there is no public one
// (`-ip_address_types`, PUBLIC,PRIVATE unless told otherwise) is remembered, not re-read; 1.11 has no such flag (it came with 1.12).

/** Properties of a Gitpod version that affect its installation and database. */
export interface GitpodVersionProfile {
  /** Databases in addition to `gitpod` that its init job creates or, as HEAD with `gitpod-sessions`, drops. */
  readonly furtherDatabases: string[];
  /** Databases among them that the init job drops. */
  readonly droppedDatabases: string[];
  /** MySQL release series that Gitpod itself tests with. */
  readonly provenMysql: string[];
  /** MySQL release series that its driver and SQL support, proven or not. */
  readonly possibleMysql: string[];
  /** Maximum size of the connection pool of each process. */
  readonly poolPerProcess: number;
  /** Components with such a pool. */
  readonly databaseComponents: string[];
  /** Maximum number of connections of the bundled SpiceDB; 0 without SpiceDB. */
  readonly spiceDbConnections: number;
  /** Version of the bundled Cloud SQL Auth Proxy (`database.cloudSQL`). */
  readonly bundledProxy: string;
  /** True if that proxy supports private IP addresses. */
  readonly bundledProxyReachesPrivate: boolean;
  /** True if the installer supports `objectStorage.azure`. */
  readonly azureStorage: boolean;
  /** True if `objectStorage.s3.bucket` is required. */
  readonly bucketRequired: boolean;
  /** True if object storage and registry support the identity of the pods instead of keys. */
  readonly keylessStorage: boolean;
}

const COMPONENTS = ["server", "ws-manager-bridge", "public-api-server", "usage", "iam"];

export const GITPOD_VERSIONS: { readonly [name: string]: GitpodVersionProfile } = {
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
    // The init scripts create `gitpod-sessions` and drop it in the same run (00-create-and-init-sessions-db.sql, 04-drop-sessions-db.sql),
    // for which the login needs privileges on it.
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
