/**
 * A small server that answers Consul's health queries the way its documentation says ("Blocking Queries", "Consistency
 * Modes", "Health HTTP Endpoint"): it holds an answer back until the index moves or the wait is over, it may lose its own
 * leader, start its index anew, and refuse a token.
 */
import {
  createServer,
  type Server as HttpServer,
  type IncomingMessage,
  type ServerResponse,
} from "node:http";
import type { AddressInfo } from "node:net";

/** An instance of a service, as tests say it. */
export interface Instance {
  readonly node: string;
  readonly address: string;
  readonly port: number;
  readonly tags?: readonly string[];
  readonly checks?: readonly ("passing" | "warning" | "critical")[];
}

export class Consul {
  /** The queries in the order of their arrival: path and parameters. */
  public readonly queries: URL[] = [];
  public readonly tokens: (string | undefined)[] = [];
  public knownLeader = true;
  public requiredToken: string | undefined;
  /** A text in place of the right answer. */
  public garbled: string | undefined;
  /** True if Consul says that its ACLs left results out. */
  public filtered = false;
  private index = 7;
  private readonly services = new Map<string, readonly Instance[]>();
  private readonly waiting = new Set<() => void>();

  private constructor(private readonly server: HttpServer) {
    server.on("request", (request, response) => this.answer(request, response));
  }

  public static async start(): Promise<Consul> {
    const server = createServer();
    await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
    return new Consul(server);
  }

  public get url(): string {
    return `http://127.0.0.1:${(this.server.address() as AddressInfo).port}`;
  }

  public set(service: string, instances: readonly Instance[]): void {
    this.services.set(service, instances);
    this.move(this.index + 1);
  }

  /** A restored Consul counts from the beginning. */
  public startAnew(): void {
    this.move(1);
  }

  public async stop(): Promise<void> {
    for (const wake of this.waiting) wake();
    this.server.closeAllConnections();
    await new Promise((resolve) => this.server.close(resolve));
  }

  private move(index: number): void {
    this.index = index;
    for (const wake of [...this.waiting]) wake();
  }

  private answer(request: IncomingMessage, response: ServerResponse): void {
    const url = new URL(request.url ?? "/", this.url);
    this.queries.push(url);
    const token = request.headers["x-consul-token"] as string | undefined;
    this.tokens.push(token);
    const [, service] = /^\/v1\/health\/service\/([^/]+)$/.exec(url.pathname) ?? [];
    if (this.requiredToken !== undefined && token !== this.requiredToken) {
      response.writeHead(403).end("Permission denied");
    } else if (service === undefined) {
      response.writeHead(404).end();
    } else {
      this.hold(url, () => this.send(response, service));
    }
  }

  /** An index that is not the present one is answered at once. */
  private hold(url: URL, then: () => void): void {
    const asked = Number(url.searchParams.get("index") ?? 0);
    if (asked < 1 || asked !== this.index) {
      then();
      return;
    }
    const seconds = Number(/^(\d+)s$/.exec(url.searchParams.get("wait") ?? "300s")?.[1]);
    const wake = () => {
      clearTimeout(timer);
      this.waiting.delete(wake);
      then();
    };
    const timer = setTimeout(wake, seconds * 1000 * (1 + Math.random() / 16));
    this.waiting.add(wake);
  }

  private send(response: ServerResponse, service: string): void {
    response.writeHead(200, {
      "Content-Type": "application/json",
      "X-Consul-Index": String(this.index),
      "X-Consul-KnownLeader": String(this.knownLeader),
      "X-Consul-LastContact": this.knownLeader ? "0" : "61000",
      "X-Consul-Effective-Consistency": "leader",
      ...(this.filtered ? { "X-Consul-Results-Filtered-By-ACLs": "true" } : {}),
    });
    const body = (this.filtered ? [] : (this.services.get(service) ?? [])).map((instance) =>
      healthEntry(service, instance),
    );
    response.end(this.garbled ?? JSON.stringify(body, undefined, this.index % 2 ? 4 : undefined));
  }
}

/** One element of the answer, with the fields that Consul has beside those that matter here. */
export function healthEntry(service: string, instance: Instance): object {
  const check = (id: string, of: string, status: string) => ({
    Node: instance.node,
    CheckID: id,
    Name: `check "${id}"`,
    Status: status,
    Notes: "",
    Output: 'HTTP GET http://[::1]:8008/primary: 200 OK Output: {"state": "running", "a\\b": [1, 2]}\n',
    ServiceID: of,
    Definition: {},
  });
  const [serf = "passing", ...others] = instance.checks ?? ["passing", "passing"];
  return {
    Node: { ID: "5a4f", Node: instance.node, Address: "192.0.2.250", Meta: { "consul-network-segment": "" } },
    Service: {
      ID: `${service}/${instance.node}`,
      Service: service,
      Tags: instance.tags ?? [],
      Address: instance.address,
      Port: instance.port,
      Weights: { Passing: 1, Warning: 1 },
      EnableTagOverride: true,
      Connect: {},
    },
    Checks: [
      check("serfHealth", "", serf),
      ...others.map((status, n) => check(`service:${n}`, service, status)),
    ],
  };
}
