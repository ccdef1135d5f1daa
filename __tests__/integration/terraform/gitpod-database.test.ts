/** Gitpod's database in Terraform's hands: on every cloud and release, and its keys, which must not be lost. */
import { KubernetesProvider } from "@cdktf/provider-kubernetes/lib/provider";
import { type TerraformStack, TerraformVariable } from "cdktf";
import { GeneratedSecret as AwsSecret, RdsServer } from "../../../lib/aws";
import { GeneratedSecret as AzureSecret, MysqlFlexibleServer, SecretVault } from "../../../lib/azure";
import {
  Cloud,
  DatabaseEngine,
  DatabaseLogin,
  type IDatabaseServer,
  MachineSize,
  MysqlVersion,
  SecretValue,
} from "../../../lib/database";
import {
  GitpodConnection,
  GitpodDatabase,
  type GitpodEncryptionKey,
  GitpodEncryptionKeys,
  GitpodServerParameters,
} from "../../../lib/gitpod";
import { CloudSqlAdminLogin, CloudSqlServer, DatabaseNetwork as GoogleNetwork } from "../../../lib/google";
import { CloudSqlAuthProxy } from "../../../lib/google/gke";
import { terraformWithMirror } from "../../../tools/machine/terraform";
import { azureNetwork, azureStack, VAULT_ID } from "../../support/azure-stack";
import { describeWith } from "../../support/describe-with";
import { googleStack } from "../../support/google-stack";
import { StackCopy } from "../../support/terraform/stack-copy";
import { writtenStack } from "../../support/terraform/written-stack";
import { network as awsNetwork } from "../../unit/aws/fixture";
import { PUBLISHED, serverIn } from "../../unit/gitpod/database-fixture";
import { VPC } from "../../unit/google/fixture";

jest.setTimeout(600_000);

const VERSIONS = [MysqlVersion.V5_7, MysqlVersion.V8_0, MysqlVersion.V8_4];
const supportOf = (version: MysqlVersion) => (version === MysqlVersion.V8_4 ? undefined : version.version);
const part = (version: MysqlVersion) => `v${version.version.replace(".", "")}`;
const BASE = { size: MachineSize.general(2), storage: { sizeGiB: 20, maxSizeGiB: 120 } };

function gitpodOn(
  stack: TerraformStack,
  server: IDatabaseServer,
  version: MysqlVersion,
  key: SecretValue,
  connection?: GitpodConnection,
): void {
  new GitpodDatabase(stack, `gitpod-${part(version)}`, {
    database: server.database("gitpod"),
    namespace: `gitpod-${part(version)}`,
    encryptionKeys: GitpodEncryptionKeys.single(GitpodEncryptionKeys.material(key)),
    connection,
    acceptUnprovenVersion: version === MysqlVersion.V8_4,
  });
}

/** A Gitpod for each release of MySQL on a cloud. */
const CLOUDS: { readonly [cloud: string]: () => string } = {
  [Cloud.AWS.name]: () =>
    writtenStack((stack) => {
      const network = awsNetwork(stack);
      for (const version of VERSIONS) {
        const server = new RdsServer(stack, `mysql-${part(version)}`, {
          ...BASE,
          engine: DatabaseEngine.mysql(version),
          acceptExtendedSupport: supportOf(version),
          parameters: GitpodServerParameters.forCloud(Cloud.AWS),
          network,
        });
        const key = new AwsSecret(stack, `key-${part(version)}`, { protect: true }).value;
        gitpodOn(stack, server, version, key);
      }
    }),
  [Cloud.GOOGLE.name]: () =>
    googleStack((stack) => {
      new KubernetesProvider(stack, "kubernetes", {});
      const network = GoogleNetwork.fromDatabaseNetworkAttributes(stack, "network", { networkId: VPC });
      for (const version of VERSIONS) {
        const server = new CloudSqlServer(stack, `mysql-${part(version)}`, {
          ...BASE,
          engine: DatabaseEngine.mysql(version),
          acceptExtendedSupport: supportOf(version),
          parameters: GitpodServerParameters.forCloud(Cloud.GOOGLE),
          network,
          region: "europe-west1",
          // The oldest is set up by Cloud SQL's API alone.
          adminLogin:
            version === MysqlVersion.V5_7 ? CloudSqlAdminLogin.none() : CloudSqlAdminLogin.generated(),
        });
        const namespace = `gitpod-${part(version)}`;
        const proxy = new CloudSqlAuthProxy(stack, `proxy-${part(version)}`, {
          server,
          connectionName: server.connectionName,
          namespace,
          identity: {
            cloud: Cloud.GOOGLE,
            namespace,
            serviceAccountName: "gitpod-database",
            serviceAccountAnnotations: {},
            podLabels: {},
            dependables: [],
          },
        });
        const variable = new TerraformVariable(stack, `key_${part(version)}`, { type: "string" });
        const key = SecretValue.fromVariable(variable, 1);
        gitpodOn(stack, server, version, key, GitpodConnection.proxyService(proxy));
      }
    }),
  [Cloud.AZURE.name]: () =>
    azureStack((stack) => {
      new KubernetesProvider(stack, "kubernetes", {});
      const network = azureNetwork(stack);
      const vault = SecretVault.fromKeyVaultId(VAULT_ID);
      for (const version of VERSIONS) {
        const server = new MysqlFlexibleServer(stack, `mysql-${part(version)}`, {
          ...BASE,
          engine: DatabaseEngine.mysql(version),
          acceptExtendedSupport: supportOf(version),
          parameters: GitpodServerParameters.forCloud(Cloud.AZURE),
          network,
          vault,
        });
        const key = new AzureSecret(stack, `key-${part(version)}`, { vault, protect: true }).value;
        gitpodOn(stack, server, version, key);
      }
    }),
};

