// Read 2026-11. What Terraform keeps: passwords and keys in the state, and resources that it forgets.
// https://registry.terraform.io/providers/hashicorp/random/3.7.2/docs, https://developer.hashicorp.com/terraform/language/block/removed

import { type Rule, rulesOf } from "../../rules/rule";
import { KINDS } from "../kinds";

const generated = rulesOf(
  ["random_password", "random_string", "random_id", "random_bytes"],
  "https://github.com/hashicorp/terraform-provider-random/blob/v3.7.2/docs/resources/password.md",
);
const secret = rulesOf(
  ["random_password", "random_bytes"],
  "https://github.com/hashicorp/terraform-provider-random/blob/v3.7.2/docs/resources/password.md",
);
const tlsKey = rulesOf(
  "tls_private_key",
  "https://github.com/hashicorp/terraform-provider-tls/blob/v4.1.0/docs/resources/private_key.md",
);
const holdingData = [...KINDS].filter(([, kind]) => kind.holdsData === true).map(([type]) => type);
const IN_STATE = ["random_password", "random_string", "random_id", "random_bytes", "tls_private_key"];
const kept = rulesOf(
  holdingData.filter((type) => !IN_STATE.includes(type)),
  "https://developer.hashicorp.com/terraform/language/block/removed",
);

/** Values in the state, and forgotten resources. */
export const TERRAFORM_STATE_RULES: readonly Rule[] = [
  generated.when(["replace", "replace-and-forget"], {
    id: "GENERATED-VALUE-NEW",
    effects: ["outage"],
    words:
      "Another value is generated, and the old one is gone: passwords and names that come from it change in this plan.",
    next: "Look for what refers to it: a name that replaces a server, a password that clients still have.",
  }),
  secret.when(["replace", "replace-and-forget"], {
    id: "GENERATED-SECRET-NEW",
    effects: ["data-loss"],
    certainty: "likely",
    words:
      "If the old value encrypted data, such as the secrets in a database, that data can no longer be read.",
    next: "Copy the old value into a secret store first, unless it was a password only.",
  }),
  generated.when(["destroy", "forget"], {
    id: "GENERATED-VALUE-GONE",
    effects: ["data-loss"],
    certainty: "likely",
    words: "The value is removed from the state. If it is nowhere else, what it decrypts or opens is lost.",
  }),
  tlsKey.when(["destroy", "forget", "replace", "replace-and-forget"], {
    id: "PRIVATE-KEY-NEW",
    effects: ["data-loss", "outage"],
    certainty: "likely",
    words:
      "The private key is removed from the state: certificates of it no longer work, and what is encrypted for it cannot be read.",
  }),
  kept.when("forget", {
    id: "FORGOTTEN",
    effects: [],
    when: "later",
    words:
      "Terraform forgets the resource and leaves it as it is, with its data: from now on no program manages its backups, protections and patches, and it is charged on.",
    next: "Import it into another program, or write down what manages it.",
  }),
  kept.when("replace-and-forget", {
    id: "REPLACED-AND-KEPT",
    effects: ["outage"],
    certainty: "likely",
    words:
      "Terraform creates a new, empty resource and forgets the present one, which stays with its data, is no longer managed, and is charged on. What names the resource gets the new one. If the name has to be unique, the creation fails.",
    next: "Copy the data and let the applications follow, or take back what causes the replacement.",
    source: "https://developer.hashicorp.com/terraform/language/meta-arguments#lifecycle",
  }),
];
