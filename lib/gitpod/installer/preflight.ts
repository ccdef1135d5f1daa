import type { ITerraformDependable, TerraformProvider } from "cdktf";
import { Construct } from "constructs";
import { SqlJobBackend } from "../../kubernetes";
import type { SqlProgram, SqlProgramMount } from "../../sql";
import type { GitpodPreflight } from "../database/gitpod-database-props";
import type { GitpodReach } from "../database/gitpod-reach";
import { PREFLIGHT_SCRIPT } from "./scripts/preflight-script";

const SECRET = "/run/secrets/gitpod-database";
const CA = "/run/secrets/gitpod-database-ca";

/** What the job looks at. @internal */
export interface PreflightSubject {
  readonly namespace: string;
  readonly reach: GitpodReach;
  readonly secretName: string;
  readonly caSecretName?: string;
  /** What changes when the secrets do. */
  readonly fingerprint: string;
  /** The databases that have to be there. */
  readonly databases: string[];
  /** The release series that are accepted; none means any. */
  readonly mysql: string[];
  readonly labels?: { readonly [name: string]: string };
  readonly provider?: TerraformProvider;
  readonly dependsOn: ITerraformDependable[];
}

/** The program of the job. @internal */
export function preflightProgram(subject: PreflightSubject, options: GitpodPreflight): SqlProgram {
  const { secretName, caSecretName } = subject;
  const mounts: SqlProgramMount[] = [{ path: SECRET, secretName }];
  if (caSecretName !== undefined) mounts.push({ path: CA, secretName: caSecretName });
  return {
    name: "gitpod-preflight",
    server: subject.reach.server,
    script: PREFLIGHT_SCRIPT,
    environment: {
      GITPOD_SECRET: SECRET,
      GITPOD_CA: caSecretName === undefined ? "" : `${CA}/ca.crt`,
      GITPOD_DATABASES: subject.databases.join(" "),
      GITPOD_MYSQL: subject.mysql.join(" "),
      GITPOD_TRIES: "12",
      GITPOD_PAUSE: "5",
      // Not read by anybody: a changed secret makes Terraform run the job again.
      GITPOD_FINGERPRINT: subject.fingerprint,
    },
    // It has what Gitpod gets: the very same secrets.
    secrets: [],
    mounts,
    bringsAuthorities: true,
    everyApply: options.everyApply ?? false,
    dependsOn: subject.dependsOn,
  };
}

/**
 * The job that looks whether the database is as Gitpod needs it, in Gitpod's namespace and with Gitpod's own login.
 *
 * @param scope gets the children `Preflight` and `PreflightJobs`.
 * @internal
 */
export function preflight(
  scope: Construct,
  subject: PreflightSubject,
  options: GitpodPreflight,
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
