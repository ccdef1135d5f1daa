import { SecretV1 } from "@cdktf/provider-kubernetes/lib/secret-v1";
import type { ITerraformDependable, TerraformProvider } from "cdktf";
import { Construct } from "constructs";
import { checkUniqueName, isResolved, SynthChecks } from "../database/private";
import { fingerprint } from "./fingerprint";
import { checkDataKey, checkLabelName, checkObjectName } from "./object-names";
import { pemText } from "./secret-entry";

/** Kubernetes refuses an object above 1 MiB (kubernetes.io "Secrets"); base64 and metadata take their part of it. */
const MAX_BYTES = 750_000;

/** Properties of a `CaSecret`. */
export interface CaSecretProps {
  /** The namespace, which has to exist. */
  readonly namespace: string;
  /** The secret's name. */
  readonly secretName: string;
  /** The certificate authorities as PEM text; may be a token. */
  readonly caCertificatesPem: string;
  /** The key that holds them. @default "ca.crt" */
  readonly key?: string;
  /** Labels. @default - none */
  readonly labels?: { readonly [name: string]: string };
  /** Annotations. @default - none */
  readonly annotations?: { readonly [name: string]: string };
  /** The Kubernetes provider. @default - the stack's only one */
  readonly provider?: TerraformProvider;
  /** What has to exist first, such as the namespace. @default - nothing */
  readonly dependsOn?: ITerraformDependable[];
}

/**
 * The certificate authorities that clients in the cluster trust for a database, as an Opaque secret: the type
 * `kubernetes.io/tls` would demand a private key. Certificates are public, so Terraform compares and repairs the content.
 *
 * @example
 * new CaSecret(this, "ca", { namespace: "coder", secretName: "coder-db-ca", caCertificatesPem });
 */
export class CaSecret extends Construct {
  /** The Kubernetes object. */
  public readonly resource: SecretV1;
  /** The secret's name, for pods and charts. */
  public readonly secretName: string;
  /** The key that holds the certificates. */
  public readonly key: string;
  /** A Terraform expression that changes whenever the certificates do. */
  public readonly fingerprint: string;
  /** What has to exist before a pod uses the secret. */
  public readonly dependables: ITerraformDependable[];

  public constructor(scope: Construct, id: string, props: CaSecretProps) {
    super(scope, id);
    this.secretName = props.secretName;
    this.key = props.key ?? "ca.crt";
    const pem = props.caCertificatesPem;
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

// Never shows the text: a private key given by mistake must not end up in a log.
function checkPem(checks: SynthChecks, pem: string): void {
  if (!isResolved(pem)) return;
  const bytes = Buffer.byteLength(pem);
  checks.check(
    "caCertificatesPem",
    `${bytes} bytes`,
    () => bytes <= MAX_BYTES,
    `a secret takes at most ${MAX_BYTES} bytes; use the bundle of one region`,
  );
  checks.check(
    "caCertificatesPem",
    "a text",
    () => /-----BEGIN CERTIFICATE-----[\s\S]+-----END CERTIFICATE-----/.test(pem),
    "allowed is PEM text with at least one certificate",
  );
  checks.check(
    "caCertificatesPem",
    "a text",
    () => !/PRIVATE KEY-----/.test(pem),
    "a private key has no place among certificate authorities, and this text is written to the output in clear",
  );
}
