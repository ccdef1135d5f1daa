// What both kinds of flexible server have in common: checks, name, login, key, and what surrounds the server once it is
// there. The two resources of the provider differ in their arguments only; each class writes its own.

import { ManagementLock } from "@cdktf/provider-azurerm/lib/management-lock";
import type { ITerraformDependable, Precondition, TerraformProvider } from "cdktf";
import type { Construct } from "constructs";
import {
  Availability,
  Cloud,
  type ConnectionCapacity,
  checkAdminName,
  checkBackup,
  checkEngineSupport,
  checkServerName,
  checkStorage,
  DatabaseLogin,
  DEFAULT_MAINTENANCE_WINDOW,
  DEFAULT_RETENTION_DAYS,
  DeletionPolicy,
  defaultConnectionCapacity,
  EngineFamily,
  isKnown,
  type MachineClass,
  passwordPreconditions,
  reservedConnections,
  SynthChecks,
  terraformCall,
} from "../database";
import { AzureAdminLogin } from "./azure-admin-login";
import type { ServerPlacement } from "./azure-database-network";
import { azureMaintenanceWindow, checkMaintenanceWindow } from "./azure-maintenance-window";
import { SKUS, SKUS_IN_WORDS, VERSIONS } from "./data/skus";
import type { ServerOrigin } from "./flexible-server";
import { type FlexibleServerOptions, StandbyPlacement } from "./flexible-server-options";
import { GeneratedSecret } from "./generated-secret";
import { GlobalName } from "./global-name";
import { KeyAccess } from "./server-key";
import { ServerParameters, serverParameters } from "./server-parameters";

