// Default `max_connections` of RDS. Sources, read 2026-11: AWS prescriptive guidance "max_connections" and
// awsdocs/amazon-aurora-user-guide (PostgreSQL: LEAST(memory/9531392, 5000); MySQL: memory/12582880). The memory that a server
// sees is 5 to 10 % under the nominal, so 0.85 of the formula is assumed.

/** PostgreSQL. */
export const POSTGRES_CONNECTIONS = { bytesPerConnection: 9_531_392, cap: 5_000, usable: 0.85 };
/** MySQL. */
export const MYSQL_CONNECTIONS = { bytesPerConnection: 12_582_880, cap: 16_000, usable: 0.85 };

/**
 * Connections that RDS for PostgreSQL reserves: superuser_reserved_connections (3), rds.rds_superuser_reserved_connections (2) and
 * three for automation. Also used for MySQL, on the safe side.
 */
export const RESERVED_CONNECTIONS = 8;
