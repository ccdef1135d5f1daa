// Host, port and TLS trust of an instance, as its clients need them.

import { DataGoogleSqlCaCerts } from "@cdktf/provider-google/lib/data-google-sql-ca-certs";
import type { SqlDatabaseInstance } from "@cdktf/provider-google/lib/sql-database-instance";
import { type ITerraformDependable, ref } from "cdktf";
import type { Construct } from "constructs";
import type { Endpoint, TlsTrust } from "../../database";
import { physicalName, terraformCall } from "../../database/private";
import type { CloudSqlInstanceSpec } from "./cloud-sql-instance";
import { CloudSqlCertificateAuthority, TlsMode } from "./cloud-sql-tls";

/** Creates the network resources that clients of an instance need. @internal */
export function connectInstance(
  scope: Construct,
  resource: SqlDatabaseInstance,
  spec: Pick<CloudSqlInstanceSpec, "engine" | "network" | "region" | "options">,
): { endpoint: Endpoint; tls: TlsTrust; dependables: ITerraformDependable[] } {
  const { options, network, region } = spec;
  const { hostnameVerifiable } = options.certificateAuthority ?? CloudSqlCertificateAuthority.PER_INSTANCE;
  const { host, dependables } = network.connect(scope, {
    instance: resource,
    region,
    namePrefix: physicalName(scope, 50),
    hostnameVerifiable,
    tags: options.tags,
    provider: options.provider,
  });
  return {
    endpoint: { host, port: spec.engine.defaultPort, isPrivate: true },
    tls: {
      enforced: options.tlsMode !== TlsMode.OPTIONAL,
      caCertificatesPem: serverCas(scope, resource, spec),
      hostnameVerifiable,
    },
    dependables,
  };
}

/**
 * The server CAs that clients trust. A CA per instance is rotated by a person, who adds the upcoming one first: clients have to trust it
 * before the instance uses it, and the resource has the active one only. "Lists all of the trusted CAs: ... currently in use, ... added but
 * not yet used, and ... previously rotated out" (instances.listServerCas). A CA of Certificate Authority Service is not listed there.
 *
 * @see https://cloud.google.com/sql/docs/postgres/admin-api/rest/v1/instances/listServerCas
 */
function serverCas(
  scope: Construct,
  resource: SqlDatabaseInstance,
  { options }: Pick<CloudSqlInstanceSpec, "options">,
): string {
  // The provider marks the certificate sensitive, which it is not, and which would hide half of every plan.
  if (options.certificateAuthority?.hostnameVerifiable)
    return terraformCall("nonsensitive", resource.serverCaCert.get(0).cert);
  const cas = new DataGoogleSqlCaCerts(scope, "ServerCas", {
    // Not the name, which is known before the instance exists.
    instance: resource.selfLink,
    provider: options.provider,
  });
  const certificates = ref(`data.google_sql_ca_certs.${cas.friendlyUniqueId}.certs[*].cert`, cas.cdktfStack);
  return terraformCall("join", "\n", terraformCall("sort", certificates));
}
