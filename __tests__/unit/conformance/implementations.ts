/** Every implementation of `IDatabaseServer`, each with both engines where they exist, made from the same intent. */
import type { TerraformStack } from "cdktf";
import {
  Cloud,
  DatabaseEngine,
  DatabaseLogin,
  DatabaseServer,
  EngineFamily,
  type IDatabaseServer,
  MachineSize,
  MysqlVersion,
  PostgresVersion,
  SecretValue,
} from "../../../lib/database";
import { type ImplementationId, type Intent, SERVERS } from "../../../tools/conformance/servers";
import { mysql, postgres } from "../../support/azure-stack";
import { server as rds } from "../aws/fixture";
import { server as cloudSql } from "../google/fixture";

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
    label: SERVERS["rds-pg"],
    family: EngineFamily.POSTGRES,
    cloud: Cloud.AWS,
    build: (stack, intent) => rds(stack, { engine: PG, ...BASE, ...intent }),
  },
  {
    id: "rds-my",
    label: SERVERS["rds-my"],
    family: EngineFamily.MYSQL,
    cloud: Cloud.AWS,
    build: (stack, intent) => rds(stack, { engine: MY, ...BASE, ...intent }),
  },
  {
    id: "csql-pg",
    label: SERVERS["csql-pg"],
    family: EngineFamily.POSTGRES,
    cloud: Cloud.GOOGLE,
    build: (stack, intent) => cloudSql(stack, { engine: PG, ...BASE, ...intent }),
  },
  {
    id: "csql-my",
    label: SERVERS["csql-my"],
    family: EngineFamily.MYSQL,
    cloud: Cloud.GOOGLE,
    build: (stack, intent) => cloudSql(stack, { engine: MY, ...BASE, ...intent }),
  },
  {
    id: "az-pg",
    label: SERVERS["az-pg"],
    family: EngineFamily.POSTGRES,
    cloud: Cloud.AZURE,
    build: (stack, intent) => postgres(stack, { engine: PG, ...BASE, ...intent }),
  },
  {
    id: "az-my",
    label: SERVERS["az-my"],
    family: EngineFamily.MYSQL,
    cloud: Cloud.AZURE,
    build: (stack, intent) => mysql(stack, { engine: MY, ...BASE, ...intent }),
  },
  {
    id: "existing-pg",
    label: SERVERS["existing-pg"],
    family: EngineFamily.POSTGRES,
    cloud: Cloud.SELF_MANAGED,
    build: (stack, intent) => existing(stack, PG, intent),
  },
  {
    id: "existing-my",
    label: SERVERS["existing-my"],
    family: EngineFamily.MYSQL,
    cloud: Cloud.SELF_MANAGED,
    build: (stack, intent) => existing(stack, MY, intent),
  },
];
