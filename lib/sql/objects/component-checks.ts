// Rules of a description: what a server would refuse half-way through a run, and what would give one component access to
// another component's data.

import type { IDatabaseServer } from "../../database";
import { LoginAuthentication } from "../../database";
import type { SynthChecks } from "../../database/private";
import { isResolved } from "../../database/private";
import type { ComponentObjects } from "./component-objects";
import { checkSqlDatabase } from "./database-checks";
import { DescriptionChecks } from "./description-checks";
import { connectRole } from "./desired-state";
import { checkMysqlUser, checkRoleName } from "./name-checks";
import type { SqlLogin } from "./sql-login";

/** Maximum number of entries that the MySQL program counts; see `scripts/mysql-plan.ts`. */
const MYSQL_COUNT = 300;

/** Reports mistakes in the descriptions of a server's components. */
export function checkComponents(
  checks: SynthChecks,
  server: IDatabaseServer,
  components: ComponentObjects[],
  restrictAccess: boolean,
): void {
  const description = new DescriptionChecks(checks, server, components, restrictAccess);
  checkAcrossComponents(description);
  for (const component of components) checkComponent(description, component);
}

/** Names must be unique on a server, and each component must have its own logins. */
function checkAcrossComponents(description: DescriptionChecks): void {
  const { checks, components, postgres } = description;
  const counts = {
    logins: components.flatMap((c) => c.logins).length,
    databases: components.flatMap((c) => c.databases).length,
    grants: components.flatMap((c) => c.databases.flatMap((d) => [d, ...(d.grants ?? [])])).length,
  };
  for (const [property, count] of Object.entries(counts)) {
    if (!postgres && count > MYSQL_COUNT) {
      checks.fail(
        property,
        count,
        `must be at most ${MYSQL_COUNT} in one description of a MySQL server; use several DatabaseObjects`,
      );
    }
  }
  description.unique(
    "component",
    components.map((c) => c.component),
    "must be described once per server",
  );
  description.unique(
    "databases.name",
    components.flatMap((c) => c.databases.map((d) => d.name)),
    "must be described once per server",
  );
  description.unique(
    "logins",
    components.flatMap((c) => c.logins.map((l) => l.login.username)),
    "must belong to one component and be described once: components that share a login can read each other's data",
  );
  description.unique(
    "groupRoles.name",
    components.flatMap((c) => c.groupRoles.map((r) => r.name)),
    "must be described once per server",
  );
  checkRoleKinds(description);
  description.unique(
    "logins.id",
    components.flatMap((c) => c.logins.map((l) => l.id ?? l.login.username)),
    "must be unique: the id identifies the login's password",
  );
  const owners = new Map<string, string>();
  for (const component of components) {
    for (const { owner } of component.databases) {
      if (owner === undefined || !isResolved(owner)) continue;
      const other = owners.get(owner) ?? component.component;
      owners.set(owner, other);
      if (other !== component.component) {
        checks.fail(
          "owner",
          owner,
          `must belong to one component: ${other} and ${component.component} share it; give each component a separate login`,
        );
      }
    }
  }
}

/** PostgreSQL has one namespace for logins, group roles and the connect roles of restricted databases. */
function checkRoleKinds({ checks, components, postgres, restrictAccess }: DescriptionChecks): void {
  if (!postgres) return;
  const logins = new Set(components.flatMap((c) => c.logins.map((l) => l.login.username)));
  const groups = new Set(components.flatMap((c) => c.groupRoles.map((r) => r.name)));
  for (const name of [...groups].filter((n) => isResolved(n) && logins.has(n))) {
    checks.fail("groupRoles.name", name, "must not be the name of a login: a role is a login or a group");
  }
  for (const { name, restrictAccess: own } of components.flatMap((c) => c.databases)) {
    const role = connectRole(name);
    if (!(own ?? restrictAccess) || !isResolved(role) || !(logins.has(role) || groups.has(role))) continue;
    checks.fail(
      "databases.name",
      name,
      `must leave the role name ${role} free, which grants CONNECT on the database; rename the described role ${role}`,
    );
  }
}