/** What a kind of server adds to the options. @internal */
export interface ServerShape {
  readonly family: EngineFamily;
  readonly options: FlexibleServerOptions;
  readonly extensions?: string[];
  readonly passwordAuthentication: boolean;
  readonly minRetentionDays: number;
  readonly origin?: ServerOrigin;
  /** A replica has no backups, standby and parameters of its own, and follows another server in all else. */
  readonly replica?: boolean;
}

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
    this.check();
    this.placement = network.placement(family);
    this.checkPlacement();
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
    this.adminLogin = this.findAdminLogin();
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

  /**
   * The login of an owner with a password that is kept in the vault; the same name gives the same login.
   *
   * @param username the owner's name.
   */
  public ownerLogin(username: string): DatabaseLogin {
    const id = `Owner-${username}`;
    const existing = this.scope.node.tryFindChild(id) as GeneratedSecret | undefined;
    const secret = existing ?? this.secret(id, username);
    return DatabaseLogin.withPassword(username, secret.value);
  }

  private secret(id: string, username: string): GeneratedSecret {
    const { options } = this;
    if (!options.vault) {
      this.checks.fail(
        "vault",
        options.vault,
        `the password of ${username} has to be kept somewhere; give a SecretVault, or the login itself`,
      );
    }
    return new GeneratedSecret(this.scope, id, {
      vault: options.vault ?? { keyVaultId: "", dependables: [] },
      version: options.passwordVersion,
      secretName: `${this.name}-${namePart(username)}`,
      contentType: `password of ${isKnown(username) ? username : "a login"}`,
      tags: options.tags,
      provider: this.provider,
      randomProvider: options.randomProvider,
      dependsOn: options.dependsOn,
    });
  }

  private findAdminLogin(): DatabaseLogin | undefined {
    const { options, shape, checks } = this;
    const given = options.adminLogin;
    if (!shape.passwordAuthentication) {
      if (given) {
        checks.fail("adminLogin", given.username, "leave it out while passwordAuthentication is false");
      }
      return undefined;
    }
    if (given?._login && !given._login.password) {
      checks.fail(
        "adminLogin",
        given.username,
        "it needs a password; an identity goes into entraAdministrator",
      );
      return undefined;
    }
    if (shape.origin) {
      if (given && !given._login) {
        checks.fail(
          "adminLogin",
          given.username,
          "a restored server has the administrator and the password of its source; give them (AzureAdminLogin.given), " +
            "with StoredSecret where a Key Vault has the password",
        );
      }
      return given?._login;
    }
    const login = given ?? AzureAdminLogin.generated();
    checkAdminName(checks, "adminLogin", Cloud.AZURE, login.username);
    return (
      login._login ??
      DatabaseLogin.withPassword(login.username, this.secret("AdminPassword", login.username).value)
    );
  }

  private findMachine(): MachineClass | undefined {
    const { engine, size } = this.options;
    const family = this.shape.family;
    const machine = size.on(Cloud.AZURE, engine);
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

  private check(): void {
    const { checks, options, shape, scope } = this;
    const { engine, zone, standbyZone } = options;
    if (engine.family !== shape.family) {
      checks.fail(
        "engine",
        engine.label,
        `this server is for ${shape.family === "mysql" ? "MySQL" : "PostgreSQL"} only`,
      );
    } else {
      checkEngineSupport(scope, checks, engine, Cloud.AZURE, options.acceptExtendedSupport);
      checks.check(
        "engine",
        engine.version,
        () => engine.version === engine.majorVersion || engine.version === this.version,
        `Azure chooses the minor version itself; allowed are ${Object.keys(VERSIONS[shape.family] ?? {}).join(", ")}`,
      );
    }
    checkServerName(checks, "serverName", Cloud.AZURE, options.serverName);
    if (!isKnown(options.serverName)) {
      this.preconditions.push({
        condition: terraformCall(
          "can",
          terraformCall("regex", "^[a-z0-9][a-z0-9-]{1,61}[a-z0-9]$", this.name),
        ),
        errorMessage:
          "The server's name may have 3 to 63 lower-case letters, digits and hyphens, with no hyphen first or last.",
      });
    }
    checkStorage(checks, Cloud.AZURE, engine, options.storage);
    checkBackup(checks, options.backup, shape.minRetentionDays, 35);
    if (options.backup?.window !== undefined) {
      checks.warn("backup.window: Azure chooses the time of backups itself, so it has no effect");
    }
    checkMaintenanceWindow(checks, options.maintenanceWindow);
    if (!this.shape.replica) this.checkAvailability();
    for (const [property, value] of Object.entries({ zone, standbyZone })) {
      checks.matches(property, value, /^[123]$/, 'allowed are "1", "2" and "3"');
    }
    this.noteDeletion();
  }

  private checkPlacement(): void {
    const { options, location, placement, checks } = this;
    if (placement.delegatedSubnetId === undefined) return;
    checks.check(
      "location",
      options.location,
      () => !isKnown(options.network.location) || location === options.network.location,
      "a server in a delegated subnet is where the subnet is; leave it out",
    );
  }

  private checkAvailability(): void {
    const { checks, options, machine } = this;
    const { zone, standbyZone, standby } = options;
    if (this.highlyAvailable && machine?.burstable) {
      checks.fail(
        "availability",
        Availability.ZONE_REDUNDANT,
        `burstable machines such as ${machine.name} have no standby; take a larger size, or availability: Availability.ZONAL`,
      );
    }
    if (!this.highlyAvailable) {
      checks.optOut("availability: the server does not survive the loss of its zone");
      if (standbyZone !== undefined) checks.fail("standbyZone", standbyZone, "a zonal server has no standby");
      if (standby !== undefined) checks.fail("standby", standby, "a zonal server has no standby");
      return;
    }
    if (standby === StandbyPlacement.SAME_ZONE) {
      checks.optOut("standby: the server does not survive the loss of its zone");
      checks.check(
        "standbyZone",
        standbyZone,
        () => standbyZone === zone,
        "the standby is in the server's own zone",
      );
    } else if (zone !== undefined && isKnown(zone)) {
      checks.check(
        "standbyZone",
        standbyZone,
        () => standbyZone !== zone,
        `it has to be another zone than ${zone}`,
      );
    }
  }

  private noteDeletion(): void {
    const { checks, options } = this;
    if (!this.geoRedundantBackup && !this.shape.replica) {
      checks.optOut("geoRedundantBackup: no backup survives the loss of the region");
    }
    if (options.deletionPolicy === DeletionPolicy.DELETE) {
      checks.optOut("deletionPolicy: the server and its backups are deleted when it leaves the program");
    } else if (options.deletionPolicy === DeletionPolicy.SNAPSHOT) {
      checks.optOut(
        "deletionPolicy: the server is deleted when it leaves the program; its backups remain for five days",
      );
      checks.warn(
        "deletionPolicy is snapshot: Azure takes no last snapshot and keeps the backups of a deleted server for five days; " +
          "add a LongTermBackup to keep more",
      );
    } else if (options.deletionLock === false) {
      checks.optOut("deletionLock: anybody with rights on the server can delete it past Terraform");
    }
  }
}

/** A login's name as a part of a secret's name; `_`, `@` and `.` become hyphens. */
function namePart(username: string): string {
  return isKnown(username) ? username.replace(/[^0-9a-zA-Z-]+/g, "-") : username;
}
