/** The rules of each cloud under one name, for tests that compare clouds. */

import { RESERVED_CONNECTIONS as RDS_RESERVED } from "../../lib/aws/rds/data/connection-limits";
import { RDS_SUPPORT } from "../../lib/aws/rds/data/engine-support";
import * as rdsNames from "../../lib/aws/rds/data/names";
import { PASSWORD_RULES as RDS_PASSWORDS } from "../../lib/aws/rds/data/passwords";
import { SQL_RULES as RDS_SQL_RULES } from "../../lib/aws/rds/data/sql-rules";
import { rdsConnectionCapacity, rdsInstanceClass } from "../../lib/aws/rds/instance-class";
import { checkRdsStorage } from "../../lib/aws/rds/rds-storage";
import { RESERVED_CONNECTIONS as AZURE_RESERVED } from "../../lib/azure/flexible-server/data/connection-limits";
import { AZURE_SUPPORT } from "../../lib/azure/flexible-server/data/engine-support";
import * as azureNames from "../../lib/azure/flexible-server/data/names";
import { PASSWORD_RULES as AZURE_PASSWORDS } from "../../lib/azure/flexible-server/data/passwords";
import { MYSQL_SQL_RULES, POSTGRES_SQL_RULES } from "../../lib/azure/flexible-server/data/sql-rules";
import { checkFlexibleServerStorage } from "../../lib/azure/flexible-server/flexible-server-storage";
import { flexibleServerConnectionCapacity, machineSku } from "../../lib/azure/flexible-server/machine-sku";
import {
  Cloud,
  type ConnectionCapacity,
  type DatabaseEngine,
  EngineFamily,
  type MachineClass,
  type MachineSize,
  type ReservedNames,
  type SqlRules,
  type StorageProps,
} from "../../lib/database";
import {
  ANY_PASSWORD,
  COMMUNITY_SUPPORT,
  type EngineSupport,
  type NameRule,
  type PasswordRules,
  type SynthChecks,
} from "../../lib/database/private";
import { cloudSqlConnectionCapacity } from "../../lib/google/cloud-sql/cloud-sql-connections";
import { checkCloudSqlStorage } from "../../lib/google/cloud-sql/cloud-sql-storage";
import { cloudSqlTier } from "../../lib/google/cloud-sql/cloud-sql-tier";
import { RESERVED_CONNECTIONS as CLOUD_SQL_RESERVED } from "../../lib/google/cloud-sql/data/connection-limits";
import { CLOUD_SQL_SUPPORT } from "../../lib/google/cloud-sql/data/engine-support";
import * as cloudSqlNames from "../../lib/google/cloud-sql/data/names";
import { PASSWORD_RULES as CLOUD_SQL_PASSWORDS } from "../../lib/google/cloud-sql/data/passwords";
import { SQL_RULES as CLOUD_SQL_RULES } from "../../lib/google/cloud-sql/data/sql-rules";

function pick<T>(cloud: Cloud, aws: T, google: T, azure: T): T {
  return cloud === Cloud.AWS ? aws : cloud === Cloud.GOOGLE ? google : azure;
}

export function machineOn(
  size: MachineSize,
  cloud: Cloud,
  engine: DatabaseEngine,
): (MachineClass & { readonly edition?: string }) | undefined {
  return pick(cloud, rdsInstanceClass(size, engine), cloudSqlTier(size), machineSku(size, engine));
}

export function checkStorage(
  checks: SynthChecks,
  cloud: Cloud,
  engine: DatabaseEngine,
  storage: StorageProps,
): void {
  if (cloud === Cloud.AWS) checkRdsStorage(checks, engine, storage);
  else if (cloud === Cloud.GOOGLE) checkCloudSqlStorage(checks, storage);
  else checkFlexibleServerStorage(checks, engine, storage);
}

export function connectionCapacity(
  cloud: Cloud,
  engine: DatabaseEngine,
  machine: MachineClass,
): ConnectionCapacity | undefined {
  const of = pick(cloud, rdsConnectionCapacity, cloudSqlConnectionCapacity, flexibleServerConnectionCapacity);
  return of(engine, machine);
}

export const reservedConnections = (cloud: Cloud): number =>
  pick(cloud, RDS_RESERVED, CLOUD_SQL_RESERVED, AZURE_RESERVED);

export const engineSupportOf = (cloud: Cloud): EngineSupport =>
  cloud === Cloud.SELF_MANAGED
    ? COMMUNITY_SUPPORT
    : pick(cloud, RDS_SUPPORT, CLOUD_SQL_SUPPORT, AZURE_SUPPORT);

export const serverNameOf = (cloud: Cloud): NameRule =>
  pick(cloud, rdsNames.SERVER_NAME, cloudSqlNames.SERVER_NAME, azureNames.SERVER_NAME);

export const reservedNamesOf = (cloud: Cloud): ReservedNames | undefined =>
  cloud === Cloud.SELF_MANAGED
    ? undefined
    : pick(cloud, rdsNames.RESERVED_NAMES, cloudSqlNames.RESERVED_NAMES, azureNames.RESERVED_NAMES);

/** The rules of a cloud's servers; those of a self-managed server are the library's default. */
export const sqlRulesOf = (cloud: Cloud, family: EngineFamily): SqlRules | undefined =>
  cloud === Cloud.SELF_MANAGED
    ? undefined
    : pick(
        cloud,
        RDS_SQL_RULES,
        CLOUD_SQL_RULES,
        family === EngineFamily.POSTGRES ? POSTGRES_SQL_RULES : MYSQL_SQL_RULES,
      );

export const passwordRulesOf = (cloud: Cloud, engine: DatabaseEngine): PasswordRules =>
  cloud === Cloud.SELF_MANAGED
    ? ANY_PASSWORD
    : pick(cloud, RDS_PASSWORDS[engine.family], CLOUD_SQL_PASSWORDS[engine.family], AZURE_PASSWORDS);
