/** Every implementation of `IDatabaseServer`, each with both engines where they exist, made from the same intent. */
import type { TerraformStack } from "cdktf";
import {
  type Availability,
  type BackupPolicy,
  Cloud,
  DatabaseEngine,
  DatabaseLogin,
  DatabaseServer,
  type DeletionPolicy,
  EngineFamily,
  type IDatabaseServer,
  MachineSize,
  type MaintenanceWindow,
  MysqlVersion,
  PostgresVersion,
  SecretValue,
  type StorageProps,
} from "../../../lib/database";
import { mysql, postgres } from "../../support/azure-stack";
import { server as rds } from "../aws/fixture";
import { server as cloudSql } from "../google/fixture";

/** What a user asks of a server, in the words that all of them take. */
export interface Intent {
  readonly engine?: DatabaseEngine;
  readonly size?: MachineSize;
  readonly storage?: StorageProps;
  readonly availability?: Availability;
  readonly backup?: BackupPolicy;
  readonly maintenanceWindow?: MaintenanceWindow;
  readonly deletionPolicy?: DeletionPolicy;
  readonly maxConnections?: number;
  readonly slowQueryMs?: number;
  readonly parameters?: { readonly [name: string]: string };
  readonly acceptExtendedSupport?: string;
  readonly tags?: { readonly [name: string]: string };
  readonly passwordVersion?: number;
}

export type ImplementationId =
  | "rds-pg"
  | "rds-my"
  | "csql-pg"
  | "csql-my"
  | "az-pg"
  | "az-my"
  | "existing-pg"
  | "existing-my";

export interface Implementation {
  readonly id: ImplementationId;
  /** As people name it. */
  readonly label: string;
  readonly family: EngineFamily;
  readonly cloud: Cloud;
  build(stack: TerraformStack, intent: Intent): IDatabaseServer;
}

const PG = DatabaseEngine.postgres(PostgresVersion.V17);
const MY = DatabaseEngine.mysql(MysqlVersion.V8_4);
const BASE = { size: MachineSize.general(2), storage: { sizeGiB: 128, maxSizeGiB: 512 } };

function existing(stack: TerraformStack, engine: DatabaseEngine, intent: Intent): IDatabaseServer {
  return DatabaseServer.fromServerAttributes(stack, "db", {
    engine: intent.engine ?? engine,
    host: "db.internal.example.com",
    maxConnections: intent.maxConnections,
    parameters: intent.parameters,
    acceptExtendedSupport: intent.acceptExtendedSupport,
    adminLogin: DatabaseLogin.withPassword(
      "dbadmin",
      SecretValue.fromEphemeral("${ephemeral.test_secret.admin.value}", { version: 1 }),
    ),
  });
}

export const IMPLEMENTATIONS: readonly Implementation[] = [
  {
    id: "rds-pg",
    label: "RDS for PostgreSQL",
    family: EngineFamily.POSTGRES,
    cloud: Cloud.AWS,
    build: (stack, intent) => rds(stack, { engine: PG, ...BASE, ...intent }),
  },
  {
    id: "rds-my",
    label: "RDS for MySQL",
    family: EngineFamily.MYSQL,
    cloud: Cloud.AWS,
    build: (stack, intent) => rds(stack, { engine: MY, ...BASE, ...intent }),
  },
  {
    id: "csql-pg",
    label: "Cloud SQL for PostgreSQL",
    family: EngineFamily.POSTGRES,
    cloud: Cloud.GOOGLE,
    build: (stack, intent) => cloudSql(stack, { engine: PG, ...BASE, ...intent }),
  },
  {
    id: "csql-my",
    label: "Cloud SQL for MySQL",
    family: EngineFamily.MYSQL,
    cloud: Cloud.GOOGLE,
    build: (stack, intent) => cloudSql(stack, { engine: MY, ...BASE, ...intent }),
  },
  {
    id: "az-pg",
    label: "Azure for PostgreSQL",
    family: EngineFamily.POSTGRES,
    cloud: Cloud.AZURE,
    build: (stack, intent) => postgres(stack, { engine: PG, ...BASE, ...intent }),
  },
  {
    id: "az-my",
    label: "Azure for MySQL",
    family: EngineFamily.MYSQL,
    cloud: Cloud.AZURE,
    build: (stack, intent) => mysql(stack, { engine: MY, ...BASE, ...intent }),
  },
  {
    id: "existing-pg",
    label: "DatabaseServer.fromServerAttributes, PostgreSQL",
    family: EngineFamily.POSTGRES,
    cloud: Cloud.SELF_MANAGED,
    build: (stack, intent) => existing(stack, PG, intent),
  },
  {
    id: "existing-my",
    label: "DatabaseServer.fromServerAttributes, MySQL",
    family: EngineFamily.MYSQL,
    cloud: Cloud.SELF_MANAGED,
    build: (stack, intent) => existing(stack, MY, intent),
  },
];
