import type { SecretValue } from "../../database";
import { isResolved } from "../../database/private";
import {
  type ILeaderSource,
  type LeaderSourceFiles,
  type LeaderSourceProblem,
  optionProblem,
} from "./leader-source";

/** Connection to Consul. @see https://developer.hashicorp.com/consul/api-docs/health */
export interface ConsulOptions {
  /**
   * URL of Consul, such as `https://consul.example.com:8501`; preferably of the agent on the pooler's node.
   *
   * @see https://developer.hashicorp.com/consul/api-docs/health
   */
  readonly url: string;
  /**
   * Datacenter. @default - the agent's datacenter
   *
   * @see https://developer.hashicorp.com/consul/api-docs/health
   */
  readonly datacenter?: string;
  /**
   * ACL token with the policy `consulWatchPolicy()`. @default - none: Consul without ACLs
   *
   * @see https://developer.hashicorp.com/consul/docs/security/acl/acl-rules
   */
  readonly token?: SecretValue;
  /** CA certificates of Consul in PEM format; may be a token. @default - the system's CA certificates */
  readonly caCertificatesPem?: string;
  /**
   * Connects PgBouncer to the node name instead of the service address, when the server certificate has the node name. @default false
   *
   * @see https://developer.hashicorp.com/consul/api-docs/health
   */
  readonly useNodeName?: boolean;
}

/**
 * Leader source: Consul service of a PostgreSQL cluster. Several clusters may share one Consul; each needs a separate service.
 *
 * @see https://patroni.readthedocs.io/en/latest/yaml_configuration.html#consul
 *
 * @example
 * ConsulLeaderSource.fromPatroni("gitlab-main", { url: "http://consul-server.consul.svc:8500" });
 */
export class ConsulLeaderSource implements ILeaderSource {
  /**
   * The service that Patroni registers (`consul.register_service: true`). The leader has the tag `primary` (`master` in old versions).
   *
   * @param scope the `scope` of the Patroni cluster.
   * @param options connection to Consul.
   */
  public static fromPatroni(scope: string, options: ConsulOptions): ConsulLeaderSource {
    return new ConsulLeaderSource(
      isResolved(scope) ? patroniServiceName(scope) : scope,
      "primary,master",
      options,
    );
  }

  /**
   * A service whose health check passes on the leader only, such as the service `postgresql` of GitLab's Linux package, checked by
   * `gitlab-ctl patroni check-leader`.
   *
   * @param service name of the service.
   * @param options connection to Consul.
   */
  public static fromService(service: string, options: ConsulOptions): ConsulLeaderSource {
    return new ConsulLeaderSource(service, "", options);
  }

  public readonly label: string;
  public readonly clusterKey: string;
  public readonly usesHttps: boolean;
  public readonly sendsTokenInClearText: boolean;
  public readonly caCertificatesPem?: string;
  public readonly token?: SecretValue;
  /** Name of the Consul service. */
  public readonly service: string;
  /** Tags that mark the leader, separated by commas; empty when every healthy instance is a leader. */
  public readonly leaderTags: string;
  /** Datacenter; not set for the agent's datacenter. */
  public readonly datacenter?: string;
  private readonly options: ConsulOptions;

  private constructor(service: string, leaderTags: string, options: ConsulOptions) {
    this.service = service;
    this.leaderTags = leaderTags;
    this.datacenter = options.datacenter;
    this.options = options;
    this.label = `Consul service ${service}`;
    this.clusterKey = `${options.datacenter ?? ""}/${service}`;
    const url = options.url ?? "";
    this.usesHttps = url.startsWith("https:");
    this.sendsTokenInClearText =
      options.token !== undefined &&
      isResolved(url) &&
      !this.usesHttps &&
      !/^http:\/\/(127\.0\.0\.1|localhost|\[::1\])[:/]?/.test(url);
    this.caCertificatesPem = options.caCertificatesPem;
    this.token = options.token;
  }

  /** Arguments that select the leader and its address in Consul's answer. */
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
      ...["--url", (url ?? "").replace(/\/+$/, ""), "--service", this.service],
      ...(datacenter ? ["--datacenter", datacenter] : []),
      ...(this.token ? ["--token-file", files.tokenFile] : []),
      ...(this.caCertificatesPem ? ["--ca-file", files.caFile] : []),
      ...this.handlerArguments(),
    ];
  }

  public problems(): LeaderSourceProblem[] {
    const { url, datacenter } = this.options;
    return [
      ...optionProblem(
        "service",
        this.service,
        (text) => /^[a-z0-9]([a-z0-9-]{0,228}[a-z0-9])?$/.test(text),
        "must be 1 to 230 lower-case letters, digits and hyphens, so that Consul's DNS can serve it",
      ),
      ...optionProblem(
        "service",
        this.service,
        (text) => text !== "consul",
        "must not be the service of Consul",
      ),
      ...(url ? [] : [{ option: "url", rule: "must be set" }]),
      ...optionProblem(
        "url",
        url,
        (text) => /^https?:\/\/[A-Za-z0-9.[\]:_-]+\/*$/.test(text),
        "must be a URL with http:// or https://, a host and a port, without a path",
      ),
      ...optionProblem(
        "datacenter",
        datacenter,
        (text) => /^[a-z0-9_-]+$/.test(text),
        "must be lower-case letters, digits, hyphens and underscores",
      ),
      ...(this.caCertificatesPem && isResolved(url) && !this.usesHttps
        ? [{ option: "caCertificatesPem", value: "text", rule: "must not be set without https" }]
        : []),
    ];
  }
}

/**
 * Name of the Consul service that Patroni registers: the cluster's scope in lower case, with hyphens for dots, spaces and
 * underscores.
 *
 * @param scope the `scope` of the Patroni cluster, such as `gitlab_main`.
 */
export function patroniServiceName(scope: string): string {
  // From Patroni's dcs/consul.py: 230 characters leave room for the rest of the DNS name.
  return scope
    .toLowerCase()
    .replace(/[^a-z0-9-]/g, (c) => (/[. _]/.test(c) ? "-" : `u${String(c.codePointAt(0)).padStart(4, "0")}`))
    .slice(0, 230);
}

/**
 * Consul ACL policy, in HCL, with which a watch reads the health of services. Service health needs read access to service and
 * node.
 *
 * @param services names of the services.
 * @see https://developer.hashicorp.com/consul/docs/security/acl/acl-rules
 */
export function consulWatchPolicy(services: string[]): string {
  const rules = [...new Set(services)]
    .sort()
    .map((name) => `service ${JSON.stringify(name)} {\n  policy = "read"\n}\n`);
  return `${rules.join("")}node_prefix "" {\n  policy = "read"\n}\n`;
}

/**
 * Consul ACL policy, in HCL, with which Patroni registers one cluster of several in one Consul: service, keys and session of its
 * scope, and no keys of other clusters.
 *
 * @param scope the `scope` of the Patroni cluster.
 * @param namespace the `namespace` of Patroni, the folder of its keys. @default "service"
 * @see https://patroni.readthedocs.io/en/latest/yaml_configuration.html
 */
export function consulPatroniPolicy(scope: string, namespace?: string): string {
  const folder = (namespace ?? "service").replace(/^\/+|\/+$/g, "");
  return (
    `service_prefix ${JSON.stringify(patroniServiceName(scope))} {\n  policy = "write"\n}\n` +
    `key_prefix ${JSON.stringify(`${folder}/${scope}/`)} {\n  policy = "write"\n}\n` +
    'session_prefix "" {\n  policy = "write"\n}\n'
  );
}
