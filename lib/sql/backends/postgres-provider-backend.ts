import type { ITerraformDependable, TerraformProvider } from "cdktf";
import type { Construct } from "constructs";
import { EngineFamily } from "../../database";
import { isResolved, SynthChecks } from "../../database/private";
import { postgresState } from "../objects/desired-state";
import { PostgresqlResource } from "./postgresql-provider";
import type { ISqlBackend, SqlDescription, SqlProgram } from "./sql-backend";

/** Properties of a `PostgresProviderBackend`. */
export interface PostgresProviderBackendProps {
  /** The provider, such as a `PostgresqlProvider`. @default - the stack's only one */
  readonly provider?: TerraformProvider;
}

/**
 * Makes PostgreSQL objects as resources of the Terraform provider `cyrilgdn/postgresql`, in a stage of its own, for those who
 * want to see every object in the plan. It does less than the programs: it takes over nothing that exists (import that first),
 * and knows no queries and no settings but a login's search path. Terraform may not destroy a database through it.
 *
 * @example
 * const provider = new PostgresqlProvider(this, "postgresql", { server });
 * const backend = new PostgresProviderBackend({ provider });
 */
export class PostgresProviderBackend implements ISqlBackend {
  private readonly provider?: TerraformProvider;

  public constructor(props: PostgresProviderBackendProps = {}) {
    this.provider = props.provider;
  }

  /** Makes the resources of a description. */
  public run(scope: Construct, program: SqlProgram): ITerraformDependable[] {
    const checks = new SynthChecks(scope);
    if (!program.description || program.server.engine.family !== EngineFamily.POSTGRES) {
      checks.fail(
        "backend",
        program.name,
        "this back end makes PostgreSQL objects only; run it as a job or on this machine",
      );
      return [];
    }
    if (program.environment.SQL_DRY_RUN === "true") {
      checks.fail("dryRun", true, "Terraform's plan says what this back end would do");
    }
    return new Resources(scope, checks, program, program.description, this.provider).make();
  }
}

// The members that the state has; see `desired-state.ts`.
interface Role {
  readonly name: string;
  readonly existing: boolean;
  readonly login: boolean;
  readonly cloudIdentity: boolean;
  readonly password: string | null;
  readonly inherit: boolean;
  readonly createDatabase: boolean;
  readonly createRole: boolean;
  readonly connectionLimit: number;
  readonly validUntil: string | null;
  readonly memberOf: string[];
  readonly settings: { readonly name: string; readonly values: string[]; readonly database: string | null }[];
}
interface Grant {
  readonly on: string;
  readonly schema: string | null;
  readonly grantee: string;
  readonly privileges: string[];
  readonly grantable: boolean;
  readonly owner?: string;
}
interface Database {
  readonly name: string;
  readonly owner: string | null;
  readonly existing: boolean;
  readonly encoding: string | null;
  readonly lcCollate: string | null;
  readonly lcCtype: string | null;
  readonly connectionLimit: number;
  readonly settings: unknown[];
  readonly schemas: { readonly name: string; readonly owner: string | null }[];
  readonly extensions: {
    readonly name: string;
    readonly schema: string | null;
    readonly version: string | null;
  }[];
  readonly grants: Grant[];
  readonly defaultPrivileges: Grant[];
  readonly queries: unknown[];
  readonly revokePublic: boolean;
}

class Resources {
  /** What everything that comes next waits for. */
  private last: ITerraformDependable[];
  private readonly all: ITerraformDependable[] = [];

  public constructor(
    private readonly scope: Construct,
    private readonly checks: SynthChecks,
    private readonly program: SqlProgram,
    private readonly description: SqlDescription,
    private readonly provider: TerraformProvider | undefined,
  ) {
    this.last = program.dependsOn;
  }

  public make(): ITerraformDependable[] {
    const { components, restrictAccess } = this.description;
    const state = postgresState(components, this.program.server.location, restrictAccess) as {
      identityRole: string | null;
      roles: Role[];
      databases: Database[];
    };
    const groupsFirst = [...state.roles].sort((a, b) => Number(a.login) - Number(b.login));
    for (const role of groupsFirst) this.role(role, state.identityRole);
    for (const database of state.databases) this.database(database);
    for (const database of state.databases) this.inside(database);
    return this.all;
  }

