// What of a stack the world can reach, as far as the stack says so. A chart's own defaults are not in the stack.

import { parse } from "yaml";
import { list, object, resourcesOf, type StackResource, shown, type Values } from "./stack-json";

const WORLD = new Set(["0.0.0.0/0", "::/0"]);

/** Everything in a stack that opens it to the outside, each in one line. */
export function exposureLines(json: unknown): string[] {
  return resourcesOf(json, "resource").flatMap((resource) =>
    (READERS[resource.type]?.(resource.values, resource) ?? [])
      .filter((line): line is string => typeof line === "string")
      .map((line) => `${resource.path}: ${line}`),
  );
}

type Reader = (values: Values, resource: StackResource) => (string | false)[];

const READERS: { readonly [type: string]: Reader | undefined } = {
  aws_db_instance: (v) => [v.publicly_accessible === true && "the database has a public address"],
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
      // The provider's default is a public address.
      ip.ipv4_enabled !== false && "the database has a public address",
      ...list(ip.authorized_networks).map((network) => openTo(object(network).value)),
    ];
  },
  azurerm_postgresql_flexible_server: (v) => [
    v.delegated_subnet_id === undefined &&
      v.public_network_access_enabled !== false &&
      "the database has a public address",
  ],
  azurerm_mysql_flexible_server: (v) => [
    v.delegated_subnet_id === undefined &&
      v.public_network_access !== "Disabled" &&
      "the database has a public address",
  ],
  azurerm_postgresql_flexible_server_firewall_rule: firewall,
  azurerm_mysql_flexible_server_firewall_rule: firewall,
  kubernetes_service_v1: (v) => service(object(v.spec).type),
  kubernetes_service: (v) => service(object(v.spec).type),
  kubernetes_ingress_v1: () => ["an ingress"],
  helm_release: (v) => list(v.values).flatMap((text) => servicesIn(text)),
};

function openTo(range: unknown, from?: unknown, to?: unknown): string {
  const ports =
    from === undefined ? "" : ` on port ${from === to ? shown(from) : `${shown(from)}-${shown(to)}`}`;
  const who = typeof range === "string" && WORLD.has(range) ? "THE WHOLE INTERNET" : shown(range);
  return `open to ${who}${ports}`;
}

function firewall(v: Values): string[] {
  const { start_ip_address: start, end_ip_address: end } = v;
  // Azure's way to say "anything that runs in Azure", of whomever.
  if (start === "0.0.0.0" && end === "0.0.0.0") return ["open to EVERYTHING IN AZURE, of all customers"];
  if (start === "0.0.0.0" && end === "255.255.255.255") return ["open to THE WHOLE INTERNET"];
  return [`open to ${shown(start)} to ${shown(end)}`];
}

function service(type: unknown): (string | false)[] {
  return [(type === "LoadBalancer" || type === "NodePort") && `a service of type ${type}`];
}

/** Services and ingresses that the values of a Helm release ask for; values that Terraform computes are not read. */
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
      return [`a service of type ${member} (value ${here.join(".")})`];
    }
    const isIngress = /ingress$/i.test(path.at(-1) ?? "");
    if (isIngress && (key === "enable" || key === "enabled") && member === true) {
      return [`an ingress (value ${here.join(".")})`];
    }
    return walk(member, here);
  });
}
