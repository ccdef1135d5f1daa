/**
 * Azure Resource Manager as a rehearsal meets it: it keeps flexible servers, private endpoints and tags, takes time, obeys the role assignments
 * of the stack, and refuses what Azure refuses. A restored "server" is the PostgreSQL of the test.
 */
import { createServer, type IncomingMessage, type Server, type ServerResponse } from "node:http";
import type { AddressInfo } from "node:net";
import type { RoleEvaluation } from "./role-evaluation";

// biome-ignore lint/suspicious/noExplicitAny: bodies of requests
type Json = any;

/** A resource that takes some requests until it is there, or gone. */
interface Resource {
  readonly body: Json;
  steps: number;
  deleting?: number;
}

type Answer = (status: number, body?: Json) => unknown;
type Refuse = (status: number, code: string, message?: string) => unknown;

export interface ArmFaults {
  /** Answer to a restore: `[status, message]`. */
  restore?: readonly [number, string];
  /** The restore is accepted, and the server vanishes. */
  restoreVanishes?: boolean;
  /** The restore never ends. */
  restoreHangs?: boolean;
  /** Answer to a deletion of a server. */
  delete?: readonly [number, string];
}

export class FakeArm {
  public readonly servers = new Map<string, Resource>();
  public readonly endpoints = new Map<string, Resource>();
  public tags: { [name: string]: string } = {};
  /** Requests that change something, as `METHOD id`. */
  public changes: string[] = [];
  public bodies: Json[] = [];
  public refusals: string[] = [];
  public faults: ArmFaults = {};
  /** Gets the password that a copy is given. */
  public onPassword: (password: string) => void = () => undefined;
  public earliest: string | undefined = "2026-01-01T00:00:00.1234567+00:00";
  public extra: Json = {};
  private server?: Server;

  public constructor(
    private readonly group: string,
    private readonly source: string,
    private readonly rights: RoleEvaluation,
  ) {}

  public async start(): Promise<string> {
    this.server = createServer((request, response) => void this.handle(request, response));
    await new Promise<void>((resolve) => this.server?.listen(0, "127.0.0.1", resolve));
    return `http://127.0.0.1:${(this.server.address() as AddressInfo).port}`;
  }

  public async stop(): Promise<void> {
    this.server?.closeAllConnections();
    await new Promise((resolve) => this.server?.close(resolve) ?? resolve(undefined));
  }

  public reset(): void {
    this.servers.clear();
    this.endpoints.clear();
    this.tags = {};
    this.changes = [];
    this.bodies = [];
    this.refusals = [];
    this.faults = {};
    this.earliest = "2026-01-01T00:00:00.1234567+00:00";
    this.extra = {};
  }

  /** Names of the copies that exist. */
  public copies(): string[] {
    return [...this.servers.keys()].map((id) => id.split("/").at(-1) as string);
  }

