import { type TerraformStack, TerraformVariable } from "cdktf";
import {
  AksWorkloadIdentity,
  AzureContainerRegistry,
  AzureServerAlerts,
  BlobContainer,
  BlobStorage,
  DatabaseNetwork,
  DelegatedDatabaseNetwork,
  type FlexibleServerAttributes,
  MysqlFlexibleServer,
  MysqlReadReplica,
  PostgresFlexibleServer,
  PostgresReadReplica,
  SecretVault,
} from "../../../lib/azure";
import {
  Cloud,
  DatabaseEngine,
  DatabaseLogin,
  DatabaseProvisioning,
  EngineFamily,
  LoginAuthentication,
  MachineSize,
  MysqlVersion,
  PostgresVersion,
  SecretValue,
} from "../../../lib/database";
import { azureId, azureNetwork, mysql, postgres, SUBNET_ID, VAULT_ID } from "../../support/azure-stack";
import { problemsOf, rendered, synthesize } from "../../support/synth";
import { bareIdentity, identityOf } from "../storage/fixture";

const POSTGRES_ID = azureId("Microsoft.DBforPostgreSQL/flexibleServers", "coder-db");
const MYSQL_ID = azureId("Microsoft.DBforMySQL/flexibleServers", "gitpod-db");
const postgresAttributes: FlexibleServerAttributes = {
  serverId: POSTGRES_ID,
  engine: DatabaseEngine.postgres(PostgresVersion.V17),
  location: "westeurope",
};
const mysqlAttributes: FlexibleServerAttributes = {
  serverId: MYSQL_ID,
  engine: DatabaseEngine.mysql(MysqlVersion.V8_4),
  location: "westeurope",
};
const text = (stack: TerraformStack, name: string) =>
  new TerraformVariable(stack, name, { type: "string" }).stringValue;

describe("fromServerAttributes", () => {
  test("derives name, resource group and host name from the resource ID, and creates nothing", () => {
    const { json } = synthesize((stack) => {
      const server = PostgresFlexibleServer.fromServerAttributes(stack, "postgres", {
        ...postgresAttributes,
        size: MachineSize.general(4),
      });
      expect(server).toMatchObject({
        serverId: POSTGRES_ID,
        serverName: "coder-db",
        resourceGroupName: "shared",
        endpoint: { host: "coder-db.postgres.database.azure.com", port: 5432, isPrivate: true },
        location: { cloud: Cloud.AZURE, region: "westeurope" },
        isReplica: false,
        acceptsCloudIdentity: false,
      });
      expect(server.connectionCapacity?.maximum).toBe(1718);
      const other = MysqlFlexibleServer.fromServerAttributes(stack, "mysql", {
        ...mysqlAttributes,
        maxConnections: 500,
      });
      expect(other.endpoint.host).toBe("gitpod-db.mysql.database.azure.com");
      expect(other.connectionBudget.capacity?.maximum).toBe(500);
    });
    expect(json.resource).toBeUndefined();
  });

  test("accepts a token as resource ID", () => {
    const { resource } = synthesize((stack) => {
      const server = PostgresFlexibleServer.fromServerAttributes(stack, "postgres", {
        ...postgresAttributes,
        serverId: text(stack, "server"),
      });
      new PostgresReadReplica(stack, "replica", {
        source: server,
        network: azureNetwork(stack),
        size: MachineSize.general(4),
        storage: { sizeGiB: 128 },
      });
    });
    expect(resource("azurerm_postgresql_flexible_server")).toMatchObject({
      source_server_id: "${var.server}",
      resource_group_name: '${element(split("/", var.server), 4)}',
    });
  });

  test("databases: owners are given, or get a generated password with an administrator and a key vault", () => {
    const { resources } = synthesize((stack) => {
      const password = SecretValue.fromVariable(
        new TerraformVariable(stack, "password", { type: "string" }),
        1,
      );
      const server = PostgresFlexibleServer.fromServerAttributes(stack, "postgres", {
        ...postgresAttributes,
        adminLogin: DatabaseLogin.withPassword("dbadmin", password),
        vault: SecretVault.fromKeyVaultId(VAULT_ID),
      });
      expect(server.database("coder").provisioning).toBe(DatabaseProvisioning.SQL_JOB);
    });
    expect(resources("azurerm_key_vault_secret").map(({ name }) => name)).toEqual(["coder-db-coder"]);
    const found = problemsOf((stack) => {
      PostgresFlexibleServer.fromServerAttributes(stack, "postgres", postgresAttributes).database("coder");
    });
    expect(found).toContainEqual(expect.stringContaining("must have an owner that exists"));
  });

  test("alerts and read replicas work on it", () => {
    const { resources, resource } = synthesize((stack) => {
      const server = MysqlFlexibleServer.fromServerAttributes(stack, "mysql", mysqlAttributes);
      const actionGroupId = azureId("Microsoft.Insights/actionGroups", "operations");
      new AzureServerAlerts(stack, "alerts", { server, actionGroupId });
      new MysqlReadReplica(stack, "replica", {
        source: server,
        network: azureNetwork(stack),
        size: MachineSize.general(4),
        storage: { sizeGiB: 128, maxSizeGiB: 256 },
      });
    });
    expect(resources("azurerm_monitor_metric_alert")[0]).toMatchObject({
      name: "gitpod-db-storage",
      scopes: [MYSQL_ID],
      resource_group_name: "shared",
    });
    expect(resource("azurerm_mysql_flexible_server")).toMatchObject({
      create_mode: "Replica",
      source_server_id: MYSQL_ID,
    });
  });

  test("refuses another engine and a name in place of the resource ID", () => {
    const found = problemsOf((stack) => {
      PostgresFlexibleServer.fromServerAttributes(stack, "postgres", {
        ...mysqlAttributes,
        serverId: "coder-db",
      });
    });
    expect(found).toEqual([
      expect.stringMatching(/^\[postgres\] AZURE-POSTGRES-ENGINE: engine must be /),
      expect.stringMatching(/^\[postgres\] AZURE-POSTGRES-SERVER-ID: serverId must be a resource ID/),
    ]);
  });

  test("a read replica of it must have network, size and storage", () => {
    expect(() =>
      synthesize((stack) => {
        const source = PostgresFlexibleServer.fromServerAttributes(stack, "postgres", postgresAttributes);
        new PostgresReadReplica(stack, "replica", { source });
      }),
    ).toThrow(
      "[test/replica] AZURE-POSTGRES-NETWORK: network must be set (got not set)\n" +
        "[test/replica] AZURE-POSTGRES-SIZE: size must be set (got not set)\n" +
        "[test/replica] AZURE-POSTGRES-STORAGE: storage must be set (got not set)",
    );
  });
});

