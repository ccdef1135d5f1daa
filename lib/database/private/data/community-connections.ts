// Defaults of the engines themselves, for servers of which nothing else is known: postgresql.org "Connections and Authentication",
// dev.mysql.com "Server System Variables"; read 2026-11.

/** Default `max_connections`, by engine family. */
export const COMMUNITY_MAX_CONNECTIONS: { readonly [family: string]: number } = { postgres: 100, mysql: 151 };

/** PostgreSQL's superuser_reserved_connections; also used for MySQL, on the safe side. */
export const COMMUNITY_RESERVED_CONNECTIONS = 3;
