// Consul with access control answers nobody without a token. These are the rights that each part needs and no more.
// Sources: Consul's documentation "ACL rules" (health of a service needs service and node read); Patroni's documentation
// (docs/yaml_configuration.rst: service, key and session for its own scope).

/**
 * Patroni's name for the Consul service of a cluster: its scope in lower case, with hyphens for dots, blanks and underscores.
 *
 * @param scope Patroni's scope, such as `gitlab_main`.
 */
export function patroniServiceName(scope: string): string {
  // From Patroni's dcs/consul.py: 230 characters leave room for the DNS name around it.
  return scope
    .toLowerCase()
    .replace(/[^a-z0-9-]/g, (c) => (/[. _]/.test(c) ? "-" : `u${String(c.codePointAt(0)).padStart(4, "0")}`))
    .slice(0, 230);
}

/**
 * The policy, in Consul's language, with which a pooler's watch reads the health of cluster services.
 *
 * @param services the services.
 */
export function consulWatchPolicy(services: string[]): string {
  const rules = [...new Set(services)]
    .sort()
    .map((name) => `service ${JSON.stringify(name)} {\n  policy = "read"\n}\n`);
  return `${rules.join("")}node_prefix "" {\n  policy = "read"\n}\n`;
}

/**
 * The policy with which Patroni registers its cluster, for one cluster of several in one Consul: it reaches no other's keys.
 *
 * @param scope Patroni's scope.
 * @param namespace the folder of its keys. @default "service"
 */
export function consulPatroniPolicy(scope: string, namespace?: string): string {
  const folder = (namespace ?? "service").replace(/^\/+|\/+$/g, "");
  return (
    `service_prefix ${JSON.stringify(patroniServiceName(scope))} {\n  policy = "write"\n}\n` +
    `key_prefix ${JSON.stringify(`${folder}/${scope}/`)} {\n  policy = "write"\n}\n` +
    'session_prefix "" {\n  policy = "write"\n}\n'
  );
}
