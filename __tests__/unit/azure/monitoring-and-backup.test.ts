import type { TerraformStack } from "cdktf";
import {
  AzureServerAlerts,
  type AzureServerAlertsProps,
  AzureServerDiagnostics,
  BackupStorage,
  type BackupStorageProps,
  LongTermBackup,
  type LongTermBackupProps,
  MysqlReadReplica,
  PostgresReadReplica,
  VaultImmutability,
} from "../../../lib/azure";
import { Availability, DayOfWeek, MachineSize, RecoveryScenario } from "../../../lib/database";
import { azureId, azureNetwork, mysql, postgres, VAULT_ID } from "../../support/azure-stack";
import { problemsOf, synthesize, treeOf } from "../../support/synth";

describe("LongTermBackup", () => {
  const build =
    (props: Partial<LongTermBackupProps> = {}) =>
    (stack: TerraformStack) =>
      void new LongTermBackup(stack, "long-term", { server: postgres(stack), ...props });

  test("creates a backup vault with prevent_destroy, a weekly policy and the roles of Azure Backup", () => {
    const { resource, resources, stack } = synthesize(build({ keepYears: 7 }));
    expect(resource("azurerm_data_protection_backup_vault")).toMatchObject({
      datastore_type: "VaultStore",
      redundancy: "GeoRedundant",
      soft_delete: "On",
      immutability: "Unlocked",
      identity: { type: "SystemAssigned" },
      lifecycle: { prevent_destroy: true },
    });
    expect(resources("azurerm_role_assignment").map((role) => role.role_definition_name)).toEqual([
      "PostgreSQL Flexible Server Long Term Retention Backup Role",
      "Reader",
    ]);
    const type = "azurerm_data_protection_backup_policy_postgresql_flexible_server";
    const { name, vault_id, ...policy } = resource(type);
    expect(policy).toEqual({
      backup_repeating_time_intervals: ["R/2024-01-07T01:00:00+00:00/P1W"],
      time_zone: "UTC",
      default_retention_rule: { life_cycle: [{ data_store_type: "VaultStore", duration: "P12W" }] },
      retention_rule: [
        {
          name: "Yearly",
          priority: 10,
          criteria: { absolute_criteria: "FirstOfYear" },
          life_cycle: [{ data_store_type: "VaultStore", duration: "P7Y" }],
        },
        {
          name: "Monthly",
          priority: 20,
          criteria: { absolute_criteria: "FirstOfMonth" },
          life_cycle: [{ data_store_type: "VaultStore", duration: "P12M" }],
        },
      ],
      lifecycle: { create_before_destroy: true },
    });
    const instance = resource("azurerm_data_protection_backup_instance_postgresql_flexible_server");
    expect(instance.depends_on).toContainEqual(expect.stringContaining("azurerm_role_assignment"));
    expect(treeOf(stack.node.findChild("long-term"))).toBe(
      "Vault\nServerRole\nGroupRole\nPolicy\nInstance\n",
    );
  });

  test("takes backups on the day of the schedule", () => {
    const interval = (day: DayOfWeek) =>
      synthesize(build({ schedule: { day, start: "23:30" } })).resource(
        "azurerm_data_protection_backup_policy_postgresql_flexible_server",
      ).backup_repeating_time_intervals[0];
    expect(interval(DayOfWeek.WEDNESDAY)).toBe("R/2024-01-10T23:30:00+00:00/P1W");
    expect(new Date("2024-01-10").getUTCDay()).toBe(3);
  });

  test("a changed policy gets another name", () => {
    const name = (props: Partial<LongTermBackupProps>) =>
      synthesize(build(props)).resource("azurerm_data_protection_backup_policy_postgresql_flexible_server")
        .name;
    expect(name({})).toBe(name({}));
    expect(name({ keepWeeks: 13 })).not.toBe(name({}));
  });

  test("assigns another role for MySQL, and warns that the preview is paused", () => {
    const { resources, warnings } = synthesize((stack) => {
      new LongTermBackup(stack, "long-term", { server: mysql(stack) });
    });
    expect(warnings.filter(({ path }) => path === "long-term").map(({ message }) => message)).toEqual([
      expect.stringMatching(/^AZURE-DB-SERVER: .*paused the preview.*BackupStorage/),
    ]);
    expect(resources("azurerm_role_assignment")[0].role_definition_name).toBe(
      "MySQL Backup And Export Operator",
    );
    expect(resources("azurerm_data_protection_backup_instance_mysql_flexible_server")).toHaveLength(1);
  });

  test("records opt-outs, and warns of irreversible immutability", () => {
    const { infos } = synthesize(build({ immutability: VaultImmutability.DISABLED, geoRedundant: false }));
    expect(infos.map(({ message }) => message)).toEqual([
      expect.stringContaining("opt-out: AZURE-DB-IMMUTABILITY: immutability"),
      expect.stringContaining("opt-out: AZURE-DB-GEO-REDUNDANT: geoRedundant"),
    ]);
    expect(synthesize(build({ immutability: VaultImmutability.LOCKED })).warnings).toContainEqual({
      path: "long-term",
      message: expect.stringContaining("irreversible"),
    });
  });

  test("refuses replicas, illegal times and numbers", () => {
    const found = problemsOf((stack) => {
      const server = new PostgresReadReplica(stack, "replica", { source: postgres(stack) });
      new LongTermBackup(stack, "long-term", {
        server,
        keepWeeks: 0,
        keepYears: 11,
        schedule: { day: DayOfWeek.SUNDAY, start: "1:00" },
        vaultName: "1",
      });
    });
    expect(found).toEqual([
      expect.stringContaining("keepWeeks "),
      expect.stringContaining("keepYears "),
      expect.stringContaining("schedule.start must be"),
      expect.stringContaining("vaultName must be"),
      expect.stringContaining("server must not be a read replica"),
    ]);
  });
});