  private async handle(request: IncomingMessage, response: ServerResponse): Promise<unknown> {
    let text = "";
    for await (const chunk of request) text += chunk;
    const answer = (status: number, body?: Json) => {
      response.writeHead(status, { "content-type": "application/json" });
      response.end(body === undefined ? "" : JSON.stringify(body));
    };
    const refuse = (status: number, code: string, message = code) => {
      this.refusals.push(`${request.method} ${request.url}: ${code}`);
      answer(status, { error: { code, message } });
    };
    const url = new URL(request.url as string, "http://arm");
    const id = decodeURIComponent(url.pathname);
    const method = request.method as string;
    if (id === "/tenant/oauth2/v2.0/token") {
      const form = new URLSearchParams(text);
      if (form.get("client_assertion") !== "federated token" || form.get("client_id") !== "client") {
        return answer(401, { error: "invalid_client", error_description: "AADSTS700024: no\nmore" });
      }
      return answer(200, { access_token: "access", expires_in: 3600 });
    }
    if (request.headers.authorization !== "Bearer access") return refuse(401, "AuthenticationFailed");
    if (!url.searchParams.get("api-version")) return refuse(400, "MissingApiVersionParameter");
    const [body, action] = [text === "" ? {} : JSON.parse(text), operation(method, id)];
    const needed: [string, string][] = [
      [action, id.replace(/\/providers\/Microsoft\.Resources\/tags\/default$/, "")],
    ];
    const subnet = body.properties?.network?.delegatedSubnetResourceId ?? body.properties?.subnet?.id;
    const zone = body.properties?.network?.privateDnsZoneArmResourceId;
    const identity = Object.keys(body.identity?.userAssignedIdentities ?? {})[0];
    if (subnet) needed.push(["Microsoft.Network/virtualNetworks/subnets/join/action", subnet]);
    if (zone) needed.push(["Microsoft.Network/privateDnsZones/join/action", zone]);
    if (identity)
      needed.push(["Microsoft.ManagedIdentity/userAssignedIdentities/identity/assign/action", identity]);
    if (method !== "GET") this.changes.push(`${method} ${id}`);
    if (text !== "") this.bodies.push(body);
    for (const [each, target] of needed) {
      if (!this.rights.allows(each, target))
        return refuse(403, "AuthorizationFailed", `no ${each} over ${target}`);
    }
    if (id === this.group) return answer(200, { id, tags: this.tags });
    if (id.endsWith("/providers/Microsoft.Resources/tags/default")) {
      if (
        Object.values(body.properties.tags as object).some(
          (value) => typeof value !== "string" || value.length > 256,
        )
      ) {
        return refuse(400, "InvalidTagValueLength");
      }
      Object.assign(this.tags, body.properties.tags);
      return answer(200, {});
    }
    if (id === this.source) {
      const backup = { backupRetentionDays: 14, earliestRestoreDate: this.earliest };
      return answer(200, { id, properties: { state: "Ready", backup, ...this.extra } });
    }
    const store = /\/flexibleServers(\/|$)/.test(id) ? this.servers : this.endpoints;
    if (/\/(flexibleServers|privateEndpoints)$/.test(id)) {
      return answer(200, {
        value: [...store.keys()].map((each) => ({ id: each, name: each.split("/").at(-1) })),
      });
    }
    const found = store.get(id);
    if (method === "PUT") return this.put(store, id, body, found, refuse, answer);
    if (method === "DELETE") {
      if (found === undefined) return answer(204);
      if (store === this.servers && this.faults.delete)
        return refuse(this.faults.delete[0], "ScopeLocked", this.faults.delete[1]);
      found.deleting = 2;
      return answer(202);
    }
    if (found === undefined) return refuse(404, "ResourceNotFound");
    if (method === "PATCH") {
      if (found.steps > 0) return refuse(409, "ServerIsBusy");
      this.onPassword(body.properties.administratorLoginPassword);
      return answer(202, {});
    }
    this.step(store, id, found);
    if (!store.has(id)) return refuse(404, "ResourceNotFound");
    const ready = found.steps <= 0;
    return answer(200, {
      id,
      properties:
        store === this.servers
          ? {
              state: ready ? "Ready" : "Provisioning",
              fullyQualifiedDomainName: ready ? "localhost" : undefined,
              administratorLogin: "platform_admin",
              version: "17",
            }
          : {
              provisioningState: ready ? "Succeeded" : "Updating",
              customDnsConfigs: ready ? [{ fqdn: "localhost", ipAddresses: ["127.0.0.1"] }] : [],
            },
    });
  }

  private put(
    store: Map<string, Resource>,
    id: string,
    body: Json,
    found: Resource | undefined,
    refuse: Refuse,
    answer: Answer,
  ): unknown {
    if (found) return refuse(409, "ResourceExists");
    if (store === this.endpoints) {
      const server = body.properties.privateLinkServiceConnections[0].properties.privateLinkServiceId;
      if (!this.servers.has(server)) return refuse(404, "PrivateLinkServiceNotFound");
    } else {
      const { createMode, sourceServerResourceId, pointInTimeUTC, restorePointInTime } = body.properties;
      const point = Date.parse(pointInTimeUTC ?? restorePointInTime);
      if (
        createMode !== "PointInTimeRestore" ||
        sourceServerResourceId !== this.source ||
        Number.isNaN(point)
      ) {
        return refuse(400, "InvalidParameterValue");
      }
      if (this.faults.restore)
        return refuse(this.faults.restore[0], "RestoreRefused", this.faults.restore[1]);
    }
    store.set(id, { body, steps: this.faults.restoreHangs && store === this.servers ? 1_000_000 : 2 });
    return answer(202, {});
  }

  private step(store: Map<string, Resource>, id: string, found: Resource): void {
    if (found.deleting !== undefined) {
      found.deleting -= 1;
      if (found.deleting <= 0) store.delete(id);
      return;
    }
    found.steps -= 1;
    if (found.steps <= 0 && store === this.servers && this.faults.restoreVanishes) store.delete(id);
  }
}

/** The operation that Azure checks for a request. */
function operation(method: string, id: string): string {
  if (/\/tags\/default$/.test(id)) return "Microsoft.Resources/tags/write";
  const type =
    /\/providers\/([^/]+\/[^/]+)/.exec(id)?.[1] ?? "Microsoft.Resources/subscriptions/resourceGroups";
  return `${type}/${method === "GET" ? "read" : method === "DELETE" ? "delete" : "write"}`;
}
