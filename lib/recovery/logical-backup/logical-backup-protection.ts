// A logical backup in words and commands: what RecoveryPlan and RestoreRunbook know of it.

import { EngineFamily, type Protection, RecoveryScenario, type RestoreStep } from "../../database";
import { isResolved } from "../../database/private";
import { dumpFiles, retentionDays } from "./dump-files";
import type { LogicalBackup } from "./logical-backup";
import { STORE_KEY_VARIABLES, storeEnvironment } from "./store-access";

/** Name of the backup as a mechanism of protection. @internal */
export function logicalBackupMechanism({ backupName }: LogicalBackup): string {
  return `Logical backup ${backupName}`;
}

/** The backup as a mechanism of protection. @internal */
export function logicalBackupProtection(backup: LogicalBackup): Protection {
  const { store, databases } = backup;
  const { keep, encryptionKey } = backup._props;
  const server = databases[0]?.server;
  const gap = backup._gapMinutes;
  const elsewhere =
    server?.location.region !== undefined &&
    isResolved([server.location.region, store.region]) &&
    server.location.region !== store.region;
  return {
    mechanism: logicalBackupMechanism(backup),
    location: `${store.bucketName}/${backup.path}`,
    region: store.region,
    retentionDays: retentionDays(gap, keep),
    lossMinutes: gap,
    keys: encryptionKey
      ? [
          {
            name: "encryption key of the backup",
            location: `secret store of the program; the Secret ${backup.secret.secretName} in ${backup.namespace} is a copy that is lost with the cluster`,
          },
        ]
      : [],
    procedures: [
      {
        scenarios: [
          RecoveryScenario.LOST_DATABASE,
          RecoveryScenario.BAD_MIGRATION,
          ...(elsewhere ? [RecoveryScenario.LOST_REGION] : []),
        ],
        steps: [chooseStep(backup), restoreStep(backup)],
      },
    ],
    limits: [
      "The state of the last run can be restored, not that of a moment between two runs.",
      ...(server?.engine.family === EngineFamily.MYSQL
        ? ["Users and grants are not in it; DatabaseObjects creates them."]
        : ["Passwords of roles are not in it; DatabaseObjects sets them."]),
    ],
    source: "https://www.postgresql.org/docs/current/backup-dump.html",
  };
}

/** Commands that configure rclone for the store of a backup, with the credentials of the shell. @internal */
export function storeCommands({ _access }: LogicalBackup): string[] {
  const { key } = _access;
  const environment = Object.entries(storeEnvironment(_access))
    .filter(([name]) => name.startsWith("RCLONE_"))
    .map(([name, value]) => `export ${name}="${value}"`);
  const variable = key && STORE_KEY_VARIABLES[key.kind];
  return variable === undefined ? environment : [...environment, `read -rs ${variable}; export ${variable}`];
}

function chooseStep(backup: LogicalBackup): RestoreStep {
  const { key } = backup._access;
  const crypt = backup._props.encryptionKey
    ? [
        "read -rs BACKUP_KEY",
        [
          "export RCLONE_CONFIG_CRYPT_TYPE=crypt",
          `RCLONE_CONFIG_CRYPT_REMOTE="${storeFolder(backup)}"`,
          "RCLONE_CONFIG_CRYPT_FILENAME_ENCRYPTION=off",
          "RCLONE_CONFIG_CRYPT_DIRECTORY_NAME_ENCRYPTION=false",
          "RCLONE_CONFIG_CRYPT_SUFFIX=none",
        ].join(" "),
        'RCLONE_CONFIG_CRYPT_PASSWORD="$(printf %s "$BACKUP_KEY" | rclone obscure -)"; export RCLONE_CONFIG_CRYPT_PASSWORD',
      ]
    : [];
  return {
    title: "Choose the backup",
    commands: [
      ...storeCommands(backup),
      ...crypt,
      `rclone lsf --recursive --include "/*/manifest.json" "${storeFolder(backup)}"`,
    ],
    verify: [`rclone cat "${storeFolder(backup)}/latest.json"`],
    notes: [
      "Needs rclone 1.74 or later. A backup counts when it has a manifest.json.",
      ...(key || backup._props.encryptionKey ? ["read waits for the key, which is not shown."] : []),
    ],
    source: "https://rclone.org/docs/#environment-variables",
  };
}

/** Folder of a backup, as rclone writes it. @internal */
export function storeFolder(backup: LogicalBackup): string {
  return `store:${backup.store.bucketName}/${backup.path}`;
}

/**
 * Two runs of pg_restore: `--clean` drops all objects of a dump first, but only their owner may drop extensions, which the administrator
 * has created, and the schema public holds them. Extensions that exist are left as they are (CREATE EXTENSION IF NOT EXISTS).
 */
function pgRestore(name: string, file: string): string[] {
  const target = `pg_restore --host="$RESTORE_HOST" --username="$RESTORE_USER" --dbname="${name}"`;
  return [
    `pg_restore --list "./${file}" | { grep -E '^[0-9]+; [0-9]+ [0-9]+ EXTENSION - ' || true; } > "./${file}.extensions"`,
    `pg_restore --list "./${file}" | { grep -vE '^[0-9]+; [0-9]+ [0-9]+ (EXTENSION - |COMMENT - EXTENSION |SCHEMA - public |COMMENT - SCHEMA public )' || true; } > "./${file}.objects"`,
    `${target} --exit-on-error --use-list="./${file}.extensions" "./${file}"`,
    `${target} --clean --if-exists --no-owner --no-privileges --jobs=4 --exit-on-error --use-list="./${file}.objects" "./${file}"`,
  ];
}

function restoreStep(backup: LogicalBackup): RestoreStep {
  const postgres = backup.databases[0]?.server.engine.family === EngineFamily.POSTGRES;
  const from = (file: string) =>
    backup._props.encryptionKey
      ? `crypt:$BACKUP_STAMP/${file}`
      : `${storeFolder(backup)}/$BACKUP_STAMP/${file}`;
  const commands = dumpFiles(backup.databases).flatMap(({ file, name }) =>
    postgres
      ? [`rclone copyto "${from(file)}" "./${file}"`, ...pgRestore(name, file)]
      : [
          `rclone copyto "${from(file)}" "./${file}"`,
          `gzip -dc "./${file}" | mysql --host="$RESTORE_HOST" --user="$RESTORE_USER" --password "${name}"`,
        ],
  );
  return {
    title: "Restore the dumps into the databases",
    commands,
    inputs: [
      {
        name: "BACKUP_STAMP",
        description: "folder of the backup, from the list of the step before",
        example: "20261127T020000Z",
      },
      {
        name: "RESTORE_HOST",
        description: "host of the server that takes the data",
        example: "postgres.internal.example.com",
      },
      {
        name: "RESTORE_USER",
        description: "login that owns the databases, so that it owns the restored objects",
        example: backup.databases[0]?.owner.username ?? "owner",
      },
    ],
    notes: [
      "The databases and their owner exist: the program's apply has created them. No application may be connected.",
      "Run it where the server can be reached, such as on a machine of its network, with clients of at least the server's version. The password of `RESTORE_USER` is in the secret store of the program.",
    ],
    source: postgres
      ? "https://www.postgresql.org/docs/current/app-pgrestore.html"
      : "https://dev.mysql.com/doc/refman/8.4/en/reloading-sql-format-dumps.html",
  };
}
