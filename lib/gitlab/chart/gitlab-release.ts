import { ServiceAccountV1 } from "@cdktf/provider-kubernetes/lib/service-account-v1";
import { Annotations, type ITerraformDependable } from "cdktf";
import { Construct } from "constructs";
import type { IWorkloadIdentity } from "../../database";
import {
  CaSecret,
  DatabaseSecret,
  fingerprint,
  HelmRelease,
  KubernetesNamespace,
  SecretEntry,
} from "../../kubernetes";
import { GitlabBackupCoverage } from "../planning/gitlab-backup-coverage";
import { GitlabVersion } from "../planning/gitlab-version";
import { checkGitlabRelease } from "./gitlab-release-checks";
import type { GitlabReleaseProps } from "./gitlab-release-props";
import { addConnectionConsumers } from "./release-budget";
import { registryAuthorities } from "./release-component-values";
import { releaseNames } from "./release-names";
import { resolvePods } from "./release-pods";
import { clientEntries, password, railsEntries, trusts } from "./release-secrets";
import { CA_KEY, certificateAuthorities, clientCertificates, libpqEnvironment } from "./release-tls";
import {
  type ReleaseValuesInput,
  releaseDefaults,
  releaseRequired,
  withoutAuthorities,
} from "./release-values";

const REPOSITORY = "https://charts.gitlab.io/";
const TIMEOUT_SECONDS = 3_600;

/**
 * GitLab in Kubernetes on external databases and object storage: the secrets, the certificate authorities, the service accounts
 * and the release of the chart `gitlab`, in the order in which they need each other.
 *
 * Databases, users and extensions have to be there: the cloud's API or the SQL room makes them. Git repositories are on volumes of
 * Gitaly in the cluster unless `values` say otherwise, and belong into the backup as much as the databases do.
 *
 * @example
 * new GitlabRelease(this, "gitlab", {
 *   topology,
 *   domain: "example.com",
 *   chartVersion: "9.5.2",
 *   objectStorage: storage,
 *   redis,
 *   secrets,
 *   certificateEmail: "platform@example.com",
 *   size: GitlabSize.S,
 * });
 */
export class GitlabRelease extends Construct {
  /** The Helm release. */
  public readonly release: HelmRelease;
  /** The namespace, when it is made here. */
  public readonly namespace?: KubernetesNamespace;
  /** The secret with a password for each logical database of Rails. */
  public readonly databaseSecret: DatabaseSecret;
  /** The databases' certificate authorities; not set when public ones sign all of them. */
  public readonly caSecret?: CaSecret;
  /** The secret with the keys of Rails; not set when it is there already or the chart makes it. */
  public readonly railsSecret?: DatabaseSecret;
  /** The service accounts of the identities: Rails', and the registry's when it has another. */
  public readonly serviceAccounts: ServiceAccountV1[];
  /** Which databases GitLab's own backup has. */
  public readonly backupCoverage: GitlabBackupCoverage;
  /** What has to exist before anybody uses GitLab. */
  public readonly dependables: ITerraformDependable[];
  private readonly secrets: (DatabaseSecret | CaSecret)[] = [];
  private readonly props: GitlabReleaseProps;
  private readonly namespaceName: string;
  private readonly before: ITerraformDependable[];

