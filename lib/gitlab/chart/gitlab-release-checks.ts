// Properties that the chart refuses half-way through an apply, or ignores, so that the mistake shows only in use.

import type { Construct } from "constructs";
import { isResolved, SynthChecks } from "../../database/private";
import { atLeast, checkObjectName, checkSince } from "../../kubernetes/private";
import type { GitlabBackupSchedule } from "../planning/gitlab-backup-coverage";
import { GitlabVersion } from "../planning/gitlab-version";
import type { GitlabReleaseProps, ResolvedReleaseProps } from "./gitlab-release-props";
import { checkReleaseTopology } from "./release-topology-checks";
import { checkReleaseValues, mapAt } from "./release-values-checks";

/** The registry's database left beta with GitLab 17.3, which is chart 8.3 (docs of the registry's metadata database). */
const REGISTRY_SINCE = "8.3.0";
/** First in `knownDecompositions`; charts before silently leave such an entry out, and the data go to main (released 8.8.2, 8.9.0). */
const SEC_SINCE = "8.9.0";
/** "Registry migration: Mount PostgreSQL certificates for mutual TLS" (charts!4137): in the released 8.9.2, not in 8.9.1. */
const REGISTRY_MUTUAL_TLS_SINCE = "8.9.2";
/** First with `global.openbao.psql`, which toolbox and OpenBao read (released 9.10.3, 9.11.0). */
const OPENBAO_SINCE = "9.11.0";

/** Reports wrong properties of a `GitlabRelease`. @internal */
export function checkGitlabRelease(
  scope: Construct,
  props: ResolvedReleaseProps,
  namespace: string,
): SynthChecks {
  const checks = new SynthChecks(scope, "GITLAB-CHART");
  const { topology } = props;
  checkVersions(checks, props);
  checks.matches(
    "domain",
    props.domain,
    /^(?=.{1,240}$)[a-z0-9]([a-z0-9-]*[a-z0-9])?(\.[a-z0-9]([a-z0-9-]*[a-z0-9])?)+$/,
    "must be a lower-case domain such as example.com, without scheme and path",
  );
  checkPods(checks, props);
  checkBackupSchedule(checks, props.backups);
  checkReleaseTopology(checks, scope, props);
  checkRedis(checks, props);
  checkCertificates(checks, props);
  checkGeo(checks, props);
  checkReleaseValues(checks, props.values ?? {}, {
    chartVersion: props.chartVersion,
    withAccounts: props.objectStorage.identity !== undefined,
  });
  checkObjectName(checks, "secrets.secretName", props.secrets?.secretName);
  if (props.secrets === undefined || props.secrets.isGeneratedByChart) {
    checks.warn(
      "secrets: the chart generates the keys that encrypt parts of the databases, in the cluster only. Without the secret <release>-rails-secret a backup of the databases cannot be read completely: keep a copy of it, or set secrets to GitlabSecrets",
      "secrets",
    );
  }
  props.objectStorage.check(checks, {
    namespace,
    version: topology.version,
    chartVersion: props.chartVersion,
    backups: props.backups !== undefined,
  });
  return checks;
}

function checkVersions(checks: SynthChecks, props: ResolvedReleaseProps): void {
  const { chartVersion, topology } = props;
  if (!isResolved(chartVersion)) {
    checks.fail("chartVersion", chartVersion, "must be known at synth, since the values depend on it");
    return;
  }
  const version = GitlabVersion.ofChart(chartVersion);
  if (atLeast(chartVersion, "8.0.0") !== true || atLeast(chartVersion, "11.0.0") !== false) {
    checks.fail(
      "chartVersion",
      chartVersion,
      "must be a version of the lines 8 to 10, which install GitLab 17 to 19",
    );
  } else if (
    topology.version.known &&
    (version.major !== topology.version.major || version.minor !== topology.version.minor)
  ) {
    checks.fail(
      "chartVersion",
      chartVersion,
      `must install GitLab ${topology.version.version}, the version of the topology; it installs GitLab ${version.version}`,
      "chartVersion.topology",
    );
  }
  checkSince(checks, "topology.registry", topology.registry?.name, chartVersion, REGISTRY_SINCE);
  checkSince(checks, "topology.sec", topology.sec?.name, chartVersion, SEC_SINCE);
  if (topology.registry?.database.server.tls.clientCertificate) {
    checkSince(
      checks,
      "topology.registry.clientCertificate",
      "a certificate",
      chartVersion,
      REGISTRY_MUTUAL_TLS_SINCE,
    );
  }
  checkSince(checks, "topology.openbao", topology.openbao?.name, chartVersion, OPENBAO_SINCE);
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
        `must be at most maxReplicas, which is ${maxReplicas}`,
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
      checks.fail(
        "redis",
        "bundled",
        "must be external with chart 10, which has no Redis; use GitlabRedis.fromRedisAttributes",
      );
    } else
      checks.optOut(
        "redis: one pod on one volume in the cluster, which GitLab calls not ready for production",
      );
    return;
  }
  checks.matches("redis.host", endpoint.host, /^[A-Za-z0-9.:_-]+$/, "must be a DNS name or an address");
  checks.wholeNumber("redis.port", endpoint.port, 1, 65_535);
  if (endpoint.tls === false) checks.optOut("redis.tls: the connection to Redis is not encrypted");
}

