import { ref, type TerraformResource, type TerraformStack, Token } from "cdktf";
import { BackupStorage, BlobStorage, type BlobStorageProps } from "../../../lib/azure";
import { Cloud, DeletionPolicy } from "../../../lib/database";
import { azureId, azureNetwork, SUBNET_ID, VAULT_ID } from "../../support/azure-stack";
import { problemsOf, synthesize, treeOf } from "../../support/synth";
import { bareIdentity, identityOf } from "../storage/fixture";

const PLACE = { resourceGroupName: "platform", location: "westeurope" };
const KEY = {
  keyId: "https://keys.vault.azure.net/keys/objects/0123456789abcdef0123456789abcdef",
  keyVaultId: VAULT_ID,
};

const make = (stack: TerraformStack, props: Partial<BlobStorageProps> = {}) =>
  new BlobStorage(stack, "objects", {
    network: "network" in props ? undefined : azureNetwork(stack),
    ...props,
  });
const build = (props: Partial<BlobStorageProps> = {}) =>
  synthesize((stack) => {
    const storage = make(stack, props);
    storage.container("uploads");
    storage.container("artifacts");
  });
const problems = (props: Partial<BlobStorageProps>) => problemsOf((stack) => void make(stack, props));

describe("an account with nothing said", () => {
  const { resource, resources, infos, json } = build();

  test("is private, kept, copied to the paired region and lets nobody in by a key", () => {
    expect(resource("azurerm_storage_account")).toMatchObject({
      name: "${random_id.objects_Name_8432CEA2.hex}",
      resource_group_name: "platform",
      location: "westeurope",
      account_replication_type: "GZRS",
      min_tls_version: "TLS1_2",
      https_traffic_only_enabled: true,
      allow_nested_items_to_be_public: false,
      public_network_access_enabled: false,
      shared_access_key_enabled: false,
      local_user_enabled: false,
      infrastructure_encryption_enabled: true,
      network_rules: { default_action: "Deny" },
      blob_properties: {
        versioning_enabled: true,
        delete_retention_policy: { days: 30 },
        container_delete_retention_policy: { days: 30 },
      },
      lifecycle: { prevent_destroy: true },
    });
    expect(infos).toEqual([]);
    expect(resource("azurerm_private_endpoint").private_service_connection.subresource_names).toEqual([
      "blob",
    ]);
  });

  test("has its containers under one lock, which goes before them", () => {
    const containers = resources("azurerm_storage_container");
    expect(containers.map(({ name }) => name).sort()).toEqual(["artifacts", "uploads"]);
    for (const container of containers) {
      expect(container).toMatchObject({
        container_access_type: "private",
        lifecycle: { prevent_destroy: true },
      });
    }
    expect(resource("azurerm_management_lock")).toMatchObject({
      lock_level: "CanNotDelete",
      depends_on: Object.keys(json.resource.azurerm_storage_container).map(
        (name) => `azurerm_storage_container.${name}`,
      ),
    });
  });

  test("deletes old versions, and nothing else", () => {
    expect(resource("azurerm_storage_management_policy").rule[0].actions).toEqual({
      version: { delete_after_days_since_creation: 30 },
    });
  });
});

test("a container is a store of its own, the same when asked again", () => {
  const { stack } = synthesize((scope) => {
    const storage = make(scope);
    const store = storage.container("uploads");
    expect(storage.container("uploads")).toBe(store);
    expect(store).toMatchObject({
      kind: "azure-blob",
      cloud: Cloud.AZURE,
      region: "westeurope",
      accountName: storage.accountName,
      endpoint: storage.endpoint,
    });
    expect(store.dependables.map((each) => (each as TerraformResource).terraformResourceType)).toEqual([
      "azurerm_storage_container",
      "azurerm_storage_account",
      "azurerm_private_endpoint",
      "azurerm_private_dns_zone_virtual_network_link",
    ]);
  });
  expect(treeOf(stack.node.findChild("objects"))).toBe(
    "Name\n  Resource\nResource\nLifecycle\nLock\nEndpoint\nContainer-uploads\n  Resource\n",
  );
});

test("an account with everything said", () => {
  const { resource, resources, infos } = build({
    network: undefined,
    ...PLACE,
    accountName: "platform0",
    allowedSubnetIds: [SUBNET_ID],
    allowedIpRanges: ["203.0.113.0/24"],
    replication: "GRS",
    recoverDays: 7,
    deleteAfterDays: 90,
    encryptionKey: KEY,
    sharedKeys: true,
    deletionPolicy: DeletionPolicy.DELETE,
    tags: { team: "platform" },
  });
  const account = resource("azurerm_storage_account");
  expect(account).toMatchObject({
    name: "platform0",
    account_replication_type: "GRS",
    public_network_access_enabled: true,
    shared_access_key_enabled: true,
    network_rules: {
      default_action: "Deny",
      ip_rules: ["203.0.113.0/24"],
      virtual_network_subnet_ids: [SUBNET_ID],
    },
    identity: { type: "UserAssigned" },
    customer_managed_key: { key_vault_key_id: KEY.keyId },
    depends_on: [expect.stringMatching(/^azurerm_role_assignment/)],
    tags: { team: "platform" },
  });
  expect(account).not.toHaveProperty("lifecycle");
  expect(resources("azurerm_management_lock")).toEqual([]);
  expect(resources("azurerm_private_endpoint")).toEqual([]);
  expect(resource("azurerm_storage_management_policy").rule[0].actions.base_blob).toEqual({
    delete_after_days_since_modification_greater_than: 90,
  });
  expect(infos.map(({ message }) => message)).toEqual([
    expect.stringMatching(/opt-out: allowedIpRanges, allowedSubnetIds: the account has a public address/),
    expect.stringMatching(/opt-out: sharedKeys: .*keeps them in the state/),
    expect.stringMatching(/opt-out: deletionPolicy: the account and its objects are deleted/),
  ]);
});