describe("grantConnect", () => {
  const entraAdministrator = { objectId: "o", principalName: "dbas", tenantId: "t" };

  test("gives the login of the identity, and warns that the principal is created in SQL", () => {
    const { warnings } = synthesize((stack) => {
      const identity = identityOf(Cloud.AZURE, stack) as AksWorkloadIdentity;
      const grant = postgres(stack, { entraAdministrator }).grantConnect(identity);
      expect(grant.login.authentication).toBe(LoginAuthentication.CLOUD_IDENTITY);
      expect(grant.login.username).toBe(identity.identityName);
      expect(grant.dependables).toContain(identity.credential);
      const existing = MysqlFlexibleServer.fromServerAttributes(stack, "existing", {
        ...mysqlAttributes,
        entraAuthentication: true,
      });
      expect(existing.grantConnect(identity, { username: "reports" }).login.username).toBe("reports");
    });
    expect(warnings.filter(({ message }) => message.includes("grantConnect"))).toEqual([
      {
        path: "postgres",
        message: expect.stringMatching(/^AZURE-POSTGRES-GRANT-CONNECT: .*pgaadauth_create_principal/),
      },
      {
        path: "existing",
        message: expect.stringMatching(/^AZURE-MYSQL-GRANT-CONNECT: .*reports with CREATE AADUSER/),
      },
    ]);
  });

  test("refuses servers without Microsoft Entra authentication, other clouds and identities without a name", () => {
    const found = problemsOf((stack) => {
      const server = mysql(stack);
      server.grantConnect(identityOf(Cloud.AZURE, stack));
      server.grantConnect(bareIdentity(Cloud.AWS));
      server.grantConnect(bareIdentity(Cloud.AZURE));
    });
    expect(found).toEqual([
      expect.stringMatching(
        /AZURE-MYSQL-GRANT-CONNECT: grantConnect must be called on a server with Microsoft Entra/,
      ),
      expect.stringMatching(/grantConnect: identity.cloud must be azure \(got "aws"\)/),
      expect.stringMatching(/grantConnect: username must be set for an identity without a name/),
    ]);
  });
});

describe("fromDatabaseNetworkAttributes", () => {
  const zone = azureId("Microsoft.Network/privateDnsZones", "privatelink.postgres.database.azure.com");
  const attributes = {
    resourceGroupName: "platform",
    location: "westeurope",
    subnetId: SUBNET_ID,
    privateDnsZoneIds: { postgres: zone },
  };

  test("creates the private endpoints of services only", () => {
    const { json, resource } = synthesize((stack) => {
      const network = DatabaseNetwork.fromDatabaseNetworkAttributes(stack, "network", attributes);
      expect(network.placement(EngineFamily.POSTGRES)).toEqual({ dependables: [] });
      postgres(stack, { network });
    });
    expect(resource("azurerm_private_endpoint")).toMatchObject({
      subnet_id: SUBNET_ID,
      private_dns_zone_group: { private_dns_zone_ids: [zone] },
    });
    expect(json.resource.azurerm_private_dns_zone).toBeUndefined();
  });

  test("refuses services without a private DNS zone", () => {
    const found = problemsOf((stack) => {
      const network = DatabaseNetwork.fromDatabaseNetworkAttributes(stack, "network", attributes);
      mysql(stack, { network });
    });
    expect(found).toEqual([
      expect.stringMatching(
        /^\[network\] AZURE-NETWORK-PRIVATE-DNS-ZONE-IDS-MYSQL: privateDnsZoneIds.mysql must be set .*mysql .*privatelink.mysql.database.azure.com/,
      ),
    ]);
  });
});

