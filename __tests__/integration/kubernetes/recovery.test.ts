/** A real API server takes every object of a logical backup and its rehearsal, in their fullest form. */
import { readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { AzurermProvider } from "@cdktf/provider-azurerm/lib/provider";
import { KubernetesProvider } from "@cdktf/provider-kubernetes/lib/provider";
import type { TerraformStack } from "cdktf";
import { AksWorkloadIdentity, DatabaseNetwork, PostgresFlexibleServer } from "../../../lib/azure";
import { FlexibleServerRestoreRehearsal } from "../../../lib/azure/aks";
import { DatabaseEngine, DatabaseLogin, PostgresVersion } from "../../../lib/database";
import { RehearsalCheck, RestoreRehearsal } from "../../../lib/recovery";
import { ObjectStoreKey } from "../../../lib/storage";
import { azureId } from "../../support/azure-stack";
import { describeWith } from "../../support/describe-with";
import { kubernetesTools } from "../../support/kubernetes/kubernetes-tools";
import { KubeApiserver } from "../../support/servers/kube-apiserver";
import type { StackJson, SynthesizedStack } from "../../support/terraform/stacks";
import { writtenStack } from "../../support/terraform/written-stack";
import { database, logicalBackup, mysqlDatabase, secret } from "../../unit/recovery/recovery-fixture";
import { judge } from "./judge";

const PEM = "-----BEGIN CERTIFICATE-----\nMIIB\n-----END CERTIFICATE-----\n";

function build(stack: TerraformStack, full: boolean): void {
  new KubernetesProvider(stack, "kubernetes", {});
  const one = full
    ? database(stack, "coder", { tls: { enforced: true, hostnameVerifiable: true, caCertificatesPem: PEM } })
    : mysqlDatabase(stack);
  const backup = logicalBackup(stack, {
    databases: [one],
    ...(full
      ? {
          encryptionKey: secret(stack, "encryption"),
          timeZone: "Europe/Berlin",
          nodeSelector: { pool: "jobs" },
          labels: { team: "platform" },
        }
      : {
          identity: undefined,
          namespace: "backups",
          storeKey: ObjectStoreKey.s3("id", secret(stack, "key")),
        }),
  });
  new RestoreRehearsal(stack, "rehearsal", {
    backup,
    checks: [
      RehearsalCheck.newestRow(one, "SELECT 1", 48),
      RehearsalCheck.isTrue("the key", one, "SELECT 1", { secret: secret(stack, "data") }),
    ],
    ...(full ? { storageClassName: "fast", schedule: "@monthly" } : {}),
  });
}

function buildAzure(stack: TerraformStack): void {
  new KubernetesProvider(stack, "kubernetes", {});
  new AzurermProvider(stack, "azurerm", {
    features: [{}],
    subscriptionId: "00000000-0000-0000-0000-000000000000",
  });
  const server = PostgresFlexibleServer.fromServerAttributes(stack, "server", {
    serverId: azureId("Microsoft.DBforPostgreSQL/flexibleServers", "coder"),
    engine: DatabaseEngine.postgres(PostgresVersion.V17),
    location: "westeurope",
  });
  const one = server.database("coder", {
    owner: DatabaseLogin.withPassword("coder", secret(stack, "owner")),
  });
  new FlexibleServerRestoreRehearsal(stack, "rehearsal", {
    server,
    network: DatabaseNetwork.fromDatabaseNetworkAttributes(stack, "network", {
      resourceGroupName: "network",
      location: "westeurope",
      subnetId: azureId("Microsoft.Network/virtualNetworks", "hub/subnets/rehearsals"),
      privateDnsZoneIds: {},
    }),
    identity: AksWorkloadIdentity.fromIdentityAttributes(stack, "identity", {
      namespace: "rehearsals",
      serviceAccountName: "coder",
      clientId: "client",
      principalId: "11111111-1111-1111-1111-111111111111",
    }),
    rehearsalName: "a-name-of-a-rehearsal-as-long-as-may",
    timeZone: "Europe/Berlin",
    nodeSelector: { pool: "jobs" },
    labels: { team: "platform" },
    checks: [
      RehearsalCheck.newestRow(one, "SELECT 1", 48),
      RehearsalCheck.isTrue("the key", one, "SELECT 1", { secret: secret(stack, "data") }),
    ],
  });
}

describeWith("backups and rehearsals on a real API server", kubernetesTools, (tools) => {
  let api: KubeApiserver;
  beforeAll(async () => {
    api = await KubeApiserver.start(tools.kubernetes);
  });
  afterAll(() => api?.stop());

  async function judged(build: (stack: TerraformStack) => void) {
    const folder = writtenStack(build);
    const file = join(folder, "cdk.tf.json");
    const json = JSON.parse(readFileSync(file, "utf8")) as StackJson;
    for (const variable of Object.values(json.variable ?? {}))
      Object.assign(variable, { default: "made up" });
    writeFileSync(file, JSON.stringify(json));
    const stack: SynthesizedStack = { name: "recovery", folder, json };
    return await judge(api, tools.terraform, stack);
  }

  test("a rehearsal of an Azure flexible server, with the longest name", async () => {
    const { taken, refused } = await judged(buildAzure);
    expect(refused).toEqual([]);
    expect(taken.filter((each) => each.startsWith("kubernetes_cron_job_v1"))).toHaveLength(2);
    expect(taken.filter((each) => each.startsWith("kubernetes_service_account_v1"))).toHaveLength(1);
  });

  test.each([
    ["PostgreSQL, with everything", true],
    ["MySQL, with a key of the store", false],
  ])("%s", async (_, full) => {
    const { taken, refused } = await judged((stack) => build(stack, full));
    expect(refused).toEqual([]);
    expect(taken.filter((each) => each.startsWith("kubernetes_cron_job_v1"))).toHaveLength(4);
    expect(taken.filter((each) => each.startsWith("kubernetes_network_policy_v1"))).toHaveLength(2);
  });
});
