// Everything that the chart refuses half-way through an apply, or takes without a word so that users find it out later.

import type { Construct } from "constructs";
import { isKnown } from "../database/known";
import { LoginAuthentication } from "../database/login";
import { SynthChecks } from "../database/synth-checks";
import { atLeast, checkSince } from "../kubernetes/chart-version";
import { type HelmValues, isMap } from "../kubernetes/helm-values";
import { checkObjectName } from "../kubernetes/object-names";
import type { GitlabReleaseProps } from "./gitlab-release-props";
import { GitlabVersion } from "./gitlab-version";
import { registryAuthorities } from "./release-component-values";
import { breaksPreparedStatements, KNOWN_DECOMPOSITIONS } from "./release-database-values";
import { checkMutualTls } from "./release-tls";
import type { TopologyEntry } from "./topology-entry";

/** The registry's database left beta with GitLab 17.3, which is chart 8.3 (docs of the registry's metadata database). */
const REGISTRY_SINCE = "8.3.0";
/** Seen in the values of 9.7; 8.3.0 leaves such an entry out without a word, and the data goes to main [inf for what is between]. */
const SEC_SINCE = "9.0.0";
/** The registry's migrations get the files of mutual TLS in the stored templates of the 10.x line, not in 8.3.0 [inf]. */
const REGISTRY_MUTUAL_TLS_SINCE = "10.0.0";
/** `global.openbao.psql`, which toolbox and OpenBao read, is in the stored values of the 10.x line only [inf]. */
const OPENBAO_SINCE = "10.0.0";
/** Keys of `global.psql` that hold a map and are no database. */
const MAPS_OF_PSQL = ["password", "ssl", "load_balancing"];
const SSL_VALUES = ["secret", "serverCA", "clientCertificate", "clientKey"];

/** Reports what is wrong with the properties of a `GitlabRelease`. @internal */
export function checkGitlabRelease(
  scope: Construct,
  props: GitlabReleaseProps,
  namespace: string,
): SynthChecks {
  const checks = new SynthChecks(scope);
  const { topology } = props;
  checkVersions(checks, props);
  checks.matches(
    "domain",
    props.domain,
    /^(?=.{1,240}$)[a-z0-9]([a-z0-9-]*[a-z0-9])?(\.[a-z0-9]([a-z0-9-]*[a-z0-9])?)+$/,
    "allowed is a domain such as example.com, without scheme, path and upper-case letters",
  );
  checkPods(checks, props);
  for (const entry of topology.entries) checkEntry(checks, props, entry);
  checkRails(checks, props);
  checkRedis(checks, props);
  checkCertificates(checks, props);
  checkGeo(checks, props);
  checkValues(checks, props.values ?? {});
  checkObjectName(checks, "secrets.secretName", props.secrets?.secretName);
  if (props.secrets === undefined || props.secrets.isMadeByChart) {
    checks.warn(
      "secrets: the chart makes the keys that encrypt parts of the databases, in the cluster alone. Without the secret <release>-rails-secret a backup of the databases cannot be read in full: keep a copy of it, or give the keys with GitlabSecrets",
    );
  }
  props.objectStorage.check(checks, namespace, topology.version);
  return checks;
}

function checkVersions(checks: SynthChecks, props: GitlabReleaseProps): void {
  const { chartVersion, topology } = props;
  if (!isKnown(chartVersion)) {
    checks.fail("chartVersion", chartVersion, "the values follow from it, so it has to be known at synth");
    return;
  }
  const version = GitlabVersion.ofChart(chartVersion);
  if (atLeast(chartVersion, "8.0.0") !== true || atLeast(chartVersion, "11.0.0") !== false) {
    checks.fail(
      "chartVersion",
      chartVersion,
      "allowed is a version of the lines 8 to 10, which install GitLab 17 to 19",
    );
  } else if (
    topology.version.known &&
    (version.major !== topology.version.major || version.minor !== topology.version.minor)
  ) {
    checks.fail(
      "chartVersion",
      chartVersion,
      `it installs GitLab ${version.version}, and the topology is for ${topology.version.version}; give both the same`,
    );
  }
  checkSince(checks, "topology.registry", topology.entry("registry")?.name, chartVersion, REGISTRY_SINCE);
  checkSince(checks, "topology.sec", topology.entry("sec")?.name, chartVersion, SEC_SINCE);
  if (topology.entry("registry")?.database.server.tls.clientCertificate) {
    checkSince(
      checks,
      "topology.registry.clientCertificate",
      "a certificate",
      chartVersion,
      REGISTRY_MUTUAL_TLS_SINCE,
    );
  }
  checkSince(checks, "topology.openbao", topology.entry("openbao")?.name, chartVersion, OPENBAO_SINCE);
}

