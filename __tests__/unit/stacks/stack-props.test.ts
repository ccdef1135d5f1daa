/** Each optional property of a reference architecture reaches its resource, by the same name on each cloud, and its parts are public. */
import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { App, DefaultTokenResolver, StringConcat, type TerraformStack, Tokenization } from "cdktf";
import { EncryptionKey, SecurityGroup } from "../../../lib/aws";
import { CryptoKey } from "../../../lib/google";
import { EnvironmentVariable } from "../../../lib/kubernetes";
import { coderAws, gitlabAws, gitpodAws } from "../../../stacks/inputs/aws";
import { coderAzure, gitlabAzure, gitpodAzure } from "../../../stacks/inputs/azure";
import { coderGoogle, gitlabGoogle, gitpodGoogle } from "../../../stacks/inputs/google";
import type { Json } from "../../support/synth";

const outdir = mkdtempSync(join(tmpdir(), "devplatforms-stack-props-"));
afterAll(() => rmSync(outdir, { recursive: true, force: true }));

type Build = (app: App, others: Json) => TerraformStack;
const BUILD: { readonly [stack: string]: Build } = {
  "coder aws": coderAws,
  "coder google": coderGoogle,
  "coder azure": coderAzure,
  "gitlab aws": gitlabAws,
  "gitlab google": gitlabGoogle,
  "gitlab azure": gitlabAzure,
  "gitpod aws": gitpodAws,
  "gitpod google": gitpodGoogle,
  "gitpod azure": gitpodAzure,
};

const ID = "/subscriptions/00000000-0000-0000-0000-000000000000/resourceGroups/platform/providers";
const ZONES = `${ID}/Microsoft.Network/privateDnsZones`;
const VAULT = `${ID}/Microsoft.KeyVault/vaults/keys`;
const KMS_KEY = "arn:aws:kms:eu-central-1:123456789012:key/11111111-2222-3333-4444-555555555555";
const CRYPTO_KEY = "projects/platform/locations/europe-west1/keyRings/databases/cryptoKeys/servers";

const OF_APPLICATION: { readonly [application: string]: Json } = {
  coder: {
    replicas: 2,
    resources: { cpu: "3500m", memory: "7Gi" },
    wildcardAccessUrl: "*.coder.example.com",
    env: [EnvironmentVariable.plain("CODER_TELEMETRY_ENABLE", "false")],
    values: { coder: { service: { type: "ClusterIP" } } },
    parameters: { work_mem: "8192" },
  },
  gitlab: {
    webservice: { minReplicas: 2, maxReplicas: 3 },
    sidekiq: { minReplicas: 1, maxReplicas: 2 },
    backupCron: "30 2 * * *",
    backupArguments: ["--maximum-backups", "7", "--skip", "artifacts"],
    values: { gitlab: { gitaly: { persistence: { size: "200Gi" } } } },
    parameters: { work_mem: "8192" },
  },
  gitpod: {
    workspaces: { timeout: "45m" },
    authProviderSecretNames: ["github"],
    values: { disableDefinitelyGp: true },
    parameters: { wait_timeout: "600" },
  },
};

const CA = "-----BEGIN CERTIFICATE-----\nMIIB\n-----END CERTIFICATE-----\n";

const OF_CLOUD: { readonly [cloud: string]: Json } = {
  aws: {
    clients: [SecurityGroup.fromSecurityGroupId("sg-0a1b2c3d4e5f60009")],
    encryptionKey: EncryptionKey.fromKeyArn(KMS_KEY),
    allowMajorVersionUpgrade: true,
    applyImmediately: true,
    caCertificatesPem: CA,
  },
  google: { encryptionKey: CryptoKey.fromKeyName(CRYPTO_KEY) },
  azure: {
    keyVaultId: `${ID}/Microsoft.KeyVault/vaults/passwords`,
    linkedNetworks: { hub: `${ID}/Microsoft.Network/virtualNetworks/hub` },
    actionGroupId: `${ID}/Microsoft.Insights/actionGroups/platform`,
    geoRedundantBackup: false,
    encryptionKey: {
      keyId: "https://keys.vault.azure.net/keys/servers/0123456789abcdef0123456789abcdef",
      keyVaultId: VAULT,
    },
  },
};

