import type { DatabaseEngine, SupportedEngine } from "../../database";
import {
  claimOnce,
  directDatabase,
  engineRelease,
  isResolved,
  registeredEngineSupport,
  type SynthChecks,
  today,
} from "../../database/private";
import type { MajorUpgrade } from "./major-upgrade";

/** Reports an upgrade that the service or an application refuses, as far as it is known at synth. @internal */
export function checkMajorUpgrade(checks: SynthChecks, upgrade: MajorUpgrade): void {
  const { server, from, to } = upgrade;
  const { databases, applications = [] } = upgrade._props;
  if (!isResolved([from.version, to.version, server.engine.version])) {
    checks.fail("from, to", from.version, "must be versions that are known at synth");
    return;
  }
  if (!isLater(to, from)) {
    checks.fail("to", to.label, `must be a later major version than ${from.label}, of the same engine`);
  }
  const { engine } = server;
  const known = [from, to].some(
    (each) => each.family === engine.family && each.majorVersion === engine.majorVersion,
  );
  if (!known) {
    checks.fail(
      "server.engine",
      engine.label,
      `must be ${from.label} before the upgrade and ${to.label} after it; set from and to, or the engine of the server`,
    );
  }
  checkService(checks, upgrade);
  if (server.adminLogin?.password === undefined) {
    checks.fail(
      "server.adminLogin",
      undefined,
      "must be set, with a password, since the programs before and after the upgrade log in as the administrator",
    );
  }
  for (const { databaseName, server: other } of databases.map(directDatabase)) {
    if (other !== server && other.endpoint.host !== server.endpoint.host) {
      checks.fail("databases", databaseName, `must be on ${server.node.path}: it is on ${other.node.path}`);
    }
  }
  const names = databases.map(({ databaseName }) => databaseName);
  for (const name of new Set(names.filter((each, i) => names.indexOf(each) !== i))) {
    checks.fail("databases", name, "must have each database once", "databases.twice");
  }
  const other = claimOnce(upgrade, "MajorUpgrade", "server", { within: server });
  if (other) {
    checks.fail(
      "server",
      server.node.path,
      `must have one MajorUpgrade: ${other.node.path} upgrades it; upgrade by one step after the other`,
      "server.twice",
    );
  }
  for (const [i, application] of applications.entries()) {
    for (const [when, each] of [
      ["before", from],
      ["after", to],
    ] as const) {
      const wanted = unsupported(application, each);
      if (wanted === undefined) continue;
      checks.fail(
        `applications[${i}]`,
        application.application,
        `must support ${each.label}, which it uses ${when} the upgrade: it supports ${wanted}; upgrade the application first, or choose another version`,
      );
    }
  }
}

function checkService(checks: SynthChecks, { server, from, to }: MajorUpgrade): void {
  const procedure = server.majorUpgrade;
  if (procedure === undefined) {
    checks.fail(
      "server",
      server.node.path,
      "must be a server whose service upgrades it: an RdsServer, CloudSqlServer or flexible server of the program",
    );
    return;
  }
  const path = procedure.paths.find((each) => each.from === from.majorVersion);
  if (isLater(to, from) && path !== undefined && !path.to.includes(to.majorVersion)) {
    checks.fail(
      "to",
      to.label,
      `must be a version that the service upgrades ${from.label} to in one step: ${path.to.join(", ") || "none"}`,
      "to.path",
    );
  }
  const support = registeredEngineSupport(server.location.cloud);
  const end = support && engineRelease(to, support)?.standardEnd;
  if (end !== undefined && Date.parse(end) < today(server).getTime()) {
    checks.fail(
      "to",
      to.label,
      `must be in standard support: it ended on ${end}; choose a later version`,
      "to.support",
    );
  }
}

function unsupported(
  { family, oldest, newest }: SupportedEngine,
  engine: DatabaseEngine,
): string | undefined {
  const range = newest === undefined ? `${oldest} and later` : `${oldest} to ${newest}`;
  if (engine.family !== family) return `${family} ${range}`;
  const version = order(engine);
  const within = version >= number(oldest) && (newest === undefined || version <= number(newest));
  return within ? undefined : range;
}

function isLater(to: DatabaseEngine, from: DatabaseEngine): boolean {
  return to.family === from.family && order(to) > order(from);
}

/** Major version of PostgreSQL, or series of MySQL, as a number that orders versions. */
function order(engine: DatabaseEngine): number {
  return number(engine.majorVersion);
}

function number(major: string): number {
  const [first = 0, second = 0] = major.split(".").map(Number);
  return first * 1000 + second;
}
