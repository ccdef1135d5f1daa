// What both kinds of flexible server have in common: checks, name, login, key, and what surrounds the server once it is
// there. The two resources of the provider differ in their arguments only; each class writes its own.

import { ManagementLock } from "@cdktf/provider-azurerm/lib/management-lock";
import type { ITerraformDependable, Precondition, TerraformProvider } from "cdktf";
import type { Construct } from "constructs";
import {
  Availability,
  Cloud,
  type ConnectionCapacity,
  type DatabaseLogin,
  DEFAULT_MAINTENANCE_WINDOW,
  DEFAULT_RETENTION_DAYS,
  DeletionPolicy,
  defaultConnectionCapacity,
  EngineFamily,
  type MachineClass,
  reservedConnections,
} from "../../database";
import { passwordPreconditions, SynthChecks } from "../../database/private";
import type { ServerPlacement } from "../network/azure-database-network";
import { GlobalName } from "../private/global-name";
import { azureMaintenanceWindow } from "./azure-maintenance-window";
import { SKUS, SKUS_IN_WORDS, VERSIONS } from "./data/skus";
import { checkFlexibleServer } from "./flexible-server-checks";
import { FlexibleServerLogins } from "./flexible-server-logins";
import { type FlexibleServerOptions, StandbyPlacement } from "./flexible-server-options";
import type { ServerShape } from "./flexible-server-shape";
import { machineSku } from "./machine-sku";
import { KeyAccess } from "./server-key";
import { ServerParameters, serverParameters } from "./server-parameters";

/** The server once it is written. @internal */
export interface MadeServer {
  readonly id: string;
  readonly resource: ITerraformDependable;
}

/** @internal */
export class FlexibleServerParts {
  public readonly checks: SynthChecks;
  public readonly name: string;
  public readonly resourceGroupName: string;
  public readonly location: string;
  public readonly provider?: TerraformProvider;
  public readonly machine?: MachineClass;
  public readonly version: string;
  public readonly placement: ServerPlacement;
  public readonly keyAccess?: KeyAccess;
  public readonly adminLogin?: DatabaseLogin;
  public readonly logins: FlexibleServerLogins;
  public readonly parameters: Map<string, string>;
  public readonly capacity?: ConnectionCapacity;
  /** What Terraform checks before it makes the server. */
  public readonly preconditions: Precondition[] = [];
  private readonly scope: Construct;
  private readonly shape: ServerShape;
  private readonly options: FlexibleServerOptions;

  public constructor(scope: Construct, shape: ServerShape) {
    const { options, family } = shape;
    const { engine, network } = options;
    this.scope = scope;
    this.shape = shape;
    this.options = options;
    this.checks = new SynthChecks(scope);
    this.provider = options.provider ?? network.provider;
    this.resourceGroupName = options.resourceGroupName ?? network.resourceGroupName;
    this.location = options.location ?? network.location;
    this.name =
      options.serverName ??
      new GlobalName(scope, "Name", { maxLength: 63, randomProvider: options.randomProvider }).value;
    this.version = VERSIONS[family]?.[engine.majorVersion] ?? engine.majorVersion;
    this.machine = this.findMachine();
    this.placement = network.placement(family);
    this.preconditions.push(
      ...checkFlexibleServer(scope, this.checks, {
        shape,
        machine: this.machine,
        version: this.version,
        highlyAvailable: this.highlyAvailable,
        delegated: this.placement.delegatedSubnetId !== undefined,
      }),
    );
    this.parameters = serverParameters(this.checks, {
      engine,
      parameters: options.parameters,
      maxConnections: options.maxConnections,
      slowQueryMs: options.slowQueryMs,
      extensions: shape.extensions,
      inherited: shape.replica,
    });
    this.capacity = this.findCapacity();
    if (options.encryptionKey) {
      this.keyAccess = new KeyAccess(scope, "Key", options.encryptionKey, this.checks, {
        resourceGroupName: this.resourceGroupName,
        location: this.location,
        geoRedundantBackup: this.geoRedundantBackup,
        tags: options.tags,
        provider: this.provider,
        dependsOn: options.dependsOn,
      });
    }
    this.logins = new FlexibleServerLogins(scope, this.checks, shape, this.name, this.provider);
    this.adminLogin = this.logins.administrator();
    if (this.adminLogin?.password) {
      this.preconditions.push(...passwordPreconditions(this.adminLogin.password, Cloud.AZURE, engine));
    }
  }

  public get autoGrow(): boolean {
    return this.options.storage.maxSizeGiB !== undefined;
  }

  public get highlyAvailable(): boolean {
    return (
      !this.shape.replica &&
      (this.options.availability ?? Availability.ZONE_REDUNDANT) === Availability.ZONE_REDUNDANT
    );
  }

  public get retained(): boolean {
    return (this.options.deletionPolicy ?? DeletionPolicy.RETAIN) === DeletionPolicy.RETAIN;
  }

  public get geoRedundantBackup(): boolean {
    return !this.shape.replica && (this.options.geoRedundantBackup ?? true);
  }

