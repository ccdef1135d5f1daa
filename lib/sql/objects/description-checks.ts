import type { IDatabaseServer } from "../../database";
import { EngineFamily } from "../../database";
import type { SynthChecks } from "../../database/private";
import { isResolved, type Rule } from "../../database/private";
import type { ComponentObjects } from "./component-objects";
import { LIST_SETTINGS } from "./desired-state";
import type { SqlSetting } from "./sql-login";

/** The descriptions of a server while they are checked, and the checks that several rules share. @internal */
export class DescriptionChecks {
  public readonly postgres: boolean;
  private readonly roles: Set<string>;

  public constructor(
    public readonly checks: SynthChecks,
    public readonly server: IDatabaseServer,
    public readonly components: ComponentObjects[],
    /** Default of `restrictAccess` for databases that do not set it. */
    public readonly restrictAccess: boolean,
  ) {
    this.postgres = server.engine.family === EngineFamily.POSTGRES;
    this.roles = new Set(
      components.flatMap((c) => [
        ...c.logins.map((l) => l.login.username),
        ...c.groupRoles.map((r) => r.name),
      ]),
    );
  }

  /** Reports a role that is neither described nor predefined by the server or the service, such as pg_monitor or rds_superuser. */
  public role(property: string, name: string): void {
    const { sqlRules } = this.server;
    const prefixes = sqlRules ? ["pg_", ...(sqlRules.predefinedRolePrefixes ?? [])] : undefined;
    this.checks.check(
      property,
      name,
      () => this.roles.has(name) || (prefixes?.some((prefix) => name.startsWith(prefix)) ?? true),
      `must be a described role: ${[...this.roles].filter(isResolved).join(", ")}`,
    );
    if (name === sqlRules?.adminRole) {
      this.checks.optOut(`${property}: the role is a member of the administrators' role ${name}`, "memberOf");
    }
  }

  /** Reports names that occur twice. */
  public unique(property: string, names: string[], rule: Rule): void {
    const seen = new Set<string>();
    for (const name of names) {
      if (!isResolved(name)) continue;
      if (seen.has(name)) this.checks.fail(property, name, rule);
      seen.add(name);
    }
  }

  /** Reports settings of a role or a database that the server refuses. */
  public settings(at: string, settings: SqlSetting[] | undefined, ofRole: boolean): void {
    this.unique(
      `${at}.name`,
      (settings ?? []).map((s) => (s.database === undefined ? s.name : `${s.name} in ${s.database}`)),
      "must be set once",
    );
    for (const setting of settings ?? []) {
      this.checks.matches(
        `${at}.name`,
        setting.name,
        /^[a-z_][a-z0-9_]*(\.[a-z_][a-z0-9_]*)?$/,
        "must be a parameter name in lower case",
      );
      this.checks.check(
        `${at}.values`,
        setting.values,
        () =>
          setting.values.length === 1 || (setting.values.length > 1 && LIST_SETTINGS.includes(setting.name)),
        `must be one value; only ${LIST_SETTINGS.join(", ")} take a list`,
      );
      if (!ofRole && setting.database !== undefined) {
        this.checks.fail(
          `${at}.database`,
          setting.database,
          "must not be set: a setting of a database applies to that database",
        );
      }
    }
  }
}
