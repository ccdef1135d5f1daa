import type { ITerraformDependable, TerraformProvider } from "cdktf";
import { Construct } from "constructs";
import { DeletionPolicy, EngineFamily } from "../database";
import { physicalName, SynthChecks, terraformCall } from "../database/private";
import type { ISqlBackend, SqlProgram } from "../sql";
import { KubernetesNamespace, PodSecurity } from "./kubernetes-namespace";
import { checkLabelName, checkObjectName } from "./object-names";
import { type SqlJob, sqlJob } from "./sql-job";

/** An image by an exact tag or digest: another day's image must not be another program. */
const IMAGE =
  /^[^\s:@]+(:\d+)?[^\s:@]*(:(?!latest$)[\w][\w.-]{0,127}|@sha256:[0-9a-f]{64}|:[\w.-]+@sha256:[0-9a-f]{64})$/;

/** A job's name becomes its pods' label and host name; eleven characters are left for their suffix. */
const NAME_LENGTH = 52;

/** Properties of a `SqlJobBackend`. */
export interface SqlJobBackendProps {
  /**
   * The namespace. One of its own: whoever may start pods in a namespace can mount every secret in it, and these hold the
   * administrator's password.
   */
  readonly namespace: string;
  /** Whether to make the namespace. @default true */
  readonly createNamespace?: boolean;
  /** An image with a shell and psql 14 or later, by an exact tag or digest. @default - PostgreSQL's own, psql 17 */
  readonly postgresImage?: string;
  /** An image with a shell and the mysql client, by an exact tag or digest. @default - MySQL's own, 8.4 */
  readonly mysqlImage?: string;
  /** How long a job may take, in seconds, 60 or more. @default 900 */
  readonly timeoutSeconds?: number;
  /** Further labels for what it makes. @default - the job's name only */
  readonly labels?: { readonly [name: string]: string };
  /** The Kubernetes provider. @default - the stack's only one */
  readonly provider?: TerraformProvider;
  /** What has to exist first. @default - nothing */
  readonly dependsOn?: ITerraformDependable[];
}

/**
 * Runs SQL and migrations as jobs in the cluster: without root, with a read-only file system, secrets as files. A job runs again
 * when its program, its settings or a secret's version changes; Terraform waits for it, and its pod stays with its log.
 *
 * @example
 * const backend = new SqlJobBackend(this, "sql", { namespace: "database-jobs" });
 * new DatabaseObjects(this, "objects", { server, components: [CoderSql.objects(database)], backend });
 */
export class SqlJobBackend extends Construct implements ISqlBackend {
  /** What has to exist before a job starts: the namespace. */
  public readonly dependables: ITerraformDependable[];
  private readonly props: SqlJobBackendProps;

  public constructor(scope: Construct, id: string, props: SqlJobBackendProps) {
    super(scope, id);
    this.props = props;
    this.dependables = [...(props.dependsOn ?? [])];
    const checks = new SynthChecks(this);
    checkLabelName(checks, "namespace", props.namespace);
    checks.wholeNumber("timeoutSeconds", props.timeoutSeconds, 60, 86_400, "seconds");
    for (const property of ["postgresImage", "mysqlImage"] as const) {
      checks.matches(
        property,
        props[property],
        IMAGE,
        "allowed is an image with an exact tag or a digest, not latest",
      );
    }
    if (props.createNamespace ?? true) {
      const namespace = new KubernetesNamespace(this, "Namespace", {
        namespaceName: props.namespace,
        podSecurity: PodSecurity.RESTRICTED,
        deletionPolicy: DeletionPolicy.DELETE,
        disposable: true,
        provider: props.provider,
        dependsOn: props.dependsOn,
      });
      this.dependables.push(...namespace.dependables);
    }
  }

  /** Runs a program as a job, whose name follows from the construct's path. */
  public run(scope: Construct, program: SqlProgram): ITerraformDependable[] {
    return [this.job(scope, program).resource];
  }

  private job(scope: Construct, program: SqlProgram): SqlJob {
    const { postgresImage, mysqlImage, namespace, provider } = this.props;
    const checks = new SynthChecks(scope);
    checks.matches(
      "image",
      program.image,
      IMAGE,
      "allowed is an image with an exact tag or a digest, not latest",
    );
    if (program.environment.MIGRATION_LOGS) {
      checks.fail(
        "logFolder",
        program.environment.MIGRATION_LOGS,
        "a pod has no folder that stays; its log does",
      );
    }
    for (const mount of program.mounts ?? []) {
      checks.check(
        "mounts",
        mount,
        () => Boolean(mount.secretName) !== Boolean(mount.configMapName),
        "a mount is a Secret or a ConfigMap",
      );
      checks.matches("mounts.path", mount.path, /^\/[^:]+$/, "allowed is an absolute path");
      checkObjectName(checks, "mounts", mount.secretName ?? mount.configMapName);
    }
    const { tls } = program.server;
    const unsigned = tls.caCertificatesPem === undefined && !tls.hostnameVerifiable;
    if (tls.offered !== false && unsigned && !program.bringsAuthorities) {
      checks.fail(
        "server.tls.caCertificatesPem",
        undefined,
        "the public authorities do only when the certificate names the host; give the server's own authorities",
      );
    }
    const jobName = physicalName(scope, NAME_LENGTH);
    const everyApply: { [name: string]: string } = program.everyApply
      ? { SQL_RUN: terraformCall("plantimestamp") }
      : {};
    return sqlJob(
      scope,
      { ...program, environment: { ...program.environment, ...everyApply } },
      {
        jobName,
        namespace,
        clientImages: {
          ...(postgresImage ? { [EngineFamily.POSTGRES]: postgresImage } : {}),
          ...(mysqlImage ? { [EngineFamily.MYSQL]: mysqlImage } : {}),
        },
        timeoutSeconds: this.props.timeoutSeconds ?? 900,
        labels: { "app.kubernetes.io/name": jobName, ...this.props.labels },
        provider,
        dependsOn: this.dependables,
      },
    );
  }
}