/** A database network that exists, or its DNS zones. */
const OF_NETWORK: { readonly [cloud: string]: Json } = {
  aws: {
    databaseNetwork: {
      vpcId: "vpc-0a1b2c3d",
      subnetGroupName: "databases",
      securityGroup: SecurityGroup.fromSecurityGroupId("sg-0a1b2c3d4e5f60008"),
    },
  },
  google: {
    databaseNetwork: { networkId: "projects/platform/global/networks/main", allocatedRangeName: "google" },
  },
  azure: {
    privateDnsZoneIds: {
      postgres: `${ZONES}/privatelink.postgres.database.azure.com`,
      mysql: `${ZONES}/privatelink.mysql.database.azure.com`,
      vault: `${ZONES}/privatelink.vaultcore.azure.net`,
      blob: `${ZONES}/privatelink.blob.core.windows.net`,
      registry: `${ZONES}/privatelink.azurecr.io`,
    },
  },
};

const made = new Map<string, TerraformStack>();
function built(name: string, props: Json = {}): Json {
  const key = `${name} ${Object.keys(props)}`;
  const stack = made.get(key) ?? (BUILD[name] as Build)(new App({ outdir, stackTraces: false }), props);
  made.set(key, stack);
  return stack;
}

/** Texts of the resources of a type. */
function resources(stack: TerraformStack, type: RegExp): string[] {
  const all = Object.entries<Json>(stack.toTerraform().resource ?? {});
  return all.filter(([name]) => type.test(name)).flatMap(([, named]) => Object.values(named).map(text));
}

const text = (value: unknown) => JSON.stringify(value);

function resolved(stack: TerraformStack, value: unknown): Json {
  const resolver = new DefaultTokenResolver(new StringConcat());
  return Tokenization.resolve(value, { scope: stack, resolver, preparing: false });
}

const SERVERS = /^(aws_db_instance|google_sql_database_instance|azurerm_(postgresql|mysql)_flexible_server)$/;
const PARAMETERS =
  /^(aws_db_parameter_group|google_sql_database_instance|azurerm_(postgresql|mysql)_flexible_server_configuration)$/;

