/**
 * A server in one stack and Coder in another on Google Cloud and Azure, over the true schemas: a rotation is followed by the second stack
 * when the first has been applied, and not before. The tier *clouds* applies the same on an emulated AWS.
 */
import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { AzurermProvider } from "@cdktf/provider-azurerm/lib/provider";
import { GoogleProvider } from "@cdktf/provider-google/lib/provider";
import { HelmProvider } from "@cdktf/provider-helm/lib/provider";
import { KubernetesProvider } from "@cdktf/provider-kubernetes/lib/provider";
import { RandomProvider } from "@cdktf/provider-random/lib/provider";
import { App, TerraformStack, TerraformVariable } from "cdktf";
import { StoredSecret } from "../../../lib/azure";
import { CoderRelease } from "../../../lib/coder";
import { DatabaseLogin, DatabaseServer, type IDatabaseServer, SecretValue } from "../../../lib/database";
import { terraformWithMirror } from "../../../tools/machine/terraform";
import { postgres, SUBSCRIPTION } from "../../support/azure-stack";
import { describeWith } from "../../support/describe-with";
import { TEST_TODAY } from "../../support/synth";
import { ephemeralPatterns, sightings } from "../../support/terraform/canary";
import { changes } from "../../support/terraform/plan";
import { StackCopy } from "../../support/terraform/stack-copy";
import { server as cloudSql } from "../../unit/google/fixture";

interface Case {
  /** The server, in the first stack. */
  readonly server: (stack: TerraformStack, passwordVersion: number) => IDatabaseServer;
  /** A login of the server as the second stack reads it. */
  readonly login: (stack: TerraformStack, id: string, login: DatabaseLogin) => DatabaseLogin;
  /** The provider that the second stack reads it with. */
  readonly provider: (stack: TerraformStack) => unknown;
}

const azurerm = (stack: TerraformStack) =>
  new AzurermProvider(stack, "azurerm", { features: [{}], subscriptionId: SUBSCRIPTION.split("/")[2] });

const CASES: [string, Case][] = [
  [
    "Azure, from Key Vault",
    {
      server: (stack, passwordVersion) => {
        azurerm(stack);
        return postgres(stack, { passwordVersion });
      },
      login: (stack, id, login) => StoredSecret.login(stack, id, login),
      provider: azurerm,
    },
  ],
  [
    "Google Cloud, from a variable",
    {
      server: (stack, passwordVersion) => {
        new GoogleProvider(stack, "google", { project: "platform", region: "europe-west1" });
        return cloudSql(stack, { passwordVersion });
      },
      login: (stack, id, { username, password }) => {
        const variable = new TerraformVariable(stack, id, { type: "string" });
        const version = password?.store?.version as number;
        return DatabaseLogin.withPassword(username, SecretValue.fromVariable(variable, version));
      },
      provider: () => undefined,
    },
  ],
];

describeWith("a server and Coder in two stacks", terraformWithMirror, (terraform) => {
  describe.each(CASES)("%s", (_, each) => {
    const folder = mkdtempSync(join(tmpdir(), "devplatforms-two-stacks-"));
    const program = (passwordVersion: number): { data: string; apps: string } => {
      const outdir = mkdtempSync(join(folder, "synth-"));
      const app = new App({
        outdir,
        stackTraces: false,
        context: { "cdktf-devplatforms/today": TEST_TODAY },
      });
      const data = new TerraformStack(app, "data");
      new RandomProvider(data, "random", {});
      const server = each.server(data, passwordVersion);
      const { owner } = server.database("coder");

      const apps = new TerraformStack(app, "apps");
      each.provider(apps);
      new KubernetesProvider(apps, "kubernetes", { configPath: "~/.kube/config" });
      new HelmProvider(apps, "helm", {});
      const described = DatabaseServer.fromServer(apps, "postgres", server, {
        adminLogin: each.login(apps, "admin_password", server.adminLogin as DatabaseLogin),
      });
      new CoderRelease(apps, "coder", {
        database: described.database("coder", { owner: each.login(apps, "coder_password", owner) }),
        accessUrl: "https://coder.example.com",
        chartVersion: "2.33.6",
      });
      app.synth();
      return { data: join(outdir, "stacks", "data"), apps: join(outdir, "stacks", "apps") };
    };

    let data: StackCopy;
    let apps: StackCopy;
    beforeAll(async () => {
      const made = program(1);
      data = new StackCopy(terraform, made.data);
      data.init();
      await data.apply();
      apps = new StackCopy(terraform, made.apps, {
        variables: { admin_password: "Aa1-administrator", coder_password: "Aa1-owner" },
        override: {
          data: {
            terraform_remote_state: {
              "cross-stack-reference-input-data": {
                backend: "local",
                config: { path: join(data.folder, "terraform.tfstate") },
              },
            },
          },
        },
      });
      apps.init();
      await apps.apply();
    });
    afterAll(() => {
      data?.remove();
      apps?.remove();
      rmSync(folder, { recursive: true, force: true });
    });

    const plan = () => changes(apps.plan());

    test("has nothing to change after both applies, and no password in a file", () => {
      expect(plan()).toEqual([]);
      const documents = [...data.written(), ...apps.written()];
      expect(sightings(documents, ["Aa1-administrator", "Aa1-owner"])).toEqual([]);
      expect(documents.some(({ text }) => text.includes("cross-stack-output"))).toBe(true);
      expect(ephemeralPatterns(JSON.parse(documents[0]?.text as string)).length).toBeGreaterThan(0);
    });

    test("takes over a rotation when the server's stack has been applied, and not before", async () => {
      const made = program(2);
      apps.use(made.apps);
      expect(plan()).toEqual([]);
      data.use(made.data);
      await data.apply();
      const found = plan().map(({ address, actions }) => `${actions.join()} ${address}`);
      expect(found).toEqual(
        expect.arrayContaining([
          expect.stringMatching(/^(delete,create|create,delete) kubernetes_job_v1\.coder_DatabaseSetup/),
          expect.stringMatching(/^update kubernetes_secret_v1\.coder_DatabaseSecret/),
          expect.stringMatching(/^update helm_release\.coder_Release/),
        ]),
      );
      await apps.apply();
      expect(plan()).toEqual([]);
    });
  });
});
