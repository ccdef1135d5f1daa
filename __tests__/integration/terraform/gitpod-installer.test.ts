/** Terraform with the true schemas takes Gitpod's installation, keeps no secret, and makes of every expression what is meant. */
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { HelmProvider } from "@cdktf/provider-helm/lib/provider";
import { KubernetesProvider } from "@cdktf/provider-kubernetes/lib/provider";
import { type TerraformStack, TerraformVariable } from "cdktf";
import { parse } from "yaml";
import {
  GitpodCertificate,
  GitpodInstallerConfig,
  GitpodInstallerJob,
  GitpodRelease,
  GitpodVersion,
  KotsConfigValues,
} from "../../../lib/gitpod";
import { must } from "../../../tools/machine/processes";
import { terraformWithMirror } from "../../../tools/machine/terraform";
import { describeWith } from "../../support/describe-with";
import type { Json } from "../../support/synth";
import { changes } from "../../support/terraform/plan";
import { StackCopy } from "../../support/terraform/stack-copy";
import { writtenStack } from "../../support/terraform/written-stack";
import {
  everything,
  extras,
  type PartsOptions,
  PEM,
  parts,
  secret,
} from "../../unit/gitpod/installer-fixture";
import { installerErrors, kotsErrors } from "../../unit/gitpod/installer-schema";

/** 32 characters, as a key wants them, with what JSON, YAML and a shell would trip over; white space at the end is taken off. */
const SECRET = `canary "x" \\ \${a} %{b} {{c}} 'd'!`.padEnd(32, "e").slice(0, 32);

/** The database's has to be letters and digits. */
const PASSWORD = "canaryPassword1234567890";

interface Written {
  readonly folder: string;
  readonly variables: Record<string, string>;
  readonly json: Json;
}

/** A stack whose secrets are ephemeral variables, each with a value of its own. */
function written(build: (stack: TerraformStack) => void): Written {
  const folder = writtenStack(build);
  const file = join(folder, "cdk.tf.json");
  const variables: Record<string, string> = {};
  const text = readFileSync(file, "utf8").replace(/ephemeral\.random_password\.(\w+)\.result/g, (_, name) => {
    variables[`secret_${name}`] = name === "db" ? PASSWORD : `${SECRET}${name === "material" ? "" : name}`;
    return `var.secret_${name}`;
  });
  const json = JSON.parse(text);
  json.variable = { ...json.variable };
  for (const name of Object.keys(variables)) {
    json.variable[name] = { type: "string", sensitive: true, ephemeral: true };
  }
  writeFileSync(file, JSON.stringify(json));
  return { folder, variables, json };
}

function installation(stack: TerraformStack): void {
  new KubernetesProvider(stack, "kubernetes", {});
  new HelmProvider(stack, "helm", {});
  const config = new GitpodInstallerConfig(stack, "config", everything(stack));
  const job = new GitpodInstallerJob(stack, "installer", {
    config,
    image: "registry.example.com/installer:release-2022.11.3",
  });
  new GitpodRelease(stack, "release", {
    config,
    chart: "oci://registry.example.com/gitpod",
    chartVersion: "1.0.0",
    configPath: "config",
    dependsOn: job.dependables,
  });
}

describeWith("Gitpod's installation", terraformWithMirror, (terraform) => {
  let copy: StackCopy;
  beforeAll(() => {
    const { folder, variables } = written(installation);
    copy = new StackCopy(terraform, folder, { variables });
    copy.init();
  });
  afterAll(() => copy?.remove());

  test("is valid and can be planned, and no secret is in the plan", () => {
    expect(copy.validate()).toMatchObject({ valid: true });
    const plan = copy.plan();
    const types = changes(plan).map(({ address }) => address.split(".")[0]);
    for (const type of ["kubernetes_job_v1", "kubernetes_config_map_v1", "helm_release"]) {
      expect(types).toContain(type);
    }
    for (const { name, text } of [...copy.written(), { name: "plan", text: JSON.stringify(plan) }]) {
      expect([name, text.includes("canary")]).toEqual([name, false]);
    }
  });
});

