import { TerraformOutput, TerraformVariable } from "cdktf";
import { Construct } from "constructs";
import {
  DatabaseNetwork,
  type DatabaseNetworkProps,
  DelegatedDatabaseNetwork,
  type DelegatedDatabaseNetworkProps,
} from "../../../lib/azure";
import { EngineFamily } from "../../../lib/database";
import { azureId, mysql, NETWORK_ID, postgres, SUBNET_ID } from "../../support/azure-stack";
import { problemsOf, synthesize, treeOf } from "../../support/synth";

const place = { resourceGroupName: "platform", location: "westeurope" };
const existing = { ...place, virtualNetworkId: NETWORK_ID, subnetId: SUBNET_ID };
const own = { ...place, addressSpace: "10.20.0.0/24" };
const postgresZone = (name: string) => azureId("Microsoft.Network/privateDnsZones", name);

describe("private endpoints", () => {
  const network = (props: DatabaseNetworkProps) =>
    synthesize((stack) => {
      const it = new DatabaseNetwork(stack, "network", props);
      postgres(stack, { network: it });
    });

  test("in an existing virtual network: creates zone and links only", () => {
    const { json, resource } = network({
      ...existing,
      linkedNetworks: { cluster: azureId("Microsoft.Network/virtualNetworks", "aks") },
    });
    const types = Object.keys(json.resource).filter((type) => /network|subnet|dns|endpoint/.test(type));
    expect(types.sort()).toEqual([
      "azurerm_private_dns_zone",
      "azurerm_private_dns_zone_virtual_network_link",
      "azurerm_private_endpoint",
    ]);
    expect(resource("azurerm_private_dns_zone").name).toBe("privatelink.postgres.database.azure.com");
    const links = Object.values<{ virtual_network_id: string; registration_enabled: boolean }>(
      json.resource.azurerm_private_dns_zone_virtual_network_link,
    );
    expect(links.map((link) => link.virtual_network_id.split("/").at(-1))).toEqual(["hub", "aks"]);
    expect(links.every((link) => link.registration_enabled === false)).toBe(true);
    expect(resource("azurerm_private_endpoint").subnet_id).toBe(SUBNET_ID);
    // The DNS record resolves only after the zone is linked.
    expect(resource("azurerm_private_endpoint").depends_on).toEqual([
      expect.stringContaining("azurerm_private_dns_zone_virtual_network_link"),
      expect.stringContaining("azurerm_private_dns_zone_virtual_network_link"),
    ]);
  });

  test("one zone for each engine, shared by its servers", () => {
    const { resources } = synthesize((stack) => {
      const it = new DatabaseNetwork(stack, "network", existing);
      postgres(stack, { network: it });
      mysql(stack, { network: it });
    });
    expect(resources("azurerm_private_dns_zone").map(({ name }) => name)).toEqual([
      "privatelink.postgres.database.azure.com",
      "privatelink.mysql.database.azure.com",
    ]);
  });

  test("refuses two networks that create the same zone", () => {
    const build = (resourceGroupName: string) =>
      problemsOf((stack) => {
        const one = new DatabaseNetwork(stack, "one", existing);
        const other = new DatabaseNetwork(stack, "other", { ...existing, resourceGroupName });
        postgres(stack, { network: one });
        one.connect(new Construct(stack, "first"), "vault", "id", "first");
        other.connect(new Construct(stack, "second"), "vault", "id", "second");
      });
    expect(build("platform")).toEqual([
      expect.stringMatching(
        /^\[other\/Zone-vault\] AZURE-NETWORK-PRIVATE-DNS-ZONE-IDS-VAULT: privateDnsZoneIds.vault must be unique \(got "privatelink.vaultcore.azure.net"\); .*one\/Zone-vault/,
      ),
    ]);
    expect(build("elsewhere")).toEqual([]);
  });

  test("an existing zone", () => {
    const zone = postgresZone("privatelink.postgres.database.azure.com");
    const { resources, resource } = network({ ...existing, privateDnsZoneIds: { postgres: zone } });
    expect(resources("azurerm_private_dns_zone")).toEqual([]);
    expect(resource("azurerm_private_endpoint").private_dns_zone_group.private_dns_zone_ids).toEqual([zone]);
  });

  test("the network security group of a new network allows the clients only", () => {
    const { resource } = network({ ...own, clients: ["10.1.0.0/16"] });
    expect(resource("azurerm_virtual_network").address_space).toEqual(["10.20.0.0/24"]);
    expect(resource("azurerm_subnet")).toMatchObject({
      address_prefixes: ['${cidrsubnet("10.20.0.0/24", 4, 0)}'],
      private_endpoint_network_policies: "NetworkSecurityGroupEnabled",
    });
    const rules = resource("azurerm_network_security_group").security_rule;
    expect(
      rules.map((r: { name: string; access: string; priority: number }) => [r.name, r.access, r.priority]),
    ).toEqual([
      ["clients", "Allow", 100],
      ["others", "Deny", 4096],
    ]);
    expect(rules[0].source_address_prefixes).toEqual(["10.1.0.0/16"]);
    expect(rules[0].destination_port_ranges).toEqual(["5432", "3306", "443"]);
    expect(resource("azurerm_private_endpoint").depends_on).toContainEqual(
      expect.stringContaining("azurerm_subnet_network_security_group_association"),
    );
  });

  test("freezes ids", () => {
    const { stack } = network(own);
    expect(treeOf(stack.node.findChild("network"))).toBe(
      "Own\n  VirtualNetwork\n  Subnet\n  SecurityGroup\n  SecurityGroupAssociation\nZone-postgres\n  Resource\n  Link-own\n",
    );
  });

  test("accepts tokens", () => {
    const { resource } = synthesize((stack) => {
      const value = (name: string) => new TerraformVariable(stack, name, { type: "string" }).stringValue;
      const network = new DatabaseNetwork(stack, "network", {
        resourceGroupName: value("group"),
        location: value("location"),
        virtualNetworkId: value("network_id"),
        subnetId: value("subnet_id"),
        privateDnsZoneIds: { mysql: value("zone") },
      });
      postgres(stack, { network });
    });
    expect(resource("azurerm_private_endpoint")).toMatchObject({
      subnet_id: "${var.subnet_id}",
      location: "${var.location}",
    });
  });

  const cases: [string, DatabaseNetworkProps, RegExp][] = [
    [
      "no network",
      place,
      /AZURE-NETWORK-VIRTUAL-NETWORK-ID: virtualNetworkId must be set.*\(got not set\); set addressSpace/,
    ],
    ["no subnet", { ...place, virtualNetworkId: NETWORK_ID }, /subnetId must be set .*\(got not set\)/],
    [
      "both",
      { ...existing, addressSpace: "10.0.0.0/24" },
      /subnetId must not be set together with addressSpace/,
    ],
    [
      "a name for an id",
      { ...existing, subnetId: "endpoints" },
      /subnetId must be a resource ID .*"endpoints"/,
    ],
    [
      "a network's id for a subnet's",
      { ...existing, subnetId: NETWORK_ID },
      /subnetId must be a resource ID/,
    ],
    ["a range that is none", { ...place, addressSpace: "10.20.0.0" }, /addressSpace must be .*"10.20.0.0"/],
    ["a range of /29", { ...place, addressSpace: "10.20.0.0/29" }, /must be a CIDR range of \/16 to \/24/],
    [
      "an address above 255",
      { ...place, addressSpace: "10.300.0.0/24" },
      /addressSpace must be .*"10.300.0.0\/24"/,
    ],
    [
      "the whole internet",
      { ...own, clients: ["0.0.0.0/0"] },
      /clients must be .*never the whole internet .*"0.0.0.0\/0"/,
    ],
    ["no clients", { ...own, clients: [] }, /clients must have at least one address range/],
    [
      "clients of an existing network",
      { ...existing, clients: ["10.0.0.0/8"] },
      /clients must not be set for an existing virtual network/,
    ],
    [
      "a zone of another name",
      { ...existing, privateDnsZoneIds: { postgres: postgresZone("example.com") } },
      /must be the resource ID of a zone named privatelink.postgres.database.azure.com/,
    ],
    [
      "a zone of another service",
      { ...existing, privateDnsZoneIds: { redis: postgresZone("x") } },
      /privateDnsZoneIds must have keys out of postgres, mysql, vault, blob.*"redis"/,
    ],
    [
      "a linked name",
      { ...existing, linkedNetworks: { cluster: "aks" } },
      /linkedNetworks.cluster must be a resource ID .*"aks"/,
    ],
  ];
  test.each(cases)("refuses %s", (_, props, rule) => {
    const found = problemsOf((stack) => void new DatabaseNetwork(stack, "network", props));
    expect(found.filter((problem) => rule.test(problem))).toHaveLength(1);
  });
});

