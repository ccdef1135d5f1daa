import type { ITerraformDependable, TerraformProvider } from "cdktf";
import { Construct } from "constructs";
import {
  type DeletionPolicy,
  type IWorkloadIdentity,
  type Protection,
  type RecoveryKey,
  SecretValue,
  TerraformData,
} from "../../database";
import { requireProps, SynthChecks, terraformCall } from "../../database/private";
import type { ApplicationMetrics, IMonitoredApplication } from "../../kubernetes";
import {
  DatabaseSecret,
  HelmRelease,
  type HelmValues,
  KubernetesNamespace,
  PodSecurity,
  SecretEntry,
} from "../../kubernetes";
import type { IObjectStore, ObjectStoreKey } from "../../storage";
import { DEFAULT_CHART_VERSION, VELERO_REPOSITORY } from "./data/velero-versions";
import { veleroAccess } from "./velero-access";
import { checkVelero, checkVeleroVersions, lineOf } from "./velero-checks";
import { DEFAULT_LOCATION, type VeleroLocation } from "./velero-location";
import { veleroMetrics } from "./velero-metrics";
import { scheduleProtection } from "./velero-protection";
import {
  DEFAULT_RETENTION_DAYS,
  type ReadSchedule,
  readSchedules,
  type VeleroSchedule,
} from "./velero-schedule";
import { defaultValues, requiredValues } from "./velero-values";

/** Properties of a `Velero`. */
export interface VeleroProps {
  /**
   * Object store of the default location, for backups only.
   *
   * @see https://velero.io/docs/v1.18/api-types/backupstoragelocation/
   */
  readonly store: IObjectStore;
  /**
   * Identity of the service account `serviceAccountName` in `namespace`, of the store's cloud. It gets access to the stores and to nothing
   * else. @default - none; required unless the store is self-managed
   */
  readonly identity?: IWorkloadIdentity;
  /** Access key of a self-managed store, which knows no identities. @default - none; refused where the cloud has identities */
  readonly key?: ObjectStoreKey;
  /**
   * Password of the backup repositories: a generated secret of the cloud's secret store that is protected from deletion
   * (`GeneratedSecret` with `protect: true`). Velero uses a published password otherwise. It must never change: without it no file-system
   * backup can be read, and a rebuilt cluster needs the same one.
   *
   * @see https://velero.io/docs/v1.18/file-system-backup/
   */
  readonly repositoryPassword: SecretValue;
  /** Name and place of the password in the secret store, for the runbook. */
  readonly repositoryKey: RecoveryKey;
  /** Schedules by name. Backups are named `<release>-<name>-<time>`. @default - none; backups are started by hand or by KOTS */
  readonly schedules?: { readonly [name: string]: VeleroSchedule };
  /** Prefix of all objects of the default location, without slashes at its ends. @default - none */
  readonly prefix?: string;
  /** Further locations by name. @default - none */
  readonly locations?: { readonly [name: string]: VeleroLocation };
  /**
   * Prepares a restore: all locations are read-only and all schedules paused, so that nothing is written and nothing expires. Set it on a
   * rebuilt cluster before the restore, and remove it afterwards. @default false
   *
   * @see https://velero.io/docs/v1.18/disaster-case/
   */
  readonly restoreOnly?: boolean;
  /**
   * Binds Velero to the role `cluster-admin`. Needed to restore objects without a namespace, such as ClusterRoles. @default false; Velero
   * lists everything, and changes objects in the namespaces of the schedules and of `namespaces` only
   *
   * @see https://velero.io/docs/v1.18/rbac-restrictions/
   */
  readonly clusterAdministrator?: boolean;
  /** Namespaces that Velero may back up and restore beside those of the schedules; they must exist. @default - none */
  readonly namespaces?: string[];
  /**
   * Runs the node agent, which backs up volumes, as root on each node. @default true
   *
   * @see https://velero.io/docs/v1.18/file-system-backup/
   */
  readonly nodeAgent?: boolean;
  /**
   * Tolerations of the node agent. Volumes of pods on nodes with other taints are not backed up. @default - none
   *
   * @see https://kubernetes.io/docs/concepts/scheduling-eviction/taint-and-toleration/
   */
  readonly nodeAgentTolerations?: HelmValues[];
  /** Namespace of Velero, of no other application. @default "velero" */
  readonly namespace?: string;
  /** Creates the namespace, with the Pod Security Standard `privileged`, which the node agent needs. @default true */
  readonly createNamespace?: boolean;
  /** Deletion policy of the created namespace. @default DeletionPolicy.RETAIN */
  readonly namespaceDeletionPolicy?: DeletionPolicy;
  /** Allows the loss of the password, and with it of all file-system backups, for clusters whose backups are not needed. @default false */
  readonly acceptLostBackups?: boolean;
  /** Name of the service account of server and node agent. @default "velero" */
  readonly serviceAccountName?: string;
  /** Name of the Helm release. @default "velero" */
  readonly releaseName?: string;
  /** Exact version of the chart. @default "12.1.0" */
  readonly chartVersion?: string;
  /** Version of the plugin, of the line that fits the chart's Velero. @default - the newest known version of that line */
  readonly pluginVersion?: string;
  /** Version of Velero, of the chart's line: a patch that the chart does not install yet. @default - that of the chart */
  readonly serverVersion?: string;
  /**
   * Sets the definitions of the cluster (CRDs) to those of the chart's Velero, at each upgrade. False where another Velero of the cluster, of
   * the same line or a newer one, owns them: the chart then creates those that are missing only. @default true
   *
   * @see https://github.com/vmware-tanzu/helm-charts/tree/velero-12.1.0/charts/velero
   */
  readonly upgradeCRDs?: boolean;
  /** Further values of the chart. @default - none */
  readonly values?: HelmValues;
  /** Helm provider. @default - the stack's only Helm provider */
  readonly helmProvider?: TerraformProvider;
  /** Kubernetes provider. @default - the stack's only Kubernetes provider */
  readonly kubernetesProvider?: TerraformProvider;
  /** Resources that must exist before Velero, such as the namespaces that it backs up. @default - none */
  readonly dependsOn?: ITerraformDependable[];
}

