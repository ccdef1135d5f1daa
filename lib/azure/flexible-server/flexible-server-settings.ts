// Settings of PostgreSQL and MySQL servers and of their read replicas: checks, name, administrator, key, and the resources around
// the server. The two server resources of the provider have different arguments, which each class writes.

import type { ITerraformDependable, Precondition, TerraformProvider, TerraformResource } from "cdktf";
import type { Construct } from "constructs";
import {
  Availability,
  type ConnectionCapacity,
  type DatabaseLogin,
  DeletionPolicy,
  EngineFamily,
  type MachineClass,
  type MajorUpgradeProcedure,
  type Protection,
  TerraformData,
} from "../../database";
import {
  alternatingSince,
  checkIsAdopted,
  DEFAULT_MAINTENANCE_WINDOW,
  DEFAULT_RETENTION_DAYS,
  isResolved,
  passwordPreconditions,
  SynthChecks,
  secretVersion,
  terraformCall,
} from "../../database/private";
import { EncryptionKeyAccess } from "../key-vault/encryption-key";
import type { FlexibleServerPlacement } from "../network/flexible-server-network";
import { GlobalName } from "../private/global-name";
import { deletionLock } from "../private/resource-checks";
import { VERSION_NAMES } from "./data/engine-support";
import { PASSWORD_RULES } from "./data/passwords";
import { SKUS, SKUS_IN_WORDS } from "./data/skus";
import { type FlexibleServerOptions, type FlexibleServerSpec, StandbyPlacement } from "./flexible-server";
import { checkFlexibleServer } from "./flexible-server-checks";
import { administratorOf, GeneratedLogins } from "./logins";
import { flexibleServerConnectionCapacity, machineSku } from "./machine-sku";
import { azureMaintenanceWindow } from "./maintenance-window";
import { checkRestartFeature, restartsForParameters } from "./restart-feature";
import { flexibleServerMajorUpgrade } from "./server-major-upgrade";
import { ServerParameters, serverParameters } from "./server-parameters";
import { flexibleServerProtections, type ProtectedServer } from "./server-protection";

/** The server resource. @internal */
export interface ServerResource {
  readonly id: string;
  readonly resource: ITerraformDependable;
}

/** The first part of the ids of a server's refusals and warnings. @internal */
export function serverSubject(family: EngineFamily): string {
  return family === EngineFamily.POSTGRES ? "AZURE-POSTGRES" : "AZURE-MYSQL";
}

/** The checks of a server. @internal */
export function serverChecks(scope: Construct, family: EngineFamily): SynthChecks {
  return new SynthChecks(scope, serverSubject(family));
}

/** @internal */
export class FlexibleServerSettings {
  public readonly checks: SynthChecks;
  public readonly name: string;
  /** Name of the server that the program created first, which `restoredServerName` does not change. */
  public readonly originalName: string;
  public readonly resourceGroupName: string;
  public readonly location: string;
  public readonly provider?: TerraformProvider;
  public readonly machine?: MachineClass;
  /** Version of the engine in Azure's spelling. */
  public readonly version: string;
  public readonly placement: FlexibleServerPlacement;
  public readonly keyAccess?: EncryptionKeyAccess;
  public readonly adminLogin?: DatabaseLogin;
  public readonly logins: GeneratedLogins;
  public readonly parameters: Map<string, string>;
  public readonly capacity?: ConnectionCapacity;
  /** Conditions that Terraform checks before it creates the server. */
  public readonly preconditions: Precondition[] = [];
  /** The parameter resources, once the server is complete. */
  public parameterResources?: ServerParameters;
  /** Resources that exist before the parameters are set: the server and its private endpoint. */
  public beforeParameters: ITerraformDependable[] = [];
  private readonly scope: Construct;
  private readonly spec: FlexibleServerSpec;
  private readonly options: FlexibleServerOptions;

