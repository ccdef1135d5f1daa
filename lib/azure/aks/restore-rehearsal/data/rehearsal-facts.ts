// Image, API versions and names of Azure Resource Manager that a rehearsal uses.
//
// The image has curl (SPECS/core-packages of microsoft/azurelinux: `core-packages-container` requires it) and jq (dockerfile of
// Azure/azure-cli, azure-cli#29830), read 2026-11; it was not pulled here. Its tag is that of azure-cli on PyPI, 2026-10.
// Bodies: the restore of a point in time as in server-protection.ts; `Servers - Update` of Microsoft.DBforPostgreSQL 2024-08-01. Not sent to Azure.

import { EngineFamily } from "../../../../database";

/** Image with curl and jq. */
export const AZURE_CLI_IMAGE = "mcr.microsoft.com/azure-cli:2.91.0";

/** An engine's resource provider. */
export interface ServerApi {
  readonly provider: string;
  readonly apiVersion: string;
  /** Property of the point in time. */
  readonly pointProperty: string;
  /** Property of the private DNS zone of a server in a delegated subnet. */
  readonly zoneProperty: string;
  /** Subresource of a private endpoint. */
  readonly subresource: string;
}

/** Resource providers by engine family. */
export const SERVER_API: { readonly [family: string]: ServerApi } = {
  [EngineFamily.POSTGRES]: {
    provider: "Microsoft.DBforPostgreSQL",
    apiVersion: "2024-08-01",
    pointProperty: "pointInTimeUTC",
    zoneProperty: "privateDnsZoneArmResourceId",
    subresource: "postgresqlServer",
  },
  [EngineFamily.MYSQL]: {
    provider: "Microsoft.DBforMySQL",
    apiVersion: "2023-12-30",
    pointProperty: "restorePointInTime",
    zoneProperty: "privateDnsZoneResourceId",
    subresource: "mysqlServer",
  },
};

/** API versions of private endpoints, and of resource groups and their tags. */
export const NETWORK_API = "2024-05-01";
export const RESOURCES_API = "2021-04-01";