const REPOSITORY_SECRET = "velero-repo-credentials";
const KEY_SECRET = "velero-object-store";

/**
 * Velero in a separate namespace: backups of Kubernetes objects, and of volumes by kopia, in an object store, by an identity with access to
 * that store only. The password of the repositories exists before the first backup.
 *
 * A location that cannot reach its store does not fail the release, since Helm waits for no phase: check that
 * `kubectl get backupstoragelocations -n velero` shows `Available`. Volume snapshots are disabled.
 *
 * @see https://velero.io/docs/v1.18/
 * @see https://github.com/vmware-tanzu/helm-charts/tree/velero-12.1.0/charts/velero
 *
 * @example
 * const velero = new Velero(this, "velero", {
 *   store,
 *   identity,
 *   repositoryPassword,
 *   repositoryKey: { name: "velero-repository", location: "AWS Secrets Manager, eu-central-1" },
 *   schedules: { coder: { cron: "0 1 * * *", namespaces: ["coder"] } },
 * });
 */
export class Velero extends Construct implements IMonitoredApplication {
  /** Default namespace, which the trust of the identity names. */
  public static readonly NAMESPACE = "velero";
  /** Default service account, which the trust of the identity names. The chart's hook that upgrades definitions has another one. */
  public static readonly SERVICE_ACCOUNT = "velero";

  /** Default retention of backups in days, that of Velero. */
  public static readonly RETENTION_DAYS = DEFAULT_RETENTION_DAYS;

  /** Helm release. */
  public readonly release: HelmRelease;
  /** Created namespace; not set without `createNamespace`. */
  public readonly createdNamespace?: KubernetesNamespace;
  /** Namespace of Velero. */
  public readonly namespace: string;
  /** Name of the service account of server and node agent. */
  public readonly serviceAccountName: string;
  /** Secret with the password of the repositories. */
  public readonly repositorySecret: DatabaseSecret;
  /** Line of Velero that the chart installs, such as `1.18`; not set for a chart version that is not known at synth. */
  public readonly veleroLine?: string;
  /** Names of the schedules as the chart creates them, by name in `schedules`. */
  public readonly scheduleNames: { readonly [name: string]: string };
  /** Names of the locations. */
  public readonly locationNames: string[];
  /** Kubernetes provider. @default - the stack's only Kubernetes provider */
  public readonly kubernetesProvider?: TerraformProvider;
  /** Resources that must exist before a backup is made. */
  public readonly dependables: ITerraformDependable[];
  private readonly props: VeleroProps;
  private readonly schedules: Map<string, ReadSchedule>;

