// Where a leader watch learns who leads: from Consul, where Patroni or a health check announces it, or from Patroni's own
// interface on each member. The watch's program asks; these classes say whom and how.

import type { SecretValue } from "../../database";
import type { SynthChecks } from "../../database/private";
import { isResolved } from "../../database/private";
import { numberText } from "../pgbouncer/quoting";
import { patroniServiceName } from "./consul-policy";

/** Files that a source's arguments name. */
export interface LeaderSourceFiles {
  /** The certificate authorities of the source. */
  readonly caFile: string;
  /** Consul's token. */
  readonly tokenFile: string;
}

/** Where a leader watch learns who leads a cluster. */
export interface ILeaderSource {
  /** The source in words, for messages. */
  readonly label: string;
  /** What tells this cluster from others of the same kind of source; two watches never have the same. */
  readonly clusterKey: string;
  /** Whether it is asked over HTTPS, for which the image needs `curl`. */
  readonly usesHttps: boolean;
  /** Who signed the source's certificate, as PEM text; may be a token. @default - a public authority */
  readonly caCertificatesPem?: string;
  /** Consul's token. @default - none */
  readonly token?: SecretValue;

  /**
   * The arguments of the watch's program, from its first word on.
   *
   * @param files where token and certificates are.
   */
  programArguments(files: LeaderSourceFiles): string[];

  /**
   * Reports what is wrong with the source.
   *
   * @param checks of the watch.
   */
  check(checks: SynthChecks): void;
}

/** How to reach a Consul. */
export interface ConsulOptions {
  /** The address, such as `https://consul.example.com:8501`; best the agent beside the pooler. */
  readonly url: string;
  /** The datacenter. @default - the agent's own */
  readonly datacenter?: string;
  /** A token with the rights of `consulWatchPolicy`. @default - none: Consul without access control */
  readonly token?: SecretValue;
  /** Who signed Consul's certificate, as PEM text; may be a token. @default - a public authority */
  readonly caCertificatesPem?: string;
  /** Whether PgBouncer connects to the node's name instead of the service's address, when the certificate names that. @default false */
  readonly useNodeName?: boolean;
}

/**
 * A cluster's service in Consul. Several clusters may share one Consul; each has a service of its own.
 *
 * @example
 * ConsulLeaderSource.patroni("gitlab-main", { url: "http://consul-server.consul.svc:8500" });
 */
export class ConsulLeaderSource implements ILeaderSource {
  /**
   * The service that Patroni registers by itself (`consul.register_service: true`): the leader has the tag `primary` (or
   * `master` with old versions).
   *
   * @param scope Patroni's scope.
   * @param options how to reach Consul.
   */
  public static patroni(scope: string, options: ConsulOptions): ConsulLeaderSource {
    return new ConsulLeaderSource(
      isResolved(scope) ? patroniServiceName(scope) : scope,
      "primary,master",
      options,
    );
  }

  /**
   * A service of your own, of which only the leader's instance is healthy, such as the one of GitLab's Linux package
   * (`postgresql`, checked by `gitlab-ctl patroni check-leader`).
   *
   * @param service the service's name.
   * @param options how to reach Consul.
   */
  public static service(service: string, options: ConsulOptions): ConsulLeaderSource {
    return new ConsulLeaderSource(service, "", options);
  }

  public readonly label: string;
  public readonly clusterKey: string;
  public readonly usesHttps: boolean;
  public readonly caCertificatesPem?: string;
  public readonly token?: SecretValue;
  /** The service's name in Consul. */
  public readonly service: string;
  /** The tags of which a leader has one, separated by commas; empty when every healthy instance leads. */
  public readonly leaderTags: string;
  /** The datacenter; not set for the agent's own. */
  public readonly datacenter?: string;
  private readonly options: ConsulOptions;

  private constructor(service: string, leaderTags: string, options: ConsulOptions) {
    this.service = service;
    this.leaderTags = leaderTags;
    this.datacenter = options.datacenter;
    this.options = options;
    this.label = `Consul service ${service}`;
    this.clusterKey = `${options.datacenter ?? ""}/${service}`;
    this.usesHttps = options.url.startsWith("https:");
    this.caCertificatesPem = options.caCertificatesPem;
    this.token = options.token;
  }

  /** How an instance of the service is told to lead and to be reached, for any program that handles Consul's answer. */
  public handlerArguments(): string[] {
    return [
      ...(this.leaderTags ? ["--tags", this.leaderTags] : []),
      ...(this.options.useNodeName ? ["--from", "node"] : []),
    ];
  }

  public programArguments(files: LeaderSourceFiles): string[] {
    const { url, datacenter } = this.options;
    return [
      "consul",
      ...["--url", url.replace(/\/+$/, ""), "--service", this.service],
      ...(datacenter ? ["--datacenter", datacenter] : []),
      ...(this.token ? ["--token-file", files.tokenFile] : []),
      ...(this.caCertificatesPem ? ["--ca-file", files.caFile] : []),
      ...this.handlerArguments(),
    ];
  }

