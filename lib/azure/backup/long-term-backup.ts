import { DataProtectionBackupInstanceMysqlFlexibleServer } from "@cdktf/provider-azurerm/lib/data-protection-backup-instance-mysql-flexible-server";
import { DataProtectionBackupInstancePostgresqlFlexibleServer } from "@cdktf/provider-azurerm/lib/data-protection-backup-instance-postgresql-flexible-server";
import { DataProtectionBackupPolicyMysqlFlexibleServer } from "@cdktf/provider-azurerm/lib/data-protection-backup-policy-mysql-flexible-server";
import { DataProtectionBackupPolicyPostgresqlFlexibleServer } from "@cdktf/provider-azurerm/lib/data-protection-backup-policy-postgresql-flexible-server";
import { DataProtectionBackupVault } from "@cdktf/provider-azurerm/lib/data-protection-backup-vault";
import { RoleAssignment } from "@cdktf/provider-azurerm/lib/role-assignment";
import type { ITerraformDependable, TerraformProvider, TerraformResource } from "cdktf";
import { Construct } from "constructs";
import { DayOfWeek, EngineFamily, type MaintenanceWindow, type Protection } from "../../database";
import { isResolved, physicalName, requireProps, SynthChecks, shortHash } from "../../database/private";
import type { IFlexibleServer } from "../flexible-server/flexible-server";
import { azureMaintenanceWindow, checkWeeklyStart } from "../flexible-server/maintenance-window";
import { AzureEnvironment } from "../private/azure-environment";
import { checkTags } from "../private/resource-checks";
import { longTermProtection } from "./long-term-protection";

/**
 * Immutability of a backup vault.
 *
 * @see https://learn.microsoft.com/azure/backup/backup-azure-immutable-vault-concept
 */
export enum VaultImmutability {
  /** Backups can be deleted before they expire. */
  DISABLED = "Disabled",
  /** Backups cannot be deleted before they expire; can be disabled. */
  UNLOCKED = "Unlocked",
  /** Backups cannot be deleted before they expire; irreversible. */
  LOCKED = "Locked",
}

/** Properties of a `LongTermBackup`. */
export interface LongTermBackupProps {
  /** Server; not a read replica. */
  readonly server: IFlexibleServer;
  /**
   * Weekly schedule of full backups, in UTC. @default - Sunday, 01:00
   *
   * @see https://learn.microsoft.com/azure/backup/backup-azure-database-postgresql-flex
   */
  readonly schedule?: MaintenanceWindow;
  /**
   * Default retention of each backup, in weeks, 1 to 520. @default 12
   *
   * @see https://learn.microsoft.com/azure/backup/backup-azure-database-postgresql-flex
   */
  readonly keepWeeks?: number;
  /**
   * Retention of the first backup of each month, in months, 1 to 120; 0 adds no monthly rule. @default 12
   *
   * @see https://learn.microsoft.com/azure/backup/backup-azure-database-postgresql-flex
   */
  readonly keepMonths?: number;
  /**
   * Retention of the first backup of each year, in years, 1 to 10; 0 adds no yearly rule. @default 0
   *
   * @see https://learn.microsoft.com/azure/backup/backup-azure-database-postgresql-flex
   */
  readonly keepYears?: number;
  /**
   * Immutability of the backup vault. @default VaultImmutability.UNLOCKED
   *
   * @see https://learn.microsoft.com/azure/backup/backup-azure-immutable-vault-concept
   */
  readonly immutability?: VaultImmutability;
  /**
   * Enables geo-redundant storage of the backup vault; decided at creation. @default true
   *
   * @see https://learn.microsoft.com/azure/backup/create-manage-backup-vault
   */
  readonly geoRedundant?: boolean;
  /**
   * Name of the backup vault, 2 to 50 letters, digits and hyphens, with a letter first. @default - derived from the construct path
   *
   * @see https://learn.microsoft.com/azure/backup/backup-vault-overview
   */
  readonly vaultName?: string;
  /**
   * Name of the backup vault's resource group. @default - the server's
   *
   * @see https://learn.microsoft.com/azure/azure-resource-manager/management/overview#resource-groups
   */
  readonly resourceGroupName?: string;
  /**
   * Tags of all resources. @default - none
   *
   * @see https://learn.microsoft.com/azure/azure-resource-manager/management/tag-resources
   */
  readonly tags?: { readonly [name: string]: string };
  /** The azurerm provider. @default - the server's */
  readonly provider?: TerraformProvider;
  /** Resources that must exist before the backup vault. @default - none */
  readonly dependsOn?: ITerraformDependable[];
}

