import type { ITerraformDependable, TerraformProvider } from "cdktf";
import { Construct } from "constructs";
import type { SecretValue } from "../../database";
import { isResolved, SynthChecks } from "../../database/private";
import type { HelmValues } from "../../kubernetes";
import { DatabaseSecret, SecretEntry } from "../../kubernetes";
import { checkLabelName, checkObjectName } from "../../kubernetes/private";
import { checkDomain } from "../installer/installer-rules";

/** KOTS's name of the secret, and the installer's default. */
const SECRET_NAME = "https-certificates";

/** The issuer that the installer makes for its own certificates, and the secret with its authority (pkg/common/constants.go). */
const OWN_ISSUER = "ca-issuer";
const OWN_AUTHORITY_SECRET = "ca-issuer-ca";

/** The kinds of cert-manager's issuers. */
export enum CertManagerIssuerKind {
  /** For the whole cluster. */
  CLUSTER_ISSUER = "ClusterIssuer",
  /** For one namespace. */
  ISSUER = "Issuer",
}

/** A certificate of your own. */
export interface GitpodPemCertificateProps {
  /** Gitpod's namespace, which has to exist. */
  readonly namespace: string;
  /** The certificate for the domain, `*.` and `*.ws.` before it, and its chain, as PEM text; may be a token. */
  readonly certificatePem: string;
  /** Its private key, as PEM text. */
  readonly privateKey: SecretValue;
  /** The secret's name. @default "https-certificates" */
  readonly secretName?: string;
  /** Labels. @default - none */
  readonly labels?: { readonly [name: string]: string };
  /** The Kubernetes provider. @default - the stack's only one */
  readonly kubernetesProvider?: TerraformProvider;
  /** What has to exist first, such as the namespace. @default - nothing */
  readonly dependsOn?: ITerraformDependable[];
}

/** A certificate by cert-manager. */
export interface GitpodCertManagerCertificateProps {
  /** Gitpod's domain, without a star; may be a token. */
  readonly domain: string;
  /** The issuer's name; it has to be able to make wildcards, so by DNS. @default "gitpod-issuer" */
  readonly issuerName?: string;
  /** The issuer's kind. @default CertManagerIssuerKind.CLUSTER_ISSUER */
  readonly issuerKind?: CertManagerIssuerKind;
  /** The secret that cert-manager fills. @default "https-certificates" */
  readonly secretName?: string;
}

/**
 * The certificate by which browsers know Gitpod.
 *
 * cert-manager's own objects are not made by Terraform here, since `kubernetes_manifest` needs cert-manager in the cluster
 * when it plans. `manifest` is the object; `GitpodInstallerJob` applies it together with Gitpod, KOTS makes its own.
 *
 * @example
 * GitpodCertificate.certManager(this, "certificate", { domain: "gitpod.example.com" });
 */
export class GitpodCertificate extends Construct {
  /**
   * A certificate of your own.
   *
   * @param scope the construct that it belongs to.
   * @param id the construct's id.
   * @param props certificate and key.
   */
  public static fromPem(scope: Construct, id: string, props: GitpodPemCertificateProps): GitpodCertificate {
    return new GitpodCertificate(scope, id, { own: props });
  }

  /**
   * A certificate that cert-manager gets and renews.
   *
   * @param scope the construct that it belongs to.
   * @param id the construct's id.
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
   * A certificate by the authority that Gitpod makes in the cluster. No browser trusts it. Recorded as an opt-out.
   *
   * @param scope the construct that it belongs to.
   * @param id the construct's id.
   * @param domain Gitpod's domain; may be a token.
   */
  public static selfSigned(scope: Construct, id: string, domain: string): GitpodCertificate {
    const props = { domain, issuerName: OWN_ISSUER, issuerKind: CertManagerIssuerKind.ISSUER };
    return new GitpodCertificate(scope, id, { issued: props, selfSigned: true });
  }

  /**
   * A certificate in a secret that somebody else makes: `tls.crt` and `tls.key`, of the type `kubernetes.io/tls`.
   *
   * @param scope the construct that it belongs to.
   * @param id the construct's id.
   * @param secretName the secret in Gitpod's namespace.
   */
  public static fromSecretName(scope: Construct, id: string, secretName: string): GitpodCertificate {
    return new GitpodCertificate(scope, id, { secretName });
  }

  /** The secret's name. */
  public readonly secretName: string;
  /** The secret, when it is made here. */
  public readonly secret?: DatabaseSecret;
  /** The certificate as PEM text, when it is your own. */
  public readonly certificatePem?: string;
  /** Its private key, when it is your own. */
  public readonly privateKey?: SecretValue;
  /** The issuer's name; not set for a certificate of your own. */
  public readonly issuerName?: string;
  /** The issuer's kind; not set for a certificate of your own. */
  public readonly issuerKind?: CertManagerIssuerKind;
  /** The domain that the certificate is for; not set for a certificate of your own. */
  public readonly domain?: string;
  /** Whether an authority in the cluster signs it. */
  public readonly isSelfSigned: boolean;
  /** The secret with the authority that signs it, under `ca.crt`; set for one in the cluster only. */
  public readonly authoritySecretName?: string;
  /** Gitpod's namespace, when the secret is made here. */
  public readonly namespace?: string;
  /** What has to exist before Gitpod is installed. */
  public readonly dependables: ITerraformDependable[];

  private constructor(scope: Construct, id: string, way: CertificateWay) {
    super(scope, id);
    const { own, issued } = way;
    this.secretName = way.secretName ?? own?.secretName ?? issued?.secretName ?? SECRET_NAME;
    this.isSelfSigned = way.selfSigned ?? false;
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

  /** The names that the certificate is for: the domain, `*.` and `*.ws.` before it; empty when cert-manager does not make it. */
  public get dnsNames(): string[] {
    const { domain } = this;
    return domain === undefined ? [] : [domain, `*.${domain}`, `*.ws.${domain}`];
  }

  /** cert-manager's object in Gitpod's namespace; not set when cert-manager does not make it. Values may be tokens. */
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
    const checks = new SynthChecks(this);
    checkObjectName(checks, "secretName", this.secretName);
    checkLabelName(checks, "namespace", own?.namespace);
    checkObjectName(checks, "issuerName", this.issuerName);
    if (this.domain !== undefined) checkDomain(checks, "domain", this.domain);
    if (this.isSelfSigned) {
      checks.optOut(
        "selfSigned: an authority in the cluster signs Gitpod's certificate, which no browser trusts",
      );
    }
    const pem = own?.certificatePem;
    if (pem === undefined || !isResolved(pem)) return;
    // Never shows the text, which may be a key by mistake.
    if (!/-----BEGIN CERTIFICATE-----[\s\S]+-----END CERTIFICATE-----/.test(pem)) {
      checks.fail("certificatePem", "a text", "allowed is PEM text with the certificate and its chain");
    }
    if (/PRIVATE KEY-----/.test(pem)) {
      checks.fail(
        "certificatePem",
        "a text",
        "a private key belongs in privateKey; this text is in the output",
      );
    }
  }
}

interface CertificateWay {
  readonly own?: GitpodPemCertificateProps;
  readonly issued?: GitpodCertManagerCertificateProps;
  readonly selfSigned?: boolean;
  readonly secretName?: string;
}
