// Rules of Coder v1's chart that the chart itself does not check (values.yaml and templates of coder/enterprise-helm, and the
// guides of coder/docs).

import type { Construct } from "constructs";
import { Cloud, LoginAuthentication, SslMode, strictestSslMode } from "../../database";
import { checkUniqueName, SynthChecks } from "../../database/private";
import { atLeast, checkDataKey, checkSince, checkVolumeSecretName, isMap } from "../../kubernetes/private";
import { CODER_CLASSIC_SINCE } from "../data/chart-versions";
import { checkCoderDatabase, checkIdentityLogin, checkTls } from "../database/database-checks";
import { checkVariables } from "../environment/user-variables";
import type { CoderClassicReleaseProps } from "./coder-classic-release";

/** Variables that the chart's templates set. The chart does not support other values. */
const CHART_OWNED =
  /^(DB_[A-Z_]+|HUMAN_LOG|JSON_LOG|STACKDRIVER_LOG|SPLUNK_[A-Z]+|NAMESPACE|DEVURL_HOST|VERBOSE|https?_proxy|no_proxy|SKIP_MIGRATIONS|ASSETS_URL|AMPLITUDE_API_KEY|ENVBOX_IMAGE|CLUSTER_ADDRESS|POD_IP|CODER_SATELLITE_[A-Z_]+|CODER_PRIMARY_ACCESS_URL|SSL_(SERVER|CLIENT)_[A-Z_]+|OIDC_(ENABLE_REFRESH|REDIRECT_OPTIONS)|SUPER_ADMIN_PASSWORD|SCIM_AUTH_SECRET|TRUST_PROXY_IP|PROXY_TRUSTED_[A-Z]+|CODER_ALTERNATE_HOSTNAMES|CODER_MIGRATE_BUILT_IN_PROVIDER)$/;

/** Volumes of the chart. The chart names further volumes after secrets, which must not have these names. */
const CHART_VOLUMES = ["tmp-pgcerts", "tls", "devurltls", "pgcert", "pgkey", "pgrootcert", "clientcert"];

/** Reports invalid properties of a `CoderClassicRelease`. */
export function checkCoderClassicRelease(
  scope: Construct,
  props: CoderClassicReleaseProps,
  namespace: string,
): void {
  const checks = new SynthChecks(scope, "CODER-CLASSIC");
  const { chartVersion, database } = props;
  checkUniqueName(checks, scope, {
    kind: "Coder v1",
    property: "namespace",
    name: namespace,
    provider: props.kubernetesProvider,
    remedy: "the chart's names are fixed, such as coderd; choose another namespace for one of them",
  });
  const { tls } = database.server;
  if (atLeast(chartVersion, CODER_CLASSIC_SINCE.postgresKeys) === false) {
    checks.fail(
      "chartVersion",
      chartVersion,
      `must be ${CODER_CLASSIC_SINCE.postgresKeys} or later, because earlier charts use other keys for the database`,
    );
  }
  if (atLeast(chartVersion, "2.0.0") === true) {
    checks.fail(
      "chartVersion",
      chartVersion,
      "must be a version 1 of the chart; use CoderRelease for Coder v2",
    );
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
    "must not be the secret of the password, because the chart would create two volumes of one name",
  );

  checkCoderDatabase(checks, props);
  checkTls(checks, tls, props.sslMode);
  const sslMode = props.sslMode ?? strictestSslMode(tls);
  if (
    tls.caCertificatesPem === undefined &&
    (sslMode === SslMode.VERIFY_CA || sslMode === SslMode.VERIFY_FULL)
  ) {
    checks.fail(
      "database.server.tls.caCertificatesPem",
      undefined,
      `must be set for ${sslMode}, because Coder v1 verifies a server only with a certificate file`,
    );
  }
  checkIdentity(checks, props, namespace, sslMode);
  checkVariables(checks, props.env ?? [], {
    owned: { CODER_MAX_DB_CONNECTIONS: "maxConnectionsPerReplica" },
    isOfChart: (name) => CHART_OWNED.test(name),
  });
  const coderd = isMap(props.values?.coderd) ? props.values.coderd : {};
  if (coderd.extraEnvs !== undefined) {
    checks.fail(
      "values.coderd.extraEnvs",
      "a list",
      "must not be set, because it would replace the construct's variables; use env",
    );
  }
}

// The chart names a volume after the secret.
function checkVolumeName(checks: SynthChecks, property: string, name: string | undefined): void {
  checkVolumeSecretName(checks, property, name);
  checks.check(
    property,
    name,
    () => !CHART_VOLUMES.includes(name as string),
    "must not be the name of a volume of the chart",
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
      "must be coder, the fixed name of the chart's service account",
    );
  }
  if (database.owner.authentication !== LoginAuthentication.CLOUD_IDENTITY) return;
  if (identity?.cloud === Cloud.AWS && Object.keys(identity.serviceAccountAnnotations).length === 0) {
    checks.warn(
      "identity: sets no annotation on the service account, although Coder v1 documents IRSA; EKS Pod Identity is untested with Coder v1",
      "identity.annotation",
    );
  }
  if (sslMode === SslMode.DISABLE) {
    checks.fail("sslMode", sslMode, "must not be disable, because IAM database authentication requires TLS");
  }
  checks.check(
    "noPasswordEnv",
    props.noPasswordEnv,
    () => props.noPasswordEnv === false,
    "must not be true, because the database owner has no password",
  );
}
