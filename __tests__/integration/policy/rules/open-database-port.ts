/** No scanner minds a database port that is open to everyone, on any cloud. */
import type { Attributes } from "../../../support/terraform/plan";
import { planned } from "../../../support/terraform/plan";
import type { Rule } from "./rule";

const ID = "DEVPLATFORMS_OPEN_DATABASE_PORT";
/** MySQL, PostgreSQL, PgBouncer. */
const PORTS = [3306, 5432, 6432];
const EVERYONE = ["0.0.0.0/0", "::/0", "*", "Internet", "Any"];

/** One way in: from where, to which ports. */
interface Opening {
  readonly sources: readonly unknown[];
  readonly from: number;
  readonly to: number;
}

/** How each type of resource says it. */
const READERS: Record<string, (attributes: Attributes) => Opening[]> = {
  aws_vpc_security_group_ingress_rule: (rule) => [
    aws(rule, [rule.cidr_ipv4, rule.cidr_ipv6], rule.ip_protocol),
  ],
  aws_security_group_rule: (rule) =>
    rule.type === "ingress"
      ? [aws(rule, [...list(rule.cidr_blocks), ...list(rule.ipv6_cidr_blocks)], rule.protocol)]
      : [],
  aws_security_group: (group) =>
    (list(group.ingress) as Attributes[]).map((rule) =>
      aws(rule, [...list(rule.cidr_blocks), ...list(rule.ipv6_cidr_blocks)], rule.protocol),
    ),
  google_compute_firewall: (rule) =>
    (list(rule.allow) as Attributes[]).flatMap(({ protocol, ports }) =>
      protocol === "tcp" || protocol === "all" ? ranges(ports, list(rule.source_ranges)) : [],
    ),
  google_sql_database_instance: (server) =>
    blocks(server, "settings", "ip_configuration", "authorized_networks").map((network) =>
      everyPort([network.value]),
    ),
  azurerm_network_security_rule: (rule) =>
    rule.direction === "Inbound" && rule.access === "Allow"
      ? ranges(
          [rule.destination_port_range, ...list(rule.destination_port_ranges)],
          [rule.source_address_prefix, ...list(rule.source_address_prefixes)],
        )
      : [],
  azurerm_postgresql_flexible_server_firewall_rule: azureFirewall,
  azurerm_mysql_flexible_server_firewall_rule: azureFirewall,
};

export const openDatabasePort: Rule = ({ plan }) => {
  const openings = planned(plan).flatMap(({ address, type, change }) =>
    (READERS[type]?.(change.after ?? {}) ?? []).map((opening) => ({ address, opening })),
  );
  return {
    scanned: openings.length,
    findings: openings
      .filter(({ opening }) => opening.sources.some((source) => EVERYONE.includes(String(source))))
      .filter(({ opening }) => PORTS.some((port) => opening.from <= port && port <= opening.to))
      .map(({ address, opening }) => ({
        id: ID,
        resource: address,
        message: `ports ${opening.from} to ${opening.to} are open to ${opening.sources.filter(Boolean).join(", ")}`,
      })),
  };
};

function aws(rule: Attributes, sources: readonly unknown[], protocol: unknown): Opening {
  return protocol === "-1"
    ? everyPort(sources)
    : { sources, from: Number(rule.from_port), to: Number(rule.to_port) };
}

function everyPort(sources: readonly unknown[]): Opening {
  return { sources, from: 0, to: 65535 };
}

/** No ports at all means every port, in Google's firewalls. */
function ranges(ports: unknown, sources: readonly unknown[]): Opening[] {
  const given = list(ports).filter((each) => each !== null && each !== undefined);
  return (given.length === 0 ? ["*"] : given).map((each) => {
    const [from, to] = String(each).split("-");
    return from === "*" ? everyPort(sources) : { sources, from: Number(from), to: Number(to ?? from) };
  });
}

/** Azure's rule from 0.0.0.0 to 0.0.0.0 lets every customer of Azure in. */
function azureFirewall(rule: Attributes): Opening[] {
  const all = rule.start_ip_address === "0.0.0.0";
  return [everyPort(all ? ["0.0.0.0/0"] : [`${rule.start_ip_address}-${rule.end_ip_address}`])];
}

function blocks(attributes: Attributes, ...path: string[]): Attributes[] {
  return path.reduce<Attributes[]>(
    (found, name) => found.flatMap((each) => list(each[name]) as Attributes[]),
    [attributes],
  );
}

function list(value: unknown): unknown[] {
  return Array.isArray(value) ? value : [];
}
