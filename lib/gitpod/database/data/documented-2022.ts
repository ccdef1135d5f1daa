// Gitpod's reference architecture for the database as published in 2022 (gitpod.io "Reference architecture: database", read
// 2026-11; the modules in gitpod-io/gitpod at 2022.11.3, install/infra, differ and are not what this is), and what can no
// longer be had or should not be. Retirement dates are those of the clouds' pages, read 2026-11.

import type { NamedMachine } from "../../../database";
import { Availability, Cloud } from "../../../database";

/** One thing in which an installation of today leaves the documented architecture. */
export interface GitpodPresetDeviation {
  /** What it is about, in few words, such as `network`. */
  readonly item: string;
  /** What was documented. */
  readonly documented: string;
  /** What there is instead. */
  readonly instead: string;
  /** Why. */
  readonly because: string;
}

/** The documented values of one cloud that a server's properties can say. */
export interface DocumentedDatabase {
  readonly machine: NamedMachine;
  readonly sizeGiB: number;
  readonly maxSizeGiB?: number;
  readonly availability: Availability;
  readonly deviations: readonly GitpodPresetDeviation[];
}

const OWNER: GitpodPresetDeviation = {
  item: "login",
  documented: "Gitpod logs in as the server's administrator `gitpod`",
  instead: "`gitpod` is a login with rights on Gitpod's databases alone; the administrator is somebody else",
  because: "who reads Gitpod's secret could otherwise change the server and every other database on it",
};

const PASSWORD: GitpodPresetDeviation = {
  item: "password",
  documented: "a random password in Terraform's state",
  instead: "a random password of letters and digits that no state, plan or value holds",
  because: "whoever reads the state could otherwise log in",
};

/** @internal */
export const DOCUMENTED_2022: { readonly [cloud: string]: DocumentedDatabase | undefined } = {
  [Cloud.GOOGLE.name]: {
    machine: { names: { google: "db-n1-standard-2" }, vcpu: 2, memoryGiB: 7.5 },
    sizeGiB: 20,
    maxSizeGiB: 120,
    availability: Availability.ZONE_REDUNDANT,
    deviations: [
      {
        item: "storage",
        documented: "20 GB that grow without a limit",
        instead: "20 GiB that grow to 120",
        because: "a disk never shrinks again: without a limit, a runaway table is paid for ever",
      },
      {
        item: "availability",
        documented: "a failover replica (`--replica-type=FAILOVER`) with binary log",
        instead: "a standby in another zone (REGIONAL) with binary log",
        because:
          "Google's legacy failover replicas are for 5.7 and older alone, and Terraform cannot make them",
      },
      {
        item: "network",
        documented: "nothing, which gave the instance a public address",
        instead: "private addresses alone",
        because: "a database with a public address is one password away from everybody",
      },
      {
        item: "identity",
        documented: "the service account `gitpod-mysql` with `roles/cloudsql.client` and a key file",
        instead:
          "the same account and role, used by Workload Identity through a proxy of version 2, without a key",
        because:
          "Gitpod's own proxy 1.11 reaches no private address, and Terraform keeps a key file in its state",
      },
      PASSWORD,
      {
        item: "output",
        documented: "the instance's connection name and the key",
        instead: "the connection name",
        because: "there is no key",
      },
    ],
  },
  [Cloud.AWS.name]: {
    machine: { names: { aws: "db.m5.large" } },
    sizeGiB: 20,
    maxSizeGiB: 120,
    availability: Availability.ZONE_REDUNDANT,
    deviations: [
      {
        item: "size",
        documented: "`db.m5.large`, in one sentence of the text `db.m5g.large`",
        instead: "`db.m5.large`",
        because: "there is no db.m5g",
      },
      OWNER,
      { ...PASSWORD, documented: "18 random bytes in hexadecimal" },
      {
        item: "database",
        documented: "`gitpod` as the instance's initial database",
        instead: "`gitpod` made in SQL, with utf8mb4, together with its owner and `gitpod-sessions`",
        because: "RDS makes one initial database, without a login of its own",
      },
      {
        item: "network",
        documented: "public or private subnets, as you choose",
        instead: "private subnets, and no public address",
        because: "a database with a public address is one password away from everybody",
      },
    ],
  },
  [Cloud.AZURE.name]: {
    // GP_Gen5_2 was 2 vCores with 10 GB; the flexible server nearest to it has 8 GiB.
    machine: { names: { azure: "GP_Standard_D2ds_v4" }, vcpu: 2, memoryGiB: 8 },
    // Azure knows no limit: any makes the disk grow.
    sizeGiB: 20,
    maxSizeGiB: 120,
    availability: Availability.ZONAL,
    deviations: [
      {
        item: "service",
        documented: "Azure Database for MySQL Single Server",
        instead: "Flexible Server",
        because: "Microsoft retired the Single Server on 2024-09-16, and azurerm 4 cannot make one",
      },
      {
        item: "size",
        documented: "`GP_Gen5_2`",
        instead: "`GP_Standard_D2ds_v4`",
        because: "the size belonged to the Single Server",
      },
      {
        item: "network",
        documented: "the firewall rule `Azure_Resources` from 0.0.0.0 to 0.0.0.0",
        instead: "a private endpoint, and no public access",
        because: "the rule lets in every machine of every customer of Azure",
      },
      OWNER,
      PASSWORD,
    ],
  },
};
