import type { ITerraformDependable } from "cdktf";
import { Construct } from "constructs";
import { SecretValue } from "../../database";
import { isResolved, SynthChecks, terraformCall } from "../../database/private";
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
  /** The key file for Cloud SQL, once more: the one given to `GitpodConnection.bundledProxy`. @default - none; required with the bundled proxy */
  readonly cloudSqlCredentials?: SecretValue;
  /** How long the installation may take, in seconds: 300, 600, 1800, 3600, 5400 or 7200. @default - KOTS's: 300, or 3600 without a certificate */
  readonly timeoutSeconds?: number;
}

/** The key of the file in its secret. */
export const KOTS_CONFIG_VALUES_KEY = "config-values.yaml";

/** The secrets that KOTS's own manifests write (install/kots/manifests of 2022.11.3). */
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
 * The answers to KOTS's questions about Gitpod 2022.11, as the file that `kubectl kots install --config-values` takes.
 *
 * KOTS wants secrets in that file. So it is written as a secret of Kubernetes, whose content is in no plan and no state; read it
 * where you install: `kubectl get secret gitpod-kots-config-values -n gitpod -o go-template='{{index .data "config-values.yaml" | base64decode}}'`.
 * `yaml` has everything that is no secret, to be reviewed. KOTS would also take a secret with the label
 * `kots.io/automation=configvalues`, but deletes that one after reading, and Terraform would make it again and again.
 *
 * KOTS makes the secrets for Gitpod itself, by names of its own; give other names to those that the library makes.
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
  /** The secret with the whole file. */
  public readonly secret: DatabaseSecret;
  /** The secret's name. */
  public readonly secretName: string;
  /** The file without the secrets, as YAML; as JSON, which is YAML too, when it holds tokens. */
  public readonly yaml: string;
  /** What `config_patch` holds, which is what KOTS has no item for; not set when there is none. May hold tokens. */
  public readonly configPatch?: HelmValues;
  /** What has to exist before KOTS installs Gitpod. */
  public readonly dependables: ITerraformDependable[];

  public constructor(scope: Construct, id: string, props: KotsConfigValuesProps) {
    super(scope, id);
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
    // The version numbers of all the secrets are in it, so the file is written again when one of them changes.
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
    const checks = new SynthChecks(this);
    const { database } = props;
    checkObjectName(checks, "configName", props.configName);
    checkInstallerDocument(checks, props);
    if ((props.version ?? database.version).name !== GitpodVersion.V2022_11.name) {
      checks.fail("version", (props.version ?? database.version).name, "KOTS installs 2022.11 only");
    }
    if (database.mode === GitpodDatabaseMode.CLOUD_SQL && !props.cloudSqlCredentials) {
      checks.fail("cloudSqlCredentials", undefined, "KOTS wants the proxy's key file itself");
    }
    if (props.certificate.issuerName === undefined && !props.certificate.privateKey) {
      checks.fail(
        "certificate",
        props.certificate.secretName,
        "KOTS makes the certificate's secret itself; give it a certificate (GitpodCertificate.fromPem) or an issuer",
      );
    }
    checks.check(
      "timeoutSeconds",
      props.timeoutSeconds,
      () => KOTS_TIMEOUTS.some(([seconds]) => seconds === props.timeoutSeconds),
      `allowed are ${KOTS_TIMEOUTS.map(([seconds]) => seconds).join(", ")}`,
    );
    if (props.license)
      checks.fail("license", props.license, "KOTS has the licence from Replicated; leave it out");
    const made = [database, props.storage, props.registry, props.certificate];
    for (const name of made.flatMap(({ secret }) => secret?.secretName ?? [])) {
      if (isResolved(name) && KOTS_SECRETS.includes(name)) {
        checks.warn(
          `KOTS writes the secret ${name} itself, so it and Terraform would change its labels in turns; give another secretName where it is made`,
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