  public constructor(scope: Construct, id: string, props: VeleroProps) {
    super(scope, id);
    requireProps(this.node.path, "VELERO", props, {
      store: true,
      repositoryPassword: true,
      repositoryKey: true,
    });
    this.props = props;
    this.namespace = props.namespace ?? Velero.NAMESPACE;
    this.serviceAccountName = props.serviceAccountName ?? Velero.SERVICE_ACCOUNT;
    this.kubernetesProvider = props.kubernetesProvider;
    const { store, identity } = props;
    const releaseName = props.releaseName ?? "velero";
    // As the chart's helper velero.fullname names its objects.
    const fullName = releaseName.includes("velero") ? releaseName : `${releaseName}-velero`;
    const chartVersion = props.chartVersion ?? DEFAULT_CHART_VERSION;
    const checks = new SynthChecks(this, "VELERO");
    this.schedules = readSchedules(
      checks,
      props.schedules ?? {},
      fullName,
      this.namespace,
      Object.keys(props.locations ?? {}),
    );
    const pluginVersion = checkVeleroVersions(checks, props, chartVersion);
    this.veleroLine = lineOf(chartVersion)?.velero;
    checkVelero(this, checks, props, {
      namespace: this.namespace,
      serviceAccountName: this.serviceAccountName,
      fullName,
    });
    this.scheduleNames = Object.fromEntries(
      [...this.schedules.keys()].map((key) => [key, `${fullName}-${key}`]),
    );
    const locations = new Map<string, VeleroLocation>([
      [DEFAULT_LOCATION, { store, prefix: props.prefix }],
      ...Object.entries(props.locations ?? {}),
    ]);
    this.locationNames = [...locations.keys()];

    if (props.createNamespace ?? true) {
      this.createdNamespace = new KubernetesNamespace(this, "Namespace", {
        namespaceName: this.namespace,
        podSecurity: PodSecurity.PRIVILEGED,
        deletionPolicy: props.namespaceDeletionPolicy,
        provider: props.kubernetesProvider,
      });
    }
    const inNamespace = this.createdNamespace?.dependables ?? [];
    const guard = new TerraformData(this, "RepositoryPassword", {
      triggersReplace: { version: props.repositoryPassword.version },
      lifecycle: props.acceptLostBackups ? undefined : { preventDestroy: true },
    });
    this.repositorySecret = new DatabaseSecret(this, "Repository", {
      namespace: this.namespace,
      secretName: REPOSITORY_SECRET,
      entries: [SecretEntry.secret("repository-password", props.repositoryPassword)],
      provider: props.kubernetesProvider,
      dependsOn: [guard, ...inNamespace],
    });
    const keySecret = props.key && this.keySecret(props.key, inNamespace);
    const access = props.clusterAdministrator
      ? []
      : veleroAccess(this, {
          name: `${fullName}-backups`,
          namespace: this.namespace,
          serviceAccountName: this.serviceAccountName,
          namespaces: this.backedUpNamespaces,
          provider: props.kubernetesProvider,
          dependsOn: props.dependsOn,
        });
    const stores = [...new Set([...locations.values()].map((location) => location.store))];
    const grants = identity
      ? stores.flatMap((each) =>
          [
            each.grantReadWrite(identity),
            each.grantSignUrls(identity),
            // The plugin sets the tags of each object, an empty list too (object_store.go of velero-plugin-for-aws v1.14.2).
            each.grantTagObjects?.(identity),
          ].flatMap((grant) => grant?.dependables ?? []),
        )
      : [];
    const nodeAgent = this.runsNodeAgent;
    this.release = new HelmRelease(this, "Release", {
      chart: "velero",
      repository: VELERO_REPOSITORY,
      chartVersion,
      namespace: this.namespace,
      createNamespace: false,
      releaseName,
      defaults: defaultValues({ nodeAgent }),
      values: props.values,
      required: requiredValues({
        serviceAccountName: this.serviceAccountName,
        identity,
        locations,
        store,
        schedules: new Map([...this.schedules].map(([key, { schedule }]) => [key, schedule])),
        pluginVersion,
        serverVersion: props.serverVersion,
        nodeAgent,
        nodeAgentTolerations: props.nodeAgentTolerations,
        restoreOnly: props.restoreOnly ?? false,
        clusterAdministrator: props.clusterAdministrator ?? false,
        keySecretName: keySecret?.secretName,
        upgradeCRDs: props.upgradeCRDs ?? true,
      }),
      helmProvider: props.helmProvider,
      kubernetesProvider: props.kubernetesProvider,
      dependsOn: [
        ...inNamespace,
        ...this.repositorySecret.dependables,
        ...(keySecret?.dependables ?? []),
        ...access,
        ...stores.flatMap((each) => each.dependables),
        ...(identity?.dependables ?? []),
        ...grants,
        ...(props.dependsOn ?? []),
      ],
    });
    this.dependables = this.release.dependables;
  }

