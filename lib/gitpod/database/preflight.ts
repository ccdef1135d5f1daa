import type { ITerraformDependable, TerraformProvider } from "cdktf";
import { Construct } from "constructs";
import { SqlJobBackend } from "../../kubernetes";
import type { SqlProgram, SqlProgramMount } from "../../sql";
import type { ResolvedGitpodConnection } from "./resolved-connection";
import { PREFLIGHT_SCRIPT } from "./scripts/preflight-script";

const SECRET = "/run/secrets/gitpod-database";
const CA = "/run/secrets/gitpod-database-ca";

/** Options of the preflight job, which checks the database before Gitpod is installed. */
export interface GitpodPreflightOptions {
  /** Enables the job. @default true, except with the bundled proxy, which is installed after the job */
  readonly enabled?: boolean;
  /**
   * Image with a shell and the mysql client, with an exact tag or digest. @default - MySQL's official image, 8.4
   *
   * @see https://kubernetes.io/docs/concepts/containers/images/
   */
  readonly image?: string;
  /**
   * Timeout of the job, in seconds, 60 or more. @default 300
   *
   * @see https://kubernetes.io/docs/concepts/workloads/controllers/job/#job-termination-and-cleanup
   */
  readonly timeoutSeconds?: number;
  /** Runs the job in every apply instead of after changes only. @default false */
  readonly everyApply?: boolean;
}

/** Subject of the preflight job. @internal */
export interface PreflightSubject {
  readonly namespace: string;
  readonly connection: ResolvedGitpodConnection;
  readonly secretName: string;
  readonly caSecretName?: string;
  /** Text that changes with the secrets. */
  readonly fingerprint: string;
  /** Databases that must exist. */
  readonly databases: string[];
  /** Accepted MySQL release series; empty accepts any. */
  readonly mysql: string[];
  readonly labels?: { readonly [name: string]: string };
  readonly provider?: TerraformProvider;
  readonly dependsOn: ITerraformDependable[];
}

/** The program of the job. @internal */
export function preflightProgram(subject: PreflightSubject, options: GitpodPreflightOptions): SqlProgram {
  const { secretName, caSecretName } = subject;
  const mounts: SqlProgramMount[] = [{ path: SECRET, secretName }];
  if (caSecretName !== undefined) mounts.push({ path: CA, secretName: caSecretName });
  return {
    name: "gitpod-preflight",
    server: subject.connection.server,
    script: PREFLIGHT_SCRIPT,
    environment: {
      GITPOD_SECRET: SECRET,
      GITPOD_CA: caSecretName === undefined ? "" : `${CA}/ca.crt`,
      GITPOD_DATABASES: subject.databases.join(" "),
      GITPOD_MYSQL: subject.mysql.join(" "),
      GITPOD_TRIES: "12",
      GITPOD_PAUSE: "5",
      // The script does not read this; a changed secret changes the job, so that Terraform runs it again.
      GITPOD_FINGERPRINT: subject.fingerprint,
    },
    // The job mounts Gitpod's own secrets instead.
    secrets: [],
    mounts,
    mountsCaCertificates: true,
    everyApply: options.everyApply ?? false,
    dependsOn: subject.dependsOn,
  };
}

/**
 * Job in Gitpod's namespace that checks with Gitpod's login whether the database meets Gitpod's requirements.
 *
 * @param scope gets the children `Preflight` and `PreflightJobs`.
 * @internal
 */
export function preflight(
  scope: Construct,
  subject: PreflightSubject,
  options: GitpodPreflightOptions,
): ITerraformDependable[] {
  const backend = new SqlJobBackend(scope, "PreflightJobs", {
    namespace: subject.namespace,
    createNamespace: false,
    mysqlImage: options.image,
    timeoutSeconds: options.timeoutSeconds ?? 300,
    labels: subject.labels,
    provider: subject.provider,
    dependsOn: subject.dependsOn,
  });
  return backend.run(new Construct(scope, "Preflight"), preflightProgram(subject, options));
}
