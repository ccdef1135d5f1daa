/** Parts that most tests of Azure constructs need, and a way to write a stack of them to a folder. */
import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { AzurermProvider } from "@cdktf/provider-azurerm/lib/provider";
import { RandomProvider } from "@cdktf/provider-random/lib/provider";
import { App, TerraformStack } from "cdktf";
import {
  DatabaseNetwork,
  MysqlFlexibleServer,
  type MysqlFlexibleServerProps,
  PostgresFlexibleServer,
  type PostgresFlexibleServerProps,
  SecretVault,
} from "../../lib/azure";
import { DatabaseEngine, MachineSize, MysqlVersion, PostgresVersion } from "../../lib/database";
import { TEST_TODAY } from "./synth";

export const SUBSCRIPTION = "/subscriptions/00000000-0000-0000-0000-000000000000";

/** @returns a resource id, such as `azureId("Microsoft.KeyVault/vaults", "passwords")`. */
export function azureId(type: string, name: string): string {
  return `${SUBSCRIPTION}/resourceGroups/shared/providers/${type}/${name}`;
}

export const VAULT_ID = azureId("Microsoft.KeyVault/vaults", "passwords");
export const SUBNET_ID = azureId("Microsoft.Network/virtualNetworks", "hub/subnets/endpoints");
export const NETWORK_ID = azureId("Microsoft.Network/virtualNetworks", "hub");

/** A network in a virtual network that exists. */
export function azureNetwork(
  stack: TerraformStack,
  id = "network",
  resourceGroupName = "platform",
): DatabaseNetwork {
  return new DatabaseNetwork(stack, id, {
    resourceGroupName,
    location: "westeurope",
    virtualNetworkId: NETWORK_ID,
    subnetId: SUBNET_ID,
  });
}

/** The smallest PostgreSQL server, with whatever a test changes. */
export function postgres(
  stack: TerraformStack,
  props: Partial<PostgresFlexibleServerProps> = {},
): PostgresFlexibleServer {
  return new PostgresFlexibleServer(stack, "postgres", {
    engine: DatabaseEngine.postgres(PostgresVersion.V17),
    size: MachineSize.general(4),
    storage: { sizeGiB: 128, maxSizeGiB: 512 },
    network: props.network ?? azureNetwork(stack),
    vault: SecretVault.fromKeyVaultId(VAULT_ID),
    ...props,
  });
}

/** The smallest MySQL server, with whatever a test changes. */
export function mysql(
  stack: TerraformStack,
  props: Partial<MysqlFlexibleServerProps> = {},
): MysqlFlexibleServer {
  return new MysqlFlexibleServer(stack, "mysql", {
    engine: DatabaseEngine.mysql(MysqlVersion.V8_4),
    size: MachineSize.general(4),
    storage: { sizeGiB: 128, maxSizeGiB: 512 },
    network: props.network ?? azureNetwork(stack),
    vault: SecretVault.fromKeyVaultId(VAULT_ID),
    ...props,
  });
}

const written: string[] = [];
process.once("exit", () => {
  for (const folder of written) rmSync(folder, { recursive: true, force: true });
});

/** @returns the folder that holds the stack's `cdk.tf.json`; it goes when the process ends. */
export function azureStack(build: (stack: TerraformStack) => void): string {
  const outdir = mkdtempSync(join(tmpdir(), "devplatforms-azure-"));
  written.push(outdir);
  const app = new App({
    outdir,
    stackTraces: false,
    context: { "cdktf-devplatforms/today": TEST_TODAY },
  });
  const stack = new TerraformStack(app, "test");
  new AzurermProvider(stack, "azurerm", { features: [{}], subscriptionId: SUBSCRIPTION.split("/")[2] });
  new RandomProvider(stack, "random", {});
  build(stack);
  app.synth();
  return join(outdir, "stacks", "test");
}
