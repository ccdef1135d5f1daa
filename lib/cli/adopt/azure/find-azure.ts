import type { AdoptedConstruct, Found } from "../adopted-construct";
import {
  create,
  imported,
  list,
  literal,
  object,
  optional,
  type Statement,
  variable,
} from "../program/expression";
import type { Names } from "../program/names";
import { hasTexts, type StateResource, text } from "../state/state-resource";
import { flexibleServerConstruct } from "./flexible-server";

const SERVERS = ["azurerm_postgresql_flexible_server", "azurerm_mysql_flexible_server"];

const SINGLE_SERVER =
  "Single Server, which Azure has retired; migrate it to a flexible server, then adopt that one";

/** Types of data that are not adopted, with the reason. */
const OTHER_TYPES: { readonly [type: string]: string | undefined } = {
  azurerm_postgresql_server: SINGLE_SERVER,
  azurerm_mysql_server: SINGLE_SERVER,
  azurerm_mariadb_server:
    "Azure Database for MariaDB, which Azure has retired; this package has no construct for it",
  azurerm_mssql_server: "SQL Server; this package has no construct for it",
  azurerm_storage_account:
    "the command adopts no storage account; leave it where it is managed, and use BlobStorage.fromStorageAccountAttributes",
};

/** Flexible servers and read replicas of a state. */
export function findAzure(
  resources: readonly StateResource[],
  names: Names,
): Found & { readonly providers: readonly Statement[] } {
  const refused = resources.flatMap(({ type, address }) =>
    OTHER_TYPES[type] === undefined ? [] : [`${address}: ${OTHER_TYPES[type]}.`],
  );
  let subscription: string | undefined;
  const servers = resources.filter((each) => {
    const { type, values, address } = each;
    if (!SERVERS.includes(type)) return false;
    if (!hasTexts(each, ["id", "name", "resource_group_name", "location"], refused)) return false;
    subscription ??= subscriptionOf(each);
    if (subscriptionOf(each) !== subscription) {
      refused.push(
        `${address} (${String(values.name)}): it is in subscription ${subscriptionOf(each)}, and the provider of the program has one (${subscription}); adopt it by a second run on a state with its resources.`,
      );
      return false;
    }
    if (/^\d/.test(String(values.version ?? ""))) return true;
    refused.push(
      `${address} (${String(values.name)}): its version is not known (got "${String(values.version ?? "")}").`,
    );
    return false;
  });
  const networks = new Map<string, string>();
  const constructs = new Map<string, AdoptedConstruct>();
  for (const server of servers)
    if (!isReplica(server))
      constructs.set(String(server.values.id), flexibleServerConstruct(server, resources, names, networks));
  for (const server of servers) {
    if (!isReplica(server)) continue;
    const from = text(server, "source_server_id") ?? "";
    const source = constructs.get(from);
    if (source)
      constructs.set(
        String(server.values.id),
        flexibleServerConstruct(server, resources, names, networks, source),
      );
    else
      refused.push(
        `${server.address} (${String(server.values.name)}): its source ${from} is not adopted; adopt both, since a read replica takes a server.`,
      );
  }
  const provider: Statement = {
    constant: "azurerm",
    expression: create(
      imported("@cdktf/provider-azurerm/lib/provider", "AzurermProvider"),
      variable("this"),
      literal("azurerm"),
      object({ features: list(object({})), subscriptionId: optional(subscription) }),
    ),
  };
  return {
    constructs: [...constructs.values()],
    left: [],
    refused,
    providers: servers.length === 0 ? [] : [provider],
  };
}

function subscriptionOf(server: StateResource): string | undefined {
  return /(?<=^\/subscriptions\/)[^/]+/.exec(String(server.values.id))?.[0];
}

function isReplica(server: StateResource): boolean {
  return server.values.create_mode === "Replica" && text(server, "source_server_id") !== undefined;
}