describe("AzureServerDiagnostics", () => {
  const logAnalyticsWorkspaceId = azureId("Microsoft.OperationalInsights/workspaces", "logs");
  test.each([
    ["PostgreSQL", postgres, ["PostgreSQLLogs"]],
    ["MySQL", mysql, ["MySqlAuditLogs", "MySqlSlowLogs"]],
  ] as const)("%s", (_, make, categories) => {
    const { resource } = synthesize((stack) => {
      new AzureServerDiagnostics(stack, "diagnostics", { server: make(stack), logAnalyticsWorkspaceId });
    });
    const setting = resource("azurerm_monitor_diagnostic_setting");
    expect(setting.enabled_log.map(({ category }: { category: string }) => category)).toEqual(categories);
    expect(setting.enabled_metric).toEqual([{ category: "AllMetrics" }]);
    expect(setting.log_analytics_workspace_id).toBe(logAnalyticsWorkspaceId);
  });

  test("refuses a workspace by name and an empty list of categories", () => {
    const found = problemsOf((stack) => {
      new AzureServerDiagnostics(stack, "diagnostics", {
        server: postgres(stack),
        logAnalyticsWorkspaceId: "logs",
        logCategories: [],
      });
    });
    expect(found).toEqual([
      expect.stringContaining(
        "AZURE-DB-LOG-ANALYTICS-WORKSPACE-ID: logAnalyticsWorkspaceId must be a resource ID",
      ),
      expect.stringContaining("logCategories must have at least one category"),
    ]);
  });

  test("restores a lost PostgreSQL database from its files, and promises nothing for MySQL", () => {
    synthesize((stack) => {
      const network = azureNetwork(stack);
      const server = postgres(stack, { network });
      const postgresBackup = new LongTermBackup(stack, "pg", { server, keepYears: 2 });
      const { procedures, retentionDays, lossMinutes } = postgresBackup.protection();
      expect(procedures.flatMap(({ scenarios }) => scenarios)).toEqual([RecoveryScenario.LOST_DATABASE]);
      expect({ retentionDays, lossMinutes }).toEqual({ retentionDays: 730, lossMinutes: 10_080 });
      const titles = procedures.flatMap(({ steps }) => steps.map(({ title }) => title));
      expect(titles[0]).toMatch(/^Create the server/);
      const mysqlBackup = new LongTermBackup(stack, "my", { server: mysql(stack, { network }) });
      expect(mysqlBackup.protection().procedures).toEqual([]);
    });
  });
});

