// The private-link sub-resource and DNS zone of each service. Source: learn.microsoft.com "Azure Private Endpoint private
// DNS zone values", public cloud, read 2026-11.

/** What a private endpoint of a service needs. */
export interface PrivateLinkService {
  /** The sub-resource of the service that the endpoint connects to. */
  readonly subresource: string;
  /** The private DNS zone in which the endpoint's address is found. */
  readonly zone: string;
  /** The port, for the network's rules. */
  readonly port: number;
}

/** The services, by the name that construct ids use. */
export const PRIVATE_LINK: { readonly [service: string]: PrivateLinkService } = {
  postgres: { subresource: "postgresqlServer", zone: "privatelink.postgres.database.azure.com", port: 5432 },
  mysql: { subresource: "mysqlServer", zone: "privatelink.mysql.database.azure.com", port: 3306 },
  vault: { subresource: "vault", zone: "privatelink.vaultcore.azure.net", port: 443 },
  blob: { subresource: "blob", zone: "privatelink.blob.core.windows.net", port: 443 },
  registry: { subresource: "registry", zone: "privatelink.azurecr.io", port: 443 },
};

/** The suffix that the zone of a server in a delegated subnet has to end with, and the service it is delegated to. */
export const DELEGATION: {
  readonly [family: string]: { readonly suffix: string; readonly service: string };
} = {
  postgres: { suffix: ".postgres.database.azure.com", service: "Microsoft.DBforPostgreSQL/flexibleServers" },
  mysql: { suffix: ".mysql.database.azure.com", service: "Microsoft.DBforMySQL/flexibleServers" },
};
