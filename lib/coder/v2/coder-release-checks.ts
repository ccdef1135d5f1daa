// Mistakes that the chart accepts silently and that Coder, or its users, would run into later.

import type { Construct } from "constructs";
import { LoginAuthentication } from "../../database";
import { isResolved, SynthChecks } from "../../database/private";
import {
  atLeast,
  checkDataKey,
  checkObjectName,
  checkSince,
  checkVolumeSecretName,
  isMap,
} from "../../kubernetes/private";
import { CODER_SINCE } from "../data/chart-versions";
import { checkCoderDatabase, checkIdentityLogin, checkTls } from "../database/database-checks";
import { checkEnvironment } from "./coder-environment";
import type { CoderReleaseProps } from "./coder-release-props";

/** Values of properties after their defaults. */
export interface ResolvedCoderRelease {
  readonly namespace: string;
  readonly replicas: number;
}

/** Reports invalid properties of a `CoderRelease`. */
export function checkCoderRelease(
  scope: Construct,
  props: CoderReleaseProps,
  resolved: ResolvedCoderRelease,
): void {
  const checks = new SynthChecks(scope, "CODER");
  const { chartVersion, database, pool } = props;
  if (atLeast(chartVersion, "2.0.0") === false || atLeast(chartVersion, "3.0.0") === true) {
    checks.fail(
      "chartVersion",
      chartVersion,
      "must be a version 2 of the chart; use CoderClassicRelease for Coder v1",
    );
  }
  checkAccessUrl(checks, props.accessUrl);
  checks.matches(
    "wildcardAccessUrl",
    props.wildcardAccessUrl,
    /^\*[A-Za-z0-9-]*(\.[A-Za-z0-9-]+)+(:\d+)?$/,
    "must be a host that begins with an asterisk, without scheme, such as *.coder.example.com",
  );
  checks.wholeNumber("replicas", props.replicas, 1, 1_000);
  if (isResolved(resolved.replicas) && resolved.replicas > 1) {
    checks.note(
      `replicas: ${resolved.replicas} Coder replicas require a license with high availability`,
      "replicas.license",
    );
  }
  checks.share("surge", props.surge, 0, 1);
  checkSince(checks, "surge", props.surge, chartVersion, CODER_SINCE.strategy);
  checks.wholeNumber("pool.maxOpen", pool?.maxOpen, 1, 10_000);
  checks.wholeNumber("pool.maxIdle", pool?.maxIdle, 0, 10_000);
  if (pool?.maxIdle !== undefined && isResolved(pool)) {
    checks.check(
      "pool.maxIdle",
      pool.maxIdle,
      () => (pool.maxIdle ?? 0) <= pool.maxOpen,
      `must be at most pool.maxOpen, which is ${pool.maxOpen}`,
    );
  }
  checkSince(checks, "pool", pool, chartVersion, CODER_SINCE.poolSettings);
  checks.wholeNumber("otherConnections", props.otherConnections, 0, 100_000);
  for (const [name, quantity] of Object.entries(props.resources ?? {})) {
    checks.matches(
      `resources.${name}`,
      quantity,
      /^\d+(\.\d+)?(m|[kMGT]i?)?$/,
      "must be a Kubernetes quantity such as 2000m or 8Gi",
    );
  }

  checkObjectName(checks, "databaseSecretName", props.databaseSecretName);
  checkDataKey(checks, "databaseSecretKey", props.databaseSecretKey);
  checkObjectName(checks, "serviceAccountName", props.serviceAccountName);
  checks.check(
    "databaseSecretKey",
    props.databaseSecretKey,
    () => props.databaseSecretKey !== "password",
    "must not be the key of the password",
  );
  for (const { name, key } of props.certificateAuthorities ?? []) {
    checkVolumeSecretName(checks, "certificateAuthorities.name", name, "ca-cert-");
    checkDataKey(checks, "certificateAuthorities.key", key);
  }
  for (const name of isResolved(props.tlsSecretNames) ? (props.tlsSecretNames ?? []) : []) {
    checkVolumeSecretName(checks, "tlsSecretNames", name, "tls-");
  }

  checkCoderDatabase(checks, props);
  checkTls(checks, database.server.tls, props.sslMode);
  checkIdentity(checks, props, resolved.namespace);
  if (database.server.tls.clientCertificate) {
    checkSince(
      checks,
      "database.server.tls.clientCertificate",
      "a certificate",
      chartVersion,
      CODER_SINCE.podSecurityContext,
    );
  }
  if (database.owner.authentication === LoginAuthentication.CLOUD_IDENTITY) {
    checkSince(checks, "database.owner", "a cloud identity", chartVersion, CODER_SINCE.awsIamLogin);
    checks.check(
      "passwordDelivery",
      props.passwordDelivery,
      () => false,
      "must not be set, because the database owner has no password",
    );
  }
  checkEnvironment(
    checks,
    props.env ?? [],
    props.provisioners ? { CODER_PROVISIONER_DAEMONS: "provisioners" } : {},
  );
  checkValues(checks, props);
}

function checkAccessUrl(checks: SynthChecks, url: string): void {
  checks.check(
    "accessUrl",
    url,
    () => isWebUrl(url),
    "must be a URL such as https://coder.example.com, without user, query and fragment",
  );
  checks.check(
    "accessUrl",
    url,
    () => !/^https?:\/\/[^/]*(localhost|127\.0\.0\.1|0\.0\.0\.0|\[::1\])/i.test(url),
    "must be reachable from workspaces, for which localhost is the workspace itself",
  );
  if (isResolved(url) && /^http:\/\//i.test(url)) {
    checks.optOut("accessUrl: users and workspaces reach Coder without TLS");
  }
}

function isWebUrl(text: string): boolean {
  if (!URL.canParse(text) || /\s/.test(text)) return false;
  const { protocol, username, password, search, hash } = new URL(text);
  return (
    /^https?:$/.test(protocol) &&
    /^https?:\/\//i.test(text) &&
    `${username}${password}${search}${hash}` === ""
  );
}

function checkIdentity(checks: SynthChecks, props: CoderReleaseProps, namespace: string): void {
  const { identity, database } = props;
  checkIdentityLogin(checks, database, identity, namespace);
  if (identity) {
    checks.check(
      "serviceAccountName",
      props.serviceAccountName,
      () =>
        props.serviceAccountName === identity.serviceAccountName || !isResolved(identity.serviceAccountName),
      `must be the service account of the identity, ${identity.serviceAccountName}`,
    );
  }
}

// Helm replaces lists as a whole, so each of these values would remove settings that the construct requires.
function checkValues(checks: SynthChecks, props: CoderReleaseProps): void {
  const coder = isMap(props.values?.coder) ? props.values.coder : {};
  for (const key of ["volumes", "volumeMounts", ...(props.sidecars ? ["initContainers"] : [])]) {
    const list = coder[key];
    if (list !== undefined && !Array.isArray(list)) {
      checks.fail(
        `values.coder.${key}`,
        list,
        "must be a list known at synth, because the construct appends it to its own",
      );
    }
  }
  if (coder.env !== undefined) {
    checks.fail(
      "values.coder.env",
      "a list",
      "must not be set, because it would replace the variables of the database; use env",
    );
  }
}
