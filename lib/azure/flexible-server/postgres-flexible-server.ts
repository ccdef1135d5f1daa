import {
  type PostgresqlFlexibleServerAuthentication,
  PostgresqlFlexibleServer as PostgresqlServerResource,
} from "@cdktf/provider-azurerm/lib/postgresql-flexible-server";
import { PostgresqlFlexibleServerActiveDirectoryAdministrator } from "@cdktf/provider-azurerm/lib/postgresql-flexible-server-active-directory-administrator";
import { type ITerraformDependable, Lazy, Op, type TerraformProvider, Token } from "cdktf";
import { Construct } from "constructs";
import {
  azurePostgresStorageMb,
  Cloud,
  ConnectionBudget,
  type ConnectionCapacity,
  type DatabaseEngine,
  type DatabaseLocation,
  type DatabaseLogin,
  type DatabaseOptions,
  type Endpoint,
  EngineFamily,
  type IDatabase,
  type IDatabaseServer,
  type MachineClass,
  type TlsTrust,
} from "../../database";
import { isResolved, type SynthChecks } from "../../database/private";
import { AzureEnvironment } from "../private/azure-environment";
import { STORAGE_TIERS } from "./data/storage-tiers";
import { EntraPrincipalType } from "./entra-administrator";
import { flexibleDatabase } from "./flexible-database";
import type { IFlexibleServer, ServerOrigin } from "./flexible-server";
import type { FlexibleServerOptions } from "./flexible-server-options";
import { FlexibleServerParts } from "./flexible-server-parts";

/** Properties of a `PostgresFlexibleServer`. */
export interface PostgresFlexibleServerProps extends FlexibleServerOptions {
  /**
   * The performance tier of the disk, `P4` to `P80`; each size has some. It changes once in twelve hours at most.
   * @default - the lowest of the size
   */
  readonly storageTier?: string;
  /** The extensions that databases may create, such as `pg_trgm`; Azure refuses all others. @default - Azure's own short list */
  readonly extensions?: string[];
  /**
   * Whether logins may use passwords. Without, only Entra principals get in; needs `entraAdministrator`, and there is no
   * administrator who could set up databases. @default true
   */
  readonly passwordAuthentication?: boolean;
}

/**
 * An Azure Database for PostgreSQL: private, with a standby in another zone, backups in two regions, TLS and a lock, unless
 * told otherwise.
 *
 * @example
 * const server = new PostgresFlexibleServer(this, "postgres", {
 *   engine: DatabaseEngine.postgres(PostgresVersion.V17),
 *   size: MachineSize.general(4),
 *   storage: { sizeGiB: 128, maxSizeGiB: 512 },
 *   network,
 *   vault,
 * });
 */
export class PostgresFlexibleServer extends Construct implements IDatabaseServer, IFlexibleServer {
  /** The server. */
  public readonly resource: PostgresqlServerResource;
  /** How logins prove who they are. */
  public readonly authentication: PostgresqlFlexibleServerAuthentication;
  /** The Entra administrator, when there is one. */
  public readonly entraAdministrator?: PostgresqlFlexibleServerActiveDirectoryAdministrator;
  public readonly engine: DatabaseEngine;
  public readonly endpoint: Endpoint;
  public readonly tls: TlsTrust;
  public readonly location: DatabaseLocation;
  public readonly connectionBudget: ConnectionBudget;
  public readonly connectionCapacity?: ConnectionCapacity;
  public readonly isReplica = false;
  public readonly adminLogin?: DatabaseLogin;
  public readonly acceptsCloudIdentity: boolean;
  public readonly dependables: ITerraformDependable[];
  public readonly serverId: string;
  public readonly serverName: string;
  public readonly resourceGroupName: string;
  public readonly machine?: MachineClass;
  public readonly provider?: TerraformProvider;
  /** What the server was made with, for its replicas. @internal */
  public readonly _props: PostgresFlexibleServerProps;
  private readonly parts: FlexibleServerParts;
  private readonly passwordAuthentication: boolean;

