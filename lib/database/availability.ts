/**
 * High availability mode of a server.
 *
 * @see https://docs.aws.amazon.com/AmazonRDS/latest/UserGuide/Concepts.MultiAZ.html
 * @see https://cloud.google.com/sql/docs/postgres/high-availability
 * @see https://learn.microsoft.com/azure/reliability/reliability-postgresql-flexible-server
 */
export enum Availability {
  /** Standby in another availability zone with automatic failover: Multi-AZ on RDS, REGIONAL on Cloud SQL, ZoneRedundant on Azure. */
  ZONE_REDUNDANT = "zone-redundant",
  /** One zone, without a standby; for trials and for data that can be recreated. */
  ZONAL = "zonal",
}
