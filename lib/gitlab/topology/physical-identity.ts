// Whether two logical databases are one physical database. GitLab's chart and package compare the texts of host, port and name,
// and a second DNS name or a pooler fools them: then migrations run twice, or not at all. Here the servers themselves are
// compared, past poolers and proxies.

import { DefaultTokenResolver, Op, type Precondition, StringConcat, Tokenization } from "cdktf";
import type { IDatabase, IDatabaseServer } from "../../database";
import { isResolved, terraformCall } from "../../database/private";

/** Another construct for a server that there is already: a second DNS name, or an import beside the server itself. */
export interface ServerAlias {
  /** The other construct. */
  readonly alias: IDatabaseServer;
  /** The server that it stands for. */
  readonly server: IDatabaseServer;
}

/** A database past all poolers and proxies. */
export function directDatabase(database: IDatabase): IDatabase {
  let direct = database;
  while (direct.pooling) direct = direct.pooling.direct;
  return direct;
}

/** Says which servers are the same one. @internal */
export class ServerIdentities {
  private readonly servers: { readonly server: IDatabaseServer; readonly address: string }[] = [];
  private readonly aliases: readonly ServerAlias[];

  public constructor(aliases: readonly ServerAlias[]) {
    this.aliases = aliases;
  }

  /** The first construct seen of a server. */
  public of(given: IDatabaseServer): IDatabaseServer {
    const server = this.past(given);
    const address = addressOf(server);
    const seen = this.servers.find((each) => each.server === server || each.address === address);
    if (seen) return seen.server;
    this.servers.push({ server, address });
    return server;
  }

  /** The identity of a database: the same text for the same physical database, and stable between synths. */
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
    // Servers that stand for each other are one all the same.
    const circle = seen.slice(seen.indexOf(current));
    return circle.reduce((a, b) => (a.node.path < b.node.path ? a : b));
  }
}

/** What Terraform compares where only it knows whether two servers are one. Several constructs, one of them with a token. */
export function distinctServers(names: string, one: IDatabaseServer, other: IDatabaseServer): Precondition[] {
  const [a, b] = [one.endpoint, other.endpoint];
  const [hosts, ports] = [isResolved([a.host, b.host]), isResolved([a.port, b.port])];
  if (one === other || (hosts && ports)) return [];
  // What is known and differs settles it.
  if ((ports && a.port !== b.port) || (hosts && a.host.toLowerCase() !== b.host.toLowerCase())) return [];
  const otherHost = Op.neq(terraformCall("lower", a.host), terraformCall("lower", b.host));
  const otherPort = Op.neq(a.port, b.port);
  return [
    {
      condition: ports ? otherHost : hosts ? otherPort : Op.or(otherHost, otherPort),
      errorMessage: `The databases of ${names} turn out to be one and the same, described by two servers. Give both the same server construct, or say so in the topology's aliases: otherwise GitLab's migrations run twice in it.`,
    },
  ];
}

/** Host and port as one text; a token as the expression it stands for, since each use of an attribute is a token of its own. */
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
    // A value that is made later; the token itself is what can be compared.
    return value;
  }
}
