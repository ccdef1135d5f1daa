/** Servers, stores, a topology and a release for tests of the chart part of GitLab. */
import { type ITerraformDependable, type TerraformStack, TerraformVariable } from "cdktf";
import { Construct } from "constructs";
import { parse } from "yaml";
import {
  Cloud,
  DatabaseEngine,
  DatabaseLogin,
  DatabaseServer,
  type DatabaseServerAttributes,
  type IDatabase,
  type IDatabaseServer,
  type IGrant,
  type IWorkloadIdentity,
  PoolMode,
  PostgresVersion,
  SecretValue,
} from "../../../lib/database";
import {
  DatabaseTopology,
  type DatabaseTopologyProps,
  GitlabObjectStorage,
  GitlabRedis,
  GitlabRelease,
  type GitlabReleaseProps,
  GitlabSecrets,
  type GitlabStores,
  GitlabVersion,
} from "../../../lib/gitlab";
import { mergeValues } from "../../../lib/kubernetes/private";
import { type IObjectStore, ObjectStoreKind } from "../../../lib/storage";
import { type Json, type SynthesizeOptions, synthesize } from "../../support/synth";

export const CA = "-----BEGIN CERTIFICATE-----\nMIIB\n-----END CERTIFICATE-----";
export const OTHER_CA = "-----BEGIN CERTIFICATE-----\nMIIC\n-----END CERTIFICATE-----";

export const secret = (name: string, version = 1) =>
  SecretValue.fromEphemeral(`\${ephemeral.random_password.${name}.result}`, { version });

/** A private PostgreSQL 17 whose certificate names it, with room enough. */
export function serverIn(
  scope: Construct,
  id = "server",
  props: Partial<DatabaseServerAttributes> = {},
): IDatabaseServer {
  return DatabaseServer.fromServerAttributes(scope, id, {
    engine: DatabaseEngine.postgres(PostgresVersion.V17),
    host: `${id}.internal`,
    maxConnections: 20_000,
    tls: { enforced: true, hostnameVerifiable: true, caCertificatesPem: CA },
    location: { cloud: Cloud.AWS, region: "eu-central-1" },
    ...props,
  });
}

export function databaseOn(server: IDatabaseServer, name: string, owner: string, version = 1): IDatabase {
  return server.database(name, {
    owner: DatabaseLogin.withPassword(owner, secret(owner.replace(/\W/g, "_"), version)),
  });
}

export const mainOn = (server: IDatabaseServer) => databaseOn(server, "gitlabhq_production", "gitlab");

/** A database as it looks behind a pooler, which is a server of its own. */
export function behindPooler(
  direct: IDatabase,
  pooler: IDatabaseServer,
  name: string,
  mode = PoolMode.TRANSACTION,
): IDatabase {
  const pooled = Object.create(direct, {
    server: { value: pooler },
    databaseName: { value: name },
    pooling: { value: { mode, preparedStatements: false, direct } },
  });
  return pooled as IDatabase;
}

/** A pooler in the cluster, without TLS unless said otherwise. */
export const poolerIn = (scope: Construct, props: Partial<DatabaseServerAttributes> = {}) =>
  serverIn(scope, "pooler", {
    host: "pgbouncer.gitlab.svc",
    port: 6432,
    tls: { offered: false, enforced: false, hostnameVerifiable: false },
    ...props,
  });

/** A store that remembers who got access. */
export class FakeStore extends Construct implements IObjectStore {
  public readonly kind: ObjectStoreKind;
  public readonly cloud: Cloud;
  public readonly bucketName: string;
  public readonly region: string;
  public readonly endpoint: string;
  public readonly accountName?: string;
  public readonly projectId?: string;
  public readonly lockDays?: number;
  public readonly dependables: ITerraformDependable[];
  public readonly granted: string[] = [];
  public readonly signers: string[] = [];

  public constructor(scope: Construct, id: string, facts: Partial<IObjectStore> = {}) {
    super(scope, id);
    this.kind = facts.kind ?? ObjectStoreKind.S3;
    this.cloud = facts.cloud ?? Cloud.AWS;
    this.bucketName = facts.bucketName ?? `acme-${id.toLowerCase()}`;
    this.region = facts.region ?? "eu-central-1";
    this.endpoint = facts.endpoint ?? "s3.eu-central-1.amazonaws.com";
    this.accountName = facts.accountName;
    this.projectId = facts.projectId;
    this.lockDays = facts.lockDays;
    this.dependables = [{ fqn: `aws_s3_bucket.${id}` } as unknown as ITerraformDependable];
  }

