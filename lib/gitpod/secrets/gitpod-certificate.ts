import type { ITerraformDependable, TerraformProvider } from "cdktf";
import { Construct } from "constructs";
import type { SecretValue } from "../../database";
import { isResolved, SynthChecks } from "../../database/private";
import type { HelmValues } from "../../kubernetes";
import { DatabaseSecret, SecretEntry } from "../../kubernetes";
import { checkLabelName, checkObjectName } from "../../kubernetes/private";
import { checkDomain } from "../installer/installer-rules";

/** Name of the secret in KOTS, and the installer's default. */
const SECRET_NAME = "https-certificates";

/** Issuer that the installer creates for internal certificates, and the secret of its authority (pkg/common/constants.go). */
const OWN_ISSUER = "ca-issuer";
const OWN_AUTHORITY_SECRET = "ca-issuer-ca";

/**
 * Kind of a cert-manager issuer.
 *
 * @see https://cert-manager.io/docs/concepts/issuer/
 */
export enum CertManagerIssuerKind {
  /** Issuer of the whole cluster. */
  CLUSTER_ISSUER = "ClusterIssuer",
  /** Issuer of one namespace. */
  ISSUER = "Issuer",
}

/** Properties of `GitpodCertificate.fromPem`. */
export interface GitpodPemCertificateProps {
  /**
   * Kubernetes namespace of Gitpod, which must exist.
   *
   * @see https://kubernetes.io/docs/concepts/overview/working-with-objects/namespaces/
   */
  readonly namespace: string;
  /**
   * Certificate for `<domain>`, `*.<domain>` and `*.ws.<domain>` with its chain, as PEM text; may be a token.
   *
   * @see https://github.com/gitpod-io/gitpod/blob/2022.11.3/install/installer/docs/overview.md#tls-certificates
   */
  readonly certificatePem: string;
  /**
   * Private key of the certificate, as PEM text.
   *
   * @see https://github.com/gitpod-io/gitpod/blob/2022.11.3/install/installer/docs/overview.md#tls-certificates
   */
  readonly privateKey: SecretValue;
  /**
   * Name of the secret. @default "https-certificates"
   *
   * @see https://kubernetes.io/docs/concepts/configuration/secret/#tls-secrets
   */
  readonly secretName?: string;
  /**
   * Labels of the secret. @default - none
   *
   * @see https://kubernetes.io/docs/concepts/overview/working-with-objects/labels/
   */
  readonly labels?: { readonly [name: string]: string };
  /** Kubernetes provider. @default - the default provider of the stack */
  readonly kubernetesProvider?: TerraformProvider;
  /** Resources that must exist first, such as the namespace. @default - none */
  readonly dependsOn?: ITerraformDependable[];
}

/** Properties of `GitpodCertificate.certManager`. */
export interface GitpodCertManagerCertificateProps {
  /**
   * Domain of Gitpod, without asterisk; may be a token.
   *
   * @see https://cert-manager.io/docs/usage/certificate/
   */
  readonly domain: string;
  /**
   * Name of the issuer. It must support wildcard certificates, so DNS-01. @default "gitpod-issuer"
   *
   * @see https://cert-manager.io/docs/concepts/issuer/
   */
  readonly issuerName?: string;
  /**
   * Kind of the issuer. @default CertManagerIssuerKind.CLUSTER_ISSUER
   *
   * @see https://cert-manager.io/docs/concepts/issuer/
   */
  readonly issuerKind?: CertManagerIssuerKind;
  /**
   * Name of the secret that cert-manager creates. @default "https-certificates"
   *
   * @see https://cert-manager.io/docs/usage/certificate/
   */
  readonly secretName?: string;
}

/**
 * TLS certificate of Gitpod's domain.
 *
 * Terraform does not create the cert-manager certificate, because `kubernetes_manifest` requires cert-manager in the cluster
 * at plan time. `manifest` is the object: `GitpodInstallerJob` applies it together with Gitpod, and KOTS creates its own.
 *
 * @see https://cert-manager.io/docs/usage/certificate/
 *
 * @example
 * GitpodCertificate.certManager(this, "certificate", { domain: "gitpod.example.com" });
 */
export class GitpodCertificate extends Construct {
  /**
   * A given certificate and private key, stored in a secret.
   *
   * @param scope parent construct.
   * @param id construct id.
   * @param props certificate and private key.
   */
  public static fromPem(scope: Construct, id: string, props: GitpodPemCertificateProps): GitpodCertificate {
    return new GitpodCertificate(scope, id, { own: props });
  }

  /**
   * A certificate that cert-manager issues and renews.
   *
   * @param scope parent construct.
   * @param id construct id.
   * @param props domain and issuer.
   */
  public static certManager(
    scope: Construct,
    id: string,
    props: GitpodCertManagerCertificateProps,
  ): GitpodCertificate {
    return new GitpodCertificate(scope, id, { issued: props });
  }

  /**
   * A certificate of the certificate authority that Gitpod creates in the cluster. Browsers do not trust it. Recorded as an opt-out.
   *
   * @param scope parent construct.
   * @param id construct id.
   * @param domain domain of Gitpod; may be a token.
   */
  public static selfSigned(scope: Construct, id: string, domain: string): GitpodCertificate {
    const props = { domain, issuerName: OWN_ISSUER, issuerKind: CertManagerIssuerKind.ISSUER };
    return new GitpodCertificate(scope, id, { issued: props, selfSigned: true });
  }

