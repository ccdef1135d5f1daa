import type { ITerraformDependable, TerraformProvider } from "cdktf";
import type { Construct } from "constructs";
import { EngineFamily } from "../../database";
import { isResolved, SynthChecks } from "../../database/private";
import { postgresState } from "../objects/desired-state";
import { PostgresqlResource } from "./postgresql-provider";
import type { ISqlBackend, SqlDescription, SqlProgram } from "./sql-backend";

/** Properties of a `PostgresProviderBackend`. */
export interface PostgresProviderBackendProps {
  /** Terraform provider, such as a `PostgresqlProvider`. @default - the stack's only postgresql provider */
  readonly provider?: TerraformProvider;
}

/**
 * SQL back end that creates PostgreSQL objects as resources of the Terraform provider `cyrilgdn/postgresql`, so that every object is in
 * the plan. The server must exist before the plan, in another stage. It supports less than the programs: it adopts no existing
 * objects (import them first), and has no queries and no settings except a login's search path. Databases have `prevent_destroy`.
 *
 * @see https://registry.terraform.io/providers/cyrilgdn/postgresql/latest/docs
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

  /** Creates the resources of a description. */
  public run(scope: Construct, program: SqlProgram): ITerraformDependable[] {
    const checks = new SynthChecks(scope, "SQL");
    if (!program.description || program.server.engine.family !== EngineFamily.POSTGRES) {
      checks.fail(
        "backend",
        program.name,
        "must be a SqlJobBackend or LocalSqlBackend: PostgresProviderBackend creates PostgreSQL objects only",
      );
      return [];
    }
    if (program.environment.SQL_DRY_RUN === "true") {
      checks.fail(
        "dryRun",
        true,
        "must be false with a PostgresProviderBackend: Terraform's plan shows the changes",
      );
    }
    return new Resources(scope, checks, program, program.description, this.provider).make();
  }
}

// Members of the desired state; see `desired-state.ts`.
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
  /** Dependencies of the next resource. */
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
        `roles[${role.name}].settings`,
        role.settings.map((s) => s.name),
        "must be search_path only: the provider has no other settings of a role",
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
      // The role's objects are in databases that this resource does not see; none is dropped or reassigned.
      skip_drop_role: true,
      skip_reassign_owned: true,
    });
  }

  private database(database: Database): void {
    const unsupported = { settings: database.settings, queries: database.queries };
    for (const [option, values] of Object.entries(unsupported)) {
      if (values.length > 0) {
        this.checks.fail(
          `databases[${database.name}].${option}`,
          values.length,
          "must be empty: the provider does not support them; use a SqlJobBackend or LocalSqlBackend",
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
        // The server's locale; the provider's default would be C.
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
      // After all grants, so that no role with a grant loses access in between.
      this.add(`Closed-${name}`, "postgresql_grant", {
        database: name,
        role: "public",
        object_type: "database",
        privileges: [],
      });
    }
  }

  // Serialized: concurrent grants on one object fail with "tuple concurrently updated"
  // (cyrilgdn/terraform-provider-postgresql#178).
  private add(id: string, type: string, args: { readonly [name: string]: unknown }, keep = false): void {
    if (!isResolved(id)) {
      this.checks.fail(
        "name",
        undefined,
        "must be known at synth: construct ids of the provider's resources are made from object names",
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