describe("AzureServerAlerts", () => {
  const actionGroupId = azureId("Microsoft.Insights/actionGroups", "operations");
  // 20 per cent of 128 GiB.
  const LOGS = Math.floor(128 * 0.2 * 1024 ** 3);
  const alerts = (make: (stack: TerraformStack) => AzureServerAlertsProps["server"], props = {}) =>
    synthesize(
      (stack) =>
        void new AzureServerAlerts(stack, "alerts", { server: make(stack), actionGroupId, ...props }),
    )
      .resources("azurerm_monitor_metric_alert")
      .map(({ criteria: [c] }) => `${c.metric_name} ${c.aggregation} ${c.operator} ${c.threshold}`);

  test("on a server", () => {
    expect(alerts((stack) => postgres(stack))).toEqual([
      "storage_percent Maximum GreaterThan 85",
      "cpu_percent Average GreaterThan 85",
      "memory_percent Average GreaterThan 95",
      "active_connections Maximum GreaterThan 1374",
      "is_db_alive Maximum LessThan 1",
      `txlogs_storage_used Maximum GreaterThan ${LOGS}`,
      `logical_replication_delay_in_bytes Maximum GreaterThan ${LOGS}`,
      "maximum_used_transactionIDs Maximum GreaterThan 1000000000",
    ]);
    expect(alerts((stack) => mysql(stack))).toEqual(
      expect.arrayContaining([
        `binlog_storage_used Maximum GreaterThan ${LOGS}`,
        "lock_deadlocks Total GreaterThan 15",
      ]),
    );
  });

  test("count deadlocks of PostgreSQL where the server collects them", () => {
    const collecting = { parameters: { "metrics.collector_database_activity": "on" } };
    expect(alerts((stack) => postgres(stack, collecting), { deadlocksPerMinute: 2 })).toContain(
      "deadlocks Total GreaterThan 30",
    );
  });

  test("watch the resource health of the server", () => {
    const { resource } = synthesize(
      (stack) =>
        void new AzureServerAlerts(stack, "alerts", {
          server: postgres(stack, { serverName: "coder" }),
          actionGroupId,
        }),
    );
    expect(resource("azurerm_monitor_activity_log_alert")).toMatchObject({
      name: "coder-resource-health",
      location: "global",
      scopes: [expect.stringMatching(/^\$\{azurerm_postgresql_flexible_server\..*\.id\}$/)],
      action: [{ action_group_id: actionGroupId }],
      criteria: {
        category: "ResourceHealth",
        resource_health: { current: ["Degraded", "Unavailable"] },
      },
    });
  });

  test("on a replica and a small machine", () => {
    const replica = (stack: TerraformStack) =>
      new MysqlReadReplica(stack, "replica", { source: mysql(stack) });
    expect(alerts(replica, { replicaLagSeconds: 30 })).toEqual(
      expect.arrayContaining([
        "replication_lag Maximum GreaterThan 30",
        "Replica_IO_Running Maximum LessThan 1",
        "Replica_SQL_Running Maximum LessThan 1",
      ]),
    );
    const postgresReplica = alerts(
      (stack) => new PostgresReadReplica(stack, "replica", { source: postgres(stack) }),
    );
    expect(postgresReplica.join()).not.toContain("maximum_used_transactionIDs");
    const small = { size: MachineSize.burstable(2, 4), availability: Availability.ZONAL };
    expect(alerts((stack) => postgres(stack, small)).join()).toContain("cpu_credits_remaining");
  });

  test("notify the action group, with a description", () => {
    const { resources } = synthesize((stack) => {
      new AzureServerAlerts(stack, "alerts", {
        server: postgres(stack, { serverName: "coder" }),
        actionGroupId,
      });
    });
    for (const alert of resources("azurerm_monitor_metric_alert")) {
      expect(alert.action).toEqual([{ action_group_id: actionGroupId }]);
      expect(alert.name).toMatch(/^coder-/);
      expect(alert.description).toMatch(/\. https:/);
      expect(alert.criteria[0].metric_namespace).toBe("Microsoft.DBforPostgreSQL/flexibleServers");
    }
  });

  test("have thresholds in per cent", () => {
    const found = problemsOf((stack) => {
      new AzureServerAlerts(stack, "alerts", {
        server: postgres(stack),
        actionGroupId: "ops",
        cpuPercent: 0.85,
        transactionLogsPercent: 100,
        deadlocksPerMinute: 0,
      });
    });
    expect(found).toEqual([
      expect.stringContaining("AZURE-DB-CPU-PERCENT: cpuPercent must be 10 to 100 per cent (got 0.85)"),
      expect.stringContaining("transactionLogsPercent must be 1 to 90 per cent (got 100)"),
      expect.stringContaining("deadlocksPerMinute must be more than 0 (got 0)"),
      expect.stringContaining("actionGroupId must be a resource ID"),
    ]);
  });
});