describeWith("Gitpod's database", terraformWithMirror, (terraform) => {
  test.each(Object.keys(CLOUDS))("on %s with MySQL 5.7, 8.0 and 8.4", (cloud) => {
    const KEY = "KeyOfThisTest0123456789abcdefghi";
    const env = Object.fromEntries(VERSIONS.map((version) => [`TF_VAR_key_${part(version)}`, KEY]));
    const copy = new StackCopy(terraform, CLOUDS[cloud]?.() ?? "", { env });
    try {
      copy.init();
      expect(copy.validate()).toMatchObject({ valid: true, diagnostics: [] });
      const text = JSON.stringify(copy.plan().resource_changes);
      expect(text.match(/explicit_defaults_for_timestamp/g)?.length).toBeGreaterThanOrEqual(3);
      expect(text).not.toContain(KEY);
      for (const type of [
        "aws_db_instance",
        "google_sql_database_instance",
        "azurerm_mysql_flexible_server",
      ]) {
        if (!text.includes(`"type":"${type}"`)) continue;
        expect(text.match(new RegExp(`"type":"${type}"`, "g"))).toHaveLength(3);
      }
    } finally {
      copy.remove();
    }
  });
});

describeWith("Gitpod's keys", terraformWithMirror, (terraform) => {
  const good = (byte: number) => Buffer.alloc(32, byte).toString("base64");
  const stack = (
    list: (material: (name: string, version?: number) => SecretValue) => GitpodEncryptionKey[],
    more: { readonly acceptLostKeys?: boolean; readonly acceptPublishedKey?: boolean } = {},
  ) =>
    writtenStack((scope) => {
      const variable = (name: string) => new TerraformVariable(scope, name, { type: "string" });
      const variables = { key1: variable("key1"), key2: variable("key2"), password: variable("password") };
      const value = (name: keyof typeof variables, version = 1) =>
        SecretValue.fromVariable(variables[name], version);
      const server = serverIn(scope, { server: { adminLogin: undefined } });
      const owner = DatabaseLogin.withPassword("gitpod", value("password"));
      new GitpodDatabase(scope, "gitpod", {
        database: server.database("gitpod", { owner }),
        namespace: "gitpod",
        encryptionKeys: GitpodEncryptionKeys.of(
          list((name, version) => value(name as keyof typeof variables, version)),
        ),
        preflight: { enabled: false },
        ...more,
      });
    });
  const env = (changes: Record<string, string> = {}) => ({
    TF_VAR_key1: good(1),
    TF_VAR_key2: good(2),
    TF_VAR_password: "Abcdefgh12345678",
    ...changes,
  });
  const first = () => stack((material) => [{ version: 1, primary: true, material: material("key1") }]);
  const oneLine = (text: string) => text.replace(/[│╷╵\s]+/g, " ");

  test("a new key is added and made the primary one; no old one goes or changes without a word", async () => {
    const copy = new StackCopy(terraform, first(), { env: env() });
    try {
      copy.init();
      await copy.apply();
      copy.use(
        stack((material) => [
          { version: 1, material: material("key1") },
          { version: 2, primary: true, material: material("key2") },
        ]),
      );
      const changes = copy.plan().resource_changes ?? [];
      expect(
        changes.map((c) => [c.type, c.change.actions.join()]).filter(([, action]) => action !== "no-op"),
      ).toEqual([
        ["kubernetes_secret_v1", "update"],
        ["terraform_data", "create"],
      ]);
      await copy.apply();
      for (const { text } of copy.written()) {
        for (const secret of [good(1), good(2), "Abcdefgh12345678"]) expect(text).not.toContain(secret);
      }

      // The newest key goes, and nothing at synth can know that it was there.
      copy.use(first());
      expect(oneLine(copy.planFails())).toContain("Instance cannot be destroyed");
      // The old key's secret changes.
      copy.use(
        stack((material) => [
          { version: 1, material: material("key1", 2) },
          { version: 2, primary: true, material: material("key2") },
        ]),
      );
      expect(oneLine(copy.planFails())).toContain("Instance cannot be destroyed");
      // Said by name, it may.
      copy.use(
        stack((material) => [{ version: 1, primary: true, material: material("key1") }], {
          acceptLostKeys: true,
        }),
      );
      await copy.apply();
    } finally {
      copy.remove();
    }
  });

  test.each<[string, Record<string, string>, string]>([
    [
      "a key of 16 bytes",
      { TF_VAR_key1: Buffer.alloc(16, 1).toString("base64") },
      "The encryption key general, version 1 is wrong: a key is 32 random bytes as base64",
    ],
    [
      "a key encoded twice",
      { TF_VAR_key1: Buffer.from(good(1)).toString("base64") },
      "The encryption key general, version 1 is wrong",
    ],
    [
      "the published key",
      { TF_VAR_key1: PUBLISHED },
      "The encryption key general, version 1 is refused: it is the key that Gitpod published",
    ],
    [
      "a password with a sign",
      { TF_VAR_password: "Abcdefgh$2345678" },
      "The password of Gitpod's database is refused: allowed are 16 to 41 letters and digits",
    ],
    ["a short password", { TF_VAR_password: "Abcdefgh1234567" }, "allowed are 16 to 41 letters and digits"],
  ])("%s is refused in the plan, and not shown", (_, changes, message) => {
    const copy = new StackCopy(terraform, first(), { env: env(changes) });
    try {
      copy.init();
      const output = copy.planFails();
      expect(oneLine(output)).toContain(message);
      for (const text of Object.values(changes)) expect(output).not.toContain(text);
    } finally {
      copy.remove();
    }
  });

  test.each<[string, Record<string, string>, string]>([
    ["a host that turns out to be an address", { host: "10.1.2.3" }, "The server's host is an address"],
    ["an address of version 6", { host: "2001:db8::1" }, "The server's host is an address"],
    [
      "authorities that turn out too large",
      { ca: `-----BEGIN CERTIFICATE-----${"A".repeat(131_072)}` },
      "The certificate authorities have more than 128 KiB",
    ],
  ])("%s is refused in the plan", (_, changes, message) => {
    const folder = writtenStack((scope) => {
      const text = (name: string) => new TerraformVariable(scope, name, { type: "string" }).stringValue;
      const server = serverIn(scope, {
        server: {
          adminLogin: undefined,
          host: text("host"),
          tls: { enforced: true, hostnameVerifiable: true, caCertificatesPem: text("ca") },
        },
      });
      const password = SecretValue.fromVariable(
        new TerraformVariable(scope, "password", { type: "string" }),
        1,
      );
      const key = SecretValue.fromVariable(new TerraformVariable(scope, "key1", { type: "string" }), 1);
      new GitpodDatabase(scope, "gitpod", {
        database: server.database("gitpod", { owner: DatabaseLogin.withPassword("gitpod", password) }),
        namespace: "gitpod",
        encryptionKeys: GitpodEncryptionKeys.single(key),
      });
    });
    const right = { host: "db.example.com", ca: "-----BEGIN CERTIFICATE-----" };
    const copy = new StackCopy(terraform, folder, { env: env(), variables: { ...right, ...changes } });
    try {
      copy.init();
      expect(oneLine(copy.planFails())).toContain(message);
      copy.setVariables(right);
      expect(copy.plan().resource_changes?.length).toBeGreaterThan(0);
    } finally {
      copy.remove();
    }
  });

  test("the published key is taken when it is accepted by name", () => {
    const accepted = stack((material) => [{ version: 1, primary: true, material: material("key1") }], {
      acceptPublishedKey: true,
    });
    const copy = new StackCopy(terraform, accepted, { env: env({ TF_VAR_key1: PUBLISHED }) });
    try {
      copy.init();
      expect(copy.plan().resource_changes?.length).toBeGreaterThan(0);
    } finally {
      copy.remove();
    }
  });
});