test("hands out its key where keys work, and nowhere else", () => {
  synthesize((stack) => {
    const { secret, name, kind } = make(stack, { sharedKeys: true, accountName: "platform0" }).accessKey(2);
    expect([kind, name, secret.version]).toEqual(["azure-blob", "platform0", 2]);
  });
  expect(problemsOf((stack) => void make(stack).accessKey())).toEqual([
    expect.stringMatching(
      /accessKey is "asked for": the account's keys open nothing unless sharedKeys is true/,
    ),
  ]);
});

test("grantReadWrite is a role in one container, once", () => {
  const { resource } = synthesize((stack) => {
    const store = make(stack).container("uploads");
    const identity = identityOf(Cloud.AZURE, stack);
    store.grantReadWrite(identity);
    store.grantReadWrite(identity);
    expect(store.dependables).toHaveLength(5);
  });
  expect(resource("azurerm_role_assignment")).toEqual({
    scope: "${azurerm_storage_container.objects_Container-uploads_FF9EE102.id}",
    role_definition_name: "Storage Blob Data Contributor",
    principal_id: "${azurerm_user_assigned_identity.identity_0C5EE28D.principal_id}",
    principal_type: "ServicePrincipal",
  });
});

test.each([
  [bareIdentity(Cloud.GOOGLE), /grantReadWrite: identity.cloud is "google"/],
  [bareIdentity(Cloud.AZURE), /grantReadWrite: identity is "server": .*AksWorkloadIdentity/],
])("refuses an identity that cannot be granted anything", (identity, message) => {
  expect(problemsOf((stack) => make(stack).container("uploads").grantReadWrite(identity))).toEqual([
    expect.stringMatching(message),
  ]);
});

test.each<[Partial<BlobStorageProps>, RegExp]>([
  [{ network: undefined, ...PLACE }, /network is not set: nobody would reach the account/],
  [
    { network: undefined, location: "westeurope", allowedSubnetIds: [SUBNET_ID] },
    /resourceGroupName is not set/,
  ],
  [
    { network: undefined, resourceGroupName: "platform", allowedSubnetIds: [SUBNET_ID] },
    /location is not set/,
  ],
  [{ location: "northeurope" }, /the private endpoint is in the network's region, westeurope/],
  [{ accountName: "Platform" }, /accountName is "Platform": allowed are 3 to 24/],
  [{ replication: "LRS" }, /replication is "LRS": .*LRS loses everything/],
  [{ recoverDays: 6 }, /recoverDays is 6: allowed is a whole number from 7 to 365 days/],
  [{ deleteAfterDays: 0 }, /deleteAfterDays is 0/],
  [{ allowedSubnetIds: ["subnet"] }, /allowedSubnetIds is "subnet": it has to be a resource id/],
  [{ allowedIpRanges: ["0.0.0.0/0"] }, /allowedIpRanges is "0.0.0.0\/0": .*never the whole internet/],
  [{ allowedIpRanges: ["10.0.0.0/16"] }, /allowedIpRanges is "10.0.0.0\/16": allowed are public addresses/],
  [{ allowedIpRanges: ["203.0.113.7/32"] }, /CIDR ranges of \/1 to \/30/],
  [{ encryptionKey: { ...KEY, keyId: "objects" } }, /encryptionKey.keyId is "objects"/],
  [{ deletionPolicy: DeletionPolicy.SNAPSHOT }, /deletionPolicy is "snapshot": there are no snapshots/],
])("refuses %j", (props, message) => {
  expect(problems(props)).toEqual([expect.stringMatching(message)]);
});

test.each(["Uploads", "a", "a--b", "-a"])("refuses a container called %s", (name) => {
  expect(problemsOf((stack) => void make(stack).container(name))).toEqual([
    expect.stringMatching(/containerName is/),
  ]);
});

test("takes tokens", () => {
  const days = Token.asNumber(ref("var.days"));
  const text = "${var.x}";
  expect(
    problemsOf((stack) => {
      const list = Token.asList(ref("var.list"));
      const place = { resourceGroupName: text, location: text, accountName: text };
      const props = { ...place, replication: text, recoverDays: days, deleteAfterDays: days };
      make(stack, { network: undefined, ...props, allowedIpRanges: list, allowedSubnetIds: list }).container(
        text,
      );
    }),
  ).toEqual([]);
});

test("a backup account and one for objects are the same but for their keys and names", () => {
  const { json } = synthesize((stack) => {
    const network = azureNetwork(stack);
    new BackupStorage(stack, "backups", { network, accountName: "a00" });
    new BlobStorage(stack, "objects", { network, accountName: "a00" });
  });
  const [first, second] = Object.values(json.resource.azurerm_storage_account);
  expect(first).toEqual(second);
});

test("an id of another kind is no subnet", () => {
  const id = azureId("Microsoft.KeyVault/vaults", "x");
  expect(problems({ allowedSubnetIds: [id] })).toEqual([expect.stringMatching(/\/subnets\/name/)]);
});
