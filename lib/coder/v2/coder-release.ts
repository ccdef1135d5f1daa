import type { ITerraformDependable } from "cdktf";
import { Construct } from "constructs";
import { type ConnectionConsumer, EngineFamily, type SupportedEngine } from "../../database";
import { requireProps } from "../../database/private";
import type { ApplicationMetrics, IMonitoredApplication } from "../../kubernetes";
import { type CaSecret, type DatabaseSecret, HelmRelease, KubernetesNamespace } from "../../kubernetes";
import { fingerprint } from "../../kubernetes/private";
import type { ApplicationRecovery, IRecoverable } from "../../recovery";
import type { DatabaseObjects } from "../../sql";
import { OLDEST_POSTGRES } from "../data/chart-versions";
import { databaseAccess } from "../database/database-access";
import { regionConditions } from "../database/database-checks";
import { setUpDatabase } from "../database/database-setup";
import { coderEnvironment } from "./coder-environment";
import { type CoderMetricsInput, coderMetrics } from "./coder-metrics";
import { CoderProvisionerKey, CoderProvisioners } from "./coder-provisioners";
import { coderRecovery } from "./coder-recovery";
import { checkCoderRelease } from "./coder-release-checks";
import type { CoderReleaseProps } from "./coder-release-props";
import { coderSecrets } from "./coder-secrets";
import { type CoderValuesInput, coderDefaults, coderRequired, withoutJoinedLists } from "./coder-values";

/** Default database pool of a Coder replica: the default of `CODER_PG_CONN_MAX_OPEN`, and the fixed size in older versions. */
const DEFAULT_POOL = 10;

const REPOSITORY = "https://helm.coder.com/v2";

/**
 * Coder v2 with an external PostgreSQL database. Creates the Helm release, the secrets with the connection URL and the
 * certificate authorities, and the database itself where its server leaves that to SQL, in dependency order.
 *
 * Templates should start workspaces in another namespace: a user who can start pods in this namespace can mount Coder's secrets.
 *
 * An upgrade migrates the database under locks that block the other replicas: scale down to one replica before a new
 * minor version. The only way back is to restore the database.
 *
 * @see https://coder.com/docs/install/kubernetes
 * @see https://coder.com/docs/install/upgrade
 *
 * @example
 * new CoderRelease(this, "coder", {
 *   database: server.database("coder"),
 *   accessUrl: "https://coder.example.com",
 *   chartVersion: "2.33.6",
 *   size: CoderSize.UP_TO_1K,
 * });
 */
export class CoderRelease extends Construct implements IRecoverable, IMonitoredApplication {
  /** Helm release. */
  public readonly release: HelmRelease;
  /** Namespace; not set if it is not created here. */
  public readonly namespace?: KubernetesNamespace;
  /** Secret that holds the connection URL. */
  public readonly databaseSecret: DatabaseSecret;
  /** Secret that holds the server's certificate authorities; not set if public ones sign its certificate. */
  public readonly caSecret?: CaSecret;
  /** Secret that holds the client certificate; not set if the server requires none. */
  public readonly clientSecret?: DatabaseSecret;
  /** Secret that holds the values of `EnvironmentVariable.fromSecretValue`; not set without such values. */
  public readonly environmentSecret?: DatabaseSecret;
  /** Secret that holds the pre-shared key of the provisioners; not set without a pre-shared key. */
  public readonly provisionerSecret?: DatabaseSecret;
  /** SQL objects that create the database; not set if the cloud's API creates it. */
  public readonly databaseSetup?: DatabaseObjects;
  /** External provisioners; not set without `provisioners`. */
  public readonly provisioners?: CoderProvisioners;
  /** Resources that must exist before Coder is used. */
  public readonly dependables: ITerraformDependable[];
  /** Versions of PostgreSQL that this version of Coder supports, for `MajorUpgrade`. */
  public readonly supportedEngine: SupportedEngine;
  /** Data of Coder and the steps of its restore, for a `RecoveryPlan`. */
  public readonly recovery: ApplicationRecovery;
  private readonly metricsInput: CoderMetricsInput;

