// Gitpod's reference architecture of the database as published in 2022 (gitpod.io "Reference architecture: database", read
// 2026-11; the modules in gitpod-io/gitpod at 2022.11.3, install/infra, differ and are not used here), and the parts of it that are no longer
// available or not secure. Retirement dates are those of the clouds' pages, read 2026-11.

import type { NamedMachine } from "../../../database";
import { Availability, Cloud } from "../../../database";

/** Deviation of a preset from Gitpod's reference architecture of 2022. */
export interface GitpodPresetDeviation {
  /** Subject of the deviation, such as `network`. */
  readonly item: string;
  /** Documented setting. */
  readonly documented: string;
  /** Setting of the preset. */
  readonly instead: string;
  /** Reason. */
  readonly because: string;
}

/** Documented values of one cloud, as properties of a server. */
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
  instead:
    "`gitpod` is a login with privileges on Gitpod's databases only; the administrator is another login",
  because: "a reader of Gitpod's secret could otherwise change the server and every other database on it",
};

const PASSWORD: GitpodPresetDeviation = {
  item: "password",
  documented: "a random password in Terraform's state",
  instead: "a random password of letters and digits that is in no state, plan or value",
  because: "a reader of the state could otherwise log in",
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
        documented: "20 GB with autogrow without a limit",
        instead: "20 GiB with autogrow up to 120 GiB",
        because: "a disk cannot shrink: without a limit, the cost of a runaway table is permanent",
      },
      {
        item: "availability",
        documented: "a failover replica (`--replica-type=FAILOVER`) with binary log",
        instead: "a standby in another zone (REGIONAL) with binary log",
        because:
          "legacy failover replicas only support MySQL 5.7 and earlier, and Terraform cannot create them",
      },
      {
        item: "network",
        documented: "none, so the instance had a public IP address",
        instead: "a private IP address only",
        because: "only the password would protect a database with a public IP address",
      },
      {
        item: "identity",
        documented: "the service account `gitpod-mysql` with `roles/cloudsql.client` and a key file",
        instead:
          "the same account and role, by Workload Identity through Cloud SQL Auth Proxy 2, without a key",
        because:
          "Gitpod's bundled proxy 1.11 does not support private IP addresses, and Terraform stores a key file in its state",
      },
      PASSWORD,
      {
        item: "output",
        documented: "the connection name of the instance and the key",
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
        instead: "`gitpod` created by SQL, with utf8mb4, together with its owner and `gitpod-sessions`",
        because: "RDS creates one initial database, without a separate login",
      },
      {
        item: "network",
        documented: "public or private subnets, configurable",
        instead: "private subnets, and no public IP address",
        because: "only the password would protect a database with a public IP address",
      },
    ],
  },
  [Cloud.AZURE.name]: {
    // GP_Gen5_2 had 2 vCores and 10 GB; the nearest size of Flexible Server has 8 GiB.
    machine: { names: { azure: "GP_Standard_D2ds_v4" }, vcpu: 2, memoryGiB: 8 },
    // Azure has no limit: any value enables autogrow.
    sizeGiB: 20,
    maxSizeGiB: 120,
    availability: Availability.ZONAL,
    deviations: [
      {
        item: "service",
        documented: "Azure Database for MySQL Single Server",
        instead: "Flexible Server",
        because: "Microsoft retired Single Server on 2024-09-16, and azurerm 4 cannot create one",
      },
      {
        item: "size",
        documented: "`GP_Gen5_2`",
        instead: "`GP_Standard_D2ds_v4`",
        because: "the size only exists for Single Server",
      },
      {
        item: "network",
        documented: "the firewall rule `Azure_Resources` from 0.0.0.0 to 0.0.0.0",
        instead: "a private endpoint, and no public access",
        because: "the rule allows access from every Azure service of every customer",
      },
      OWNER,
      PASSWORD,
    ],
  },
};
