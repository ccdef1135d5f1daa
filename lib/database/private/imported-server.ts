import { isIPv6 } from "node:net";
import type { ITerraformDependable } from "cdktf";
import { Construct } from "constructs";
import type { MajorUpgradeProcedure } from "../changes/major-upgrade";
import { Cloud } from "../cloud";
import { ConnectionBudget } from "../connections/connection-budget";
import {
  type DatabaseOptions,
  DatabaseProvisioning,
  type IDatabase,
  type IDatabaseServer,
  type ReservedNames,
} from "../database-server";
import type { DatabaseServerAttributes } from "../database-server-attributes";
import { DatabaseService } from "../database-service";
import type { Endpoint } from "../endpoint";
import type { DatabaseEngine } from "../engine";
import type { DatabaseLocation } from "../location";
import { DatabaseLogin, LoginAuthentication } from "../login";
import type { MachineClass } from "../machine-size";
import type { Protection } from "../protection";
import type { SqlRules } from "../sql-rules";
import type { TlsTrust } from "../tls-trust";
import { COMMUNITY_MAX_CONNECTIONS, COMMUNITY_RESERVED_CONNECTIONS } from "./data/community-connections";
import { COMMUNITY_SQL_RULES } from "./data/community-sql-rules";
import { COMMUNITY_SUPPORT, checkEngineSupport, registeredEngineSupport } from "./engine-support";
import { getOrCreateDatabase, LogicalDatabase } from "./logical-database";
import { requireProps } from "./required-props";
import { SynthChecks } from "./synth-checks";

/** Services whose support dates the clouds' tables have. */
const USUAL_SERVICES = [
  DatabaseService.RDS_INSTANCE,
  DatabaseService.RDS_CLUSTER,
  DatabaseService.CLOUD_SQL,
  DatabaseService.AZURE_FLEXIBLE_SERVER,
];

/**
 * An existing server (`DatabaseServer.fromServerAttributes`); creates no resources.
 *
 * @internal
 */
export class ImportedServer extends Construct implements IDatabaseServer {
  public readonly engine: DatabaseEngine;
  public readonly endpoint: Endpoint;
  public readonly tls: TlsTrust;
  public readonly location: DatabaseLocation;
  public readonly connectionBudget: ConnectionBudget;
  public readonly adminLogin?: DatabaseLogin;
  public readonly acceptsCloudIdentity: boolean;
  public readonly parameters?: { readonly [name: string]: string };
  public readonly reservedNames?: ReservedNames;
  public readonly sqlRules?: SqlRules;
  public readonly service?: DatabaseService;
  public readonly machine?: MachineClass;
  public readonly backupRetentionDays?: number;
  public readonly protections?: readonly Protection[];
  public readonly majorUpgrade?: MajorUpgradeProcedure;
  public readonly dependables: ITerraformDependable[];
  private readonly checks: SynthChecks;

  /**
   * @param scope the scope.
   * @param id the construct id.
   * @param props the attributes.
   * @param original the server in another stack of this program that is described: its stack has judged the engine's support, and the
   * connections of all stacks are one sum.
   */
  public constructor(
    scope: Construct,
    id: string,
    props: DatabaseServerAttributes,
    original?: IDatabaseServer,
  ) {
    super(scope, id);
    requireProps(this.node.path, "DB", props, { engine: true, host: true });
    this.checks = new SynthChecks(this, "DB");
    this.engine = props.engine;
    this.endpoint = {
      host: props.host,
      port: props.port ?? props.engine.defaultPort,
      isPrivate: props.isPrivate ?? true,
    };
    this.tls = props.tls ?? { enforced: true, hostnameVerifiable: true };
    this.location = props.location ?? { cloud: Cloud.SELF_MANAGED };
    this.adminLogin = props.adminLogin;
    this.acceptsCloudIdentity = props.acceptsCloudIdentity ?? false;
    this.parameters = props.parameters;
    this.reservedNames = props.reservedNames;
    const selfManaged = this.location.cloud === Cloud.SELF_MANAGED;
    this.sqlRules = props.sqlRules ?? (selfManaged ? COMMUNITY_SQL_RULES : undefined);
    this.service = props.service;
    this.machine = props.machine;
    this.backupRetentionDays = props.backupRetentionDays;
    this.protections = props.protections;
    this.majorUpgrade = props.majorUpgrade;
    this.dependables = props.dependsOn ?? [];
    const vanilla = COMMUNITY_MAX_CONNECTIONS[props.engine.family];
    const maximum = props.maxConnections ?? vanilla;
    this.connectionBudget =
      original?.connectionBudget ??
      new ConnectionBudget(
        this,
        "DB",
        maximum === undefined
          ? undefined
          : {
              maximum,
              reserved: props.reservedConnections ?? COMMUNITY_RESERVED_CONNECTIONS,
              basis:
                props.maxConnections === undefined
                  ? `the default of ${props.engine.label}`
                  : "maxConnections",
            },
      );
    this.checks.wholeNumber("port", props.port, 1, 65_535);
    this.checks.wholeNumber("backupRetentionDays", props.backupRetentionDays, 0, 3650, "days");
    this.checks.wholeNumber("maxConnections", props.maxConnections, 1, 262_143);
    this.checks.check(
      "host",
      props.host,
      () => isIPv6(props.host) || /^[A-Za-z0-9]([A-Za-z0-9._-]*[A-Za-z0-9])?$/.test(props.host),
      "must be a DNS name or an IP address, without scheme, port and brackets",
    );
    this.checks.wholeNumber("reservedConnections", props.reservedConnections, 0, 10_000);
    if (!original) this.checks.whenComplete(() => this.checkSupport(props));
  }

  /**
   * A database on the server. Without an administrator it has to exist, together with its owner.
   *
   * @param name the database's name.
   * @param options `owner` is required for a login with a password, since there is no place to keep a new one.
   * @throws Error when a password login is wanted and none is given.
   */
  public database(name: string, options?: DatabaseOptions): IDatabase {
    return getOrCreateDatabase(this, name, options, (id) => {
      const owner = options?.owner ?? this.identityOwner(name, options);
      const provisioning = this.adminLogin ? DatabaseProvisioning.SQL_JOB : DatabaseProvisioning.CLOUD_API;
      return new LogicalDatabase(this, id, { server: this, databaseName: name, owner, provisioning });
    });
  }

  /** The cloud's room has the dates of its usual service; without it, and for other services such as Aurora, they are not known. */
  private checkSupport({ engine, service, acceptExtendedSupport }: DatabaseServerAttributes): void {
    const { cloud } = this.location;
    const usual = service === undefined || USUAL_SERVICES.includes(service);
    const support =
      cloud === Cloud.SELF_MANAGED ? COMMUNITY_SUPPORT : usual ? registeredEngineSupport(cloud) : undefined;
    if (support) checkEngineSupport(this, this.checks, engine, support, acceptExtendedSupport);
  }

  private identityOwner(name: string, options: DatabaseOptions | undefined): DatabaseLogin {
    if (options?.ownerAuthentication !== LoginAuthentication.CLOUD_IDENTITY) {
      throw new Error(
        `[${this.node.path}] DB-OPTIONS-OWNER: options.owner of database "${name}" must be set on an existing server (got not set); use DatabaseLogin.withPassword(name, secret)`,
      );
    }
    return DatabaseLogin.withCloudIdentity(options.ownerName ?? name);
  }
}
