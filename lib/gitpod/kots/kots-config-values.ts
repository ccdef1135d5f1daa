import type { ITerraformDependable } from "cdktf";
import { Construct } from "constructs";
import { SecretValue } from "../../database";
import { isResolved, requireProps, SynthChecks, terraformCall } from "../../database/private";
import { DatabaseSecret, type HelmValues, SecretEntry } from "../../kubernetes";
import { checkObjectName, fingerprint } from "../../kubernetes/private";
import { GitpodDatabaseMode } from "../database/gitpod-connection";
import { documentText, type GitpodInstallerConfigProps } from "../installer/gitpod-installer-config";
import { checkInstallerDocument, secretsOf } from "../installer/installer-document";
import { GitpodVersion } from "../version/gitpod-version";
import { KOTS_ITEMS, KOTS_TIMEOUTS } from "./data/kots-items";
import { configPatch, type KotsItem, kotsItems, secretExpression } from "./kots-items";
/** Properties of a `KotsConfigValues`. */
export interface KotsConfigValuesProps extends GitpodInstallerConfigProps {
  /**
   * Key file of the service account for Cloud SQL, as in `GitpodConnection.bundledProxy`. @default - none; required with the bundled proxy
   *
   * @see https://github.com/gitpod-io/gitpod/blob/2022.11.3/install/kots/manifests/kots-config.yaml
   */
  readonly cloudSqlCredentials?: SecretValue;
  /**
   * Timeout of the installation, in seconds: 300, 600, 1800, 3600, 5400 or 7200. @default - KOTS's: 300, or 3600 without a certificate
   *
   * @see https://github.com/gitpod-io/gitpod/blob/2022.11.3/install/kots/manifests/kots-config.yaml
   */
  readonly timeoutSeconds?: number;
}

/** Key of the file in its secret. */
export const KOTS_CONFIG_VALUES_KEY = "config-values.yaml";

/** Secrets that KOTS's manifests create (install/kots/manifests of 2022.11.3). */
const KOTS_SECRETS = [
  "database",
  "cloudsql",
  "storage-s3",
  "storage-gcp",
  "storage-azure",
  "container-registry",
  "external-container-registry",
  "container-registry-s3-backend",
  "https-certificates",
  "ca-certificate",
  "gitpod-license",
  "ssh-gateway-host-key",
  "http-proxy-settings",
];

/**
 * KOTS config values of Gitpod 2022.11, as the file of `kubectl kots install --config-values`.
 *
 * KOTS requires secrets in that file, so it is stored in a Kubernetes secret, whose content is in no plan and no state. Read it
 * where you install: `kubectl get secret gitpod-kots-config-values -n gitpod -o go-template='{{index .data "config-values.yaml" | base64decode}}'`.
 * `yaml` contains all other values, for review. KOTS also accepts a secret with the label `kots.io/automation=configvalues`, but
 * deletes it after reading, and Terraform would create it in every apply.
 *
 * KOTS creates Gitpod's secrets itself under fixed names; use other names for the secrets of this library.
 *
 * @see https://docs.replicated.com/reference/custom-resource-configvalues
 *
 * @example
 * const values = new KotsConfigValues(this, "kots", {
 *   domain: "gitpod.example.com",
 *   database: gitpodDatabase,
 *   storage,
 *   registry,
 *   certificate,
 * });
 */
export class KotsConfigValues extends Construct {
  /** Secret that holds the file. */
  public readonly secret: DatabaseSecret;
  /** Name of the secret. */
  public readonly secretName: string;
  /** File without secrets, as YAML; as JSON, a subset of YAML, if it contains tokens. */
  public readonly yaml: string;
  /** Content of `config_patch`: configuration for which KOTS has no item; not set without any. May contain tokens. */
  public readonly configPatch?: HelmValues;
  /** Resources that must exist before KOTS installs Gitpod. */
  public readonly dependables: ITerraformDependable[];