describe.each(Object.keys(BUILD))("%s", (name) => {
  const [application, cloud] = name.split(" ") as [string, string];
  const stack = () =>
    built(name, {
      passwordVersion: 7,
      maxConnections: 1234,
      ...OF_APPLICATION[application],
      ...OF_CLOUD[cloud],
    });
  const onExisting = () => built(name, OF_NETWORK[cloud]);

  test("is valid with each property", () => {
    for (const each of [stack(), onExisting()]) {
      const all = each.node.findAll().flatMap((node: Json) => node.node.validate());
      expect(all).toEqual([]);
    }
  });

  test("passwordVersion rotates the passwords", () => {
    const versions = /_wo_version":7[,}]/;
    expect(resources(built(name), /./).filter((each) => versions.test(each))).toEqual([]);
    expect(resources(stack(), /./).filter((each) => versions.test(each)).length).toBeGreaterThan(1);
  });

  test("maxConnections and parameters are parameters of the server", () => {
    const all = resources(stack(), PARAMETERS).join();
    expect(all).toContain('"1234"');
    expect(all).toContain(application === "gitpod" ? '"600"' : '"8192"');
  });

  test("the settings of the application reach it", () => {
    const { coder, gitlab, gitpod } = stack();
    if (application === "coder") {
      const values = text(resolved(stack(), coder.release.values));
      for (const part of ['"replicaCount":2', '"3500m"', '"7Gi"', '"*.coder.example.com"', '"ClusterIP"']) {
        expect(values).toContain(part);
      }
      expect(values).toContain('{"name":"CODER_TELEMETRY_ENABLE","value":"false"}');
    }
    if (application === "gitlab") {
      const values = resolved(stack(), gitlab.release.values);
      expect(values.gitlab.webservice).toMatchObject({ minReplicas: 2, maxReplicas: 3 });
      expect(values.gitlab.sidekiq).toMatchObject({ minReplicas: 1, maxReplicas: 2 });
      expect(values.gitlab.gitaly.persistence.size).toBe("200Gi");
      expect(text(values.gitlab.toolbox.backups)).toContain("30 2 * * *");
      // The AWS CLI is the tool for S3 by identity; the arguments are added to it.
      const tool = cloud === "aws" ? "--s3tool awscli " : "";
      expect(values.gitlab.toolbox.backups.cron.extraArgs).toBe(
        `${tool}--maximum-backups 7 --skip artifacts`,
      );
    }
    if (application === "gitpod") {
      const document = text(resolved(stack(), gitpod.config.document));
      expect(document).toMatch(/45m/);
      expect(document).toContain('"disableDefinitelyGp":true');
      expect(document).toContain('"github"');
    }
  });

  test("the settings of the cloud reach its resources", () => {
    const servers = resources(stack(), SERVERS);
    expect(servers).toHaveLength(1);
    const [server] = servers;
    if (cloud === "aws") {
      expect(server).toContain('"allow_major_version_upgrade":true');
      expect(server).toContain('"apply_immediately":true');
      expect(server).toContain(`"kms_key_id":"${KMS_KEY}"`);
      const [first] = stack().servers ?? [stack().server];
      expect(first.tls.caCertificatesPem).toBe(CA);
      const rules = resources(stack(), /^aws_vpc_security_group_ingress_rule$/).join();
      expect(rules).toContain('"referenced_security_group_id":"sg-0a1b2c3d4e5f60009"');
      expect(rules).toContain('"referenced_security_group_id":"${data.aws_eks_cluster.');
    }
    if (cloud === "google") expect(server).toContain(`"encryption_key_name":"${CRYPTO_KEY}"`);
    if (cloud === "azure") {
      expect(server).toContain('"geo_redundant_backup_enabled":false');
      expect(server).toContain(
        '"key_vault_key_id":"https://keys.vault.azure.net/keys/servers/0123456789abcdef0123456789abcdef"',
      );
      expect(resources(stack(), /^azurerm_key_vault$/)).toEqual([]);
      expect(resources(stack(), /^azurerm_key_vault_secret$/).join()).toContain("/vaults/passwords");
      expect(resources(stack(), /_virtual_network_link$/).join()).toContain("/virtualNetworks/hub");
      expect(resources(stack(), /^azurerm_monitor_metric_alert$/).join()).toContain("/actionGroups/platform");
    }
  });

  test("a database network that exists is used", () => {
    const [server] = resources(onExisting(), SERVERS);
    if (cloud === "aws") {
      expect(server).toContain('"db_subnet_group_name":"databases"');
      expect(server).toContain('"vpc_security_group_ids":["sg-0a1b2c3d4e5f60008"]');
      expect(resources(onExisting(), /^aws_(db_subnet_group|security_group)$/)).toEqual([]);
    }
    if (cloud === "google") {
      expect(server).toContain('"allocated_ip_range":"google"');
      expect(resources(onExisting(), /^google_service_networking_connection$/)).toEqual([]);
    }
    if (cloud === "azure") {
      expect(resources(onExisting(), /^azurerm_private_dns_zone$/)).toEqual([]);
      const endpoints = resources(onExisting(), /^azurerm_private_endpoint$/);
      expect(endpoints.length).toBeGreaterThan(1);
      for (const endpoint of endpoints) expect(endpoint).toContain(ZONES);
    }
  });

  test("the parts are public", () => {
    const parts = {
      coder: ["server", "coder"],
      gitlab: ["servers", "gitlab", "topology", "databaseObjects", "pooler", "stores", "identity"],
      gitpod: ["server", "gitpod", "workspaces", "images"],
    }[application] as string[];
    const ofCloud = cloud === "azure" ? ["vault"] : [];
    for (const part of [...parts, ...ofCloud, "cluster", "network", "namespace", "alarms"]) {
      expect([part, stack()[part]]).toEqual([part, expect.anything()]);
    }
    const { alarms } = stack();
    expect(Array.isArray(alarms) ? alarms.length : 1).toBe(1);
  });
});