  public constructor(scope: Construct, id: string, props: PostgresFlexibleServerProps) {
    super(scope, id);
    this._props = props;
    this.passwordAuthentication = props.passwordAuthentication ?? true;
    const parts = new FlexibleServerParts(this, {
      family: EngineFamily.POSTGRES,
      options: props,
      extensions: props.extensions,
      passwordAuthentication: this.passwordAuthentication,
      minRetentionDays: 7,
      origin: this._origin(props),
    });
    this.parts = parts;
    const entra = props.entraAdministrator;
    const tenantId = entra && (entra.tenantId ?? AzureEnvironment.of(this, parts.provider).tenantId);
    this.authentication = {
      activeDirectoryAuthEnabled: entra !== undefined,
      passwordAuthEnabled: this.passwordAuthentication,
      tenantId,
    };
    check(parts.checks, props, this.passwordAuthentication);
    if (!isResolved(props.storage.sizeGiB)) {
      parts.preconditions.push({
        condition: Op.and(Op.gte(props.storage.sizeGiB, 1), Op.lte(props.storage.sizeGiB, 32_767)),
        errorMessage: "The disk of an Azure PostgreSQL server has 1 to 32767 GiB.",
      });
    }
    // A tier that the disk has outgrown would fail every plan, so it grows with the disk.
    const grown = props.storageTier === undefined ? ["storage_mb"] : ["storage_mb", "storage_tier"];
    this.resource = new PostgresqlServerResource(this, "Resource", {
      ...parts.common,
      storageMb: postgresStorageMb(props.storage.sizeGiB),
      storageTier: props.storageTier,
      autoGrowEnabled: parts.autoGrow,
      publicNetworkAccessEnabled: false,
      authentication: this.authentication,
      lifecycle: parts.lifecycle(grown),
    });
    this.engine = props.engine;
    this.serverId = this.resource.id;
    this.serverName = parts.name;
    this.resourceGroupName = parts.resourceGroupName;
    this.machine = parts.machine;
    this.provider = parts.provider;
    this.endpoint = { host: this.resource.fqdn, port: props.engine.defaultPort, isPrivate: true };
    // Signed by public authorities (DigiCert Global Root G2, Microsoft RSA Root CA 2017), which every system trusts. They are
    // not handed out: a copy of ours would go stale when Azure moves on.
    this.tls = { enforced: true, hostnameVerifiable: true };
    this.location = { cloud: Cloud.AZURE, region: parts.location };
    this.connectionCapacity = parts.capacity;
    this.connectionBudget = new ConnectionBudget(parts.checks, parts.capacity);
    this.adminLogin = parts.adminLogin;
    this.acceptsCloudIdentity = entra !== undefined;
    const completed = parts.complete({ id: this.resource.id, resource: this.resource });
    if (entra) {
      this.entraAdministrator = new PostgresqlFlexibleServerActiveDirectoryAdministrator(
        this,
        "EntraAdministrator",
        {
          serverName: parts.name,
          resourceGroupName: parts.resourceGroupName,
          tenantId: tenantId as string,
          objectId: entra.objectId,
          principalName: entra.principalName,
          principalType: entra.principalType ?? EntraPrincipalType.GROUP,
          provider: parts.provider,
          // After the parameters: Azure answers to one change of a server at a time.
          dependsOn: completed,
        },
      );
    }
    this.dependables = this.entraAdministrator ? [...completed, this.entraAdministrator] : completed;
  }

  /** What the program sets, by Azure's names. */
  public get parameters(): { readonly [name: string]: string } {
    return Object.fromEntries(this.parts.parameters);
  }

  public database(name: string, options?: DatabaseOptions): IDatabase {
    const { parts, passwordAuthentication } = this;
    return flexibleDatabase(this, name, options, { checks: parts.checks, parts, passwordAuthentication });
  }

  /** Reports for the server. @internal */
  public get _checks(): SynthChecks {
    return this.parts.checks;
  }

  /** What the server is made from; an empty one from nothing. @internal */
  protected _origin(_props: PostgresFlexibleServerProps): ServerOrigin | undefined {
    return undefined;
  }
}

/**
 * The `storage_mb` that holds a size.
 *
 * @internal
 */
export function postgresStorageMb(sizeGiB: number): number {
  if (isResolved(sizeGiB)) return azurePostgresStorageMb(sizeGiB) ?? sizeGiB * 1024;
  const ladder = Object.keys(STORAGE_TIERS).join(", ");
  // The next size of the ladder, as at synth.
  return Token.asNumber(
    Lazy.anyValue({
      produce: (context) => {
        const size = String(context.resolve(sizeGiB)).replace(/^\$\{([\s\S]*)\}$/, "$1");
        return `\${min([for mb in [${ladder}] : mb if mb >= (${size}) * 1024]...)}`;
      },
    }),
  );
}

function check(checks: SynthChecks, props: PostgresFlexibleServerProps, passwords: boolean): void {
  const { storage, storageTier, entraAdministrator } = props;
  const mb = isResolved(storage.sizeGiB) ? azurePostgresStorageMb(storage.sizeGiB) : undefined;
  const tiers = mb === undefined ? undefined : STORAGE_TIERS[mb];
  const all = [...new Set(Object.values(STORAGE_TIERS).flat())];
  checks.check(
    "storageTier",
    storageTier,
    () => (tiers ?? all).includes(storageTier as string),
    mb === undefined
      ? `allowed are ${all.join(", ")}`
      : `a disk of ${mb / 1024} GiB has ${(tiers ?? []).join(", ")}`,
  );
  if (!passwords) {
    checks.optOut("passwordAuthentication: applications that know no Entra log-in cannot connect");
    if (!entraAdministrator) {
      checks.fail(
        "entraAdministrator",
        entraAdministrator,
        "somebody has to be able to log in; give it, or leave passwordAuthentication on",
      );
    }
  }
  if (entraAdministrator?.identityId !== undefined) {
    checks.fail(
      "entraAdministrator.identityId",
      entraAdministrator.identityId,
      "only MySQL has it; PostgreSQL looks people up by itself",
    );
  }
}