  public constructor(scope: Construct, id: string, props: GitlabReleaseProps) {
    super(scope, id);
    const { topology, objectStorage, redis } = props;
    const { kubernetesProvider: provider } = props;
    const releaseName = props.releaseName ?? "gitlab";
    const names = releaseNames(releaseName);
    const version = topology.version;
    this.props = props;
    this.namespaceName = props.namespace ?? "gitlab";
    const checks = checkGitlabRelease(this, props, this.namespaceName);

    this.before = [...(props.dependsOn ?? [])];
    if (props.createNamespace ?? true) {
      this.namespace = new KubernetesNamespace(this, "Namespace", {
        namespaceName: this.namespaceName,
        deletionPolicy: props.namespaceDeletionPolicy,
        provider,
        dependsOn: [...this.before],
      });
      this.before.push(...this.namespace.dependables);
    }

    this.databaseSecret = this.secret(
      "DatabaseSecret",
      names.rails,
      railsEntries(topology),
    ) as DatabaseSecret;
    const rails = [...new Set(topology.rails.flatMap((e) => [e.database.server, e.direct.server]))];
    const geo = topology.entry("geo");
    const registry = topology.entry("registry");
    const praefect = topology.entry("praefect");
    const openbao = topology.entry("openbao");
    this.secret("GeoSecret", names.geo, geo ? password("postgresql-password", geo.direct) : []);
    this.secret("RegistrySecret", names.registry, registry ? password("password", registry.database) : []);
    this.secret("PraefectSecret", names.praefect, praefect ? password("secret", praefect.database) : []);
    this.secret("OpenbaoSecret", names.openbao, openbao ? password("password", openbao.direct) : []);

    const authorities = certificateAuthorities(
      trusts([
        ...topology.rails.flatMap((e) => [e.database, e.direct]),
        ...[geo?.direct, registry?.database, praefect?.database].filter((each) => each !== undefined),
      ]),
    );
    if (authorities !== undefined) {
      this.caSecret = new CaSecret(this, "DatabaseCa", {
        namespace: this.namespaceName,
        secretName: names.ca,
        caCertificatesPem: authorities,
        key: CA_KEY,
        provider,
        dependsOn: [...this.before],
      });
      this.secrets.push(this.caSecret);
    }
    const [railsClient] = clientCertificates(rails);
    const client = (certificate: typeof railsClient, servers: typeof rails) =>
      certificate ? clientEntries(certificate, certificateAuthorities(servers.map((s) => s.tls)) ?? "") : [];
    const geoServer = geo?.direct.server;
    // Told nothing of its own, the tracking database is checked as Rails' are, by the same file.
    const checkedAlike = geoServer && !geoServer.tls.clientCertificate ? [geoServer] : [];
    this.secret("DatabaseClient", names.railsClient, client(railsClient, [...rails, ...checkedAlike]));
    this.secret(
      "GeoClient",
      names.geoClient,
      geoServer ? client(geoServer.tls.clientCertificate, [geoServer]) : [],
    );
    const registryServer = registry?.database.server;
    this.secret(
      "RegistryClient",
      names.registryClient,
      registryServer ? client(registryServer.tls.clientCertificate, [registryServer]) : [],
    );

    this.railsSecret = this.secret("RailsSecret", names.railsKeys, props.secrets?.entries() ?? []);
    const redisPassword = redis.endpoint?.password;
    this.secret(
      "RedisSecret",
      names.redis,
      redisPassword ? [SecretEntry.secret("password", redisPassword)] : [],
    );
    this.secret("ObjectStorage", names.connection, objectStorage.connectionEntries());
    this.secret(
      "RegistryStorage",
      names.registryStorage,
      objectStorage.registryEntries(version, registryAuthorities(topology)),
    );
    this.secret("BackupStorage", names.backups, objectStorage.backupEntries());
    objectStorage.grant();
    this.serviceAccounts = this.makeServiceAccounts();

    const pods = resolvePods(props);
    addConnectionConsumers(this.node.path, topology, pods, props);
    this.backupCoverage = new GitlabBackupCoverage(topology);
    for (const { name, isCovered, remark } of this.backupCoverage.databases) {
      if (!isCovered) Annotations.of(this).addInfo(`backup: database of ${name}: ${remark}`);
    }

    const unique = <T>(list: T[]): T[] => [...new Set(list)];
    const input: ReleaseValuesInput = {
      props,
      names,
      pods,
      chartMajor: GitlabVersion.ofChart(props.chartVersion).chartMajor,
      pooled: libpqEnvironment(
        checks,
        unique([...topology.rails.map((e) => e.database.server), ...checkedAlike]),
      ),
      direct: libpqEnvironment(
        checks,
        unique([...topology.rails.map((e) => e.direct.server), ...checkedAlike]),
      ),
      mutualTls: railsClient !== undefined,
      ownAuthorities: this.caSecret !== undefined,
      checksum: fingerprint(this.secrets.map((each) => each.fingerprint)),
    };
    this.release = new HelmRelease(this, "Release", {
      chart: "gitlab",
      repository: props.repository ?? REPOSITORY,
      chartVersion: props.chartVersion,
      namespace: this.namespaceName,
      createNamespace: false,
      releaseName,
      timeoutSeconds: props.timeoutSeconds ?? TIMEOUT_SECONDS,
      defaults: releaseDefaults(input),
      values: this.caSecret ? withoutAuthorities(props.values) : props.values,
      required: releaseRequired(input),
      preconditions: this.preconditions(),
      helmProvider: props.helmProvider,
      kubernetesProvider: provider,
      dependsOn: [
        ...this.before,
        ...topology.dependables,
        ...objectStorage.dependables,
        ...this.serviceAccounts,
        ...this.secrets.flatMap((each) => each.dependables),
      ],
    });
    this.dependables = [...this.release.dependables];
  }

  /** A secret, when there is something to put into it. */
  private secret(id: string, secretName: string, entries: SecretEntry[]): DatabaseSecret | undefined {
    // The one of Rails' databases is always there: without a password the owner was reported.
    if (entries.length === 0 && id !== "DatabaseSecret") return undefined;
    const secret = new DatabaseSecret(this, id, {
      namespace: this.namespaceName,
      secretName,
      entries,
      provider: this.props.kubernetesProvider,
      dependsOn: [...this.before],
    });
    this.secrets.push(secret);
    return secret;
  }

  /** Made here and not by the chart: several of its subcharts share one. */
  private makeServiceAccounts(): ServiceAccountV1[] {
    const { identity, registryIdentity, registryIsApart } = this.props.objectStorage;
    const make = (id: string, { serviceAccountName, serviceAccountAnnotations }: IWorkloadIdentity) =>
      new ServiceAccountV1(this, id, {
        metadata: {
          name: serviceAccountName,
          namespace: this.namespaceName,
          annotations: { ...serviceAccountAnnotations },
        },
        // The clouds bring a token of their own; none of Kubernetes is needed.
        automountServiceAccountToken: false,
        provider: this.props.kubernetesProvider,
        dependsOn: [...this.before],
      });
    return [
      ...(identity ? [make("ServiceAccount", identity)] : []),
      ...(registryIdentity && registryIsApart ? [make("RegistryServiceAccount", registryIdentity)] : []),
    ];
  }

  private preconditions() {
    const { topology } = this.props;
    const servers = new Set(topology.entries.flatMap((e) => [e.database.server, e.direct.server]));
    return [
      ...topology.preconditions(),
      ...[...servers].flatMap((server) => server.connectionBudget.preconditions()),
    ];
  }
}
