// Refusals, warnings and opt-outs of both kinds of flexible server.

import type { Precondition } from "cdktf";
import type { Construct } from "constructs";
import { Availability, DeletionPolicy, type MachineClass } from "../../database";
import {
  checkBackup,
  checkEngineSupport,
  checkUtcTime,
  isResolved,
  type SynthChecks,
  supportedMajors,
  terraformCall,
} from "../../database/private";
import { checkResourceId, checkTags } from "../private/resource-checks";
import { AZURE_SUPPORT } from "./data/engine-support";
import { SERVER_NAME } from "./data/names";
import {
  type FlexibleServerOptions,
  type FlexibleServerSpec,
  type ServerOrigin,
  StandbyPlacement,
} from "./flexible-server";
import { checkFlexibleServerStorage } from "./flexible-server-storage";
import { checkMaintenanceWindow } from "./maintenance-window";

/** A server and what follows from its properties. @internal */
export interface CheckedServer {
  readonly spec: FlexibleServerSpec;
  readonly machine?: MachineClass;
  /** Version of the engine in Azure's spelling. */
  readonly version: string;
  readonly highlyAvailable: boolean;
  readonly geoRedundantBackup: boolean;
  /** True if the server is in a delegated subnet. */
  readonly delegated: boolean;
}

/**
 * Reports illegal properties of a server.
 *
 * @returns conditions on values that only Terraform knows.
 * @internal
 */
export function checkFlexibleServer(
  scope: Construct,
  checks: SynthChecks,
  server: CheckedServer,
): Precondition[] {
  const { spec } = server;
  const { options } = spec;
  const { network, zone, standbyZone } = options;
  checkEngine(scope, checks, server);
  checks.matches("serverName", options.serverName, SERVER_NAME.pattern, SERVER_NAME.rule);
  checks.matches("restoredServerName", options.restoredServerName, SERVER_NAME.pattern, SERVER_NAME.rule);
  checkFlexibleServerStorage(checks, options.engine, options.storage);
  checkBackup(checks, options.backup, spec.minRetentionDays, 35);
  if (options.backup?.window !== undefined) {
    checks.warn("backup.window has no effect: Azure chooses the time of backups", "backup.window");
  }
  checkMaintenanceWindow(checks, options.maintenanceWindow);
  checkTags(checks, scope, options.tags);
  for (const [property, value] of Object.entries({ zone, standbyZone })) {
    checks.matches(property, value, /^[123]$/, 'must be "1", "2" or "3"');
  }
  if (!spec.replica) checkAvailability(checks, options, server);
  if (spec.origin && !spec.replica) checkRestore(checks, options, spec.origin);
  if (server.delegated) {
    checks.check(
      "location",
      options.location,
      () => !isResolved(network.location) || options.location === network.location,
      "must be the region of the delegated subnet; leave it out",
    );
  }
  if (options.geoRedundantBackup === false && !spec.replica) {
    checks.optOut("geoRedundantBackup: disables geo-redundant backups, so a geo-restore is not possible");
  } else if (!server.geoRedundantBackup && !spec.replica) {
    checks.optOut("geoRedundantBackup: a server restored from geo-redundant backups has none itself");
  }
  recordDeletion(checks, options);
  return [options.serverName, options.restoredServerName]
    .filter((name) => name !== undefined && !isResolved(name))
    .map((name) => ({
      condition: terraformCall("can", terraformCall("regex", "^[a-z0-9][a-z0-9-]{1,61}[a-z0-9]$", name)),
      errorMessage:
        "The server's name must have 3 to 63 lower-case letters, digits and hyphens, with no hyphen first or last.",
    }));
}

function checkEngine(scope: Construct, checks: SynthChecks, { spec, version }: CheckedServer): void {
  const { engine, acceptExtendedSupport } = spec.options;
  if (engine.family !== spec.family) {
    checks.fail(
      "engine",
      engine.label,
      `must be ${spec.family === "mysql" ? "MySQL" : "PostgreSQL"} for this class`,
    );
    return;
  }
  checkEngineSupport(scope, checks, engine, AZURE_SUPPORT, acceptExtendedSupport);
  checks.check(
    "engine",
    engine.version,
    () => engine.version === engine.majorVersion || engine.version === version,
    `must be one of ${supportedMajors(engine, AZURE_SUPPORT).join(", ")}; Azure chooses the minor version`,
  );
}

function checkAvailability(
  checks: SynthChecks,
  options: FlexibleServerOptions,
  { spec, machine, highlyAvailable }: CheckedServer,
): void {
  const { zone, standbyZone, standby } = options;
  if (highlyAvailable && machine?.burstable) {
    checks.fail(
      "availability",
      Availability.ZONE_REDUNDANT,
      `must be ${Availability.ZONAL} on a burstable SKU such as ${machine.name}; or take a larger size`,
    );
  }
  if (!highlyAvailable) {
    if (spec.origin && options.availability === undefined) {
      checks.optOut(
        "availability: a restored server has no standby until availability is set to ZONE_REDUNDANT in a later run",
      );
    } else {
      checks.optOut("availability: disables high availability, so the server has no standby");
    }
    for (const [property, value] of Object.entries({ standbyZone, standby })) {
      if (value !== undefined) checks.fail(property, value, "must not be set where availability is zonal");
    }
    return;
  }
  const sameZone = standby === StandbyPlacement.SAME_ZONE;
  if (sameZone) checks.optOut("standby: same-zone high availability does not cover the failure of the zone");
  if (zone === undefined || !isResolved(zone)) return;
  checks.check(
    "standbyZone",
    standbyZone,
    () => (standbyZone === zone) === sameZone,
    sameZone
      ? `must be ${zone}, the zone of the server`
      : `must be another zone than ${zone}, the zone of the server`,
  );
}

/** Source and time of a restored server, which is a new server beside its source. */
function checkRestore(
  checks: SynthChecks,
  { serverName }: FlexibleServerOptions,
  origin: ServerOrigin,
): void {
  const { sourceServerId } = origin;
  checkResourceId(checks, "sourceServerId", sourceServerId, "flexibleServers");
  checkUtcTime(checks, "restoreTime", origin.restoreTime);
  if (serverName === undefined || !isResolved(sourceServerId)) return;
  checks.check(
    "serverName",
    serverName,
    () => !sourceServerId.toLowerCase().endsWith(`/${serverName}`),
    "must be another name than the source's; a restore creates a new server",
  );
}

function recordDeletion(checks: SynthChecks, options: FlexibleServerOptions): void {
  if (options.deletionPolicy === DeletionPolicy.DELETE) {
    checks.optOut("deletionPolicy: deletes the server and its backups when it is removed from the program");
  } else if (options.deletionPolicy === DeletionPolicy.SNAPSHOT) {
    checks.optOut(
      "deletionPolicy: deletes the server when it is removed from the program; its backups are kept for five days",
    );
    checks.warn(
      "deletionPolicy is snapshot: Azure creates no final snapshot and keeps the backups of a deleted server for five days; " +
        "add a LongTermBackup to keep more",
      "deletionPolicy",
    );
  } else if (options.deletionLock === false) {
    checks.optOut(
      "deletionLock: disables the management lock, so the server can be deleted outside Terraform",
    );
  }
}