/**
 * Long-term retention: weekly full backups in an Azure Backup vault, which Terraform does not destroy with the server. They are
 * restored as files, not as a server. For MySQL it is a preview that Microsoft has paused ("refrain from configuring new backups until
 * further notice", support matrix of 2024-11-21, read 2026-11): Azure may refuse a new backup instance; backups that exist can be
 * restored. Take logical backups to a `BackupStorage` instead.
 *
 * @see https://learn.microsoft.com/azure/backup/backup-azure-database-postgresql-flex-overview
 * @see https://learn.microsoft.com/azure/backup/backup-azure-mysql-flexible-server-support-matrix
 *
 * @example
 * new LongTermBackup(this, "long-term", { server, keepYears: 7 });
 */
export class LongTermBackup extends Construct {
  /** The backup vault; Terraform never destroys it. */
  public readonly vault: DataProtectionBackupVault;
  /** The backup policy, which is replaced when schedule or retention change. */
  public readonly policy: TerraformResource;
  /** The backup instance, which applies the policy to the server. */
  public readonly instance: TerraformResource;
  private readonly reported: Protection;

  public constructor(scope: Construct, id: string, props: LongTermBackupProps) {
    super(scope, id);
    requireProps(this.node.path, "AZURE-DB", props, { server: true });
    const { server, tags } = props;
    const provider = props.provider ?? server.provider;
    const resourceGroupName = props.resourceGroupName ?? server.resourceGroupName;
    const location = server.location.region as string;
    const postgres = server.engine.family === EngineFamily.POSTGRES;
    check(this, props);
    this.vault = new DataProtectionBackupVault(this, "Vault", {
      name: props.vaultName ?? physicalName(this, 50),
      resourceGroupName,
      location,
      datastoreType: "VaultStore",
      redundancy: (props.geoRedundant ?? true) ? "GeoRedundant" : "ZoneRedundant",
      softDelete: "On",
      retentionDurationInDays: 14,
      immutability: props.immutability ?? VaultImmutability.UNLOCKED,
      identity: { type: "SystemAssigned" },
      lifecycle: { preventDestroy: true },
      tags,
      provider,
      dependsOn: props.dependsOn,
    });
    const { subscriptionId } = AzureEnvironment.of(this, provider);
    const roles = [
      this.role("ServerRole", server.serverId, postgres ? POSTGRES_ROLE : MYSQL_ROLE, provider),
      this.role(
        "GroupRole",
        `/subscriptions/${subscriptionId}/resourceGroups/${server.resourceGroupName}`,
        "Reader",
        provider,
      ),
    ];
    const rules = policyRules(props);
    const policy = {
      ...rules,
      // Azure cannot change a policy: a new one is created first, under another name, and the backup instance moves to it.
      name: `weekly-${shortHash(JSON.stringify(rules))}`,
      vaultId: this.vault.id,
      lifecycle: { createBeforeDestroy: true },
      provider,
    };
    const policyId = postgres
      ? new DataProtectionBackupPolicyPostgresqlFlexibleServer(this, "Policy", policy)
      : new DataProtectionBackupPolicyMysqlFlexibleServer(this, "Policy", policy);
    this.policy = policyId;
    const instance = {
      name: `${server.serverName}-weekly`,
      location,
      vaultId: this.vault.id,
      serverId: server.serverId,
      backupPolicyId: policyId.id,
      provider,
      dependsOn: [...roles, ...server.dependables],
    };
    this.instance = postgres
      ? new DataProtectionBackupInstancePostgresqlFlexibleServer(this, "Instance", instance)
      : new DataProtectionBackupInstanceMysqlFlexibleServer(this, "Instance", instance);
    const protection = longTermProtection({
      vaultName: this.vault.name,
      resourceGroupName,
      instanceName: instance.name,
      location,
      serverName: server.serverName,
      geoRedundant: props.geoRedundant ?? true,
      retentionDays: retentionDays(props),
    });
    this.reported = postgres ? protection : { ...protection, procedures: [], limits: [PAUSED] };
  }

  /**
   * Reports the backups as a protection, for a `RecoveryPlan`. For MySQL it covers nothing: Microsoft has paused the preview.
   *
   * @see https://learn.microsoft.com/azure/backup/backup-azure-database-postgresql-flex-overview
   */
  public protection(): Protection {
    return this.reported;
  }