  public grantReadWrite(identity: IWorkloadIdentity): IGrant {
    this.granted.push(identity.serviceAccountName);
    return { dependables: [] };
  }

  public grantSignUrls(identity: IWorkloadIdentity): IGrant {
    this.signers.push(identity.serviceAccountName);
    return { dependables: [] };
  }
}

const STORES = [
  "artifacts",
  "lfs",
  "uploads",
  "packages",
  "externalDiffs",
  "terraformState",
  "ciSecureFiles",
  "dependencyProxy",
  "registry",
  "backups",
  "tmp",
] as const;

export function storesIn(
  scope: Construct,
  facts: Partial<IObjectStore> = {},
  over: { readonly [name: string]: Partial<IObjectStore> } = {},
): GitlabStores {
  return Object.fromEntries(
    STORES.map((name) => [name, new FakeStore(scope, name, { ...facts, ...over[name] })]),
  ) as unknown as GitlabStores;
}

export const GOOGLE = {
  kind: ObjectStoreKind.GCS,
  cloud: Cloud.GOOGLE,
  projectId: "acme",
  endpoint: "storage.googleapis.com",
};
export const AZURE = {
  kind: ObjectStoreKind.AZURE_BLOB,
  cloud: Cloud.AZURE,
  accountName: "acmegitlab",
  endpoint: "acmegitlab.blob.core.windows.net",
};

export function identityIn(stack: TerraformStack, over: Partial<IWorkloadIdentity> = {}): IWorkloadIdentity {
  const role =
    (stack.node.tryFindChild("role_arn") as TerraformVariable | undefined) ??
    new TerraformVariable(stack, "role_arn", {});
  return {
    cloud: Cloud.AWS,
    namespace: "gitlab",
    serviceAccountName: "gitlab-objects",
    serviceAccountAnnotations: { "eks.amazonaws.com/role-arn": role.stringValue },
    podLabels: {},
    dependables: [{ fqn: "aws_iam_role.gitlab" } as unknown as ITerraformDependable],
    ...over,
  };
}

export interface ReleaseCase {
  /** The databases; main on a server of its own when left out. */
  readonly topology?: (stack: TerraformStack) => Partial<DatabaseTopologyProps>;
  readonly props?: Partial<GitlabReleaseProps> | ((stack: TerraformStack) => Partial<GitlabReleaseProps>);
  /** GitLab's version, from which the chart's follows. */
  readonly chart?: string;
}

export function releaseIn(
  stack: TerraformStack,
  { topology, props, chart = "9.5.2" }: ReleaseCase = {},
): GitlabRelease {
  const databases = topology?.(stack);
  const given = typeof props === "function" ? props(stack) : props;
  const main = databases?.main ?? mainOn(serverIn(stack));
  return new GitlabRelease(stack, "gitlab", {
    topology: new DatabaseTopology(stack, "topology", {
      version: GitlabVersion.ofChart(chart),
      ...databases,
      main,
    }),
    domain: "example.com",
    chartVersion: chart,
    objectStorage:
      given?.objectStorage ??
      GitlabObjectStorage.withIdentity({ stores: storesIn(stack), identity: identityIn(stack) }),
    redis: GitlabRedis.fromRedisAttributes({ host: "redis.internal", password: secret("redis") }),
    secrets: GitlabSecrets.fromDocument(secret("rails")),
    certificateEmail: "platform@example.com",
    ...given,
  });
}

export function build(options: ReleaseCase = {}, synthesizeOptions: SynthesizeOptions = {}) {
  let made: GitlabRelease | undefined;
  const built = synthesize((stack) => {
    made = releaseIn(stack, options);
  }, synthesizeOptions);
  const release = built.resource("helm_release");
  const documents: string[] = release.values;
  return {
    ...built,
    made: made as GitlabRelease,
    release,
    documents,
    /** What the chart gets, as far as it is known at synth. */
    known: parse(documents[0] as string) as Json,
    late: documents.slice(1),
    /** A secret by its name. */
    secretOf: (name: string) =>
      built.resources("kubernetes_secret_v1").find((each: Json) => each.metadata.name === name),
  };
}

/** The documents merged as Helm does, for values that are all known. */
export const merged = (documents: string[]): Json =>
  mergeValues(...documents.map((document) => parse(document)));
