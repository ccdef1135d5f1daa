// Host, port and TLS trust of an instance, as its clients need them.

import type { SqlDatabaseInstance } from "@cdktf/provider-google/lib/sql-database-instance";
import type { ITerraformDependable } from "cdktf";
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
      // The provider marks the certificate sensitive, which it is not, and which would hide half of every plan.
      // The active server CA alone: the provider has no upcoming one here. See docs/changing-servers.md for its rotation, which was not
      // tried on Cloud SQL.
      caCertificatesPem: terraformCall("nonsensitive", resource.serverCaCert.get(0).cert),
      hostnameVerifiable,
    },
    dependables,
  };
}