describe("fromDelegatedDatabaseNetworkAttributes", () => {
  const privateDnsZoneId = azureId("Microsoft.Network/privateDnsZones", "prod.postgres.database.azure.com");
  const place = { family: EngineFamily.POSTGRES, resourceGroupName: "platform", location: "westeurope" };

  test("creates nothing in the network", () => {
    const { json, resource } = synthesize((stack) => {
      const network = DelegatedDatabaseNetwork.fromDelegatedDatabaseNetworkAttributes(stack, "network", {
        ...place,
        subnetId: SUBNET_ID,
        privateDnsZoneId,
      });
      postgres(stack, { network });
    });
    expect(resource("azurerm_postgresql_flexible_server")).toMatchObject({
      delegated_subnet_id: SUBNET_ID,
      private_dns_zone_id: privateDnsZoneId,
    });
    expect(Object.keys(json.resource).filter((type) => /subnet|dns|network/.test(type))).toEqual([]);
  });

  test("accepts tokens, refuses the resource ID of another kind of resource", () => {
    const build = (stack: TerraformStack, subnetId: string) =>
      void DelegatedDatabaseNetwork.fromDelegatedDatabaseNetworkAttributes(stack, "network", {
        ...place,
        subnetId,
        privateDnsZoneId,
      });
    expect(problemsOf((stack) => build(stack, text(stack, "subnet")))).toEqual([]);
    expect(problemsOf((stack) => build(stack, VAULT_ID))).toContainEqual(
      expect.stringMatching(/subnetId must be a resource ID/),
    );
  });
});

test("AksWorkloadIdentity.fromIdentityAttributes gives a service account its annotations and roles", () => {
  const { resources, resource } = synthesize((stack) => {
    const identity = AksWorkloadIdentity.fromIdentityAttributes(stack, "identity", {
      namespace: "coder",
      serviceAccountName: "coder",
      clientId: "11111111-1111-1111-1111-111111111111",
      principalId: "22222222-2222-2222-2222-222222222222",
    });
    expect(identity.serviceAccountAnnotations).toEqual({
      "azure.workload.identity/client-id": "11111111-1111-1111-1111-111111111111",
    });
    const storage = new BlobStorage(stack, "objects", { network: azureNetwork(stack) });
    storage.container("uploads").grantReadWrite(identity);
  });
  expect(resources("azurerm_user_assigned_identity")).toEqual([]);
  expect(resource("azurerm_role_assignment").principal_id).toBe("22222222-2222-2222-2222-222222222222");
});

describe("fromStorageAccountAttributes and fromContainerAttributes", () => {
  const accountId = azureId("Microsoft.Storage/storageAccounts", "objects0");

  test("containers are created in the account, and roles assigned on existing ones", () => {
    const { resource } = synthesize((stack) => {
      const storage = BlobStorage.fromStorageAccountAttributes(stack, "objects", {
        accountId,
        location: "westeurope",
      });
      expect(storage).toMatchObject({ accountName: "objects0", endpoint: "objects0.blob.core.windows.net" });
      new BlobContainer(stack, "uploads", { storage, containerName: "uploads" });
      const existing = BlobContainer.fromContainerAttributes(stack, "lfs", { storage, containerName: "lfs" });
      existing.grantReadWrite(identityOf(Cloud.AZURE, stack));
      expect(rendered(existing.dependables)).toHaveLength(1);
    });
    expect(resource("azurerm_storage_container")).toMatchObject({
      name: "uploads",
      storage_account_id: accountId,
    });
    expect(resource("azurerm_role_assignment").scope).toBe(
      `${accountId}/blobServices/default/containers/lfs`,
    );
  });
});

test("AzureContainerRegistry.fromRegistryAttributes assigns roles on the registry", () => {
  const registryId = azureId("Microsoft.ContainerRegistry/registries", "images0");
  const { resource } = synthesize((stack) => {
    const registry = AzureContainerRegistry.fromRegistryAttributes(stack, "images", {
      registryId,
      loginServer: "images0.azurecr.io",
    });
    expect(registry.url).toBe("images0.azurecr.io");
    registry.grantPush(identityOf(Cloud.AZURE, stack));
  });
  expect(resource("azurerm_role_assignment")).toMatchObject({
    scope: registryId,
    role_definition_name: "AcrPush",
  });
});