  /**
   * An existing secret of the type `kubernetes.io/tls`, with `tls.crt` and `tls.key`.
   *
   * @param scope parent construct.
   * @param id construct id.
   * @param secretName name of the secret in Gitpod's namespace.
   */
  public static fromSecretName(scope: Construct, id: string, secretName: string): GitpodCertificate {
    return new GitpodCertificate(scope, id, { secretName });
  }

  /** Name of the secret. */
  public readonly secretName: string;
  /** Secret; not set if it is not created here. */
  public readonly secret?: DatabaseSecret;
  /** Certificate as PEM text; only set by `fromPem`. */
  public readonly certificatePem?: string;
  /** Private key; only set by `fromPem`. */
  public readonly privateKey?: SecretValue;
  /** Name of the issuer; only set for an issued certificate. */
  public readonly issuerName?: string;
  /** Kind of the issuer; only set for an issued certificate. */
  public readonly issuerKind?: CertManagerIssuerKind;
  /** Domain of the certificate; only set for an issued certificate. */
  public readonly domain?: string;
  /** True if the certificate authority in the cluster signs the certificate. */
  public readonly isSelfSigned: boolean;
  /** Name of the secret with the certificate authority, under `ca.crt`; only set by `selfSigned`. */
  public readonly authoritySecretName?: string;
  /** Kubernetes namespace of Gitpod; not set if the secret is not created here. */
  public readonly namespace?: string;
  /** Resources that must exist before Gitpod is installed. */
  public readonly dependables: ITerraformDependable[];

  private constructor(scope: Construct, id: string, source: CertificateSource) {
    super(scope, id);
    const { own, issued } = source;
    this.secretName = source.secretName ?? own?.secretName ?? issued?.secretName ?? SECRET_NAME;
    this.isSelfSigned = source.selfSigned ?? false;
    this.authoritySecretName = this.isSelfSigned ? OWN_AUTHORITY_SECRET : undefined;
    this.certificatePem = own?.certificatePem;
    this.privateKey = own?.privateKey;
    this.namespace = own?.namespace;
    if (issued) {
      this.domain = issued.domain;
      this.issuerName = issued.issuerName ?? "gitpod-issuer";
      this.issuerKind = issued.issuerKind ?? CertManagerIssuerKind.CLUSTER_ISSUER;
    }
    this.check(own);
    if (own) {
      this.secret = new DatabaseSecret(this, "Secret", {
        namespace: own.namespace,
        secretName: this.secretName,
        type: "kubernetes.io/tls",
        entries: [
          SecretEntry.certificate("tls.crt", own.certificatePem),
          SecretEntry.privateKey("tls.key", own.privateKey),
        ],
        labels: own.labels,
        provider: own.kubernetesProvider,
        dependsOn: own.dependsOn,
      });
    }
    this.dependables = [...(this.secret?.dependables ?? [])];
  }

  /** DNS names of the certificate: `<domain>`, `*.<domain>`, `*.ws.<domain>`; empty if cert-manager does not issue it. */
  public get dnsNames(): string[] {
    const { domain } = this;
    return domain === undefined ? [] : [domain, `*.${domain}`, `*.ws.${domain}`];
  }

  /** cert-manager `Certificate` in Gitpod's namespace; not set if cert-manager does not issue it. Values may be tokens. */
  public get manifest(): HelmValues | undefined {
    if (this.issuerName === undefined) return undefined;
    return {
      apiVersion: "cert-manager.io/v1",
      kind: "Certificate",
      metadata: { name: this.secretName },
      spec: {
        secretName: this.secretName,
        issuerRef: { name: this.issuerName, kind: this.issuerKind },
        dnsNames: this.dnsNames,
      },
    };
  }

  private check(own: GitpodPemCertificateProps | undefined): void {
    const checks = new SynthChecks(this, "GITPOD-CERTIFICATE");
    checkObjectName(checks, "secretName", this.secretName);
    checkLabelName(checks, "namespace", own?.namespace);
    checkObjectName(checks, "issuerName", this.issuerName);
    if (this.domain !== undefined) checkDomain(checks, "domain", this.domain);
    if (this.isSelfSigned) {
      checks.optOut(
        "selfSigned: a certificate authority in the cluster signs Gitpod's certificate, which browsers do not trust",
      );
    }
    const pem = own?.certificatePem;
    if (pem === undefined || !isResolved(pem)) return;
    // Never shows the text, which could be a key given by mistake.
    if (!/-----BEGIN CERTIFICATE-----[\s\S]+-----END CERTIFICATE-----/.test(pem)) {
      checks.fail("certificatePem", "a text", "must be PEM text with the certificate and its chain");
    }
    if (/PRIVATE KEY-----/.test(pem)) {
      checks.fail(
        "certificatePem",
        "a text",
        "must not contain the private key, since this text is in the output; use privateKey",
        "certificatePem.privateKey",
      );
    }
  }
}

interface CertificateSource {
  readonly own?: GitpodPemCertificateProps;
  readonly issued?: GitpodCertManagerCertificateProps;
  readonly selfSigned?: boolean;
  readonly secretName?: string;
}