/** The chart fails without an e-mail address, unless certificates are configured otherwise. */
function checkCertificates(
  checks: SynthChecks,
  { certificateEmail, chartVersion, values }: GitlabReleaseProps,
): void {
  checks.matches("certificateEmail", certificateEmail, /^[^\s@]+@[^\s@]+$/, "must be an e-mail address");
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
      `must be set, since the chart registers certificates with Let's Encrypt; or set global.${exposed}.configureCertmanager to false in values and configure certificates there`,
    );
  }
}

function checkGeo(checks: SynthChecks, { geo, topology }: ResolvedReleaseProps): void {
  if (geo && !topology.geoSites) {
    checks.fail(
      "geo",
      geo,
      "must not be set for a topology that is no Geo site; set its geoSites, or its tracking database geo",
    );
  }
  if (geo?.primaryApiUrl !== undefined && topology.geoSites && !topology.geo) {
    checks.fail(
      "geo.primaryApiUrl",
      geo.primaryApiUrl,
      "must not be set on a primary site, since only a secondary site replicates images; a secondary site's topology has the tracking database geo",
    );
  }
}

/** Ranges of the five fields as Kubernetes reads them: Sunday is 0 only. */
const CRON_RANGES = [
  [0, 59],
  [0, 23],
  [1, 31],
  [1, 12],
  [0, 6],
] as const;
const CRON_NAMES = /^(JAN|FEB|MAR|APR|MAY|JUN|JUL|AUG|SEP|OCT|NOV|DEC|SUN|MON|TUE|WED|THU|FRI|SAT)$/i;

/** Kubernetes refuses a wrong schedule only half-way through the release. */
function checkBackupSchedule(checks: SynthChecks, backups: GitlabBackupSchedule | undefined): void {
  if (!backups) return;
  checks.check(
    "backups.cron",
    backups.cron,
    () => isCron(backups.cron),
    "must be five fields: minute 0 to 59, hour 0 to 23, day 1 to 31, month 1 to 12, day of the week 0 to 6, such as 0 1 * * *",
  );
  if (backups.cron === undefined) {
    checks.fail("backups.cron", undefined, "must be set; for no backups leave backups out");
  }
  checks.wholeNumber("backups.diskGiB", backups.diskGiB, 1, 65_536, "GiB");
  for (const argument of isResolved(backups.utilityArguments) ? (backups.utilityArguments ?? []) : []) {
    checks.check(
      "backups.utilityArguments",
      argument,
      () => /^[A-Za-z0-9=_,.:/@+-]+$/.test(argument) && !argument.startsWith("--s3tool"),
      "must be words without spaces and quotes, since the job passes them to a shell, and not --s3tool, which follows from the object storage; write an argument and its value as two entries",
    );
  }
}

function isCron(text: string): boolean {
  const fields = text.trim().split(/\s+/);
  return (
    isResolved(text) &&
    fields.length === CRON_RANGES.length &&
    fields.every((field, index) => field.split(",").every((part) => isCronPart(part, index)))
  );
}

function isCronPart(part: string, index: number): boolean {
  const [range = "", step, ...more] = part.split("/");
  if (more.length > 0 || (step !== undefined && !/^[1-9]\d*$/.test(step))) return false;
  if (range === "*" || range === "?") return true;
  const [min, max] = CRON_RANGES[index] as readonly [number, number];
  const ends = range.split("-");
  const legal = ends.every((end) =>
    /^\d+$/.test(end) ? Number(end) >= min && Number(end) <= max : index > 2 && CRON_NAMES.test(end),
  );
  const numbers = ends.map(Number);
  return legal && ends.length <= 2 && !((numbers[0] as number) > (numbers[1] ?? Number.POSITIVE_INFINITY));
}