describeWith("what Terraform makes of the texts", terraformWithMirror, (terraform) => {
  const { program } = terraform as { readonly program?: string };

  /** Texts by their names, after an apply without any provider; the secrets are plain variables there. */
  function evaluate(build: (stack: TerraformStack) => void, pick: (json: Json) => Record<string, string>) {
    const { json, variables } = written(build);
    const folder = mkdtempSync(join(tmpdir(), "devplatforms-texts-"));
    try {
      const output = Object.fromEntries(Object.entries(pick(json)).map(([name, value]) => [name, { value }]));
      const variable = Object.fromEntries(
        Object.entries(json.variable).map(([name, of]) => [
          name,
          { default: (of as Json).default ?? variables[name] ?? `later-${name}` },
        ]),
      );
      writeFileSync(join(folder, "cdk.tf.json"), JSON.stringify({ output, variable }));
      const env = { ...process.env, CHECKPOINT_DISABLE: "1", TF_IN_AUTOMATION: "1" };
      const binary = program ?? process.env.TERRAFORM_BINARY_NAME ?? "terraform";
      must(binary, ["init", "-no-color"], { cwd: folder, env });
      must(binary, ["apply", "-auto-approve", "-no-color"], { cwd: folder, env });
      const read = JSON.parse(must(binary, ["output", "-json"], { cwd: folder, env }));
      return Object.fromEntries(
        Object.entries<Json>(read).map(([name, { value }]) => [name, value as string]),
      );
    } finally {
      rmSync(folder, { recursive: true, force: true });
    }
  }

  const secretsOf = (json: Json): Record<string, string> =>
    Object.fromEntries(
      Object.values<Json>(json.resource.kubernetes_secret_v1).flatMap((each) =>
        Object.entries<string>(each.data_wo ?? {}).map(([key, value]) => [
          `${each.metadata.name}_${key}`.replace(/[^\w-]/g, "_"),
          value,
        ]),
      ),
    );

  test("logins, key files and providers are what their readers expect", () => {
    const texts = evaluate((stack) => {
      new KubernetesProvider(stack, "kubernetes", {});
      new GitpodInstallerConfig(stack, "config", everything(stack, GitpodVersion.HEAD));
    }, secretsOf);
    const { auths } = JSON.parse(texts["custom-registry-credentials__dockerconfigjson"] as string);
    const entry = auths["registry.example.com"];
    expect(entry).toMatchObject({ username: "pusher", password: `${SECRET}registry` });
    expect(Buffer.from(entry.auth, "base64").toString()).toBe(`pusher:${SECRET}registry`);
    expect(texts["storage-s3_credentials"]).toBe(
      `[default]\naws_access_key_id = AKIAIOSFODNN7EXAMPLE\naws_secret_access_key = ${SECRET}s3`,
    );
    expect(parse(texts["auth-provider-public-github_provider"] as string)).toEqual({
      id: "Public-GitHub",
      host: "github.com",
      type: "GitHub",
      oauth: {
        clientId: "id",
        clientSecret: `${SECRET}oauth`,
        callBackUrl: "https://gitpod.example.com/auth/github.com/callback",
      },
    });
    expect(texts["ssh-gateway-host-key_host_key"]).toBe(`${SECRET}ssh\n`);
  });

  test.each<[string, PartsOptions]>([
    ["AWS", {}],
    ["Google", { cloud: "google" }],
    ["Azure", { cloud: "azure" }],
  ])("KOTS's whole file on %s", (_, options) => {
    const texts = evaluate((stack) => {
      new KubernetesProvider(stack, "kubernetes", {});
      const { license: _license, ...rest } = extras(stack);
      new KotsConfigValues(stack, "kots", {
        ...parts(stack, options),
        ...rest,
        cloudSqlCredentials: secret("cloudsql"),
        certificate: GitpodCertificate.fromPem(stack, "own", {
          namespace: "gitpod",
          certificatePem: PEM,
          privateKey: secret("tls"),
        }),
      });
    }, secretsOf);
    const file = parse(texts["gitpod-kots-config-values_config-values_yaml"] as string);
    expect(kotsErrors(file)).toEqual([]);
    const { values } = file.spec;
    expect(values.db_password).toEqual({ valuePlaintext: PASSWORD });
    expect(Buffer.from(values.tls_key.value, "base64").toString()).toBe(`${SECRET}tls\n`);
    expect(JSON.parse(values.db_encryption_keys.value)).toEqual([
      { name: "general", version: 1, primary: true, material: Buffer.from(SECRET).toString("base64") },
    ]);
    if (options.cloud === "google") {
      expect(Buffer.from(values.db_gcp_credentials.value, "base64").toString()).toBe(`${SECRET}cloudsql\n`);
      expect(values.reg_password).toEqual({ valuePlaintext: `${SECRET}registry` });
    }
  });

  test("a configuration with values that only Terraform knows is one that the installer takes", () => {
    const texts = evaluate(
      (stack) => {
        new KubernetesProvider(stack, "kubernetes", {});
        const domain = new TerraformVariable(stack, "domain", { default: "gitpod.example.com" }).stringValue;
        new GitpodInstallerConfig(stack, "config", {
          ...everything(stack),
          domain,
          certificate: GitpodCertificate.certManager(stack, "c", { domain }),
        });
      },
      (json) => ({
        config: Object.values<Json>(json.resource.kubernetes_config_map_v1)[0].data["config.yaml"],
      }),
    );
    const document = parse(texts.config as string);
    expect(document.domain).toBe("gitpod.example.com");
    expect(installerErrors("2022.11", document)).toEqual([]);
  });
});
