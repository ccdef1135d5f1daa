import type { ITerraformDependable } from "cdktf";
import { Construct } from "constructs";
import {
  CaSecret,
  DatabaseSecret,
  fingerprint,
  HelmRelease,
  KubernetesNamespace,
  SecretEntry,
} from "../../kubernetes";
import type { DatabaseObjects } from "../../sql";
import { regionConditions } from "../coder-checks";
import { databaseAccess } from "../coder-database-access";
import { setUpDatabase } from "../coder-database-setup";
import { coderEnvironment } from "../coder-environment";
import { variablesSecret } from "../coder-variables";
import { CoderProvisioners, ProvisionerKey } from "./coder-provisioners";
import { checkCoderRelease } from "./coder-release-checks";
import type { CoderReleaseProps } from "./coder-release-props";
import { type CoderValuesInput, coderDefaults, coderRequired, withoutJoinedLists } from "./coder-values";

/** Coder's own pool when nothing is set (CODER_PG_CONN_MAX_OPEN's default, and the fixed number before there was one). */
const DEFAULT_POOL = 10;

const REPOSITORY = "https://helm.coder.com/v2";

/**
 * Coder v2 on a PostgreSQL of yours: the secret with the URL, the certificate authorities, the database's set-up where the
 * server leaves it to SQL, and the Helm release, in the order in which they need each other.
 *
 * Let templates start workspaces in another namespace: whoever may start pods in this one can mount Coder's secrets.
 *
 * An upgrade migrates the database, which takes locks that other pods of Coder would wait for: before a new minor version go
 * down to one replica. There is no way back but restoring the database.
 *
 * @example
 * new CoderRelease(this, "coder", {
 *   database: server.database("coder"),
 *   accessUrl: "https://coder.example.com",
 *   chartVersion: "2.33.6",
 *   size: CoderSize.UP_TO_1K,
 * });
 */
export class CoderRelease extends Construct {
  /** The Helm release. */
  public readonly release: HelmRelease;
  /** The namespace, when it is made here. */
  public readonly namespace?: KubernetesNamespace;
  /** The secret with the database's URL. */
  public readonly databaseSecret: DatabaseSecret;
  /** The secret with the server's certificate authorities; not set when public ones sign it. */
  public readonly caSecret?: CaSecret;
  /** The secret with the client certificate; not set when the server wants none. */
  public readonly clientSecret?: DatabaseSecret;
  /** The secret with the values of `EnvironmentVariable.fromSecretValue`. */
  public readonly environmentSecret?: DatabaseSecret;
  /** The secret that Coder and its provisioners share, when they have one. */
  public readonly provisionerSecret?: DatabaseSecret;
  /** What makes the database in SQL; not set when it is there already. */
  public readonly databaseSetup?: DatabaseObjects;
  /** The provisioners, when there are some. */
  public readonly provisioners?: CoderProvisioners;
  /** What has to exist before anybody uses Coder. */
  public readonly dependables: ITerraformDependable[];

  public constructor(scope: Construct, id: string, props: CoderReleaseProps) {
    super(scope, id);
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
    const common = { namespace, provider, dependsOn };
    this.databaseSecret = new DatabaseSecret(this, "DatabaseSecret", {
      ...common,
      secretName,
      entries: access.entries,
    });
    if (access.caCertificatesPem !== undefined) {
      this.caSecret = new CaSecret(this, "DatabaseCa", {
        ...common,
        secretName: `${releaseName}-db-ca`,
        caCertificatesPem: access.caCertificatesPem,
      });
    }
    if (access.clientEntries.length > 0) {
      this.clientSecret = new DatabaseSecret(this, "DatabaseClient", {
        ...common,
        secretName: `${releaseName}-db-client`,
        entries: access.clientEntries,
      });
    }
    const environmentSecretName = `${releaseName}-env`;
    this.environmentSecret = variablesSecret(this, props.env, {
      ...common,
      secretName: environmentSecretName,
    });
    this.databaseSetup = setUpDatabase(this, namespace, props);
    database.server.connectionBudget.add({
      name: this.node.path,
      replicas,
      surge: props.surge,
      poolMax: props.pool?.maxOpen ?? DEFAULT_POOL,
      // The LISTEN connection of the pub/sub is outside the pool (coderd/database/pubsub).
      listeners: 1,
      other: props.otherConnections ?? 10,
    });

    const { provisioners } = props;
    // Coder has to know a pre-shared key too, so its secret is made here and not by the provisioners.
    if (provisioners?.key.isPreShared && provisioners.key.value) {
      this.provisionerSecret = new DatabaseSecret(this, "ProvisionerKey", {
        ...common,
        secretName: `${releaseName}-provisioner-psk`,
        entries: [SecretEntry.secret("psk", provisioners.key.value)],
      });
    }
    const secrets = [
      this.databaseSecret,
      this.caSecret,
      this.clientSecret,
      this.environmentSecret,
      this.provisionerSecret,
    ].filter((secret) => secret !== undefined);
    const values: CoderValuesInput = {
      releaseName,
      serviceAccountName: props.serviceAccountName ?? props.identity?.serviceAccountName ?? "coder",
      replicas,
      surge: props.surge,
      resources: props.resources ?? props.size?.resources,
      environment: coderEnvironment(props, access),
      environmentSecretName,
      access,
      // Coder reads its environment when it starts, so new secrets need new pods.
      checksum: fingerprint(secrets.map((secret) => secret.fingerprint)),
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
        ...secrets.flatMap((secret) => secret.dependables),
      ],
    });
    if (provisioners) {
      this.provisioners = new CoderProvisioners(this, "Provisioners", {
        replicas: props.size?.provisioners,
        ...provisioners,
        key: this.provisionerSecret
          ? ProvisionerKey.preSharedFromSecret(this.provisionerSecret.secretName)
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
    this.dependables = [...this.release.dependables, ...(this.provisioners?.dependables ?? [])];
  }
}
