import {
  BackupStorage,
  DatabaseNetwork,
  DelegatedDatabaseNetwork,
  MysqlReadReplica,
  PostgresReadReplica,
  SecretVault,
} from "../../../lib/azure";
import { EngineFamily } from "../../../lib/database";
import { python } from "../../../tools/machine/python-environment";
import { terraformWithMirror } from "../../../tools/machine/terraform";
import { azureStack, mysql, postgres } from "../../support/azure-stack";
import { describeWith } from "../../support/describe-with";
import { checkov } from "../../support/scanners/checkov";
import { StackCopy } from "../../support/terraform/stack-copy";

jest.setTimeout(180_000);

/** Check and resource type, with the reason for the exception. */
const ACCEPTED: Readonly<Record<string, string>> = {
  "CKV_AZURE_53 azurerm_mysql_flexible_server":
    "It checks public_network_access_enabled, which is read-only in azurerm 4.55; public_network_access is Disabled.",
  "CKV_AZURE_94 azurerm_mysql_flexible_server":
    "A read replica has no backups; those of its source are geo-redundant.",
  "CKV_AZURE_33 azurerm_storage_account": "The account has no queues.",
  "CKV2_AZURE_1 azurerm_storage_account":
    "The key is Microsoft-managed by default; encryptionKey sets a customer-managed key.",
  "CKV2_AZURE_21 azurerm_storage_container":
    "It checks the retired Storage Insights; a diagnostic setting of the user logs reads.",
};

const DELEGATED: Readonly<Record<string, string>> = {
  "CKV_AZURE_53 azurerm_mysql_flexible_server":
    "In a delegated subnet Azure disables public network access, and refuses a value.",
  "CKV2_AZURE_56 azurerm_mysql_flexible_server": "A server in a delegated subnet has no private endpoint.",
  "CKV2_AZURE_57 azurerm_postgresql_flexible_server":
    "A server in a delegated subnet has no private endpoint.",
};

const both = () => {
  const terraform = terraformWithMirror();
  const interpreter = python("checkov");
  if (typeof interpreter !== "string") return interpreter;
  return "program" in terraform ? { terraform, interpreter } : terraform;
};

describeWith("checkov on Azure", both, ({ terraform, interpreter }) => {
  async function findings(build: Parameters<typeof azureStack>[0]): Promise<string[]> {
    const copy = new StackCopy(terraform, azureStack(build));
    try {
      copy.init();
      const result = await checkov(interpreter, copy.plan());
      expect(result.passed).toBeGreaterThan(2);
      return [
        ...new Set(result.findings.map(({ id, resource }) => `${id} ${resource.split(".")[0]}`)),
      ].sort();
    } finally {
      copy.remove();
    }
  }
  const own = { resourceGroupName: "platform", location: "westeurope", addressSpace: "10.20.0.0/24" };

  test("finds the accepted exceptions only, with the defaults", async () => {
    const found = await findings((stack) => {
      const network = new DatabaseNetwork(stack, "network", own);
      const vault = new SecretVault(stack, "vault", { network });
      const server = postgres(stack, { network, vault });
      server.database("coder");
      const other = mysql(stack, { network, vault });
      new PostgresReadReplica(stack, "replica", { source: server });
      new MysqlReadReplica(stack, "mysql-replica", { source: other });
      new BackupStorage(stack, "backups", { network });
    });
    expect(found).toEqual(Object.keys(ACCEPTED).sort());
  });

  test("reports missing private endpoints for a delegated subnet", async () => {
    const found = await findings((stack) => {
      const place = { ...own, addressSpace: "10.30.0.0/24" };
      postgres(stack, {
        network: new DelegatedDatabaseNetwork(stack, "pg", { family: EngineFamily.POSTGRES, ...place }),
      });
      mysql(stack, {
        network: new DelegatedDatabaseNetwork(stack, "my", { family: EngineFamily.MYSQL, ...own }),
      });
    });
    expect(found).toEqual(Object.keys(DELEGATED).sort());
  });

  test("reports a server without geo-redundant backups", async () => {
    expect(await findings((stack) => void postgres(stack, { geoRedundantBackup: false }))).toContain(
      "CKV_AZURE_136 azurerm_postgresql_flexible_server",
    );
  });
});
