// Everything that the chart refuses half-way through an apply, or takes without a word so that users find it out later.

import type { Construct } from "constructs";
import { isResolved, SynthChecks } from "../../database/private";
import { atLeast, checkObjectName, checkSince } from "../../kubernetes";
import { GitlabVersion } from "../planning/gitlab-version";
import { checkBackupSchedule } from "./backup-schedule-checks";
import type { GitlabReleaseProps } from "./gitlab-release-props";
import { checkReleaseTopology } from "./release-topology-checks";
import { checkReleaseValues, mapAt } from "./release-values-checks";

/** The registry's database left beta with GitLab 17.3, which is chart 8.3 (docs of the registry's metadata database). */
const REGISTRY_SINCE = "8.3.0";
/** In the values of 9.7; 8.3.0 leaves such an entry out without a word, and the data goes to main. Where between is a guess [inf]. */
const SEC_SINCE = "9.0.0";
/** The registry's migrations get the files of mutual TLS in the stored templates of the 10.x line, not in 8.3.0 [inf]. */
const REGISTRY_MUTUAL_TLS_SINCE = "10.0.0";
/** `global.openbao.psql`, which toolbox and OpenBao read, is in the stored values of the 10.x line only [inf]. */
const OPENBAO_SINCE = "10.0.0";

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
  checkBackupSchedule(checks, props.backups);
  checkReleaseTopology(checks, scope, props);
  checkRedis(checks, props);
  checkCertificates(checks, props);
  checkGeo(checks, props);
  checkReleaseValues(checks, props.values ?? {});
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
  if (!isResolved(chartVersion)) {
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
    if (minReplicas !== undefined && maxReplicas !== undefined && isResolved([minReplicas, maxReplicas])) {
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