  public constructor(scope: Construct, id: string, props: CoderReleaseProps) {
    super(scope, id);
    requireProps(this.node.path, "CODER", props, { database: true, accessUrl: true, chartVersion: true });
    const { database, kubernetesProvider: provider } = props;
    const namespace = props.namespace ?? "coder";
    const releaseName = props.releaseName ?? "coder";
    const replicas = props.replicas ?? props.size?.replicas ?? 1;
    const secretName = props.databaseSecretName ?? "coder-db-url";
    checkCoderRelease(this, props, { namespace, replicas });

    const dependsOn = [...(props.dependsOn ?? [])];
    if (props.createNamespace ?? true) {
      this.namespace = new KubernetesNamespace(this, "Namespace", {
        namespaceName: namespace,
        deletionPolicy: props.namespaceDeletionPolicy,
        provider,
        dependsOn,
      });
      dependsOn.push(...this.namespace.dependables);
    }
    const access = databaseAccess(database, {
      secretName,
      secretKey: props.databaseSecretKey ?? "url",
      caSecretName: `${releaseName}-db-ca`,
      clientSecretName: `${releaseName}-db-client`,
      sslMode: props.sslMode,
      searchPath: props.searchPath,
      passwordDelivery: props.passwordDelivery,
    });
    this.databaseSetup = setUpDatabase(this, namespace, props, "CODER");
    const secrets = coderSecrets(this, props, access, {
      namespace,
      releaseName,
      secretName,
      dependsOn,
      passwordSetBy: [...database.dependables, ...(this.databaseSetup?.dependables ?? [])],
    });
    this.databaseSecret = secrets.database;
    this.caSecret = secrets.ca;
    this.clientSecret = secrets.client;
    this.environmentSecret = secrets.environment;
    const consumer: ConnectionConsumer = {
      name: this.node.path,
      replicas,
      surge: props.surge,
      poolMax: props.pool?.maxOpen ?? DEFAULT_POOL,
      // The LISTEN connection of the pub/sub is not part of the pool (coderd/database/pubsub).
      listeners: 1,
      other: props.otherConnections ?? 10,
    };
    database.server.connectionBudget.add(consumer);
    this.metricsInput = { namespace, releaseName, consumer, budget: database.server.connectionBudget };

    const { provisioners } = props;
    this.provisionerSecret = secrets.provisionerKey;
    const values: CoderValuesInput = {
      releaseName,
      serviceAccountName: props.serviceAccountName ?? props.identity?.serviceAccountName ?? releaseName,
      replicas,
      surge: props.surge,
      resources: props.resources ?? props.size?.resources,
      environment: coderEnvironment(props, access),
      environmentSecretName: secrets.environmentSecretName,
      access,
      // Coder reads its environment at start, so changed secrets must restart the pods.
      checksum: fingerprint(secrets.all.map((secret) => secret.fingerprint)),
      identity: props.identity,
      certificateAuthorities: props.certificateAuthorities,
      tlsSecretNames: props.tlsSecretNames,
      preSharedKeySecretName: this.provisionerSecret?.secretName,
      sidecars: props.sidecars?.map((sidecar) => sidecar.container),
      userValues: props.values,
    };
    this.release = new HelmRelease(this, "Release", {
      chart: "coder",
      repository: props.repository ?? REPOSITORY,
      chartVersion: props.chartVersion,
      namespace,
      createNamespace: false,
      releaseName,
      timeoutSeconds: props.timeoutSeconds,
      defaults: coderDefaults(values),
      values: withoutJoinedLists(props.values, props.sidecars !== undefined),
      required: coderRequired(values),
      preconditions: [...database.server.connectionBudget.preconditions(), ...regionConditions(props)],
      helmProvider: props.helmProvider,
      kubernetesProvider: provider,
      dependsOn: [
        ...dependsOn,
        ...database.dependables,
        ...database.server.dependables,
        ...(props.identity?.dependables ?? []),
        ...(this.databaseSetup?.dependables ?? []),
        ...secrets.all.flatMap((secret) => secret.dependables),
      ],
    });
    if (provisioners) {
      this.provisioners = new CoderProvisioners(this, "Provisioners", {
        replicas: props.size?.provisioners,
        ...provisioners,
        key: this.provisionerSecret
          ? CoderProvisionerKey.preSharedFromSecretName(this.provisionerSecret.secretName)
          : provisioners.key,
        checksum: this.provisionerSecret?.fingerprint,
        url: props.accessUrl,
        chartVersion: props.chartVersion,
        namespace,
        releaseName: `${releaseName}-provisioner`,
        repository: props.repository,
        timeoutSeconds: props.timeoutSeconds,
        helmProvider: props.helmProvider,
        kubernetesProvider: provider,
        dependsOn: [...dependsOn, ...this.release.dependables],
      });
    }
    this.supportedEngine = {
      application: `Coder ${props.chartVersion}`,
      family: EngineFamily.POSTGRES,
      oldest: `${OLDEST_POSTGRES}`,
    };
    this.dependables = [...this.release.dependables, ...(this.provisioners?.dependables ?? [])];
    this.recovery = coderRecovery({
      database,
      namespace,
      releaseName,
      accessUrl: props.accessUrl,
      tlsSecretNames: props.tlsSecretNames ?? [],
      environment: (props.env ?? []).map(({ name }) => name),
      provisioners: provisioners !== undefined,
    });
  }
  /**
   * Alerts and charts of the connection pool, for `ApplicationMonitoring`. They need `CODER_PROMETHEUS_ENABLE` with the text `true` in
   * `env`.
   *
   * @see https://coder.com/docs/admin/integrations/prometheus
   */
  public metrics(): ApplicationMetrics {
    return coderMetrics(this.metricsInput);
  }
}
