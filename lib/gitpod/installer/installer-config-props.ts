import type { ITerraformDependable, TerraformProvider } from "cdktf";
import type { HelmValues } from "../../kubernetes";
import type { GitpodDatabase } from "../database/gitpod-database";
import type { GitpodVersion } from "../gitpod-version";
import type { GitpodCertificate } from "../secrets/gitpod-certificate";
import type { GitpodSecret } from "../secrets/gitpod-secret";
import type { GitpodObjectStorage } from "../storage/gitpod-object-storage";
import type { GitpodRegistry } from "../storage/gitpod-registry";

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

/** Properties of an `InstallerConfig` and of `KotsConfigValues`. */
export interface InstallerConfigProps {
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
