// What the rules of a description have in common: whom they are about, and the three questions that all of them ask.

import type { IDatabaseServer } from "../database";
import { EngineFamily } from "../database";
import type { SynthChecks } from "../database/private";
import { isResolved } from "../database/private";
import type { ComponentObjects } from "./component-objects";
import { SERVER_ROLES } from "./data/server-roles";
import { LIST_SETTINGS } from "./desired-state";
import type { SqlSetting } from "./sql-setting";

/** One description while it is judged. @internal */
export class DescriptionChecks {
  public readonly postgres: boolean;
  public readonly cloud: string;
  private readonly roles: Set<string>;

  public constructor(
    public readonly checks: SynthChecks,
    public readonly server: IDatabaseServer,
    public readonly components: ComponentObjects[],
    /** Whether databases let in only whom they name, unless they say otherwise. */
    public readonly restrictAccess: boolean,
  ) {
    this.postgres = server.engine.family === EngineFamily.POSTGRES;
    this.cloud = server.location.cloud;
    this.roles = new Set(
      components.flatMap((c) => [
        ...c.logins.map((l) => l.login.username),
        ...c.groupRoles.map((r) => r.name),
      ]),
    );
  }

  /** Reports a role that nobody described and that is not there already. */
  public role(property: string, name: string): void {
    // A group of the server's or the cloud's, such as pg_monitor or rds_superuser, is there already.
    this.checks.check(
      property,
      name,
      () => this.roles.has(name) || /^(pg_|rds_|cloudsql|azure_)/.test(name),
      `no such role is described; there are ${[...this.roles].filter(isResolved).join(", ")}`,
    );
    if (name === SERVER_ROLES[this.cloud]?.adminGroup) {
      this.checks.optOut(`${property}: a role is a member of ${name}, the administrators`);
    }
  }

  /** Reports names that are there twice. */
  public unique(property: string, names: string[], rule: string): void {
    const seen = new Set<string>();
    for (const name of names) {
      if (!isResolved(name)) continue;
      if (seen.has(name)) this.checks.fail(property, name, `it is there twice: ${rule}`);
      seen.add(name);
    }
  }

  /** Reports settings that the server does not take, of a role or of a database. */
  public settings(at: string, settings: SqlSetting[] | undefined, ofRole: boolean): void {
    this.unique(
      `${at}.name`,
      (settings ?? []).map((s) => (s.database === undefined ? s.name : `${s.name} in ${s.database}`)),
      "each setting has one value",
    );
    for (const setting of settings ?? []) {
      this.checks.matches(
        `${at}.name`,
        setting.name,
        /^[a-z_][a-z0-9_]*(\.[a-z_][a-z0-9_]*)?$/,
        "allowed is a parameter's name, in lower case",
      );
      this.checks.check(
        `${at}.values`,
        setting.values,
        () =>
          setting.values.length === 1 || (setting.values.length > 1 && LIST_SETTINGS.includes(setting.name)),
        `allowed is one value; a list only for ${LIST_SETTINGS.join(", ")}`,
      );
      if (!ofRole && setting.database !== undefined) {
        this.checks.fail(`${at}.database`, setting.database, "a database's own setting names no database");
      }
    }
  }
}
