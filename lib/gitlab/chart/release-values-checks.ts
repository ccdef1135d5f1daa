// User values that the chart ignores, inherits unexpectedly, or uses only in part.

import type { SynthChecks } from "../../database/private";
import type { HelmValues } from "../../kubernetes";
import { atLeast, isMap } from "../../kubernetes/private";
import { KNOWN_DECOMPOSITIONS } from "./release-database-values";

/** Keys of `global.psql` that hold a map and are no database. */
const MAPS_OF_PSQL = ["password", "ssl", "load_balancing"];
const SSL_VALUES = ["secret", "serverCA", "clientCertificate", "clientKey"];

/** Facts about the release whose values are checked. @internal */
export interface ReleaseOfValues {
  readonly chartVersion: string;
  /** True if the release creates service accounts, so that the chart creates none unless a component says so. */
  readonly withAccounts: boolean;
}

/** Reports user values that fail in the chart, beside those that the release sets itself. @internal */
export function checkReleaseValues(
  checks: SynthChecks,
  values: HelmValues,
  { chartVersion, withAccounts }: ReleaseOfValues,
): void {
  const global = mapAt(values, "global");
  checkCertManager(checks, values, chartVersion);
  if (withAccounts) checkAccounts(checks, values);
  const psql = mapAt(global, "psql");
  for (const [key, value] of Object.entries(psql ?? {})) {
    if (isMap(value) && !KNOWN_DECOMPOSITIONS.includes(key) && !MAPS_OF_PSQL.includes(key)) {
      checks.fail(
        `values.global.psql.${key}`,
        "a database",
        `must be one of ${KNOWN_DECOMPOSITIONS.join(", ")}, since the chart ignores others`,
        "values.global.psql",
      );
    }
  }
  for (const [path, map] of [
    ["global.psql", psql],
    ["global.psql.main", mapAt(psql, "main")],
  ] as const) {
    if (map?.databaseTasks !== undefined) {
      checks.fail(
        `values.${path}.databaseTasks`,
        map.databaseTasks,
        "must not be set, since ci would inherit it and migrations would run twice in one database",
      );
    }
    if (map?.load_balancing !== undefined) {
      checks.fail(
        `values.${path}.load_balancing`,
        "a map",
        "must not be set, since components do not inherit it; use settings.loadBalancing of the topology",
      );
    }
  }
  checkSslMap(checks, "global.psql.ssl", mapAt(psql, "ssl"));
  checkSslMap(checks, "global.geo.psql.ssl", mapAt(mapAt(mapAt(global, "geo"), "psql"), "ssl"));
  checkSslMap(checks, "registry.database.ssl", mapAt(mapAt(mapAt(values, "registry"), "database"), "ssl"));
  const { customCAs } = mapAt(global, "certificates") ?? {};
  if (customCAs !== undefined && !Array.isArray(customCAs)) {
    checks.fail(
      "values.global.certificates.customCAs",
      "not a list",
      "must be a list known at synth, since it is joined to that of the construct",
    );
  }
  const suffix = mapAt(global, "image")?.tagSuffix;
  if (typeof suffix === "string" && /ubi|fips/.test(suffix)) {
    checks.warn(
      "values.global.image.tagSuffix: the path of the databases' certificate authorities in these images is untested; look for the file PGSSLROOTCERT in a toolbox pod before you rely on it",
      "values.global.image.tagSuffix",
    );
  }
  const gitlab = mapAt(values, "gitlab");
  for (const [component, key] of [
    ["webservice", "deployments"],
    ["sidekiq", "pods"],
  ] as const) {
    if (mapAt(gitlab, component)?.[key] !== undefined) {
      checks.warn(
        `values.gitlab.${component}.${key}: pods set there are not counted in the connection budgets of the databases`,
        "values.gitlab.pods",
      );
    }
  }
}

/** The key was renamed with chart 9 (charts!4246): with the other one the chart installs a second cert-manager, or none. */
function checkCertManager(checks: SynthChecks, values: HelmValues, chartVersion: string): void {
  const renamed = atLeast(chartVersion, "9.0.0");
  if (renamed === false && values.installCertmanager !== undefined) {
    checks.fail(
      "values.installCertmanager",
      values.installCertmanager,
      "must not be set before chart 9, which ignores it; use certmanager.install",
    );
  }
  const old = mapAt(values, "certmanager")?.install;
  if (renamed === true && old !== undefined) {
    checks.fail(
      "values.certmanager.install",
      old,
      "must not be set with chart 9 or later, which has another switch; use installCertmanager",
    );
  }
}

/**
 * With an identity `global.serviceAccount.create` is false, so a component that gets an account of the chart must say that itself.
 * Pods without their account do not start.
 */
function checkAccounts(checks: SynthChecks, values: HelmValues): void {
  const account = mapAt(mapAt(values, "global"), "serviceAccount");
  if (account?.enabled === true && account.name === undefined) {
    checks.fail(
      "values.global.serviceAccount.enabled",
      true,
      "must be set with the name of an existing account, since the chart creates none beside those of the identity; or set enabled and create of each component",
    );
  }
  const components = Object.entries(mapAt(values, "gitlab") ?? {}).map(
    ([name, each]) => [`gitlab.${name}`, isMap(each) ? mapAt(each, "serviceAccount") : undefined] as const,
  );
  for (const [path, own] of components) {
    if (
      own?.enabled === true &&
      own.create !== true &&
      own.name === undefined &&
      account?.name === undefined
    ) {
      checks.fail(
        `values.${path}.serviceAccount.create`,
        own.create,
        "must be true where enabled is true without a name, since the global value is false with an identity",
        "values.gitlab.serviceAccount.create",
      );
    }
  }
}

function checkSslMap(checks: SynthChecks, path: string, map: HelmValues | undefined): void {
  if (!map) return;
  const missing = SSL_VALUES.filter((key) => map[key] === undefined);
  if (missing.length > 0) {
    checks.fail(
      `values.${path}`,
      `without ${missing.join(", ")}`,
      "must have all four keys or none; set tls.clientCertificate of the server instead",
    );
  }
}

/** The map at a key; undefined for other values. @internal */
export function mapAt(values: HelmValues | undefined, key: string): HelmValues | undefined {
  const value = values?.[key];
  return isMap(value) ? value : undefined;
}