  public constructor(scope: Construct, spec: FlexibleServerSpec) {
    const { options, family } = spec;
    const { engine, network } = options;
    this.scope = scope;
    this.spec = spec;
    this.options = options;
    this.checks = serverChecks(scope, family);
    this.provider = options.provider ?? network.provider;
    this.resourceGroupName = options.resourceGroupName ?? network.resourceGroupName;
    this.location = options.location ?? network.location;
    this.originalName =
      options.serverName ??
      new GlobalName(scope, "Name", { maxLength: 63, randomProvider: options.randomProvider }).value;
    this.name = options.restoredServerName ?? this.originalName;
    this.version = VERSION_NAMES[family]?.[engine.majorVersion] ?? engine.majorVersion;
    this.machine = this.findMachine();
    this.placement = network.placement(family);
    this.preconditions.push(
      ...checkFlexibleServer(scope, this.checks, {
        spec,
        machine: this.machine,
        version: this.version,
        highlyAvailable: this.highlyAvailable,
        delegated: this.placement.delegatedSubnetId !== undefined,
        geoRedundantBackup: this.geoRedundantBackup,
      }),
    );
    if (spec.origin && !spec.replica)
      this.preconditions.push(noStandbyAtRestore(scope, this.highlyAvailable));
    this.parameters = serverParameters(this.checks, {
      engine,
      parameters: options.parameters,
      maxConnections: options.maxConnections,
      slowQueryMs: options.slowQueryMs,
      extensions: spec.extensions,
      inherited: spec.replica,
      recovery: spec.recoveryParameters,
    });
    this.capacity = this.findCapacity();
    if (options.encryptionKey) {
      this.keyAccess = new EncryptionKeyAccess(scope, "Key", options.encryptionKey, this.checks, {
        resourceGroupName: this.resourceGroupName,
        location: this.location,
        geoRedundantBackup: this.geoRedundantBackup,
        needsVersion: family === EngineFamily.MYSQL,
        tags: options.tags,
        provider: this.provider,
        dependsOn: options.dependsOn,
      });
    }
    const version = secretVersion(this.checks, "passwordVersion", options.passwordVersion);
    this.logins = new GeneratedLogins(scope, this.checks, {
      serverName: this.originalName,
      vault: options.vault,
      version,
      alternatingUsersSince: alternatingSince(this.checks, options.alternatingUsersSince, version),
      tags: options.tags,
      provider: this.provider,
      randomProvider: options.randomProvider,
      dependsOn: options.dependsOn,
    });
    this.adminLogin = administratorOf(this.checks, spec, this.logins);
    if (this.options.adminLogin?._exists) checkIsAdopted(this.checks, this.scope, "adminLogin");
    if (this.adminLogin?.password) {
      this.preconditions.push(...passwordPreconditions(this.adminLogin.password, PASSWORD_RULES));
    }
  }

  /** True if storage autogrow is enabled. */
  public get autoGrow(): boolean {
    return this.options.storage.maxSizeGiB !== undefined;
  }

  /** True if the server has a standby. */
  public get highlyAvailable(): boolean {
    const { replica, origin } = this.spec;
    // Azure restores to a server without a standby, whatever the arguments say (hashicorp/terraform-provider-azurerm#18253).
    const byDefault = origin ? Availability.ZONAL : Availability.ZONE_REDUNDANT;
    return !replica && (this.options.availability ?? byDefault) === Availability.ZONE_REDUNDANT;
  }

  /** True if Terraform refuses to destroy the server. */
  public get retained(): boolean {
    return (this.options.deletionPolicy ?? DeletionPolicy.RETAIN) === DeletionPolicy.RETAIN;
  }

  public get geoRedundantBackup(): boolean {
    const { replica, origin } = this.spec;
    // A geo-restore is for the loss of a region, and that region would have to hold the copies.
    return !replica && (this.options.geoRedundantBackup ?? origin?.createMode !== "GeoRestore");
  }