  public check(checks: SynthChecks): void {
    const { url, datacenter } = this.options;
    checks.matches(
      "source.service",
      this.service,
      /^[a-z0-9]([a-z0-9-]{0,228}[a-z0-9])?$/,
      "allowed are 1 to 230 lower-case letters, digits and hyphens, so that the name is one of DNS",
    );
    checks.check(
      "source.service",
      this.service,
      () => this.service !== "consul",
      "Consul itself has this name",
    );
    checks.matches(
      "source.url",
      url,
      /^https?:\/\/[A-Za-z0-9.[\]:_-]+\/*$/,
      "allowed is http:// or https://, a host and a port, without a path",
    );
    checks.matches(
      "source.datacenter",
      datacenter,
      /^[a-z0-9_-]+$/,
      "allowed are lower-case letters, digits, hyphens and underscores",
    );
    if (this.caCertificatesPem && isResolved(url) && !this.usesHttps)
      checks.fail("source.caCertificatesPem", "a text", "it has no use without https");
    if (
      this.token &&
      isResolved(url) &&
      !this.usesHttps &&
      !/^http:\/\/(127\.0\.0\.1|localhost|\[::1\])[:/]?/.test(url)
    ) {
      checks.optOut("source.url: Consul's token goes over the network without TLS");
    }
  }
}

/** One member of a Patroni cluster. */
export interface PatroniMember {
  /** The host by which PgBouncer reaches the member's PostgreSQL; the server's certificate has to name it. */
  readonly host: string;
  /** The port of the member's PostgreSQL. @default 5432 */
  readonly port?: number;
  /** Patroni's address on the member, such as `http://db1.example.com:8008`. @default - http, the host, port 8008 */
  readonly apiUrl?: string;
}

/** Options of a `PatroniLeaderSource`. */
export interface PatroniLeaderSourceOptions {
  /** Who signed the certificates of Patroni's interface, as PEM text; may be a token. @default - a public authority */
  readonly caCertificatesPem?: string;
}

/**
 * The members of a Patroni cluster, asked one by one; no Consul needed. Patroni answers that it leads only while it holds the
 * cluster's lock.
 *
 * @example
 * new PatroniLeaderSource([{ host: "db1.example.com" }, { host: "db2.example.com" }]);
 */
export class PatroniLeaderSource implements ILeaderSource {
  public readonly label: string;
  public readonly clusterKey: string;
  public readonly usesHttps: boolean;
  public readonly caCertificatesPem?: string;
  /** The members. */
  public readonly members: PatroniMember[];

  /**
   * @param members all members of the cluster; one that is missing here can never lead.
   * @param options how to reach them.
   */
  public constructor(members: PatroniMember[], options: PatroniLeaderSourceOptions = {}) {
    this.members = members;
    this.label = `Patroni on ${members.map((m) => m.host).join(", ")}`;
    this.clusterKey = members.map(address).sort().join(",");
    this.usesHttps = members.some((m) => apiUrl(m).startsWith("https:"));
    this.caCertificatesPem = options.caCertificatesPem;
  }

  public programArguments(files: LeaderSourceFiles): string[] {
    return [
      "patroni",
      ...this.members.flatMap((m) => ["--member", `${address(m)}=${apiUrl(m).replace(/\/+$/, "")}`]),
      ...(this.caCertificatesPem ? ["--ca-file", files.caFile] : []),
    ];
  }

  public check(checks: SynthChecks): void {
    if (this.members.length < 2) {
      checks.fail(
        "source.members",
        this.members.map((m) => m.host),
        "a cluster has at least two members; a single server needs no watch",
      );
    }
    const seen = new Set<string>();
    for (const member of this.members) {
      checks.matches(
        "source.members.host",
        member.host,
        /^[A-Za-z0-9._:-]+$/,
        "allowed is a DNS name or an address, without scheme and port",
      );
      checks.wholeNumber("source.members.port", member.port, 1, 65_535);
      checks.matches(
        "source.members.apiUrl",
        member.apiUrl,
        /^https?:\/\/[A-Za-z0-9.[\]:_-]+\/*$/,
        "allowed is http:// or https://, a host and a port, without a path",
      );
      const key = address(member);
      if (seen.has(key)) checks.fail("source.members", key, "each member may be there once");
      seen.add(key);
    }
  }
}

function address(member: PatroniMember): string {
  return `${member.host}:${numberText(member.port ?? 5432)}`;
}

function apiUrl(member: PatroniMember): string {
  const host = isResolved(member.host) && member.host.includes(":") ? `[${member.host}]` : member.host;
  return member.apiUrl ?? `http://${host}:8008`;
}
