// The rules of Coder v1's chart that the chart does not check (values.yaml and templates of coder/enterprise-helm, and the
// guides of coder/docs).

import type { Construct } from "constructs";
import { Cloud, LoginAuthentication, SslMode, strictestSslMode } from "../../database";
import { SynthChecks } from "../../database/private";
import { atLeast, checkDataKey, checkSince, checkVolumeSecretName, isMap } from "../../kubernetes";
import { checkCoderDatabase, checkIdentityLogin, checkTls } from "../coder-checks";
import { checkVariables } from "../coder-variables";
import { CODER_CLASSIC_SINCE } from "../data/chart-versions";
import type { CoderClassicReleaseProps } from "./coder-classic-release-props";

/** Set by the chart's templates; it declares changing them unsupported. */
const CHART_OWNED =
  /^(DB_[A-Z_]+|HUMAN_LOG|JSON_LOG|STACKDRIVER_LOG|SPLUNK_[A-Z]+|NAMESPACE|DEVURL_HOST|VERBOSE|https?_proxy|no_proxy|SKIP_MIGRATIONS|ASSETS_URL|AMPLITUDE_API_KEY|ENVBOX_IMAGE|CLUSTER_ADDRESS|POD_IP|CODER_SATELLITE_[A-Z_]+|CODER_PRIMARY_ACCESS_URL|SSL_(SERVER|CLIENT)_[A-Z_]+|OIDC_(ENABLE_REFRESH|REDIRECT_OPTIONS)|SUPER_ADMIN_PASSWORD|SCIM_AUTH_SECRET|TRUST_PROXY_IP|PROXY_TRUSTED_[A-Z]+|CODER_ALTERNATE_HOSTNAMES|CODER_MIGRATE_BUILT_IN_PROVIDER)$/;

/** Volumes of the chart's own, which a volume named after a secret must not meet. */
const CHART_VOLUMES = ["tmp-pgcerts", "tls", "devurltls", "pgcert", "pgkey", "pgrootcert", "clientcert"];

/** Reports what is wrong with the properties of a `CoderClassicRelease`. */
export function checkCoderClassicRelease(
  scope: Construct,
  props: CoderClassicReleaseProps,
  namespace: string,
): void {
  const checks = new SynthChecks(scope);
  const { chartVersion, database } = props;
  const { tls } = database.server;
  if (atLeast(chartVersion, CODER_CLASSIC_SINCE.postgresKeys) === false) {
    checks.fail(
      "chartVersion",
      chartVersion,
      `allowed is ${CODER_CLASSIC_SINCE.postgresKeys} or later; before, the database's keys had other names`,
    );
  }
  if (atLeast(chartVersion, "2.0.0") === true) {
    checks.fail("chartVersion", chartVersion, "allowed is a version 1; Coder v2 is CoderRelease");
  }
  checkSince(
    checks,
    "noPasswordEnv",
    props.noPasswordEnv || undefined,
    chartVersion,
    CODER_CLASSIC_SINCE.noPasswordEnv,
  );
  checkSince(checks, "searchPath", props.searchPath, chartVersion, CODER_CLASSIC_SINCE.searchPath);
  checks.wholeNumber("replicas", props.replicas, 1, 1_000);
  checks.wholeNumber("maxConnectionsPerReplica", props.maxConnectionsPerReplica, 1, 10_000);
  checks.wholeNumber("otherConnections", props.otherConnections, 0, 100_000);

  checkVolumeName(checks, "databaseSecretName", props.databaseSecretName);
  checkVolumeName(checks, "certificateAuthorities.name", props.certificateAuthorities?.name);
  checkDataKey(checks, "certificateAuthorities.key", props.certificateAuthorities?.key);
  checks.check(
    "certificateAuthorities.name",
    props.certificateAuthorities?.name,
    () => props.certificateAuthorities?.name !== (props.databaseSecretName ?? "coder-db-password"),
    "the chart would make two volumes of one name; take another secret than the password's",
  );

  checkCoderDatabase(checks, props, 13);
  checkTls(checks, tls, props.sslMode);
  const sslMode = props.sslMode ?? strictestSslMode(tls);
  if (
    tls.caCertificatesPem === undefined &&
    (sslMode === SslMode.VERIFY_CA || sslMode === SslMode.VERIFY_FULL)
  ) {
    checks.fail(
      "database.server.tls.caCertificatesPem",
      undefined,
      `Coder v1 checks a server under ${sslMode} with a certificate file only; give the authorities that sign it`,
    );
  }
  checkIdentity(checks, props, namespace, sslMode);
  checkVariables(checks, props.env ?? [], {
    owned: { CODER_MAX_DB_CONNECTIONS: "maxConnectionsPerReplica" },
    isOfChart: (name) => CHART_OWNED.test(name),
    secretName: /(_SECRET|_PASSWORD|_TOKEN|_API_KEY)$/,
  });
  const coderd = isMap(props.values?.coderd) ? props.values.coderd : {};
  if (coderd.extraEnvs !== undefined) {
    checks.fail("values.coderd.extraEnvs", "a list", "it would replace the construct's variables; use env");
  }
}

// The chart calls a volume what the secret is called.
function checkVolumeName(checks: SynthChecks, property: string, name: string | undefined): void {
  checkVolumeSecretName(checks, property, name);
  checks.check(
    property,
    name,
    () => !CHART_VOLUMES.includes(name as string),
    "the chart has a volume of this name; take another",
  );
}

function checkIdentity(
  checks: SynthChecks,
  props: CoderClassicReleaseProps,
  namespace: string,
  sslMode: SslMode,
): void {
  const { identity, database } = props;
  checkIdentityLogin(checks, database, identity, namespace);
  if (identity) {
    checks.check(
      "identity.serviceAccountName",
      identity.serviceAccountName,
      () => identity.serviceAccountName === "coder",
      "the chart's service account is always called coder",
    );
  }
  if (database.owner.authentication !== LoginAuthentication.CLOUD_IDENTITY) return;
  if (identity?.cloud === Cloud.AWS && Object.keys(identity.serviceAccountAnnotations).length === 0) {
    checks.warn(
      "the identity sets no annotation on the service account, which Coder v1 is documented to need (IRSA); Pod Identity was not tried with it",
    );
  }
  if (sslMode === SslMode.DISABLE) {
    checks.fail("sslMode", sslMode, "AWS takes identities over TLS only");
  }
  checks.check(
    "noPasswordEnv",
    props.noPasswordEnv,
    () => props.noPasswordEnv === false,
    "the database's owner has no password",
  );
}
