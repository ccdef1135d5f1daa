/** A server, a database and an identity for tests of Coder. */
import { type ITerraformDependable, type TerraformStack, TerraformVariable } from "cdktf";
import type { Construct } from "constructs";
import {
  Cloud,
  DatabaseEngine,
  DatabaseLogin,
  DatabaseServer,
  type DatabaseServerAttributes,
  type IDatabase,
  type IDatabaseServer,
  type IWorkloadIdentity,
  LoginAuthentication,
  PostgresVersion,
  SecretValue,
} from "../../../lib/database";

export const PEM = "-----BEGIN CERTIFICATE-----\nMIIB\n-----END CERTIFICATE-----";

export const secret = (name: string, version = 1) =>
  SecretValue.fromEphemeral(`\${ephemeral.random_password.${name}.result}`, { version });

export interface DatabaseCase {
  readonly server?: Partial<DatabaseServerAttributes>;
  /** An owner who logs in by identity. */
  readonly identity?: boolean;
  /** An owner for whom a proxy logs in. */
  readonly proxy?: boolean;
  readonly passwordVersion?: number;
  /** `variable`: a host that only Terraform knows. */
  readonly host?: "variable";
}

/** A private PostgreSQL 17 on AWS whose certificate names it, with room for 500 connections. */
export function serverIn(scope: Construct, props: Partial<DatabaseServerAttributes> = {}): IDatabaseServer {
  return DatabaseServer.fromServerAttributes(scope, "server", {
    engine: DatabaseEngine.postgres(PostgresVersion.V17),
    host: "db.internal",
    maxConnections: 500,
    tls: { enforced: true, hostnameVerifiable: true, caCertificatesPem: PEM },
    location: { cloud: Cloud.AWS, region: "eu-central-1" },
    ...props,
  });
}

export function databaseIn(scope: Construct, options: DatabaseCase = {}): IDatabase {
  const host = options.host && { host: new TerraformVariable(scope, "host", {}).stringValue };
  const server = serverIn(scope, { acceptsCloudIdentity: options.identity, ...host, ...options.server });
  if (options.proxy) return server.database("coder", { owner: DatabaseLogin.throughProxy("coder") });
  return server.database(
    "coder",
    options.identity
      ? { ownerAuthentication: LoginAuthentication.CLOUD_IDENTITY }
      : { owner: DatabaseLogin.withPassword("coder", secret("owner", options.passwordVersion)) },
  );
}

/** What IRSA gives: an annotation whose value only Terraform knows. */
export function identityIn(stack: TerraformStack, over: Partial<IWorkloadIdentity> = {}): IWorkloadIdentity {
  const role = new TerraformVariable(stack, "role_arn", {});
  return {
    cloud: Cloud.AWS,
    namespace: "coder",
    serviceAccountName: "coder",
    serviceAccountAnnotations: { "eks.amazonaws.com/role-arn": role.stringValue },
    podLabels: {},
    dependables: [{ fqn: "aws_iam_role.coder" } as unknown as ITerraformDependable],
    ...over,
  };
}
