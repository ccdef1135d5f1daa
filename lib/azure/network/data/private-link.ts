// Private Link subresource and private DNS zone of each service. Source: learn.microsoft.com "Azure Private Endpoint private
// DNS zone values", public cloud, read 2026-11.

/** Private Link values of a service. */
export interface PrivateLinkService {
  /** Subresource (group ID) that the private endpoint connects to. */
  readonly subresource: string;
  /** Name of the private DNS zone. */
  readonly zone: string;
  /** Port, for the network security group. */
  readonly port: number;
}

/** Services, by the names that construct ids use. */
export const PRIVATE_LINK: { readonly [service: string]: PrivateLinkService } = {
  postgres: { subresource: "postgresqlServer", zone: "privatelink.postgres.database.azure.com", port: 5432 },
  mysql: { subresource: "mysqlServer", zone: "privatelink.mysql.database.azure.com", port: 3306 },
  vault: { subresource: "vault", zone: "privatelink.vaultcore.azure.net", port: 443 },
  blob: { subresource: "blob", zone: "privatelink.blob.core.windows.net", port: 443 },
  registry: { subresource: "registry", zone: "privatelink.azurecr.io", port: 443 },
};

/** Suffix of the private DNS zone of a server in a delegated subnet, and the service that the subnet is delegated to. */
export const DELEGATION: {
  readonly [family: string]: { readonly suffix: string; readonly service: string };
} = {
  postgres: { suffix: ".postgres.database.azure.com", service: "Microsoft.DBforPostgreSQL/flexibleServers" },
  mysql: { suffix: ".mysql.database.azure.com", service: "Microsoft.DBforMySQL/flexibleServers" },
};
