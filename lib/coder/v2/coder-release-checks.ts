// Everything that the chart accepts without a word and Coder, or its users, find out later.

import { Annotations } from "cdktf";
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
} from "../../kubernetes";
import { checkAccessUrl, checkCoderDatabase, checkIdentityLogin, checkTls } from "../coder-checks";
import { checkEnvironment } from "../coder-environment";
import { CODER_SINCE } from "../data/chart-versions";
import type { CoderReleaseProps } from "./coder-release-props";

/** What the construct made of the properties that were left out. */
export interface ResolvedCoderRelease {
  readonly namespace: string;
  readonly replicas: number;
}

/** Reports what is wrong with the properties of a `CoderRelease`. */
export function checkCoderRelease(
  scope: Construct,
  props: CoderReleaseProps,
  resolved: ResolvedCoderRelease,
): void {
  const checks = new SynthChecks(scope);
  const { chartVersion, database, pool } = props;
  if (atLeast(chartVersion, "2.0.0") === false || atLeast(chartVersion, "3.0.0") === true) {
    checks.fail("chartVersion", chartVersion, "allowed is a version 2; Coder v1 is CoderClassicRelease");
  }
  checkAccessUrl(checks, "accessUrl", props.accessUrl);
  checks.matches(
    "wildcardAccessUrl",
    props.wildcardAccessUrl,
    /^\*[A-Za-z0-9-]*(\.[A-Za-z0-9-]+)+(:\d+)?$/,
    "allowed is a host that begins with an asterisk, without scheme, such as *.coder.example.com",
  );
  checks.wholeNumber("replicas", props.replicas, 1, 1_000);
  if (isResolved(resolved.replicas) && resolved.replicas > 1) {
    Annotations.of(scope).addInfo(
      `replicas: ${resolved.replicas} pods of Coder need a licence with high availability`,
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
      `allowed is at most maxOpen, which is ${pool.maxOpen}`,
    );
  }
  checkSince(checks, "pool", pool, chartVersion, CODER_SINCE.poolSettings);
  checks.wholeNumber("otherConnections", props.otherConnections, 0, 100_000);
  for (const [name, quantity] of Object.entries(props.resources ?? {})) {
    checks.matches(
      `resources.${name}`,
      quantity,
      /^\d+(\.\d+)?(m|[kMGT]i?)?$/,
      "allowed is a quantity such as 2000m or 8Gi",
    );
  }

  checkObjectName(checks, "databaseSecretName", props.databaseSecretName);
  checkDataKey(checks, "databaseSecretKey", props.databaseSecretKey);
  checkObjectName(checks, "serviceAccountName", props.serviceAccountName);
  checks.check(
    "databaseSecretKey",
    props.databaseSecretKey,
    () => props.databaseSecretKey !== "password",
    "this key is the password's; take another for the URL",
  );
  for (const { name, key } of props.certificateAuthorities ?? []) {
    checkVolumeSecretName(checks, "certificateAuthorities.name", name, "ca-cert-");
    checkDataKey(checks, "certificateAuthorities.key", key);
  }
  for (const name of isResolved(props.tlsSecretNames) ? (props.tlsSecretNames ?? []) : []) {
    checkVolumeSecretName(checks, "tlsSecretNames", name, "tls-");
  }

  checkCoderDatabase(checks, props, 13);
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
      "the database's owner has no password",
    );
  }
  checkEnvironment(
    checks,
    props.env ?? [],
    props.provisioners ? { CODER_PROVISIONER_DAEMONS: "provisioners" } : {},
  );
  checkValues(checks, props);
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
      `the identity is for the service account ${identity.serviceAccountName}`,
    );
  }
}

// Lists are replaced as a whole by Helm, so each of these would take something away that the construct needs.
function checkValues(checks: SynthChecks, props: CoderReleaseProps): void {
  const coder = isMap(props.values?.coder) ? props.values.coder : {};
  for (const key of ["volumes", "volumeMounts", ...(props.sidecars ? ["initContainers"] : [])]) {
    const list = coder[key];
    if (list !== undefined && !Array.isArray(list)) {
      checks.fail(
        `values.coder.${key}`,
        list,
        "allowed is a list known at synth, since it is joined to the construct's own",
      );
    }
  }
  if (coder.env !== undefined)
    checks.fail("values.coder.env", "a list", "it would replace the database's variables; use env");
}