function checkComponent(description: DescriptionChecks, component: ComponentObjects): void {
  const { checks, postgres } = description;
  const at = `components[${component.component}]`;
  for (const login of component.logins) checkLogin(description, `${at}.logins`, login);
  if (!postgres && component.groupRoles.length > 0) {
    checks.fail(
      `${at}.groupRoles`,
      component.groupRoles.map((r) => r.name),
      "must not be set for MySQL: group roles are PostgreSQL only",
    );
  }
  for (const role of component.groupRoles) {
    if (!role.existing) checkRoleName(checks, `${at}.groupRoles.name`, description.server, role.name);
    for (const group of role.memberOf ?? []) description.role(`${at}.groupRoles.memberOf`, group);
  }
  for (const database of component.databases) {
    checkSqlDatabase(description, `${at}.databases`, component, database);
  }
}

const POSTGRES_LOGIN_OPTIONS = [
  "memberOf",
  "inherit",
  "createDatabase",
  "createRole",
  "validUntil",
  "settings",
] as const;
const MYSQL_LOGIN_OPTIONS = ["host", "requireTls", "nativePassword"] as const;

function checkLogin(description: DescriptionChecks, at: string, login: SqlLogin): void {
  const { checks, postgres, server } = description;
  const name = login.login.username;
  const property = `${at}.login`;
  if (!isResolved(login.id ?? name)) {
    checks.fail(`${at}.id`, undefined, "must be set when the user name is known only at apply");
  }
  if (!login.existing) {
    if (postgres) checkRoleName(checks, property, server, name);
    else checkMysqlUser(checks, property, server, name);
  }
  checks.check(
    property,
    name,
    () => name !== server.adminLogin?.username,
    "must not be the administrator's login; use another name",
  );
  checkIdentity(description, property, login);
  checks.wholeNumber(`${at}.connectionLimit`, login.connectionLimit, -1, 262_143);
  checks.matches(
    `${at}.validUntil`,
    login.validUntil,
    /^\d{4}-\d\d-\d\d(T\d\d:\d\d(:\d\d)?Z)?$/,
    "must be a time in UTC, such as 2027-01-31T00:00:00Z",
  );
  for (const group of login.memberOf ?? []) description.role(`${at}.memberOf`, group);
  description.settings(`${at}.settings`, login.settings, true);
  for (const option of postgres ? MYSQL_LOGIN_OPTIONS : POSTGRES_LOGIN_OPTIONS) {
    if (login[option] === undefined) continue;
    const [engine, other] = postgres ? ["PostgreSQL", "MySQL"] : ["MySQL", "PostgreSQL"];
    checks.fail(`${at}.${option}`, login[option], `must not be set for ${engine}: it is ${other} only`);
  }
  checks.matches(
    `${at}.host`,
    login.host,
    /^[A-Za-z0-9.:%_/-]{1,60}$/,
    "must be a host name, an IP address or a pattern of MySQL account names",
  );
  if (login.requireTls === false) {
    checks.optOut(`${at}.requireTls: ${name} may connect without TLS`);
  }
}

function checkIdentity(
  { checks, server }: DescriptionChecks,
  property: string,
  { login, existing }: SqlLogin,
): void {
  if (existing) return;
  if (login.authentication === LoginAuthentication.PROXY) {
    checks.fail(
      property,
      login.username,
      "must exist: the proxy logs in with a cloud identity, which only the cloud's API can create; set `existing`",
    );
  }
  if (login.authentication === LoginAuthentication.CLOUD_IDENTITY) {
    if (server.acceptsCloudIdentity && server.sqlRules?.createsIdentityLogins) return;
    checks.fail(
      property,
      login.username,
      "must have a password or exist: SQL cannot create a login for a cloud identity on this server; create it by the cloud's API and set `existing`, or give it a password",
    );
  }
}
