import { ConfigMapV1 } from "@cdktf/provider-kubernetes/lib/config-map-v1";
import type { ITerraformDependable, TerraformProvider } from "cdktf";
import { Construct } from "constructs";
import {
  checkUniqueName,
  isResolved,
  requireProps,
  SynthChecks,
  terraformCall,
} from "../../database/private";
import type { HelmValues } from "../../kubernetes";
import { checkObjectName, fingerprint, yamlText } from "../../kubernetes/private";
import type { GitpodDatabase } from "../database/gitpod-database";
import type { GitpodCertificate } from "../secrets/gitpod-certificate";
import type { GitpodSecret } from "../secrets/gitpod-secret";
import type { GitpodObjectStorage } from "../storage/gitpod-object-storage";
import type { GitpodRegistry } from "../storage/gitpod-registry";
import type { GitpodVersion } from "../version/gitpod-version";
import { checkInstallerDocument, installerDocument, secretsOf } from "./installer-document";
/**
 * Installation kind: the components of Gitpod to install.
 *
 * @see https://github.com/gitpod-io/gitpod/blob/2022.11.3/install/installer/pkg/config/v1/config.go
 */
export enum GitpodKind {
  /** All components. */
  FULL = "Full",
  /** All components but those that run workspaces. */
  META = "Meta",
  /** Components that run workspaces. */
  WORKSPACE = "Workspace",
  /** The IDEs. */
  IDE = "IDE",
  /** The web application. */
  WEB_APP = "WebApp",
}

/** Method that maps the user ids of a workspace's files. */
export enum FsShiftMethod {
  /** FUSE, on any kernel; 2022.11 only. */
  FUSE = "fuse",
  /** shiftfs, a module of Ubuntu's kernels. */
  SHIFTFS = "shiftfs",
}

/** Persistent volume claim of each workspace; 2022.11 only. */
export interface GitpodWorkspaceVolume {
  /** Size as a Kubernetes quantity, such as `30Gi`. */
  readonly size: string;
  /** Storage class of the volume. @default - the cluster's default */
  readonly storageClass?: string;
  /** Volume snapshot class. @default - the cluster's default */
  readonly snapshotClass?: string;
}

/** Resources, timeouts, volumes and container runtime of workspaces. */
export interface GitpodWorkspaces {
  /** CPU request of each workspace, as a Kubernetes quantity. @default - the installer's: 1000m */
  readonly cpu?: string;
  /** Memory request of each workspace, as a Kubernetes quantity. @default - the installer's: 2Gi */
  readonly memory?: string;
  /** Maximum lifetime of a workspace, as a duration such as `36h`. @default - the installer's: 36h */
  readonly maxLifetime?: string;
  /** Inactivity timeout of a workspace, as a duration. @default - Gitpod's: 30m */
  readonly timeout?: string;
  /** Extended inactivity timeout that users can choose, as a duration. @default - Gitpod's: 180m */
  readonly extendedTimeout?: string;
  /** Timeout after the IDE was closed, as a duration. @default - the inactivity timeout */
  readonly timeoutAfterClose?: string;
  /** Default workspace image. @default - Gitpod's `workspace-full` */
  readonly image?: string;
  /** Volume of each workspace; 2022.11 only. @default - the installer's: 30Gi */
  readonly volume?: GitpodWorkspaceVolume;
  /** Volume of each prebuild; 2022.11 only. @default - the installer's: 30Gi */
  readonly prebuildVolume?: GitpodWorkspaceVolume;
  /** Method that maps user ids. @default - the installer's: fuse in 2022.11, shiftfs at HEAD */
  readonly fsShiftMethod?: FsShiftMethod;
  /** Directory of containerd's tasks on the nodes. @default - the installer's, `/var/lib/containerd/io.containerd.runtime.v2.task/k8s.io` */
  readonly containerdRuntimeDirectory?: string;
  /** Socket of containerd on the nodes; at HEAD the directory of the socket. @default - the installer's, in `/run/containerd` */
  readonly containerdSocket?: string;
}

