import type { AdoptedResource } from "../adopted-construct";
import { type Expression, literal } from "../program/expression";
import { textList } from "../program/vocabulary";
import { hasMark } from "../state/members";
import { type StateResource, text } from "../state/state-resource";

/** Parameters that a property sets, by engine. */
const BY_PROPERTY = {
  postgres: ["max_connections", "log_min_duration_statement", "azure.extensions"],
  mysql: ["max_connections", "slow_query_log", "long_query_time"],
};

/** Parameters that the library sets without a property, by engine. */
const BY_LIBRARY = {
  postgres: ["require_secure_transport", "ssl_min_protocol_version"],
  mysql: ["require_secure_transport", "tls_version"],
};

/** Parameters that the library refuses as properties. */
const REFUSED = [...BY_LIBRARY.postgres, ...BY_LIBRARY.mysql, "aad_auth_only"];

/** The server parameters of a state, each a resource. */
export class FlexibleServerParameters {
  /** Properties of the construct. */
  public readonly props: { readonly [name: string]: Expression | undefined };
  /** Resources that the construct has too. */
  public readonly adopted: readonly AdoptedResource[];
  public readonly notes: readonly string[];
  private readonly configurations: ReadonlyMap<string, StateResource>;

  public constructor(
    server: StateResource,
    private readonly family: "postgres" | "mysql",
    resources: readonly StateResource[],
  ) {
    const { values } = server;
    const ofServer = resources.filter(
      ({ type, values: each }) =>
        type === `${server.type}_configuration` &&
        (each.server_id === values.id ||
          (each.server_name === values.name && each.resource_group_name === values.resource_group_name)),
    );
    const secret = ofServer.filter(({ sensitive }) => hasMark(sensitive));
    this.configurations = new Map(
      ofServer.filter((each) => !secret.includes(each)).map((each) => [String(each.values.name), each]),
    );
    const others = [...this.configurations.keys()].filter(
      (name) => !BY_PROPERTY[family].includes(name) && !REFUSED.includes(name),
    );
    const isSet = (name: string) =>
      others.includes(name) ||
      BY_LIBRARY[family].includes(name) ||
      (BY_PROPERTY[family].includes(name) && !(name === "long_query_time" && this.slowLogIsOff));
    const all = [...this.configurations];
    this.adopted = all
      .filter(([name]) => isSet(name))
      .map(([name, state]) => ({ path: `Parameters/${name}`, id: String(state.values.id), state }));
    this.notes = [
      ...secret.map(
        ({ address }) => `${address}: sensitive in the state, and not written; leave it where it is managed.`,
      ),
      ...all
        .filter(([name]) => !isSet(name))
        .map(
          ([name, state]) =>
            `${state.address}: the construct does not set ${name} (${String(state.values.value)}); leave it where it is managed.`,
        ),
      ...(this.valueOf("require_secure_transport")?.toLowerCase() === "off"
        ? ["require_secure_transport off: held; the server accepts connections without TLS."]
        : []),
    ];
    this.props = {
      parameters:
        others.length === 0
          ? undefined
          : literal(Object.fromEntries(others.map((name) => [name, this.valueOf(name) ?? ""]))),
      maxConnections: whole(this.valueOf("max_connections")),
      slowQueryMs: this.slowQueryMs(),
      extensions: this.extensions(),
    };
  }

  private get slowLogIsOff(): boolean {
    return this.valueOf("slow_query_log")?.toUpperCase() === "OFF";
  }

  private slowQueryMs(): Expression | undefined {
    if (this.family === "postgres") return whole(this.valueOf("log_min_duration_statement"));
    if (this.slowLogIsOff) return literal(-1);
    const seconds = Number(this.valueOf("long_query_time") ?? Number.NaN);
    return Number.isFinite(seconds) ? literal(Math.round(seconds * 1000)) : undefined;
  }

  private extensions(): Expression | undefined {
    const value = this.valueOf("azure.extensions");
    return value === undefined ? undefined : textList(value.toLowerCase().split(",").filter(Boolean));
  }

  private valueOf(name: string): string | undefined {
    return text(this.configurations.get(name), "value");
  }
}

function whole(value: string | undefined): Expression | undefined {
  return value !== undefined && /^-?\d+$/.test(value) ? literal(Number(value)) : undefined;
}