  /** The arguments that both server resources have. */
  public get commonArguments() {
    const { options, keyAccess, spec } = this;
    const standby = options.standby ?? StandbyPlacement.OTHER_ZONE;
    const directory = spec.family === EngineFamily.MYSQL ? options.entraAdministrator?.identityId : undefined;
    const identityIds = [...(keyAccess?.identityIds ?? []), ...(directory === undefined ? [] : [directory])];
    return {
      name: this.name,
      resourceGroupName: this.resourceGroupName,
      location: this.location,
      version: this.version,
      skuName: this.machine?.name,
      zone: options.zone,
      highAvailability: this.highlyAvailable
        ? { mode: standby as string, standbyAvailabilityZone: options.standbyZone }
        : undefined,
      backupRetentionDays: spec.replica
        ? undefined
        : (options.backup?.retentionDays ?? DEFAULT_RETENTION_DAYS),
      geoRedundantBackupEnabled: this.geoRedundantBackup,
      maintenanceWindow: azureMaintenanceWindow(options.maintenanceWindow ?? DEFAULT_MAINTENANCE_WINDOW),
      createMode: spec.origin?.createMode,
      sourceServerId: spec.origin?.sourceServerId,
      pointInTimeRestoreTimeInUtc: spec.origin?.restoreTime,
      delegatedSubnetId: this.placement.delegatedSubnetId,
      privateDnsZoneId: this.placement.privateDnsZoneId,
      customerManagedKey: keyAccess?.customerManagedKey,
      identity: identityIds.length > 0 ? { type: "UserAssigned", identityIds } : undefined,
      ...this.administratorArguments,
      // A standby, or a restore of much data, takes longer than the provider's default timeouts.
      timeouts: { create: "3h", update: "3h", delete: "1h" },
      tags: options.tags,
      provider: this.provider,
      dependsOn: [
        ...this.placement.dependables,
        ...(keyAccess?.dependables ?? []),
        ...(this.adminLogin?.password?.dependables ?? []),
        ...(options.dependsOn ?? []),
      ],
    };
  }

  /**
   * The `lifecycle` block of the server: changes that Azure makes are not changes in the plan.
   *
   * @param storage the arguments that change with storage autogrow.
   */
  public lifecycle(storage: string[]) {
    const ignoreChanges = [
      // A failover swaps the zones, and the provider then refuses every apply (hashicorp/terraform-provider-azurerm#25538).
      "zone",
      ...(this.highlyAvailable ? ["high_availability[0].standby_availability_zone"] : []),
      // Without this a disk that grew would replace the server (hashicorp/terraform-provider-azurerm#29463).
      ...(this.autoGrow ? storage : []),
      // Azure returns none of these, and the source of a server cannot change afterwards.
      ...(this.spec.origin ? ["create_mode", "source_server_id", "point_in_time_restore_time_in_utc"] : []),
    ];
    const { preconditions } = this;
    return {
      ignoreChanges,
      ...(this.retained ? { preventDestroy: true } : {}),
      ...(preconditions.length > 0 ? { precondition: preconditions } : {}),
    };
  }

  /**
   * Creates the resources around the server: management lock, private endpoint, server parameters.
   *
   * @returns the resources that must exist before a client connects.
   */
  public complete(server: ServerResource): ITerraformDependable[] {
    const { options, scope, provider } = this;
    if (this.retained && (options.deletionLock ?? true)) {
      const notes = "Holds data. Change deletionPolicy in the program before deleting it.";
      deletionLock(scope, this.name, server.id, notes, { provider, dependsOn: [server.resource] });
    }
    const { family } = this.spec;
    const endpoint = options.network.connect(scope, family, server.id, this.name, {
      tags: options.tags,
      provider,
    });
    const parameters = new ServerParameters(scope, "Parameters", family, this.parameters, {
      id: server.id,
      name: this.name,
      resourceGroupName: this.resourceGroupName,
      provider,
      // Azure accepts one change of a server at a time.
      dependsOn: [server.resource, ...endpoint],
    });
    this.parameterResources = parameters;
    this.beforeParameters = [server.resource, ...endpoint];
    return [...this.beforeParameters, ...parameters.dependables];
  }

  /** Backups of the server, for its runbook. */
  public protections(server: TerraformResource): Protection[] {
    return flexibleServerProtections(this.described(server));
  }

