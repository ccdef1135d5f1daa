/** A server with MySQL and a `GitpodDatabase` on it, of which each test changes one thing. */
import { type ITerraformDependable, type TerraformStack, TerraformVariable } from "cdktf";
import {
  Cloud,
  DatabaseEngine,
  DatabaseLogin,
  DatabaseServer,
  type DatabaseServerAttributes,
  type IDatabase,
  type IDatabaseServer,
  type IWorkloadIdentity,
  MysqlVersion,
  SecretValue,
} from "../../../lib/database";
import {
  GitpodDatabase,
  type GitpodDatabaseProps,
  GitpodEncryptionKeys,
  GitpodServerParameters,
} from "../../../lib/gitpod";
import { CloudSqlAuthProxy } from "../../../lib/google/gke";
import { problemsOf, type Synthesized, synthesize } from "../../support/synth";

export const PEM = "-----BEGIN CERTIFICATE-----\nMIIB\n-----END CERTIFICATE-----";
export const PUBLISHED = "4uGh1q8y2DYryJwrVMHs0kWXJlqvHWWt/KJuNi04edI=";

export const secret = (name: string, version = 1) =>
  SecretValue.fromEphemeral(`\${ephemeral.test.${name}.value}`, { version });

export const keys = () => GitpodEncryptionKeys.single(secret("key"));

export interface Case {
  readonly server?: Partial<DatabaseServerAttributes>;
  readonly props?: Partial<GitpodDatabaseProps>;
  readonly databaseName?: string;
  readonly owner?: DatabaseLogin;
  /** `variable`: a host that only Terraform knows. */
  readonly host?: "variable";
}

/** A private MySQL 8.0 on AWS whose certificate names it, set for Gitpod, with an administrator. */
export function serverIn(stack: TerraformStack, options: Case = {}): IDatabaseServer {
  return DatabaseServer.fromServerAttributes(stack, "server", {
    engine: DatabaseEngine.mysql(MysqlVersion.V8_0),
    acceptExtendedSupport: "8.0",
    host: options.host ? new TerraformVariable(stack, "host", {}).stringValue : "db.internal",
    maxConnections: 1000,
    tls: { enforced: true, hostnameVerifiable: true, caCertificatesPem: PEM },
    location: { cloud: Cloud.AWS, region: "eu-central-1" },
    parameters: GitpodServerParameters.forCloud(Cloud.AWS),
    adminLogin: DatabaseLogin.withPassword("dbadmin", secret("admin")),
    ...options.server,
  });
}

export function databaseIn(stack: TerraformStack, options: Case = {}): IDatabase {
  return serverIn(stack, options).database(options.databaseName ?? "gitpod", {
    owner: options.owner ?? DatabaseLogin.withPassword("gitpod", secret("owner")),
  });
}

export function gitpodIn(stack: TerraformStack, options: Case = {}): GitpodDatabase {
  return new GitpodDatabase(stack, "gitpod", {
    database: options.props?.database ?? databaseIn(stack, options),
    namespace: "gitpod",
    encryptionKeys: keys(),
    ...options.props,
  });
}

export const build = (options: Case = {}): Synthesized =>
  synthesize((stack) => void gitpodIn(stack, options));

export const problems = (options: Case): string =>
  problemsOf((stack) => void gitpodIn(stack, options)).join("\n");

/** A Cloud SQL server as its class describes it: private, with a certificate that names no host. */
export const CLOUD_SQL: Partial<DatabaseServerAttributes> = {
  host: "10.1.2.3",
  tls: { enforced: true, hostnameVerifiable: false, caCertificatesPem: PEM },
  location: { cloud: Cloud.GOOGLE, region: "europe-west1" },
  parameters: GitpodServerParameters.forCloud(Cloud.GOOGLE),
};

export function proxyIn(stack: TerraformStack, server: IDatabaseServer, id = "proxy"): CloudSqlAuthProxy {
  const identity: IWorkloadIdentity = {
    cloud: Cloud.GOOGLE,
    namespace: "gitpod",
    serviceAccountName: "gitpod-database",
    serviceAccountAnnotations: {},
    podLabels: {},
    dependables: [{ fqn: "google_service_account.gitpod" } as unknown as ITerraformDependable],
  };
  return new CloudSqlAuthProxy(stack, id, {
    server,
    connectionName: "platform:europe-west1:gitpod",
    namespace: "gitpod",
    identity,
    proxyName: id === "proxy" ? undefined : id,
  });
}