  private role(role: Role, identityRole: string | null): void {
    if (role.existing) return;
    const secret = this.program.secrets.find((s) => s.key === role.password)?.value;
    const searchPath = role.settings.find((s) => s.name === "search_path" && s.database === null);
    if (role.settings.length > (searchPath ? 1 : 0)) {
      this.checks.fail(
        `${role.name}.settings`,
        role.settings.map((s) => s.name),
        "the provider sets a login's search_path only",
      );
    }
    this.add(`Role-${role.name}`, "postgresql_role", {
      name: role.name,
      login: role.login,
      inherit: role.inherit,
      create_database: role.createDatabase,
      create_role: role.createRole,
      connection_limit: role.connectionLimit,
      valid_until: role.validUntil ?? "infinity",
      roles: [...role.memberOf, ...(role.cloudIdentity && identityRole ? [identityRole] : [])],
      search_path: searchPath?.values,
      password_wo: secret?.writeOnly(),
      password_wo_version: secret === undefined ? undefined : `${secret.version}`,
      // Its objects are in databases that this resource cannot see; nothing is dropped behind anybody's back.
      skip_drop_role: true,
      skip_reassign_owned: true,
    });
  }

  private database(database: Database): void {
    const unsupported = { settings: database.settings, queries: database.queries };
    for (const [option, values] of Object.entries(unsupported)) {
      if (values.length > 0) {
        this.checks.fail(
          `${database.name}.${option}`,
          values.length,
          "the provider knows none; run it as a job or on this machine",
        );
      }
    }
    if (database.existing) return;
    this.add(
      `Database-${database.name}`,
      "postgresql_database",
      {
        name: database.name,
        owner: database.owner ?? undefined,
        template: "template0",
        encoding: database.encoding,
        // The provider's own default is C; this is the server's.
        lc_collate: database.lcCollate ?? "DEFAULT",
        lc_ctype: database.lcCtype ?? "DEFAULT",
        connection_limit: database.connectionLimit,
        alter_object_ownership: false,
      },
      true,
    );
  }

  private inside(database: Database): void {
    const { name } = database;
    for (const schema of database.schemas) {
      this.add(`Schema-${name}-${schema.name}`, "postgresql_schema", {
        database: name,
        name: schema.name,
        owner: schema.owner ?? undefined,
        if_not_exists: true,
        drop_cascade: false,
      });
    }
    for (const extension of database.extensions) {
      this.add(`Extension-${name}-${extension.name}`, "postgresql_extension", {
        database: name,
        name: extension.name,
        schema: extension.schema ?? undefined,
        version: extension.version ?? undefined,
        drop_cascade: false,
      });
    }
    for (const grant of database.grants) {
      this.add(`Grant-${name}-${grant.on}-${grant.schema ?? ""}-${grant.grantee}`, "postgresql_grant", {
        database: name,
        schema: grant.schema ?? undefined,
        role: grant.grantee,
        object_type: grant.on.replace(/s$/, ""),
        privileges: grant.privileges,
        with_grant_option: grant.grantable,
      });
    }
    for (const grant of database.defaultPrivileges) {
      this.add(
        `Default-${name}-${grant.on}-${grant.schema}-${grant.owner}-${grant.grantee}`,
        "postgresql_default_privileges",
        {
          database: name,
          schema: grant.schema,
          owner: grant.owner,
          role: grant.grantee,
          object_type: grant.on.replace(/s$/, ""),
          privileges: grant.privileges,
        },
      );
    }
    if (database.revokePublic) {
      // After every grant, so that nobody who is wanted is shut out in between.
      this.add(`Closed-${name}`, "postgresql_grant", {
        database: name,
        role: "public",
        object_type: "database",
        privileges: [],
      });
    }
  }

  // One after the other: grants on one object at the same time fail with "tuple concurrently updated"
  // (cyrilgdn/terraform-provider-postgresql#178).
  private add(id: string, type: string, args: { readonly [name: string]: unknown }, keep = false): void {
    if (!isResolved(id)) {
      this.checks.fail(
        "name",
        undefined,
        "the provider's resources are named after objects, whose names therefore have to be known at synth",
      );
      return;
    }
    const resource = new PostgresqlResource(this.scope, id, {
      type,
      arguments: args,
      provider: this.provider,
      dependsOn: this.last,
      lifecycle: keep ? { preventDestroy: true } : undefined,
    });
    this.last = [resource];
    this.all.push(resource);
  }
}
