/** What a server survives. */
export enum Availability {
  /** The loss of a zone: a standby in another zone takes over (Multi-AZ, REGIONAL, ZoneRedundant). */
  ZONE_REDUNDANT = "zone-redundant",
  /** The loss of a machine only; for trials and for data that can be made again. */
  ZONAL = "zonal",
}
