// CDKTF published no prebuilt bindings for cyrilgdn/postgresql, and generated bindings for seven resources would be more code than
// this library's. These two classes render the schema of version 1.26; a test validates the result with Terraform and that schema.

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
  /** Database server; must exist before the plan, because the provider connects during the plan. */
  readonly server: IDatabaseServer;
  /** Path of the CA certificates (`sslrootcert`) on the machine that runs Terraform. @default - the system's CA certificates */
  readonly sslRootCertFile?: string;
  /** Provider alias, for a stack with several. @default - none */
  readonly alias?: string;
}

/**
 * Terraform provider `cyrilgdn/postgresql`, logged in as the server's administrator, which is not a superuser. It connects during the
 * plan, so its server must be created in another stage.
 *
 * @see https://registry.terraform.io/providers/cyrilgdn/postgresql/latest/docs
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
      // Provider settings accept an ephemeral value, which is in no state or plan.
      password: server.adminLogin?.password?.writeOnly(),
      sslmode: strictestSslMode(server.tls),
      sslrootcert: sslRootCertFile,
      // Administrators of managed servers are not superusers; otherwise the provider uses superuser privileges.
      superuser: false,
    };
  }
}

/** Properties of a `PostgresqlResource`. @internal */
export interface PostgresqlResourceProps {
  /** Resource type, such as `postgresql_role`. */
  readonly type: string;
  /** Arguments by their Terraform names. */
  readonly arguments: { readonly [name: string]: unknown };
  /** Terraform provider. @default - the stack's only postgresql provider */
  readonly provider?: TerraformProvider;
  /** Resources that it depends on. @default - none */
  readonly dependsOn?: ITerraformDependable[];
  /** Terraform lifecycle. @default - none */
  readonly lifecycle?: TerraformResourceLifecycle;
}

/** Resource of the provider. @internal */
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
