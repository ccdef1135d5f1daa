// How many connections a server takes by default. Sources, read 2026-11: AWS prescriptive guidance "max_connections"
// and awsdocs/amazon-aurora-user-guide (PostgreSQL: LEAST(memory/9531392, 5000); MySQL: memory/12582880; the memory a
// server sees is 5 to 10 % under the nominal, so 0.85 of the formula is counted on); learn.microsoft.com
// flexible-server concepts-limits; azure-databases-docs concepts-server-parameters; cloud.google.com/sql/docs "quotas"
// and "flags". The Cloud SQL steps for PostgreSQL above 25 are remembered, not re-read [rec].

export const AWS_POSTGRES = { bytesPerConnection: 9_531_392, cap: 5_000, usable: 0.85 };
export const AWS_MYSQL = { bytesPerConnection: 12_582_880, cap: 16_000, usable: 0.85 };

/** Cloud SQL for PostgreSQL: from this much memory in GB, so many connections. */
export const GOOGLE_POSTGRES: readonly { fromGB: number; connections: number }[] = [
  { fromGB: 120, connections: 1000 },
  { fromGB: 60, connections: 800 },
  { fromGB: 30, connections: 600 },
  { fromGB: 15, connections: 500 },
  { fromGB: 7.5, connections: 400 },
  { fromGB: 6, connections: 200 },
  { fromGB: 3.75, connections: 100 },
  { fromGB: 1.7, connections: 50 },
  { fromGB: 0, connections: 25 },
];

/** Cloud SQL for MySQL. */
export const GOOGLE_MYSQL: readonly { fromGB: number; connections: number }[] = [
  { fromGB: 3.75, connections: 4000 },
  { fromGB: 1.7, connections: 1000 },
  { fromGB: 0, connections: 250 },
];

/** Azure flexible server for PostgreSQL: a table, since 32 GiB is off by one from the formula. */
export const AZURE_POSTGRES: readonly { fromGB: number; connections: number }[] = [
  { fromGB: 48, connections: 5000 },
  { fromGB: 32, connections: 3437 },
  { fromGB: 16, connections: 1718 },
  { fromGB: 8, connections: 859 },
  { fromGB: 4, connections: 429 },
  { fromGB: 0, connections: 50 },
];

/** Azure flexible server for MySQL. */
export const AZURE_MYSQL: readonly { fromGB: number; connections: number }[] = [
  { fromGB: 256, connections: 21_845 },
  { fromGB: 128, connections: 10_923 },
  { fromGB: 64, connections: 5_461 },
  { fromGB: 32, connections: 2_731 },
  { fromGB: 16, connections: 1_365 },
  { fromGB: 8, connections: 683 },
  { fromGB: 4, connections: 341 },
  { fromGB: 0, connections: 171 },
];

/**
 * Connections that the server or the cloud keeps for itself: PostgreSQL's superuser_reserved_connections (3); on RDS also
 * rds.rds_superuser_reserved_connections (2) and three for automation; 15 on Azure (concepts-limits); 10 on Cloud SQL [rec].
 */
export const RESERVED_CONNECTIONS: { readonly [cloud: string]: number } = {
  aws: 8,
  google: 10,
  azure: 15,
  "self-managed": 3,
};

/** PostgreSQL's and MySQL's own defaults, for a server of which nothing else is known. */
export const VANILLA_MAXIMUM: { readonly [family: string]: number } = { postgres: 100, mysql: 151 };
