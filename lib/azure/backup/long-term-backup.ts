import { DataProtectionBackupInstanceMysqlFlexibleServer } from "@cdktf/provider-azurerm/lib/data-protection-backup-instance-mysql-flexible-server";
import { DataProtectionBackupInstancePostgresqlFlexibleServer } from "@cdktf/provider-azurerm/lib/data-protection-backup-instance-postgresql-flexible-server";
import { DataProtectionBackupPolicyMysqlFlexibleServer } from "@cdktf/provider-azurerm/lib/data-protection-backup-policy-mysql-flexible-server";
import { DataProtectionBackupPolicyPostgresqlFlexibleServer } from "@cdktf/provider-azurerm/lib/data-protection-backup-policy-postgresql-flexible-server";
import { DataProtectionBackupVault } from "@cdktf/provider-azurerm/lib/data-protection-backup-vault";
import { RoleAssignment } from "@cdktf/provider-azurerm/lib/role-assignment";
import type { ITerraformDependable, TerraformProvider, TerraformResource } from "cdktf";
import { Construct } from "constructs";
import { DayOfWeek, EngineFamily, type MaintenanceWindow } from "../../database";
import { isResolved, physicalName, SynthChecks, shortHash } from "../../database/private";
import { azureMaintenanceWindow, checkWeeklyStart } from "../flexible-server/azure-maintenance-window";
import type { IFlexibleServer } from "../flexible-server/flexible-server";
import { AzureEnvironment } from "../private/azure-environment";

/** Whether backups in a vault can be deleted before their time. */
export enum VaultImmutability {
  /** They can. */
  DISABLED = "Disabled",
  /** They can't, until somebody switches this off. */
  UNLOCKED = "Unlocked",
  /** They can't, and nobody can ever switch this off. */
  LOCKED = "Locked",
}

/** Properties of a `LongTermBackup`. */
export interface LongTermBackupProps {
  /** The server; not a replica. */
  readonly server: IFlexibleServer;
  /** The time of the week at which a full backup is taken, in UTC. @default - Sunday, 01:00 */
  readonly schedule?: MaintenanceWindow;
  /** For how many weeks each backup is kept, 1 to 520. @default 12 */
  readonly keepWeeks?: number;
  /** For how many months the first backup of each month is kept, 1 to 120; 0 for not longer than others. @default 12 */
  readonly keepMonths?: number;
  /** For how many years the first backup of each year is kept, 1 to 10; 0 for not longer than others. @default 0 */
  readonly keepYears?: number;
  /** Whether backups can be deleted before their time. @default VaultImmutability.UNLOCKED */
  readonly immutability?: VaultImmutability;
  /** Whether the vault keeps copies in the paired region; decided at creation. @default true */
  readonly geoRedundant?: boolean;
  /** The vault's name, 2 to 50 letters, digits and hyphens, a letter first. @default - the construct's path */
  readonly vaultName?: string;
  /** The resource group of the vault. @default - the server's */
  readonly resourceGroupName?: string;
  /** Tags for all resources. @default - none */
  readonly tags?: { readonly [name: string]: string };
  /** The provider. @default - the server's */
  readonly provider?: TerraformProvider;
  /** What has to exist first. @default - the server's dependables */
  readonly dependsOn?: ITerraformDependable[];
}

/**
 * Weekly full backups in a vault that outlives the server, for years if need be. They are restored as files, not as a server.
 * For MySQL it is a preview of Azure's.
 *
 * @example
 * new LongTermBackup(this, "long-term", { server, keepYears: 7 });
 */
export class LongTermBackup extends Construct {
  /** The vault; Terraform never destroys it. */
  public readonly vault: DataProtectionBackupVault;
  /** The policy; another one takes its place when schedule or retention change. */
  public readonly policy: TerraformResource;
  /** What puts the server under the policy. */
  public readonly instance: TerraformResource;

  public constructor(scope: Construct, id: string, props: LongTermBackupProps) {
    super(scope, id);
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
      // Azure can't change a policy, so another one is made first, under another name, and the server moves over.
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

// Built-in roles that Azure asks for: Az.DataProtection's manifest of the data source, and the provider's documentation.
const POSTGRES_ROLE = "PostgreSQL Flexible Server Long Term Retention Backup Role";
const MYSQL_ROLE = "MySQL Backup And Export Operator";

// A Sunday long past; intervals count from the day of the week that it leads to.
const FIRST_SUNDAY = Date.UTC(2024, 0, 7);

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
  const checks = new SynthChecks(scope);
  const { server, keepWeeks, keepMonths, keepYears } = props;
  for (const [name, value] of Object.entries({ keepWeeks, keepMonths, keepYears })) {
    if (!isResolved(value)) {
      checks.fail(name, value, "it has to be known at synth, since the policy's name follows from it");
    }
  }
  checks.wholeNumber("keepWeeks", keepWeeks, 1, 520, "weeks");
  checks.wholeNumber("keepMonths", keepMonths, 0, 120, "months");
  checks.wholeNumber("keepYears", keepYears, 0, 10, "years");
  checkWeeklyStart(checks, "schedule", props.schedule);
  checks.matches(
    "vaultName",
    props.vaultName,
    /^[a-zA-Z][a-zA-Z0-9-]{1,49}$/,
    "allowed are 2 to 50 letters, digits and hyphens, with a letter first",
  );
  if (server.isReplica) {
    checks.fail("server", server.node.path, "a replica has no backups of its own; back up its source");
  }
  if (props.immutability === VaultImmutability.DISABLED) {
    checks.optOut("immutability: backups can be deleted before their time");
  } else if (props.immutability === VaultImmutability.LOCKED) {
    checks.warn(
      "immutability is Locked: nobody can ever undo this, and backups are paid for until they expire",
    );
  }
  if (props.geoRedundant === false)
    checks.optOut("geoRedundant: the backups do not survive the loss of the region");
}
