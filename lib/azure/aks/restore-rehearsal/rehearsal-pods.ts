// The CronJobs of a rehearsal of flexible servers.

import { ConfigMapV1 } from "@cdktf/provider-kubernetes/lib/config-map-v1";
import { CronJobV1 } from "@cdktf/provider-kubernetes/lib/cron-job-v1";
import type { ITerraformDependable, TerraformProvider } from "cdktf";
import type { Construct } from "constructs";
import { escapeTemplate, shortHash } from "../../../database/private";

/** Folder of the programs. @internal */
export const SCRIPTS = "/etc/rehearsal";
/** Folder by which the containers speak with each other. @internal */
export const EXCHANGE = "/run/rehearsal";
const SECRETS = "/run/secrets/rehearsal";

/** A container of a rehearsal. @internal */
export interface RehearsalContainer {
  readonly name: string;
  readonly image: string;
  /** File of the ConfigMap that it runs. */
  readonly program: string;
  readonly environment: { readonly [variable: string]: string };
  readonly memoryMiB: number;
  /** Mounts the secrets of the checks. */
  readonly secretName?: string;
}

/** A CronJob. @internal */
export interface RehearsalPodOptions {
  readonly jobName: string;
  readonly namespace: string;
  readonly labels: { readonly [name: string]: string };
  readonly podLabels: { readonly [name: string]: string };
  readonly serviceAccountName: string;
  readonly schedule: string;
  readonly timeZone: string;
  readonly deadlineSeconds: number;
  readonly files: { readonly [name: string]: string };
  readonly containers: readonly RehearsalContainer[];
  readonly userId: number;
  readonly nodeSelector?: { readonly [name: string]: string };
  readonly provider?: TerraformProvider;
  readonly dependsOn: ITerraformDependable[];
}

/**
 * Creates the CronJob and the ConfigMap of its programs. The first container gets the identity, the others do not.
 *
 * @param id construct id of the CronJob; the ConfigMap's is `<id>Scripts`.
 * @internal
 */
export function rehearsalPod(scope: Construct, id: string, options: RehearsalPodOptions): CronJobV1 {
  const { jobName, namespace, labels, provider, containers } = options;
  const scripts = new ConfigMapV1(scope, `${id}Scripts`, {
    metadata: { name: `${jobName}-scripts`, namespace, labels },
    data: Object.fromEntries(
      Object.entries(options.files).map(([name, text]) => [name, escapeTemplate(text)]),
    ),
    provider,
    dependsOn: options.dependsOn,
  });
  const withoutIdentity = containers.slice(1).map(({ name }) => name);
  const user = String(options.userId);
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
          // A second pod would restore a second copy: the next run tries again.
          backoffLimit: 0,
          ttlSecondsAfterFinished: "604800",
          template: {
            metadata: {
              labels: { ...labels, ...options.podLabels },
              annotations: {
                "checksum/scripts": shortHash(JSON.stringify(options.files)),
                // learn.microsoft.com "Workload identity overview", pod annotations.
                ...(withoutIdentity.length > 0
                  ? { "azure.workload.identity/skip-containers": withoutIdentity.join(";") }
                  : {}),
              },
            },
            spec: {
              restartPolicy: "Never",
              serviceAccountName: options.serviceAccountName,
              // The identity's token is a projected volume, which the webhook adds.
              automountServiceAccountToken: false,
              enableServiceLinks: false,
              // Time to ask Azure for the deletion of the copy.
              terminationGracePeriodSeconds: 300,
              nodeSelector: options.nodeSelector,
              securityContext: {
                runAsNonRoot: true,
                runAsUser: user,
                runAsGroup: user,
                fsGroup: user,
                seccompProfile: { type: "RuntimeDefault" },
              },
              container: containers.map((container) => containerOf(container)),
              volume: [
                { name: "scripts", configMap: { name: `${jobName}-scripts` } },
                { name: "exchange", emptyDir: { medium: "Memory", sizeLimit: "16Mi" } },
                ...containers.map(({ name }) => ({
                  name: `tmp-${name}`,
                  emptyDir: { medium: "Memory", sizeLimit: "64Mi" },
                })),
                ...containers.flatMap(({ secretName }) =>
                  secretName ? [{ name: "secrets", secret: { secretName, defaultMode: "0440" } }] : [],
                ),
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

function containerOf(container: RehearsalContainer) {
  const { name, image, program, environment, memoryMiB, secretName } = container;
  const memory = `${memoryMiB}Mi`;
  const variables = {
    ...environment,
    REHEARSAL_EXCHANGE: EXCHANGE,
    JOB_SECRETS: secretName ? SECRETS : "",
    HOME: "/tmp",
    TMPDIR: "/tmp",
  };
  return {
    name,
    image,
    imagePullPolicy: "IfNotPresent",
    command: ["sh", `${SCRIPTS}/${program}`],
    env: Object.entries(variables).map(([variable, value]) => ({ name: variable, value })),
    securityContext: {
      runAsNonRoot: true,
      readOnlyRootFilesystem: true,
      allowPrivilegeEscalation: false,
      capabilities: { drop: ["ALL"] },
      seccompProfile: { type: "RuntimeDefault" },
    },
    resources: { requests: { cpu: "100m", memory }, limits: { memory } },
    volumeMount: [
      { name: "scripts", mountPath: SCRIPTS, readOnly: true },
      { name: "exchange", mountPath: EXCHANGE },
      { name: `tmp-${name}`, mountPath: "/tmp" },
      ...(secretName ? [{ name: "secrets", mountPath: SECRETS, readOnly: true }] : []),
    ],
  };
}
