// A program of lib/sql as a Job in the cluster, for private servers that the machine that runs Terraform cannot reach.

import { JobV1 } from "@cdktf/provider-kubernetes/lib/job-v1";
import type { ITerraformDependable, TerraformProvider } from "cdktf";
import type { Construct } from "constructs";
import { escapeTemplate, shortHash } from "../database/private";
import type { SqlProgram, SqlProgramMount } from "../sql";
import { CaSecret } from "./ca-secret";
import { CLIENT_IMAGES } from "./data/client-images";
import { DatabaseSecret } from "./database-secret";
import { fingerprint } from "./fingerprint";
import { SecretEntry } from "./secret-entry";

/** Non-root user id; the clients need no account. */
const USER_ID = "65532";

const SECRETS = "/run/secrets/database";
const CA = "/run/secrets/database-ca";

/** Options of `sqlJob()`. @internal */
export interface SqlJobOptions {
  /** Name of the Job and prefix of its Secrets' names. */
  readonly jobName: string;
  /** Namespace; must exist. */
  readonly namespace: string;
  /** Client images by engine family. @default - `CLIENT_IMAGES` */
  readonly clientImages?: { readonly [family: string]: string };
  /** Deadline of the Job in seconds. */
  readonly timeoutSeconds: number;
  /** Labels of the Job and its Secrets. */
  readonly labels: { readonly [name: string]: string };
  /** Kubernetes provider. @default - the stack's only Kubernetes provider */
  readonly provider?: TerraformProvider;
  /** Resources that the Job depends on. */
  readonly dependsOn: ITerraformDependable[];
}

/** Job and Secrets of a program. @internal */
export interface SqlJob {
  /** Resource of the Job. */
  readonly resource: JobV1;
  /** Secret with the passwords; not set for a program without secrets. */
  readonly secret?: DatabaseSecret;
}

/**
 * Creates the Job, the Secret with its passwords and, when the server has a private CA, the Secret with the CA certificates.
 *
 * @param scope parent of the children `Secret`, `Ca` and `Resource`.
 * @param program the program.
 * @param options names and limits.
 * @internal
 */
export function sqlJob(scope: Construct, program: SqlProgram, options: SqlJobOptions): SqlJob {
  const { jobName, namespace, labels, provider, dependsOn } = options;
  const common = { namespace, labels, provider, dependsOn };
  const client =
    options.clientImages?.[program.server.engine.family] ?? CLIENT_IMAGES[program.server.engine.family] ?? "";
  const secret =
    program.secrets.length === 0
      ? undefined
      : new DatabaseSecret(scope, "Secret", {
          ...common,
          secretName: jobName,
          entries: program.secrets.map(({ key, value }) =>
            // A password that is rotated elsewhere is written again together with each new Job: the copy of the first one is outdated.
            SecretEntry.secret(
              key,
              value,
              value.rotatedExternally ? programFingerprint(program, client) : undefined,
            ),
          ),
        });
  const pem = program.mountsCaCertificates ? undefined : program.server.tls.caCertificatesPem;
  const ca =
    pem === undefined
      ? undefined
      : new CaSecret(scope, "Ca", { ...common, secretName: `${jobName}-ca`, caCertificatesPem: pem });

  const environment: { [variable: string]: string } = {
    ...program.environment,
    SQL_SECRETS: SECRETS,
    SQL_CA: "",
    SQL_CA_FILE: ca ? `${CA}/${ca.key}` : "",
    HOME: "/tmp",
    // No program reads it: a changed environment makes Terraform replace the Job, which then runs again.
    SQL_FINGERPRINT: fingerprint([secret?.fingerprint ?? "", ca?.fingerprint ?? ""]),
  };
  const mounts = program.mounts ?? [];
  const container = (name: string, image: string, script: string, memoryMiB: number) => ({
    name,
    image,
    imagePullPolicy: "IfNotPresent",
    command: ["sh", "-c"],
    args: [escapeTemplate(script)],
    env: Object.entries(environment).map(([variable, value]) => ({ name: variable, value })),
    resources: {
      requests: { cpu: "50m", memory: `${Math.ceil(memoryMiB / 2)}Mi` },
      limits: { cpu: "500m", memory: `${memoryMiB}Mi` },
    },
    securityContext: {
      runAsNonRoot: true,
      readOnlyRootFilesystem: true,
      allowPrivilegeEscalation: false,
      capabilities: { drop: ["ALL"] },
      seccompProfile: { type: "RuntimeDefault" },
    },
    volumeMount: [
      ...(secret ? [{ name: "secrets", mountPath: SECRETS, readOnly: true }] : []),
      ...(ca ? [{ name: "ca", mountPath: CA, readOnly: true }] : []),
      { name: "tmp", mountPath: "/tmp" },
      ...mounts.map((mount) => ({ name: volumeOf(mount), mountPath: mount.path, readOnly: true })),
    ],
  });
  const timeout = `${options.timeoutSeconds + 60}s`;
  const resource = new JobV1(scope, "Resource", {
    metadata: { name: jobName, namespace, labels },
    spec: {
      // Retries while a server is starting or after a node is drained.
      backoffLimit: 6,
      activeDeadlineSeconds: options.timeoutSeconds,
      // No ttlSecondsAfterFinished: Terraform would recreate a Job that removes itself in every run.
      template: {
        metadata: { labels },
        spec: {
          restartPolicy: "Never",
          automountServiceAccountToken: false,
          enableServiceLinks: false,
          securityContext: {
            runAsNonRoot: true,
            runAsUser: USER_ID,
            runAsGroup: USER_ID,
            fsGroup: USER_ID,
            seccompProfile: { type: "RuntimeDefault" },
          },
          initContainer: program.before ? [container("before", client, program.before, 128)] : undefined,
          container: [container("sql", program.image ?? client, program.script, program.memoryMiB ?? 128)],
          volume: [
            ...(secret
              ? [{ name: "secrets", secret: { secretName: secret.secretName, defaultMode: "0440" } }]
              : []),
            ...(ca ? [{ name: "ca", secret: { secretName: ca.secretName, defaultMode: "0444" } }] : []),
            { name: "tmp", emptyDir: { medium: "Memory", sizeLimit: "16Mi" } },
            ...mounts.map((mount) => ({
              name: volumeOf(mount),
              ...(mount.secretName ? { secret: { secretName: mount.secretName, defaultMode: "0440" } } : {}),
              ...(mount.configMapName ? { configMap: { name: mount.configMapName } } : {}),
            })),
          ],
        },
      },
    },
    waitForCompletion: true,
    timeouts: { create: timeout, update: timeout },
    provider,
    dependsOn: [
      ...program.dependsOn,
      ...(secret?.dependables ?? []),
      ...(ca?.dependables ?? []),
      ...dependsOn,
    ],
  });
  return { resource, secret };
}

/** Changes with everything that makes Terraform run the Job again, except its secrets. */
function programFingerprint(program: SqlProgram, client: string): string {
  const { script, environment, before = "", image = client, memoryMiB = 0, mounts = [] } = program;
  const { caCertificatesPem = "" } = program.server.tls;
  const paths = mounts.map(({ path, secretName = "", configMapName = "" }) => [
    path,
    secretName,
    configMapName,
  ]);
  return fingerprint([
    script,
    Object.entries(environment),
    before,
    image,
    memoryMiB,
    paths,
    caCertificatesPem,
  ]);
}

function volumeOf(mount: SqlProgramMount): string {
  return `mount-${shortHash(mount.path)}`;
}
