// The installer's rule for domains: `fqdn` of go-playground/validator v10, whose expression validation.go of 2022.11.3 repeats,
// but for the dot at the end: the installer takes it, and every certificate and URL would have it inside a name.

import type { SynthChecks } from "../../database/private";

/** What the installer takes for a fully qualified domain name. */
export const FQDN =
  /^[a-zA-Z0-9][a-zA-Z0-9-]{0,62}(\.[a-zA-Z0-9][a-zA-Z0-9-]{0,62})*?\.[a-zA-Z][a-zA-Z0-9]{0,62}$/;

/** The rule in words. */
export const FQDN_RULE =
  "allowed is a domain such as gitpod.example.com, without scheme, star, port and path, whose last part begins with a letter";

/** Reports what the installer does not take for a domain. */
export function checkDomain(checks: SynthChecks, property: string, domain: string): void {
  checks.matches(property, domain, FQDN, FQDN_RULE);
}
