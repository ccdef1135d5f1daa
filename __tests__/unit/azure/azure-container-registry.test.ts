import { ref, type TerraformStack, Token } from "cdktf";
import { AzureContainerRegistry, type AzureContainerRegistryProps } from "../../../lib/azure";
import { Cloud, DeletionPolicy } from "../../../lib/database";
import { azureNetwork } from "../../support/azure-stack";
import { problemsOf, synthesize } from "../../support/synth";
import { bareIdentity, identityOf } from "../storage/fixture";

const PLACE = { resourceGroupName: "platform", location: "westeurope" };
const make = (stack: TerraformStack, props: AzureContainerRegistryProps = PLACE) =>
  new AzureContainerRegistry(stack, "images", props);

test("with a network is private, in three zones, kept and without a password", () => {
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

test("without one takes no price of Premium, and says that it has a public address", () => {
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
    "opt-out: network: the registry has a public address, which answers to those with a role",
    "opt-out: deletionPolicy: the registry and its images are deleted when it leaves the program",
  ]);
});

test.each([
  [{ zoneRedundant: true }, "Premium"],
  [{ zoneRedundant: false }, "Standard"],
])("with %j is %s", (props, sku) => {
  const { resource } = synthesize((stack) => void make(stack, { ...PLACE, ...props }));
  expect(resource("azurerm_container_registry").sku).toBe(sku);
});

test("grantPush is AcrPush in this registry, once", () => {
  const { resource } = synthesize((stack) => {
    const registry = make(stack);
    const identity = identityOf(Cloud.AZURE, stack);
    registry.grantPush(identity);
    registry.grantPush(identity);
    expect(registry.dependables).toHaveLength(2);
  });
  expect(resource("azurerm_role_assignment")).toMatchObject({
    scope: "${azurerm_container_registry.images_9BF4DCD5.id}",
    role_definition_name: "AcrPush",
  });
});

test.each([
  [bareIdentity(Cloud.AWS), /grantPush: identity.cloud is "aws"/],
  [bareIdentity(Cloud.AZURE), /grantPush: identity is "server": .*AksWorkloadIdentity/],
])("refuses an identity that cannot push", (identity, message) => {
  expect(problemsOf((stack) => make(stack).grantPush(identity))).toEqual([expect.stringMatching(message)]);
});

test.each<[AzureContainerRegistryProps, RegExp]>([
  [{ location: "westeurope" }, /resourceGroupName is not set: name it/],
  [{ resourceGroupName: "platform" }, /location is not set: name it/],
  [{ ...PLACE, registryName: "my-images" }, /registryName is "my-images": allowed are 5 to 50/],
  [{ ...PLACE, deleteUntaggedAfterDays: 7 }, /deleteUntaggedAfterDays is 7: only Premium/],
  [{ ...PLACE, zoneRedundant: true, deleteUntaggedAfterDays: 0 }, /deleteUntaggedAfterDays is 0/],
  [{ ...PLACE, deletionPolicy: DeletionPolicy.SNAPSHOT }, /deletionPolicy is "snapshot"/],
])("refuses %j", (props, message) => {
  expect(problemsOf((stack) => void make(stack, props))).toEqual([expect.stringMatching(message)]);
});

test("takes tokens", () => {
  const text = "${var.x}";
  const found = problemsOf((stack) => {
    const place = { resourceGroupName: text, location: text, registryName: text };
    make(stack, { ...place, zoneRedundant: true, deleteUntaggedAfterDays: Token.asNumber(ref("var.days")) });
  });
  expect(found).toEqual([]);
});
