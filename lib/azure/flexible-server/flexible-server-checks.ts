// What both kinds of flexible server refuse, note and warn of.

import type { Precondition } from "cdktf";
import type { Construct } from "constructs";
import {
  Availability,
  Cloud,
  checkBackup,
  checkStorage,
  DeletionPolicy,
  type MachineClass,
} from "../../database";
import {
  checkEngineSupport,
  checkServerName,
  isResolved,
  type SynthChecks,
  terraformCall,
} from "../../database/private";
import { checkMaintenanceWindow } from "./azure-maintenance-window";
import { VERSIONS } from "./data/skus";
import { type FlexibleServerOptions, StandbyPlacement } from "./flexible-server-options";
import type { ServerShape } from "./flexible-server-shape";

/** What is known of a server beside its options. @internal */
export interface ServerFacts {
  readonly shape: ServerShape;
  readonly machine?: MachineClass;
  /** The engine's version as Azure calls it. */
  readonly version: string;
  readonly highlyAvailable: boolean;
  /** Whether the server is in a delegated subnet. */
  readonly delegated: boolean;
}

/**
 * Reports what is wrong with a server.
 *
 * @returns what Terraform has to check, since it is known only there.
 * @internal
 */
export function checkFlexibleServer(
  scope: Construct,
  checks: SynthChecks,
  facts: ServerFacts,
): Precondition[] {
  const { shape } = facts;
  const { options } = shape;
  const { network, zone, standbyZone } = options;
  checkEngine(scope, checks, facts);
  checkServerName(checks, "serverName", Cloud.AZURE, options.serverName);
  checkStorage(checks, Cloud.AZURE, options.engine, options.storage);
  checkBackup(checks, options.backup, shape.minRetentionDays, 35);
  if (options.backup?.window !== undefined) {
    checks.warn("backup.window: Azure chooses the time of backups itself, so it has no effect");
  }
  checkMaintenanceWindow(checks, options.maintenanceWindow);
  for (const [property, value] of Object.entries({ zone, standbyZone })) {
    checks.matches(property, value, /^[123]$/, 'allowed are "1", "2" and "3"');
  }
  if (!shape.replica) checkAvailability(checks, options, facts);
  if (facts.delegated) {
    checks.check(
      "location",
      options.location,
      () => !isResolved(network.location) || options.location === network.location,
      "a server in a delegated subnet is where the subnet is; leave it out",
    );
  }
  noteDeletion(checks, options, shape.replica ?? false);
  if (options.serverName === undefined || isResolved(options.serverName)) return [];
  return [
    {
      condition: terraformCall(
        "can",
        terraformCall("regex", "^[a-z0-9][a-z0-9-]{1,61}[a-z0-9]$", options.serverName),
      ),
      errorMessage:
        "The server's name may have 3 to 63 lower-case letters, digits and hyphens, with no hyphen first or last.",
    },
  ];
}

function checkEngine(scope: Construct, checks: SynthChecks, { shape, version }: ServerFacts): void {
  const { engine, acceptExtendedSupport } = shape.options;
  if (engine.family !== shape.family) {
    const name = shape.family === "mysql" ? "MySQL" : "PostgreSQL";
    checks.fail("engine", engine.label, `this server is for ${name} only`);
    return;
  }
  checkEngineSupport(scope, checks, engine, Cloud.AZURE, acceptExtendedSupport);
  checks.check(
    "engine",
    engine.version,
    () => engine.version === engine.majorVersion || engine.version === version,
    `Azure chooses the minor version itself; allowed are ${Object.keys(VERSIONS[shape.family] ?? {}).join(", ")}`,
  );
}

function checkAvailability(
  checks: SynthChecks,
  options: FlexibleServerOptions,
  { machine, highlyAvailable }: ServerFacts,
): void {
  const { zone, standbyZone, standby } = options;
  if (highlyAvailable && machine?.burstable) {
    checks.fail(
      "availability",
      Availability.ZONE_REDUNDANT,
      `burstable machines such as ${machine.name} have no standby; take a larger size, or availability: Availability.ZONAL`,
    );
  }
  if (!highlyAvailable) {
    checks.optOut("availability: the server does not survive the loss of its zone");
    if (standbyZone !== undefined) checks.fail("standbyZone", standbyZone, "a zonal server has no standby");
    if (standby !== undefined) checks.fail("standby", standby, "a zonal server has no standby");
    return;
  }
  const nearby = standby === StandbyPlacement.SAME_ZONE;
  if (nearby) checks.optOut("standby: the server does not survive the loss of its zone");
  if (zone === undefined || !isResolved(zone)) return;
  checks.check(
    "standbyZone",
    standbyZone,
    () => (standbyZone === zone) === nearby,
    nearby ? `the standby is in the server's own zone, ${zone}` : `it has to be another zone than ${zone}`,
  );
}

function noteDeletion(checks: SynthChecks, options: FlexibleServerOptions, replica: boolean): void {
  if (options.geoRedundantBackup === false && !replica) {
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
