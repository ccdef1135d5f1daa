import { ServiceAccountV1 } from "@cdktf/provider-kubernetes/lib/service-account-v1";
import type { ITerraformDependable } from "cdktf";
import { Construct } from "constructs";
import type { IWorkloadIdentity } from "../../database";
import { requireProps } from "../../database/private";
import type { ApplicationMetrics, IMonitoredApplication } from "../../kubernetes";
import { type CaSecret, type DatabaseSecret, HelmRelease, KubernetesNamespace } from "../../kubernetes";
import type { ApplicationRecovery, IRecoverable } from "../../recovery";
import type { DatabaseObjects } from "../../sql";
import { GitlabBackupCoverage } from "../planning/gitlab-backup-coverage";
import { GitlabVersion } from "../planning/gitlab-version";
import { gitlabRecovery } from "../recovery/gitlab-recovery";
import {
  DatabaseTopology,
  type GitlabDatabases,
  type IDatabaseTopology,
} from "../topology/database-topology";
import { setUpDatabases } from "./database-setup";
import { gitlabMetrics } from "./gitlab-metrics";
import { checkGitlabRelease } from "./gitlab-release-checks";
import type { GitlabReleaseProps, ResolvedReleaseProps } from "./gitlab-release-props";
import { addConnectionConsumers, resolvePods } from "./release-pods";
import { ReleaseSecrets, releaseNames } from "./release-secrets";
import { libpqEnvironment } from "./release-tls";
import {
  type ReleaseValuesInput,
  releaseDefaults,
  releaseRequired,
  withoutAuthorities,
} from "./release-values";

const REPOSITORY = "https://charts.gitlab.io/";
const TIMEOUT_SECONDS = 3_600;

/**
 * GitLab in Kubernetes on external databases and object storage, installed by the Helm chart `gitlab`. It creates the secrets,
 * the certificate authorities, the service accounts and, where the servers leave that to SQL, databases, logins and extensions.
 *
 * Git repositories are on volumes of Gitaly in the cluster unless `values` say otherwise; back them up together with the databases.
 *
 * @see https://docs.gitlab.com/charts/
 *
 * @example
 * new GitlabRelease(this, "gitlab", {
 *   databases: {
 *     main: server.database("gitlabhq_production", { ownerName: "gitlab" }),
 *     registry: server.database("registry"),
 *   },
 *   domain: "example.com",
 *   chartVersion: "9.5.2",
 *   objectStorage: storage,
 *   redis,
 *   secrets,
 *   certificateEmail: "platform@example.com",
 *   size: GitlabSize.S,
 * });
 */
export class GitlabRelease extends Construct implements IRecoverable, IMonitoredApplication {
  /** The Helm release. */
  public readonly release: HelmRelease;
  /** Topology of the databases. */
  public readonly topology: IDatabaseTopology;
  /** SQL objects that create databases, logins and extensions; empty if no server leaves that to SQL. */
  public readonly databaseObjects: DatabaseObjects[];
  /** The namespace; not set if it is not created here. */
  public readonly namespace?: KubernetesNamespace;
  /** Secret with a password for each logical database of Rails. */
  public readonly databaseSecret: DatabaseSecret;
  /** Certificate authorities of the database servers; not set if public authorities sign all of them. */
  public readonly caSecret?: CaSecret;
  /** Secret with the keys of Rails; not set if it exists already or the chart generates it. */
  public readonly railsSecret?: DatabaseSecret;
  /** Service accounts of the identities: that of Rails, and that of the registry if it differs. */
  public readonly serviceAccounts: ServiceAccountV1[];
  /** Coverage of the databases by GitLab's backup. */
  public readonly backupCoverage: GitlabBackupCoverage;
  /** Resources that must exist before GitLab is used. */
  public readonly dependables: ITerraformDependable[];
  /** Data of GitLab and the steps of its restore, for a `RecoveryPlan`. */
  public readonly recovery: ApplicationRecovery;
  private readonly names: { readonly namespace: string; readonly releaseName: string };

