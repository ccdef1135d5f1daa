// The rules of a description: everything that a server would refuse half-way, and what would let one component into another's data.

import type { IDatabaseServer } from "../database";
import type { SynthChecks } from "../database/private";
import { isResolved } from "../database/private";
import type { ComponentObjects } from "./component-objects";
import { checkDatabase } from "./database-checks";
import { DescriptionChecks } from "./description-checks";
import { connectRole } from "./desired-state";
import { checkLogin } from "./login-checks";
import { checkRoleName } from "./object-names";

/** As far as the program for MySQL counts; see its plan. */
const MYSQL_COUNT = 300;

/** Reports what is wrong with a description. */
export function checkObjects(
  checks: SynthChecks,
  server: IDatabaseServer,
  components: ComponentObjects[],
  restrictAccess: boolean,
): void {
  const on = new DescriptionChecks(checks, server, components, restrictAccess);
  checkAcrossComponents(on);
  for (const component of components) checkComponent(on, component);
}

/** Each thing once on a server, and each component with logins of its own. */
function checkAcrossComponents(on: DescriptionChecks): void {
  const { checks, components, postgres } = on;
  const counts = {
    logins: components.flatMap((c) => c.logins).length,
    databases: components.flatMap((c) => c.databases).length,
    grants: components.flatMap((c) => c.databases.flatMap((d) => [d, ...(d.grants ?? [])])).length,
  };
  for (const [what, count] of Object.entries(counts)) {
    if (!postgres && count > MYSQL_COUNT) {
      checks.fail(
        what,
        count,
        `in MySQL a description has at most ${MYSQL_COUNT}; use several DatabaseObjects`,
      );
    }
  }
  on.unique(
    "component",
    components.map((c) => c.component),
    "each component is described once on a server",
  );
  on.unique(
    "databases.name",
    components.flatMap((c) => c.databases.map((d) => d.name)),
    "each database is described once on a server",
  );
  on.unique(
    "logins",
    components.flatMap((c) => c.logins.map((l) => l.login.username)),
    "a login belongs to one component and is described once; two that share one can read each other's data",
  );
  on.unique(
    "groupRoles.name",
    components.flatMap((c) => c.groupRoles.map((r) => r.name)),
    "each role is described once on a server",
  );
  checkKindsOfRoles(on);
  on.unique(
    "logins.id",
    components.flatMap((c) => c.logins.map((l) => l.id ?? l.login.username)),
    "the id stands for the login's password and has to be its own",
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
          `${other} and ${component.component} share it; give each component a login of its own`,
        );
      }
    }
  }
}

/** PostgreSQL has one space of names for logins, groups, and the groups of those who may connect. */
function checkKindsOfRoles({ checks, components, postgres, restrictAccess }: DescriptionChecks): void {
  if (!postgres) return;
  const logins = new Set(components.flatMap((c) => c.logins.map((l) => l.login.username)));
  const groups = new Set(components.flatMap((c) => c.groupRoles.map((r) => r.name)));
  for (const name of [...groups].filter((n) => isResolved(n) && logins.has(n))) {
    checks.fail("groupRoles.name", name, "a login has this name; a role is one or the other");
  }
  for (const { name, restrictAccess: own } of components.flatMap((c) => c.databases)) {
    const role = connectRole(name);
    if (!(own ?? restrictAccess) || !isResolved(role) || !(logins.has(role) || groups.has(role))) continue;
    checks.fail(
      "databases.name",
      name,
      `those who may connect to it become members of ${role}, which is described as another role; give that one another name`,
    );
  }
}

function checkComponent(on: DescriptionChecks, component: ComponentObjects): void {
  const { checks, postgres } = on;
  const at = component.component;
  for (const login of component.logins) checkLogin(on, `${at}.logins`, login);
  if (!postgres && component.groupRoles.length > 0) {
    checks.fail(
      `${at}.groupRoles`,
      component.groupRoles.map((r) => r.name),
      "group roles are for PostgreSQL only",
    );
  }
  for (const role of component.groupRoles) {
    if (!role.existing) checkRoleName(checks, `${at}.groupRoles.name`, on.cloud, role.name);
    for (const group of role.memberOf ?? []) on.role(`${at}.groupRoles.memberOf`, group);
  }
  for (const database of component.databases) checkDatabase(on, `${at}.databases`, component, database);
}