/** Properties of an `GitpodInstallerConfig` and of `KotsConfigValues`. */
export interface GitpodInstallerConfigProps {
  /**
   * Domain of Gitpod, without scheme; may be a token.
   *
   * @see https://github.com/gitpod-io/gitpod/blob/2022.11.3/install/installer/pkg/config/v1/config.go
   */
  readonly domain: string;
  /**
   * Database.
   *
   * @see https://github.com/gitpod-io/gitpod/blob/2022.11.3/install/installer/docs/overview.md#database
   */
  readonly database: GitpodDatabase;
  /**
   * Object storage of workspaces.
   *
   * @see https://github.com/gitpod-io/gitpod/blob/2022.11.3/install/installer/docs/overview.md#object-storage
   */
  readonly storage: GitpodObjectStorage;
  /**
   * Container registry of images.
   *
   * @see https://github.com/gitpod-io/gitpod/blob/2022.11.3/install/installer/docs/overview.md#container-registry
   */
  readonly registry: GitpodRegistry;
  /**
   * TLS certificate of the domain.
   *
   * @see https://github.com/gitpod-io/gitpod/blob/2022.11.3/install/installer/docs/overview.md#tls-certificates
   */
  readonly certificate: GitpodCertificate;
  /**
   * Gitpod version. @default - that of the database
   *
   * @see https://github.com/gitpod-io/gitpod/releases
   */
  readonly version?: GitpodVersion;
  /**
   * Region of the object store (`metadata.region`), as the cloud names it; may be a token. @default - from the store
   *
   * @see https://github.com/gitpod-io/gitpod/blob/2022.11.3/install/installer/pkg/config/v1/config.go
   */
  readonly region?: string;
  /**
   * Installation kind. @default GitpodKind.FULL
   *
   * @see https://github.com/gitpod-io/gitpod/blob/2022.11.3/install/installer/pkg/config/v1/config.go
   */
  readonly kind?: GitpodKind;
  /**
   * Short name of the installation (`metadata.shortname`). @default "default"
   *
   * @see https://github.com/gitpod-io/gitpod/blob/2022.11.3/install/installer/pkg/config/v1/config.go
   */
  readonly shortname?: string;
  /**
   * Registry of Gitpod's own images, preferably your mirror. @default - the installer's: Gitpod's build registry on gcr.io, which may be removed without notice
   *
   * @see https://github.com/gitpod-io/gitpod/blob/2022.11.3/install/installer/pkg/config/v1/config.go
   */
  readonly repository?: string;
  /**
   * Resources, timeouts and volumes of workspaces. @default - the installer's
   *
   * @see https://github.com/gitpod-io/gitpod/blob/2022.11.3/install/installer/pkg/config/v1/config.go
   */
  readonly workspaces?: GitpodWorkspaces;
  /**
   * Blob quota of each user, in bytes. @default - the installer's: 5 GiB
   *
   * @see https://github.com/gitpod-io/gitpod/blob/2022.11.3/install/installer/pkg/config/v1/config.go
   */
  readonly blobQuotaBytes?: number;
  /**
   * Hosts of registries whose private images are allowed as base images. @default - none
   *
   * @see https://github.com/gitpod-io/gitpod/blob/2022.11.3/install/installer/pkg/config/v1/config.go
   */
  readonly privateBaseImages?: string[];
  /**
   * Domains of e-mail addresses of users who may sign up; others are blocked. @default - all users may sign up
   *
   * @see https://github.com/gitpod-io/gitpod/blob/2022.11.3/install/installer/pkg/config/v1/config.go
   */
  readonly allowedUserDomains?: string[];
  /**
   * URL of the Open VSX registry of IDE extensions. @default - the installer's, open-vsx.org
   *
   * @see https://github.com/gitpod-io/gitpod/blob/2022.11.3/install/installer/pkg/config/v1/config.go
   */
  readonly openVsxUrl?: string;
  /**
   * Additional certificate authorities that Gitpod trusts, such as that of your certificate (`GitpodSecret.customCa`). @default - that of a self-signed certificate
   *
   * @see https://github.com/gitpod-io/gitpod/blob/2022.11.3/install/installer/pkg/config/v1/config.go
   */
  readonly customCa?: GitpodSecret;
  /**
   * License (`GitpodSecret.license`); 2022.11 only. @default - none
   *
   * @see https://github.com/gitpod-io/gitpod/blob/2022.11.3/install/installer/pkg/config/v1/config.go
   */
  readonly license?: GitpodSecret;
  /**
   * Host key of the SSH gateway (`GitpodSecret.sshHostKey`). @default - no SSH gateway
   *
   * @see https://github.com/gitpod-io/gitpod/blob/2022.11.3/install/installer/pkg/config/v1/config.go
   */
  readonly sshHostKey?: GitpodSecret;
  /**
   * Authentication providers (`GitpodSecret.authProvider`). @default - the first user sets one up
   *
   * @see https://github.com/gitpod-io/gitpod/blob/2022.11.3/install/installer/docs/overview.md#auth-providers
   */
  readonly authProviders?: GitpodSecret[];
  /**
   * HTTP proxy to the internet (`GitpodSecret.httpProxy`). @default - none
   *
   * @see https://github.com/gitpod-io/gitpod/blob/2022.11.3/install/installer/pkg/config/v1/config.go
   */
  readonly httpProxy?: GitpodSecret;
  /**
   * Registry logins for Gitpod's own images (`GitpodSecret.pullCredentials`). @default - none
   *
   * @see https://github.com/gitpod-io/gitpod/blob/2022.11.3/install/installer/pkg/config/v1/config.go
   */
  readonly imagePullSecrets?: GitpodSecret[];
  /**
   * Fields of the installer's configuration that have no property here, such as `components` and `experimental`.
   * @default - none
   * @see https://github.com/gitpod-io/gitpod/blob/2022.11.3/install/installer/pkg/config/v1/config.go
   */
  readonly values?: HelmValues;
  /**
   * Name of the config map, or of the secret for KOTS. @default "gitpod-installer-config", "gitpod-kots-config-values"
   *
   * @see https://kubernetes.io/docs/concepts/configuration/configmap/
   */
  readonly configName?: string;
  /**
   * Labels of the Kubernetes objects. @default - none
   *
   * @see https://kubernetes.io/docs/concepts/overview/working-with-objects/labels/
   */
  readonly labels?: { readonly [name: string]: string };
  /** Kubernetes provider. @default - the default provider of the stack */
  readonly kubernetesProvider?: TerraformProvider;
  /** Resources that must exist first, such as the namespace. @default - none */
  readonly dependsOn?: ITerraformDependable[];
}

