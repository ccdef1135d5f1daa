import { type TerraformStack, TerraformVariable } from "cdktf";
import {
  Cloud,
  DatabaseEngine,
  DatabaseLogin,
  DatabaseServer,
  type DatabaseServerAttributes,
  type IDatabase,
  type IWorkloadIdentity,
  MysqlVersion,
  PostgresVersion,
  SecretValue,
} from "../../../lib/database";
import { LogicalBackup, type LogicalBackupProps } from "../../../lib/recovery";
import { type IObjectStore, ObjectStore, ObjectStoreKind } from "../../../lib/storage";

export const IDENTITY: IWorkloadIdentity = {
  cloud: Cloud.SELF_MANAGED,
  namespace: "backups",
  serviceAccountName: "backup",
  serviceAccountAnnotations: { "example.com/identity": "backup" },
  podLabels: { "example.com/use": "true" },
  dependables: [],
};

export function secret(stack: TerraformStack, name: string): SecretValue {
  const existing = stack.node.tryFindChild(name) as TerraformVariable | undefined;
  return SecretValue.fromVariable(existing ?? new TerraformVariable(stack, name, { type: "string" }), 1);
}

export function database(
  stack: TerraformStack,
  name = "coder",
  attributes: Partial<DatabaseServerAttributes> = {},
  owner = "coder",
): IDatabase {
  const id = attributes.host ?? "postgres.example.com";
  const existing = stack.node.tryFindChild(id) as
    | ReturnType<typeof DatabaseServer.fromServerAttributes>
    | undefined;
  const server =
    existing ??
    DatabaseServer.fromServerAttributes(stack, id, {
      engine: DatabaseEngine.postgres(PostgresVersion.V17),
      host: id,
      ...attributes,
    });
  return server.database(name, {
    owner: DatabaseLogin.withPassword(owner, secret(stack, `password-${owner}`)),
  });
}

export function mysqlDatabase(stack: TerraformStack): IDatabase {
  return database(stack, "gitpod", {
    engine: DatabaseEngine.mysql(MysqlVersion.V8_4),
    host: "mysql.example.com",
  });
}

export function store(stack: TerraformStack): IObjectStore {
  return (
    (stack.node.tryFindChild("store") as unknown as IObjectStore | undefined) ??
    ObjectStore.fromObjectStoreAttributes(stack, "store", {
      kind: ObjectStoreKind.S3,
      bucketName: "backups",
      region: "eu-central-1",
      endpoint: "objects.example.com",
    })
  );
}

/** A backup that is right, unless told otherwise. */
export function logicalBackup(stack: TerraformStack, props: Partial<LogicalBackupProps> = {}): LogicalBackup {
  return new LogicalBackup(stack, "backup", {
    databases: props.databases ?? [database(stack)],
    store: props.store ?? store(stack),
    identity: IDENTITY,
    ...props,
  });
}