  /**
   * Backups of a schedule as a mechanism of protection, for a `RecoveryPlan`.
   *
   * @param schedule name of the schedule. @default - the first
   * @throws Error if there is no schedule of this name.
   */
  public protection(schedule?: string): Protection {
    const key = schedule ?? [...this.schedules.keys()][0];
    const read = key === undefined ? undefined : this.schedules.get(key);
    if (key === undefined || read === undefined) {
      throw new Error(
        `[${this.node.path}] VELERO-PROTECTION: schedule must be one of ${[...this.schedules.keys()].join(", ") || "schedules, which is empty"} (got ${schedule ?? "not set"})`,
      );
    }
    const { props } = this;
    const name = read.schedule.location ?? DEFAULT_LOCATION;
    return scheduleProtection({
      schedule: read,
      scheduleName: this.scheduleNames[key] as string,
      namespace: this.namespace,
      location: name,
      store: name === DEFAULT_LOCATION ? props.store : (props.locations?.[name]?.store ?? props.store),
      key: props.repositoryKey,
      nodeAgent: this.runsNodeAgent,
    });
  }

  /**
   * Alerts and charts of the schedules that are not paused, for `ApplicationMonitoring`.
   *
   * @see https://velero.io/docs/v1.18/
   */
  public metrics(): ApplicationMetrics {
    const running = [...this.schedules].filter(
      ([, { schedule }]) => !schedule.paused && !this.props.restoreOnly,
    );
    return veleroMetrics(
      this.namespace,
      running.map(([key, { cron }]) => ({
        name: this.scheduleNames[key] as string,
        gapMinutes: cron?.longestGapMinutes,
      })),
    );
  }

  /** Name and place of the password of the repositories, for runbooks. */
  public get repositoryKey(): RecoveryKey {
    return this.props.repositoryKey;
  }

  /** True if the node agents run, which back up and restore volumes. */
  public get runsNodeAgent(): boolean {
    return this.props.nodeAgent ?? true;
  }

  /** Object store of the default location. */
  public get store(): IObjectStore {
    return this.props.store;
  }

  /** Namespaces that Velero may back up and restore, unless it is a cluster administrator. */
  public get backedUpNamespaces(): string[] {
    const scheduled = [...this.schedules.values()].flatMap(({ schedule }) => schedule.namespaces);
    return [...new Set([...scheduled, ...(this.props.namespaces ?? [])])];
  }

  private keySecret(key: ObjectStoreKey, dependsOn: ITerraformDependable[]): DatabaseSecret {
    const text = "[default]\naws_access_key_id=%s\naws_secret_access_key=%s\n";
    const file = SecretValue.fromEphemeral(
      terraformCall("format", text, key.name ?? "", terraformCall("trimspace", key.secret.writeOnly())),
      key.secret,
    );
    return new DatabaseSecret(this, "Key", {
      namespace: this.namespace,
      secretName: KEY_SECRET,
      // The key's id in the fingerprint: a new pair under the same version is written too.
      entries: [SecretEntry.secret("cloud", file, key.name)],
      provider: this.props.kubernetesProvider,
      dependsOn,
    });
  }
}
