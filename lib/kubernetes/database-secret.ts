import { SecretV1 } from "@cdktf/provider-kubernetes/lib/secret-v1";
import type { ITerraformDependable, TerraformProvider } from "cdktf";
import { Construct } from "constructs";
import { checkUniqueName, requireProps, SynthChecks } from "../database/private";
import { fingerprint, revision } from "./fingerprint";
import { checkDataKey, checkLabelName, checkLabels, checkObjectName } from "./object-names";
import type { SecretEntry } from "./secret-entry";

/** Properties of a `DatabaseSecret`. */
export interface DatabaseSecretProps {
  /**
   * Namespace; must exist. Required; never defaults to `default`.
   *
   * @see https://kubernetes.io/docs/concepts/overview/working-with-objects/namespaces/
   */
  readonly namespace: string;
  /**
   * Name of the Secret.
   *
   * @see https://kubernetes.io/docs/concepts/configuration/secret/
   */
  readonly secretName: string;
  /**
   * Entries of the Secret, one per key.
   *
   * @see https://kubernetes.io/docs/concepts/configuration/secret/
   */
  readonly entries: SecretEntry[];
  /**
   * Type of the Secret, such as `kubernetes.io/tls`; changing it replaces the Secret. @default "Opaque"
   *
   * @see https://kubernetes.io/docs/concepts/configuration/secret/#secret-types
   */
  readonly type?: string;
  /**
   * Labels. @default - none
   *
   * @see https://kubernetes.io/docs/concepts/overview/working-with-objects/labels/
   */
  readonly labels?: { readonly [name: string]: string };
  /**
   * Annotations. @default - none
   *
   * @see https://kubernetes.io/docs/concepts/overview/working-with-objects/annotations/
   */
  readonly annotations?: { readonly [name: string]: string };
  /** Kubernetes provider. @default - the stack's only Kubernetes provider */
  readonly provider?: TerraformProvider;
  /** Resources that the Secret depends on, such as the namespace. @default - the resources of the entries' values */
  readonly dependsOn?: ITerraformDependable[];
}

/**
 * Kubernetes Secret whose values are written by a write-only argument and are in no Terraform state or plan.
 *
 * Terraform writes the Secret again when the version or the description of an entry changes, also when the change is known only
 * at apply: a new host after a restore reaches the cluster in the same run. Manual changes in the cluster are not detected, since
 * Terraform has no value to compare.
 *
 * @see https://kubernetes.io/docs/concepts/configuration/secret/
 * @see https://registry.terraform.io/providers/hashicorp/kubernetes/latest/docs/resources/secret_v1
 * @example
 * const secret = new DatabaseSecret(this, "login", {
 *   namespace: "coder",
 *   secretName: "coder-db",
 *   entries: [SecretEntry.secret("password", password)],
 * });
 */
export class DatabaseSecret extends Construct {
  /** Resource of the Secret. */
  public readonly resource: SecretV1;
  /** Name of the Secret, for pods and charts. */
  public readonly secretName: string;
  /** Namespace. */
  public readonly namespace: string;
  /**
   * Hash that changes when the content changes, for an annotation that restarts pods. It contains no secret.
   */
  public readonly fingerprint: string;
  /** Resources that must exist before a pod uses the Secret. */
  public readonly dependables: ITerraformDependable[];

  public constructor(scope: Construct, id: string, props: DatabaseSecretProps) {
    super(scope, id);
    requireProps(this.node.path, "K8S", props, { namespace: true, secretName: true, entries: true });
    this.secretName = props.secretName;
    this.namespace = props.namespace;
    this.check(props);
    this.fingerprint = fingerprint(props.entries.map((entry) => [entry.key, ...entry.fingerprintParts]));
    this.resource = new SecretV1(this, "Resource", {
      metadata: {
        name: props.secretName,
        namespace: props.namespace,
        labels: props.labels,
        annotations: props.annotations,
      },
      type: props.type ?? "Opaque",
      // Plain text: the provider encodes it. `data` is not set, so that no value is in the state.
      dataWo: Object.fromEntries(props.entries.map((entry) => [entry.key, entry.writeOnly()])),
      dataWoRevision: revision(this.fingerprint),
      provider: props.provider,
      dependsOn: [
        ...(props.dependsOn ?? []),
        ...props.entries.flatMap((entry) => entry.value?.dependables ?? []),
      ],
    });
    this.dependables = [this.resource];
  }

  private check(props: DatabaseSecretProps): void {
    const checks = new SynthChecks(this, "K8S");
    checkLabelName(checks, "namespace", props.namespace);
    checkObjectName(checks, "secretName", props.secretName);
    if (!SynthChecks.hasReported(this.node.scope, "labels")) checkLabels(checks, "labels", props.labels);
    const { namespace, secretName: name, provider } = props;
    checkUniqueName(checks, this, {
      kind: "Secret",
      place: namespace,
      name,
      property: "secretName",
      provider,
    });
    if (props.entries.length === 0) checks.fail("entries", [], "must have at least one entry");
    const seen = new Set<string>();
    for (const { key } of props.entries) {
      checkDataKey(checks, "entries.key", key);
      if (seen.has(key)) checks.fail("entries.key", key, "must be unique");
      seen.add(key);
    }
  }
}
