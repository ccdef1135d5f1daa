// The CronJobs of backups, rehearsals and their watches: one program each, with rclone from its image beside the database's clients.

import { ConfigMapV1 } from "@cdktf/provider-kubernetes/lib/config-map-v1";
import { CronJobV1 } from "@cdktf/provider-kubernetes/lib/cron-job-v1";
import type { ITerraformDependable, TerraformProvider } from "cdktf";
import type { Construct } from "constructs";
import { escapeTemplate, shortHash } from "../../database/private";

const TOOLS = "/opt/rclone";
const SCRIPTS = "/etc/recovery";
const SECRETS = "/run/secrets/recovery";
const CA = "/run/secrets/recovery-ca";

/** Folder of the scratch server's data. @internal */
export const WORK_FOLDER = "/var/lib/rehearsal";

/** Volume for the data of a scratch server. @internal */
export interface WorkVolume {
  readonly sizeGiB: number;
  readonly storageClassName?: string;
}

/** A CronJob. @internal */
export interface RecoveryJobOptions {
  readonly jobName: string;
  readonly namespace: string;
  readonly labels: { readonly [name: string]: string };
  readonly podLabels?: { readonly [name: string]: string };
  readonly serviceAccountName: string;
  readonly schedule: string;
  readonly timeZone: string;
  readonly deadlineSeconds: number;
  /** Files of the ConfigMap: `job.sh`, and further ones that the program reads. */
  readonly files: { readonly [name: string]: string };
  readonly environment: { readonly [variable: string]: string };
  /** Image of the program; not set for a program that needs rclone only. */
  readonly image?: string;
  readonly rcloneImage: string;
  readonly userId: number;
  readonly cpu: string;
  readonly memoryMiB: number;
  readonly secretName?: string;
  readonly caSecretName?: string;
  readonly workVolume?: WorkVolume;
  readonly nodeSelector?: { readonly [name: string]: string };
  readonly provider?: TerraformProvider;
  readonly dependsOn: ITerraformDependable[];
}

/** CA file of the database in the pod: the server's, or the public ones of rclone's image. @internal */
export function caFile(hasCaSecret: boolean): string {
  return hasCaSecret ? `${CA}/ca.crt` : `${TOOLS}/ca-certificates.crt`;
}

/**
 * Creates the CronJob and the ConfigMap of its program.
 *
 * @param scope parent of the children `<id>Scripts` and `<id>`.
 * @param id construct id of the CronJob.
 * @param options names, program and limits.
 * @internal
 */
