import { isResolved } from "../../database/private";
import { numberText } from "../pgbouncer/pgbouncer-config";
import {
  type ILeaderSource,
  type LeaderSourceFiles,
  type LeaderSourceProblem,
  optionProblem,
} from "./leader-source";

/** Member of a Patroni cluster. */
export interface PatroniMember {
  /** Host name or address of the member's PostgreSQL; the server certificate must have it. */
  readonly host: string;
  /** Port of the member's PostgreSQL. @default 5432 */
  readonly port?: number;
  /** URL of the member's REST API, such as `http://db1.example.com:8008`. @default - http, the host and port 8008 */
  readonly apiUrl?: string;
}

/** Options of a `PatroniLeaderSource`. */
export interface PatroniLeaderSourceOptions {
  /**
   * CA certificates of the REST API in PEM format; may be a token. @default - the system's CA certificates
   *
   * @see https://patroni.readthedocs.io/en/latest/yaml_configuration.html#rest-api
   */
  readonly caCertificatesPem?: string;
}

/**
 * Leader source: REST API of the members of a Patroni cluster, queried one by one; needs no Consul. A member answers as leader only
 * while it holds the leader lock.
 *
 * @see https://patroni.readthedocs.io/en/latest/rest_api.html
 *
 * @example
 * new PatroniLeaderSource([{ host: "db1.example.com" }, { host: "db2.example.com" }]);
 */
export class PatroniLeaderSource implements ILeaderSource {
  public readonly label: string;
  public readonly clusterKey: string;
  public readonly usesHttps: boolean;
  public readonly sendsTokenInClearText = false;
  public readonly caCertificatesPem?: string;
  /** Members of the cluster. */
  public readonly members: PatroniMember[];

  /**
   * @param members all members of the cluster; a member that is missing is never found as leader.
   * @param options connection to the REST API.
   */
  public constructor(members: PatroniMember[], options: PatroniLeaderSourceOptions = {}) {
    this.members = members ?? [];
    this.label = `Patroni on ${this.members.map((m) => m.host).join(", ")}`;
    this.clusterKey = this.members.map(address).sort().join(",");
    this.usesHttps = this.members.some((m) => apiUrl(m).startsWith("https:"));
    this.caCertificatesPem = options.caCertificatesPem;
  }

  public programArguments(files: LeaderSourceFiles): string[] {
    return [
      "patroni",
      ...this.members.flatMap((m) => ["--member", `${address(m)}=${apiUrl(m).replace(/\/+$/, "")}`]),
      ...(this.caCertificatesPem ? ["--ca-file", files.caFile] : []),
    ];
  }

  public problems(): LeaderSourceProblem[] {
    const found: LeaderSourceProblem[] = [];
    if (this.members.length < 2) {
      found.push({
        option: "members",
        value: this.members.map((m) => m.host).join(", "),
        rule: "must have at least two members; a single server needs no watch",
      });
    }
    const seen = new Set<string>();
    for (const member of this.members) {
      found.push(
        ...(member.host ? [] : [{ option: "members.host", rule: "must be set" }]),
        ...optionProblem(
          "members.host",
          member.host,
          (text) => /^[A-Za-z0-9._:-]+$/.test(text),
          "must be a DNS name or IP address, without scheme and port",
        ),
        ...optionProblem(
          "members.port",
          member.port,
          (text) => /^\d+$/.test(text) && Number(text) >= 1 && Number(text) <= 65_535,
          "must be a whole number from 1 to 65535",
        ),
        ...optionProblem(
          "members.apiUrl",
          member.apiUrl,
          (text) => /^https?:\/\/[A-Za-z0-9.[\]:_-]+\/*$/.test(text),
          "must be a URL with http:// or https://, a host and a port, without a path",
        ),
      );
      const key = address(member);
      if (seen.has(key)) found.push({ option: "members", value: key, rule: "must be unique" });
      seen.add(key);
    }
    return found;
  }
}

function address(member: PatroniMember): string {
  return `${member.host}:${numberText(member.port ?? 5432)}`;
}

function apiUrl(member: PatroniMember): string {
  const host = isResolved(member.host) && member.host.includes(":") ? `[${member.host}]` : member.host;
  return member.apiUrl ?? `http://${host}:8008`;
}
