// A program of lib/sql as a job in the cluster: for private servers, which the machine that applies cannot reach.

import { JobV1 } from "@cdktf/provider-kubernetes/lib/job-v1";
import type { ITerraformDependable, TerraformProvider } from "cdktf";
import type { Construct } from "constructs";
import { EngineFamily } from "../database";
import { escapeTemplate, shortHash } from "../database/private";
import type { SqlProgram, SqlProgramMount } from "../sql";
import { CaSecret } from "./ca-secret";
import { DatabaseSecret } from "./database-secret";
import { fingerprint } from "./fingerprint";
import { SecretEntry } from "./secret-entry";

/** Images with the client of each engine. psql 17 talks to every server from 13 on, mysql 8.4 to every one from 5.7 on. */
export const CLIENT_IMAGES: { readonly [family: string]: string } = {
  [EngineFamily.POSTGRES]: "docker.io/library/postgres:17.6-alpine3.22",
  [EngineFamily.MYSQL]: "docker.io/library/mysql:8.4.6",
};

/** Any id but root's does: the clients need no account. */
const USER_ID = "65532";

const SECRETS = "/run/secrets/database";
const CA = "/run/secrets/database-ca";

/** How a program becomes a job. */
export interface SqlJobOptions {
  /** The job's name, and the beginning of its secrets' names. */
  readonly jobName: string;
  /** The namespace, which has to exist. */
  readonly namespace: string;
  /** Images with a client, by engine family, in place of ours. */
  readonly clientImages?: { readonly [family: string]: string };
  /** How long it may take, in seconds. */
  readonly timeoutSeconds: number;
  /** Labels. */
  readonly labels: { readonly [name: string]: string };
  /** The Kubernetes provider. */
  readonly provider?: TerraformProvider;
  /** What has to exist first. */
  readonly dependsOn: ITerraformDependable[];
}

/** The job and its secrets. */
export interface SqlJob {
  /** The job. */
  readonly resource: JobV1;
  /** The passwords. */
  readonly secret?: DatabaseSecret;
}

/**
 * Makes the job, the secret with its passwords and, when the server has authorities of its own, the secret with those.
 *
 * @param scope gets the children `Secret`, `Ca` and `Resource`.
 * @param program the program.
 * @param options names and limits.
 */
export function sqlJob(scope: Construct, program: SqlProgram, options: SqlJobOptions): SqlJob {
  const { jobName, namespace, labels, provider, dependsOn } = options;
  const common = { namespace, labels, provider, dependsOn };
  const secret =
    program.secrets.length === 0
      ? undefined
      : new DatabaseSecret(scope, "Secret", {
          ...common,
          secretName: jobName,
          entries: program.secrets.map((s) => SecretEntry.secret(s.key, s.value)),
        });
  const pem = program.bringsAuthorities ? undefined : program.server.tls.caCertificatesPem;
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
    // Not read by anybody: a changed environment makes Terraform replace the job, so that it runs again.
    SQL_FINGERPRINT: fingerprint([secret?.fingerprint ?? "", ca?.fingerprint ?? ""]),
  };
  const mounts = program.mounts ?? [];
  const client =
    options.clientImages?.[program.server.engine.family] ?? CLIENT_IMAGES[program.server.engine.family] ?? "";
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
      // A server that is still starting, or a node that goes away, is no reason to give up at once.
      backoffLimit: 6,
      activeDeadlineSeconds: options.timeoutSeconds,
      // No ttlSecondsAfterFinished: a job that removes itself is one that Terraform makes again in each run.
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

function volumeOf(mount: SqlProgramMount): string {
  return `mount-${shortHash(mount.path)}`;
}