  public constructor(scope: Construct, id: string, props: KotsConfigValuesProps) {
    super(scope, id);
    requireProps(this.node.path, "KOTS", props, {
      domain: true,
      database: true,
      storage: true,
      registry: true,
      certificate: true,
    });
    const { database, storage, registry, certificate } = props;
    this.secretName = props.configName ?? "gitpod-kots-config-values";
    this.check(props);
    const items = kotsItems(props);
    this.configPatch = configPatch(props);
    this.yaml = documentText(file(items.filter(({ secret }) => secret === undefined)));
    const secrets = items.flatMap(({ secret }) => secret ?? []);
    const text = SecretValue.fromEphemeral(terraformCall("jsonencode", file(items)), {
      version: 1,
      dependables: secrets.flatMap(({ dependables }) => dependables),
    });
    // It contains the versions of all secrets, so the file is updated when one of them changes.
    const describedBy = fingerprint([
      this.yaml,
      ...items.map(({ name, secret, describedBy }) => [name, secret?.version ?? 0, describedBy ?? ""]),
    ]);
    this.secret = new DatabaseSecret(this, "Secret", {
      namespace: database.namespace,
      secretName: this.secretName,
      entries: [SecretEntry.secret(KOTS_CONFIG_VALUES_KEY, text, describedBy)],
      labels: props.labels,
      provider: props.kubernetesProvider,
      dependsOn: props.dependsOn,
    });
    this.dependables = [
      ...this.secret.dependables,
      ...[database, storage, registry, certificate].flatMap(({ dependables }) => dependables),
      ...secretsOf(props).flatMap(([, { dependables }]) => dependables),
    ];
  }

  private check(props: KotsConfigValuesProps): void {
    const checks = new SynthChecks(this, "KOTS");
    const { database } = props;
    checkObjectName(checks, "configName", props.configName);
    checkInstallerDocument(checks, props);
    if ((props.version ?? database.version).name !== GitpodVersion.V2022_11.name) {
      checks.fail(
        "version",
        (props.version ?? database.version).name,
        "must be 2022.11, the only version that KOTS installs",
      );
    }
    if (database.mode === GitpodDatabaseMode.CLOUD_SQL && !props.cloudSqlCredentials) {
      checks.fail(
        "cloudSqlCredentials",
        undefined,
        "must be set with the bundled proxy, because KOTS requires the key file",
      );
    }
    if (props.certificate.issuerName === undefined && !props.certificate.privateKey) {
      checks.fail(
        "certificate",
        props.certificate.secretName,
        "must have a certificate (GitpodCertificate.fromPem) or an issuer, because KOTS creates the secret itself",
      );
    }
    checks.check(
      "timeoutSeconds",
      props.timeoutSeconds,
      () => KOTS_TIMEOUTS.some(([seconds]) => seconds === props.timeoutSeconds),
      `must be one of ${KOTS_TIMEOUTS.map(([seconds]) => seconds).join(", ")}`,
    );
    if (props.license)
      checks.fail("license", props.license, "must not be set, because KOTS gets the license from Replicated");
    const made = [database, props.storage, props.registry, props.certificate];
    for (const name of made.flatMap(({ secret }) => secret?.secretName ?? [])) {
      if (isResolved(name) && KOTS_SECRETS.includes(name)) {
        checks.warn(
          `secretName: KOTS creates the secret ${name} itself, so KOTS and Terraform would alternately change its labels; use another secretName`,
          "secretName",
        );
      }
    }
  }
}

function file(items: KotsItem[]): HelmValues {
  const values = items.map((item) => {
    const kind = KOTS_ITEMS[item.name];
    const value = item.secret
      ? secretExpression(item, kind === "file")
      : plainText(item.text ?? "", kind === "file");
    return [item.name, kind === "password" ? { valuePlaintext: value } : { value }];
  });
  return {
    apiVersion: "kots.io/v1beta1",
    kind: "ConfigValues",
    spec: { values: Object.fromEntries(values) },
  };
}

function plainText(text: string, isFile: boolean): string {
  if (!isFile) return text;
  return isResolved(text) ? Buffer.from(text).toString("base64") : terraformCall("base64encode", text);
}