  private role(
    id: string,
    scope: string,
    roleDefinitionName: string,
    provider?: TerraformProvider,
  ): RoleAssignment {
    return new RoleAssignment(this, id, {
      scope,
      roleDefinitionName,
      principalId: this.vault.identity.principalId,
      principalType: "ServicePrincipal",
      provider,
    });
  }
}

// Built-in roles that Azure Backup needs: Az.DataProtection's manifest of the data source, and the provider's documentation.
const POSTGRES_ROLE = "PostgreSQL Flexible Server Long Term Retention Backup Role";
const MYSQL_ROLE = "MySQL Backup And Export Operator";

// A Sunday in the past; the first backup is on the day of the week after it.
const FIRST_SUNDAY = Date.UTC(2024, 0, 7);

const PAUSED = "Microsoft has paused the preview for MySQL: Azure may refuse new backups.";

/** Age of the oldest backup, in days. */
function retentionDays({ keepWeeks = 12, keepMonths = 12, keepYears = 0 }: LongTermBackupProps): number {
  return Math.max(keepWeeks * 7, keepMonths * 30, keepYears * 365);
}

function policyRules(props: LongTermBackupProps) {
  const { keepWeeks = 12, keepMonths = 12, keepYears = 0 } = props;
  const schedule = props.schedule ?? { day: DayOfWeek.SUNDAY, start: "01:00" };
  const window = azureMaintenanceWindow(schedule);
  const first = new Date(FIRST_SUNDAY + (window?.dayOfWeek ?? 0) * 86_400_000).toISOString().slice(0, 10);
  const lifeCycle = (duration: string) => [{ dataStoreType: "VaultStore", duration }];
  const rule = (name: string, priority: number, absoluteCriteria: string, duration: string) => ({
    name,
    priority,
    criteria: { absoluteCriteria },
    lifeCycle: lifeCycle(duration),
  });
  return {
    backupRepeatingTimeIntervals: [`R/${first}T${schedule.start}:00+00:00/P1W`],
    timeZone: "UTC",
    defaultRetentionRule: { lifeCycle: lifeCycle(`P${keepWeeks}W`) },
    retentionRule: [
      ...(keepYears > 0 ? [rule("Yearly", 10, "FirstOfYear", `P${keepYears}Y`)] : []),
      ...(keepMonths > 0 ? [rule("Monthly", 20, "FirstOfMonth", `P${keepMonths}M`)] : []),
    ],
  };
}

function check(scope: Construct, props: LongTermBackupProps): void {
  const checks = new SynthChecks(scope, "AZURE-DB");
  const { server, keepWeeks, keepMonths, keepYears } = props;
  for (const [name, value] of Object.entries({ keepWeeks, keepMonths, keepYears })) {
    if (!isResolved(value)) {
      checks.fail(name, value, "must be known at synth, since the name of the policy follows from it");
    }
  }
  checks.wholeNumber("keepWeeks", keepWeeks, 1, 520, "weeks");
  checks.wholeNumber("keepMonths", keepMonths, 0, 120, "months");
  checks.wholeNumber("keepYears", keepYears, 0, 10, "years");
  checkWeeklyStart(checks, "schedule", props.schedule);
  checkTags(checks, scope, props.tags);
  checks.matches(
    "vaultName",
    props.vaultName,
    /^[a-zA-Z][a-zA-Z0-9-]{1,49}$/,
    "must be 2 to 50 letters, digits and hyphens, with a letter first",
  );
  if (server.engine.family === EngineFamily.MYSQL) {
    checks.warn(
      "server: Microsoft has paused the preview of long-term retention for MySQL, so Azure may refuse the backup instance; take logical " +
        "backups (mysqldump) to a BackupStorage",
      "server",
    );
  }
  if (server.isReplica) {
    checks.fail(
      "server",
      server.node.path,
      "must not be a read replica, which has no backups; back up its source",
    );
  }
  if (props.immutability === VaultImmutability.DISABLED) {
    checks.optOut("immutability: backups can be deleted before they expire");
  } else if (props.immutability === VaultImmutability.LOCKED) {
    checks.warn(
      "immutability is Locked: irreversible, and backups are charged until they expire",
      "immutability",
    );
  }
  if (props.geoRedundant === false)
    checks.optOut("geoRedundant: keeps no copies of the backups in the paired region");
}
