import type { ITerraformDependable, TerraformProvider } from "cdktf";
import { Construct } from "constructs";
import { DeletionPolicy, EngineFamily } from "../database";
import { physicalName, requireProps, SynthChecks, terraformCall } from "../database/private";
import type { ISqlBackend, SqlProgram } from "../sql";
import { KubernetesNamespace, PodSecurity } from "./kubernetes-namespace";
import { checkLabelName, checkObjectName } from "./object-names";
import { type SqlJob, sqlJob } from "./sql-job";

/** An image reference with an exact tag or digest, so that the program does not change between runs. */
const IMAGE =
  /^[^\s:@]+(:\d+)?[^\s:@]*(:(?!latest$)[\w][\w.-]{0,127}|@sha256:[0-9a-f]{64}|:[\w.-]+@sha256:[0-9a-f]{64})$/;

/** A Job's name is the prefix of its pods' names, labels and host names of 63 characters; pods append up to eleven. */
const NAME_LENGTH = 52;

/** Properties of a `SqlJobBackend`. */
export interface SqlJobBackendProps {
  /**
   * Namespace of the Jobs. Use a separate namespace: everyone who may create pods in a namespace can mount all Secrets in it, and
   * the Jobs' Secrets hold the administrator's password.
   *
   * @see https://kubernetes.io/docs/concepts/overview/working-with-objects/namespaces/
   */
  readonly namespace: string;
  /** Creates the namespace. @default true */
  readonly createNamespace?: boolean;
  /**
   * Image with a shell and psql 14 or later, by exact tag or digest. @default - Docker official image `postgres`, psql 17
   *
   * @see https://kubernetes.io/docs/concepts/containers/images/
   */
  readonly postgresImage?: string;
  /**
   * Image with a shell and the mysql client, by exact tag or digest. @default - Docker official image `mysql`, 8.4
   *
   * @see https://kubernetes.io/docs/concepts/containers/images/
   */
  readonly mysqlImage?: string;
  /**
   * Deadline of a Job (`activeDeadlineSeconds`) in seconds, 60 or more. @default 900
   *
   * @see https://kubernetes.io/docs/concepts/workloads/controllers/job/#job-termination-and-cleanup
   */
  readonly timeoutSeconds?: number;
  /**
   * Further labels of Jobs and Secrets. @default - the label `app.kubernetes.io/name` only
   *
   * @see https://kubernetes.io/docs/concepts/overview/working-with-objects/labels/
   */
  readonly labels?: { readonly [name: string]: string };
  /** Kubernetes provider. @default - the stack's only Kubernetes provider */
  readonly provider?: TerraformProvider;
  /** Resources that the namespace and the Jobs depend on. @default - none */
  readonly dependsOn?: ITerraformDependable[];
}

/**
 * SQL back end that runs SQL and migrations as Kubernetes Jobs: non-root user, read-only root filesystem, no capabilities, secrets
 * mounted as files. A Job runs again when its program, its settings or the version of a secret changes. Terraform waits for its
 * completion, and its pod is kept with the log.
 *
 * @see https://kubernetes.io/docs/concepts/workloads/controllers/job/
 *
 * @example
 * const backend = new SqlJobBackend(this, "sql", { namespace: "database-jobs" });
 * new DatabaseObjects(this, "objects", { server, components: [CoderSql.objects(database)], backend });
 */
export class SqlJobBackend extends Construct implements ISqlBackend {
  /** Resources that must exist before a Job starts: the namespace. */
  public readonly dependables: ITerraformDependable[];
  private readonly props: SqlJobBackendProps;

  public constructor(scope: Construct, id: string, props: SqlJobBackendProps) {
    super(scope, id);
    requireProps(this.node.path, "SQL", props, { namespace: true });
    this.props = props;
    this.dependables = [...(props.dependsOn ?? [])];
    const checks = new SynthChecks(this, "SQL");
    checkLabelName(checks, "namespace", props.namespace);
    checks.wholeNumber("timeoutSeconds", props.timeoutSeconds, 60, 86_400, "seconds");
    for (const property of ["postgresImage", "mysqlImage"] as const) {
      checks.matches(
        property,
        props[property],
        IMAGE,
        "must be an image with an exact tag or digest, not latest",
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

  /** Runs a program as a Job, whose name is made from the construct's path. */
  public run(scope: Construct, program: SqlProgram): ITerraformDependable[] {
    return [this.job(scope, program).resource];
  }

  private job(scope: Construct, program: SqlProgram): SqlJob {
    const { postgresImage, mysqlImage, namespace, provider } = this.props;
    const checks = new SynthChecks(scope, "SQL");
    checks.matches("image", program.image, IMAGE, "must be an image with an exact tag or digest, not latest");
    if (program.environment.MIGRATION_LOGS) {
      checks.fail(
        "logFolder",
        program.environment.MIGRATION_LOGS,
        "must not be set with a SqlJobBackend: a pod has no persistent folder; its log has the output",
      );
    }
    for (const mount of program.mounts ?? []) {
      checks.check(
        "mounts",
        mount,
        () => Boolean(mount.secretName) !== Boolean(mount.configMapName),
        "must have either secretName or configMapName",
      );
      checks.matches("mounts.path", mount.path, /^\/[^:]+$/, "must be an absolute path");
      checkObjectName(checks, "mounts", mount.secretName ?? mount.configMapName);
    }
    const { tls } = program.server;
    const unsigned = tls.caCertificatesPem === undefined && !tls.hostnameVerifiable;
    if (tls.offered !== false && unsigned && !program.mountsCaCertificates) {
      checks.fail(
        "server.tls.caCertificatesPem",
        undefined,
        "must be set unless the server's certificate names its host; pass the CA certificates of the server",
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