  /** The login and password that a new server is made with; a restored one has those of its source. */
  public get administrator(): {
    administratorLogin?: string;
    administratorPasswordWo?: string;
    administratorPasswordWoVersion?: number;
  } {
    const { password, username } = this.adminLogin ?? {};
    if (this.shape.origin || !password) return {};
    return {
      administratorLogin: username,
      administratorPasswordWo: password.writeOnly(),
      administratorPasswordWoVersion: password.version,
    };
  }

  /** The arguments that both resources call the same. */
  public get common() {
    const { options, keyAccess } = this;
    const standby = options.standby ?? StandbyPlacement.OTHER_ZONE;
    const directory =
      this.shape.family === EngineFamily.MYSQL ? options.entraAdministrator?.identityId : undefined;
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
      backupRetentionDays: this.shape.replica
        ? undefined
        : (options.backup?.retentionDays ?? DEFAULT_RETENTION_DAYS),
      geoRedundantBackupEnabled: this.geoRedundantBackup,
      maintenanceWindow: azureMaintenanceWindow(options.maintenanceWindow ?? DEFAULT_MAINTENANCE_WINDOW),
      createMode: this.shape.origin?.createMode,
      sourceServerId: this.shape.origin?.sourceServerId,
      pointInTimeRestoreTimeInUtc: this.shape.origin?.restoreTime,
      delegatedSubnetId: this.placement.delegatedSubnetId,
      privateDnsZoneId: this.placement.privateDnsZoneId,
      customerManagedKey: keyAccess?.customerManagedKey,
      identity: identityIds.length > 0 ? { type: "UserAssigned", identityIds } : undefined,
      ...this.administrator,
      // A standby and a restore of much data take longer than the provider waits by itself.
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
   * What the cloud changes by itself is no change in the plan.
   *
   * @param size the paths that grow with the disk.
   */
  public lifecycle(size: string[]) {
    const ignoreChanges = [
      // A failover swaps the zones, and the provider then refuses every apply (hashicorp/terraform-provider-azurerm#25538).
      "zone",
      ...(this.highlyAvailable ? ["high_availability[0].standby_availability_zone"] : []),
      // A grown disk would otherwise be a server to be replaced (hashicorp/terraform-provider-azurerm#29463).
      ...(this.autoGrow ? size : []),
      // Azure gives none of these back, and what a server was made from is history.
      ...(this.shape.origin ? ["create_mode", "source_server_id", "point_in_time_restore_time_in_utc"] : []),
    ];
    const { preconditions } = this;
    return {
      ignoreChanges,
      ...(this.retained ? { preventDestroy: true } : {}),
      ...(preconditions.length > 0 ? { precondition: preconditions } : {}),
    };
  }

  /**
   * Makes what surrounds the server: lock, private endpoint, parameters.
   *
   * @returns what has to exist before anybody connects.
   */
  public complete(server: MadeServer): ITerraformDependable[] {
    const { options, scope, provider } = this;
    if (this.retained && (options.deletionLock ?? true)) {
      new ManagementLock(scope, "Lock", {
        name: `${this.name}-lock`,
        scope: server.id,
        lockLevel: "CanNotDelete",
        notes: "Holds data. Change deletionPolicy in the program before deleting it.",
        provider,
        dependsOn: [server.resource],
      });
    }
    const family = this.shape.family;
    const endpoint = options.network.connect(scope, family, server.id, this.name, {
      tags: options.tags,
      provider,
    });
    const parameters = new ServerParameters(scope, "Parameters", family, this.parameters, {
      id: server.id,
      name: this.name,
      resourceGroupName: this.resourceGroupName,
      provider,
      // Azure answers to one change of a server at a time.
      dependsOn: [server.resource, ...endpoint],
    });
    return [server.resource, ...endpoint, ...parameters.dependables];
  }

  private findMachine(): MachineClass | undefined {
    const { engine, size } = this.options;
    const family = this.shape.family;
    const machine = machineSku(size, engine);
    if (!machine) {
      this.checks.fail("size", size.label, `Azure has no such machine; allowed are ${SKUS_IN_WORDS[family]}`);
      return undefined;
    }
    this.checks.check(
      "size",
      machine.name,
      () => SKUS[family]?.some((sku) => sku.test(machine.name)) ?? false,
      `the provider knows no such SKU for ${engine.label}; allowed are ${SKUS_IN_WORDS[family]}`,
    );
    return machine;
  }

  private findCapacity(): ConnectionCapacity | undefined {
    const { engine, maxConnections } = this.options;
    const byDefault = this.machine && defaultConnectionCapacity(Cloud.AZURE, engine, this.machine);
    if (maxConnections === undefined) return byDefault;
    if (this.shape.family === EngineFamily.MYSQL && byDefault) {
      const most = byDefault.maximum * 2;
      this.checks.check(
        "maxConnections",
        maxConnections,
        () => maxConnections <= most,
        `a ${this.machine?.name} takes ${most} at most, twice its default`,
      );
    }
    return { maximum: maxConnections, reserved: reservedConnections(Cloud.AZURE), basis: "maxConnections" };
  }
}
