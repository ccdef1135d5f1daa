// Kubernetes secrets that the chart reads: one with a password for each logical database of Rails, one for each component with a
// separate login, certificates, keys and object storage. None of their content is in Terraform's state.

import type { ITerraformDependable } from "cdktf";
import type { Construct } from "constructs";
import type { ClientCertificate, IDatabase, IDatabaseServer, TlsTrust } from "../../database";
import { CaSecret, DatabaseSecret, SecretEntry } from "../../kubernetes";
import { fingerprint } from "../../kubernetes/private";
import type { IDatabaseTopology } from "../topology/database-topology";
import { isBehindPooler } from "../topology/topology-entry";
import type { ResolvedReleaseProps } from "./gitlab-release-props";
import { registryAuthorities } from "./release-component-values";
import { cloneKey, directPasswordKey, hasDirectLogin, passwordKey } from "./release-database-values";
import { CA_KEY, certificateAuthorities, clientCertificates, SSL_KEYS } from "./release-tls";

/** Names of the secrets of a release, which begin with its name as the chart's do. */
export interface ReleaseNames {
  readonly rails: string;
  readonly geo: string;
  readonly registry: string;
  readonly praefect: string;
  readonly openbao: string;
  readonly ca: string;
  readonly railsClient: string;
  readonly geoClient: string;
  readonly registryClient: string;
  readonly railsKeys: string;
  readonly redis: string;
  readonly connection: string;
  readonly registryStorage: string;
  readonly backups: string;
}

/** Names of the secrets of a release. @internal */
export function releaseNames(release: string): ReleaseNames {
  return {
    // Default names of the chart, so that its documentation applies.
    rails: `${release}-postgresql-password`,
    geo: `${release}-geo-postgresql-password`,
    registry: `${release}-registry-database-password`,
    praefect: `${release}-praefect-dbsecret`,
    railsKeys: `${release}-rails-secret`,
    // Not `-redis-secret`, which the chart creates itself.
    redis: `${release}-redis-password`,
    openbao: `${release}-openbao-database-password`,
    ca: `${release}-database-ca`,
    railsClient: `${release}-database-client`,
    geoClient: `${release}-geo-database-client`,
    registryClient: `${release}-registry-database-client`,
    connection: `${release}-object-storage`,
    registryStorage: `${release}-registry-storage`,
    backups: `${release}-backup-storage`,
  };
}

/** Options of `ReleaseSecrets`. @internal */
export interface ReleaseSecretsOptions {
  readonly names: ReleaseNames;
  readonly namespace: string;
  readonly dependsOn: readonly ITerraformDependable[];
  /**
   * SQL objects that set the passwords. The Secrets with passwords come after them: with a new password that is not set yet,
   * because a job failed or has not run, the next restarted pod could not log in.
   */
  readonly passwordsSetBy: readonly ITerraformDependable[];
}

/** Creates all secrets of a release. @internal */
export class ReleaseSecrets {
  public readonly databaseSecret: DatabaseSecret;
  public readonly caSecret?: CaSecret;
  public readonly railsSecret?: DatabaseSecret;
  /** Client certificate of Rails, if its servers require one. */
  public readonly railsClientCertificate?: ClientCertificate;
  /** The server of Geo's tracking database, if Rails' certificate authorities and TLS mode apply to it. */
  public readonly checkedLikeRails: readonly IDatabaseServer[];
  private readonly all: (DatabaseSecret | CaSecret)[] = [];
  private readonly scope: Construct;
  private readonly props: ResolvedReleaseProps;
  private readonly options: ReleaseSecretsOptions;

  public constructor(scope: Construct, props: ResolvedReleaseProps, options: ReleaseSecretsOptions) {
    this.scope = scope;
    this.props = props;
    this.options = options;
    const { topology } = props;
    const { names } = options;
    const { geo } = topology;
    this.databaseSecret = this.make("DatabaseSecret", names.rails, railsEntries(topology), [
      ...passwordsSetBy(topology.rails.map((each) => each.direct)),
      ...options.passwordsSetBy,
    ]);
    this.passwords();
    this.caSecret = this.authorities();

    const rails = [...new Set(topology.rails.flatMap((e) => [e.database.server, e.direct.server]))];
    [this.railsClientCertificate] = clientCertificates(rails);
    const geoServer = geo?.direct.server;
    // Without a client certificate the tracking database is checked as Rails' are, by the same file.
    this.checkedLikeRails = geoServer && !geoServer.tls.clientCertificate ? [geoServer] : [];
    this.clientCertificate("DatabaseClient", names.railsClient, this.railsClientCertificate, [
      ...rails,
      ...this.checkedLikeRails,
    ]);
    for (const [id, name, server] of [
      ["GeoClient", names.geoClient, geoServer],
      ["RegistryClient", names.registryClient, topology.registry?.database.server],
    ] as const) {
      if (server) this.clientCertificate(id, name, server.tls.clientCertificate, [server]);
    }
    this.railsSecret = this.tryMake("RailsSecret", names.railsKeys, props.secrets?.entries() ?? []);
    this.services();
  }

