import { ConfigMapV1 } from "@cdktf/provider-kubernetes/lib/config-map-v1";
import type { ITerraformDependable } from "cdktf";
import { Construct } from "constructs";
import { stringify } from "yaml";
import { checkUniqueName, isResolved, SynthChecks, terraformCall } from "../../database/private";
import type { HelmValues } from "../../kubernetes";
import { checkObjectName, fingerprint } from "../../kubernetes";
import type { GitpodVersion } from "../gitpod-version";
import type { GitpodCertificate } from "../secrets/gitpod-certificate";
import type { InstallerConfigProps } from "./installer-config-props";
import { checkInstallerDocument, installerDocument, secretsOf } from "./installer-document";

/** The key of the configuration in its config map. */
export const INSTALLER_CONFIG_KEY = "config.yaml";

/**
 * The configuration of Gitpod's installer (v1), checked with the installer's own rules, and a config map with it. It names
 * secrets and holds none.
 *
 * Where nodes are chosen is not in it: the installer wants nodes with the labels `gitpod.io/workload_meta`,
 * `workload_ide`, `workload_workspace_services`, `workload_workspace_regular` and `workload_workspace_headless`, each `true`,
 * with containerd and kernel 5.4 or later, cert-manager in the cluster, and a default storage class.
 *
 * @example
 * const config = new InstallerConfig(this, "config", {
 *   domain: "gitpod.example.com",
 *   database: gitpodDatabase,
 *   storage,
 *   registry,
 *   certificate,
 * });
 */
export class InstallerConfig extends Construct {
  /** The config map. */
  public readonly resource: ConfigMapV1;
  /** The config map's name. */
  public readonly configMapName: string;
  /** The configuration as data; may hold tokens. */
  public readonly document: HelmValues;
  /** The configuration as YAML; as JSON, which is YAML too, when it holds tokens. */
  public readonly yaml: string;
  /** The version of Gitpod. */
  public readonly version: GitpodVersion;
  /** Gitpod's namespace. */
  public readonly namespace: string;
  /** The certificate of Gitpod's domain. */
  public readonly certificate: GitpodCertificate;
  /** A Terraform expression that changes whenever the configuration or one of the secrets does. It holds nothing secret. */
  public readonly fingerprint: string;
  /** What has to exist before Gitpod is installed: the config map, and everything that the configuration speaks of. */
  public readonly dependables: ITerraformDependable[];

  public constructor(scope: Construct, id: string, props: InstallerConfigProps) {
    super(scope, id);
    const { database, storage, registry, certificate } = props;
    this.configMapName = props.configName ?? "gitpod-installer-config";
    this.version = props.version ?? database.version;
    this.namespace = database.namespace;
    this.certificate = certificate;
    const checks = new SynthChecks(this);
    checkObjectName(checks, "configName", props.configName);
    checkUniqueName(checks, this, {
      kind: "config map",
      place: this.namespace,
      name: this.configMapName,
      property: "configName",
      provider: props.kubernetesProvider,
    });
    checkInstallerDocument(checks, props);
    this.document = installerDocument(props);
    this.yaml = documentText(this.document);
    this.resource = new ConfigMapV1(this, "Resource", {
      metadata: { name: this.configMapName, namespace: this.namespace, labels: props.labels },
      data: { [INSTALLER_CONFIG_KEY]: this.yaml },
      provider: props.kubernetesProvider,
      dependsOn: props.dependsOn,
    });
    const secrets = secretsOf(props).map(([, secret]) => secret);
    const written = [database, storage, registry, certificate, ...secrets].flatMap(
      ({ secret }) => secret ?? [],
    );
    this.fingerprint = fingerprint([
      this.yaml,
      database.caSecret?.fingerprint ?? "",
      ...written.map((secret) => secret.fingerprint),
    ]);
    this.dependables = [
      this.resource,
      ...(props.dependsOn ?? []),
      ...[database, storage, registry, certificate, ...secrets].flatMap(({ dependables }) => dependables),
    ];
  }
}

/** A document as text: YAML where all is known, else JSON by Terraform, which is right for every token. */
export function documentText(document: HelmValues): string {
  return isResolved(document)
    ? stringify(document, { lineWidth: 0, aliasDuplicateObjects: false })
    : terraformCall("jsonencode", document);
}
