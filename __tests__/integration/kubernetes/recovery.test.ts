/** A real API server takes every object of a logical backup and its rehearsal, in their fullest form. */
import { readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { KubernetesProvider } from "@cdktf/provider-kubernetes/lib/provider";
import type { TerraformStack } from "cdktf";
import { RehearsalCheck, RestoreRehearsal } from "../../../lib/recovery";
import { ObjectStoreKey } from "../../../lib/storage";
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

describeWith("backups and rehearsals on a real API server", kubernetesTools, (tools) => {
  let api: KubeApiserver;
  beforeAll(async () => {
    api = await KubeApiserver.start(tools.kubernetes);
  });
  afterAll(() => api?.stop());

  test.each([
    ["PostgreSQL, with everything", true],
    ["MySQL, with a key of the store", false],
  ])("%s", async (_, full) => {
    const folder = writtenStack((stack) => build(stack, full));
    const file = join(folder, "cdk.tf.json");
    const json = JSON.parse(readFileSync(file, "utf8")) as StackJson;
    for (const variable of Object.values(json.variable ?? {}))
      Object.assign(variable, { default: "made up" });
    writeFileSync(file, JSON.stringify(json));
    const stack: SynthesizedStack = { name: "recovery", folder, json };
    const { taken, refused } = await judge(api, tools.terraform, stack);
    expect(refused).toEqual([]);
    expect(taken.filter((each) => each.startsWith("kubernetes_cron_job_v1"))).toHaveLength(4);
    expect(taken.filter((each) => each.startsWith("kubernetes_network_policy_v1"))).toHaveLength(2);
  });
});