  /** Major version upgrade of the server, for its runbook. */
  public majorUpgrade(server: TerraformResource): MajorUpgradeProcedure {
    return flexibleServerMajorUpgrade(this.described(server), this.options.engine);
  }

  private described(server: TerraformResource): ProtectedServer {
    return {
      family: this.spec.family,
      serverName: this.name,
      serverId: server.getStringAttribute("id"),
      resourceGroupName: this.resourceGroupName,
      location: this.location,
      retentionDays: this.options.backup?.retentionDays ?? DEFAULT_RETENTION_DAYS,
      geoRedundant: this.geoRedundantBackup,
      subnetId: this.placement.delegatedSubnetId,
      dnsZoneId: this.placement.privateDnsZoneId,
      encryption: this.keyAccess?.customerManagedKey,
      resourceId: server.friendlyUniqueId,
      resourceType: server.terraformResourceType,
      path: this.scope.node.path,
    };
  }

  /** Name and password of the administrator of a new server; a restored server has those of its source. */
  private get administratorArguments(): {
    administratorLogin?: string;
    administratorPasswordWo?: string;
    administratorPasswordWoVersion?: number;
  } {
    const { password, username } = this.adminLogin ?? {};
    if (this.spec.origin || !password) return {};
    if (this.options.adminLogin?._exists) return { administratorLogin: username };
    return {
      administratorLogin: username,
      administratorPasswordWo: password.writeOnly(),
      administratorPasswordWoVersion: password.version,
    };
  }

  private findMachine(): MachineClass | undefined {
    const { engine, size } = this.options;
    const { family } = this.spec;
    const machine = machineSku(size, engine);
    if (!machine) {
      this.checks.fail(
        "size",
        size.label,
        `must be a size that Azure has; the SKUs are ${SKUS_IN_WORDS[family]}`,
      );
      return undefined;
    }
    this.checks.check(
      "size",
      machine.name,
      () => SKUS[family]?.some((sku) => sku.test(machine.name)) ?? false,
      `must be a SKU that the azurerm provider accepts for ${engine.label}; the SKUs are ${SKUS_IN_WORDS[family]}`,
    );
    return machine;
  }

  private findCapacity(): ConnectionCapacity | undefined {
    const { engine, maxConnections } = this.options;
    const byDefault = flexibleServerConnectionCapacity(engine, this.machine);
    if (maxConnections === undefined) return byDefault;
    if (this.spec.family === EngineFamily.MYSQL && byDefault) {
      const most = byDefault.maximum * 2;
      this.checks.check(
        "maxConnections",
        maxConnections,
        () => maxConnections <= most,
        `must be at most ${most} on ${this.machine?.name}, twice the default`,
      );
    }
    if (
      this.spec.family === EngineFamily.POSTGRES &&
      byDefault &&
      isResolved([maxConnections, byDefault.maximum])
    ) {
      const restarts = restartsForParameters(this.scope, this.provider);
      checkRestartFeature(this.scope, this.checks, this.provider, restarts);
      // Without a restart the server keeps the value that it has: what both allow is certain.
      if (!restarts && byDefault.maximum < maxConnections) return byDefault;
    }
    return flexibleServerConnectionCapacity(engine, this.machine, maxConnections);
  }
}

/**
 * Refuses a standby in the run that restores a server: Azure creates none, and Terraform would say that it did. The state keeps what
 * the program asked for at creation, so that the standby can be added in a later run.
 *
 * @see https://learn.microsoft.com/azure/mysql/flexible-server/concepts-high-availability-faq
 */
function noStandbyAtRestore(scope: Construct, highlyAvailable: boolean): Precondition {
  const restore = new TerraformData(scope, "Restore", {
    input: { standby: highlyAvailable ? "asked for" : "none" },
    lifecycle: { ignoreChanges: ["input"] },
  });
  return {
    condition: terraformCall("contains", ["none"], restore.inputs.lookup("standby")),
    errorMessage:
      "Azure restores to a server without a standby: leave availability out in the run that restores, and set it to ZONE_REDUNDANT afterwards.",
  };
}