function checkPods(
  checks: SynthChecks,
  { webservice, sidekiq, registry, otherConnections }: GitlabReleaseProps,
): void {
  for (const [name, pods] of Object.entries({ webservice, sidekiq, registry })) {
    checks.wholeNumber(`${name}.minReplicas`, pods?.minReplicas, 1, 1_000);
    checks.wholeNumber(`${name}.maxReplicas`, pods?.maxReplicas, 1, 1_000);
    const { minReplicas, maxReplicas } = pods ?? {};
    if (minReplicas !== undefined && maxReplicas !== undefined && isKnown([minReplicas, maxReplicas])) {
      checks.check(
        `${name}.minReplicas`,
        minReplicas,
        () => minReplicas <= maxReplicas,
        `allowed is at most maxReplicas, which is ${maxReplicas}`,
      );
    }
  }
  checks.wholeNumber("webservice.workerProcesses", webservice?.workerProcesses, 1, 128);
  checks.wholeNumber("webservice.maxThreads", webservice?.maxThreads, 1, 64);
  checks.wholeNumber("sidekiq.concurrency", sidekiq?.concurrency, 1, 500);
  checks.wholeNumber("registry.poolMaxOpen", registry?.poolMaxOpen, 1, 1_000);
  checks.wholeNumber("otherConnections", otherConnections, 0, 100_000);
}

function checkEntry(checks: SynthChecks, props: GitlabReleaseProps, entry: TopologyEntry): void {
  const { name, database, direct } = entry;
  for (const { owner } of new Set([database, direct])) {
    if (owner.authentication !== LoginAuthentication.PASSWORD || !owner.password) {
      checks.fail(
        `topology.${name}.owner`,
        owner.authentication,
        "GitLab and its components log in by password only; give the owner one",
      );
    }
  }
  const { endpoint } = direct.server;
  if (!endpoint.isPrivate) {
    if (props.acceptPublicDatabase)
      checks.optOut(`acceptPublicDatabase: the database of ${name} has a public address`);
    else {
      checks.fail(
        `topology.${name}`,
        endpoint.host,
        "the server has a public address; take it into the cluster's network, or set acceptPublicDatabase",
      );
    }
  }
}

function checkRails(checks: SynthChecks, { topology, objectStorage }: GitlabReleaseProps): void {
  for (const entry of topology.rails) {
    const { name, settings } = entry;
    if (breaksPreparedStatements(entry)) {
      checks.fail(
        `topology.${name}.preparedStatements`,
        true,
        "the pooler in front is in transaction mode, in which Rails' prepared statements get lost; leave it out",
      );
    }
    if (settings.statementTimeoutMs !== undefined) {
      checks.fail(
        `topology.${name}.statementTimeoutMs`,
        settings.statementTimeoutMs,
        "the chart has no value for it and would ignore it; set it on the database or the role, as the SQL presets do",
      );
    }
    checkLoadBalancing(checks, entry);
  }
  checkMutualTls(
    checks,
    "topology",
    topology.rails.flatMap(({ database, direct }) => [...new Set([database.server, direct.server])]),
  );
  const geo = topology.entry("geo");
  if (geo) checkMutualTls(checks, "topology.geo", [geo.direct.server]);
  const registry = topology.entry("registry");
  if (registry) {
    const { server } = registry.database;
    checkMutualTls(checks, "topology.registry", [server]);
    if (registryAuthorities(topology) !== undefined) {
      if (objectStorage.registryNeedsKeyFile) {
        checks.fail(
          "objectStorage.registryKey",
          "a key file",
          "the chart takes one file beside the registry's storage, and its database's certificate authorities need that place; let the registry reach its store by an identity",
        );
      }
      if (!server.tls.certifiesHost) {
        checks.optOut(
          "topology.registry: the server's certificate names no host, and the registry trusts public authorities beside the server's own",
        );
      }
    }
    if (registry.database !== registry.direct) {
      checks.warn(
        "topology.registry: the chart has one address for the registry and its migrations, so these go through the pooler as well; give the registry the database itself to be safe",
      );
    }
  }
  for (const name of ["praefect", "openbao"]) {
    const server = topology.entry(name)?.direct.server;
    if (server?.tls.clientCertificate) {
      checks.fail(
        `topology.${name}`,
        server.node.path,
        "the chart gives this component no client certificate",
      );
    }
  }
  const openbao = topology.entry("openbao")?.direct.server;
  if (openbao && openbao.tls.offered !== false) {
    checks.optOut(
      "topology.openbao: the chart gives its pods no certificate authorities, so the server's certificate is not checked",
    );
  }
  if (topology.entry("praefect")) {
    checks.warn(
      "topology.praefect: GitLab does not support Gitaly Cluster on Kubernetes; the chart's is an experiment",
    );
  }
}

