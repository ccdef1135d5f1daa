import { ref, type TerraformResource, type TerraformStack, Token } from "cdktf";
import {
  BackupStorage,
  BlobContainer,
  BlobLockState,
  BlobStorage,
  type BlobStorageProps,
} from "../../../lib/azure";
import { Cloud, DeletionPolicy } from "../../../lib/database";
import type { IObjectStore } from "../../../lib/storage";
import { azureId, azureNetwork, SUBNET_ID, VAULT_ID } from "../../support/azure-stack";
import { problemsOf, rendered, synthesize, treeOf } from "../../support/synth";
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

describe("a storage account with the defaults", () => {
  const { resource, resources, infos, json } = build();

  test("has private access, prevent_destroy, geo-redundancy and no Shared Key authorization", () => {
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

  test("has a management lock that is destroyed before its containers", () => {
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

  test("deletes previous versions only", () => {
    expect(resource("azurerm_storage_management_policy").rule[0].actions).toEqual({
      version: { delete_after_days_since_creation: 30 },
    });
  });
});

test("a container is an object store, and the same name gives the same one", () => {
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

test("a storage account with all props", () => {
  const { resource, resources, infos } = build({
    network: undefined,
    ...PLACE,
    accountName: "platform0",
    allowedSubnetIds: [SUBNET_ID],
    allowedIpRanges: ["203.0.113.0/24"],
    replication: "GRS",
    softDeleteDays: 7,
    expireDays: 90,
    encryptionKey: KEY,
    sharedKeyAccess: true,
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
    expect.stringMatching(
      /opt-out: BLOB-NETWORK: allowedIpRanges, allowedSubnetIds: enables public network access/,
    ),
    expect.stringMatching(/opt-out: BLOB-SHARED-KEY-ACCESS: sharedKeyAccess: .*keeps them in the state/),
    expect.stringMatching(
      /opt-out: BLOB-DELETION-POLICY: deletionPolicy: deletes the account and its objects/,
    ),
  ]);
});

test("gives its access key with sharedKeyAccess only", () => {
  synthesize((stack) => {
    const { secret, name, kind } = make(stack, { sharedKeyAccess: true, accountName: "platform0" }).accessKey(
      2,
    );
    expect([kind, name, secret.version]).toEqual(["azure-blob", "platform0", 2]);
  });
  expect(problemsOf((stack) => void make(stack).accessKey())).toEqual([
    expect.stringMatching(/BLOB-SHARED-KEY-ACCESS: sharedKeyAccess must be true for accessKey \(got false\)/),
  ]);
});

test("grantSignUrls assigns the delegator role on the account, once for each identity", () => {
  const { resources } = synthesize((stack) => {
    const storage = make(stack);
    const [one, other] = [storage.container("uploads"), storage.container("artifacts")];
    const identity = identityOf(Cloud.AZURE, stack);
    const { dependables } = one.grantSignUrls(identity);
    expect(dependables).toHaveLength(1);
    expect(other.grantSignUrls(identity).dependables).toEqual(dependables);
    const [second] = other.grantSignUrls(identityOf(Cloud.AZURE, stack, "second")).dependables;
    // What uses a container waits for the last role of the account, which waits for those before it.
    for (const container of [one, other]) {
      expect(container.dependables.map(({ fqn }) => fqn)).toContain(second?.fqn);
    }
  });
  const roles = resources("azurerm_role_assignment");
  expect(roles).toHaveLength(2);
  for (const role of roles) {
    expect(role).toMatchObject({
      role_definition_name: "Storage Blob Delegator",
      scope: expect.stringMatching(/^\$\{azurerm_storage_account\..*\.id\}$/),
    });
  }
  expect(
    problemsOf((stack) => make(stack).container("uploads").grantSignUrls(bareIdentity(Cloud.AZURE))),
  ).toEqual([expect.stringMatching(/BLOB-GRANT-SIGN-URLS-IDENTITY: .*AksWorkloadIdentity/)]);
});

test("grantReadWrite assigns a role on one container, once", () => {
  const { resource } = synthesize((stack) => {
    const store = make(stack).container("uploads");
    const identity = identityOf(Cloud.AZURE, stack);
    const { dependables } = store.grantReadWrite(identity);
    expect(dependables).toHaveLength(1);
    expect(store.grantReadWrite(identity).dependables).toEqual(dependables);
    expect(rendered(store.dependables)).toHaveLength(5);
  });
  expect(resource("azurerm_role_assignment")).toEqual({
    scope: "${azurerm_storage_container.objects_Container-uploads_FF9EE102.id}",
    role_definition_name: "Storage Blob Data Contributor",
    principal_id: "${azurerm_user_assigned_identity.identity_0C5EE28D.principal_id}",
    principal_type: "ServicePrincipal",
  });
});

test.each([
  [
    bareIdentity(Cloud.GOOGLE),
    /BLOB-GRANT-READ-WRITE-IDENTITY-CLOUD: grantReadWrite: identity.cloud .*"google"/,
  ],
  [bareIdentity(Cloud.AZURE), /grantReadWrite: identity .*"server".*AksWorkloadIdentity/],
])("refuses identities without an object ID", (identity, message) => {
  expect(problemsOf((stack) => make(stack).container("uploads").grantReadWrite(identity))).toEqual([
    expect.stringMatching(message),
  ]);
});

test.each<[Partial<BlobStorageProps>, RegExp]>([
  [{ network: undefined, ...PLACE }, /network must be set for a private endpoint \(got not set\)/],
  [
    { network: undefined, location: "westeurope", allowedSubnetIds: [SUBNET_ID] },
    /resourceGroupName must be set .*\(got not set\)/,
  ],
  [
    { network: undefined, resourceGroupName: "platform", allowedSubnetIds: [SUBNET_ID] },
    /location must be set .*\(got not set\)/,
  ],
  [
    { location: "northeurope" },
    /location must be the region of the network with the private endpoint, westeurope/,
  ],
  [{ accountName: "Platform" }, /accountName .*"Platform"/],
  [{ replication: "LRS" }, /replication must be .*"LRS".*LRS keeps all copies/],
  [{ softDeleteDays: 6 }, /BLOB-SOFT-DELETE-DAYS: softDeleteDays .*7 to 365/],
  [{ expireDays: 0 }, /expireDays /],
  [{ allowedSubnetIds: ["subnet"] }, /allowedSubnetIds must be a resource ID .*"subnet"/],
  [{ allowedIpRanges: ["0.0.0.0/0"] }, /allowedIpRanges must be .*never the whole internet .*"0.0.0.0\/0"/],
  [{ allowedIpRanges: ["10.0.0.0/16"] }, /allowedIpRanges must be public IP addresses .*"10.0.0.0\/16"/],
  [{ allowedIpRanges: ["203.0.113.7/32"] }, /CIDR ranges of \/1 to \/30/],
  [{ encryptionKey: { ...KEY, keyId: "objects" } }, /encryptionKey.keyId must be .*"objects"/],
  [{ deletionPolicy: DeletionPolicy.SNAPSHOT }, /deletionPolicy must be retain or delete \(got "snapshot"\)/],
])("refuses %j", (props, message) => {
  expect(problems(props)).toEqual([expect.stringMatching(message)]);
});

test.each(["Uploads", "a", "a--b", "-a"])("refuses a container named %s", (name) => {
  expect(problemsOf((stack) => void make(stack).container(name))).toEqual([
    expect.stringMatching(/containerName /),
  ]);
});

test("accepts tokens", () => {
  const days = Token.asNumber(ref("var.days"));
  const text = "${var.x}";
  expect(
    problemsOf((stack) => {
      const list = Token.asList(ref("var.list"));
      const place = { resourceGroupName: text, location: text, accountName: text };
      const props = { ...place, replication: text, softDeleteDays: days, expireDays: days };
      make(stack, { network: undefined, ...props, allowedIpRanges: list, allowedSubnetIds: list }).container(
        text,
      );
    }),
  ).toEqual([]);
});

test("BackupStorage and BlobStorage create equal storage accounts", () => {
  const { json } = synthesize((stack) => {
    const network = azureNetwork(stack);
    new BackupStorage(stack, "backups", { network, accountName: "a00" });
    new BlobStorage(stack, "objects", { network, accountName: "a00" });
  });
  const [first, second] = Object.values(json.resource.azurerm_storage_account);
  expect(first).toEqual(second);
});

test("refuses the resource ID of another kind of resource", () => {
  const id = azureId("Microsoft.KeyVault/vaults", "x");
  expect(problems({ allowedSubnetIds: [id] })).toEqual([expect.stringMatching(/\/subnets\/name/)]);
});

describe("version-level immutability", () => {
  test("locks the versions of all containers, unlocked at first", () => {
    let container: IObjectStore | undefined;
    const { resource } = synthesize((stack) => {
      container = make(stack, { lockDays: 30 }).container("dumps");
    });
    expect(resource("azurerm_storage_account").immutability_policy).toEqual({
      allow_protected_append_writes: false,
      period_since_creation_in_days: 30,
      state: "Unlocked",
    });
    expect(resource("azurerm_storage_account").blob_properties.versioning_enabled).toBe(true);
    expect(container?.lockDays).toBe(30);
    expect(container?.protections?.[0]?.limits).toContainEqual(expect.stringContaining("for 30 days"));
  });

  test("is absent by default", () => {
    const { resource } = build();
    expect(resource("azurerm_storage_account").immutability_policy).toBeUndefined();
  });

  test("notes an irreversible lock, and knows that of an account that exists", () => {
    const { infos } = build({ lockDays: 30, lockState: BlobLockState.LOCKED });
    expect(infos.map(({ message }) => message)).toContainEqual(expect.stringContaining("irreversible"));
    synthesize((stack) => {
      const storage = BlobStorage.fromStorageAccountAttributes(stack, "existing", {
        accountId: azureId("Microsoft.Storage/storageAccounts", "platform0"),
        location: "westeurope",
        lockDays: 90,
      });
      const store = BlobContainer.fromContainerAttributes(stack, "dumps", {
        storage,
        containerName: "dumps",
      });
      expect(store.lockDays).toBe(90);
    });
  });

  test.each<[BlobStorageProps, string]>([
    [{ lockDays: 0 }, "lockDays must be a whole number from 1 to 146000"],
    [{ lockState: BlobLockState.LOCKED }, "lockState must be left out without lockDays"],
    [
      { lockDays: 30, lockState: BlobLockState.LOCKED, deletionPolicy: DeletionPolicy.DELETE },
      "deletionPolicy must be retain with a locked policy",
    ],
  ])("refuses %j", (props, message) => {
    expect(problemsOf((stack) => void make(stack, props))).toContainEqual(expect.stringContaining(message));
  });
});
