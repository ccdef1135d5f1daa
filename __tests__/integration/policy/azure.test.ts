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

/** Check and type of resource, and why we do not follow. */
const ACCEPTED: Readonly<Record<string, string>> = {
  "CKV_AZURE_53 azurerm_mysql_flexible_server":
    "It looks at public_network_access_enabled, which only the provider sets in 4.55; public_network_access is Disabled.",
  "CKV_AZURE_94 azurerm_mysql_flexible_server": "A replica has no backups; its source's are geo-redundant.",
  "CKV_AZURE_33 azurerm_storage_account": "The account has no queues: it holds files.",
  "CKV2_AZURE_1 azurerm_storage_account": "The key is Microsoft's unless the user has one: encryptionKey.",
  "CKV2_AZURE_21 azurerm_storage_container":
    "It wants the retired storage insights; a diagnostic setting of the user's workspace logs reads.",
};

const DELEGATED: Readonly<Record<string, string>> = {
  "CKV_AZURE_53 azurerm_mysql_flexible_server":
    "In a delegated subnet Azure itself switches public access off, and refuses to be told.",
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
  function findings(build: Parameters<typeof azureStack>[0]): string[] {
    const copy = new StackCopy(terraform, azureStack(build));
    try {
      copy.init();
      const result = checkov(interpreter, copy.plan());
      expect(result.passed).toBeGreaterThan(2);
      return [
        ...new Set(result.findings.map(({ id, resource }) => `${id} ${resource.split(".")[0]}`)),
      ].sort();
    } finally {
      copy.remove();
    }
  }
  const own = { resourceGroupName: "platform", location: "westeurope", addressSpace: "10.20.0.0/24" };

  test("finds in defaults what we accept with a reason, and nothing else", () => {
    const found = findings((stack) => {
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

  test("misses private endpoints where the subnet is delegated", () => {
    const found = findings((stack) => {
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

  test("would find a server without geo-redundant backups", () => {
    expect(findings((stack) => void postgres(stack, { geoRedundantBackup: false }))).toContain(
      "CKV_AZURE_136 azurerm_postgresql_flexible_server",
    );
  });
});