describe("BackupStorage", () => {
  const build =
    (props: Partial<BackupStorageProps> = {}) =>
    (stack: TerraformStack) =>
      void new BackupStorage(stack, "backups", { network: azureNetwork(stack), ...props });

  test("has private access, no shared keys, geo-redundancy, versioning and soft delete", () => {
    const { resource } = synthesize(build({ expireDays: 90 }));
    expect(resource("azurerm_storage_account")).toMatchObject({
      account_replication_type: "GZRS",
      min_tls_version: "TLS1_2",
      public_network_access_enabled: false,
      shared_access_key_enabled: false,
      allow_nested_items_to_be_public: false,
      infrastructure_encryption_enabled: true,
      network_rules: { default_action: "Deny" },
      blob_properties: { versioning_enabled: true, delete_retention_policy: { days: 30 } },
      lifecycle: { prevent_destroy: true },
    });
    // No hyphens, and 24 characters at most.
    expect(resource("random_id").prefix).toMatch(/^[a-z0-9]{1,16}$/);
    expect(resource("azurerm_storage_container")).toMatchObject({ container_access_type: "private" });
    expect(resource("azurerm_storage_management_policy").rule[0].actions.base_blob).toEqual({
      delete_after_days_since_modification_greater_than: 90,
    });
    expect(resource("azurerm_private_dns_zone").name).toBe("privatelink.blob.core.windows.net");
  });

  test("with a customer-managed key and writers", () => {
    const keyId = `https://keys.vault.azure.net/keys/backups/${"0123456789abcdef".repeat(2)}`;
    const { resource, resources } = synthesize(
      build({ encryptionKey: { keyId, keyVaultId: VAULT_ID }, writerObjectIds: { velero: "v" } }),
    );
    expect(resource("azurerm_storage_account").customer_managed_key).toMatchObject({
      key_vault_key_id: keyId,
    });
    expect(resources("azurerm_role_assignment").map((role) => role.role_definition_name)).toEqual([
      "Key Vault Crypto Service Encryption User",
      "Storage Blob Data Contributor",
    ]);
  });

  test("refuses LRS and illegal names", () => {
    const props = { replication: "LRS", accountName: "Back-ups", containerName: "a", softDeleteDays: 1 };
    expect(problemsOf(build(props))).toEqual([
      expect.stringContaining("accountName "),
      expect.stringContaining("containerName "),
      expect.stringContaining("LRS keeps all copies in one data center"),
      expect.stringContaining("softDeleteDays "),
    ]);
  });
});