  public constructor(scope: Construct, id: string, given: GitlabReleaseProps) {
    super(scope, id);
    requireProps(this.node.path, "GITLAB-CHART", given, {
      domain: true,
      chartVersion: true,
      objectStorage: true,
      redis: true,
    });
    this.topology = this.resolveTopology(given);
    const props: ResolvedReleaseProps = { ...given, topology: this.topology };
    const { topology, objectStorage, kubernetesProvider: provider } = props;
    const releaseName = props.releaseName ?? "gitlab";
    const namespace = props.namespace ?? "gitlab";
    this.names = { namespace, releaseName };
    const names = releaseNames(releaseName);
    const checks = checkGitlabRelease(this, props, namespace);

    const before = [...(props.dependsOn ?? [])];
    if (props.createNamespace ?? true) {
      this.namespace = new KubernetesNamespace(this, "Namespace", {
        namespaceName: namespace,
        deletionPolicy: props.namespaceDeletionPolicy,
        provider,
        dependsOn: [...before],
      });
      before.push(...this.namespace.dependables);
    }
    this.databaseObjects = setUpDatabases(this, checks, namespace, props);
    const made = this.databaseObjects.flatMap((objects) => objects.dependables);
    const secrets = new ReleaseSecrets(this, props, {
      names,
      namespace,
      dependsOn: before,
      passwordsSetBy: made,
    });
    this.databaseSecret = secrets.databaseSecret;
    this.caSecret = secrets.caSecret;
    this.railsSecret = secrets.railsSecret;
    const storage = objectStorage.grant();
    this.serviceAccounts = this.makeServiceAccounts(props, namespace, before);

    const pods = resolvePods(props);
    addConnectionConsumers(this.node.path, pods, props);
    this.backupCoverage = new GitlabBackupCoverage(topology);
    for (const { name, isCovered, remark } of this.backupCoverage.databases) {
      if (!isCovered) checks.note(`backup: database of ${name}: ${remark}`, "backup.coverage");
    }

    const { checkedLikeRails } = secrets;
    const unique = <T>(list: T[]): T[] => [...new Set(list)];
    const input: ReleaseValuesInput = {
      props,
      names,
      pods,
      chartMajor: GitlabVersion.ofChart(props.chartVersion).chartMajor,
      pooled: libpqEnvironment(
        checks,
        unique([...topology.rails.map((e) => e.database.server), ...checkedLikeRails]),
      ),
      direct: libpqEnvironment(
        checks,
        unique([...topology.rails.map((e) => e.direct.server), ...checkedLikeRails]),
      ),
      mutualTls: secrets.railsClientCertificate !== undefined,
      ownAuthorities: this.caSecret !== undefined,
      checksum: secrets.fingerprint,
    };
    this.release = new HelmRelease(this, "Release", {
      chart: "gitlab",
      repository: props.repository ?? REPOSITORY,
      chartVersion: props.chartVersion,
      namespace,
      createNamespace: false,
      releaseName,
      timeoutSeconds: props.timeoutSeconds ?? TIMEOUT_SECONDS,
      defaults: releaseDefaults(input),
      values: this.caSecret ? withoutAuthorities(props.values) : props.values,
      required: releaseRequired(input),
      preconditions: preconditionsOf(topology),
      helmProvider: props.helmProvider,
      kubernetesProvider: provider,
      dependsOn: [
        ...before,
        ...topology.dependables,
        // The caller may have listed them in dependsOn as well.
        ...made.filter((each) => !before.includes(each)),
        ...storage,
        ...this.serviceAccounts,
        ...secrets.dependables,
      ],
    });
    this.dependables = [...this.release.dependables];
    this.recovery = gitlabRecovery({
      topology,
      stores: objectStorage.stores,
      namespace,
      releaseName,
      domain: props.domain,
      backupCron: props.backups?.cron,
      ownValues: props.values !== undefined && "gitlab" in props.values,
      keyProtections: props.secrets?.protections,
      keySecretName: names.railsKeys,
    });
  }

  /**
   * Alerts and charts of the connection pools of Puma and Sidekiq, for `ApplicationMonitoring`. Their exporters are on by default.
   *
   * @see https://docs.gitlab.com/administration/monitoring/prometheus/gitlab_metrics/
   */
  public metrics(): ApplicationMetrics {
    return gitlabMetrics(this.names.namespace, this.names.releaseName);
  }

  private resolveTopology({ databases, topology, chartVersion }: GitlabReleaseProps): IDatabaseTopology {
    if ((databases === undefined) === (topology === undefined)) {
      const seen = databases ? "both" : "not set";
      throw new Error(
        `[${this.node.path}] GITLAB-CHART-DATABASES: either databases or topology must be set (got ${seen})`,
      );
    }
    return (
      topology ??
      new DatabaseTopology(this, "Topology", {
        ...(databases as GitlabDatabases),
        version: GitlabVersion.ofChart(chartVersion),
      })
    );
  }

  /** Created here and not by the chart, since several of its subcharts share one. */
  private makeServiceAccounts(
    { objectStorage, kubernetesProvider: provider }: GitlabReleaseProps,
    namespace: string,
    dependsOn: readonly ITerraformDependable[],
  ): ServiceAccountV1[] {
    const { identity, registryIdentity, registryIsApart } = objectStorage;
    const make = (id: string, { serviceAccountName, serviceAccountAnnotations }: IWorkloadIdentity) =>
      new ServiceAccountV1(this, id, {
        metadata: { name: serviceAccountName, namespace, annotations: { ...serviceAccountAnnotations } },
        // The clouds project a token for their identity; none of Kubernetes is needed.
        automountServiceAccountToken: false,
        provider,
        dependsOn: [...dependsOn],
      });
    return [
      ...(identity ? [make("ServiceAccount", identity)] : []),
      ...(registryIdentity && registryIsApart ? [make("RegistryServiceAccount", registryIdentity)] : []),
    ];
  }
}

function preconditionsOf(topology: IDatabaseTopology) {
  const servers = new Set(topology.entries.flatMap((e) => [e.database.server, e.direct.server]));
  return [
    ...topology.preconditions(),
    ...[...servers].flatMap((server) => server.connectionBudget.preconditions()),
  ];
}
