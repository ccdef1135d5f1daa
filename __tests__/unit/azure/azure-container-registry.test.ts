import { ref, type TerraformStack, Token } from "cdktf";
import { AzureContainerRegistry, type AzureContainerRegistryProps } from "../../../lib/azure";
import { Cloud, DeletionPolicy, RecoveryScenario } from "../../../lib/database";
import { azureNetwork } from "../../support/azure-stack";
import { problemsOf, rendered, synthesize } from "../../support/synth";
import { bareIdentity, identityOf } from "../storage/fixture";

const PLACE = { resourceGroupName: "platform", location: "westeurope" };
const make = (stack: TerraformStack, props: AzureContainerRegistryProps = PLACE) =>
  new AzureContainerRegistry(stack, "images", props);

test("with a network: Premium, private access, zone redundancy, prevent_destroy, no admin user", () => {
  let registry: AzureContainerRegistry | undefined;
  const { resource, infos } = synthesize((stack) => {
    registry = make(stack, { network: azureNetwork(stack) });
  });
  expect(resource("azurerm_container_registry")).toEqual({
    name: "${random_id.images_Name_96A395DE.hex}",
    resource_group_name: "platform",
    location: "westeurope",
    sku: "Premium",
    admin_enabled: false,
    anonymous_pull_enabled: false,
    public_network_access_enabled: false,
    data_endpoint_enabled: true,
    zone_redundancy_enabled: true,
    lifecycle: { prevent_destroy: true },
  });
  expect(resource("azurerm_private_endpoint").private_service_connection.subresource_names).toEqual([
    "registry",
  ]);
  expect(resource("azurerm_private_dns_zone").name).toBe("privatelink.azurecr.io");
  expect(resource("azurerm_management_lock").lock_level).toBe("CanNotDelete");
  expect(infos).toEqual([]);
  expect(registry).toMatchObject({ cloud: Cloud.AZURE, url: registry?.server });
});

test("without a network: Standard, and public network access is recorded", () => {
  const { resource, resources, infos } = synthesize((stack) => {
    make(stack, { ...PLACE, registryName: "platform0", deletionPolicy: DeletionPolicy.DELETE });
  });
  expect(resource("azurerm_container_registry")).toEqual({
    name: "platform0",
    resource_group_name: "platform",
    location: "westeurope",
    sku: "Standard",
    admin_enabled: false,
    anonymous_pull_enabled: false,
    public_network_access_enabled: true,
  });
  expect(resources("azurerm_management_lock")).toEqual([]);
  expect(infos.map(({ message }) => message)).toEqual([
    "opt-out: ACR-NETWORK: network: enables public network access, for principals with a role",
    "opt-out: ACR-DELETION-POLICY: deletionPolicy: deletes the registry and its images when it is removed from the program",
  ]);
});

test.each([
  [{ zoneRedundant: true }, "Premium"],
  [{ zoneRedundant: false }, "Standard"],
])("with %j is %s", (props, sku) => {
  const { resource } = synthesize((stack) => void make(stack, { ...PLACE, ...props }));
  expect(resource("azurerm_container_registry").sku).toBe(sku);
});

test("grantPush assigns AcrPush on this registry, once", () => {
  const { resource } = synthesize((stack) => {
    const registry = make(stack);
    const identity = identityOf(Cloud.AZURE, stack);
    const { dependables } = registry.grantPush(identity);
    expect(dependables).toHaveLength(1);
    expect(registry.grantPush(identity).dependables).toEqual(dependables);
    expect(rendered(registry.dependables)).toHaveLength(2);
  });
  expect(resource("azurerm_role_assignment")).toMatchObject({
    scope: "${azurerm_container_registry.images_9BF4DCD5.id}",
    role_definition_name: "AcrPush",
  });
});

test.each([
  [bareIdentity(Cloud.AWS), /ACR-GRANT-PUSH-IDENTITY-CLOUD: grantPush: identity.cloud .*"aws"/],
  [bareIdentity(Cloud.AZURE), /grantPush: identity .*"server".*AksWorkloadIdentity/],
])("refuses identities without an object ID", (identity, message) => {
  expect(problemsOf((stack) => make(stack).grantPush(identity))).toEqual([expect.stringMatching(message)]);
});

test.each<[AzureContainerRegistryProps, RegExp]>([
  [{ location: "westeurope" }, /resourceGroupName must be set .*\(got not set\)/],
  [{ resourceGroupName: "platform" }, /location must be set .*\(got not set\)/],
  [{ ...PLACE, registryName: "my-images" }, /registryName must be 5 to 50 .*"my-images"/],
  [
    { ...PLACE, deleteUntaggedAfterDays: 7 },
    /deleteUntaggedAfterDays must not be set for the Standard tier \(got 7\)/,
  ],
  [{ ...PLACE, zoneRedundant: true, deleteUntaggedAfterDays: 0 }, /deleteUntaggedAfterDays /],
  [{ ...PLACE, deletionPolicy: DeletionPolicy.SNAPSHOT }, /deletionPolicy must be .*"snapshot"/],
])("refuses %j", (props, message) => {
  expect(problemsOf((stack) => void make(stack, props))).toEqual([expect.stringMatching(message)]);
});

test("accepts tokens", () => {
  const text = "${var.x}";
  const found = problemsOf((stack) => {
    const place = { resourceGroupName: text, location: text, registryName: text };
    make(stack, { ...place, zoneRedundant: true, deleteUntaggedAfterDays: Token.asNumber(ref("var.days")) });
  });
  expect(found).toEqual([]);
});

test("geo-replicas are in the order that azurerm compares, and protect from the loss of a region", () => {
  let registry: AzureContainerRegistry | undefined;
  const { resource } = synthesize((stack) => {
    registry = make(stack, { network: azureNetwork(stack), replicaLocations: ["uksouth", "northeurope"] });
  });
  expect(resource("azurerm_container_registry").georeplications).toEqual([
    { location: "northeurope", zone_redundancy_enabled: true },
    { location: "uksouth", zone_redundancy_enabled: true },
  ]);
  const [protection] = registry?.protections ?? [];
  expect(protection?.location).toContain("northeurope, uksouth");
  expect(protection?.procedures.flatMap(({ scenarios }) => scenarios)).toEqual([
    RecoveryScenario.LOST_REGION,
  ]);
});

test("a registry without geo-replicas says that nothing protects its images", () => {
  let registry: AzureContainerRegistry | undefined;
  synthesize((stack) => {
    registry = make(stack);
  });
  expect(registry?.protections).toEqual([]);
});

test.each<[string[], boolean, string]>([
  [["northeurope"], false, "replicaLocations must not be set for the Standard tier"],
  [["westeurope"], true, "replicaLocations must be other regions than that of the registry"],
  [["North Europe"], true, "replicaLocations must be names of regions in lower case"],
  [["uksouth", "uksouth"], true, "replicaLocations must name each region once"],
])("refuses geo-replicas %j", (replicaLocations, zoneRedundant, message) => {
  expect(
    problemsOf((stack) => void make(stack, { ...PLACE, replicaLocations, zoneRedundant })),
  ).toContainEqual(expect.stringContaining(message));
});
