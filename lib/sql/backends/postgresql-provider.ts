// There is no prebuilt package of bindings for cyrilgdn/postgresql among those that CDKTF published, and generating all of them
// for seven resources would be more code than the library's own. These two classes render what the schema of 1.26 takes; a test
// puts the result before Terraform with that schema.

import {
  type ITerraformDependable,
  type TerraformMetaArguments,
  TerraformProvider,
  TerraformResource,
  type TerraformResourceLifecycle,
} from "cdktf";
import type { Construct } from "constructs";
import type { IDatabaseServer } from "../../database";
import { strictestSslMode } from "../../database";

const METADATA = {
  providerName: "postgresql",
  providerVersion: "1.26.0",
  providerVersionConstraint: ">= 1.26.0, < 2.0.0",
};

/** Properties of a `PostgresqlProvider`. */
export interface PostgresqlProviderProps {
  /** The server, which has to be there before Terraform plans: the provider connects even then. */
  readonly server: IDatabaseServer;
  /** The file with the server's authorities on the machine that applies. @default - the system's */
  readonly sslRootCertFile?: string;
  /** An alias, when a stack has several. @default - none */
  readonly alias?: string;
}

/**
 * The Terraform provider `cyrilgdn/postgresql`, as the server's administrator who is no superuser. For a stage of its own: it
 * connects when Terraform plans, so its server cannot be made in the same apply.
 *
 * @example
 * const provider = new PostgresqlProvider(this, "postgresql", { server });
 */
export class PostgresqlProvider extends TerraformProvider {
  private readonly props: PostgresqlProviderProps;

  public constructor(scope: Construct, id: string, props: PostgresqlProviderProps) {
    super(scope, id, {
      terraformResourceType: "postgresql",
      terraformProviderSource: "cyrilgdn/postgresql",
      terraformGeneratorMetadata: METADATA,
    });
    this.props = props;
    this.alias = props.alias;
  }

  /** @internal */
  protected override synthesizeAttributes(): { [name: string]: unknown } {
    const { server, sslRootCertFile } = this.props;
    return {
      alias: this.alias,
      host: server.endpoint.host,
      port: server.endpoint.port,
      username: server.adminLogin?.username,
      // Terraform takes an ephemeral value here and keeps it nowhere.
      password: server.adminLogin?.password?.writeOnly(),
      sslmode: strictestSslMode(server.tls),
      sslrootcert: sslRootCertFile,
      // Managed servers have none; without this the provider tries what only a superuser may.
      superuser: false,
    };
  }
}

/** Properties of a `PostgresqlResource`. @internal */
export interface PostgresqlResourceProps {
  /** The type, such as `postgresql_role`. */
  readonly type: string;
  /** The arguments by Terraform's names. */
  readonly arguments: { readonly [name: string]: unknown };
  /** The provider. */
  readonly provider?: TerraformProvider;
  /** What has to exist first. */
  readonly dependsOn?: ITerraformDependable[];
  /** What Terraform may do with it. */
  readonly lifecycle?: TerraformResourceLifecycle;
}

/** One resource of the provider. @internal */
export class PostgresqlResource extends TerraformResource {
  private readonly arguments: { readonly [name: string]: unknown };

  public constructor(scope: Construct, id: string, props: PostgresqlResourceProps) {
    const { type, arguments: args, ...meta } = props;
    super(scope, id, {
      ...(meta as TerraformMetaArguments),
      terraformResourceType: type,
      terraformGeneratorMetadata: METADATA,
    });
    this.arguments = args;
  }

  /** @internal */
  protected override synthesizeAttributes(): { [name: string]: unknown } {
    return { ...this.arguments };
  }
}
