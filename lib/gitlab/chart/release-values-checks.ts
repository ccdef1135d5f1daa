// User values that the chart ignores, inherits unexpectedly, or uses only in part.

import type { SynthChecks } from "../../database/private";
import type { HelmValues } from "../../kubernetes";
import { isMap } from "../../kubernetes/private";
import { KNOWN_DECOMPOSITIONS } from "./release-database-values";

/** Keys of `global.psql` that hold a map and are no database. */
const MAPS_OF_PSQL = ["password", "ssl", "load_balancing"];
const SSL_VALUES = ["secret", "serverCA", "clientCertificate", "clientKey"];

/** Reports user values that fail in the chart, beside those that the release sets itself. @internal */
export function checkReleaseValues(checks: SynthChecks, values: HelmValues): void {
  const global = mapAt(values, "global");
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