function checkLoadBalancing(checks: SynthChecks, { name, settings }: TopologyEntry): void {
  const { loadBalancing } = settings;
  if (!loadBalancing) return;
  const { hosts, discover } = loadBalancing;
  const property = `topology.${name}.loadBalancing`;
  if ((hosts === undefined) === (discover === undefined)) {
    checks.fail(property, hosts ? "hosts and discover" : undefined, "give hosts or discover, and not both");
  }
  checks.check(`${property}.hosts`, hosts, () => (hosts as string[]).length > 0, "there has to be a replica");
  checks.check(
    `${property}.discover.record`,
    discover?.record,
    () => discover?.record !== "",
    "it has to be a DNS name",
  );
}

function checkRedis(checks: SynthChecks, { redis, chartVersion }: GitlabReleaseProps): void {
  const { endpoint } = redis;
  if (!endpoint) {
    if (atLeast(chartVersion, "10.0.0") === true) {
      checks.fail("redis", "bundled", "chart 10 brings no Redis; use GitlabRedis.external");
    } else
      checks.optOut(
        "redis: one pod on one volume in the cluster, which GitLab calls not ready for production",
      );
    return;
  }
  checks.check(
    "redis.host",
    endpoint.host,
    () => /^[A-Za-z0-9.:_-]+$/.test(endpoint.host),
    "allowed is a DNS name or an address",
  );
  checks.wholeNumber("redis.port", endpoint.port, 1, 65_535);
  if (endpoint.tls === false) checks.optOut("redis.tls: the connection to Redis is not encrypted");
}

/** The chart fails without an address for certificates, unless it is told where certificates come from. */
function checkCertificates(
  checks: SynthChecks,
  { certificateEmail, chartVersion, values }: GitlabReleaseProps,
): void {
  checks.matches("certificateEmail", certificateEmail, /^[^\s@]+@[^\s@]+$/, "allowed is an e-mail address");
  const issuer = mapAt(values, "certmanager-issuer");
  const global = mapAt(values, "global");
  const exposed = atLeast(chartVersion, "10.0.0") === true ? "gatewayApi" : "ingress";
  if (
    certificateEmail === undefined &&
    issuer?.email === undefined &&
    mapAt(global, exposed)?.configureCertmanager !== false
  ) {
    checks.fail(
      "certificateEmail",
      certificateEmail,
      `the chart registers certificates with Let's Encrypt and needs an address; give one, or set global.${exposed}.configureCertmanager to false in values and say there where certificates come from`,
    );
  }
}

function checkGeo(checks: SynthChecks, { geo, topology }: GitlabReleaseProps): void {
  if (geo && !topology.geoSites) {
    checks.fail(
      "geo",
      geo,
      "the topology is of no Geo deployment; set its geoSites, or give it the tracking database",
    );
  }
  if (geo?.primaryApiUrl !== undefined && topology.geoSites && !topology.entry("geo")) {
    checks.fail(
      "geo.primaryApiUrl",
      geo.primaryApiUrl,
      "only a secondary site copies images; give the topology its tracking database",
    );
  }
}

/** What goes wrong beside what the release's required values refuse by themselves. */
function checkValues(checks: SynthChecks, values: HelmValues): void {
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

function mapAt(values: HelmValues | undefined, key: string): HelmValues | undefined {
  const value = values?.[key];
  return isMap(value) ? value : undefined;
}
