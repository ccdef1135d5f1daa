/** The stacks that are measured: a number of servers of ours in one network, on each cloud. */
import type { App, TerraformStack } from "cdktf";
import type { DatabaseEngine, MachineSize, StorageProps } from "../lib/database";

/** What every cloud's server is asked for. */
interface Intent {
  readonly engine: DatabaseEngine;
  readonly size: MachineSize;
  readonly storage: StorageProps;
}

/**
 * Loads a cloud's room, so that loading is not measured, and gives what makes the stack.
 *
 * @param cloud `aws`, `google` or `azure`; only this one is loaded
 */
export function ourStack(cloud: string): (servers: number, outdir: string) => App {
  const { App, TerraformStack } = require("cdktf");
  const { DatabaseEngine, MachineSize, PostgresVersion } = require("../lib/database");
  const load = { aws: onAws, google: onGoogle, azure: onAzure }[cloud];
  if (!load) throw new Error(`no cloud is called ${cloud}`);
  const network = load();
  return (servers, outdir) => {
    const app: App = new App({ outdir, stackTraces: false });
    const server = network(new TerraformStack(app, "bench"));
    for (let i = 0; i < servers; i++) {
      server(`server${i}`, {
        engine: DatabaseEngine.postgres(PostgresVersion.V17),
        size: MachineSize.general(4),
        storage: { sizeGiB: 128, maxSizeGiB: 512 },
      });
    }
    return app;
  };
}

/** Makes a server in a network that is there. */
type MakeServer = (id: string, intent: Intent) => void;

function onAws(): (stack: TerraformStack) => MakeServer {
  const { AwsProvider } = require("@cdktf/provider-aws/lib/provider");
  const { DatabaseNetwork, RdsServer } = require("../lib/aws");
  return (stack) => {
    new AwsProvider(stack, "aws", { region: "eu-central-1" });
    const network = new DatabaseNetwork(stack, "network", {
      vpcId: "vpc-0a1b2c3d",
      subnetIds: ["subnet-0a1b2c3d", "subnet-1a1b2c3d"],
      clients: ["sg-0a1b2c3d"],
    });
    return (id, intent) => new RdsServer(stack, id, { ...intent, network });
  };
}

function onGoogle(): (stack: TerraformStack) => MakeServer {
  const { GoogleProvider } = require("@cdktf/provider-google/lib/provider");
  const { RandomProvider } = require("@cdktf/provider-random/lib/provider");
  const { CloudSqlAdminLogin, CloudSqlServer, DatabaseNetwork } = require("../lib/google");
  return (stack) => {
    new GoogleProvider(stack, "google", { project: "platform", region: "europe-west1" });
    new RandomProvider(stack, "random", {});
    const network = new DatabaseNetwork(stack, "network", {
      networkId: "projects/platform/global/networks/main",
    });
    return (id, intent) =>
      new CloudSqlServer(stack, id, {
        ...intent,
        network,
        region: "europe-west1",
        adminLogin: CloudSqlAdminLogin.generated(),
      });
  };
}

function onAzure(): (stack: TerraformStack) => MakeServer {
  const { AzurermProvider } = require("@cdktf/provider-azurerm/lib/provider");
  const { RandomProvider } = require("@cdktf/provider-random/lib/provider");
  const { DatabaseNetwork, PostgresFlexibleServer, SecretVault } = require("../lib/azure");
  const group = "/subscriptions/00000000-0000-0000-0000-000000000000/resourceGroups/platform/providers";
  return (stack) => {
    new AzurermProvider(stack, "azurerm", { features: [{}] });
    new RandomProvider(stack, "random", {});
    const network = new DatabaseNetwork(stack, "network", {
      resourceGroupName: "platform",
      location: "westeurope",
      virtualNetworkId: `${group}/Microsoft.Network/virtualNetworks/hub`,
      subnetId: `${group}/Microsoft.Network/virtualNetworks/hub/subnets/endpoints`,
    });
    const vault = SecretVault.fromKeyVaultId(`${group}/Microsoft.KeyVault/vaults/passwords`);
    return (id, intent) => new PostgresFlexibleServer(stack, id, { ...intent, network, vault });
  };
}
