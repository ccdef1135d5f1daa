import {
  call,
  type Expression,
  imported,
  literal,
  object,
  type Statement,
  variable,
} from "../program/expression";
import type { Names } from "../program/names";
import { word } from "../program/vocabulary";
import { blocks, type StateResource, text } from "../state/state-resource";

const AZURE = "cdktf-devplatforms/azure";

/**
 * The network of a flexible server, by reference: its delegated subnet, or the subnet of its private endpoint.
 *
 * @param statements where the statement of a new network is added.
 * @param notes where a network that is not known is noted.
 */
export function addNetwork(
  server: StateResource,
  family: "postgres" | "mysql",
  resources: readonly StateResource[],
  names: Names,
  networks: Map<string, string>,
  statements: Statement[],
  notes: string[],
): Expression {
  const place = {
    resourceGroupName: literal(String(server.values.resource_group_name)),
    location: literal(String(server.values.location)),
  };
  const add = (identity: string, comment: string, path: string, attributes: Expression): Expression => {
    const known = networks.get(identity);
    if (known !== undefined) return variable(known);
    const { id, constant } = names.of("network");
    networks.set(identity, constant);
    statements.push({
      comment: [comment],
      constant,
      expression: call(imported(AZURE, path), variable("this"), literal(id), attributes),
    });
    return variable(constant);
  };
  const subnetId = text(server, "delegated_subnet_id");
  const zoneId = text(server, "private_dns_zone_id");
  if (subnetId !== undefined && zoneId !== undefined)
    return add(
      `${subnetId} ${zoneId}`,
      "The delegated subnet and its DNS zone stay where they are managed.",
      "DelegatedDatabaseNetwork.fromDelegatedDatabaseNetworkAttributes",
      object({
        family: word(`EngineFamily.${family.toUpperCase()}`),
        ...place,
        subnetId: literal(subnetId),
        privateDnsZoneId: literal(zoneId),
      }),
    );
  const endpoint = resources.find(
    ({ type, values }) =>
      type === "azurerm_private_endpoint" &&
      blocks(values, "private_service_connection").some(
        (each) => each.private_connection_resource_id === server.values.id,
      ),
  );
  notes.push(
    endpoint
      ? `${endpoint.address}: the private endpoint stays where it is managed; the program makes none.`
      : "network: the input has no private network of the server, so that subnet and DNS zone of the program are placeholders, which nothing uses before the private endpoint is created.",
  );
  const [subscription = "00000000-0000-0000-0000-000000000000"] =
    /(?<=^\/subscriptions\/)[^/]+/.exec(String(server.values.id)) ?? [];
  const group = `/subscriptions/${subscription}/resourceGroups/${String(server.values.resource_group_name)}/providers/Microsoft.Network`;
  const [zoneGroup] = blocks(endpoint?.values, "private_dns_zone_group");
  const zones = Array.isArray(zoneGroup?.private_dns_zone_ids) ? zoneGroup.private_dns_zone_ids : [];
  const subnet = text(endpoint, "subnet_id") ?? `${group}/virtualNetworks/to-be-set/subnets/to-be-set`;
  const zone = String(zones[0] ?? `${group}/privateDnsZones/privatelink.${family}.database.azure.com`);
  return add(
    `${subnet} ${zone}`,
    "Subnet and DNS zone stay where they are managed.",
    "DatabaseNetwork.fromDatabaseNetworkAttributes",
    object({ ...place, subnetId: literal(subnet), privateDnsZoneIds: object({ [family]: literal(zone) }) }),
  );
}
