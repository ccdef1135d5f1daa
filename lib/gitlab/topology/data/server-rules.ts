// GitLab's requirements of a PostgreSQL server. Sources, read 2026-11: gitlabhq/gitlabhq doc/administration/postgresql/tune.md (the
// required settings), doc/administration/reference_architectures/_index.md commit 8e037a9a (the services).

import { DatabaseService } from "../../../database";

/** Database services that GitLab does not support, with the reason. */
export const REFUSED_SERVICES: { readonly [service: string]: string } = {
  [DatabaseService.AURORA]: "Aurora is incompatible with GitLab's load balancing, which is always on",
  [DatabaseService.ALLOYDB]: "AlloyDB is untested with GitLab and does not work with Geo",
  [DatabaseService.RDS_CLUSTER]:
    "an RDS Multi-AZ DB cluster is untested with GitLab and does not work with Geo; a Multi-AZ DB instance is supported",
  [DatabaseService.AZURE_SINGLE_SERVER]:
    "Single Server is retired and unsupported; Flexible Server is supported",
};

export const MIN_CONNECTIONS = 400;
export const STATEMENT_TIMEOUT_MS = { min: 15_000, max: 60_000 };

/** Minimum values of memory parameters in KiB, and the default unit of the parameter in KiB. */
export const MIN_MEMORY: readonly { name: string; kib: number; unitKib: number; label: string }[] = [
  { name: "work_mem", kib: 8 * 1024, unitKib: 1, label: "8 MB" },
  { name: "maintenance_work_mem", kib: 64 * 1024, unitKib: 1, label: "64 MB" },
  { name: "shared_buffers", kib: 2 * 1024 ** 2, unitKib: 8, label: "2 GB" },
];
