// Names on RDS. Sources, read 2026-11: aws provider 6.25 `validate.go` and the RDS user guide's limits. The 63
// characters of an identifier are the API's: the aws provider does not check them.

import type { ReservedNames } from "../../../database";
import type { NameRule } from "../../../database/private";

/** DB instance identifier. */
export const SERVER_NAME: NameRule = {
  pattern: /^(?!.*--)[a-z][a-z0-9-]{0,61}[a-z0-9]$|^[a-z]$/,
  rule: "must be 1 to 63 lower-case letters, digits and single hyphens, with a letter first and no hyphen last",
};

/** Names that RDS reserves, in lower case. RDS refuses `admin` for PostgreSQL only (aws/aws-cdk#10579, cfn-lint#4425); here it is refused for both, so that a program can change its engine. */
export const RESERVED_NAMES: ReservedNames = {
  users: [
    "rdsadmin",
    "rds_superuser",
    "rds_replication",
    "rds_iam",
    "rdsproxyadmin",
    "rdsrepladmin",
    "admin",
    "root",
  ],
  databases: ["rdsadmin"],
};
