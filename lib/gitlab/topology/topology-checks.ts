// The rules between the databases of a topology: who may share what with whom.

import { EngineFamily } from "../../database";
import type { SynthChecks } from "../../database/private";
import { isResolved } from "../../database/private";
import { checkGitlabVersion, type GitlabVersion } from "../planning/gitlab-version";
import type { DatabaseTopologyProps } from "./database-topology-props";
import { checkServers } from "./server-checks";
import { checkPooling, checkSettings } from "./settings-checks";
import { GitlabDatabaseKind, type HiddenDatabase, type TopologyEntry } from "./topology-entry";

const OWN_NAMES = ["main", "ci", "sec", "embedding", "geo", "registry", "praefect", "openbao"];

/** What the checks see of a topology. */
interface CheckedTopology {
  readonly version: GitlabVersion;
  readonly isSplit: boolean;
  readonly geoSites: boolean;
  readonly allowSeparateCiDatabase: boolean;
  readonly singleDatabaseMode: boolean;
  readonly hidden: HiddenDatabase[];
}

/** Reports a topology that GitLab refuses, or that would lose data. @internal */
export function checkTopology(
  checks: SynthChecks,
  topology: CheckedTopology,
  props: DatabaseTopologyProps,
  all: readonly TopologyEntry[],
): void {
  checkGitlabVersion(checks, "version", props.version);
  // Programs without types may leave it out.
  if (all[0]?.name !== "main") checks.fail("main", undefined, "there is no GitLab without a main database");
  checkNames(checks, props, all);
  for (const entry of all) {
    const { engine } = entry.direct.server;
    if (engine.family !== EngineFamily.POSTGRES) {
      checks.fail(entry.name, engine.label, "GitLab and its components keep their data in PostgreSQL only");
    }
    checkSharing(checks, entry, all);
  }
  checkOwners(checks, all);
  checkSplit(checks, topology);
  checkSettings(checks, "settings", props.settings ?? {});
  for (const [name, settings] of Object.entries(props.entrySettings ?? {})) {
    checkSettings(checks, `entrySettings.${name}`, settings);
  }
  for (const entry of all) checkPooling(checks, entry);
  checkServers(checks, { version: props.version, geoSites: topology.geoSites, entries: all });
}

function checkNames(checks: SynthChecks, props: DatabaseTopologyProps, all: readonly TopologyEntry[]): void {
  const seen = new Set<string>();
  for (const { name } of props.components ?? []) {
    checks.matches(
      "components.name",
      name,
      /^[a-z][a-z0-9_-]*$/,
      "allowed are lower-case letters, digits, _ and -, a letter first",
    );
    if (OWN_NAMES.includes(name)) {
      checks.fail("components.name", name, `the topology has a property of this name; use it`);
    } else if (seen.has(name)) checks.fail("components.name", name, "it is there twice");
    seen.add(name);
  }
  for (const name of Object.keys(props.entrySettings ?? {})) {
    if (!all.some((entry) => entry.name === name)) {
      checks.fail(
        "entrySettings",
        name,
        `the topology has no such entry; there are ${all.map((entry) => entry.name).join(", ")}`,
      );
    }
  }
}

function checkSharing(checks: SynthChecks, entry: TopologyEntry, all: readonly TopologyEntry[]): void {
  if (entry.sharesWith === undefined) return;
  const { databaseName } = entry.direct;
  if (entry.kind !== GitlabDatabaseKind.RAILS) {
    checks.fail(
      entry.name,
      databaseName,
      `it is the database of ${entry.sharesWith}, and ${entry.name} needs one of its own: both would make tables in it`,
    );
    return;
  }
  if (entry.name === "embedding") {
    checks.fail(
      entry.name,
      databaseName,
      "the structure of embedding is another than that of main; give it a database of its own",
    );
    return;
  }
  if (entry.sharesWith !== "main") {
    checks.fail(
      entry.name,
      databaseName,
      `it is the database of ${entry.sharesWith}; without a database of its own ${entry.name} falls back to main's, and GitLab validates that`,
    );
  }
  const owner = all.find((each) => each.name === entry.sharesWith);
  const users = [entry.database.owner.username, owner?.database.owner.username];
  // Two tokens may well be one name.
  if (owner && isResolved(users) && users[0] !== users[1]) {
    checks.fail(
      `${entry.name}.owner`,
      entry.database.owner.username,
      `${owner.name} is the same database and logs in as another user; the tables of one would be closed to the other`,
    );
  }
}

/** Main, ci and sec are one application and may have one owner. Everybody else has a login of its own on each server. */
function checkOwners(checks: SynthChecks, all: readonly TopologyEntry[]): void {
  const component = (entry: TopologyEntry) =>
    ["main", "ci", "sec"].includes(entry.name) ? "GitLab" : entry.name;
  for (const [index, entry] of all.entries()) {
    const other = all.slice(0, index).find((each) => {
      const sameServer = serverOf(each) === serverOf(entry);
      const sameLogin =
        each.database.owner === entry.database.owner || each.direct.owner === entry.direct.owner;
      const sameName =
        each.database.owner.username === entry.database.owner.username ||
        each.direct.owner.username === entry.direct.owner.username;
      return component(each) !== component(entry) && (sameLogin || (sameServer && sameName));
    });
    if (other) {
      checks.fail(
        `${entry.name}.owner`,
        entry.direct.owner.username,
        `${other.name} has the same login; each component gets one of its own, so that none reads another's data`,
      );
    }
  }
}

/** The server's part of the identity, so that aliases count as the server they stand for. */
function serverOf({ physical, direct }: TopologyEntry): string {
  return physical.slice(0, physical.length - direct.databaseName.length);
}

function checkSplit(checks: SynthChecks, topology: CheckedTopology): void {
  const { isSplit, geoSites, allowSeparateCiDatabase, singleDatabaseMode, hidden, version } = topology;
  if (isSplit && !allowSeparateCiDatabase) {
    checks.fail(
      "allowSeparateCiDatabase",
      allowSeparateCiDatabase,
      "GitLab refuses ci or sec in a database of its own unless GITLAB_ALLOW_SEPARATE_CI_DATABASE is set; the way there is a beta feature without return, so say it with true",
    );
  }
  if (!isSplit && allowSeparateCiDatabase && !singleDatabaseMode) {
    checks.fail(
      "allowSeparateCiDatabase",
      allowSeparateCiDatabase,
      "ci and sec are in main's database, so there is nothing to allow; leave it out",
    );
  }
  if (isSplit && geoSites) {
    checks.fail(
      "geoSites",
      geoSites,
      "GitLab does not support Geo with ci or sec in a database of its own (epic 8631)",
    );
  }
  if (singleDatabaseMode) {
    if (version.atLeast(17)) {
      checks.warn(
        "GitLab supports a single database connection no longer from 17.0 on: take single-database mode for a short time only",
      );
    }
    for (const { name, holds } of hidden) {
      checks.warn(`in single-database mode GitLab does not see the database of ${name}: ${holds}`);
    }
  }
}
