import { ConfigMapV1 } from "@cdktf/provider-kubernetes/lib/config-map-v1";
import type { ITerraformDependable, TerraformProvider } from "cdktf";
import { Construct } from "constructs";
import { stringify } from "yaml";
import { checkUniqueName, isResolved, SynthChecks, terraformCall } from "../../database/private";
import type { HelmValues } from "../../kubernetes";
import { checkObjectName, fingerprint } from "../../kubernetes/private";
import type { GitpodDatabase } from "../database/gitpod-database";
import type { GitpodCertificate } from "../secrets/gitpod-certificate";
import type { GitpodSecret } from "../secrets/gitpod-secret";
import type { GitpodObjectStorage } from "../storage/gitpod-object-storage";
import type { GitpodRegistry } from "../storage/gitpod-registry";
import type { GitpodVersion } from "../version/gitpod-version";
import { checkInstallerDocument, installerDocument, secretsOf } from "./installer-document";
/** Which parts of Gitpod are installed. */
export enum GitpodKind {
  /** Everything. */
  FULL = "Full",
  /** All but what runs workspaces. */
  META = "Meta",
  /** What runs workspaces. */
  WORKSPACE = "Workspace",
  /** The IDEs. */
  IDE = "IDE",
  /** The web application. */
  WEB_APP = "WebApp",
}

/** How the user ids of a workspace's files are mapped. */
export enum FsShiftMethod {
  /** FUSE, on any kernel; 2022.11 only. */
  FUSE = "fuse",
  /** shiftfs, a module of Ubuntu's kernels. */
  SHIFTFS = "shiftfs",
}

/** A volume of each workspace; 2022.11 only. */
export interface GitpodWorkspaceVolume {
  /** Its size as a quantity, such as `30Gi`. */
  readonly size: string;
  /** The class of the volume. @default - the cluster's */
  readonly storageClass?: string;
  /** The class of its snapshots. @default - the cluster's */
  readonly snapshotClass?: string;
}

/** What workspaces get, and where. */
export interface GitpodWorkspaces {
  /** The CPU that each asks for, as a quantity. @default - the installer's: 1000m */
  readonly cpu?: string;
  /** The memory that each asks for, as a quantity. @default - the installer's: 2Gi */
  readonly memory?: string;
  /** The longest that one runs, as a duration such as `36h`. @default - the installer's: 36h */
  readonly maxLifetime?: string;
  /** After how long without activity one stops, as a duration. @default - Gitpod's: 30m */
  readonly timeout?: string;
  /** The longer time that users may choose for one, as a duration. @default - Gitpod's: 180m */
  readonly extendedTimeout?: string;
  /** After how long one stops whose IDE was closed, as a duration. @default - the usual timeout */
  readonly timeoutAfterClose?: string;
  /** The image of workspaces that name none. @default - Gitpod's `workspace-full` */
  readonly image?: string;
  /** The volume of each workspace; 2022.11 only. @default - the installer's: 30Gi */
  readonly volume?: GitpodWorkspaceVolume;
  /** The volume of each prebuild; 2022.11 only. @default - the installer's: 30Gi */
  readonly prebuildVolume?: GitpodWorkspaceVolume;
  /** How user ids are mapped. @default - the installer's: fuse in 2022.11, shiftfs at HEAD */
  readonly fsShiftMethod?: FsShiftMethod;
  /** The directory of containerd's tasks on the nodes. @default - the installer's, `/var/lib/containerd/io.containerd.runtime.v2.task/k8s.io` */
  readonly containerdRuntimeDirectory?: string;
  /** containerd's socket on the nodes; at HEAD the socket's directory. @default - the installer's, in `/run/containerd` */
  readonly containerdSocket?: string;
}

/** Properties of an `GitpodInstallerConfig` and of `KotsConfigValues`. */
export interface GitpodInstallerConfigProps {
  /** The domain at which users reach Gitpod, without scheme; may be a token. */
  readonly domain: string;
  /** The database. */
  readonly database: GitpodDatabase;
  /** Where workspaces are kept. */
  readonly storage: GitpodObjectStorage;
  /** Where images are kept. */
  readonly registry: GitpodRegistry;
  /** The certificate of the domain. */
  readonly certificate: GitpodCertificate;
  /** The version of Gitpod. @default - the database's */
  readonly version?: GitpodVersion;
  /** The region of the store, in the cloud's words; may be a token. @default - the store's own */
  readonly region?: string;
  /** Which parts of Gitpod are installed. @default GitpodKind.FULL */
  readonly kind?: GitpodKind;
  /** The short name of the installation among several. @default "default" */
  readonly shortname?: string;
  /** Where Gitpod's own images are; best a registry of yours that mirrors them. @default - the installer's: Gitpod's build registry on gcr.io, which nobody promises to keep */
  readonly repository?: string;
  /** What workspaces get. @default - the installer's defaults */
  readonly workspaces?: GitpodWorkspaces;
  /** The most bytes of a user's uploads. @default - the installer's: 5 GiB */
  readonly blobQuotaBytes?: number;
  /** Hosts of registries whose private images may be the base of workspaces. @default - none */
  readonly privateBaseImages?: string[];
  /** Domains of e-mail addresses whose users may join; all others are turned away. @default - everybody may */
  readonly allowedUserDomains?: string[];
  /** The registry of IDE extensions, as a URL. @default - the installer's, open-vsx.org */
  readonly openVsxUrl?: string;
  /** Further authorities that Gitpod trusts, such as those of your own certificate (`GitpodSecret.customCa`). @default - the one of a self-signed certificate */
  readonly customCa?: GitpodSecret;
  /** The licence (`GitpodSecret.license`); 2022.11 only. @default - none */
  readonly license?: GitpodSecret;
  /** The SSH gateway's host key (`GitpodSecret.sshHostKey`). @default - no SSH gateway */
  readonly sshHostKey?: GitpodSecret;
  /** Where users log in (`GitpodSecret.authProvider`). @default - the first user sets one up */
  readonly authProviders?: GitpodSecret[];
  /** The proxy to the internet (`GitpodSecret.httpProxy`). @default - none */
  readonly httpProxy?: GitpodSecret;
  /** Logins for Gitpod's own images (`GitpodSecret.pullCredentials`). @default - none */
  readonly imagePullSecrets?: GitpodSecret[];
  /** Fields of the installer's configuration that have no property here, such as `components` and `experimental`. @default - none */
  readonly extra?: HelmValues;
  /** The name of the config map, or with KOTS of the secret. @default "gitpod-installer-config", "gitpod-kots-config-values" */
  readonly configName?: string;
  /** Labels. @default - none */
  readonly labels?: { readonly [name: string]: string };
  /** The Kubernetes provider. @default - the stack's only one */
  readonly kubernetesProvider?: TerraformProvider;
  /** What has to exist first, such as the namespace. @default - nothing */
  readonly dependsOn?: ITerraformDependable[];
}

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
 * const config = new GitpodInstallerConfig(this, "config", {
 *   domain: "gitpod.example.com",
 *   database: gitpodDatabase,
 *   storage,
 *   registry,
 *   certificate,
 * });
 */
export class GitpodInstallerConfig extends Construct {
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

  public constructor(scope: Construct, id: string, props: GitpodInstallerConfigProps) {
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
