// The rules of a login: who can be made in SQL, and who would be somebody else's.

import { LoginAuthentication } from "../database";
import { isResolved } from "../database/private";
import { SERVER_ROLES } from "./data/server-roles";
import type { DescriptionChecks } from "./description-checks";
import { checkMysqlUser, checkRoleName } from "./object-names";
import type { SqlLogin } from "./sql-login";

/** Reports what is wrong with a login. @internal */
export function checkLogin(on: DescriptionChecks, at: string, login: SqlLogin): void {
  const { checks, postgres } = on;
  const name = login.login.username;
  const property = `${at}.login`;
  if (!isResolved(login.id ?? name)) {
    checks.fail(
      `${at}.id`,
      undefined,
      "the login's name is known only at apply, so it needs an id of its own",
    );
  }
  if (!login.existing) {
    if (postgres) checkRoleName(checks, property, on.cloud, name);
    else checkMysqlUser(checks, property, on.cloud, name);
  }
  checks.check(
    property,
    name,
    () => name !== on.server.adminLogin?.username,
    "the administrator's login is for nobody else; take another name",
  );
  const roles = SERVER_ROLES[on.cloud];
  if (login.login.authentication === LoginAuthentication.PROXY && !login.existing) {
    checks.fail(
      property,
      name,
      "a proxy logs in for it with the cloud's identity, so the cloud's API has to make it; set `existing`",
    );
  }
  if (login.login.authentication === LoginAuthentication.CLOUD_IDENTITY && !login.existing) {
    const possible =
      on.server.acceptsCloudIdentity && (postgres ? roles?.sqlMakesIdentityLogins : on.cloud === "aws");
    if (!possible) {
      checks.fail(
        property,
        name,
        "SQL can't make a login by the cloud's identity on this server: make it by the cloud's API and set `existing`, or give it a password",
      );
    }
  }
  checks.wholeNumber(`${at}.connectionLimit`, login.connectionLimit, -1, 262_143);
  checks.matches(
    `${at}.validUntil`,
    login.validUntil,
    /^\d{4}-\d\d-\d\d(T\d\d:\d\d(:\d\d)?Z)?$/,
    "allowed is a time in UTC such as 2027-01-31T00:00:00Z",
  );
  for (const group of login.memberOf ?? []) on.role(`${at}.memberOf`, group);
  on.settings(`${at}.settings`, login.settings, true);
  if (!postgres) {
    for (const option of [
      "memberOf",
      "inherit",
      "createDatabase",
      "createRole",
      "validUntil",
      "settings",
    ] as const) {
      if (login[option] !== undefined)
        checks.fail(`${at}.${option}`, login[option], "it is for PostgreSQL only");
    }
  } else {
    for (const option of ["host", "requireTls", "nativePassword"] as const) {
      if (login[option] !== undefined) checks.fail(`${at}.${option}`, login[option], "it is for MySQL only");
    }
  }
  checks.matches(
    `${at}.host`,
    login.host,
    /^[A-Za-z0-9.:%_/-]{1,60}$/,
    "allowed is a host, address or pattern as MySQL takes it",
  );
  if (login.requireTls === false) checks.optOut(`${at}.requireTls: ${name} may connect without TLS`);
}
