// The rules of a grant.

import { MYSQL_PRIVILEGES, POSTGRES_PRIVILEGES } from "./data/privileges";
import type { DescriptionChecks } from "./description-checks";
import type { SqlGrant } from "./sql-grant";
import { SqlGrantTarget, SqlPrivilege } from "./sql-privilege";

/** Reports a grant that the server does not know, or to nobody. @internal */
export function checkGrant(
  on: DescriptionChecks,
  at: string,
  grant: SqlGrant | { on: SqlGrantTarget; schema?: string; grantee: string; privileges: SqlPrivilege[] },
  schemas: string[],
): void {
  const { checks, postgres } = on;
  if (!(postgres && grant.grantee === "public")) on.role(`${at}.grantee`, grant.grantee);
  if (!postgres) {
    checks.check(
      `${at}.on`,
      grant.on,
      () => grant.on === SqlGrantTarget.DATABASE,
      "in MySQL a grant is about a database",
    );
  }
  checks.check(
    `${at}.schema`,
    grant.schema,
    () => schemas.includes(grant.schema as string),
    `allowed are the database's schemas: ${schemas.join(", ")}`,
  );
  const legal = postgres ? POSTGRES_PRIVILEGES[grant.on] : MYSQL_PRIVILEGES;
  for (const privilege of grant.privileges) {
    checks.check(
      `${at}.privileges`,
      privilege,
      () => privilege === SqlPrivilege.ALL || (legal ?? []).includes(privilege),
      `${grant.on} has ${(legal ?? []).join(", ")}`,
    );
  }
}
