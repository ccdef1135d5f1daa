// Detects logical databases in the same physical database. GitLab's chart and package compare the texts of host, port and name, so
// with a second DNS name or a pooler migrations run twice, or not at all. This file compares the servers, past poolers and proxies.

import { DefaultTokenResolver, Op, type Precondition, StringConcat, Tokenization } from "cdktf";
import type { IDatabase, IDatabaseServer } from "../../database";
import { directDatabase, isResolved, terraformCall } from "../../database/private";

/** A second construct for the same server: another DNS name, or an imported server beside the one that is created. */
export interface ServerAlias {
  /** The second construct. */
  readonly alias: IDatabaseServer;
  /** The server that it describes. */
  readonly server: IDatabaseServer;
}

/** Identities of servers. */
export class ServerIdentities {
  private readonly servers: { readonly server: IDatabaseServer; readonly address: string }[] = [];
  private readonly aliases: readonly ServerAlias[];

  public constructor(aliases: readonly ServerAlias[]) {
    this.aliases = aliases;
  }

  /** First construct that described a server. */
  public of(given: IDatabaseServer): IDatabaseServer {
    const server = this.past(given);
    const address = addressOf(server);
    const seen = this.servers.find((each) => each.server === server || each.address === address);
    if (seen) return seen.server;
    this.servers.push({ server, address });
    return server;
  }

  /** Identity of a database: the same text for the same physical database, and stable between synths. */
  public physical(database: IDatabase): string {
    const direct = directDatabase(database);
    return `${this.of(direct.server).node.path}/${direct.databaseName}`;
  }

  private past(server: IDatabaseServer): IDatabaseServer {
    const seen: IDatabaseServer[] = [];
    let current = server;
    while (!seen.includes(current)) {
      seen.push(current);
      const alias = this.aliases.find((each) => each.alias === current);
      if (!alias) return current;
      current = alias.server;
    }
    // Aliases in a circle describe one server too.
    const circle = seen.slice(seen.indexOf(current));
    return circle.reduce((a, b) => (a.node.path < b.node.path ? a : b));
  }
}

/** Preconditions by which Terraform compares two servers if an address is a token. @internal */
export function distinctServers(names: string, one: IDatabaseServer, other: IDatabaseServer): Precondition[] {
  const [a, b] = [one.endpoint, other.endpoint];
  const [hosts, ports] = [isResolved([a.host, b.host]), isResolved([a.port, b.port])];
  if (one === other || (hosts && ports)) return [];
  // A known difference is enough.
  if ((ports && a.port !== b.port) || (hosts && a.host.toLowerCase() !== b.host.toLowerCase())) return [];
  const otherHost = Op.neq(terraformCall("lower", a.host), terraformCall("lower", b.host));
  const otherPort = Op.neq(a.port, b.port);
  return [
    {
      condition: ports ? otherHost : hosts ? otherPort : Op.or(otherHost, otherPort),
      errorMessage: `The databases of ${names} must not be the same database on two server constructs, or GitLab's migrations run twice in it. Use one server construct for both, or set aliases of the topology.`,
    },
  ];
}

/** Host and port as one text; a token as its expression, since each use of an attribute is another token. */
function addressOf(server: IDatabaseServer): string {
  const { host, port } = server.endpoint;
  const text = String(resolved(server, host));
  return `${isResolved(host) ? text.toLowerCase().replace(/\.$/, "") : text} ${resolved(server, port)}`;
}

function resolved(scope: IDatabaseServer, value: string | number): unknown {
  if (isResolved(value)) return value;
  try {
    const resolver = new DefaultTokenResolver(new StringConcat());
    return JSON.stringify(Tokenization.resolve(value, { scope, resolver, preparing: false }));
  } catch {
    // A value that does not exist yet; only the token can be compared.
    return value;
  }
}