/** Key of the configuration in its config map. */
export const INSTALLER_CONFIG_KEY = "config.yaml";

/**
 * Configuration of Gitpod's installer (v1) in a config map, validated with the installer's own rules. It refers to secrets and
 * contains none.
 *
 * The configuration does not select nodes: the installer requires nodes with the labels `gitpod.io/workload_meta`,
 * `workload_ide`, `workload_workspace_services`, `workload_workspace_regular` and `workload_workspace_headless`, each `true`,
 * with containerd and kernel 5.4 or later, cert-manager in the cluster, and a default storage class.
 *
 * @see https://github.com/gitpod-io/gitpod/blob/2022.11.3/install/installer/docs/overview.md
 *
 * @example
 * const config = new GitpodInstallerConfig(this, "config", {
 *   domain: "gitpod.example.com",
 *   database: gitpodDatabase,
 *   storage,
 *   registry,
 *   certificate,
 * });
 */
export class GitpodInstallerConfig extends Construct {
  /** Config map. */
  public readonly resource: ConfigMapV1;
  /** Name of the config map. */
  public readonly configMapName: string;
  /** Configuration as data; may contain tokens. */
  public readonly document: HelmValues;
  /** Configuration as YAML; as JSON, a subset of YAML, if it contains tokens. */
  public readonly yaml: string;
  /** Gitpod version. */
  public readonly version: GitpodVersion;
  /** Kubernetes namespace of Gitpod. */
  public readonly namespace: string;
  /** TLS certificate of the domain. */
  public readonly certificate: GitpodCertificate;
  /** Terraform expression that changes with the configuration and its secrets. It contains nothing secret. */
  public readonly fingerprint: string;
  /** Resources that must exist before Gitpod is installed: the config map, and all resources of the configuration. */
  public readonly dependables: ITerraformDependable[];

  public constructor(scope: Construct, id: string, props: GitpodInstallerConfigProps) {
    super(scope, id);
    requireProps(this.node.path, "GITPOD-INSTALLER", props, {
      domain: true,
      database: true,
      storage: true,
      registry: true,
      certificate: true,
    });
    const { database, storage, registry, certificate } = props;
    this.configMapName = props.configName ?? "gitpod-installer-config";
    this.version = props.version ?? database.version;
    this.namespace = database.namespace;
    this.certificate = certificate;
    const checks = new SynthChecks(this, "GITPOD-INSTALLER");
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

/** Document as text: YAML if it is known at synth, else JSON by Terraform, which is correct for every token. */
export function documentText(document: HelmValues): string {
  return isResolved(document) ? yamlText(document) : terraformCall("jsonencode", document);
}
