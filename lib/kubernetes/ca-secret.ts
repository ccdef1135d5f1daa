import { SecretV1 } from "@cdktf/provider-kubernetes/lib/secret-v1";
import type { ITerraformDependable, TerraformProvider } from "cdktf";
import { Construct } from "constructs";
import { checkUniqueName, isResolved, requireProps, SynthChecks } from "../database/private";
import { fingerprint } from "./fingerprint";
import { checkDataKey, checkLabelName, checkLabels, checkObjectName } from "./object-names";
import { pemText } from "./secret-entry";

/** Kubernetes limits an object to 1 MiB (kubernetes.io "Secrets"), which includes base64 encoding and metadata. */
const MAX_BYTES = 750_000;

/** Properties of a `CaSecret`. */
export interface CaSecretProps {
  /**
   * Namespace; must exist.
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
  /** CA certificates in PEM format; may be a token. */
  readonly caCertificatesPem: string;
  /**
   * Key of the CA certificates in the Secret. @default "ca.crt"
   *
   * @see https://kubernetes.io/docs/concepts/configuration/secret/
   */
  readonly key?: string;
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
  /** Resources that the Secret depends on, such as the namespace. @default - none */
  readonly dependsOn?: ITerraformDependable[];
}

/**
 * Kubernetes Secret with the CA certificates of a database server. Its type is `Opaque`, because `kubernetes.io/tls` requires a
 * private key. Certificates are public, so Terraform keeps the content in its state and corrects drift.
 *
 * @see https://kubernetes.io/docs/concepts/configuration/secret/
 * @example
 * new CaSecret(this, "ca", { namespace: "coder", secretName: "coder-db-ca", caCertificatesPem });
 */
export class CaSecret extends Construct {
  /** Resource of the Secret. */
  public readonly resource: SecretV1;
  /** Name of the Secret, for pods and charts. */
  public readonly secretName: string;
  /** Key of the CA certificates. */
  public readonly key: string;
  /** Hash that changes when the certificates change. */
  public readonly fingerprint: string;
  /** Resources that must exist before a pod mounts the Secret. */
  public readonly dependables: ITerraformDependable[];

  public constructor(scope: Construct, id: string, props: CaSecretProps) {
    super(scope, id);
    requireProps(this.node.path, "K8S", props, {
      namespace: true,
      secretName: true,
      caCertificatesPem: true,
    });
    this.secretName = props.secretName;
    this.key = props.key ?? "ca.crt";
    const pem = props.caCertificatesPem;
    const checks = new SynthChecks(this, "K8S");
    checkLabelName(checks, "namespace", props.namespace);
    checkObjectName(checks, "secretName", props.secretName);
    if (!SynthChecks.hasReported(scope, "labels")) checkLabels(checks, "labels", props.labels);
    const { namespace, secretName: name, provider } = props;
    checkUniqueName(checks, this, {
      kind: "Secret",
      place: namespace,
      name,
      property: "secretName",
      provider,
    });
    checkDataKey(checks, "key", props.key);
    checkPem(checks, pem);
    const text = pemText(pem);
    this.fingerprint = fingerprint([this.key, text]);
    this.resource = new SecretV1(this, "Resource", {
      metadata: {
        name: props.secretName,
        namespace: props.namespace,
        labels: props.labels,
        annotations: props.annotations,
      },
      type: "Opaque",
      data: { [this.key]: text },
      provider: props.provider,
      dependsOn: props.dependsOn,
    });
    this.dependables = [this.resource];
  }
}

// The value is not shown: a private key passed by mistake must not appear in a log.
function checkPem(checks: SynthChecks, pem: string): void {
  if (!isResolved(pem)) return;
  const bytes = Buffer.byteLength(pem);
  checks.check(
    "caCertificatesPem",
    `${bytes} bytes`,
    () => bytes <= MAX_BYTES,
    `must be at most ${MAX_BYTES} bytes; use the CA bundle of one region`,
  );
  checks.check(
    "caCertificatesPem",
    "text",
    () => /-----BEGIN CERTIFICATE-----[\s\S]+-----END CERTIFICATE-----/.test(pem),
    "must be PEM text with at least one certificate",
  );
  checks.check(
    "caCertificatesPem",
    "text",
    () => !/PRIVATE KEY-----/.test(pem),
    "must not contain a private key: the text is written to the synthesized output in clear",
  );
}
