import type { CronJobV1 } from "@cdktf/provider-kubernetes/lib/cron-job-v1";
import type { ITerraformDependable, TerraformProvider } from "cdktf";
import type { Construct } from "constructs";
import { recoveryJob } from "./recovery-job";
import { WATCH_SCRIPT } from "./scripts/watch-script";
import { type StoreAccess, storeEnvironment } from "./store-access";

/** Options of `watchJob()`. @internal */
export interface WatchJobOptions {
  readonly jobName: string;
  readonly namespace: string;
  readonly labels: { readonly [name: string]: string };
  readonly podLabels?: { readonly [name: string]: string };
  readonly serviceAccountName: string;
  readonly timeZone: string;
  readonly rcloneImage: string;
  readonly nodeSelector?: { readonly [name: string]: string };
  readonly provider?: TerraformProvider;
  readonly dependsOn: ITerraformDependable[];
  readonly access: StoreAccess;
  readonly object: string;
  readonly subject: string;
  readonly maxAgeSeconds: number;
  readonly secretName?: string;
}

/** CronJob that fails when an object of the store describes a success that is too long ago. @internal */
export function watchJob(scope: Construct, options: WatchJobOptions): CronJobV1 {
  const { access, object, subject, maxAgeSeconds, ...job } = options;
  return recoveryJob(scope, "Watch", {
    ...job,
    schedule: "23 */6 * * *",
    deadlineSeconds: 600,
    files: { "job.sh": WATCH_SCRIPT },
    environment: {
      // Descriptions are not encrypted, so that the watch needs no key.
      ...storeEnvironment({ ...access, encryptionKey: undefined }),
      WATCH_OBJECT: object,
      WATCH_SUBJECT: subject,
      WATCH_SECONDS: String(Math.ceil(maxAgeSeconds)),
    },
    userId: 65_532,
    cpu: "50m",
    memoryMiB: 128,
  });
}