  /** A text that changes whenever a secret does. */
  public get fingerprint(): string {
    return fingerprint(this.all.map((each) => each.fingerprint));
  }

  public get dependables(): ITerraformDependable[] {
    return this.all.flatMap((each) => each.dependables);
  }

  /** Passwords of the components beside Rails. */
  private passwords(): void {
    const { geo, registry, praefect, openbao } = this.props.topology;
    const { names } = this.options;
    for (const [id, name, key, database] of [
      ["GeoSecret", names.geo, "postgresql-password", geo?.direct],
      ["RegistrySecret", names.registry, "password", registry?.database],
      ["PraefectSecret", names.praefect, "secret", praefect?.database],
      ["OpenbaoSecret", names.openbao, "password", openbao?.direct],
    ] as const) {
      const setBy = database ? [...passwordsSetBy([database]), ...this.options.passwordsSetBy] : [];
      if (database) this.tryMake(id, name, password(key, database), setBy);
    }
  }

  private authorities(): CaSecret | undefined {
    const { topology, kubernetesProvider: provider } = this.props;
    const { geo, registry, praefect } = topology;
    const caCertificatesPem = certificateAuthorities(
      trusts([
        ...topology.rails.flatMap((e) => [e.database, e.direct]),
        ...[geo?.direct, registry?.database, praefect?.database].filter((each) => each !== undefined),
      ]),
    );
    if (caCertificatesPem === undefined) return undefined;
    const secret = new CaSecret(this.scope, "DatabaseCa", {
      namespace: this.options.namespace,
      secretName: this.options.names.ca,
      caCertificatesPem,
      key: CA_KEY,
      provider,
      dependsOn: [...this.options.dependsOn],
    });
    this.all.push(secret);
    return secret;
  }

  private clientCertificate(
    id: string,
    name: string,
    certificate: ClientCertificate | undefined,
    servers: readonly IDatabaseServer[],
  ): void {
    if (!certificate) return;
    const authorities = certificateAuthorities(servers.map((server) => server.tls)) ?? "";
    this.tryMake(id, name, clientEntries(certificate, authorities));
  }

  /** Redis and object storage. */
  private services(): void {
    const { topology, objectStorage, redis } = this.props;
    const { names } = this.options;
    const password = redis.endpoint?.password;
    this.tryMake("RedisSecret", names.redis, password ? [SecretEntry.secret("password", password)] : []);
    this.tryMake("ObjectStorage", names.connection, objectStorage.connectionEntries());
    this.tryMake(
      "RegistryStorage",
      names.registryStorage,
      objectStorage.registryEntries(topology.version, registryAuthorities(topology)),
    );
    this.tryMake("BackupStorage", names.backups, objectStorage.backupEntries());
  }

  private tryMake(
    id: string,
    secretName: string,
    entries: SecretEntry[],
    after: ITerraformDependable[] = [],
  ): DatabaseSecret | undefined {
    return entries.length > 0 ? this.make(id, secretName, entries, after) : undefined;
  }

  private make(
    id: string,
    secretName: string,
    entries: SecretEntry[],
    after: ITerraformDependable[] = [],
  ): DatabaseSecret {
    const secret = new DatabaseSecret(this.scope, id, {
      namespace: this.options.namespace,
      secretName,
      entries,
      provider: this.props.kubernetesProvider,
      dependsOn: [...new Set([...this.options.dependsOn, ...after])],
    });
    this.all.push(secret);
    return secret;
  }
}

/** Users that a cloud's API creates with their passwords. SQL objects are not among them. */
function passwordsSetBy(databases: readonly IDatabase[]): ITerraformDependable[] {
  return databases.flatMap((each) => (each.pooling?.direct ?? each).dependables);
}

/** Passwords of main, ci, sec and embedding. */
function railsEntries(topology: IDatabaseTopology): SecretEntry[] {
  return topology.rails.flatMap((entry) => [
    ...password(passwordKey(entry.name), entry.database),
    ...(isBehindPooler(entry) && hasDirectLogin(entry)
      ? password(directPasswordKey(entry.name), entry.direct)
      : []),
  ]);
}

/** One password, or those of both users that alternate; none if the login has none, which `checkReleaseTopology` reports. */
function password(key: string, { owner }: IDatabase): SecretEntry[] {
  return owner.users.flatMap((user, index) =>
    user.password ? [SecretEntry.secret(index === 0 ? key : cloneKey(key), user.password)] : [],
  );
}

/** A client certificate with the server's authorities: the chart's map needs all keys, or there is no secret. */
function clientEntries(certificate: ClientCertificate, authorities: string): SecretEntry[] {
  return [
    SecretEntry.certificate(SSL_KEYS.serverCA, authorities),
    SecretEntry.certificate(SSL_KEYS.clientCertificate, certificate.certificatePem),
    SecretEntry.privateKey(SSL_KEYS.clientKey, certificate.privateKeyPem),
  ];
}

/** TLS trust of all servers to which pods of the release connect. */
function trusts(databases: readonly IDatabase[]): TlsTrust[] {
  return [...new Set(databases.map(({ server }) => server.tls))];
}
