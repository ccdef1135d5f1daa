// Public exposure of a stack's resources. Defaults of a chart are not in the stack.

import { parse } from "yaml";
import { entry } from "./plan/values";
import { list, object, resourcesOf, type StackResource, shown, type Values } from "./stack-json";

const WORLD = new Set(["0.0.0.0/0", "::/0"]);

/** One line for each resource that is reachable from outside. */
export function exposureLines(json: unknown): string[] {
  return resourcesOf(json, "resource").flatMap((resource) =>
    (entry(READERS, resource.type)?.(resource.values, resource) ?? [])
      .filter((line): line is string => typeof line === "string")
      .map((line) => `${resource.path}: ${line}`),
  );
}

type Reader = (values: Values, resource: StackResource) => (string | false)[];

const READERS: { readonly [type: string]: Reader | undefined } = {
  aws_db_instance: (v) => [v.publicly_accessible === true && "public IP address"],
  aws_security_group: (v) =>
    list(v.ingress).flatMap((rule) => {
      const { cidr_blocks: v4, ipv6_cidr_blocks: v6, from_port: from, to_port: to } = object(rule);
      return [...list(v4), ...list(v6)].map((range) => openTo(range, from, to));
    }),
  aws_security_group_rule: (v) =>
    v.type === "ingress"
      ? [...list(v.cidr_blocks), ...list(v.ipv6_cidr_blocks)].map((range) =>
          openTo(range, v.from_port, v.to_port),
        )
      : [],
  aws_vpc_security_group_ingress_rule: (v) =>
    [v.cidr_ipv4, v.cidr_ipv6]
      .filter((range) => range !== undefined)
      .map((range) => openTo(range, v.from_port, v.to_port)),
  google_sql_database_instance: (v) => {
    const ip = object(object(v.settings).ip_configuration);
    return [
      // The provider's default is a public IP address.
      ip.ipv4_enabled !== false && "public IP address",
      ...list(ip.authorized_networks).map((network) => openTo(object(network).value)),
    ];
  },
  azurerm_postgresql_flexible_server: (v) => [
    v.delegated_subnet_id === undefined && v.public_network_access_enabled !== false && "public IP address",
  ],
  azurerm_mysql_flexible_server: (v) => [
    v.delegated_subnet_id === undefined && v.public_network_access !== "Disabled" && "public IP address",
  ],
  azurerm_postgresql_flexible_server_firewall_rule: firewall,
  azurerm_mysql_flexible_server_firewall_rule: firewall,
  kubernetes_service_v1: (v) => service(object(v.spec).type),
  kubernetes_service: (v) => service(object(v.spec).type),
  kubernetes_ingress_v1: () => ["Ingress"],
  helm_release: (v) => list(v.values).flatMap((text) => servicesIn(text)),
};

function openTo(range: unknown, from?: unknown, to?: unknown): string {
  const ports =
    from === undefined ? "" : ` on port ${from === to ? shown(from) : `${shown(from)}-${shown(to)}`}`;
  const source = typeof range === "string" && WORLD.has(range) ? "THE INTERNET" : shown(range);
  return `open to ${source}${ports}`;
}

function firewall(v: Values): string[] {
  const { start_ip_address: start, end_ip_address: end } = v;
  // Azure: 0.0.0.0 to 0.0.0.0 allows all Azure services, of all customers.
  if (start === "0.0.0.0" && end === "0.0.0.0") return ["open to ALL AZURE SERVICES, of all customers"];
  if (start === "0.0.0.0" && end === "255.255.255.255") return ["open to THE INTERNET"];
  return [`open to ${shown(start)} to ${shown(end)}`];
}

function service(type: unknown): (string | false)[] {
  return [(type === "LoadBalancer" || type === "NodePort") && `Service of type ${type}`];
}

/** Services and Ingresses in the values of a Helm release; values with expressions are not read. */
function servicesIn(text: unknown): string[] {
  if (typeof text !== "string" || text.startsWith("${")) return [];
  try {
    return walk(parse(text), []);
  } catch {
    return [];
  }
}

function walk(value: unknown, path: string[]): string[] {
  if (typeof value !== "object" || value === null) return [];
  return Object.entries(value).flatMap(([key, member]) => {
    const here = [...path, key];
    if (key === "type" && (member === "LoadBalancer" || member === "NodePort")) {
      return [`Service of type ${member} (value ${here.join(".")})`];
    }
    const isIngress = /ingress$/i.test(path.at(-1) ?? "");
    if (isIngress && (key === "enable" || key === "enabled") && member === true) {
      return [`Ingress (value ${here.join(".")})`];
    }
    return walk(member, here);
  });
}
