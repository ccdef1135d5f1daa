// What the chart finds in Kubernetes: one secret with a key for each logical database of Rails, and one for each component that
// has a login of its own. Nothing of it is in Terraform's state.

import type { ClientCertificate, IDatabase, TlsTrust } from "../../database";
import { SecretEntry } from "../../kubernetes";
import type { DatabaseTopology } from "../topology/database-topology";
import { directPasswordKey, hasDirectLogin, isPooled, passwordKey } from "./release-database-values";
import { SSL_KEYS } from "./release-tls";

/** The passwords of main, ci, sec and embedding. */
export function railsEntries(topology: DatabaseTopology): SecretEntry[] {
  return topology.rails.flatMap((entry) => [
    ...password(passwordKey(entry.name), entry.database),
    ...(isPooled(entry) && hasDirectLogin(entry)
      ? password(directPasswordKey(entry.name), entry.direct)
      : []),
  ]);
}

/** One password; none when the login has none, which is reported elsewhere. */
export function password(key: string, { owner }: IDatabase): SecretEntry[] {
  return owner.password ? [SecretEntry.secret(key, owner.password)] : [];
}

/** A client certificate with the server's authorities: all four values of the chart's map, or no secret. */
export function clientEntries(certificate: ClientCertificate, authorities: string): SecretEntry[] {
  return [
    SecretEntry.certificate(SSL_KEYS.serverCA, authorities),
    SecretEntry.certificate(SSL_KEYS.clientCertificate, certificate.certificatePem),
    SecretEntry.privateKey(SSL_KEYS.clientKey, certificate.privateKeyPem),
  ];
}

/** The trusts of all servers that pods of the release connect to. */
export function trusts(databases: readonly IDatabase[]): TlsTrust[] {
  return [...new Set(databases.map(({ server }) => server.tls))];
}
