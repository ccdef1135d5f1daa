import { SecretV1 } from "@cdktf/provider-kubernetes/lib/secret-v1";
import type { ITerraformDependable, TerraformProvider } from "cdktf";
import { Construct } from "constructs";
import { checkUniqueName, SynthChecks } from "../database/private";
import { fingerprint, revision } from "./fingerprint";
import { checkDataKey, checkLabelName, checkObjectName } from "./object-names";
import type { SecretEntry } from "./secret-entry";

/** Properties of a `DatabaseSecret`. */
export interface DatabaseSecretProps {
  /** The namespace, which has to exist; always said, since the default namespace is for nobody. */
  readonly namespace: string;
  /** The secret's name. */
  readonly secretName: string;
  /** What it holds, one entry per key. */
  readonly entries: SecretEntry[];
  /** The secret's type, where one is demanded, such as `kubernetes.io/tls`; another one replaces the secret. @default "Opaque" */
  readonly type?: string;
  /** Labels. @default - none */
  readonly labels?: { readonly [name: string]: string };
  /** Annotations. @default - none */
  readonly annotations?: { readonly [name: string]: string };
  /** The Kubernetes provider. @default - the stack's only one */
  readonly provider?: TerraformProvider;
  /** What has to exist first, such as the namespace. @default - what the entries need */
  readonly dependsOn?: ITerraformDependable[];
}

/**
 * A Kubernetes secret whose values never enter Terraform's state or plan.
 *
 * It is written again when an entry's version number or anything else about it changes, also when only Terraform knows:
 * a new host after a restore reaches the cluster in the same run. Whoever changes the secret by hand in the cluster is not
 * noticed, since Terraform has nothing to compare with.
 *
 * @example
 * const secret = new DatabaseSecret(this, "login", {
 *   namespace: "coder",
 *   secretName: "coder-db",
 *   entries: [SecretEntry.secret("password", password)],
 * });
 */
export class DatabaseSecret extends Construct {
  /** The Kubernetes object. */
  public readonly resource: SecretV1;
  /** The secret's name, for pods and charts. */
  public readonly secretName: string;
  /** The namespace. */
  public readonly namespace: string;
  /**
   * A Terraform expression that changes whenever the content does, for an annotation that makes pods start anew. It holds
   * nothing secret.
   */
  public readonly fingerprint: string;
  /** What has to exist before a pod uses the secret. */
  public readonly dependables: ITerraformDependable[];

  public constructor(scope: Construct, id: string, props: DatabaseSecretProps) {
    super(scope, id);
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
      // Plain text: the provider encodes it. `data` is not set, so that the provider keeps nothing.
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
    const checks = new SynthChecks(this);
    checkLabelName(checks, "namespace", props.namespace);
    checkObjectName(checks, "secretName", props.secretName);
    const { namespace, secretName: name, provider } = props;
    checkUniqueName(checks, this, {
      kind: "secret",
      place: namespace,
      name,
      property: "secretName",
      provider,
    });
    if (props.entries.length === 0) checks.fail("entries", [], "a secret needs at least one entry");
    const seen = new Set<string>();
    for (const { key } of props.entries) {
      checkDataKey(checks, "entries.key", key);
      if (seen.has(key)) checks.fail("entries.key", key, "each key may be there once");
      seen.add(key);
    }
  }
}
