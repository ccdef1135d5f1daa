// A user's own values that the chart ignores, inherits where nobody expects it, or takes half.

import type { SynthChecks } from "../../database/private";
import { type HelmValues, isMap } from "../../kubernetes";
import { KNOWN_DECOMPOSITIONS } from "./release-database-values";

/** Keys of `global.psql` that hold a map and are no database. */
const MAPS_OF_PSQL = ["password", "ssl", "load_balancing"];
const SSL_VALUES = ["secret", "serverCA", "clientCertificate", "clientKey"];

/** Reports what goes wrong beside what the release's required values refuse by themselves. @internal */
export function checkReleaseValues(checks: SynthChecks, values: HelmValues): void {
  const global = mapAt(values, "global");
  const psql = mapAt(global, "psql");
  for (const [key, value] of Object.entries(psql ?? {})) {
    if (isMap(value) && !KNOWN_DECOMPOSITIONS.includes(key) && !MAPS_OF_PSQL.includes(key)) {
      checks.fail(
        `values.global.psql.${key}`,
        "a database",
        `the chart ignores it; it knows ${KNOWN_DECOMPOSITIONS.join(", ")}`,
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
        "ci would inherit it, and migrations would run twice in one database; leave it out",
      );
    }
    if (map?.load_balancing !== undefined) {
      checks.fail(
        `values.${path}.load_balancing`,
        "a map",
        "components do not inherit it; use the topology's settings.loadBalancing",
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
      "allowed is a list known at synth, since it is joined to the construct's own",
    );
  }
  const suffix = mapAt(global, "image")?.tagSuffix;
  if (typeof suffix === "string" && /ubi|fips/.test(suffix)) {
    checks.warn(
      "values.global.image.tagSuffix: where the databases' authorities are in these images was not tried; log in to a toolbox pod and look for the file of PGSSLROOTCERT before you rely on it",
    );
  }
  const gitlab = mapAt(values, "gitlab");
  for (const [component, key] of [
    ["webservice", "deployments"],
    ["sidekiq", "pods"],
  ] as const) {
    if (mapAt(gitlab, component)?.[key] !== undefined) {
      checks.warn(
        `values.gitlab.${component}.${key}: pods said there are not counted in the databases' connection budgets`,
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
      "mutual TLS needs all four keys or none; give the server's tls a clientCertificate instead",
    );
  }
}

/** The map at a key; nothing where something else is there. @internal */
export function mapAt(values: HelmValues | undefined, key: string): HelmValues | undefined {
  const value = values?.[key];
  return isMap(value) ? value : undefined;
}
