import type { ITerraformDependable } from "cdktf";
import { Construct } from "constructs";
import { SslMode, strictestSslMode } from "../../database";
import {
  atLeast,
  CaSecret,
  DatabaseSecret,
  EnvironmentVariable,
  fingerprint,
  HelmRelease,
  KubernetesNamespace,
  SecretEntry,
} from "../../kubernetes";
import type { DatabaseObjects } from "../../sql";
import { regionConditions } from "../coder-checks";
import { setUpDatabase } from "../coder-database-setup";
import { variablesSecret } from "../coder-variables";
import { CODER_CLASSIC_SINCE } from "../data/chart-versions";
import { checkCoderClassicRelease } from "./coder-classic-release-checks";
import type { CoderClassicReleaseProps } from "./coder-classic-release-props";
import {
  CLASSIC_CLIENT_CERTIFICATE_KEY,
  CLASSIC_CLIENT_KEY_KEY,
  CLASSIC_PASSWORD_KEY,
  type CoderClassicValuesInput,
  classicDefaults,
  classicRequired,
} from "./coder-classic-values";

/** Coder v1's own pool when nothing is set (coder/docs, guides/deployments/postgres.md). */
const DEFAULT_POOL = 30;

/**
 * Coder v1 on a PostgreSQL of yours, for those who still run it; new installations take `CoderRelease`.
 *
 * The chart has no place for a sidecar: a proxy of a cloud has to be a deployment and a service of its own, whose name is then
 * the host of a server from `DatabaseServer.fromServerAttributes`. Coder v1's install page asks for superuser rights, which no managed server gives; owning the
 * database, with the extensions of contrib at hand, is what it gets here [open].
 *
 * @example
 * new CoderClassicRelease(this, "coder", {
 *   database: server.database("coder"),
 *   chartVersion: "1.44.3",
 *   replicas: 3,
 * });
 */
export class CoderClassicRelease extends Construct {
  /** The Helm release. */
  public readonly release: HelmRelease;
  /** The namespace, when it is made here. */
  public readonly namespace?: KubernetesNamespace;
  /** The secret with the password; not set when Coder logs in by identity. */
  public readonly databaseSecret?: DatabaseSecret;
  /** The secret with the server's certificate authorities; not set when the server is not checked. */
  public readonly caSecret?: CaSecret;
  /** The secret with the client certificate; not set when the server wants none. */
  public readonly clientSecret?: DatabaseSecret;
  /** The secret with the values of `EnvironmentVariable.fromSecretValue`. */
  public readonly environmentSecret?: DatabaseSecret;
  /** What makes the database in SQL; not set when it is there already. */
  public readonly databaseSetup?: DatabaseObjects;
  /** What has to exist before anybody uses Coder. */
  public readonly dependables: ITerraformDependable[];

  public constructor(scope: Construct, id: string, props: CoderClassicReleaseProps) {
    super(scope, id);
    const { database, kubernetesProvider: provider } = props;
    const { server, owner } = database;
    const namespace = props.namespace ?? "coder";
    const releaseName = props.releaseName ?? "coder";
    const replicas = props.replicas ?? 1;
    checkCoderClassicRelease(this, props, namespace);

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
    const common = { namespace, provider, dependsOn };
    if (owner.password) {
      this.databaseSecret = new DatabaseSecret(this, "DatabaseSecret", {
        ...common,
        secretName: props.databaseSecretName ?? "coder-db-password",
        entries: [SecretEntry.secret(CLASSIC_PASSWORD_KEY, owner.password)],
      });
    }
    const sslMode = props.sslMode ?? strictestSslMode(server.tls);
    const verifies = sslMode === SslMode.VERIFY_CA || sslMode === SslMode.VERIFY_FULL;
    if (verifies && server.tls.caCertificatesPem !== undefined) {
      this.caSecret = new CaSecret(this, "DatabaseCa", {
        ...common,
        secretName: `${releaseName}-db-ca`,
        caCertificatesPem: server.tls.caCertificatesPem,
      });
    }
    const client = sslMode === SslMode.DISABLE ? undefined : server.tls.clientCertificate;
    if (client) {
      this.clientSecret = new DatabaseSecret(this, "DatabaseClient", {
        ...common,
        secretName: `${releaseName}-db-client`,
        entries: [
          SecretEntry.certificate(CLASSIC_CLIENT_CERTIFICATE_KEY, client.certificatePem),
          SecretEntry.privateKey(CLASSIC_CLIENT_KEY_KEY, client.privateKeyPem),
        ],
      });
    }
    const environmentSecretName = `${releaseName}-env`;
    this.environmentSecret = variablesSecret(this, props.env, {
      ...common,
      secretName: environmentSecretName,
    });
    this.databaseSetup = setUpDatabase(this, namespace, props);
    server.connectionBudget.add({
      name: this.node.path,
      replicas,
      poolMax: props.maxConnectionsPerReplica ?? DEFAULT_POOL,
      other: props.otherConnections ?? 10,
    });
    const secrets = [this.databaseSecret, this.caSecret, this.clientSecret, this.environmentSecret].filter(
      (secret) => secret !== undefined,
    );
    const values: CoderClassicValuesInput = {
      database,
      replicas,
      resources: props.resources,
      environment: [
        ...(props.maxConnectionsPerReplica === undefined
          ? []
          : [EnvironmentVariable.plain("CODER_MAX_DB_CONNECTIONS", `${props.maxConnectionsPerReplica}`)]),
        ...(props.env ?? []),
      ],
      environmentSecretName,
      passwordSecretName: this.databaseSecret?.secretName,
      noPasswordEnv:
        props.noPasswordEnv ?? atLeast(props.chartVersion, CODER_CLASSIC_SINCE.noPasswordEnv) ?? true,
      sslMode,
      searchPath: props.searchPath,
      rootCertificate: this.caSecret && { name: this.caSecret.secretName, key: this.caSecret.key },
      clientSecretName: this.clientSecret?.secretName,
      // Coder keeps using what it read when it started, so new secrets need new pods; and a new host comes with new values.
      checksum: fingerprint(secrets.map((secret) => secret.fingerprint)),
      identity: props.identity,
      certificateAuthorities: props.certificateAuthorities,
    };
    this.release = new HelmRelease(this, "Release", {
      chart: "coder",
      repository: props.repository ?? "https://helm.coder.com",
      chartVersion: props.chartVersion,
      namespace,
      createNamespace: false,
      releaseName,
      timeoutSeconds: props.timeoutSeconds,
      defaults: classicDefaults(values),
      values: props.values,
      required: classicRequired(values),
      preconditions: [...server.connectionBudget.preconditions(), ...regionConditions(props)],
      helmProvider: props.helmProvider,
      kubernetesProvider: provider,
      dependsOn: [
        ...dependsOn,
        ...database.dependables,
        ...server.dependables,
        ...(props.identity?.dependables ?? []),
        ...(this.databaseSetup?.dependables ?? []),
        ...secrets.flatMap((secret) => secret.dependables),
      ],
    });
    this.dependables = this.release.dependables;
  }
}
