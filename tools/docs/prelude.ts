/** Words that examples may use without saying where they come from, with what they stand for, by room. */

const EVERYWHERE: Words = {
  server: "IDatabaseServer",
  cloudSqlServer: "ICloudSqlServer",
  database: "IDatabase",
  engine: "DatabaseEngine",
  identity: "IWorkloadIdentity",
  password: "SecretValue",
  secret: "SecretValue",
  repositoryPassword: "SecretValue",
  app: "App",
  stack: "TerraformStack",
};

const BY_ROOM: { readonly [room: string]: Words | undefined } = {
  aws: { server: "RdsServer", network: "DatabaseNetwork" },
  google: {
    server: "CloudSqlServer",
    cloudSql: "CloudSqlServer",
    proxy: "CloudSqlAuthProxy",
    instance: "SqlDatabaseInstance",
    network: "DatabaseNetwork",
    identity: "GkeWorkloadIdentity",
  },
  azure: {
    server: "PostgresFlexibleServer",
    network: "DatabaseNetwork",
    vault: "SecretVault",
    mysqlServer: "MysqlFlexibleServer",
    cluster: "KubernetesCluster",
    identity: "AksWorkloadIdentity",
    rehearsalNetwork: "DatabaseNetwork",
    fqdn: "TerraformVariable",
    ca: "TerraformVariable",
  },
  coder: { network: "DatabaseNetwork", backend: "ISqlBackend" },
  gitpod: {
    store: "IObjectStore",
    gitpodDatabase: "GitpodDatabase",
    storage: "GitpodObjectStorage",
    registry: "GitpodRegistry",
    certificate: "GitpodCertificate",
    config: "GitpodInstallerConfig",
    encryptionKeys: "GitpodEncryptionKeys",
    key: "ObjectStoreKey",
    images: "IObjectStore",
    imagesKey: "ObjectStoreKey",
  },
  recovery: {
    application: "IRecoverable",
    backend: "ISqlBackend",
    plan: "RecoveryPlan",
    store: "IObjectStore",
    velero: "Velero",
    backup: "LogicalBackup",
    key: "SecretValue",
    rdsServer: "RdsServer",
    copies: "AwsBackupVault",
    backups: "AwsBackupPlan",
    azureServer: "PostgresFlexibleServer",
    azureIdentity: "AksWorkloadIdentity",
    rehearsalNetwork: "IFlexibleServerNetwork",
  },
  storage: { store: "IObjectStore", registry: "IImageRegistry" },
  kubernetes: {
    proxy: "IDatabaseProxyService",
    coder: "CoderRelease",
    backup: "LogicalBackup",
  },
  monitoring: {
    coder: "CoderRelease",
    pooler: "PgBouncer",
    velero: "Velero",
    backup: "LogicalBackup",
    rehearsal: "RestoreRehearsal",
  },
  sql: { registry: "IDatabase", objects: "DatabaseObjects", backend: "ISqlBackend" },
  gitlab: {
    network: "DatabaseNetwork",
    backend: "ISqlBackend",
    topology: "DatabaseTopology",
    main: "IDatabase",
    ci: "IDatabase",
    redis: "GitlabRedis",
    secrets: "GitlabSecrets",
    storage: "GitlabObjectStorage",
    stores: "GitlabStores",
  },
  testing: { plan: "object" },
  pooling: {
    cluster: "IDatabaseServer",
    objects: "DatabaseObjects",
    pooler: "PgBouncer",
    watch: "LeaderWatch",
  },
};

/** Whatever has such a name is a text, wherever it comes from. */
const TEXT = /(Id|Pem|Arn|Name|Url|Fqdn|Base64)$/;

interface Words {
  readonly [name: string]: string;
}

/**
 * @param isOffered whether `lib` has something of a name; a word goes before it, as files have helpers of all names
 * @returns what of `names` an example of the room may use, with its type
 */
export function preludeOf(
  room: string,
  names: readonly string[],
  isOffered: (name: string) => boolean,
): [string, string][] {
  const words = { ...EVERYWHERE, ...BY_ROOM[room] };
  return names.flatMap((name): [string, string][] => {
    const isText = TEXT.test(name) && /^[a-z]/.test(name) && !isOffered(name);
    const type = words[name] ?? (isText ? "string" : undefined);
    return type === undefined ? [] : [[name, type]];
  });
}