export function recoveryJob(scope: Construct, id: string, options: RecoveryJobOptions): CronJobV1 {
  const { jobName, namespace, labels, provider, image, secretName, caSecretName, workVolume } = options;
  const scripts = new ConfigMapV1(scope, `${id}Scripts`, {
    metadata: { name: `${jobName}-scripts`, namespace, labels },
    data: Object.fromEntries(
      Object.entries(options.files).map(([name, text]) => [name, escapeTemplate(text)]),
    ),
    provider,
    dependsOn: options.dependsOn,
  });
  const environment = {
    ...options.environment,
    JOB_SECRETS: secretName ? SECRETS : "",
    // rclone is written in Go, which reads this variable.
    SSL_CERT_FILE: image ? `${TOOLS}/ca-certificates.crt` : "/etc/ssl/certs/ca-certificates.crt",
    HOME: "/tmp",
    TMPDIR: "/tmp",
  };
  const path = "/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin";
  const common = {
    imagePullPolicy: "IfNotPresent",
    securityContext: {
      runAsNonRoot: true,
      readOnlyRootFilesystem: true,
      allowPrivilegeEscalation: false,
      capabilities: { drop: ["ALL"] },
      seccompProfile: { type: "RuntimeDefault" },
    },
  };
  const memory = `${options.memoryMiB}Mi`;
  return new CronJobV1(scope, id, {
    metadata: { name: jobName, namespace, labels },
    spec: {
      schedule: options.schedule,
      timezone: options.timeZone,
      concurrencyPolicy: "Forbid",
      // Without a deadline, 100 missed runs stop a CronJob for good (kubernetes.io, "CronJob limitations").
      startingDeadlineSeconds: 3600,
      successfulJobsHistoryLimit: 3,
      failedJobsHistoryLimit: 3,
      jobTemplate: {
        metadata: { labels },
        spec: {
          activeDeadlineSeconds: options.deadlineSeconds,
          backoffLimit: 1,
          // Pods and their volumes go after a week, whatever became of them.
          ttlSecondsAfterFinished: "604800",
          template: {
            metadata: {
              labels: { ...labels, ...options.podLabels },
              annotations: { "checksum/scripts": shortHash(JSON.stringify(options.files)) },
            },
            spec: {
              restartPolicy: "Never",
              serviceAccountName: options.serviceAccountName,
              // Identities of clouds come by a projected volume or the metadata server.
              automountServiceAccountToken: false,
              enableServiceLinks: false,
              terminationGracePeriodSeconds: 60,
              nodeSelector: options.nodeSelector,
              securityContext: {
                runAsNonRoot: true,
                runAsUser: String(options.userId),
                runAsGroup: String(options.userId),
                fsGroup: String(options.userId),
                seccompProfile: { type: "RuntimeDefault" },
              },
              initContainer: image
                ? [
                    {
                      ...common,
                      name: "rclone",
                      image: options.rcloneImage,
                      command: ["cp", "/usr/local/bin/rclone", "/etc/ssl/certs/ca-certificates.crt", TOOLS],
                      resources: {
                        requests: { cpu: "50m", memory: "64Mi" },
                        limits: { cpu: "500m", memory: "128Mi" },
                      },
                      volumeMount: [{ name: "tools", mountPath: TOOLS }],
                    },
                  ]
                : undefined,
              container: [
                {
                  ...common,
                  name: "job",
                  image: image ?? options.rcloneImage,
                  command: ["sh", `${SCRIPTS}/job.sh`],
                  env: Object.entries({ ...environment, PATH: image ? `${TOOLS}:${path}` : path }).map(
                    ([name, value]) => ({ name, value }),
                  ),
                  resources: { requests: { cpu: options.cpu, memory }, limits: { memory } },
                  volumeMount: [
                    { name: "scripts", mountPath: SCRIPTS, readOnly: true },
                    { name: "tmp", mountPath: "/tmp" },
                    ...(image ? [{ name: "tools", mountPath: TOOLS, readOnly: true }] : []),
                    ...(secretName ? [{ name: "secrets", mountPath: SECRETS, readOnly: true }] : []),
                    ...(caSecretName ? [{ name: "ca", mountPath: CA, readOnly: true }] : []),
                    ...(workVolume ? [{ name: "work", mountPath: WORK_FOLDER }] : []),
                  ],
                },
              ],
              volume: [
                { name: "scripts", configMap: { name: `${jobName}-scripts` } },
                { name: "tmp", emptyDir: { medium: "Memory", sizeLimit: "64Mi" } },
                ...(image ? [{ name: "tools", emptyDir: { sizeLimit: "256Mi" } }] : []),
                ...(secretName ? [{ name: "secrets", secret: { secretName, defaultMode: "0440" } }] : []),
                ...(caSecretName
                  ? [{ name: "ca", secret: { secretName: caSecretName, defaultMode: "0444" } }]
                  : []),
                ...(workVolume ? [workVolumeOf(workVolume)] : []),
              ],
            },
          },
        },
      },
    },
    provider,
    dependsOn: [...options.dependsOn, scripts],
  });
}

// A generic ephemeral volume: its claim belongs to the pod and is deleted with it.
function workVolumeOf({ sizeGiB, storageClassName }: WorkVolume) {
  return {
    name: "work",
    ephemeral: {
      volumeClaimTemplate: {
        spec: {
          accessModes: ["ReadWriteOnce"],
          storageClassName,
          resources: { requests: { storage: `${sizeGiB}Gi` } },
        },
      },
    },
  };
}
