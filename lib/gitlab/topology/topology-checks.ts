// Rules between the databases of a topology: which entries may share a database, a login, or neither.

import { EngineFamily } from "../../database";
import type { SynthChecks } from "../../database/private";
import { isResolved, type Rule } from "../../database/private";
import { checkGitlabVersion } from "../planning/gitlab-version";
import { checkPreparedStatements, checkSettings } from "./database-settings";
import type { DatabaseTopologyProps, IDatabaseTopology } from "./database-topology";
import { checkServers } from "./server-checks";
import { GitlabDatabaseKind, type TopologyEntry } from "./topology-entry";

const OWN_NAMES = ["main", "ci", "sec", "embedding", "geo", "registry", "praefect", "openbao"];

/** Reports a topology that GitLab refuses, or that would lose data. @internal */
export function checkTopology(
  checks: SynthChecks,
  topology: IDatabaseTopology,
  props: DatabaseTopologyProps,
  all: readonly TopologyEntry[],
): void {
  checkGitlabVersion(checks, "version", props.version);
  checkNames(checks, props, all);
  for (const entry of all) {
    const { engine } = entry.direct.server;
    if (engine.family !== EngineFamily.POSTGRES) {
      checks.fail(entry.name, engine.label, "must be on PostgreSQL, as GitLab requires", "engine");
    }
    checkSharing(checks, entry);
  }
  checkClientAccess(checks, all);
  checkSplit(checks, topology);
  if (props.registryMetadata !== undefined && props.registry === undefined) {
    checks.fail(
      "registryMetadata",
      props.registryMetadata,
      "must not be set without registry, the database of the metadata",
    );
  }
  checkSettings(checks, "settings", props.settings ?? {});
  for (const [name, settings] of Object.entries(props.entrySettings ?? {})) {
    checkSettings(checks, `entrySettings.${name}`, settings);
  }
  checkServers(checks, { version: props.version, geoSites: topology.geoSites, entries: all });
}

/** Reports logins and settings with which clients cannot use their databases, through a pooler or not. @internal */
export function checkClientAccess(checks: SynthChecks, entries: readonly TopologyEntry[]): void {
  for (const entry of entries) checkSharedOwner(checks, entry, entries);
  checkOwners(checks, entries);
  for (const entry of entries) checkPreparedStatements(checks, entry);
}

function checkNames(checks: SynthChecks, props: DatabaseTopologyProps, all: readonly TopologyEntry[]): void {
  const seen = new Set<string>();
  for (const { name } of props.components ?? []) {
    checks.matches(
      "components.name",
      name,
      /^[a-z][a-z0-9_-]*$/,
      "must be lower-case letters, digits, _ and -, beginning with a letter",
    );
    if (OWN_NAMES.includes(name)) {
      checks.fail("components.name", name, `must not be that of a property; use the property ${name}`);
    } else if (seen.has(name)) checks.fail("components.name", name, "must be unique");
    seen.add(name);
  }
  for (const name of Object.keys(props.entrySettings ?? {})) {
    if (!all.some((entry) => entry.name === name)) {
      checks.fail(
        "entrySettings",
        name,
        `must be for an entry of the topology: ${all.map((entry) => entry.name).join(", ")}`,
      );
    }
  }
}

function checkSharing(checks: SynthChecks, entry: TopologyEntry): void {
  const { name, kind, sharesWith } = entry;
  if (sharesWith === undefined) return;
  const fail = (rule: Rule) => checks.fail(name, entry.direct.databaseName, rule, "shared-database");
  if (kind !== GitlabDatabaseKind.RAILS) {
    fail(
      `must not be the database of ${sharesWith}, since both create tables in it; give ${name} a separate database`,
    );
  } else if (name === "embedding") {
    fail("must not be main's database, since its structure differs; give embedding a separate database");
  } else if (sharesWith !== "main") {
    fail(
      `must be separate or main's, not the database of ${sharesWith}; without a database ${name} falls back to main's, and GitLab validates that`,
    );
  }
}

function checkSharedOwner(
  checks: SynthChecks,
  { name, kind, database, sharesWith }: TopologyEntry,
  entries: readonly TopologyEntry[],
): void {
  if (sharesWith === undefined || kind !== GitlabDatabaseKind.RAILS || name === "embedding") return;
  const owner = entries.find((each) => each.name === sharesWith);
  const users = [database.owner.username, owner?.database.owner.username];
  // Two tokens may be one name.
  if (owner && isResolved(users) && users[0] !== users[1]) {
    checks.fail(
      `${name}.owner`,
      database.owner.username,
      `must be the owner of ${owner.name}, which is the same database; otherwise neither could read the other's tables`,
      "shared-owner",
    );
  }
}

/** Main, ci and sec are one application and may have one owner. Every other component has a separate login on each server. */
function checkOwners(checks: SynthChecks, entries: readonly TopologyEntry[]): void {
  const component = (entry: TopologyEntry) =>
    ["main", "ci", "sec"].includes(entry.name) ? "GitLab" : entry.name;
  for (const [index, entry] of entries.entries()) {
    const other = entries.slice(0, index).find((each) => {
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
        `must not be the login of ${other.name}, so that no component reads another's data; give ${entry.name} a separate owner`,
        "owner",
      );
    }
  }
}

/** The server's part of the identity, so that aliases count as the server that they stand for. */
function serverOf({ physical, direct }: TopologyEntry): string {
  return physical.slice(0, physical.length - direct.databaseName.length);
}

function checkSplit(checks: SynthChecks, topology: IDatabaseTopology): void {
  const { isSplit, geoSites, allowSeparateCiDatabase, singleDatabaseMode, hidden, version } = topology;
  if (isSplit && !allowSeparateCiDatabase) {
    checks.fail(
      "allowSeparateCiDatabase",
      allowSeparateCiDatabase,
      "must be true for ci or sec in a separate database, a beta feature of GitLab that cannot be undone; GitLab refuses it without GITLAB_ALLOW_SEPARATE_CI_DATABASE",
    );
  }
  if (!isSplit && allowSeparateCiDatabase && !singleDatabaseMode) {
    checks.fail(
      "allowSeparateCiDatabase",
      allowSeparateCiDatabase,
      "must be false while ci and sec are in main's database; leave it out",
      "allowSeparateCiDatabase.unused",
    );
  }
  if (isSplit && geoSites) {
    checks.fail(
      "geoSites",
      geoSites,
      "must be false with ci or sec in a separate database: GitLab does not support Geo with it (epic 8631)",
    );
  }
  if (singleDatabaseMode) {
    if (version.atLeast(17)) {
      checks.warn(
        "singleDatabaseMode: GitLab does not support a single database connection since 17.0; use it for a short time only",
        "singleDatabaseMode.deprecated",
      );
    }
    for (const { name, holds } of hidden) {
      checks.warn(
        `singleDatabaseMode: GitLab does not see the database of ${name}: ${holds}`,
        "singleDatabaseMode.hidden",
      );
    }
  }
}
