// Long-term retention as a protection.
//
// Limits and the order of a restore: Microsoft's pages on the support matrix and on restoring as files. The options of the commands and the
// names of the files (`..._database_<name>.sql`, `..._roles.sql`) were compared with azure-cli-extensions' dataprotection tests and with a
// published record of a restore (2026-04-15), read 2026-11-27. Not run against Azure.

import { type Protection, RecoveryScenario, type RestoreStep } from "../../database";

const WEEK_MINUTES = 7 * 24 * 60;
const RESTORE_AS_FILES =
  "https://learn.microsoft.com/azure/backup/backup-azure-database-postgresql-flex-restore-cli";
const SUPPORT_MATRIX =
  "https://learn.microsoft.com/azure/backup/backup-azure-database-postgresql-flex-support-matrix";

/** A backup vault with the backups of a PostgreSQL server. @internal */
export interface LongTermVault {
  readonly vaultName: string;
  readonly resourceGroupName: string;
  readonly instanceName: string;
  readonly location: string;
  readonly serverName: string;
  readonly geoRedundant: boolean;
  readonly retentionDays: number;
}

/** @internal */
export function longTermProtection(vault: LongTermVault): Protection {
  return {
    mechanism: "Azure Backup long-term retention",
    location: `${vault.location}, backup vault ${vault.vaultName}${vault.geoRedundant ? ", with a copy in the paired region" : ""}`,
    region: vault.location,
    retentionDays: vault.retentionDays,
    lossMinutes: WEEK_MINUTES,
    procedures: [
      {
        scenarios: [RecoveryScenario.LOST_DATABASE],
        steps: [createAnew(vault), restoreFiles(vault), loadFiles()],
      },
    ],
    limits: [
      "Restored as files into a container of a storage account, not as a server; a server above 1 TiB is not backed up.",
      "Outlives the server, and is taken once a week.",
    ],
    source: SUPPORT_MATRIX,
  };
}

function createAnew({ serverName }: LongTermVault): RestoreStep {
  return {
    title: `Create the server ${serverName} again`,
    appliesProgram: true,
    notes: [
      "Terraform finds that the server is gone and creates it with its network, parameters, logins and empty databases.",
    ],
    source: RESTORE_AS_FILES,
  };
}

function restoreFiles({ vaultName, resourceGroupName, instanceName, location }: LongTermVault): RestoreStep {
  const vault = `--resource-group "${resourceGroupName}" --vault-name "${vaultName}"`;
  return {
    title: "Restore a recovery point as files",
    inputs: [
      { name: "RECOVERY_POINT", description: "Id from the first command", example: "010dbdefc0114da3" },
      {
        name: "FILES_ACCOUNT_ID",
        description: "Resource ID of a storage account for the files, in the region of the vault",
        example: "/subscriptions/.../storageAccounts/restore",
      },
      {
        name: "FILES_CONTAINER_URL",
        description: "URL of an empty container in that account",
        example: "https://restore.blob.core.windows.net/files",
      },
    ],
    commands: [
      `az dataprotection recovery-point list ${vault} --backup-instance-name "${instanceName}" --query "[].[name,properties.recoveryPointTime]" --output table`,
      `az dataprotection backup-instance restore initialize-for-data-recovery-as-files --datasource-type AzureDatabaseForPostgreSQLFlexibleServer \\\n  --restore-location "${location}" --source-datastore VaultStore --recovery-point-id "$RECOVERY_POINT" \\\n  --target-blob-container-url "$FILES_CONTAINER_URL" --target-file-name restored > restore-request.json`,
      `az dataprotection backup-instance update-msi-permissions ${vault} --datasource-type AzureDatabaseForPostgreSQLFlexibleServer \\\n  --operation Restore --permissions-scope Resource --restore-request-object restore-request.json --target-storage-account-id "$FILES_ACCOUNT_ID" --yes`,
      `az dataprotection backup-instance restore trigger ${vault} --backup-instance-name "${instanceName}" --restore-request-object restore-request.json`,
    ],
    permissions: [
      "Microsoft.DataProtection/backupVaults/backupInstances/restore/action",
      "Microsoft.DataProtection/backupVaults/backupInstances/recoveryPoints/read",
      "Microsoft.Authorization/roleAssignments/write",
    ],
    notes: ["The third command lets the vault write to the storage account."],
    verify: [
      `az dataprotection job list ${vault} --query "[?properties.operation=='Restore'].[properties.status,properties.startTime]" --output table`,
      'az storage blob list --blob-endpoint "$FILES_CONTAINER_URL" --container-name "$(basename "$FILES_CONTAINER_URL")" --auth-mode login --query "[].name" --output tsv',
    ],
    source: RESTORE_AS_FILES,
  };
}

function loadFiles(): RestoreStep {
  return {
    title: "Load the files of each database",
    inputs: [
      {
        name: "DATABASE_FILE",
        description: "Name of the file of a database, from the list",
        example: "d98a8d0a_database_coder.sql",
      },
      { name: "DATABASE", description: "Name of the database", example: "coder" },
      { name: "OWNER", description: "Login that owns the database", example: "coder" },
      {
        name: "PGHOST",
        description: "Address of the new server",
        example: "coder.postgres.database.azure.com",
      },
      {
        name: "PGUSER",
        description: "Administrator's login; PGPASSWORD has its password",
        example: "dbadmin",
      },
    ],
    commands: [
      'az storage blob download --blob-url "$FILES_CONTAINER_URL/$DATABASE_FILE" --auth-mode login --file restored.dump --no-progress',
      "export PGHOST PGUSER PGSSLMODE=verify-full PGSSLROOTCERT=system",
      'if pg_restore --list restored.dump > contents.txt; then\n  pg_restore --dbname "$DATABASE" --no-owner --role "$OWNER" --exit-on-error restored.dump\nelse\n  psql --dbname "$DATABASE" --set ON_ERROR_STOP=1 --single-transaction --command "SET ROLE $OWNER" --file restored.dump\nfi',
    ],
    notes: [
      "Before the applications start. The roles stay as the program made them: `roles.sql` is not loaded. The file is an archive of `pg_dump` or SQL: the command takes both.",
    ],
    verify: [
      'psql --dbname "$DATABASE" --command "SELECT relname, n_live_tup FROM pg_stat_user_tables ORDER BY 2 DESC LIMIT 10"',
    ],
    source: RESTORE_AS_FILES,
  };
}