describe("a delegated subnet", () => {
  const delegated = (props: Partial<DelegatedDatabaseNetworkProps>) =>
    synthesize((stack) => {
      const network = new DelegatedDatabaseNetwork(stack, "network", {
        family: EngineFamily.POSTGRES,
        ...own,
        ...props,
      });
      const server = postgres(stack, { network });
      new TerraformOutput(stack, "after", { value: "x", dependsOn: server.dependables });
    });

  test("the server depends on subnet, zone and link", () => {
    const { resource, json } = delegated({});
    const server = resource("azurerm_postgresql_flexible_server");
    const subnet = resource("azurerm_subnet");
    expect(subnet.delegation).toEqual([
      {
        name: "database",
        service_delegation: {
          name: "Microsoft.DBforPostgreSQL/flexibleServers",
          actions: ["Microsoft.Network/virtualNetworks/subnets/join/action"],
        },
      },
    ]);
    expect(server.delegated_subnet_id).toContain("azurerm_subnet.");
    expect(server.private_dns_zone_id).toContain("azurerm_private_dns_zone.");
    expect(server.public_network_access_enabled).toBe(false);
    expect(server.depends_on.map((each: string) => each.split(".")[0])).toEqual([
      "azurerm_subnet",
      "azurerm_subnet_network_security_group_association",
      "azurerm_private_dns_zone",
      "azurerm_private_dns_zone_virtual_network_link",
      "azurerm_key_vault_secret",
    ]);
    expect(resource("azurerm_private_dns_zone").name).toBe(
      "test-network.private.postgres.database.azure.com",
    );
    expect(json.resource.azurerm_private_endpoint).toBeUndefined();
  });

  test("sets no public_network_access for MySQL, which Azure sets", () => {
    const { resource } = synthesize((stack) => {
      const network = new DelegatedDatabaseNetwork(stack, "network", { family: EngineFamily.MYSQL, ...own });
      mysql(stack, { network });
    });
    const server = resource("azurerm_mysql_flexible_server");
    expect(server.public_network_access).toBeUndefined();
    expect(resource("azurerm_private_dns_zone").name).toMatch(/\.mysql\.database\.azure\.com$/);
    expect(resource("azurerm_network_security_group").security_rule[0].destination_port_ranges).toEqual([
      "3306",
    ]);
  });

  test("allows the standby and the port of PgBouncer", () => {
    const { security_rule: rules } = delegated({}).resource("azurerm_network_security_group");
    expect(rules.map(({ name }: { name: string }) => name)).toEqual([
      "clients",
      "servers",
      "load-balancer",
      "others",
    ]);
    expect(rules[0].destination_port_ranges).toEqual(["5432", "6432"]);
  });

  test("an existing subnet and zone", () => {
    const zone = postgresZone("prod.postgres.database.azure.com");
    const { resource, json } = delegated({ ...existing, addressSpace: undefined, privateDnsZoneId: zone });
    expect(resource("azurerm_postgresql_flexible_server")).toMatchObject({
      delegated_subnet_id: SUBNET_ID,
      private_dns_zone_id: zone,
    });
    expect(json.resource.azurerm_private_dns_zone).toBeUndefined();
  });

  test("refuses another engine, another region and a zone with another suffix", () => {
    const found = problemsOf((stack) => {
      const network = new DelegatedDatabaseNetwork(stack, "network", {
        family: EngineFamily.POSTGRES,
        ...own,
        privateDnsZoneId: postgresZone("database.example.com"),
      });
      mysql(stack, { network });
      postgres(stack, { network, location: "northeurope" });
    });
    expect(found).toEqual([
      expect.stringMatching(
        /^\[network\] AZURE-NETWORK-PRIVATE-DNS-ZONE-ID: privateDnsZoneId must be .*ends in .postgres.database.azure.com/,
      ),
      expect.stringMatching(/^\[network\] AZURE-NETWORK-FAMILY: family must be mysql .*"postgres"/),
      expect.stringMatching(
        /^\[postgres\] AZURE-POSTGRES-LOCATION: location must be the region of the delegated subnet .*"northeurope"/,
      ),
    ]);
  });
});
