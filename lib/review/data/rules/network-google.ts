// Read 2026-11. VPC networks, private services access, firewall and DNS of Google Cloud. Pages of the google provider 6.50.0.

import { changed, enabled, except, grows, shrinks, to } from "../../rules/changes";
import { type Rule, rulesOf } from "../../rules/rule";

const PROVIDER = "https://github.com/hashicorp/terraform-provider-google/blob/v6.50.0/website/docs/r/";
const connection = rulesOf(
  "google_service_networking_connection",
  `${PROVIDER}service_networking_connection.html.markdown`,
);
const range = rulesOf("google_compute_global_address", `${PROVIDER}compute_global_address.html.markdown`);
const firewall = rulesOf("google_compute_firewall", "https://cloud.google.com/firewall/docs/firewalls");
const network = rulesOf(
  ["google_compute_network", "google_compute_subnetwork"],
  `${PROVIDER}compute_network.html.markdown`,
);
const dns = rulesOf(
  ["google_dns_managed_zone", "google_dns_record_set"],
  `${PROVIDER}dns_record_set.html.markdown`,
);
const member = rulesOf(
  ["google_project_iam_member", "google_service_account_iam_member"],
  "https://cloud.google.com/iam/docs/granting-changing-revoking-access",
);
const WORLD = ["0.0.0.0/0", "::/0"] as const;
/** A rule has allow or deny blocks, never both. */
const ALLOWS = { deny: null } as const;

/** Network of Google Cloud. */
export const NETWORK_GOOGLE_RULES: readonly Rule[] = [
  connection.when(["destroy", "replace"], {
    id: "PSA-DELETED",
    where: { deletion_policy: null },
    effects: ["failure", "outage"],
    words:
      'Google refuses while an instance uses the connection ("Producer services are still using this connection"): the apply fails. Otherwise private addresses of Cloud SQL become unreachable.',
    next: "Set deletion_policy to ABANDON only to give the connection up on purpose.",
  }),
  connection.when(["destroy", "replace"], {
    id: "PSA-ABANDONED",
    where: { deletion_policy: "ABANDON" },
    effects: ["weaker"],
    words: "Terraform forgets the connection and leaves it in the network (deletion_policy ABANDON).",
  }),
  connection.on("reserved_peering_ranges", shrinks, {
    id: "PSA-RANGES-LESS",
    effects: ["failure"],
    certainty: "likely",
    words: "A range in use cannot be taken from the connection.",
  }),
  range.when(["destroy", "replace"], {
    id: "PSA-RANGE-DELETED",
    effects: ["failure", "outage"],
    certainty: "likely",
    words:
      "An address range that a private services connection uses cannot be deleted: the apply fails. Another range gives new instances other addresses.",
  }),
  firewall.on("source_ranges", to(...WORLD), {
    id: "GFIREWALL-OPEN-TO-INTERNET",
    actions: ["create", "update", "replace"],
    where: ALLOWS,
    effects: ["exposure"],
    words: "Every address on the internet may connect to targets that have a public address.",
  }),
  firewall.on("source_ranges", except(grows, to(...WORLD)), {
    id: "GFIREWALL-MORE",
    where: ALLOWS,
    effects: ["exposure"],
    words: "More clients than before may connect.",
  }),
  firewall.on("source_ranges", except(shrinks, to(...WORLD)), {
    id: "GFIREWALL-LESS",
    where: ALLOWS,
    effects: ["outage"],
    words: "Clients in a removed range lose the connection.",
  }),
  firewall.on("source_ranges", changed, {
    id: "GFIREWALL-DENIES",
    where: { allow: null },
    effects: ["outage", "exposure"],
    certainty: "likely",
    words: "A deny rule holds for other clients than before: some are refused now, others are no longer.",
  }),
  firewall.on(["allow", "deny"], changed, {
    id: "GFIREWALL-PORTS",
    effects: ["outage", "exposure"],
    certainty: "likely",
    words: "Other ports or protocols than before are allowed or denied.",
  }),
  firewall.on("disabled", enabled, {
    id: "GFIREWALL-DISABLED",
    effects: ["outage", "exposure"],
    words: "The rule no longer holds: what it allowed is refused, what it denied is allowed by other rules.",
  }),
  firewall.when(["destroy", "replace"], {
    id: "GFIREWALL-REMOVED",
    effects: ["outage", "exposure"],
    words:
      "What the rule allowed is refused, what it denied is allowed by other rules; a replacement is without the rule for a moment.",
  }),
  network.when(["destroy", "replace"], {
    id: "GNETWORK-DELETED",
    effects: ["failure", "outage"],
    words:
      "Google refuses to delete a network or subnet in use: the apply fails. Otherwise all in it is unreachable.",
    certainty: "likely",
  }),
  dns.when(["destroy", "replace"], {
    id: "GDNS-DELETED",
    effects: ["outage"],
    words:
      "Names are no longer resolved, or not until they are created again; clients keep an old answer for its TTL.",
  }),
  dns.on("rrdatas", changed, {
    id: "GDNS-MOVED",
    effects: ["outage"],
    words: "The name leads to another address; clients keep the old answer for its TTL.",
  }),
  member.when(["destroy", "replace"], {
    id: "GIAM-MEMBER-REMOVED",
    effects: ["outage"],
    words:
      "The principal loses this role, or is without it until the new one is created: what it does with the role fails.",
  }),
];
